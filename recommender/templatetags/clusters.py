"""The active run's clusters and the refit in flight, for pages that are not about them."""

from functools import partial
from typing import Any

from django import template

from recommender.pages import panels
from recommender.runs import status as run_status
from recommender.snapshots.store import SnapshotUnavailable, active_snapshot

register = template.Library()


@register.inclusion_tag("recommender/parts/explore_clusters.html")
def explore_clusters() -> dict[str, Any]:
    """All clusters as cards; nothing while there are none, or while their files cannot be read."""
    try:
        snapshot = active_snapshot()
    except SnapshotUnavailable:  # searching goes on without them; the pages of the clusters say so
        return {}
    if snapshot is None:
        return {}
    return {"run_id": snapshot.run_id, "cards": partial(panels.cluster_cards, snapshot)}


@register.inclusion_tag("recommender/parts/run_status.html")
def refit_in_flight() -> dict[str, Any]:
    return run_status.run_status()
