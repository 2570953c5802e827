"""Asking for an import of playlists: in this process, or by a worker."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tracks.importing.refusals import new_or_refused
from tracks.jobs.queue import Queue
from tracks.models import PlaylistImport
from tracks.playlists.rows import MAX_ID_LENGTH, MAX_OWNER_LENGTH, clean


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


# Its folder holds the files of rows without a match.
PLAYLIST_IMPORTS = Queue(PlaylistImport, "tracks.tasks.import_queued_playlists", "playlist-imports")


def import_playlists_soon(
    paths: Sequence[Path], options: PlaylistOptions | None = None, *, requested_by: Any = None
) -> PlaylistImport:
    """Have a worker import files, at once. Raises `ImportInFlight` when one is queued or running."""
    requested = PLAYLIST_IMPORTS.request_now(requested_by=requested_by, **_fields(paths, options))
    return new_or_refused(*requested)


def start_import(paths: Sequence[Path], options: PlaylistOptions | None = None) -> PlaylistImport:
    """As `import_playlists_soon`, but claimed for this process, which then performs it."""
    return new_or_refused(*PLAYLIST_IMPORTS.start(**_fields(paths, options)))


def _fields(paths: Sequence[Path], options: PlaylistOptions | None) -> dict[str, Any]:
    kept = (options or PlaylistOptions()).cleaned()
    name = kept.source or ", ".join(path.name or str(path) for path in paths)
    files = [str(path) for path in paths]
    return {"files": files, "source_name": clean(name, MAX_ID_LENGTH), "options": asdict(kept)}
