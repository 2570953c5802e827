"""From opened files into the staging tables, chunk by chunk."""

from array import array
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any

import numpy as np
import orjson

from tracks.importing.artists import NAMES_WITH_COMMAS, Joined, how_joined
from tracks.importing.chunks import Chunk, Source
from tracks.importing.recordings import recording_key
from tracks.importing.rejects import RejectsFile
from tracks.importing.reports import FileReport, Report
from tracks.importing.sources import read_chunks
from tracks.importing.staging import TRACK_COLUMNS, stage_tracks
from tracks.importing.texts import Layout
from tracks.importing.validation import check_chunk
from tracks.models import Artist

Values = dict[str, list[Any]]
Row = tuple[Any, ...]
GENRES = list(TRACK_COLUMNS).index("genre_names")


class Reader:
    """Reads files one after the other into the staging tables, and notes in the report what it meets."""

    def __init__(self, report: Report, rejects: RejectsFile) -> None:
        self._report, self._rejects = report, rejects

    def read(self, source: Source, on_read: Callable[[], None]) -> None:
        """Stage a whole file; `on_read` is called after each chunk."""
        file = FileReport(source.name, source.encoding)
        self._report.files.append(file)
        hashes, layout = array("q"), None
        for chunk in read_chunks(source):
            layout = layout or self._layout(source, chunk)
            hashes.extend(map(hash, chunk.rows_as_text()))
            checked = check_chunk(chunk, layout)
            file.rows += len(chunk.lines) + len(chunk.broken)
            file.left_empty += checked.left_empty
            self._report.count(file, source.headers, checked.rejects)
            self._rejects.write(source.name, source.headers, checked.rejects)
            stage_tracks(_one_row_a_track(checked.values))
            on_read()
        file.joined = layout.joined if layout else ""
        file.repeats = len(hashes) - len(np.unique(np.frombuffer(hashes, dtype=np.int64)))

    def _layout(self, source: Source, first: Chunk) -> Layout:
        joined = how_joined(first.column("artists"), source.headers["artists"])
        split_at_commas = joined in (Joined.COMMA_SPACE, Joined.BARE_COMMA)
        names = NAMES_WITH_COMMAS | self._known_names if split_at_commas else NAMES_WITH_COMMAS
        return Layout(joined, getattr(source, "separator", ",") != ",", names)

    @cached_property
    def _known_names(self) -> frozenset[str]:
        """Names with commas that the catalogue has from files that join artists otherwise."""
        return frozenset(Artist.objects.filter(name__contains=",").values_list("name", flat=True))


def _one_row_a_track(values: Values) -> list[Row]:
    """Rows of `TRACK_COLUMNS`: of one id the later row wins, but erases nothing, and genres add up."""
    keys = map(recording_key, values["title"], (names[0] for names in values["artist_names"]))
    columns = values | {
        "recording_key": list(keys),
        "artist_names": _all_as_json(values["artist_names"]),
        "genre_names": _all_as_json(values["genre_names"]),
    }
    rows = list(zip(*(columns[name] for name in TRACK_COLUMNS), strict=True))
    last = dict(zip(columns["spotify_id"], rows, strict=True))
    if len(last) < len(rows):
        several = {track_id for track_id, count in Counter(columns["spotify_id"]).items() if count > 1}
        last |= _overlaid(row for row in rows if row[0] in several)
    return list(last.values())


def _all_as_json(lists: list[list[str]]) -> list[str | None]:
    """Cells that say the same have one list between them, which is written once."""
    texts = {key: _as_json(names) for key, names in {id(names): names for names in lists}.items()}
    return [texts[id(names)] for names in lists]


def _as_json(names: list[str]) -> str | None:
    return orjson.dumps(names).decode() if names else None


def _overlaid(rows: Iterable[Row]) -> dict[str, Row]:
    merged: dict[str, Row] = {}
    for later in rows:
        earlier = merged.get(later[0], later)
        row = [new if new is not None else old for old, new in zip(earlier, later, strict=True)]
        if earlier is not later and earlier[GENRES] and later[GENRES]:
            row[GENRES] = _as_json(orjson.loads(earlier[GENRES]) + orjson.loads(later[GENRES]))
        merged[later[0]] = tuple(row)
    return merged
