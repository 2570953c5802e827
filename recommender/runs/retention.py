"""What is kept of older runs: the facts of all, the assignments and files of the last few."""

from django.conf import settings

from recommender.models import Assignment, ClusteringRun
from recommender.runs.assignments import delete_assignments
from recommender.snapshots.store import prune_snapshots


def kept_runs() -> set[int]:
    """The runs that can still be made active: the active one and the last few published."""
    published = ClusteringRun.objects.published()
    newest = published.order_by("-pk").values_list("pk", flat=True)[: settings.RUNS_KEPT]
    return {*newest, *published.filter(is_active=True).values_list("pk", flat=True)}


def prune_runs() -> None:
    """Remove assignments and files of all other runs, and what crashed refits left behind.

    Their rows, scores and clusters stay: they are the history, and hold the numbers in use.
    """
    kept = kept_runs()
    stored = ClusteringRun.objects.filter(pk__in=Assignment.objects.order_by().values("run_id"))
    obsolete = set(stored.exclude(pk__in=kept).values_list("pk", flat=True))
    if obsolete:
        delete_assignments(obsolete)
    prune_snapshots(keep=kept)
