"""From files of playlists to gathered ones: read, match, count, and write down what is not known."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np

from tracks.importing.artists import known_names_with_commas
from tracks.playlists.arrays import NO_OWNER, PlaylistArrays
from tracks.playlists.collecting import Gathered, Gathering
from tracks.playlists.inputs import Input, find_inputs, open_playlists
from tracks.playlists.matching import match_rows
from tracks.playlists.queue import PlaylistOptions
from tracks.playlists.reports import FileReport, Report, UnmatchedFile
from tracks.playlists.rows import Batch, PlaylistReader, clean

MAX_PATH_LENGTH = 1000


class Reader:
    """Reads files one after the other, and notes in the report, and in the file if given, what it meets."""

    def __init__(self, options: PlaylistOptions, report: Report, unmatched: UnmatchedFile | None) -> None:
        self._options, self._report, self._unmatched = options, report, unmatched
        self._gathering = Gathering()

    def read(self, inputs: Sequence[Input], on_read: Callable[[float], None]) -> Gathered:
        """Read all files; `on_read` hears the fraction that is behind us. Raises `UnreadableFile`."""
        artists = known_names_with_commas()
        sizes = [1 + (file.path.stat().st_size if file.path.is_file() else 0) for file in inputs]
        behind = 0
        for file, size in zip(inputs, sizes, strict=True):
            with closing(open_playlists(file, self._options, artists)) as reader:
                self._gathering.begin_file()
                self._report.files.append(FileReport(reader.name, reader.layout))
                for batch in reader.batches():
                    self._take(reader, batch)
                    on_read((behind + size * min(1.0, reader.fraction_read())) / sum(sizes))
            if reader.layout == "export":
                self._gathering.add_export(clean(str(file.path), MAX_PATH_LENGTH))
            behind += size
        gathered = self._gathering.gathered()
        self._report.repeated = gathered.repeated
        return gathered

    def _take(self, reader: PlaylistReader, batch: Batch) -> None:
        self._gathering.add_heads(batch.heads)
        for row, match in zip(batch.rows, match_rows(batch.rows), strict=True):
            self._report.count_match(match)
            self._gathering.add_row(row.playlist, match.track_id if match else None)
            if match is None and self._unmatched:
                self._unmatched.write_unmatched(reader.name, self._gathering.name_of(row.playlist), row)
        for reject in batch.broken:
            self._report.count_unreadable(reader.headers, reject)
            if self._unmatched:
                self._unmatched.write_unreadable(reader.name, reader.headers, reject)


def playlists_in_files(
    paths: Iterable[Path],
    options: PlaylistOptions | None = None,
    *,
    on_read: Callable[[float], None] = lambda fraction: None,
) -> tuple[PlaylistArrays, Report]:
    """What `import_playlists` would store of these files, and how their rows matched; nothing is stored.

    `playlists` are numbers from 0 instead of pks, of those that hold known tracks. Raises `UnreadableFile`.
    """
    report = Report()
    gathered = Reader((options or PlaylistOptions()).cleaned(), report, None).read(
        find_inputs(paths), on_read
    )
    known = np.flatnonzero(np.diff(gathered.indptr))
    numbers: dict[str, int] = {}
    owners = [gathered.heads[number].owner for number in known]
    owner_numbers = [numbers.setdefault(owner, len(numbers)) if owner else NO_OWNER for owner in owners]
    arrays = PlaylistArrays(
        playlists=np.arange(len(known)),
        indptr=np.append(gathered.indptr[known], gathered.indptr[-1]),
        tracks=gathered.tracks,
        owners=np.array(owner_numbers, dtype=np.int64),
    )
    return arrays, report
