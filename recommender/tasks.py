"""The Celery door. A message is only a wake-up: the run's row is the queue, so losing one loses nothing."""

from typing import Any

from celery import shared_task
from celery.signals import worker_init

from recommender.runs.refitting import REFITS, request_scheduled_refit, run_queued_refit
from tracks.importing.queue import IMPORTS
from tracks.models import Track
from tracks.playlists.queue import PLAYLIST_IMPORTS


@worker_init.connect  # type: ignore[untyped-decorator]
def load_numerics(**facts: Any) -> None:
    """Load what fitting needs before the worker forks: its processes share it, and start at once.

    Only loaded, not used: no thread of scikit-learn's may run yet when the processes are forked.
    """
    import recommender.runs.pipeline  # noqa: F401  (in a worker only, never in a web process)


@shared_task  # type: ignore[untyped-decorator]
def refit_clusters() -> None:
    """Perform the queued refit, if there is one."""
    run_queued_refit()


@shared_task  # type: ignore[untyped-decorator]
def scheduled_refit() -> None:
    """Refit when something has changed; an empty catalogue is left alone."""
    if Track.objects.exists() and request_scheduled_refit():
        run_queued_refit()


@shared_task  # type: ignore[untyped-decorator]
def sweep() -> None:
    """Mark work whose worker died as failed, and wake a worker for what is still queued."""
    for queue in (REFITS, IMPORTS, PLAYLIST_IMPORTS):
        queue.sweep()
