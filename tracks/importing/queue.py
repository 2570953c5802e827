"""Asking for an import: in this process, or by a worker. One at a time; the row is the queue."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from tracks.importing.refusals import ImportInFlight
from tracks.jobs.presence import is_gone
from tracks.jobs.waking import wake_worker_on_commit
from tracks.jobs.work import Status
from tracks.models import CatalogueImport, source_name_of

TASK = "tracks.tasks.import_queued_catalogue"


def imports_folder() -> Path:
    """Where imports keep their files of rejected rows."""
    return Path(settings.DATA_DIR) / "imports"


def request_import(
    files: Sequence[Path], *, source_name: str = "", requested_by: Any = None
) -> CatalogueImport:
    """Queue an import for a worker. Raises `ImportInFlight` when one is queued or running.

    Whoever wants it performed at once calls `import_soon` instead.
    """
    fail_dead_imports()
    work, created = CatalogueImport.objects.request(**_fields(files, source_name), requested_by=requested_by)
    return _ours(work, created)


def import_soon(files: Sequence[Path], *, source_name: str = "", requested_by: Any = None) -> CatalogueImport:
    """Have a worker import files, at once. Raises `ImportInFlight` when one is queued or running."""
    work = request_import(files, source_name=source_name, requested_by=requested_by)
    wake_worker_on_commit(TASK)
    return work


def start_import(files: Sequence[Path], *, source_name: str = "") -> CatalogueImport:
    """As `request_import`, but claimed for this process, which then performs it."""
    fail_dead_imports()
    return _ours(*CatalogueImport.objects.start(**_fields(files, source_name)))


def fail_dead_imports() -> None:
    """Mark imports whose process is gone as failed: at once on its machine, elsewhere by heartbeat."""
    CatalogueImport.objects.fail_stale()
    for work in CatalogueImport.objects.filter(status=Status.RUNNING):
        if is_gone(imports_folder(), work.pk):
            work.end(Status.FAILED, _("Its process was killed. Nothing was changed; start it again."))


def _fields(files: Sequence[Path], source_name: str) -> dict[str, Any]:
    name = source_name[:200] or source_name_of(files)
    return {"files": [str(file) for file in files], "source_name": name}


def _ours(work: CatalogueImport, created: bool) -> CatalogueImport:
    if created:
        return work
    since = work.started_at or work.created_at
    sentence = _(
        "An import is %(status)s already (%(source)s, since %(since)s UTC): wait for its end, or cancel it."
    )
    values = {"status": work.get_status_display(), "source": work.source_name, "since": f"{since:%H:%M:%S}"}
    raise ImportInFlight(sentence % values)
