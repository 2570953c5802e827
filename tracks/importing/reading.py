"""From opened files into the staging tables, chunk by chunk."""

from array import array
from collections.abc import Callable, Sequence
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
from tracks.importing.staging import TRACK_COLUMNS, add_genres, add_tracks
from tracks.importing.texts import Layout, column
from tracks.importing.validation import check_chunk
from tracks.models import Artist

Values = dict[str, list[Any]]


class Reader:
    """Reads files one after the other into the staging tables, and notes in the report what it meets."""

    def __init__(self, report: Report, rejects: RejectsFile) -> None:
        self._report, self._rejects = report, rejects
        self._genres_seen = 0

    def read(self, source: Source, on_read: Callable[[], None]) -> None:
        """Stage a whole file; `on_read` is called after each chunk."""
        file = FileReport(source.name, source.encoding)
        self._report.files.append(file)
        hashes, layout = array("q"), None
        for chunk in read_chunks(source):
            layout = layout or self._layout(source, chunk)
            hashes.extend(map(hash, zip(*chunk.cells.values(), strict=True)))
            self._take(source, chunk, layout, file)
            on_read()
        file.joined = layout.joined if layout else ""
        file.repeats = len(hashes) - len(np.unique(np.frombuffer(hashes, dtype=np.int64)))

    def _layout(self, source: Source, first: Chunk) -> Layout:
        joined = how_joined(column(first, "artists"), source.headers["artists"])
        split_at_commas = joined in (Joined.COMMA_SPACE, Joined.BARE_COMMA)
        names = NAMES_WITH_COMMAS | self._known_names if split_at_commas else NAMES_WITH_COMMAS
        return Layout(joined, getattr(source, "separator", ",") != ",", names)

    @cached_property
    def _known_names(self) -> frozenset[str]:
        """Names with commas that the catalogue has from files that join artists otherwise."""
        return frozenset(Artist.objects.filter(name__contains=",").values_list("name", flat=True))

    def _take(self, source: Source, chunk: Chunk, layout: Layout, file: FileReport) -> None:
        checked = check_chunk(chunk, layout)
        file.rows += len(chunk.lines) + len(chunk.broken)
        file.left_empty += checked.left_empty
        self._report.count(file, checked.rejects)
        self._rejects.write(source.name, source.headers, checked.rejects)
        add_tracks(_one_row_a_track(checked.values))
        add_genres(self._genre_rows(checked.values))

    def _genre_rows(self, values: Values) -> Sequence[tuple[str, str, int]]:
        pairs = [
            (track_id, genre)
            for track_id, genres in zip(values["spotify_id"], values["genres"], strict=True)
            for genre in genres
        ]
        first, self._genres_seen = self._genres_seen, self._genres_seen + len(pairs)
        return [(track_id, genre, first + position) for position, (track_id, genre) in enumerate(pairs)]


def _one_row_a_track(values: Values) -> Sequence[tuple[Any, ...]]:
    """Rows of `TRACK_COLUMNS`; a later row of an id replaces what an earlier one said, but erases nothing."""
    values = values | {
        "artist_names": [orjson.dumps(names).decode() for names in values["artists"]],
        "recording_key": [
            recording_key(title, names[0])
            for title, names in zip(values["title"], values["artists"], strict=True)
        ],
    }
    merged: dict[str, tuple[Any, ...]] = {}
    for row in zip(*(values[name] for name in TRACK_COLUMNS), strict=True):
        earlier = merged.get(row[0])
        merged[row[0]] = row if earlier is None else _overlaid(earlier, row)
    return list(merged.values())


def _overlaid(earlier: tuple[Any, ...], later: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(new if new is not None else old for old, new in zip(earlier, later, strict=True))
