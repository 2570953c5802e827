"""The active run as a refit finds it: what its numbers, names and first centroids follow."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.algorithms.clustering.fitting import Clustering
from recommender.algorithms.clustering.matching import Identity, identify_clusters, led_on, member_means
from recommender.choices import N_COLOURS, FeatureSpace
from recommender.models import Cluster, ClusteringRun
from recommender.runs.assignments import subclusters_of
from recommender.runs.retention import kept_runs

DIGITS = 6


@dataclass(frozen=True, slots=True)
class PreviousRun:
    """The run that was active; its tracks and the numbers of their clusters and sub-clusters, 0 for none.

    All int64 (n_tracks,), by ascending track id.
    """

    run: ClusteringRun
    track_ids: NDArray[np.int64]
    numbers: NDArray[np.int64]
    subnumbers: NDArray[np.int64]

    @classmethod
    def active(cls) -> "PreviousRun | None":
        run = ClusteringRun.objects.active()
        return cls(run, *subclusters_of(run)) if run else None

    def start_for(
        self,
        parameters: Mapping[str, Any],
        n_clusters: int,
        track_ids: NDArray[np.int64],
        places: NDArray[np.float32],
    ) -> NDArray[np.float32] | None:
        """Centroids (n_clusters, d) to begin a refit from, where its tracks have `places` (n, d).

        None when it has other parameters than this run, or another number of clusters. They are the means
        of where the members stand now, so it does not matter how scaling and space have changed; rounded,
        so that the run can hold them as they were.
        """
        if not self._has(parameters):
            return None
        means = member_means(self.track_ids, self.numbers, track_ids, places)
        return means.round(DIGITS) if means is not None and len(means) == n_clusters else None

    def subcluster_starts(
        self,
        parameters: Mapping[str, Any],
        identity: Identity,
        track_ids: NDArray[np.int64],
        Z: NDArray[np.float32],
    ) -> dict[int, NDArray[np.float32]]:
        """Centroids to begin the sub-clusters of a refit from, by the label of the cluster that continues one
        of this run's; Z (n, d) is where its tracks stand. None when it has other parameters."""
        if not self._has(parameters):
            return {}
        starts = {}
        for label, match in identity.matches.items():
            old = self.members_of(match.number)
            means = member_means(self.track_ids[old], self.subnumbers[old], track_ids, Z)
            if means is not None and len(means) > 1:
                starts[label] = means.round(DIGITS)
        return starts

    def members_of(self, number: int) -> NDArray[np.bool_]:
        """Which tracks belong to a sub-cluster of the cluster of this number."""
        members: NDArray[np.bool_] = (self.numbers == number) & (self.subnumbers > 0)
        return members

    def _has(self, parameters: Mapping[str, Any]) -> bool:
        usual = {"feature_space": FeatureSpace.CONTEXT.value}
        return usual | dict(self.run.parameters) == usual | dict(parameters)

    def identity_of(self, track_ids: NDArray[np.int64], clustering: Clustering) -> Identity:
        """What became of this run's clusters in a new clustering of the tracks."""
        return identify_clusters(
            self.track_ids,
            self.numbers,
            track_ids,
            clustering.labels,
            clustering.n_clusters,
            reserved_numbers(),
            N_COLOURS,
        )

    def continuity(self, identity: Identity) -> dict[str, Any]:
        """How the new run's numbers follow this one's, as the run keeps it (JSON: numbers as texts).

        overlaps: how much of each cluster stayed. origins: what new ones were made of. retired: the
        numbers that lead to others now, also those given up earlier and not used again.
        """
        numbers = identity.numbers
        retired = {
            int(n): heirs for n, heirs in self.run.fitted.get("continuity", {}).get("retired", {}).items()
        }
        return {
            "run": self.run.pk,
            "overlaps": {str(numbers[n]): round(each.overlap, 4) for n, each in identity.matches.items()},
            "origins": _texts(identity.origins.items()),
            "retired": _texts(led_on(retired, identity).items()),
        }


def _texts(pairs: Iterable[tuple[int, list[int]]]) -> dict[str, list[int]]:
    return {str(number): others for number, others in sorted(pairs)}


def reserved_numbers() -> set[int]:
    """The numbers of the runs that can be made active again: among them, a number means one cluster."""
    kept = Cluster.objects.top_level().filter(run__in=kept_runs())
    return set(kept.values_list("number", flat=True))


def start_facts(
    previous: PreviousRun | None, init: NDArray[np.float32] | None, fit: Clustering
) -> dict[str, Any]:
    """How a fit began, as its run keeps it: with the centroids, the random state and the catalogue it can
    be repeated."""
    if previous is None or init is None:
        return {"is_warm": False}
    figures = {name: round(getattr(fit.start, name), DIGITS) for name in ("warm", "seeded", "interval")}
    centroids = [[round(float(value), DIGITS) for value in row] for row in init]
    return {"is_warm": fit.start.is_warm, "run": previous.run.pk, **figures, "centroids": centroids}
