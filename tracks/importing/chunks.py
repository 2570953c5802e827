"""What every reader of files hands on: rows as columns of text, a bounded number at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple, Protocol

CHUNK_ROWS = 20_000


class Reason(StrEnum):
    """Why a row is rejected; `tracks.importing.wording` has the sentences."""

    RAGGED = "ragged"
    OPEN_QUOTE = "open_quote"
    NUL = "nul"
    UNDECODABLE = "undecodable"
    MISSING = "missing"
    LOCAL_FILE = "local_file"
    NOT_AN_ID = "not_an_id"
    TOO_LONG = "too_long"
    NO_FEATURES = "no_features"
    NOT_A_NUMBER = "not_a_number"
    NOT_WHOLE = "not_whole"
    NOT_FINITE = "not_finite"
    OUT_OF_RANGE = "out_of_range"
    NOT_YES_OR_NO = "not_yes_or_no"


class Reject(NamedTuple):
    """A rejected row: the line it begins on (of a Parquet file: its row), and the cell to blame."""

    line: int
    reason: Reason
    column: str = ""
    value: str = ""


@dataclass
class Chunk:
    """Rows `0 … n-1`: where each begins, and per field of the file its `n` cells as text."""

    lines: Sequence[int]
    cells: dict[str, list[str]]
    broken: list[Reject] = field(default_factory=list)


class Source(Protocol):
    """An opened file whose header has been understood."""

    name: str
    headers: dict[str, str]  # field → the header text of its (first) column
    encoding: str  # empty when the format has its own

    def chunks(self) -> Iterator[Chunk]: ...

    def fraction_read(self) -> float: ...

    def close(self) -> None: ...
