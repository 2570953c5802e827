"""Import playlists: the one use case behind the command, the task and the admin."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NoReturn

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tracks.importing.refusals import ImportRefused, NothingToImport
from tracks.importing.uploads import remove_uploads
from tracks.jobs.supervision import ProgressListener, Supervision
from tracks.jobs.work import Status
from tracks.models import Playlist, PlaylistEntry, PlaylistImport, Track
from tracks.phases import PlaylistImportPhase
from tracks.playlists.inputs import find_inputs
from tracks.playlists.queue import PLAYLIST_IMPORTS, PlaylistOptions, start_import
from tracks.playlists.reading import Reader
from tracks.playlists.reports import Report, UnmatchedFile
from tracks.playlists.storing import Change, store_playlists

# The percent of the whole from which and to which a phase goes: measured on 32,833 rows.
SPANS = {PlaylistImportPhase.READING: (0, 90), PlaylistImportPhase.SAVING: (90, 100)}


def import_playlists(
    paths: Sequence[Path],
    options: PlaylistOptions | None = None,
    *,
    on_progress: ProgressListener | None = None,
) -> PlaylistImport:
    """Import tables, exports and slices (or folders of them) in this process, all or nothing.

    Raises `ImportRefused` (of which `UnreadableFile`, `NothingToImport` and `ImportInFlight` are kinds)
    with a sentence when the playlists stay as they were.
    """
    work = start_import(paths, options)
    perform_import(work, on_progress)
    return work


def run_queued_import() -> PlaylistImport | None:
    """Claim the queued import and perform it; None when there is none, or another worker was first."""
    return PLAYLIST_IMPORTS.perform_next(perform_import)


def perform_import(work: PlaylistImport, on_progress: ProgressListener | None = None) -> None:
    """Perform a claimed import: it ends done, cancelled, or failed with the reason raised again."""
    try:
        PLAYLIST_IMPORTS.perform(work, lambda supervision: _import(work, supervision), on_progress)
    finally:
        remove_uploads(work.files)


def _import(work: PlaylistImport, supervision: Supervision) -> None:
    options = PlaylistOptions(**work.options)
    report, unmatched = Report(), UnmatchedFile(PLAYLIST_IMPORTS.folder / f"unmatched-{work.pk}.csv")

    def progress(phase: PlaylistImportPhase, fraction: float) -> None:
        begin, end = SPANS[phase]
        supervision.progress(phase, begin + (end - begin) * fraction)

    def stored_report() -> dict[str, Any]:
        stored = report.as_json() | {"rejects_cut_after": unmatched.cut_after}
        return {"report": stored, "unmatched_file": unmatched.name}

    if not Track.objects.exists():
        raise NothingToImport(_("The catalogue is empty: import tracks first, then their playlists."))
    inputs = find_inputs(map(Path, work.files))
    with closing(unmatched):
        reader = Reader(options, report, unmatched)
        gathered = reader.read(inputs, lambda done: progress(PlaylistImportPhase.READING, done))
    if not report.matched:
        work.rows(Status.RUNNING).update(**stored_report())
        _refuse(report, unmatched)
    try:
        with supervision.protected(), transaction.atomic():
            changes = store_playlists(
                gathered,
                is_public=options.is_public,
                on_stored=lambda done: progress(PlaylistImportPhase.SAVING, done),
            )
            stored = {"playlists": Playlist.objects.count(), "entries": PlaylistEntry.objects.count()}
            report.conclude({change.value: changes[change] for change in Change}, stored)
            work.finish(**stored_report())
    except IntegrityError as error:  # a track that was matched has been deleted meanwhile
        sentence = _("The catalogue changed while the playlists were read: start the import again.")
        raise ImportRefused(sentence) from error


def _refuse(report: Report, unmatched: UnmatchedFile) -> NoReturn:
    if not report.rows:
        raise NothingToImport(_("There is no row of a playlist in these files: nothing was imported."))
    sentence = _(
        "Not one of %(rows)d rows is a track of this catalogue: nothing was imported. Import the tracks "
        "first; the rows are listed in %(file)s."
    )
    raise NothingToImport(sentence % {"rows": report.rows, "file": unmatched.name})
