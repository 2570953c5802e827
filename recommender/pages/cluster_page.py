"""What the page of a cluster shows, and that of a sub-cluster."""

from collections.abc import Sequence
from typing import Any

from recommender.answers.requests import RecommendationRequest
from recommender.answers.summaries import (
    ClusterSummary,
    cluster_examples,
    clusters_by_number,
)
from recommender.pages.panels import ClusterCard, cluster_card, colour_of, genre_bars, percentage, step_of
from recommender.parameters.mix_address import MixAddress
from recommender.snapshots.snapshot import Snapshot
from tracks.feature_words import feature_bars

SEEDS_OF_MIX = 5


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
        "feature_bars": feature_bars(summary.centroid, _usual(list(clusters_by_number(snapshot).values()))),
    }


def subcluster_cards(snapshot: Snapshot, summary: ClusterSummary) -> list[ClusterCard]:
    """The sub-clusters of a cluster, the largest first."""
    largest_first = sorted(summary.subclusters, key=lambda each: -each.size)
    return [cluster_card(snapshot, each) for each in largest_first]


def _usual(summaries: Sequence[ClusterSummary]) -> dict[str, float]:
    """The mean of all clustered tracks, from the clusters' means and sizes."""
    total = sum(each.size for each in summaries)
    names = summaries[0].centroid
    return {name: sum(each.size * each.centroid[name] for each in summaries) / total for name in names}
