"""The whole refit in this process: what it publishes, keeps and refuses."""

import numpy as np
import pytest
from django.utils import timezone

from recommender.choices import Phase
from recommender.models import Assignment, Cluster, ClusteringRun
from recommender.runs import pipeline
from recommender.runs.choice_words import choice_in_words
from recommender.runs.publishing import CatalogueChanged
from recommender.runs.refitting import (
    CannotActivate,
    InvalidParameters,
    RefitParameters,
    activate,
    in_flight_text,
    perform_refit,
    request_refit,
    run_queued_refit,
    start_refit,
)
from recommender.snapshots.store import active_snapshot, open_snapshot, prune_snapshots, snapshot_folder
from tests.factories import make_track
from tests.recommender.runs.refits import any_stability, catalogue, refit
from tracks.audio_features import CONTINUOUS_FEATURES
from tracks.jobs.work import Status
from tracks.models import Track

__all__ = ["any_stability", "catalogue"]  # fixtures
pytestmark = pytest.mark.django_db(transaction=True)


def test_a_refit_publishes_clusters_assignments_and_files_together(catalogue):
    run = refit()
    assert (run.status, run.is_active, run.n_tracks) == (Status.DONE, True, 120)
    assert ClusteringRun.objects.active() == run
    assert sum(run.clusters.values_list("size", flat=True)) == run.assignments.count() == 120
    snapshot = active_snapshot()
    assert snapshot.run_id == run.pk
    assert sorted(snapshot.arrays.track_ids.tolist()) == [track.pk for track in catalogue]


def test_a_run_is_never_active_before_its_files_can_be_read(catalogue, monkeypatch):
    readable: list[int] = []
    finish = ClusteringRun.finish

    def finish_with_files(run: ClusteringRun, **fields: object) -> None:
        readable.append(open_snapshot(run.pk).run_id)
        finish(run, **fields)

    monkeypatch.setattr(ClusteringRun, "finish", finish_with_files)

    run = refit()

    assert readable == [run.pk]


def test_rows_and_files_tell_the_same(catalogue):
    run = refit()
    snapshot = open_snapshot(run.pk)
    for assignment in Assignment.objects.filter(run=run).select_related("cluster"):
        row = snapshot.row_of(assignment.track_id)
        label = snapshot.label_of_row(row)
        assert label == assignment.cluster.label
        to_centroid = np.linalg.norm(snapshot.arrays.places[row] - snapshot.arrays.centroids[label])
        assert assignment.distance == pytest.approx(float(to_centroid), abs=1e-5)


def test_the_files_hold_each_tracks_own_facts(catalogue):
    snapshot = open_snapshot(refit().pk)
    arrays = snapshot.arrays
    for track in Track.objects.all():
        row = snapshot.row_of(track.pk)
        genres = arrays.genre_indices[arrays.genre_indptr[row] : arrays.genre_indptr[row + 1]]
        features = [getattr(track, name) for name in CONTINUOUS_FEATURES]
        assert {snapshot.meta.genres[index] for index in genres} == set(track.genre_names)
        assert arrays.recordings[row] == track.recording_id
        assert arrays.popularity[row] == track.popularity
        assert arrays.X[row] == pytest.approx(snapshot.newcomers.scale(features), abs=1e-5)


def test_a_cluster_is_described_in_its_own_units(catalogue):
    run = refit()
    for cluster in run.clusters.all():
        members = Track.objects.filter(assignments__cluster=cluster)
        tempos = members.values_list("tempo", flat=True)
        assert cluster.centroid["tempo"] == pytest.approx(sum(tempos) / len(tempos), abs=1e-2)
        assert set(cluster.examples) <= set(members.values_list("pk", flat=True))
        assert cluster.genres[0]["lift"] == max(genre["lift"] for genre in cluster.genres)
        assert cluster.points


def test_scores_and_facts_are_kept_with_the_run(catalogue):
    run = refit()
    assert set(run.scores) == {
        "silhouette",
        "davies_bouldin",
        "calinski_harabasz",
        "inertia",
        "sizes",
        "genre_agreement",
        "stability",
        "harness",
        "challenge",
        "gate",
    }
    assert 0.2 < run.scores["silhouette"] < 1
    assert run.scores["sizes"] == sorted(run.scores["sizes"], reverse=True)
    assert choice_in_words(run) == "Asked for."
    assert len(run.fitted["axes"]) == 2
    assert 0 < sum(axis["explained"] for axis in run.fitted["axes"]) <= 1


def test_n_clusters_is_chosen_with_the_reason_and_the_candidates_kept(catalogue):
    run = refit(n_clusters=None)
    assert run.fitted["n_clusters"] == 6  # the catalogue was drawn around six genres
    assert "6 separates best" in choice_in_words(run)
    numbers = [candidate["n_clusters"] for candidate in run.fitted["candidates"]]
    assert numbers == sorted(numbers) and 6 in numbers


def test_the_same_seed_and_catalogue_give_the_same_run(catalogue):
    first, second = refit(random_state=3), refit(random_state=3)
    assert first.scores == second.scores
    facts = [
        list(run.clusters.values("number", "name", "size", "examples", "points")) for run in (first, second)
    ]
    assert facts[0] == facts[1]


def test_names_are_unique_in_the_run(catalogue):
    names = list(refit(n_clusters=30).clusters.values_list("name", flat=True))
    assert len(set(names)) == 30


def test_an_empty_catalogue_says_to_import_first():
    run, _ = start_refit()
    with pytest.raises(pipeline.NothingToCluster):
        perform_refit(run)
    assert run.status == Status.FAILED
    assert "Import tracks first" in run.error


@pytest.mark.parametrize(("n_tracks", "expected"), [(1, 1), (2, 2), (5, 4), (9, 4)])
@pytest.mark.parametrize("asked", [4, None])
def test_a_handful_of_tracks_is_clustered_too(n_tracks, expected, asked):
    for number in range(n_tracks):
        make_track(energy=number / 10, tempo=90.0 + number, title=f"T{number}")
    run = refit(n_clusters=asked)
    assert run.status == Status.DONE
    assert run.n_tracks == n_tracks
    if asked:
        assert run.fitted["n_clusters"] == expected


def test_tracks_that_all_sound_the_same_are_one_cluster():
    for number in range(6):
        make_track(title=f"T{number}")
    run = refit(n_clusters=3)
    assert run.fitted["n_clusters"] == 1
    assert "3 were asked for" in choice_in_words(run)
    assert run.scores["silhouette"] is None


def test_tracks_deleted_meanwhile_fail_the_run_cleanly_and_the_old_one_answers(catalogue, monkeypatch):
    before = refit()
    real = pipeline.describe

    def describe_and_lose_tracks(*arguments, **options):
        description = real(*arguments, **options)
        Track.objects.filter(pk=catalogue[3].pk).delete()
        return description

    monkeypatch.setattr(pipeline, "describe", describe_and_lose_tracks)
    run, _ = start_refit(RefitParameters(4))
    with pytest.raises(CatalogueChanged):
        perform_refit(run)
    assert run.status == Status.FAILED
    assert "deleted" in run.error
    assert active_snapshot().run_id == before.pk
    assert not Cluster.objects.filter(run=run).exists()
    assert not snapshot_folder(run.pk).exists()


def test_a_run_given_up_while_it_worked_publishes_nothing(catalogue, monkeypatch):
    before = refit()
    real = pipeline.publish

    def publish_too_late(run, *arguments, **options):
        ClusteringRun.objects.filter(pk=run.pk).update(status=Status.FAILED, error="given up")
        real(run, *arguments, **options)

    monkeypatch.setattr(pipeline, "publish", publish_too_late)
    run, _ = start_refit(RefitParameters(4))
    with pytest.raises(Exception, match="nothing was published"):
        perform_refit(run)
    run.refresh_from_db()
    assert (run.status, run.error) == (Status.FAILED, "given up")
    assert ClusteringRun.objects.active() == before
    assert not Assignment.objects.filter(run=run).exists()


def test_a_second_request_answers_with_the_run_in_flight(catalogue):
    run, created = request_refit(RefitParameters(5))
    again, created_again = request_refit(RefitParameters(9))
    assert (created, created_again) == (True, False)
    assert again == run
    assert "already queued" in in_flight_text(run)
    run.started_at = timezone.now()
    assert "already running, started at" in in_flight_text(run)


def test_a_queued_refit_is_performed_once(catalogue):
    run, _ = request_refit(RefitParameters(3))
    performed = run_queued_refit()
    assert performed == run
    assert performed.fitted["n_clusters"] == 3
    assert run_queued_refit() is None


def test_progress_passes_every_phase_in_order_and_never_goes_back(catalogue):
    heard = []
    run, _ = start_refit()
    perform_refit(run, lambda phase, percent: heard.append((phase, percent)))
    assert list(dict.fromkeys(phase for phase, _ in heard)) == list(Phase.values)
    percents = [percent for _, percent in heard]
    assert percents == sorted(percents)


def test_an_older_run_can_be_made_active_again(catalogue):
    older, newer = refit(3), refit(5)
    activate(older)
    assert active_snapshot().run_id == older.pk
    assert list(ClusteringRun.objects.filter(is_active=True)) == [older]
    newer.refresh_from_db()
    assert newer.status == Status.DONE


def test_a_run_whose_files_are_gone_or_that_never_ended_cannot_be_activated(catalogue):
    older, newer = refit(3), refit(5)
    prune_snapshots(keep={newer.pk})
    with pytest.raises(CannotActivate, match="no longer kept"):
        activate(older)
    failed = ClusteringRun.objects.create(status=Status.FAILED)
    with pytest.raises(CannotActivate, match="never published"):
        activate(failed)
    assert ClusteringRun.objects.active() == newer


def test_only_the_last_runs_keep_their_files(catalogue, settings):
    settings.RUNS_KEPT = 2
    runs = [refit(3) for _ in range(4)]
    kept = [run for run in runs if snapshot_folder(run.pk).exists()]
    assert kept == runs[-2:]
    assert [run for run in runs if run.assignments.exists()] == kept


@pytest.mark.parametrize(
    "parameters",
    [{"n_clusters": 1}, {"n_clusters": 257}, {"n_clusters": "8"}, {"n_clusters": True}, {"n_clusters": 2.5},
     {"random_state": -1}, {"random_state": 2**32}, {"random_state": None}],
)  # fmt: skip
def test_parameters_out_of_range_are_refused_with_the_range(parameters):
    with pytest.raises(InvalidParameters, match=r"must be a whole number from \d+ to \d+"):
        RefitParameters(**parameters)
