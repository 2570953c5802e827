"""A track as the start of a list: where it stands in a run, and by what others are compared to it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.algorithms.blend.distance import Query, query_of_row
from recommender.answers.cards import TrackCard, features_in_order
from recommender.answers.requests import Scope
from recommender.snapshots.snapshot import Snapshot
from tracks.models import Credit

NEARBY_RATIO = 1.3


@dataclass(frozen=True, slots=True)
class Seed:
    """A track with its row (None when it came after the run), cluster, recording, its place where clusters
    were fitted, and its query."""

    card: TrackCard
    row: int | None
    label: int
    recording: int
    place: NDArray[np.float32]
    query: Query


def seed_of(card: TrackCard, snapshot: Snapshot) -> Seed:
    """A track as a seed; one that came after the run is placed at its nearest centroid."""
    return seeds_of([card], snapshot)[0]


def seeds_of(cards: Sequence[TrackCard], snapshot: Snapshot) -> list[Seed]:
    """Tracks as seeds, in their order."""
    arrays, n_genres = snapshot.arrays, len(snapshot.meta.genres)
    rows = snapshot.rows_of([card.pk for card in cards])
    labels, recordings = snapshot.labels_of_rows(rows).tolist(), arrays.recordings[rows].tolist()
    return [
        _later_seed(card, snapshot)
        if row < 0
        else Seed(card, row, label, recording, arrays.places[row], query_of_row(arrays.blend, row, n_genres))
        for card, row, label, recording in zip(cards, rows.tolist(), labels, recordings, strict=True)
    ]


def _later_seed(card: TrackCard, snapshot: Snapshot) -> Seed:
    newcomers = snapshot.newcomers
    point = newcomers.scale(features_in_order(card.audio_features, snapshot))
    place = newcomers.place(point, card.genres)
    artists = list(Credit.objects.filter(track=card.pk).values_list("artist_id", flat=True))
    query = Query(
        point=point,
        genres=newcomers.genre_vector(card.genres),
        popularity=newcomers.usual_popularity if card.popularity is None else card.popularity / 100,
        log_duration=math.log(card.duration_ms) if card.duration_ms else newcomers.usual_log_duration,
        album=-1,
        listeners=np.zeros(snapshot.arrays.blend.listeners.shape[1], np.float32),
        companions=np.flatnonzero(np.isin(snapshot.arrays.first_artists, artists)).astype(np.int32),
    )
    label = snapshot.nearest_cluster(place)
    return Seed(card, None, label, card.recording_id or card.pk, place, query)


def labels_in_scope(seed: Seed, scope: Scope, snapshot: Snapshot) -> list[int]:
    """The clusters to look into. Nearby: those at most `NEARBY_RATIO` times as far as the nearest one."""
    if scope is Scope.CLUSTER:
        return [seed.label]
    if scope is Scope.EVERYWHERE:
        return list(range(snapshot.n_clusters))
    distances = snapshot.centroid_distances(seed.place)
    near = set(np.flatnonzero(distances <= NEARBY_RATIO * distances.min()).tolist())
    return sorted(near | {seed.label})


def slices_of(labels: Sequence[int], snapshot: Snapshot) -> list[tuple[int, int]]:
    """The rows of the clusters; those that touch are one slice."""
    slices: list[tuple[int, int]] = []
    for start, stop in map(snapshot.slice_of, labels):
        if slices and slices[-1][1] == start:
            slices[-1] = (slices[-1][0], stop)
        else:
            slices.append((start, stop))
    return slices
