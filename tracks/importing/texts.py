"""Cells as ids, names and dates: a whole column at a time, with what is wrong in it."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from tracks.importing.artists import NAMES_WITH_COMMAS, Joined, read_list, split_artists
from tracks.importing.chunks import Chunk, Reason
from tracks.importing.problems import Problems
from tracks.spotify_ids import read_track_id

MAX_CELL_LENGTH = {"title": 1000, "album": 1000, "artists": 10_000, "genres": 10_000}
MAX_ARTIST_LENGTH, MAX_GENRE_LENGTH = 500, 100
NOTHINGS = frozenset({"NA", "N/A", "NaN", "nan", "<NA>", "None", "null", "NULL"})
LOCAL_FILE = "spotify:local:"
_RELEASE_DATE = re.compile(r"(\d{4}(?:-\d\d(?:-\d\d)?)?)(?:[T ].*|\.0)?")
_ISRC = re.compile(r"[A-Z]{2}[0-9A-Z]{3}\d{7}")
_GENRE_SEPARATOR = re.compile(r"[;,]")


@dataclass(frozen=True)
class Layout:
    """What a file's cells mean, decided from its header and its first rows."""

    joined: Joined = Joined.SEMICOLON
    decimal_comma: bool = False
    names_with_commas: Collection[str] = NAMES_WITH_COMMAS


def check_characters(chunk: Chunk, problems: Problems) -> None:
    """Mark rows with NUL characters, and with bytes that the file's encoding does not know."""
    if chunk.characters_known:
        return
    for field, cells in chunk.cells.items():
        whole = "".join(cells)
        if "\0" in whole:
            problems.mark(["\0" in cell for cell in cells], Reason.NUL, field)
        if not (whole.isascii() or _is_encodable(whole)):
            problems.mark([not _is_encodable(cell) for cell in cells], Reason.UNDECODABLE, field)


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def read_texts(chunk: Chunk, layout: Layout, problems: Problems) -> dict[str, list[Any]]:
    """The text columns by field; None where a cell says nothing."""
    values: dict[str, list[Any]] = {"spotify_id": _ids(chunk, problems)}
    for field in ("title", "artists"):
        values[field] = _names(chunk, field, problems, needed=True)
    for field in ("album", "genres"):
        values[field] = _names(chunk, field, problems, needed=False)
    if not NOTHINGS.isdisjoint(values["title"]):
        # Where a program wrote its word for "nothing" in both: one of them alone may be a name.
        names = zip(values["title"], values["artists"], strict=True)
        problems.mark([NOTHINGS.issuperset(both) for both in names], Reason.MISSING, "title")
    values["artist_names"] = _artists(values.pop("artists"), layout, problems)
    values["genre_names"] = _genres(values.pop("genres"), problems)
    values["album"] = [album or None for album in values["album"]]
    for field, read in (("isrc", read_isrc), ("release_date", _release_date)):
        has_column = field in chunk.cells
        values[field] = list(map(read, chunk.column(field))) if has_column else [None] * len(chunk.lines)
    return values


def _ids(chunk: Chunk, problems: Problems) -> list[str | None]:
    cells = [cell.strip() for cell in chunk.column("spotify_id")]
    ids = [read_track_id(cell) for cell in cells]
    if None in ids:
        problems.mark([not cell for cell in cells], Reason.MISSING, "spotify_id")
        problems.mark([cell.startswith(LOCAL_FILE) for cell in cells], Reason.LOCAL_FILE, "spotify_id")
        problems.mark([track_id is None for track_id in ids], Reason.NOT_AN_ID, "spotify_id")
    return ids


def _names(chunk: Chunk, field: str, problems: Problems, *, needed: bool) -> list[str]:
    cells = list(map(" ".join, map(str.split, chunk.column(field))))
    if needed and "" in cells:
        problems.mark([not cell for cell in cells], Reason.MISSING, field)
    if max(map(len, cells), default=0) > MAX_CELL_LENGTH[field]:
        problems.mark([len(cell) > MAX_CELL_LENGTH[field] for cell in cells], Reason.TOO_LONG, field)
    return cells


def _artists(cells: list[str], layout: Layout, problems: Problems) -> list[list[str]]:
    split = {cell: split_artists(cell, layout.joined, layout.names_with_commas) for cell in set(cells)}
    if not all(split.values()):
        problems.mark([not split[cell] for cell in cells], Reason.MISSING, "artists")
    return _lists(cells, split, MAX_ARTIST_LENGTH, "artists", problems)


def _genres(cells: list[str], problems: Problems) -> list[list[str]]:
    parts = {cell: read_list(cell) or _GENRE_SEPARATOR.split(cell) for cell in set(cells)}
    split = {cell: list(dict.fromkeys(filter(None, map(str.strip, each)))) for cell, each in parts.items()}
    return _lists(cells, split, MAX_GENRE_LENGTH, "genres", problems)


def _lists(
    cells: list[str], split: dict[str, list[str]], longest: int, field: str, problems: Problems
) -> list[list[str]]:
    too_long = {cell for cell, names in split.items() if names and max(map(len, names)) > longest}
    if too_long:
        problems.mark([cell in too_long for cell in cells], Reason.TOO_LONG, field)
    return [split[cell] for cell in cells]


def read_isrc(cell: str) -> str | None:
    """The code, however it is written; None when the cell holds none."""
    code = cell.strip().replace("-", "").upper() if cell else ""
    return code if _ISRC.fullmatch(code) else None


def _release_date(cell: str) -> str | None:
    match = _RELEASE_DATE.fullmatch(cell.strip()) if cell else None
    return match[1] if match else None
