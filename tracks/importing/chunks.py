"""What every reader of files hands on: rows as columns of text, a bounded number at a time."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar, NamedTuple, Protocol

from tracks.importing.numbers import Numbers, read_numbers

CELL_SIGN = "\x1f"  # between the cells of a row


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
    cells: Mapping[str, list[str]]
    broken: list[Reject] = field(default_factory=list)

    # Whether it is known that no cell has a NUL or half a character in it.
    characters_known: ClassVar[bool] = False

    def column(self, field: str) -> list[str]:
        """The cells of a field; empty ones where the file has no such column."""
        return self.cells.get(field) or [""] * len(self.lines)

    def numbers(self, field: str, *, decimal_comma: bool = False) -> Numbers:
        """The cells of a field as numbers."""
        return read_numbers(self.column(field), decimal_comma=decimal_comma)

    def rows_as_text(self) -> Iterable[str]:
        """Each row as one text, by which it can be told from others."""
        return map(CELL_SIGN.join, zip(*self.cells.values(), strict=True))


class Source(Protocol):
    """An opened file whose header has been understood."""

    name: str
    headers: dict[str, str]  # field → the header text of its (first) column
    encoding: str  # empty when the format has its own

    def chunks(self) -> Iterator[Chunk]: ...

    def fraction_read(self) -> float: ...

    def close(self) -> None: ...
