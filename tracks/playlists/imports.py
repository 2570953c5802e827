"""Import playlists: the one use case behind the command, the task and the admin."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tracks.importing.refusals import ImportRefused, NothingToImport
from tracks.importing.uploads import remove_uploads
from tracks.jobs.supervision import ProgressListener, Supervision
from tracks.jobs.work import Status
from tracks.models import Playlist, PlaylistEntry, PlaylistImport, Track
from tracks.phases import PlaylistImportPhase
from tracks.playlists.collecting import Gathered
from tracks.playlists.inputs import find_inputs
from tracks.playlists.queue import PLAYLIST_IMPORTS, PlaylistOptions, start_import
from tracks.playlists.reading import Reader
from tracks.playlists.reports import Report
from tracks.playlists.storing import Change, store_playlists
from tracks.playlists.unmatched import UnmatchedFile

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
        PLAYLIST_IMPORTS.perform(work, lambda supervision: _Import(work, supervision).run(), on_progress)
    finally:
        remove_uploads(work.files)


class _Import:
    """One import under way."""

    def __init__(self, work: PlaylistImport, supervision: Supervision) -> None:
        self._work, self._supervision = work, supervision
        self._options = PlaylistOptions(**work.options)
        self._report = Report()
        self._unmatched = UnmatchedFile(PLAYLIST_IMPORTS.folder / f"unmatched-{work.pk}.csv")

    def run(self) -> None:
        if not Track.objects.exists():
            raise NothingToImport(_("The catalogue is empty: import tracks first, then their playlists."))
        gathered = self._read()
        if not self._report.matched:
            self._refuse()
        try:
            with self._supervision.protected(), transaction.atomic():
                changes = store_playlists(
                    gathered,
                    is_public=self._options.is_public,
                    on_stored=lambda done: self._progress(PlaylistImportPhase.SAVING, done),
                )
                stored = {"playlists": Playlist.objects.count(), "entries": PlaylistEntry.objects.count()}
                self._report.conclude({change.value: changes[change] for change in Change}, stored)
                self._work.finish(**self._stored_report())
        except IntegrityError as error:  # a track that was matched has been deleted meanwhile
            sentence = _("The catalogue changed while the playlists were read: start the import again.")
            raise ImportRefused(sentence) from error

    def _read(self) -> Gathered:
        inputs = find_inputs(map(Path, self._work.files))
        with self._unmatched:
            reader = Reader(self._options, self._report, self._unmatched)
            gathered = reader.read(inputs, lambda done: self._progress(PlaylistImportPhase.READING, done))
        self._report.repeated = gathered.repeated
        return gathered

    def _progress(self, phase: PlaylistImportPhase, fraction: float) -> None:
        begin, end = SPANS[phase]
        self._supervision.progress(phase, begin + (end - begin) * fraction)

    def _refuse(self) -> None:
        self._work.rows(Status.RUNNING).update(**self._stored_report())
        if not self._report.rows:
            raise NothingToImport(_("There is no row of a playlist in these files: nothing was imported."))
        sentence = _(
            "Not one of %(rows)d rows is a track of this catalogue: nothing was imported. Import the tracks "
            "first; the rows are listed in %(file)s."
        )
        raise NothingToImport(sentence % {"rows": self._report.rows, "file": self._unmatched.name})

    def _stored_report(self) -> dict[str, Any]:
        report = self._report.as_json() | {"rejects_cut_after": self._unmatched.cut_after}
        return {"report": report, "unmatched_file": self._unmatched.name}
