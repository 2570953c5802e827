"""Which rows of a chunk are good, what is wrong with the others, and the good ones' values.

Cells are read a whole column at a time. The first problem that is found in a row is the reason for
which it is rejected.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import compress
from typing import Any

import numpy as np

from tracks.audio_features import AUDIO_FEATURES
from tracks.importing.artists import NAMES_WITH_COMMAS, Joined, read_list, split_artists
from tracks.importing.chunks import Chunk, Problems, Reason, Reject
from tracks.importing.numbers import Numbers
from tracks.spotify_ids import read_track_id

MAX_CELL_LENGTH = {"title": 1000, "album": 1000, "artists": 10_000, "genres": 10_000}
MAX_ARTIST_LENGTH, MAX_GENRE_LENGTH = 500, 100
DAY_MS = 24 * 60 * 60 * 1000
COUNTS = {"popularity": (0, 100), "duration_ms": (0, DAY_MS)}
TRUTHS: dict[str, bool | None] = {
    **dict.fromkeys(("true", "1", "1.0", "yes", "y", "t"), True),
    **dict.fromkeys(("false", "0", "0.0", "no", "n", "f"), False),
    "": None,
}
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


@dataclass
class Checked:
    """The good rows by field (None: nothing said), the rejected ones, and cells that were left empty."""

    values: dict[str, list[Any]]
    rejects: list[Reject]
    left_empty: int


def check_chunk(chunk: Chunk, layout: Layout) -> Checked:
    """Tell good rows from bad ones.

    A release date or ISRC that cannot be read is left empty: it is not worth the row.
    """
    problems = Problems(chunk)
    _check_characters(chunk, problems)
    values = _read_texts(chunk, layout, problems) | _read_numbers(chunk, layout, problems)
    good = problems.good()
    left_empty = 0
    for field, read in (("isrc", read_isrc), ("release_date", _release_date)):
        values[field] = list(map(read, chunk.column(field)))
        if field in chunk.cells:
            said = [bool(cell.strip()) for cell in chunk.column(field)]
            left_empty += sum(value is None for value in compress(values[field], good & said))
    if not good.all():
        values = {field: list(compress(cells, good)) for field, cells in values.items()}
    return Checked(values, sorted([*chunk.broken, *problems.rejects()]), left_empty)


def _check_characters(chunk: Chunk, problems: Problems) -> None:
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


def _read_texts(chunk: Chunk, layout: Layout, problems: Problems) -> dict[str, list[Any]]:
    """Ids, names and lists of names by field."""
    cells = [cell.strip() for cell in chunk.column("spotify_id")]
    ids = [read_track_id(cell) for cell in cells]
    if None in ids:
        problems.mark([not cell for cell in cells], Reason.MISSING, "spotify_id")
        problems.mark([cell.startswith(LOCAL_FILE) for cell in cells], Reason.LOCAL_FILE, "spotify_id")
        problems.mark([track_id is None for track_id in ids], Reason.NOT_AN_ID, "spotify_id")
    titles, artists = (_names(chunk, field, problems, needed=True) for field in ("title", "artists"))
    albums, genres = (_names(chunk, field, problems, needed=False) for field in ("album", "genres"))
    if not NOTHINGS.isdisjoint(titles):
        # Where a program wrote its word for "nothing" in both: one of them alone may be a name.
        both = zip(titles, artists, strict=True)
        problems.mark([NOTHINGS.issuperset(names) for names in both], Reason.MISSING, "title")
    credited = {cell: split_artists(cell, layout.joined, layout.names_with_commas) for cell in set(artists)}
    if not all(credited.values()):
        problems.mark([not credited[cell] for cell in artists], Reason.MISSING, "artists")
    parts = {cell: read_list(cell) or _GENRE_SEPARATOR.split(cell) for cell in set(genres)}
    named = {cell: list(dict.fromkeys(filter(None, map(str.strip, each)))) for cell, each in parts.items()}
    return {
        "spotify_id": ids,
        "title": titles,
        "album": [album or None for album in albums],
        "artist_names": _lists(artists, credited, MAX_ARTIST_LENGTH, "artists", problems),
        "genre_names": _lists(genres, named, MAX_GENRE_LENGTH, "genres", problems),
    }


def _names(chunk: Chunk, field: str, problems: Problems, *, needed: bool) -> list[str]:
    cells = list(map(" ".join, map(str.split, chunk.column(field))))
    if needed and "" in cells:
        problems.mark([not cell for cell in cells], Reason.MISSING, field)
    if max(map(len, cells), default=0) > MAX_CELL_LENGTH[field]:
        problems.mark([len(cell) > MAX_CELL_LENGTH[field] for cell in cells], Reason.TOO_LONG, field)
    return cells


def _lists(
    cells: list[str], split: Mapping[str, list[str]], longest: int, field: str, problems: Problems
) -> list[list[str]]:
    too_long = {cell for cell, names in split.items() if names and max(map(len, names)) > longest}
    if too_long:
        problems.mark([cell in too_long for cell in cells], Reason.TOO_LONG, field)
    return [split[cell] for cell in cells]


def _read_numbers(chunk: Chunk, layout: Layout, problems: Problems) -> dict[str, list[Any]]:
    """Audio features, counts, and whether a track is explicit, by field."""
    fields = [*(feature.name for feature in AUDIO_FEATURES), *COUNTS]
    read = {field: chunk.numbers(field, decimal_comma=layout.decimal_comma) for field in fields}
    silent = np.logical_and.reduce([read[feature.name].empty for feature in AUDIO_FEATURES])
    problems.mark(silent, Reason.NO_FEATURES)
    values: dict[str, list[Any]] = {}
    for feature in AUDIO_FEATURES:
        numbers = read[feature.name]
        if feature.continuous:
            problems.mark(numbers.empty, Reason.MISSING, feature.name)
        _mark_numbers(numbers, feature.low, feature.high, feature.name, problems)
        values[feature.name] = (
            numbers.values.tolist() if feature.continuous else _whole(numbers, feature.name, problems)
        )
    for field, (low, high) in COUNTS.items():
        _mark_numbers(read[field], low, high, field, problems)
        values[field] = _whole(read[field], field, problems)
    values["duration_ms"] = [duration or None for duration in values["duration_ms"]]  # nothing lasts 0 ms
    cells = chunk.column("explicit")
    words = {cell: cell.strip().lower() for cell in set(cells)}
    if not TRUTHS.keys() >= set(words.values()):
        problems.mark([words[cell] not in TRUTHS for cell in cells], Reason.NOT_YES_OR_NO, "explicit")
    values["explicit"] = [TRUTHS.get(words[cell]) for cell in cells]
    return values


def _mark_numbers(numbers: Numbers, low: float, high: float, field: str, problems: Problems) -> None:
    problems.mark(numbers.no_number, Reason.NOT_A_NUMBER, field)
    problems.mark(np.isinf(numbers.values), Reason.NOT_FINITE, field)
    problems.mark(numbers.outside(low, high), Reason.OUT_OF_RANGE, field)


def _whole(numbers: Numbers, field: str, problems: Problems) -> list[int | None]:
    problems.mark(numbers.broken(), Reason.NOT_WHOLE, field)
    if np.isfinite(numbers.values).all():
        return list(numbers.values.astype(np.int64).tolist())
    return [int(value) if np.isfinite(value) else None for value in numbers.values.tolist()]


def read_isrc(cell: str) -> str | None:
    """The code, however it is written; None when the cell holds none."""
    code = cell.strip().replace("-", "").upper() if cell else ""
    return code if _ISRC.fullmatch(code) else None


def _release_date(cell: str) -> str | None:
    match = _RELEASE_DATE.fullmatch(cell.strip()) if cell else None
    return match[1] if match else None
