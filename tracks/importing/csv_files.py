"""Reading CSV: one bounded line at a time, whatever the file does."""

import csv
import io
import itertools
import os
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from django.utils.translation import gettext as _

from tracks.importing.chunks import CHUNK_ROWS, Chunk, Reason, Reject
from tracks.importing.headers import find_columns
from tracks.importing.refusals import UnreadableFile

SEPARATORS = (",", ";", "\t")
MAX_LINE = 1 << 20
MAX_COLUMNS = 1_000


class CsvSource:
    """A CSV file whose header has been read; `raw` is the file itself where `stream` unpacks it."""

    def __init__(self, name: str, stream: BinaryIO, raw: BinaryIO, encoding: str) -> None:
        self.name, self.encoding, self._raw = name, encoding, raw
        self._size = os.fstat(raw.fileno()).st_size
        # Bytes that are not UTF-8 come through marked, so that only their rows are rejected.
        errors = "surrogateescape" if encoding.startswith("utf-8") else "strict"
        self._text = io.TextIOWrapper(stream, encoding, errors, newline=None)
        lines = itertools.chain.from_iterable(self._blocks_of_lines())
        first = next(lines, "")
        self.separator = self._sniff_separator(first)
        self._rows = csv.reader(itertools.chain([first], lines), delimiter=self.separator)
        header = self._read_header()
        self._width = len(header)
        self._columns = find_columns(header)
        self.headers = {field: header[positions[0]].strip() for field, positions in self._columns.items()}

    def fraction_read(self) -> float:
        return self._raw.tell() / max(1, self._size)

    def close(self) -> None:
        self._text.close()
        self._raw.close()

    def chunks(self) -> Iterator[Chunk]:
        """The rows, `CHUNK_ROWS` at a time; blank lines are no rows."""
        while True:
            first, rows = self._rows.line_num + 1, list[list[str]]()
            swallowed = []
            try:
                rows.extend(itertools.islice(self._rows, CHUNK_ROWS))
            except csv.Error:
                swallowed = [Reject(first + sum(map(_count_lines, rows)), Reason.OPEN_QUOTE)]
            if not (rows or swallowed):
                return
            yield self._chunk(first, rows, swallowed)

    def _blocks_of_lines(self) -> Iterator[list[str]]:
        """All lines, many at a time: what a file without line ends may fill is one block."""
        rest = ""
        while block := self._text.read(MAX_LINE):
            *lines, rest = (rest + block).split("\n")
            yield [f"{line}\n" for line in lines]
            if len(rest) > MAX_LINE:
                sentence = _("%s has a line of more than a million characters: it is no table of tracks.")
                raise UnreadableFile(sentence % self.name)
        yield [rest] if rest else []

    def _sniff_separator(self, line: str) -> str:
        """The separator under which most columns of the header are known."""
        if max(map(line.count, SEPARATORS)) >= MAX_COLUMNS:
            sentence = _("%(name)s has more than %(most)d columns: it is no table of tracks.")
            raise UnreadableFile(sentence % {"name": self.name, "most": MAX_COLUMNS})
        return max(SEPARATORS, key=lambda separator: len(find_columns(_split(line, separator))))

    def _read_header(self) -> list[str]:
        try:
            return next(self._rows, [])
        except csv.Error as error:
            sentence = _("%(name)s has no readable header (%(error)s): its first line must name the columns.")
            raise UnreadableFile(sentence % {"name": self.name, "error": error}) from error

    def _chunk(self, first: int, rows: list[list[str]], swallowed: list[Reject]) -> Chunk:
        numbers: Sequence[int] = range(first, first + len(rows))
        if self._rows.line_num != first + len(rows) - 1:  # some rows have line breaks in their cells
            numbers = list(itertools.accumulate(map(_count_lines, rows), initial=first))[: len(rows)]
        broken = []
        if set(map(len, rows)) != {self._width}:
            broken = [
                Reject(line, Reason.RAGGED, value=f"{len(row)} ≠ {self._width}")
                for line, row in zip(numbers, rows, strict=True)
                if len(row) not in (0, self._width)
            ]
            whole = [len(row) == self._width for row in rows]
            numbers, rows = list(itertools.compress(numbers, whole)), list(itertools.compress(rows, whole))
        columns = list(zip(*rows, strict=True)) or [()] * self._width
        cells = {field: _joined([columns[p] for p in where]) for field, where in self._columns.items()}
        return Chunk(numbers, cells, broken + swallowed)


def _count_lines(row: list[str]) -> int:
    return 1 + sum(cell.count("\n") for cell in row)


def _split(line: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return []


def _joined(columns: list[tuple[str, ...]]) -> list[str]:
    """Several columns of one field (genres) as one."""
    return list(columns[0]) if len(columns) == 1 else list(map(";".join, zip(*columns, strict=True)))
