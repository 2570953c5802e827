"""Reading CSV: one bounded block of lines at a time, whatever the file does."""

import codecs
import csv
import io
import os
from collections.abc import Iterator, Sequence
from typing import BinaryIO

import pyarrow as pa
from django.utils.translation import gettext as _

from tracks.importing.chunks import Chunk, Reason, Reject
from tracks.importing.headers import find_columns
from tracks.importing.refusals import UnreadableFile
from tracks.importing.regular_csv import RegularChunk, read_regular

SEPARATORS = (",", ";", "\t")
BLOCK_BYTES = 1 << 22  # 23,000 rows of the public data set
MAX_LINE = 1 << 20
MAX_COLUMNS = 1_000


class CsvSource:
    """A CSV file whose header has been read; `raw` is the file itself where `stream` unpacks it."""

    def __init__(self, name: str, stream: BinaryIO, raw: BinaryIO, encoding: str) -> None:
        self.name, self.encoding, self._stream, self._raw = name, encoding, stream, raw
        self._size = os.fstat(raw.fileno()).st_size
        self._blocks = self._whole_lines()
        # What is still to be read of the current block, and the number of its first line.
        self._block, self._line = next(self._blocks, ""), 1
        self.separator = self._sniff_separator(self._block.partition("\n")[0])
        header = self._read_header()
        self._width = len(header)
        self._columns = find_columns(header)
        self.headers = {field: header[positions[0]].strip() for field, positions in self._columns.items()}

    def fraction_read(self) -> float:
        return self._raw.tell() / max(1, self._size)

    def close(self) -> None:
        self._stream.close()
        self._raw.close()

    def chunks(self) -> Iterator[Chunk]:
        """The rows, a block of the file at a time; blank lines are no rows."""
        while self._block:
            columns = read_regular(self._block, self._width, self.separator)
            yield self._one_by_one() if columns is None else self._regular(columns)
            self._block = next(self._blocks, "")

    def _whole_lines(self) -> Iterator[str]:
        """The text in blocks of whole lines: what a file without line ends may fill is one block."""
        # Bytes that are not UTF-8 come through marked, so that only their rows are rejected.
        errors = "surrogateescape" if self.encoding.startswith("utf-8") else "strict"
        characters = codecs.getincrementaldecoder(self.encoding)(errors)
        decoder = io.IncrementalNewlineDecoder(characters, translate=True)
        rest, data = "", b"-"
        while data:
            data = self._stream.read(BLOCK_BYTES)
            text = rest + decoder.decode(data, final=not data)
            end = text.rfind("\n") + 1
            rest = text[end:]
            if end:
                yield text[:end]
            if len(rest) > MAX_LINE:
                sentence = _("%s has a line of more than a million characters: it is no table of tracks.")
                raise UnreadableFile(sentence % self.name)
        if rest:
            yield rest

    def _sniff_separator(self, line: str) -> str:
        """The separator under which most columns of the header are known."""
        if max(map(line.count, SEPARATORS)) >= MAX_COLUMNS:
            sentence = _("%(name)s has more than %(most)d columns: it is no table of tracks.")
            raise UnreadableFile(sentence % {"name": self.name, "most": MAX_COLUMNS})
        return max(SEPARATORS, key=lambda separator: len(find_columns(_split(line, separator))))

    def _read_header(self) -> list[str]:
        lines = _Lines(self._block, self._blocks)
        rows = csv.reader(lines, delimiter=self.separator)
        try:
            header = next(rows, [])
        except csv.Error as error:
            sentence = _("%(name)s has no readable header (%(error)s): its first line must name the columns.")
            raise UnreadableFile(sentence % {"name": self.name, "error": error}) from error
        self._block, self._line = lines.rest() or next(self._blocks, ""), 1 + rows.line_num
        return header

    def _regular(self, columns: Sequence[pa.StringArray]) -> Chunk:
        first, self._line = self._line, self._line + len(columns[0])
        fields = {field: [columns[p] for p in where] for field, where in self._columns.items()}
        return RegularChunk(range(first, self._line), fields)

    def _one_by_one(self) -> Chunk:
        """The rows of the block, and of the next ones as long as a row goes on in them."""
        lines = _Lines(self._block, self._blocks)
        reader = csv.reader(lines, delimiter=self.separator)
        numbers, rows, broken = list[int](), list[list[str]](), list[Reject]()
        while lines.left():
            number = self._line + reader.line_num
            try:
                row = next(reader)
            except csv.Error:
                broken.append(Reject(number, Reason.OPEN_QUOTE))
                continue
            if len(row) == self._width:
                numbers.append(number)
                rows.append(row)
            elif row:
                broken.append(Reject(number, Reason.RAGGED, value=f"{len(row)} ≠ {self._width}"))
        self._line += reader.line_num
        columns = list(zip(*rows, strict=True)) or [()] * self._width
        cells = {field: _joined([columns[p] for p in where]) for field, where in self._columns.items()}
        return Chunk(numbers, cells, broken)


class _Lines(Iterator[str]):
    """The lines of a block; those of the next blocks too, for whoever asks on in the middle of a row."""

    def __init__(self, block: str, blocks: Iterator[str]) -> None:
        self._block, self._blocks = block, blocks
        self._start = 0

    def __next__(self) -> str:
        if not self.left():
            self._block, self._start = next(self._blocks), 0
        start = self._start
        self._start = self._block.find("\n", start) + 1 or len(self._block)
        return self._block[start : self._start]

    def left(self) -> bool:
        """Whether the block has lines that nobody has asked for."""
        return self._start < len(self._block)

    def rest(self) -> str:
        """Those lines."""
        return self._block[self._start :]


def _split(line: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return []


def _joined(columns: list[tuple[str, ...]]) -> list[str]:
    """Several columns of one field (genres) as one."""
    return list(columns[0]) if len(columns) == 1 else list(map(";".join, zip(*columns, strict=True)))
