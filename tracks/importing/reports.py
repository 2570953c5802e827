"""What an import found and did, in figures and codes; `tracks.importing.wording` puts it into words."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from tracks.importing.chunks import Reject
from tracks.importing.publishing import Changes

MAX_EXAMPLES = 10
MAX_VALUE_LENGTH = 200


@dataclass
class FileReport:
    """One file: `repeats` are rows that repeat an earlier one whole, `left_empty` unreadable cells."""

    name: str
    encoding: str = ""
    joined: str = ""
    rows: int = 0
    rejected: int = 0
    repeats: int = 0
    left_empty: int = 0


@dataclass
class Report:
    """All files of one import."""

    files: list[FileReport] = field(default_factory=list)
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    examples: list[dict[str, Any]] = field(default_factory=list)
    changes: dict[str, int] = field(default_factory=dict)
    catalogue: dict[str, int] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        return sum(file.rows for file in self.files)

    @property
    def rejected(self) -> int:
        return sum(file.rejected for file in self.files)

    def count(self, file: FileReport, headers: Mapping[str, str], rejects: Iterable[Reject]) -> None:
        """Count rejected rows of a file, and keep the first few to show with its own `headers`."""
        for reject in rejects:
            file.rejected += 1
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

    def conclude(self, changes: Changes, catalogue: dict[str, int]) -> None:
        """Note what was published, and how large the catalogue is now."""
        self.changes, self.catalogue = asdict(changes), catalogue

    def as_json(self) -> dict[str, Any]:
        """What is stored on the import's row."""
        reasons = [
            {"reason": reason, "column": column, "count": count}
            for (reason, column), count in self.reasons.most_common()
        ]
        return {
            "rows": self.rows,
            "rejected": self.rejected,
            "repeats": sum(file.repeats for file in self.files),
            "files": [asdict(file) for file in self.files],
            "reasons": reasons,
            "examples": self.examples,
            "changes": self.changes,
            "catalogue": self.catalogue,
        }


def shown(value: str) -> str:
    """A cell as it may be stored and shown: short, without NULs and half characters."""
    text = value.strip().encode("utf-8", "replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")
    return text if len(text) <= MAX_VALUE_LENGTH else text[:MAX_VALUE_LENGTH] + "…"
