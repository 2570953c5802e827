"""Reading slices of the Million Playlist Dataset: JSON, parsed as a stream.

A slice is `{"playlists": [{"name", "pid", "tracks": [{"track_uri", "artist_name", "track_name",
"duration_ms", …}]}]}`. Nothing larger than a track and a batch of rows is held, whatever the file does.
"""

import codecs
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO

import ijson
from django.utils.translation import gettext as _

from tracks.importing.chunks import TextFile
from tracks.importing.refusals import UnreadableFile
from tracks.importing.sources import readable
from tracks.playlists.rows import (
    BATCH_ROWS,
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

DEEPEST = 50
MAX_KEYS = 200
MAX_TEXT_LENGTH = 5000
PLAYLIST = ("playlists", "[]")
TRACK = (*PLAYLIST, "tracks", "[]")
SCALARS = frozenset({"string", "number", "boolean", "null"})
Place = tuple[str, ...]


def _located(events: Iterable[tuple[str, Any]], name: str) -> Iterator[tuple[Place, str, Any]]:
    """Each event with its place in the document: the keys above it, and `[]` for a member of an array."""
    place: list[str] = []
    for event, value in events:
        if event == "map_key":
            place[-1] = value
            continue
        if event in ("end_map", "end_array"):
            place.pop()
        yield tuple(place), event, value
        if event in ("start_map", "start_array"):
            place.append("[]" if event == "start_array" else "")
        if len(place) > DEEPEST:
            raise UnreadableFile(_("%s is nested too deeply: it is no slice of playlists.") % name)


class SliceReader(TextFile):
    """An opened slice; its rows are numbered by track, from 1, across the whole file."""

    layout = "slice"
    headers: Mapping[str, str] = {}

    def __init__(self, name: str, stream: BinaryIO, raw: BinaryIO, source: str, owner: str) -> None:
        super().__init__(name, stream, raw)
        self._source, self._owner = source, owner
        self._batch = Batch()
        self._number, self._line, self._is_slice = -1, 0, False
        self._head: dict[str, Any] = {}
        self._track: dict[str, Any] = {}

    def batches(self) -> Iterator[Batch]:
        """The rows, `BATCH_ROWS` at a time.

        Raises UnreadableFile where the JSON breaks off, and when it holds no playlists.
        """
        if self._stream.read(len(codecs.BOM_UTF8)) != codecs.BOM_UTF8:
            self._stream.seek(0)
        try:
            with readable(self.name):
                events = ijson.basic_parse(self._stream, use_float=True)
                for place, event, value in _located(events, self.name):
                    self._take(place, event, value)
                    if len(self._batch.rows) >= BATCH_ROWS:
                        yield self._batch
                        self._batch = Batch()
                yield self._batch
        except (ijson.JSONError, ValueError) as error:  # ValueError: a number of thousands of digits
            sentence = _(
                "%(name)s is broken JSON after its track %(line)d (%(error)s). Nothing was imported: "
                "fetch the file again, or leave it out."
            )
            facts = {"name": self.name, "line": self._line, "error": " ".join(str(error).split())[:200]}
            raise UnreadableFile(sentence % facts) from error
        if not self._is_slice:
            sentence = _('%s has no "playlists": a slice begins with {"playlists": [{"name": …')
            raise UnreadableFile(sentence % self.name)

    def _take(self, place: Place, event: str, value: Any) -> None:
        if event in SCALARS:
            *above, key = place or ("",)
            facts = {TRACK: self._track, PLAYLIST: self._head}.get(tuple(above))
            if facts is not None and len(facts) < MAX_KEYS:
                facts[key] = value
        elif place == TRACK and event == "start_map":
            self._track = {}
        elif place == TRACK and event == "end_map":
            self._batch.rows.append(self._row())
        elif place == PLAYLIST and event == "start_map":
            self._number, self._head = self._number + 1, {}
        elif place == PLAYLIST and event == "end_map":
            name = clean(_text(self._head.get("name")), MAX_NAME_LENGTH)
            pid = clean(_text(self._head.get("pid")), MAX_ID_LENGTH)
            owner = self._owner or clean(_text(self._head.get("owner")), MAX_OWNER_LENGTH)
            self._batch.heads[self._number] = Head(
                Identity(self._source, pid or f"{self.name}#{self._number}"[-MAX_ID_LENGTH:]), name, owner
            )
        elif place == PLAYLIST[:1] and event == "start_array":
            self._is_slice = True

    def _row(self) -> Row:
        self._line += 1
        keys = ("track_uri", "track_name", "artist_name")
        uri, title, artist = (_text(self._track.get(key)) for key in keys)
        duration = self._track.get("duration_ms")
        return Row(
            playlist=self._number,
            line=self._line,
            track_id=read_track_id(uri.strip()),
            isrc=None,
            title=clean(title, MAX_TITLE_LENGTH),
            first_artist=clean(artist, MAX_NAME_LENGTH),
            duration_ms=duration if isinstance(duration, int) else None,
            as_written=(uri, title, artist),
        )


def _text(value: Any) -> str:
    return "" if value is None else str(value)[:MAX_TEXT_LENGTH]
