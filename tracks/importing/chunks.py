"""What every reader of files hands on: rows as columns of text, a bounded number at a time, and what
is wrong with them."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import BinaryIO, ClassVar, NamedTuple, Protocol

import numpy as np

from tracks.importing.numbers import Mask, Numbers, read_numbers

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


class Problems:
    """The first problem of each row of a chunk, in the order in which the checks mark them."""

    def __init__(self, chunk: Chunk) -> None:
        self._chunk = chunk
        self._kinds: list[tuple[Reason, str]] = []
        self._kind_of_row = np.full(len(chunk.lines), -1, dtype=np.int32)

    def mark(self, mask: Mask | list[bool], reason: Reason, field: str = "") -> None:
        """Where `mask` `(n,)` is true, the row has this problem, unless it has one already."""
        mask = np.asarray(mask, dtype=np.bool_)
        if mask.any():
            self._kind_of_row[mask & (self._kind_of_row < 0)] = len(self._kinds)
            self._kinds.append((reason, field))

    def good(self) -> Mask:
        """The rows `(n,)` without a problem."""
        return self._kind_of_row < 0

    def rejects(self) -> Iterator[Reject]:
        """The rows with one, in the order of the file, with the cell to blame."""
        for row in np.flatnonzero(~self.good()).tolist():
            reason, field = self._kinds[self._kind_of_row[row]]
            cells = self._chunk.cells.get(field)
            yield Reject(self._chunk.lines[row], reason, field, cells[row] if cells else "")


class TextFile:
    """An opened text file: `raw` is the file itself where `stream` unpacks it."""

    def __init__(self, name: str, stream: BinaryIO, raw: BinaryIO) -> None:
        self.name, self._stream, self._raw = name, stream, raw
        self._size = os.fstat(raw.fileno()).st_size

    def fraction_read(self) -> float:
        return self._raw.tell() / max(1, self._size)

    def close(self) -> None:
        self._stream.close()
        self._raw.close()


class Source(Protocol):
    """An opened file whose header has been understood."""

    name: str
    headers: dict[str, str]  # field → the header text of its (first) column
    encoding: str  # empty when the format has its own

    def chunks(self) -> Iterator[Chunk]: ...

    def fraction_read(self) -> float: ...

    def close(self) -> None: ...
