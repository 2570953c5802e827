"""What the page of a cluster shows, and that of a sub-cluster."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from recommender.answers.neighbouring import largest_differences, nearest_centroids
from recommender.answers.reasons import ALIKE, MORE, PHRASES
from recommender.answers.requests import RecommendationRequest
from recommender.answers.summaries import (
    ClusterSummary,
    cluster_examples,
    clusters_by_number,
    summaries_of,
)
from recommender.cluster_names import joined_by_and
from recommender.pages.panels import ClusterCard, cluster_card, colour_of, genre_bars, percentage, step_of
from recommender.parameters.mix_address import MixAddress
from recommender.snapshots.snapshot import Snapshot
from recommender.traits import traits_in_words
from tracks.feature_words import feature_bars

SEEDS_OF_MIX = 5
N_NEIGHBOURS = 3
MAX_SHARED_GENRES = 2
MAX_DIFFERENCES = 2


@dataclass(frozen=True, slots=True)
class NeighbouringCluster:
    """A cluster or sub-cluster near another one, and what both share and how it differs, in words.

    parent: the name of its cluster when it is a sub-cluster of another one than the page's; else "".
    """

    cluster: ClusterSummary
    colour: int
    step: int
    parent: str
    comparison: str


def cluster_page(snapshot: Snapshot, summary: ClusterSummary) -> dict[str, Any]:
    """The context of the page of a cluster or a sub-cluster."""
    examples = cluster_examples(snapshot, summary)
    seeds = [each.spotify_id for each in (*examples.known, *examples.nearest)][:SEEDS_OF_MIX]
    return {
        "page": "cluster",
        "mix_url": str(MixAddress.of(list(dict.fromkeys(seeds)), [], RecommendationRequest()))
        if seeds
        else "",
        "cluster": summary,
        "colour": colour_of(summary.parent_number or summary.number),
        "step": step_of(summary),
        "share": percentage(summary.size / max(1, snapshot.n_tracks)),
        "subclusters": subcluster_cards(snapshot, summary),
        "genre_bars": genre_bars(summary.genres),
        "missing": genre_bars(summary.missing),
        "examples": examples,
        "neighbours": neighbouring_clusters(snapshot, summary),
        "feature_bars": feature_bars(summary.centroid, _usual(list(clusters_by_number(snapshot).values()))),
    }


def subcluster_cards(snapshot: Snapshot, summary: ClusterSummary) -> list[ClusterCard]:
    """The sub-clusters of a cluster, the largest first."""
    largest_first = sorted(summary.subclusters, key=lambda each: -each.size)
    return [cluster_card(snapshot, each) for each in largest_first]


def neighbouring_clusters(snapshot: Snapshot, summary: ClusterSummary) -> list[NeighbouringCluster]:
    """The clusters with the nearest centroids; of a sub-cluster, the nearest sub-clusters of any cluster.

    A cluster that is not split counts as one sub-cluster.
    """
    arrays, clusters = snapshot.arrays, summaries_of(snapshot)
    if summary.parent_number is None:
        rows = nearest_centroids(arrays.centroids, summary.label, N_NEIGHBOURS)
        found = [(clusters[row], "") for row in rows]
    else:
        rows = nearest_centroids(arrays.sub_centroids, summary.label, N_NEIGHBOURS)
        found = []
        for ref in (snapshot.clusters_by_subcluster[row] for row in rows):
            cluster = clusters[ref.label]
            inner = cluster.subcluster(ref.subcluster.number) if ref.subcluster else None
            is_elsewhere = inner is not None and ref.number != summary.parent_number
            found.append((inner or cluster, cluster.name if is_elsewhere else ""))
    scales = dict(zip(snapshot.meta.feature_names, arrays.scaler_scale.tolist(), strict=True))
    return [
        NeighbouringCluster(
            cluster=each,
            colour=colour_of(each.parent_number or each.number),
            step=step_of(each),
            parent=parent,
            comparison=_comparison(summary, each, scales),
        )
        for each, parent in found
    ]


def _comparison(own: ClusterSummary, other: ClusterSummary, scales: Mapping[str, float]) -> str:
    """The traits and leading genres of both, and in what the other differs most, in words."""
    traits = traits_in_words(code for code in own.trait_codes if code in other.trait_codes)
    theirs = {each.genre for each in other.genres}
    genres = [each.genre for each in own.genres if each.genre in theirs][:MAX_SHARED_GENRES]
    differences = largest_differences(own.centroid, other.centroid, scales, ALIKE)[:MAX_DIFFERENCES]
    more = joined_by_and([str(MORE[each]) for each in differences]) or str(PHRASES["alike"])
    if traits or genres:
        return _("Both: %(shared)s. This one is %(more)s.") % {
            "shared": ", ".join([*traits, *genres]),
            "more": more,
        }
    return _("No trait or leading genre in common. This one is %(more)s.") % {"more": more}


def _usual(summaries: Sequence[ClusterSummary]) -> dict[str, float]:
    """The mean of all clustered tracks, from the clusters' means and sizes."""
    total = sum(each.size for each in summaries)
    names = summaries[0].centroid
    return {name: sum(each.size * each.centroid[name] for each in summaries) / total for name in names}
