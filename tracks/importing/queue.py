"""Asking for an import of tracks: in this process, or by a worker."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tracks.importing.refusals import new_or_refused
from tracks.jobs.queue import Queue
from tracks.models import CatalogueImport, source_name_of

# Its folder holds the files of rejected rows.
IMPORTS = Queue(CatalogueImport, "tracks.tasks.import_queued_catalogue", "imports")


def import_soon(files: Sequence[Path], *, source_name: str = "", requested_by: Any = None) -> CatalogueImport:
    """Have a worker import files, at once. Raises `ImportInFlight` when one is queued or running."""
    return new_or_refused(*IMPORTS.request_now(**_fields(files, source_name), requested_by=requested_by))


def start_import(files: Sequence[Path], *, source_name: str = "") -> CatalogueImport:
    """As `import_soon`, but claimed for this process, which then performs it."""
    return new_or_refused(*IMPORTS.start(**_fields(files, source_name)))


def _fields(files: Sequence[Path], source_name: str) -> dict[str, Any]:
    name = source_name[:200] or source_name_of(files)
    return {"files": [str(file) for file in files], "source_name": name}
