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
    """A track with its row (None when it came after the run), cluster, sub-cluster (its place among all of
    the run), recording, its place where clusters were fitted, and its query."""

    card: TrackCard
    row: int | None
    label: int
    subcluster: int
    recording: int
    place: NDArray[np.float32]
    query: Query


def seed_of(card: TrackCard, snapshot: Snapshot) -> Seed:
    """A track as a seed; one that came after the run is placed at its nearest centroid."""
    return seeds_of([card], snapshot)[0]


def seeds_of(cards: Sequence[TrackCard], snapshot: Snapshot) -> list[Seed]:
    """Tracks as seeds, in their order."""
    arrays, n_genres = snapshot.arrays, len(snapshot.meta.genres)
    seeds = []
    for card, row in zip(cards, snapshot.rows_of([card.pk for card in cards]).tolist(), strict=True):
        if row < 0:
            seeds.append(_later_seed(card, snapshot))
            continue
        subcluster = snapshot.subcluster_of_row(row)
        label = snapshot.clusters_by_subcluster[subcluster].label
        query, recording = query_of_row(arrays.blend, row, n_genres), int(arrays.recordings[row])
        seeds.append(Seed(card, row, label, subcluster, recording, arrays.places[row], query))
    return seeds


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
    subcluster = snapshot.nearest_subcluster(place, query.genres)
    label = snapshot.clusters_by_subcluster[subcluster].label
    return Seed(card, None, label, subcluster, card.recording_id or card.pk, place, query)


def subclusters_in_scope(seed: Seed, scope: Scope, snapshot: Snapshot) -> list[int]:
    """The sub-clusters to look into, by their places in the run.

    Nearby: those of the clusters at most `NEARBY_RATIO` times as far as the nearest one.
    """
    if scope is Scope.SUBCLUSTER:
        return [seed.subcluster]
    if scope is Scope.EVERYWHERE:
        return list(range(snapshot.n_subclusters))
    labels = {seed.label}
    if scope is Scope.NEARBY:
        distances = snapshot.centroid_distances(seed.place)
        labels |= set(np.flatnonzero(distances <= NEARBY_RATIO * distances.min()).tolist())
    return [place for label in sorted(labels) for place in snapshot.subclusters_of(label)]


def slices_of(subclusters: Sequence[int], snapshot: Snapshot) -> list[tuple[int, int]]:
    """The rows of the sub-clusters, ascending; those that touch are one slice."""
    slices: list[tuple[int, int]] = []
    for start, stop in map(snapshot.slice_of_subcluster, subclusters):
        if slices and slices[-1][1] == start:
            slices[-1] = (slices[-1][0], stop)
        else:
            slices.append((start, stop))
    return slices
