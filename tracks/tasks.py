"""The Celery door. A message is only a wake-up: the import's row is the queue, so none can be lost."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import structlog
from celery import shared_task
from django.db import transaction
from kombu.exceptions import OperationalError

from tracks.importing.queue import request_import
from tracks.models import CatalogueImport
from tracks.playlists.tasks import import_queued_playlists  # noqa: F401  (Celery looks for tasks here)

log = structlog.get_logger(__name__)


@shared_task  # type: ignore[untyped-decorator]
def import_queued_catalogue() -> None:
    """Perform the queued import, if there is one."""
    # Imported only where it is performed: a web process asks for imports, and reads no file itself.
    from tracks.importing.imports import run_queued_import

    run_queued_import()


def import_soon(files: Sequence[Path], *, source_name: str = "", requested_by: Any = None) -> CatalogueImport:
    """Have a worker import files, at once. Raises `ImportInFlight` when one is queued or running."""
    work = request_import(files, source_name=source_name, requested_by=requested_by)
    transaction.on_commit(wake_worker)
    return work


def wake_worker() -> None:
    """Tell a worker that an import is queued."""
    try:
        import_queued_catalogue.delay()
    except (OperationalError, OSError) as error:
        # The import is queued all the same: the sweep wakes a worker once the broker is back.
        log.warning("worker_not_woken", error=str(error))
