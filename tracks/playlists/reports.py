"""What an import of playlists found and did: figures and codes, which `wording` puts into words, and the
file of rows that are in no playlist of the catalogue."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from tracks.importing.chunks import Reject
from tracks.importing.rejects import RowsFile
from tracks.importing.reports import RejectsReport, shown
from tracks.importing.wording import reason_sentence
from tracks.playlists.matching import How, Match
from tracks.playlists.rows import Row


@dataclass
class FileReport:
    """One file: `layout` is "table", "export" or "slice"."""

    name: str
    layout: str
    rows: int = 0
    matched: int = 0


@dataclass
class Report(RejectsReport):
    """All files of one import; rejected rows could not be read, and are neither matched nor unmatched."""

    files: list[FileReport] = field(default_factory=list)
    matched: Counter[How] = field(default_factory=Counter)
    unmatched: int = 0
    repeated: int = 0
    playlists: dict[str, int] = field(default_factory=dict)
    stored: dict[str, int] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        return sum(file.rows for file in self.files)

    def count_match(self, match: Match | None) -> None:
        """Count a row, in the file that is read."""
        file = self.files[-1]
        file.rows += 1
        if match is None:
            self.unmatched += 1
        else:
            self.matched[match.how] += 1
            file.matched += 1

    def count_unreadable(self, headers: Mapping[str, str], reject: Reject) -> None:
        """Count a row that could not be looked for, in the file that is read."""
        self.files[-1].rows += 1
        self.count_reject(self.files[-1].name, headers, reject)

    def conclude(self, playlists: Mapping[str, int], stored: Mapping[str, int]) -> None:
        """Note what became of the playlists, and how many there are now."""
        self.playlists, self.stored = dict(playlists), dict(stored)

    def as_json(self) -> dict[str, Any]:
        return super().as_json() | {
            "rows": self.rows,
            "matched": {how.value: self.matched[how] for how in How},
            "unmatched": self.unmatched,
            "unreadable": self.reasons.total(),
            "repeated": self.repeated,
            "files": [asdict(file) for file in self.files],
            "playlists": self.playlists,
            "stored": self.stored,
        }


class UnmatchedFile(RowsFile):
    """Rows whose track the catalogue does not know, and rows that could not be read, each with its reason."""

    def __init__(self, path: Path) -> None:
        names = (_("file"), _("line"), _("playlist"), _("id"), _("title"), _("artists"), _("reason"))
        super().__init__(path, names)

    def write_unmatched(self, file_name: str, playlist: str, row: Row) -> None:
        """Append a row whose track is not in the catalogue."""
        self.write_row(
            [file_name, row.line, playlist, *map(shown, row.as_written), _("not in the catalogue")]
        )

    def write_unreadable(self, file_name: str, headers: Mapping[str, str], reject: Reject) -> None:
        """Append a row that could not be looked for; `headers` are the file's own names of columns."""
        reason = reason_sentence(reject.reason, headers.get(reject.column, reject.column), reject.column)
        self.write_row([file_name, reject.line, "", "", "", "", reason])
