"""Import files of tracks into the catalogue: the one use case behind the command, the task and the admin."""

import gc
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tracks.importing.bulk import bulk_writing
from tracks.importing.publishing import publish_tracks
from tracks.importing.queue import IMPORTS, start_import
from tracks.importing.reading import Reader
from tracks.importing.recordings import group_recordings
from tracks.importing.refusals import NothingToImport
from tracks.importing.rejects import RejectsFile
from tracks.importing.reports import Report
from tracks.importing.sources import open_source
from tracks.importing.staging import finish_staging, staging_tables
from tracks.importing.uploads import remove_uploads
from tracks.jobs.supervision import ProgressListener, Supervision
from tracks.jobs.work import Status
from tracks.models import Artist, CatalogueImport, Genre, Track
from tracks.phases import ImportPhase
from tracks.search import rebuild_index

# The percent of the whole that is behind us when a phase begins: measured on 114,000 rows.
BEGINS_AT = {
    ImportPhase.READING: 0,
    ImportPhase.SAVING: 40,
    ImportPhase.GROUPING: 65,
    ImportPhase.INDEXING: 75,
}


def import_tracks(
    files: Sequence[Path], *, source_name: str = "", on_progress: ProgressListener | None = None
) -> CatalogueImport:
    """Import CSV, CSV.gz or Parquet files in this process, all or nothing, and return the import.

    Rows of one id become one track, over all `files`. Raises `ImportRefused` (of which `UnreadableFile`,
    `NothingToImport` and `ImportInFlight` are kinds) with a sentence when the catalogue stays as it was.
    """
    work = start_import(files, source_name=source_name)
    perform_import(work, on_progress)
    return work


def run_queued_import() -> CatalogueImport | None:
    """Claim the queued import and perform it; None when there is none, or another worker was first."""
    return IMPORTS.perform_next(perform_import)


def perform_import(work: CatalogueImport, on_progress: ProgressListener | None = None) -> None:
    """Perform a claimed import: it ends done, cancelled, or failed with the reason raised again."""
    try:
        with _collector_paused():
            IMPORTS.perform(work, lambda supervision: _import(work, supervision), on_progress)
    finally:
        remove_uploads(work.files)


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Without the search for cycles, of which millions of rows make none: a tenth of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _import(work: CatalogueImport, supervision: Supervision) -> None:
    report, rejects = Report(), RejectsFile(IMPORTS.folder / f"rejects-{work.pk}.csv")

    def remove_unreferenced_rejects() -> None:
        if not CatalogueImport.objects.filter(pk=work.pk, rejects_file=rejects.name).exists():
            rejects.remove()

    def stored_report() -> dict[str, Any]:
        stored = report.as_json() | {"rejects_cut_after": rejects.cut_after}
        return {"report": stored, "rejects_file": rejects.name}

    with ExitStack() as stack:
        sources = [stack.enter_context(closing(open_source(Path(file)))) for file in work.files]
        stack.enter_context(bulk_writing())
        stack.enter_context(staging_tables())
        stack.callback(remove_unreferenced_rejects)
        with closing(rejects):
            reader = Reader(report, rejects)
            for source in sources:
                for _chunk in reader.read(source):
                    fraction = sum(each.fraction_read() for each in sources) / len(sources)
                    supervision.progress(ImportPhase.READING, fraction * BEGINS_AT[ImportPhase.SAVING])
        if not finish_staging():
            work.rows(Status.RUNNING).update(**stored_report())
            if not report.rows:
                raise NothingToImport(_("There is a header, but no row below it: nothing was imported."))
            sentence = _("Not one of %(rows)d rows could be taken: nothing was imported. See the reasons.")
            raise NothingToImport(sentence % {"rows": report.rows})
        with supervision.protected(), transaction.atomic():
            _publish(report, supervision)
            work.finish(**stored_report())


def _publish(report: Report, supervision: Supervision) -> None:
    supervision.progress(ImportPhase.SAVING, BEGINS_AT[ImportPhase.SAVING])
    changes = publish_tracks()
    if changes.any:
        supervision.progress(ImportPhase.GROUPING, BEGINS_AT[ImportPhase.GROUPING])
        group_recordings()
        supervision.progress(ImportPhase.INDEXING, BEGINS_AT[ImportPhase.INDEXING])
        rebuild_index()
    catalogue = {
        "tracks": Track.objects.count(),
        "recordings": Track.objects.one_per_recording().count(),
        "artists": Artist.objects.count(),
        "genres": Genre.objects.count(),
    }
    report.conclude(changes, catalogue)
