"""From files of playlists to gathered ones: read, match, count, and write down what is not known."""

from collections.abc import Callable, Sequence
from contextlib import closing

from tracks.importing.artists import NAMES_WITH_COMMAS
from tracks.models import Artist
from tracks.playlists.collecting import Gathered, Gathering
from tracks.playlists.inputs import Input, open_playlists, with_shares
from tracks.playlists.matching import match_rows
from tracks.playlists.queue import PlaylistOptions
from tracks.playlists.reports import FileReport, Report
from tracks.playlists.rows import Batch, PlaylistReader, clean
from tracks.playlists.unmatched import UnmatchedFile

MAX_PATH_LENGTH = 1000


class Reader:
    """Reads files one after the other, and notes in the report, and in the file if given, what it meets."""

    def __init__(self, options: PlaylistOptions, report: Report, unmatched: UnmatchedFile | None) -> None:
        self._options, self._report, self._unmatched = options, report, unmatched
        self._gathering = Gathering()

    def read(self, inputs: Sequence[Input], on_read: Callable[[float], None]) -> Gathered:
        """Read all files; `on_read` hears the fraction that is behind us. Raises `UnreadableFile`."""
        artists = NAMES_WITH_COMMAS.union(
            Artist.objects.filter(name__contains=",").values_list("name", flat=True)
        )
        for file, before, share in with_shares(inputs):
            with closing(open_playlists(file, self._options, artists)) as reader:
                self._gathering.begin_file()
                self._report.files.append(FileReport(reader.name, reader.layout))
                for batch in reader.batches():
                    self._take(reader, batch)
                    on_read(before + share * min(1.0, reader.fraction_read()))
            if reader.layout == "export":
                self._gathering.add_export(clean(str(file.path), MAX_PATH_LENGTH))
        return self._gathering.gathered()

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
