"""The Celery door. A message is only a wake-up: the run's row is the queue, so losing one loses nothing."""

from typing import Any

import structlog
from celery import shared_task
from celery.signals import worker_init
from django.db import transaction
from kombu.exceptions import OperationalError

from recommender.models import ClusteringRun
from recommender.runs.refitting import RefitParameters, request_refit, run_queued_refit
from tracks.models import CatalogueImport, PlaylistImport, Track
from tracks.playlists.tasks import import_queued_playlists
from tracks.tasks import import_queued_catalogue
from tracks.work import Status

log = structlog.get_logger(__name__)


@worker_init.connect  # type: ignore[untyped-decorator]
def load_numerics(**facts: Any) -> None:
    """Load what fitting needs before the worker forks: its processes share it, and start at once.

    Only loaded, not used: no thread of scikit-learn's may run yet when the processes are forked.
    """
    import recommender.runs.fitting  # noqa: F401  (in a worker only, never in a web process)


@shared_task  # type: ignore[untyped-decorator]
def refit_clusters() -> None:
    """Perform the queued refit, if there is one."""
    run_queued_refit()


@shared_task  # type: ignore[untyped-decorator]
def scheduled_refit() -> None:
    """Ask for a refit and perform it; an empty catalogue is left alone."""
    if Track.objects.exists():
        request_refit()
        run_queued_refit()


@shared_task  # type: ignore[untyped-decorator]
def sweep() -> None:
    """Mark work whose worker died as failed, and wake a worker for what is still queued."""
    tasks: dict[type[Any], Any] = {
        ClusteringRun: refit_clusters,
        CatalogueImport: import_queued_catalogue,
        PlaylistImport: import_queued_playlists,
    }
    for kind, task in tasks.items():
        kind.objects.fail_stale()
        if kind.objects.filter(status=Status.QUEUED).exists():
            task.delay()


def refit_soon(
    parameters: RefitParameters | None = None, requested_by: Any = None
) -> tuple[ClusteringRun, bool]:
    """Ask for a refit by a worker, at once: `(run, created)`; the one in flight when there is one."""
    run, created = request_refit(parameters, requested_by)
    if created:
        transaction.on_commit(_wake_worker)
    return run, created


def _wake_worker() -> None:
    try:
        refit_clusters.delay()
    except (OperationalError, OSError) as error:
        # The run is queued all the same: the sweep wakes a worker once the broker is back.
        log.warning("worker_not_woken", error=str(error))
