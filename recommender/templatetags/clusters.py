"""The active run's clusters and the refit in flight, for pages that are not about them."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from recommender.pages import panels
from recommender.runs import status as run_status
from recommender.snapshots.store import SnapshotUnavailable, active_snapshot

register = template.Library()


@register.simple_tag
def cluster_cards() -> SafeString:
    """All clusters as cards; nothing while there are none, or while their files cannot be read."""
    try:
        snapshot = active_snapshot()
    except SnapshotUnavailable:  # searching goes on without them; the pages of the clusters say so
        return SafeString("")
    return panels.cluster_cards(snapshot) if snapshot else SafeString("")


@register.inclusion_tag("recommender/parts/run_status.html")
def refit_in_flight() -> dict[str, Any]:
    return run_status.run_status()
