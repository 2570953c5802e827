"""From opened files into the staging tables, chunk by chunk."""

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import orjson

from tracks.importing.artists import how_joined, known_names_with_commas
from tracks.importing.chunks import Source
from tracks.importing.recordings import recording_key
from tracks.importing.rejects import RejectsFile
from tracks.importing.reports import FileReport, Report
from tracks.importing.sources import read_chunks
from tracks.importing.staging import TRACK_COLUMNS, stage_tracks
from tracks.importing.validation import Layout, check_chunk

Row = tuple[Any, ...]
GENRES = list(TRACK_COLUMNS).index("genre_names")


class Reader:
    """Reads files one after the other into the staging tables, and notes in the report what it meets."""

    def __init__(self, report: Report, rejects: RejectsFile) -> None:
        self._report, self._rejects = report, rejects
        self._names_with_commas = known_names_with_commas()

    def read(self, source: Source) -> Iterator[int]:
        """Stage a whole file; yields the number of rows of each chunk once it is staged."""
        file = FileReport(source.name, source.encoding)
        self._report.files.append(file)
        hashes, layout = array("q"), None
        for chunk in read_chunks(source):
            if layout is None:
                joined = how_joined(chunk.column("artists"), source.headers["artists"])
                decimal_comma = getattr(source, "separator", ",") != ","
                layout = Layout(joined, decimal_comma, self._names_with_commas)
                file.joined = joined
            hashes.extend(map(hash, chunk.rows_as_text()))
            checked = check_chunk(chunk, layout)
            file.rows += len(chunk.lines) + len(chunk.broken)
            file.left_empty += checked.left_empty
            for reject in checked.rejects:
                file.rejected += 1
                self._report.count_reject(file.name, source.headers, reject)
            self._rejects.write(source.name, source.headers, checked.rejects)
            stage_tracks(_one_row_a_track(checked.values))
            yield len(chunk.lines)
        file.repeats = len(hashes) - len(np.unique(np.frombuffer(hashes, dtype=np.int64)))


def _one_row_a_track(values: dict[str, list[Any]]) -> list[Row]:
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
