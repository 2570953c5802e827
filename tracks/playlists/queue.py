"""Asking for an import of playlists: in this process, or by a worker. One at a time; the row is the queue."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from tracks.importing.refusals import ImportInFlight
from tracks.jobs.presence import is_gone
from tracks.jobs.waking import wake_worker_on_commit
from tracks.jobs.work import Status
from tracks.models import PlaylistImport
from tracks.playlists.rows import MAX_ID_LENGTH, MAX_OWNER_LENGTH, clean

TASK = "tracks.playlists.tasks.import_queued_playlists"


@dataclass(frozen=True)
class PlaylistOptions:
    """How playlists are kept.

    `source` labels where they are from; without it the files say, or for exports their folder, whose
    label is `folder` where its name means nothing. `owner` is whose they are where the files do not
    say. Only with `is_public` may pages show them, else they are for learning alone.
    """

    source: str = ""
    owner: str = ""
    is_public: bool = False
    folder: str = ""

    def cleaned(self) -> "PlaylistOptions":
        """Fit to be stored."""
        source, folder = clean(self.source, MAX_ID_LENGTH), clean(self.folder, MAX_ID_LENGTH)
        return PlaylistOptions(source, clean(self.owner, MAX_OWNER_LENGTH), self.is_public, folder)


def playlist_imports_folder() -> Path:
    """Where imports keep their files of rows without a match."""
    return Path(settings.DATA_DIR) / "playlist-imports"


def request_import(
    paths: Sequence[Path], options: PlaylistOptions | None = None, *, requested_by: Any = None
) -> PlaylistImport:
    """Queue an import for a worker. Raises `ImportInFlight` when one is queued or running.

    Whoever wants it performed at once calls `import_playlists_soon` instead.
    """
    fail_dead_imports()
    return _ours(*PlaylistImport.objects.request(requested_by=requested_by, **_fields(paths, options)))


def import_playlists_soon(
    paths: Sequence[Path], options: PlaylistOptions | None = None, *, requested_by: Any = None
) -> PlaylistImport:
    """Have a worker import files, at once. Raises `ImportInFlight` when one is queued or running."""
    work = request_import(paths, options, requested_by=requested_by)
    wake_worker_on_commit(TASK)
    return work


def start_import(paths: Sequence[Path], options: PlaylistOptions | None = None) -> PlaylistImport:
    """As `request_import`, but claimed for this process, which then performs it."""
    fail_dead_imports()
    return _ours(*PlaylistImport.objects.start(**_fields(paths, options)))


def fail_dead_imports() -> None:
    """Mark imports whose process is gone as failed: at once on its machine, elsewhere by heartbeat."""
    PlaylistImport.objects.fail_stale()
    for work in PlaylistImport.objects.filter(status=Status.RUNNING):
        if is_gone(playlist_imports_folder(), work.pk):
            work.end(Status.FAILED, _("Its process was killed. Nothing was changed; start it again."))


def _fields(paths: Sequence[Path], options: PlaylistOptions | None) -> dict[str, Any]:
    kept = (options or PlaylistOptions()).cleaned()
    name = kept.source or ", ".join(path.name or str(path) for path in paths)
    files = [str(path) for path in paths]
    return {"files": files, "source_name": clean(name, MAX_ID_LENGTH), "options": asdict(kept)}


def _ours(work: PlaylistImport, created: bool) -> PlaylistImport:
    if created:
        return work
    since = work.started_at or work.created_at
    sentence = _(
        "An import of playlists is %(status)s already (%(source)s, since %(since)s UTC): wait for its end, "
        "or cancel it."
    )
    values = {"status": work.get_status_display(), "source": work.source_name, "since": f"{since:%H:%M:%S}"}
    raise ImportInFlight(sentence % values)
