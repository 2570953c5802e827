"""Reading playlists from tables: one table of many playlists, or one export a playlist."""

from collections.abc import Collection, Iterator, Sequence

from django.utils.translation import gettext as _

from tracks.importing.artists import Joined, how_joined, split_artists
from tracks.importing.chunks import Reason, Reject, Source
from tracks.importing.refusals import UnreadableFile
from tracks.importing.sources import read_chunks
from tracks.importing.validation import read_isrc
from tracks.playlists.rows import (
    MAX_ID_LENGTH,
    MAX_NAME_LENGTH,
    MAX_OWNER_LENGTH,
    MAX_TITLE_LENGTH,
    Batch,
    Head,
    Identity,
    Row,
    clean,
)
from tracks.spotify_ids import read_track_id

LOOKED_AT = 1000
MAX_CELL_LENGTH = 10_000
MAX_DURATION_DIGITS = 8  # of a day in milliseconds
FIELDS = (
    *("playlist_id", "playlist_name", "playlist_owner"),
    *("spotify_id", "isrc", "title", "artists", "duration_ms"),
)
Cells = Sequence[str]


class TableReader:
    """An opened table. A file without a column of playlists is one playlist: `whole`."""

    def __init__(self, source: Source, whole: Head, known_artists: Collection[str]) -> None:
        by_names = "title" in source.headers and "artists" in source.headers
        if not by_names and not {"spotify_id", "isrc"} & set(source.headers):
            sentence = _(
                "%s is no table of playlists: its first line must name a column with the tracks' ids "
                "(track_id), or their ISRC, or both title and artist."
            )
            raise UnreadableFile(sentence % source.name)
        self.name, self.headers = clean(source.name, MAX_NAME_LENGTH), source.headers
        self._source, self._whole, self._known = source, whole, known_artists
        self._is_list = "playlist_id" in source.headers or "playlist_name" in source.headers
        self.layout = "table" if self._is_list else "export"
        self._joined: Joined | None = None
        self._numbers: dict[Identity, int] = {}

    def fraction_read(self) -> float:
        return self._source.fraction_read()

    def close(self) -> None:
        self._source.close()

    def batches(self) -> Iterator[Batch]:
        """The rows, a chunk of the source at a time; raises UnreadableFile where the file breaks off."""
        for chunk in read_chunks(self._source):
            batch = Batch(broken=list(chunk.broken))
            if self._joined is None:
                header = self._source.headers.get("artists", "")
                self._joined = how_joined(chunk.column("artists")[:LOOKED_AT], header)
            columns = (chunk.column(field) for field in FIELDS)
            for line, *cells in zip(chunk.lines, *columns, strict=True):
                self._read_row(batch, line, cells)
            yield batch

    def _read_row(self, batch: Batch, line: int, cells: Cells) -> None:
        playlist_id, name, owner, track_id, isrc, title, artists, duration = cells
        head, problem = self._whole, _problem(cells)
        if self._is_list:
            name, owner = clean(name, MAX_NAME_LENGTH), head.owner or clean(owner, MAX_OWNER_LENGTH)
            named = f"{owner}/{name}" if owner and name else name
            source_id = clean(playlist_id, MAX_ID_LENGTH) or named[:MAX_ID_LENGTH]
            head = Head(Identity(head.identity.source, source_id), name, owner)
        if not (problem or head.identity.source_id):
            problem = Reason.MISSING, "playlist_id", ""
        if problem:
            batch.broken.append(Reject(line, *problem))
            return
        number = self._numbers.setdefault(head.identity, len(self._numbers))
        batch.heads.setdefault(number, head)
        credited = split_artists(artists, self._joined or Joined.SEMICOLON, self._known)
        whole = duration.strip().removesuffix(".0")
        is_duration = whole.isascii() and whole.isdigit() and len(whole) <= MAX_DURATION_DIGITS
        row = Row(
            playlist=number,
            line=line,
            track_id=read_track_id(track_id.strip()),
            isrc=read_isrc(isrc),
            title=clean(title, MAX_TITLE_LENGTH),
            first_artist=clean(credited[0] if credited else "", MAX_NAME_LENGTH),
            duration_ms=int(whole) if is_duration else None,
            as_written=(track_id, title, artists),
        )
        batch.rows.append(row)


def _problem(cells: Cells) -> tuple[Reason, str, str] | None:
    """Why a row cannot even be looked for: the reason, the column, and what the cell holds."""
    for field, cell in zip(FIELDS, cells, strict=True):
        if "\0" in cell:
            return Reason.NUL, field, cell
        if len(cell) > MAX_CELL_LENGTH:
            return Reason.TOO_LONG, field, cell
        if not cell.isascii() and any("\ud800" <= c <= "\udfff" for c in cell):
            return Reason.UNDECODABLE, field, cell
    if len(cells[0].strip()) > MAX_ID_LENGTH:
        return Reason.TOO_LONG, "playlist_id", cells[0]
    return None
