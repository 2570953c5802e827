"""How a refit goes, as everybody may see it."""

from typing import Any

from recommender.models import ClusteringRun


def run_status(watched: int | None = None) -> dict[str, Any]:
    """The refit in flight, or else the watched one as it ended; `run` is None when there is neither."""
    run = ClusteringRun.objects.in_flight().first()
    if run and ClusteringRun.objects.fail_stale():
        watched, run = run.pk, None
    if run is None and watched is not None:
        run = ClusteringRun.objects.filter(pk=watched).first()
    return {
        "run": run,
        "has_run": bool(run) and ClusteringRun.objects.filter(is_active=True).exists(),
        "is_kept_back": run is not None and not run.is_active and run.is_kept_back,
    }
