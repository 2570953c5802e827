"""Catalogues and published runs for tests: small, real, and the same for the same arguments."""

from collections.abc import Sequence
from itertools import count
from typing import TYPE_CHECKING, Any

import numpy as np
from django.utils import timezone

from recommender.choices import FeatureSpace
from recommender.models import Assignment, Cluster, ClusteringRun
from tracks.audio_features import CONTINUOUS_FEATURES
from tracks.importing.recordings import recording_key
from tracks.jobs.work import Status
from tracks.models import Artist, Credit, Genre, Track
from tracks.playlists.arrays import NO_OWNER, PlaylistArrays

GENRES = (
    "acoustic",
    "ambient",
    "black-metal",
    "classical",
    "hip-hop",
    "jazz",
    "pop",
    "techno",
    "k-pop",
    "tango",
)
SHARED = {"key": 5, "mode": 1, "time_signature": 4}
FEATURES = {
    "danceability": 0.6,
    "energy": 0.6,
    "loudness": -7.5,
    "speechiness": 0.05,
    "acousticness": 0.3,
    "instrumentalness": 0.0,
    "liveness": 0.12,
    "valence": 0.5,
    "tempo": 120.0,
}
_numbers = count(1)

if TYPE_CHECKING:
    from recommender.algorithms.clustering.fitting import Clustering
    from recommender.algorithms.clustering.subclusters import Subclustering


def make_track(
    spotify_id: str | None = None,
    title: str = "A Title",
    artists: Sequence[str] = ("An Artist",),
    genres: Sequence[str] = ("pop",),
    recording: Track | None = None,
    **fields: Any,
) -> Track:
    """One stored track with its artists and genres; its own recording unless another track's is given."""
    track = _track(spotify_id, title, artists, genres, **fields)
    _store([track], {0: recording} if recording else {})
    return track


def make_catalogue(n_tracks: int = 120, n_genres: int = 6, seed: int = 0) -> list[Track]:
    """`n_tracks` stored tracks whose sound follows their genre, in pk order.

    Every fifth track has a second genre, every tenth is a re-release of the one before, and an
    artist has about five tracks.
    """
    rng = np.random.default_rng(seed)
    genres = GENRES[:n_genres]
    centres = rng.uniform(0.15, 0.85, (n_genres, len(CONTINUOUS_FEATURES)))
    tracks: list[Track] = []
    for number in range(n_tracks):
        point = np.clip(centres[number % n_genres] + rng.normal(0, 0.08, centres.shape[1]), 0, 1)
        names = [genres[number % n_genres], genres[(number + 1) % n_genres]]
        artist = f"Artist {rng.integers(max(1, n_tracks // 5))}"
        popularity = int(rng.integers(101))
        if number % 10 == 9:
            tracks.append(_release_of(tracks[-1]))
        else:
            names = names[: 2 if number % 5 == 0 else 1]
            tracks.append(_drawn_track(number, artist, names, point, popularity))
    _store(tracks, {number: tracks[number - 1] for number in range(9, n_tracks, 10)})
    return tracks


def _track(
    spotify_id: str | None, title: str, artists: Sequence[str], genres: Sequence[str], **fields: Any
) -> Track:
    values = FEATURES | SHARED | {"popularity": 50, "duration_ms": 200_000, "explicit": False} | fields
    return Track(
        spotify_id=spotify_id or f"{next(_numbers):022d}",
        title=title,
        artist_names=list(artists),
        genre_names=list(genres),
        recording_key=recording_key(title, next(iter(artists), "")),
        **values,
    )


def _release_of(track: Track) -> Track:
    features = {name: getattr(track, name) for name in CONTINUOUS_FEATURES}
    title = f"{track.title} - Remastered"
    popularity = max(0, track.popularity - 5)
    return _track(None, title, track.artist_names, track.genre_names, popularity=popularity, **features)


def _drawn_track(number: int, artist: str, genres: list[str], point: np.ndarray, popularity: int) -> Track:
    features = dict(zip(CONTINUOUS_FEATURES, point.tolist(), strict=True))
    features["loudness"] = -30 + 28 * features["loudness"]
    features["tempo"] = 60 + 130 * features["tempo"]
    facts = {"album": f"Album {number // 4}", "explicit": [False, True, None][number % 3]}
    return _track(None, f"Title {number}", [artist], genres, popularity=popularity, **facts, **features)


def _store(tracks: list[Track], releases: dict[int, Track]) -> None:
    """Write tracks with their artists and genres; `releases`: position → the track whose recording it is."""
    Track.objects.bulk_create(tracks)
    for position, track in enumerate(tracks):
        track.recording = releases.get(position, track)
    Track.objects.bulk_update(tracks, ["recording"], batch_size=100)
    artists = _named(Artist, [name for track in tracks for name in track.artist_names])
    genres = _named(Genre, [name for track in tracks for name in track.genre_names])
    Credit.objects.bulk_create(
        Credit(track=track, artist=artists[name], position=position)
        for track in tracks
        for position, name in enumerate(track.artist_names)
    )
    of_genre = Track.genres.through
    of_genre.objects.bulk_create(
        of_genre(track=track, genre=genres[name]) for track in tracks for name in track.genre_names
    )


def _named(model: type[Artist] | type[Genre], names: Sequence[str]) -> dict[str, Any]:
    """The rows of these names, made where they are missing."""
    model.objects.bulk_create([model(name=name) for name in dict.fromkeys(names)], ignore_conflicts=True)
    return {row.name: row for row in model.objects.filter(name__in=names)}


def publish_run(
    n_clusters: int = 4,
    *,
    active: bool = True,
    random_state: int = 0,
    feature_space: str = "audio",
    playlists: PlaylistArrays | None = None,
    split: bool = False,
) -> ClusteringRun:
    """A finished run of the whole catalogue, rows and snapshot; the active one unless told otherwise.

    split: every cluster has two sub-clusters, numbered 1 and 2.
    """
    from recommender.algorithms.clustering.fitting import fit_clusters
    from recommender.algorithms.clustering.scaling import fit_scaling
    from recommender.fitting.blend_arrays import blend_arrays
    from recommender.fitting.catalogue_arrays import load_catalogue
    from recommender.fitting.clustering_space import clustering_space
    from recommender.fitting.fitted import Fitted
    from recommender.runs.publishing import ordered_for_serving, write_run_snapshot

    tracks = list(Track.objects.order_by("pk"))
    catalogue = load_catalogue()
    scaling = fit_scaling(catalogue.features)
    X = scaling.transform(catalogue.features)
    blended = blend_arrays(catalogue, X, playlists)
    space = clustering_space(blended, FeatureSpace(feature_space))
    fit = fit_clusters(space.places, n_clusters, random_state=random_state, n_init=1)
    subclustering = _halves(fit, space.places) if split else _whole(fit)
    axes = np.zeros((blended.n_genres, 0), np.float32)
    fitted = Fitted(catalogue, scaling, X, blended, space, fit, axes, subclustering)
    run = ClusteringRun.objects.create(
        status=Status.DONE,
        percent=100,
        parameters={"n_clusters": n_clusters},
        fitted={"n_clusters": n_clusters, "n_subclusters": 0, "feature_names": list(CONTINUOUS_FEATURES)},
        scores={"inertia": fit.inertia},
        n_tracks=len(tracks),
        started_at=timezone.now(),
        finished_at=timezone.now(),
    )
    raw = catalogue.features
    clusters = [
        _cluster(run, label, tracks, fit.labels, X, fit.centroids, raw) for label in range(n_clusters)
    ]
    subclusters: list[Cluster | None] = [None] * len(subclustering.parents)
    if split:
        for label, parent in enumerate(subclustering.parents.tolist()):
            facts = (subclustering.labels, X, subclustering.centroids, raw)
            subclusters[label] = _cluster(run, label, tracks, *facts, parent=clusters[parent])
    _assign(run, tracks, clusters, fit.labels, fit.distances)
    ordered = ordered_for_serving(fitted, random_state=0)
    write_run_snapshot(run, fitted, ordered, clusters, subclusters, {"numpy": np.__version__})
    if active:
        ClusteringRun.objects.update(is_active=False)
        run.is_active = True
        run.save(update_fields=["is_active"])
    return run


def _whole(fit: "Clustering") -> "Subclustering":
    """No cluster is split."""
    from recommender.algorithms.clustering.subclusters import Subclustering

    labels = np.arange(fit.n_clusters)
    return Subclustering(fit.labels, fit.centroids, labels, np.zeros(fit.n_clusters, bool))


def _halves(fit: "Clustering", places: np.ndarray) -> "Subclustering":
    """Every cluster in two, by the first coordinate."""
    from recommender.algorithms.clustering.subclusters import Subclustering

    labels = np.empty(len(places), np.int32)
    for label in range(fit.n_clusters):
        members = np.flatnonzero(fit.labels == label)
        upper = places[members, 0] > np.median(places[members, 0])
        labels[members] = 2 * label + upper
    centroids = np.array([places[labels == label].mean(axis=0) for label in range(2 * fit.n_clusters)])
    parents = np.repeat(np.arange(fit.n_clusters), 2)
    return Subclustering(labels, centroids.astype(np.float32), parents, np.ones(fit.n_clusters, bool))


def _cluster(
    run: ClusteringRun,
    label: int,
    tracks: list[Track],
    labels: np.ndarray,
    X: np.ndarray,
    centroids: np.ndarray,
    raw: np.ndarray,
    parent: Cluster | None = None,
) -> Cluster:
    members = np.flatnonzero(labels == label)
    distances = np.linalg.norm(X[members] - centroids[label], axis=1)
    centre = raw[members].mean(axis=0)
    return Cluster.objects.create(
        run=run,
        label=label,
        parent=parent,
        number=label % 2 + 1 if parent else label + 1,
        name=f"{'Part' if parent else 'Cluster'} {'ABCDEFGHIJKLMNOP'[label]}",
        size=len(members),
        traits=[f"energy:{'high' if centroids[label][1] > 0 else 'low'}"],
        genres=_genres([tracks[i] for i in members], tracks),
        centroid=dict(zip(CONTINUOUS_FEATURES, centre.tolist(), strict=True)),
        examples=[tracks[i].pk for i in members[np.argsort(distances)[:5]]],
        points=X[members[:20], :2].astype(float).tolist(),
    )


def _genres(members: list[Track], tracks: list[Track]) -> list[dict[str, Any]]:
    def share(name: str, among: list[Track]) -> float:
        return sum(name in track.genre_names for track in among) / len(among)

    names = sorted({name for track in members for name in track.genre_names})
    rows = [
        {"genre": n, "share": share(n, members), "lift": share(n, members) / share(n, tracks)} for n in names
    ]
    return sorted(rows, key=lambda row: -row["lift"])


def _assign(
    run: ClusteringRun,
    tracks: list[Track],
    clusters: list[Cluster],
    labels: np.ndarray,
    distances: np.ndarray,
) -> None:
    Assignment.objects.bulk_create(
        Assignment(run=run, track=track, cluster=clusters[label], distance=float(distance))
        for track, label, distance in zip(tracks, labels, distances, strict=True)
    )


def playlists_of(*lists: Sequence[int]) -> PlaylistArrays:
    """Playlists of tracks (`Track.pk`) as arrays, without owners."""
    return PlaylistArrays(
        playlists=np.arange(1, len(lists) + 1, dtype=np.int64),
        indptr=np.cumsum([0, *map(len, lists)], dtype=np.int64),
        tracks=np.array([pk for each in lists for pk in each], dtype=np.int64),
        owners=np.full(len(lists), NO_OWNER, dtype=np.int64),
    )


def random_playlists(tracks: Sequence[Track], n: int = 40, length: int = 15, seed: int = 0) -> PlaylistArrays:
    """Playlists of tracks drawn at random: enough to learn from by default."""
    rng = np.random.default_rng(seed)
    pks = np.array([track.pk for track in tracks])
    return playlists_of(*(rng.choice(pks, length, replace=False).tolist() for _ in range(n)))
