"""Import files of tracks into the catalogue: the one use case behind the command, the task and the admin."""

import gc
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import structlog
from django.db import transaction
from django.utils.translation import gettext as _

from tracks.importing.bulk import bulk_writing
from tracks.importing.chunks import Source
from tracks.importing.phases import BEGINS_AT, Phase
from tracks.importing.publishing import publish_tracks
from tracks.importing.queue import imports_folder, start_import
from tracks.importing.reading import Reader
from tracks.importing.recordings import group_recordings
from tracks.importing.refusals import NothingToImport
from tracks.importing.rejects import RejectsFile
from tracks.importing.reports import Report
from tracks.importing.sources import open_source
from tracks.importing.staging import finish_staging, staging_tables
from tracks.importing.uploads import remove_uploads
from tracks.jobs.presence import present
from tracks.jobs.supervision import ProgressListener, Supervision, perform
from tracks.jobs.work import Status
from tracks.models import Artist, CatalogueImport, Genre, Track
from tracks.search import rebuild_index

log = structlog.get_logger(__name__)


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
    work: CatalogueImport | None = CatalogueImport.objects.claim()
    if work is not None:
        perform_import(work)
    return work


def perform_import(work: CatalogueImport, on_progress: ProgressListener | None = None) -> None:
    """Perform a claimed import: it ends done, cancelled, or failed with the reason raised again."""
    log.info("import_started", work=work.pk, files=work.files)
    try:
        with present(imports_folder(), work.pk), _collector_paused():
            perform(work, lambda supervision: _Import(work, supervision).run(), on_progress=on_progress)
    finally:
        remove_uploads(work.files)
    log.info("import_ended", work=work.pk, status=work.status)


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


class _Import:
    """One import under way."""

    def __init__(self, work: CatalogueImport, supervision: Supervision) -> None:
        self._work, self._supervision = work, supervision
        self._report = Report()
        self._rejects = RejectsFile(imports_folder() / f"rejects-{work.pk}.csv")

    def run(self) -> None:
        with ExitStack() as stack:
            sources = [stack.enter_context(closing(open_source(Path(file)))) for file in self._work.files]
            stack.enter_context(bulk_writing())
            stack.enter_context(staging_tables())
            stack.callback(self._remove_unreferenced_rejects)
            with self._rejects:
                reader = Reader(self._report, self._rejects)
                for source in sources:
                    reader.read(source, lambda: self._on_read(sources))
            self._refuse_nothing()
            with self._supervision.protected(), transaction.atomic():
                self._publish()

    def _remove_unreferenced_rejects(self) -> None:
        if not CatalogueImport.objects.filter(pk=self._work.pk, rejects_file=self._rejects.name).exists():
            self._rejects.remove()

    def _on_read(self, sources: Sequence[Source]) -> None:
        fraction = sum(source.fraction_read() for source in sources) / len(sources)
        self._supervision.progress(Phase.READING, fraction * BEGINS_AT[Phase.SAVING])

    def _begin(self, phase: Phase) -> None:
        self._supervision.progress(phase, BEGINS_AT[phase])

    def _refuse_nothing(self) -> None:
        if finish_staging():
            return
        self._work.rows(Status.RUNNING).update(**self._stored_report())
        if not self._report.rows:
            raise NothingToImport(_("There is a header, but no row below it: nothing was imported."))
        sentence = _("Not one of %(rows)d rows could be taken: nothing was imported. See the reasons.")
        raise NothingToImport(sentence % {"rows": self._report.rows})

    def _publish(self) -> None:
        self._begin(Phase.SAVING)
        changes = publish_tracks()
        if changes.any:
            self._begin(Phase.GROUPING)
            group_recordings()
            self._begin(Phase.INDEXING)
            rebuild_index()
        self._report.conclude(changes, _catalogue())
        self._work.finish(**self._stored_report())

    def _stored_report(self) -> dict[str, Any]:
        return {"report": self._report.as_json(), "rejects_file": self._rejects.name}


def _catalogue() -> dict[str, int]:
    return {
        "tracks": Track.objects.count(),
        "recordings": Track.objects.one_per_recording().count(),
        "artists": Artist.objects.count(),
        "genres": Genre.objects.count(),
    }
