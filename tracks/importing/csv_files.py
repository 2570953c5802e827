"""Reading CSV: one bounded line at a time, whatever the file does."""

import csv
import io
import itertools
import os
from collections.abc import Iterator
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
        self._text = io.TextIOWrapper(stream, encoding, errors, newline="")
        lines = self._bounded_lines()
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
        rows = self._numbered_rows()
        while block := list(itertools.islice(rows, CHUNK_ROWS)):
            yield self._chunk(block)

    def _bounded_lines(self) -> Iterator[str]:
        while line := self._text.readline(MAX_LINE + 1):
            if len(line) > MAX_LINE:
                sentence = _("%s has a line of more than a million characters: it is no table of tracks.")
                raise UnreadableFile(sentence % self.name)
            yield line

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

    def _numbered_rows(self) -> Iterator[tuple[int, list[str] | None]]:
        """Each row with the line it begins on; None for what an unclosed quote has swallowed."""
        while True:
            line = self._rows.line_num + 1
            try:
                row = next(self._rows, [])
            except csv.Error:
                yield line, None
                continue
            if row:
                yield line, row
            elif self._rows.line_num < line:
                return

    def _chunk(self, block: list[tuple[int, list[str] | None]]) -> Chunk:
        whole = [(line, row) for line, row in block if row is not None and len(row) == self._width]
        columns = list(zip(*(row for _, row in whole), strict=True)) or [()] * self._width
        cells = {field: _joined([columns[p] for p in where]) for field, where in self._columns.items()}
        broken = [] if len(whole) == len(block) else list(self._broken(block))
        return Chunk([line for line, _ in whole], cells, broken)

    def _broken(self, block: list[tuple[int, list[str] | None]]) -> Iterator[Reject]:
        for line, row in block:
            if row is None:
                yield Reject(line, Reason.OPEN_QUOTE)
            elif len(row) != self._width:
                yield Reject(line, Reason.RAGGED, value=f"{len(row)} ≠ {self._width}")


def _split(line: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return []


def _joined(columns: list[tuple[str, ...]]) -> list[str]:
    """Several columns of one field (genres) as one."""
    return list(columns[0]) if len(columns) == 1 else list(map(";".join, zip(*columns, strict=True)))
