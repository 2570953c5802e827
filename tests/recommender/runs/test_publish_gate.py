"""Champion and challenger: what a refit learns of itself on held-out playlists, and what follows."""

from io import StringIO

import numpy as np
import pytest
from django.core.management import call_command
from django.urls import reverse

from recommender.evaluation.verdict import challenge_text, harness_table, kept_back_text
from recommender.models import ClusteringRun
from recommender.runs import publish_gate
from recommender.runs.publish_gate import STABLE_FROM, compared, judge_stability
from recommender.runs.refitting import RefitParameters, activate, perform_refit, start_refit
from recommender.snapshots.store import open_snapshot, prune_snapshots
from tests.factories import make_track
from tests.recommender.evaluation.toy_playlists import lists_of_tastes, store, tastes
from tracks.jobs.work import Status

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

WIDE, NARROW = 2, 30


@pytest.fixture(autouse=True)
def gate(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Playlists alone judge, except in the tests of stability."""
    if "unstable" not in request.node.name:
        monkeypatch.setattr(publish_gate, "STABLE_FROM", -1.0)


def refit(n_clusters: int) -> ClusteringRun:
    run, _created = start_refit(RefitParameters(n_clusters))
    perform_refit(run)
    run.refresh_from_db()
    return run


@pytest.fixture
def champion() -> ClusteringRun:
    """The first run of a catalogue with playlists; its walls are wide."""
    store(lists_of_tastes(tastes()))
    return refit(WIDE)


def test_the_first_run_is_judged_and_becomes_active_without_a_comparison(champion):
    assert champion.is_active
    assert champion.scores["challenge"] == {"skipped": "first"}
    table = harness_table(champion)
    assert "from held-out playlists" in table.about
    methods = [row[0] for row in table.rows]
    assert "audio only" in methods
    assert "balanced, with listeners, cluster, at most 5 of an artist" in methods


def test_a_worse_challenger_is_kept_but_not_made_active_and_says_so(champion):
    challenger = refit(NARROW)

    assert (challenger.status, challenger.is_active) == (Status.DONE, False)
    assert ClusteringRun.objects.active() == champion
    challenge = challenger.scores["challenge"]
    assert challenge["against"] == champion.pk
    assert challenge["challenger"] < challenge["champion"]
    assert challenge["difference"]["high"] < 0
    assert f"those of run {champion.pk}" in kept_back_text(challenger)
    assert open_snapshot(challenger.pk).n_clusters == NARROW
    assert challenger.assignments.count() == challenger.n_tracks


def test_what_was_kept_back_can_be_made_active_all_the_same(champion):
    challenger = refit(NARROW)
    activate(challenger)

    assert ClusteringRun.objects.active() == challenger


def test_an_equal_challenger_becomes_active(champion):
    again = refit(WIDE)

    assert again.is_active
    assert again.scores["challenge"]["difference"] == {"mean": 0, "low": 0, "high": 0}
    assert kept_back_text(again) == ""
    assert f"Compared to run {champion.pk}" in challenge_text(again)


def test_a_better_challenger_becomes_active_again_after_a_worse_champion(champion):
    activate(refit(NARROW))
    assert refit(WIDE).is_active


def test_a_run_that_does_not_know_new_tracks_is_compared_all_the_same(champion):
    new = [make_track(title=f"New {n}", artists=(f"Newcomer {n}",)) for n in range(20)]
    store_more([[track.pk for track in new[n : n + 8]] for n in range(12)])
    grown = refit(WIDE)

    assert grown.n_tracks == champion.n_tracks + 20
    assert grown.is_active
    assert "difference" in grown.scores["challenge"]


def store_more(lists: list[list[int]]) -> None:
    from tracks.models import Playlist, PlaylistEntry

    for number, pks in enumerate(lists):
        playlist = Playlist.objects.create(name=f"More {number}", source="more", source_id=str(number))
        PlaylistEntry.objects.bulk_create(
            PlaylistEntry(playlist=playlist, track_id=pk, position=place) for place, pk in enumerate(pks)
        )


def test_without_playlists_nothing_is_judged_and_the_reason_is_told():
    tastes(60)
    refit(WIDE)
    run = refit(NARROW)

    assert run.is_active
    assert "Import playlists" in harness_table(run).skipped


def test_long_playlists_among_many_short_ones_are_the_ones_asked_about():
    groups = tastes()
    store(lists_of_tastes(groups, n_playlists=30))
    store_more([[track.pk for track in groups[n % 4][n % 50 : n % 50 + 2]] for n in range(300)])
    run = refit(WIDE)

    assert run.scores["harness"]["playlists"] == 330
    assert run.scores["harness"]["questions"] == 20


def test_a_champion_without_files_is_not_compared(champion):
    prune_snapshots(keep=set())
    run = refit(NARROW)

    assert run.is_active
    assert run.scores["challenge"] == {"skipped": "files", "against": champion.pk}
    assert "could not be read" in challenge_text(run)


def test_the_command_says_that_a_run_was_kept_back(champion):
    out = StringIO()
    call_command("refit_clusters", "--n-clusters", str(NARROW), "--verbosity", "0", stdout=out)

    assert "is kept: 300 tracks" in out.getvalue()
    assert "not made active" in out.getvalue()


def test_the_admin_sees_the_table_and_why_a_run_was_kept_back(champion, admin_client):
    challenger = refit(NARROW)
    page = admin_client.get(reverse("admin:recommender_clusteringrun_change", args=[challenger.pk]))
    runs = admin_client.get(reverse("admin:recommender_clusteringrun_changelist"))

    text = page.content.decode()
    assert "On held-out playlists" in text
    assert "nDCG@50" in text
    assert "It can be made active all the same." in text
    assert "kept back" in runs.content.decode()


def test_an_unstable_first_run_is_published_and_says_so(admin_client):
    tastes(60)
    run = refit(NARROW)

    assert run.scores["stability"] < STABLE_FROM
    assert run.is_active
    assert kept_back_text(run) == ""
    page = admin_client.get(reverse("admin:recommender_clusteringrun_change", args=[run.pk]))
    assert "made active because no other run could answer" in page.content.decode()


def test_an_unstable_run_is_published_by_an_admin_only(admin_client):
    tastes(60)
    stable = refit(WIDE)
    run = refit(NARROW)

    assert (run.status, ClusteringRun.objects.active()) == (Status.DONE, stable)
    assert "other samples of the tracks give other clusters (stability 0." in kept_back_text(run)
    page = admin_client.get(reverse("admin:recommender_clusteringrun_change", args=[run.pk]))
    assert "It can be made active all the same." in page.content.decode()
    admin_client.post(reverse("admin:recommender_clusteringrun_activate", args=[run.pk]))
    assert ClusteringRun.objects.active() == run


def test_an_unstable_run_is_published_when_the_active_one_cannot_answer():
    tastes(60)
    refit(WIDE)
    prune_snapshots(keep=set())

    assert refit(NARROW).is_active


@pytest.mark.parametrize("stability", [None, STABLE_FROM, 1.0])
def test_what_is_not_unstable_passes(stability):
    assert judge_stability(stability, ClusteringRun()) == {"unstable": False}


def test_worse_means_that_all_of_the_interval_is_below_nothing():
    rng = np.random.default_rng(0)
    champion = rng.uniform(0, 0.2, 100)

    assert compared(champion - 0.02, champion, 7)["worse"]
    assert not compared(champion + rng.normal(0, 0.1, 100), champion, 7)["worse"]
    assert not compared(champion + 0.02, champion, 7)["worse"]
    assert not compared(champion, champion, 7)["worse"]
