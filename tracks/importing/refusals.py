"""Why an import as a whole is refused: each message is one sentence that says what to do."""

from typing import TypeVar

from django.utils.translation import gettext as _

from tracks.models import CatalogueImport, PlaylistImport

Import = TypeVar("Import", CatalogueImport, PlaylistImport)


class ImportRefused(Exception):
    """Nothing was imported; the message says why and what to do."""


class UnreadableFile(ImportRefused):
    """A file that is no table of tracks, cannot be opened, or is damaged."""


class ImportInFlight(ImportRefused):
    """Another import is queued or running."""


class NothingToImport(ImportRefused):
    """The files were read, but not one row of them could be taken."""


def new_or_refused(work: Import, created: bool) -> Import:
    """The import that was asked for. Raises `ImportInFlight` when `work` is one that was there before."""
    if created:
        return work
    since = work.started_at or work.created_at
    sentence = _(
        "An import is %(status)s already (%(source)s, since %(since)s UTC): wait for its end, or cancel it."
    )
    values = {"status": work.get_status_display(), "source": work.source_name, "since": f"{since:%H:%M:%S}"}
    raise ImportInFlight(sentence % values)
