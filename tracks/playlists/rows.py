"""What every reader of playlists hands on: rows, a bounded number at a time."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from tracks.importing.chunks import Reject

BATCH_ROWS = 20_000
MAX_ID_LENGTH, MAX_NAME_LENGTH, MAX_OWNER_LENGTH, MAX_TITLE_LENGTH = 200, 500, 200, 1000


class Identity(NamedTuple):
    """Which playlist it is: the same when it comes again."""

    source: str
    source_id: str


class Head(NamedTuple):
    """A playlist without its rows."""

    identity: Identity
    name: str
    owner: str = ""


class Row(NamedTuple):
    """A row: `playlist` numbers the playlists of its file from 0, in the order they come.

    `title` and `first_artist` are clean; `as_written` is id, title and artists, to find the row by.
    """

    playlist: int
    line: int
    track_id: str | None
    isrc: str | None
    title: str
    first_artist: str
    duration_ms: int | None
    as_written: tuple[str, str, str]


@dataclass
class Batch:
    """Rows in the order of the file, and by number the playlists whose heads are known by now.

    A head may come after rows of its playlist, but comes within the same file.
    """

    rows: list[Row] = field(default_factory=list)
    heads: dict[int, Head] = field(default_factory=dict)
    broken: list[Reject] = field(default_factory=list)


class PlaylistReader(Protocol):
    """An opened file of playlists."""

    name: str
    layout: str  # "table", "export" or "slice"

    @property
    def headers(self) -> Mapping[str, str]:
        """Field → the file's own name of its column."""
        ...

    def batches(self) -> Iterator[Batch]: ...

    def fraction_read(self) -> float: ...

    def close(self) -> None: ...


def clean(text: str, longest: int) -> str:
    """A name fit to be stored: no control characters, no lone surrogates, single spaces, cut to size."""
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(text.split())[:longest]
