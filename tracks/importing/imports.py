"""Import files of tracks into the catalogue: the one use case behind the command, the task and the admin."""

from collections.abc import Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from tracks.importing.chunks import Source
from tracks.importing.phases import BEGINS_AT, Phase
from tracks.importing.presence import is_gone, present
from tracks.importing.publishing import publish_tracks
from tracks.importing.reading import Reader
from tracks.importing.recordings import group_recordings
from tracks.importing.refusals import ImportInFlight, NothingToImport
from tracks.importing.rejects import RejectsFile, rejects_path
from tracks.importing.reports import Report
from tracks.importing.sources import open_source
from tracks.importing.staging import count_staged, gather_genres, staging_tables
from tracks.models import Artist, CatalogueImport, Genre, Track
from tracks.search.index import rebuild_index
from tracks.supervision import ProgressListener, Supervision, perform
from tracks.work import Status

log = structlog.get_logger(__name__)


def import_tracks(
    files: Sequence[Path], *, source_name: str = "", on_progress: ProgressListener | None = None
) -> CatalogueImport:
    """Import CSV, CSV.gz or Parquet files in this process, all or nothing, and return the import.

    Rows of one id become one track, over all `files`. Raises `ImportRefused` (of which `UnreadableFile`,
    `NothingToImport` and `ImportInFlight` are kinds) with a sentence when the catalogue stays as it was.
    """
    name = source_name or _names(files)
    _give_up_the_dead()
    work: CatalogueImport
    work, created = CatalogueImport.objects.start(files=[str(file) for file in files], source_name=name)
    if not created:
        raise ImportInFlight(_in_flight(work))
    perform_import(work, on_progress)
    return work


def request_import(
    files: Sequence[Path], *, source_name: str = "", requested_by: Any = None
) -> CatalogueImport:
    """Queue an import for a worker. Raises `ImportInFlight` when one is queued or running."""
    name = source_name or _names(files)
    _give_up_the_dead()
    work: CatalogueImport
    work, created = CatalogueImport.objects.request(
        files=[str(file) for file in files], source_name=name, requested_by=requested_by
    )
    if not created:
        raise ImportInFlight(_in_flight(work))
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
    with present(_folder(), work.pk):
        perform(work, lambda supervision: _Import(work, supervision).run(), on_progress=on_progress)
    log.info("import_ended", work=work.pk, status=work.status)


def _folder() -> Path:
    return Path(settings.DATA_DIR) / "imports"


def _names(files: Sequence[Path]) -> str:
    return ", ".join(file.name for file in files)[:200]


def _give_up_the_dead() -> None:
    """An import whose process was killed on this machine need not be waited for."""
    for work in CatalogueImport.objects.filter(status=Status.RUNNING):
        if is_gone(_folder(), work.pk):
            work.end(Status.FAILED, _("Its process was killed. Nothing was changed; start it again."))


def _in_flight(work: CatalogueImport) -> str:
    sentence = _(
        "An import is already %(status)s (%(source)s, since %(since)s UTC): wait for its end, or cancel it."
    )
    since = f"{work.started_at or work.created_at:%H:%M:%S}"
    return sentence % {"status": work.get_status_display(), "source": work.source_name, "since": since}


class _Import:
    """One import under way."""

    def __init__(self, work: CatalogueImport, supervision: Supervision) -> None:
        self._work, self._supervision = work, supervision
        self._report = Report()
        self._rejects = RejectsFile(rejects_path(Path(settings.DATA_DIR), work.pk))

    def run(self) -> None:
        with ExitStack() as stack:
            sources = [stack.enter_context(closing(open_source(Path(file)))) for file in self._work.files]
            stack.enter_context(staging_tables())
            with self._rejects:
                reader = Reader(self._report, self._rejects)
                for source in sources:
                    reader.read(source, lambda: self._on_read(sources))
            self._refuse_nothing()
            gather_genres()
            with self._supervision.protected(), transaction.atomic():
                self._publish()

    def _on_read(self, sources: Sequence[Source]) -> None:
        fraction = sum(source.fraction_read() for source in sources) / len(sources)
        self._supervision.progress(Phase.READING, fraction * BEGINS_AT[Phase.SAVING])

    def _begin(self, phase: Phase) -> None:
        self._supervision.progress(phase, BEGINS_AT[phase])

    def _refuse_nothing(self) -> None:
        if count_staged():
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
