"""What the clusters of a run are: read once a run and process, since a published run never changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.answers.cards import TrackCard, cards_of
from recommender.models import Cluster, ClusteringRun
from recommender.snapshots.snapshot import ClusterRef, Snapshot
from recommender.snapshots.store import shared_snapshot
from recommender.traits import traits_in_words, traits_sentence


@dataclass(frozen=True, slots=True)
class GenreShare:
    """A genre of a cluster: its share of the cluster's tracks, and that over its share of the catalogue."""

    genre: str
    share: float
    lift: float


@dataclass(frozen=True, slots=True)
class ClusterSummary:
    """A cluster in plain facts. `centroid` is in the features' own units; `example_ids` are `Track.pk`."""

    label: int
    number: int
    name: str
    size: int
    trait_codes: tuple[str, ...]
    genres: tuple[GenreShare, ...]
    centroid: Mapping[str, float]
    example_ids: tuple[int, ...]

    @property
    def traits(self) -> list[str]:
        """The traits in the reader's language."""
        return traits_in_words(self.trait_codes)

    @property
    def traits_sentence(self) -> str:
        return traits_sentence(self.trait_codes)


@dataclass(frozen=True, slots=True)
class ClusterShare:
    """A cluster among some tracks: its share of them, and that over its share of all tracks of the run."""

    cluster: ClusterRef
    n_tracks: int
    share: float
    lift: float


def cluster_shares(snapshot: Snapshot, rows: NDArray[np.integer[Any]]) -> list[ClusterShare]:
    """The clusters that rows lie in, the largest share first."""
    offsets = snapshot.arrays.offsets
    counts = np.bincount(offsets.searchsorted(rows, side="right") - 1, minlength=snapshot.n_clusters)
    shares = counts / max(len(rows), 1)
    lifts = shares / np.maximum(np.diff(offsets) / snapshot.n_tracks, 1e-9)
    order = np.argsort(-counts, kind="stable").tolist()
    return [
        ClusterShare(snapshot.clusters[label], int(counts[label]), float(shares[label]), float(lifts[label]))
        for label in order
        if counts[label]
    ]


def cluster_list(run: ClusteringRun) -> list[ClusterSummary]:
    """The clusters of a published run by number. Raises `SnapshotUnavailable`."""
    return list(clusters_by_number(shared_snapshot(run.pk)).values())


def cluster_summary(run: ClusteringRun, number: int) -> ClusterSummary | None:
    """One cluster of a published run, or None when it has no such number. Raises `SnapshotUnavailable`."""
    return clusters_by_number(shared_snapshot(run.pk)).get(number)


def cluster_examples(run: ClusteringRun, summary: ClusterSummary) -> list[TrackCard]:
    """The tracks nearest the cluster's centroid that are still in the catalogue, nearest first."""
    cards = cards_of(summary.example_ids, shared_snapshot(run.pk))
    return [cards[pk] for pk in summary.example_ids if pk in cards]


def clusters_by_number(snapshot: Snapshot) -> dict[int, ClusterSummary]:
    """The clusters of a run, in the order of their numbers."""
    return {summary.number: summary for summary in sorted(summaries_of(snapshot), key=attrgetter("number"))}


@lru_cache(maxsize=2)
def summaries_of(snapshot: Snapshot) -> tuple[ClusterSummary, ...]:
    """The clusters of a run by label."""
    clusters = Cluster.objects.filter(run=snapshot.run_id).order_by("label")
    return tuple(_summary(cluster) for cluster in clusters.defer("points"))


def _summary(cluster: Cluster) -> ClusterSummary:
    return ClusterSummary(
        label=cluster.label,
        number=cluster.number,
        name=cluster.name,
        size=cluster.size,
        trait_codes=tuple(cluster.traits),
        genres=tuple(GenreShare(**row) for row in cluster.genres),
        centroid=cluster.centroid,
        example_ids=tuple(cluster.examples),
    )
