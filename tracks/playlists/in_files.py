"""Playlists straight from files, matched as an import matches them, and stored nowhere."""

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from tracks.playlists.arrays import NO_OWNER, PlaylistArrays
from tracks.playlists.collecting import Gathered
from tracks.playlists.inputs import find_inputs
from tracks.playlists.queue import PlaylistOptions
from tracks.playlists.reading import Reader
from tracks.playlists.reports import Report


def playlists_in_files(
    paths: Iterable[Path],
    options: PlaylistOptions | None = None,
    *,
    on_read: Callable[[float], None] = lambda fraction: None,
) -> tuple[PlaylistArrays, Report]:
    """What `import_playlists` would store of these files, and how their rows matched.

    `playlists` are numbers from 0 instead of pks, of those that hold known tracks. Raises `UnreadableFile`.
    """
    report = Report()
    reader = Reader((options or PlaylistOptions()).cleaned(), report, None)
    gathered = reader.read(find_inputs(paths), on_read)
    report.repeated = gathered.repeated
    return _arrays(gathered), report


def _arrays(gathered: Gathered) -> PlaylistArrays:
    lengths = np.diff(gathered.indptr)
    known = np.flatnonzero(lengths)
    numbers: dict[str, int] = {}
    owners = [gathered.heads[number].owner for number in known]
    return PlaylistArrays(
        playlists=np.arange(len(known)),
        indptr=np.append(gathered.indptr[known], gathered.indptr[-1]),
        tracks=gathered.tracks,
        owners=np.array(
            [numbers.setdefault(owner, len(numbers)) if owner else NO_OWNER for owner in owners],
            dtype=np.int64,
        ),
    )
