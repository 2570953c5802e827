"""The Celery door of playlists. A message is only a wake-up: the import's row is the queue."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import structlog
from celery import shared_task
from django.db import transaction
from kombu.exceptions import OperationalError

from tracks.models import PlaylistImport
from tracks.playlists.queue import PlaylistOptions, request_import

log = structlog.get_logger(__name__)


@shared_task  # type: ignore[untyped-decorator]
def import_queued_playlists() -> None:
    """Perform the queued import of playlists, if there is one."""
    # Imported only where it is performed: a web process asks for imports, and reads no file itself.
    from tracks.playlists.imports import run_queued_import

    run_queued_import()


def import_playlists_soon(
    paths: Sequence[Path], options: PlaylistOptions | None = None, *, requested_by: Any = None
) -> PlaylistImport:
    """Have a worker import files, at once. Raises `ImportInFlight` when one is queued or running."""
    work = request_import(paths, options, requested_by=requested_by)
    transaction.on_commit(wake_worker)
    return work


def wake_worker() -> None:
    """Tell a worker that an import of playlists is queued."""
    try:
        import_queued_playlists.delay()
    except (OperationalError, OSError) as error:
        # The import is queued all the same: the sweep wakes a worker once the broker is back.
        log.warning("worker_not_woken", error=str(error))
