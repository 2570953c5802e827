"""Catalogues and published runs for tests: small, real, and the same for the same arguments."""

from collections.abc import Sequence
from itertools import count
from typing import Any

import numpy as np
from django.utils import timezone

from recommender.models import Assignment, Cluster, ClusteringRun
from recommender.snapshots import SnapshotArrays, SnapshotMeta, write_snapshot
from tracks.audio_features import CONTINUOUS_FEATURES
from tracks.folding import fold
from tracks.models import Artist, Credit, Genre, Track
from tracks.work import Status

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


def make_track(
    spotify_id: str | None = None,
    title: str = "A Title",
    artists: Sequence[str] = ("An Artist",),
    genres: Sequence[str] = ("pop",),
    recording: Track | None = None,
    **fields: Any,
) -> Track:
    """One track with its artists and genres; its own recording unless another track's is given."""
    spotify_id = spotify_id or f"{next(_numbers):022d}"
    values = FEATURES | SHARED | {"popularity": 50, "duration_ms": 200_000, "explicit": False} | fields
    track = Track.objects.create(
        spotify_id=spotify_id,
        title=title,
        artist_names=list(artists),
        genre_names=list(genres),
        recording_key=f"{fold(title)}|{fold(artists[0]) if artists else ''}"[:200],
        **values,
    )
    track.recording = recording or track
    track.save(update_fields=["recording"])
    for position, name in enumerate(artists):
        artist, _created = Artist.objects.get_or_create(name=name)
        Credit.objects.create(track=track, artist=artist, position=position)
    track.genres.set([Genre.objects.get_or_create(name=name)[0] for name in genres])
    return track


def make_catalogue(n_tracks: int = 120, n_genres: int = 6, seed: int = 0) -> list[Track]:
    """`n_tracks` tracks whose sound follows their genre, in pk order.

    Every fifth track has a second genre, every tenth is a re-release of the one before, and an
    artist has about five tracks.
    """
    rng = np.random.default_rng(seed)
    genres = GENRES[:n_genres]
    centres = rng.uniform(0.15, 0.85, (n_genres, len(CONTINUOUS_FEATURES)))
    tracks = []
    for number in range(n_tracks):
        if number % 10 == 9:
            tracks.append(_release_of(tracks[-1]))
            continue
        genre = number % n_genres
        point = np.clip(centres[genre] + rng.normal(0, 0.08, centres.shape[1]), 0, 1)
        tracks.append(_drawn_track(number, [genres[genre]], point, rng, n_tracks))
        if number % 5 == 0:
            _add_genre(tracks[-1], genres[(genre + 1) % n_genres])
    return tracks


def _release_of(track: Track) -> Track:
    features = {name: getattr(track, name) for name in CONTINUOUS_FEATURES}
    return make_track(
        title=f"{track.title} - Remastered",
        artists=track.artist_names,
        genres=track.genre_names,
        recording=track,
        popularity=max(0, track.popularity - 5),
        **features,
    )


def _drawn_track(
    number: int, genres: list[str], point: np.ndarray, rng: np.random.Generator, n_tracks: int
) -> Track:
    features = dict(zip(CONTINUOUS_FEATURES, point.tolist(), strict=True))
    features["loudness"] = -30 + 28 * features["loudness"]
    features["tempo"] = 60 + 130 * features["tempo"]
    return make_track(
        title=f"Title {number}",
        artists=[f"Artist {rng.integers(max(1, n_tracks // 5))}"],
        genres=genres,
        album=f"Album {number // 4}",
        popularity=int(rng.integers(101)),
        explicit=[False, True, None][number % 3],
        **features,
    )


def _add_genre(track: Track, name: str) -> None:
    track.genre_names = [*track.genre_names, name]
    track.save(update_fields=["genre_names"])
    track.genres.add(Genre.objects.get_or_create(name=name)[0])


def publish_run(n_clusters: int = 4, *, active: bool = True, random_state: int = 0) -> ClusteringRun:
    """A finished run of the whole catalogue, rows and snapshot; the active one unless told otherwise."""
    from sklearn.cluster import KMeans

    tracks = list(Track.objects.order_by("pk"))
    raw = np.array([[getattr(track, name) for name in CONTINUOUS_FEATURES] for track in tracks])
    mean, scale = raw.mean(axis=0), raw.std(axis=0)
    scale[scale == 0] = 1
    X = ((raw - mean) / scale).astype(np.float32)
    fitted = KMeans(n_clusters, random_state=random_state, n_init=1).fit(X)
    order = np.argsort(fitted.labels_, kind="stable")
    run = ClusteringRun.objects.create(
        status=Status.DONE,
        percent=100,
        parameters={"n_clusters": n_clusters},
        fitted={"n_clusters": n_clusters, "feature_names": list(CONTINUOUS_FEATURES)},
        scores={"inertia": float(fitted.inertia_)},
        n_tracks=len(tracks),
        started_at=timezone.now(),
        finished_at=timezone.now(),
    )
    centroids = fitted.cluster_centers_.astype(np.float32)
    clusters = [
        _cluster(run, label, tracks, fitted.labels_, X, centroids, raw) for label in range(n_clusters)
    ]
    _assign(run, tracks, clusters, fitted.labels_, X, centroids)
    arrays = _arrays([tracks[i] for i in order], X[order], fitted.labels_[order], centroids, mean, scale)
    write_snapshot(run.pk, arrays, _meta(clusters))
    if active:
        ClusteringRun.objects.update(is_active=False)
        run.is_active = True
        run.save(update_fields=["is_active"])
    return run


def _cluster(
    run: ClusteringRun,
    label: int,
    tracks: list[Track],
    labels: np.ndarray,
    X: np.ndarray,
    centroids: np.ndarray,
    raw: np.ndarray,
) -> Cluster:
    members = np.flatnonzero(labels == label)
    distances = np.linalg.norm(X[members] - centroids[label], axis=1)
    centre = raw[members].mean(axis=0)
    return Cluster.objects.create(
        run=run,
        label=label,
        number=label + 1,
        name=f"Cluster {'ABCDEFGHIJKLMNOP'[label]}",
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
    X: np.ndarray,
    centroids: np.ndarray,
) -> None:
    distances = np.linalg.norm(X - centroids[labels], axis=1)
    Assignment.objects.bulk_create(
        Assignment(run=run, track=track, cluster=clusters[label], distance=float(distance))
        for track, label, distance in zip(tracks, labels, distances, strict=True)
    )


def _arrays(
    tracks: list[Track],
    X: np.ndarray,
    labels: np.ndarray,
    centroids: np.ndarray,
    mean: np.ndarray,
    scale: np.ndarray,
) -> SnapshotArrays:
    artists = dict(Credit.objects.filter(position=0).values_list("track_id", "artist_id"))
    genres = {name: i for i, name in enumerate(Genre.objects.order_by("name").values_list("name", flat=True))}
    genre_rows = [[genres[name] for name in track.genre_names] for track in tracks]
    return SnapshotArrays(
        X=X,
        offsets=np.searchsorted(labels, np.arange(len(centroids) + 1)).astype(np.int64),
        track_ids=np.array([track.pk for track in tracks], dtype=np.int64),
        recordings=np.array([track.recording_id for track in tracks], dtype=np.int64),
        first_artists=np.array([artists.get(track.pk, -1) for track in tracks], dtype=np.int64),
        popularity=np.array([track.popularity for track in tracks], dtype=np.uint8),
        explicit=np.array(
            [-1 if track.explicit is None else track.explicit for track in tracks], dtype=np.int8
        ),
        genre_indptr=np.cumsum([0, *map(len, genre_rows)], dtype=np.int64),
        genre_indices=np.array([genre for row in genre_rows for genre in row], dtype=np.int32),
        centroids=centroids,
        scaler_mean=mean.astype(np.float64),
        scaler_scale=scale.astype(np.float64),
    )


def _meta(clusters: list[Cluster]) -> SnapshotMeta:
    return SnapshotMeta(
        feature_names=CONTINUOUS_FEATURES,
        genres=tuple(Genre.objects.order_by("name").values_list("name", flat=True)),
        cluster_numbers=tuple(cluster.number for cluster in clusters),
        cluster_names=tuple(cluster.name for cluster in clusters),
        library_versions={"numpy": np.__version__},
    )
