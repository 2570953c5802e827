"""The file of the rejected rows of an import."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, TextIO

from django.utils.translation import gettext as _

from tracks.importing.chunks import Reject
from tracks.importing.reports import shown
from tracks.importing.wording import reason_sentence

MAX_ROWS = 100_000
MAX_CHARACTERS = 50_000_000
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would calculate


class RowsFile:
    """A CSV file for people to open in a spreadsheet; there is no file before the first row.

    It ends after `MAX_ROWS` rows or `MAX_CHARACTERS` characters, and says so in its last line.
    """

    def __init__(self, path: Path, header: Sequence[str]) -> None:
        self.path, self._header = path, header
        self._stream: TextIO | None = None
        self._writer: Any = None
        self._rows = self._characters = 0
        self.is_full = False

    def close(self) -> None:
        if self._stream is not None:
            self._stream.close()

    @property
    def name(self) -> str:
        """The file's path once something is written in it, else nothing."""
        return str(self.path) if self._stream is not None else ""

    @property
    def cut_after(self) -> int:
        """How many rows the file holds when there were more than it may hold; else 0."""
        return self._rows - 1 if self.is_full else 0

    def write_row(self, row: Sequence[Any]) -> None:
        """Append a row, its cells made harmless; a file that is full stays as it is."""
        if self.is_full:
            return
        if self._stream is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # With a byte order mark, so that spreadsheets read it as UTF-8.
            self._stream = self.path.open("w", encoding="utf-8-sig", newline="")
            self._writer = csv.writer(self._stream)
            self._writer.writerow(self._header)
        cells = [
            f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell for cell in row
        ]
        self._rows += 1
        self._characters += sum(len(str(cell)) for cell in cells)
        if self._rows > MAX_ROWS or self._characters > MAX_CHARACTERS:
            self.is_full = True
            self._writer.writerow([_("This file ends here: there are more rows than it may hold.")])
        else:
            self._writer.writerow(cells)

    def remove(self) -> None:
        """Remove what was written, when nothing refers to it."""
        self.path.unlink(missing_ok=True)


class RejectsFile(RowsFile):
    """The rejected rows with their reasons."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, [_("file"), _("line"), _("column"), _("value"), _("reason")])

    def write(self, file_name: str, headers: dict[str, str], rejects: Iterable[Reject]) -> None:
        """Append rejected rows of one file; `headers` are its own names of the columns."""
        for reject in rejects:
            if self.is_full:
                return
            column = headers.get(reject.column, reject.column)
            sentence = reason_sentence(reject.reason, column or reject.column, reject.column)
            self.write_row([file_name, reject.line, column, shown(reject.value), sentence])
