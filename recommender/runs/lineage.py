"""How the clusters of a fit follow those of the run that was active: numbers and names stay with members."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from recommender.algorithms.clustering.matching import Identity, identify_clusters
from recommender.algorithms.clustering.name_codes import NameCode
from recommender.fitting.fitted import Fitted
from recommender.runs.previous import PreviousRun


@dataclass(frozen=True, slots=True)
class Lineage:
    """numbers: of the clusters, by label. sub_numbers: of the sub-clusters inside their clusters, by label.

    names: what the matching clusters were called before, by label; sub_names the same of sub-clusters.
    identity is None before the first run.
    """

    previous: PreviousRun | None
    identity: Identity | None
    numbers: Sequence[int]
    sub_numbers: Sequence[int]
    names: Mapping[int, NameCode]
    sub_names: Mapping[int, NameCode]

    def continuity(self) -> dict[str, Any]:
        """How the numbers follow the run before, as the new run keeps it."""
        return self.previous.continuity(self.identity) if self.previous and self.identity else {}


def lineage_of(previous: PreviousRun | None, identity: Identity | None, fitted: Fitted) -> Lineage:
    """How a fit follows `previous`, whose clusters became `identity`."""
    n_clusters, parents = fitted.clustering.n_clusters, fitted.subclustering.parents
    if previous is None or identity is None:
        places = 1 + np.arange(len(parents)) - parents.searchsorted(parents)
        return Lineage(None, None, range(1, n_clusters + 1), places.tolist(), {}, {})
    known = _names(previous)
    names = {label: known.get((match.number, 0)) for label, match in identity.matches.items()}
    sub_numbers: list[int] = []
    sub_names: dict[int, NameCode | None] = {}
    for label in range(n_clusters):
        inside = _subclusters(previous, identity, fitted, label)
        for place, match in inside.matches.items():
            key = (identity.matches[label].number, match.number)
            sub_names[len(sub_numbers) + place] = known.get(key)
        sub_numbers += inside.numbers
    return Lineage(previous, identity, identity.numbers, sub_numbers, _given(names), _given(sub_names))


def _subclusters(previous: PreviousRun, identity: Identity, fitted: Fitted, label: int) -> Identity:
    """What became of the sub-clusters of the old cluster that `label` continues, within it."""
    sub = fitted.subclustering
    own = np.flatnonzero(sub.parents == label)
    new = (sub.labels >= own[0]) & (sub.labels <= own[-1])
    match = identity.matches.get(label)
    old = previous.members_of(match.number if match else -1)
    return identify_clusters(
        previous.track_ids[old],
        previous.subnumbers[old],
        fitted.catalogue.track_ids[new],
        sub.labels[new] - own[0],
        len(own),
    )


def _names(previous: PreviousRun) -> dict[tuple[int, int], NameCode]:
    """The names of the run by number, and number of the sub-cluster or 0; names that are only text are not
    among them."""
    clusters = previous.run.clusters.select_related("parent").exclude(name_code={})
    return {
        (each.parent.number, each.number) if each.parent else (each.number, 0): NameCode.of(each.name_code)
        for each in clusters.only("number", "name_code", "parent__number")
    }


def _given(names: Mapping[int, NameCode | None]) -> dict[int, NameCode]:
    return {label: name for label, name in names.items() if name is not None}
