"""Refits of both levels: what they store, how they follow the run before, and odd catalogues."""

import numpy as np
import pytest

from recommender.algorithms.clustering import subclusters
from recommender.models import ClusteringRun
from recommender.runs import publish_gate
from recommender.runs.refitting import RefitParameters, activate, perform_refit, start_refit
from recommender.snapshots.store import active_snapshot
from tests.factories import FEATURES, make_catalogue, make_track
from tracks.models import Artist, Track

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small catalogues are split, and published however unstable they are."""
    monkeypatch.setattr(publish_gate, "STABLE_FROM", -1.0)
    monkeypatch.setattr(subclusters, "TRACKS_PER_SUBCLUSTER", 40)
    monkeypatch.setattr(subclusters, "MIN_TRACKS_TO_SPLIT", 40)
    monkeypatch.setattr(subclusters, "MIN_SUBCLUSTER_TRACKS", 5)


def refit(n_clusters: int | None = 2) -> ClusteringRun:
    run, _created = start_refit(RefitParameters(n_clusters))
    perform_refit(run)
    return run


def names_of(run: ClusteringRun) -> dict[tuple[int, int], str]:
    """Every name by the numbers of cluster and sub-cluster, 0 for the cluster itself."""
    return {
        (each.parent.number, each.number) if each.parent else (each.number, 0): each.name
        for each in run.clusters.select_related("parent")
    }


def homes_of(run: ClusteringRun) -> dict[int, tuple[int, int | None]]:
    """Of every track the numbers of its cluster and sub-cluster."""
    rows = run.assignments.values_list("track_id", "cluster__number", "subcluster__number")
    return {track: (cluster, part) for track, cluster, part in rows}


def test_both_levels_are_stored_with_the_tracks_and_in_the_files():
    make_catalogue(240)
    run = refit()
    parts = run.clusters.exclude(parent=None)
    assert parts.count() == run.fitted["n_subclusters"] >= 4
    assert len(set(names_of(run).values())) == run.clusters.count()
    snapshot = active_snapshot()
    for track, (cluster, part) in homes_of(run).items():
        found = snapshot.clusters_by_subcluster[snapshot.subcluster_of_row(snapshot.row_of(track))]
        assert (found.number, found.subcluster.number) == (cluster, part)
    for each in parts.select_related("parent"):
        assert each.size == run.assignments.filter(subcluster=each).count()
        assert each.get_absolute_url() == f"/clusters/{each.parent.number}/{each.number}/"


def test_the_same_refit_again_keeps_both_levels_as_they_are():
    make_catalogue(240)
    first = refit()
    second = refit()
    assert homes_of(second) == homes_of(first)
    assert names_of(second) == names_of(first)


def test_numbers_and_names_of_sub_clusters_follow_the_members():
    tracks = make_catalogue(240)
    first = refit()
    Track.objects.filter(pk__in=[track.pk for track in tracks[:2]]).delete()
    make_track(title="New", **FEATURES)
    second = refit()
    before, after = homes_of(first), homes_of(second)
    stayed = [before[track] == after[track] for track in before.keys() & after.keys()]
    assert np.mean(stayed) > 0.9
    activate(first)
    assert names_of(ClusteringRun.objects.active()) == names_of(first)


@pytest.mark.parametrize("n_tracks", [1, 2, 10, 300])
def test_small_catalogues_make_sense_on_every_page(client, n_tracks):
    make_catalogue(n_tracks)
    check_pages(client, refit(None))


def test_tracks_all_alike_make_one_cluster(client):
    for number in range(60):
        make_track(title=f"Title {number}", artists=(f"Artist {number}",), **FEATURES)
    run = refit(None)
    assert run.clusters.count() == 1
    check_pages(client, run)


@pytest.mark.parametrize(
    ("genres", "artist"),
    [
        ([()], None),
        ([("pop",)], None),
        ([("pop",), ("rock",)], "Only One"),
        ([("a label that is a whole sentence about music",), ("<b>bold</b> & 'quoted'",)], None),
        ([("日本のポップ",), ("شعبي",), ("поп",)], None),
        ([(f"genre {number}",) for number in range(150)], None),
    ],
    ids=["no genres", "one genre", "one artist", "sentences and markup", "other scripts", "a genre each"],
)
def test_odd_genres_and_artists_make_no_odd_page(client, genres, artist):
    rng = np.random.default_rng(0)
    for number in range(150):
        sound = {name: float(rng.uniform(0.05, 0.95)) for name in FEATURES}
        sound |= {"loudness": float(rng.uniform(-30, -2)), "tempo": float(rng.uniform(60, 190))}
        artists = (artist or f"Artist {number // 3}",)
        make_track(title=f"T{number}", artists=artists, genres=genres[number % len(genres)], **sound)
    check_pages(client, refit(None))


def check_pages(client, run: ClusteringRun) -> None:
    """Every name says something, and every page of the run answers."""
    names = list(names_of(run).values())
    assert len(set(names)) == len(names)
    assert all(name.strip() and "  " not in name and "None" not in name for name in names)
    assert client.get("/clusters/").status_code == 200
    for cluster in run.clusters.all():
        page = client.get(cluster.get_absolute_url())
        assert page.status_code == 200
        assert b"<b>bold</b>" not in page.content
    for track in Track.objects.order_by("pk")[:3]:
        assert client.get(f"/tracks/{track.spotify_id}/").status_code == 200
    assert Artist.objects.exists()
