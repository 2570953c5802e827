"""What the clusters of a run are: read once a run and process, since a published run never changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import Any

import numpy as np
from django.urls import reverse
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from recommender.algorithms.clustering.name_codes import NameCode
from recommender.answers.cards import TrackCard, cards_of
from recommender.cluster_names import name_in_words
from recommender.models import Cluster, ClusteringRun
from recommender.snapshots.snapshot import ClusterRef, Snapshot
from recommender.snapshots.store import active_snapshot, shared_snapshot
from recommender.traits import traits_in_words, traits_sentence


class UnknownCluster(LookupError):
    """The active run has no cluster of this `number`; `snapshot` is the run's, None before the first."""

    def __init__(self, number: int, snapshot: Snapshot | None) -> None:
        self.number, self.snapshot = number, snapshot
        super().__init__(_("The active run has no cluster %(number)d.") % {"number": number})


@dataclass(frozen=True, slots=True)
class GenreShare:
    """A genre of a cluster: its share of the cluster's tracks, and that over its share of the catalogue.

    low and high are the 95 % interval of the share; of a run that an older version made, None.
    """

    genre: str
    share: float
    lift: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class ClusterSummary:
    """A cluster in plain facts, or a sub-cluster: then `parent_number` is its cluster's.

    `label` is its place in the run, `centroid` in the features' own units. `known_example_ids` and
    `example_ids` are `Track.pk`; `subclusters` are by number, none where the cluster is not split.
    """

    label: int
    number: int
    parent_number: int | None
    name_code: NameCode | str
    size: int
    trait_codes: tuple[str, ...]
    genres: tuple[GenreShare, ...]
    missing: tuple[GenreShare, ...]
    centroid: Mapping[str, float]
    known_example_ids: tuple[int, ...]
    example_ids: tuple[int, ...]
    subclusters: tuple["ClusterSummary", ...]

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return name_in_words(self.name_code)

    @property
    def url(self) -> str:
        if self.parent_number is None:
            return reverse("cluster", args=[self.number])
        return reverse("subcluster", args=[self.parent_number, self.number])

    def subcluster(self, number: int) -> "ClusterSummary | None":
        """The sub-cluster of this number."""
        return next((each for each in self.subclusters if each.number == number), None)

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


def active_cluster(number: int) -> tuple[Snapshot, ClusterSummary]:
    """A cluster of the active run. Raises `UnknownCluster`, or `SnapshotUnavailable`."""
    snapshot = active_snapshot()
    summary = clusters_by_number(snapshot).get(number) if snapshot else None
    if snapshot is None or summary is None:
        raise UnknownCluster(number, snapshot)
    return snapshot, summary


def cluster_list(run: ClusteringRun) -> list[ClusterSummary]:
    """The clusters of a published run by number. Raises `SnapshotUnavailable`."""
    return list(clusters_by_number(shared_snapshot(run.pk)).values())


def cluster_summary(run: ClusteringRun, number: int) -> ClusterSummary | None:
    """One cluster of a published run, or None when it has no such number. Raises `SnapshotUnavailable`."""
    return clusters_by_number(shared_snapshot(run.pk)).get(number)


class UnknownSubcluster(LookupError):
    """A cluster of the active run, `parent`, has no sub-cluster of this `number`."""

    def __init__(self, number: int, snapshot: Snapshot, parent: ClusterSummary) -> None:
        self.number, self.snapshot, self.parent = number, snapshot, parent
        super().__init__(_("The cluster has no sub-cluster %(number)d.") % {"number": number})


@dataclass(frozen=True, slots=True)
class Examples:
    """Tracks that show what a cluster is: those people know, and others nearest to its middle."""

    known: list[TrackCard]
    nearest: list[TrackCard]


def cluster_examples(snapshot: Snapshot, summary: ClusterSummary) -> Examples:
    """The examples of a cluster that are still in the catalogue, each once."""
    known, nearest = summary.known_example_ids, summary.example_ids
    cards = cards_of([*known, *nearest], snapshot)
    return Examples(
        [cards[pk] for pk in known if pk in cards],
        [cards[pk] for pk in nearest if pk in cards and pk not in known],
    )


def clusters_by_number(snapshot: Snapshot) -> dict[int, ClusterSummary]:
    """The clusters of a run, in the order of their numbers."""
    return {summary.number: summary for summary in sorted(summaries_of(snapshot), key=attrgetter("number"))}


@lru_cache(maxsize=2)
def summaries_of(snapshot: Snapshot) -> tuple[ClusterSummary, ...]:
    """The clusters of a run by label."""
    stored = Cluster.objects.filter(run=snapshot.run_id).order_by("label").defer("points")
    subclusters: dict[int, list[ClusterSummary]] = {}
    clusters = [cluster for cluster in stored if cluster.parent_id is None]
    numbers = {cluster.pk: cluster.number for cluster in clusters}
    for each in stored:
        if each.parent_id is not None:
            subclusters.setdefault(each.parent_id, []).append(_summary(each, numbers[each.parent_id]))
    return tuple(_summary(cluster, None, subclusters.get(cluster.pk, ())) for cluster in clusters)


def _summary(
    cluster: Cluster, parent_number: int | None, subclusters: Sequence[ClusterSummary] = ()
) -> ClusterSummary:
    return ClusterSummary(
        label=cluster.label,
        number=cluster.number,
        parent_number=parent_number,
        name_code=NameCode.of(cluster.name_code) if cluster.name_code else cluster.name,
        size=cluster.size,
        trait_codes=tuple(cluster.traits),
        genres=tuple(GenreShare(**row) for row in cluster.genres),
        missing=tuple(GenreShare(**row) for row in cluster.missing),
        centroid=cluster.centroid,
        known_example_ids=tuple(cluster.known_examples),
        example_ids=tuple(cluster.examples),
        subclusters=tuple(sorted(subclusters, key=attrgetter("number"))),
    )
