"""Reading CSV: one bounded block of lines at a time, whatever the file does."""

import codecs
import csv
import io
from collections.abc import Iterator
from typing import BinaryIO

from django.utils.translation import gettext as _

from tracks.importing.chunks import Chunk, Reason, Reject, TextFile
from tracks.importing.headers import find_columns
from tracks.importing.refusals import UnreadableFile
from tracks.importing.regular_csv import RegularChunk, read_regular

SEPARATORS = (",", ";", "\t")
BLOCK_BYTES = 1 << 22  # 23,000 rows of the public data set
MAX_LINE = 1 << 20
MAX_COLUMNS = 1_000
BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


def detect_encoding(stream: BinaryIO) -> str:
    """Name the encoding of the whole stream, which is left at its start.

    A byte order mark decides; else UTF-8, also where single rows are damaged; else cp1252, or latin-1
    where that cannot read a byte.
    """
    stream.seek(0)
    head = stream.read(3)
    for mark, encoding in BYTE_ORDER_MARKS.items():
        if head.startswith(mark):
            stream.seek(0)
            return encoding
    good, bad = _count_beyond_ascii(stream, "utf-8")
    if not bad or good > bad:
        return "utf-8"
    return "latin-1" if _count_beyond_ascii(stream, "cp1252")[1] else "cp1252"


def _count_beyond_ascii(stream: BinaryIO, encoding: str) -> tuple[int, int]:
    """How many characters beyond ASCII the stream has in this encoding, and how many bytes that it lacks."""
    decoder = codecs.getincrementaldecoder(encoding)("surrogateescape")
    good = bad = 0
    stream.seek(0)
    data = b"-"
    while data:
        data = stream.read(BLOCK_BYTES)
        text = decoder.decode(data, final=not data)
        if not text.isascii():
            sound = text.encode("utf-8", "ignore").decode()
            bad += len(text) - len(sound)
            good += len(sound) - len(sound.encode("ascii", "ignore"))
    stream.seek(0)
    return good, bad


class CsvSource(TextFile):
    """A CSV file whose header has been read."""

    def __init__(self, name: str, stream: BinaryIO, raw: BinaryIO) -> None:
        super().__init__(name, stream, raw)
        self.encoding = detect_encoding(stream)
        self._blocks = self._whole_lines()
        # What is still to be read of the current block, and the number of its first line.
        self._block, self._line = next(self._blocks, ""), 1
        self.separator = self._sniff_separator(self._block.partition("\n")[0])
        header = self._read_header()
        self._width = len(header)
        self._columns = find_columns(header)
        self.headers = {field: header[positions[0]].strip() for field, positions in self._columns.items()}

    def chunks(self) -> Iterator[Chunk]:
        """The rows, a block of the file at a time; blank lines are no rows."""
        while self._block:
            columns = read_regular(self._block, self._width, self.separator)
            if columns is None:
                yield self._one_by_one()
            else:
                first, self._line = self._line, self._line + len(columns[0])
                fields = {field: [columns[p] for p in where] for field, where in self._columns.items()}
                yield RegularChunk(range(first, self._line), fields)
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
        cells = {separator: [cell.strip(' "') for cell in line.split(separator)] for separator in SEPARATORS}
        return max(SEPARATORS, key=lambda separator: len(find_columns(cells[separator])))

    def _read_header(self) -> list[str]:
        lines = io.StringIO(self._block, newline="\n")
        rows = csv.reader(lines, delimiter=self.separator)
        try:
            header = next(rows, [])
        except csv.Error as error:
            sentence = _("%(name)s has no readable header (%(error)s): its first line must name the columns.")
            raise UnreadableFile(sentence % {"name": self.name, "error": error}) from error
        self._block, self._line = lines.read() or next(self._blocks, ""), 1 + rows.line_num
        return header

    def _one_by_one(self) -> Chunk:
        """The rows of the block, and of the next ones as long as a row goes on in them."""
        left = len(self._block)

        def read_lines() -> Iterator[str]:
            nonlocal left
            while self._block:
                for line in io.StringIO(self._block, newline="\n"):
                    left -= len(line)
                    yield line
                self._block = next(self._blocks, "")
                left = len(self._block)

        reader = csv.reader(read_lines(), delimiter=self.separator)
        numbers, rows, broken = list[int](), list[list[str]](), list[Reject]()
        while left:
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
        cells = {
            field: list(map(";".join, zip(*(columns[p] for p in where), strict=True)))
            for field, where in self._columns.items()
        }
        return Chunk(numbers, cells, broken)
