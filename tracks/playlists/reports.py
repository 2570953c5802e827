"""What an import of playlists found and did, in figures and codes; `wording` puts it into words."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from tracks.importing.chunks import Reject
from tracks.importing.reports import MAX_EXAMPLES, shown
from tracks.playlists.matching import How, Match


@dataclass
class FileReport:
    """One file: `layout` is "table", "export" or "slice"."""

    name: str
    layout: str
    rows: int = 0
    matched: int = 0


@dataclass
class Report:
    """All files of one import; `unreadable` rows are neither matched nor unmatched."""

    files: list[FileReport] = field(default_factory=list)
    matched: Counter[How] = field(default_factory=Counter)
    unmatched: int = 0
    repeated: int = 0
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    examples: list[dict[str, Any]] = field(default_factory=list)
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
        """Count a row that could not be looked for, and keep the first few to show with their `headers`."""
        file = self.files[-1]
        file.rows += 1
        self.reasons[reject.reason, reject.column] += 1
        if len(self.examples) < MAX_EXAMPLES:
            self.examples.append(
                {
                    "file": file.name,
                    "line": reject.line,
                    "reason": reject.reason,
                    "column": reject.column,
                    "header": headers.get(reject.column, reject.column),
                    "value": shown(reject.value),
                }
            )

    def conclude(self, playlists: Mapping[str, int], stored: Mapping[str, int]) -> None:
        """Note what became of the playlists, and how many there are now."""
        self.playlists, self.stored = dict(playlists), dict(stored)

    def as_json(self) -> dict[str, Any]:
        """What is stored on the import's row."""
        reasons = [
            {"reason": reason, "column": column, "count": count}
            for (reason, column), count in self.reasons.most_common()
        ]
        return {
            "rows": self.rows,
            "matched": {how.value: self.matched[how] for how in How},
            "unmatched": self.unmatched,
            "unreadable": self.reasons.total(),
            "repeated": self.repeated,
            "files": [asdict(file) for file in self.files],
            "reasons": reasons,
            "examples": self.examples,
            "playlists": self.playlists,
            "stored": self.stored,
        }
