"""What an import found and did, in figures and codes; `tracks.importing.wording` puts it into words."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from tracks.importing.chunks import Reject
from tracks.importing.publishing import Changes

MAX_EXAMPLES = 10
MAX_VALUE_LENGTH = 200


@dataclass
class RejectsReport:
    """The rejected rows of an import of any kind: how many for which reason, and the first few to show."""

    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    examples: list[dict[str, Any]] = field(default_factory=list)

    def count_reject(self, file_name: str, headers: Mapping[str, str], reject: Reject) -> None:
        """Count a rejected row of a file; an example is shown with the file's own `headers`."""
        self.reasons[reject.reason, reject.column] += 1
        if len(self.examples) < MAX_EXAMPLES:
            header = headers.get(reject.column, reject.column)
            example = reject._asdict() | {"file": file_name, "header": header, "value": shown(reject.value)}
            self.examples.append(example)

    def as_json(self) -> dict[str, Any]:
        """What is stored on the import's row."""
        reasons = [
            {"reason": reason, "column": column, "count": count}
            for (reason, column), count in self.reasons.most_common()
        ]
        return {"reasons": reasons, "examples": self.examples}


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
class Report(RejectsReport):
    """All files of one import."""

    files: list[FileReport] = field(default_factory=list)
    changes: dict[str, int] = field(default_factory=dict)
    catalogue: dict[str, int] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        return sum(file.rows for file in self.files)

    def conclude(self, changes: Changes, catalogue: dict[str, int]) -> None:
        """Note what was published, and how large the catalogue is now."""
        self.changes, self.catalogue = asdict(changes), catalogue

    def as_json(self) -> dict[str, Any]:
        return super().as_json() | {
            "rows": self.rows,
            "rejected": sum(file.rejected for file in self.files),
            "repeats": sum(file.repeats for file in self.files),
            "files": [asdict(file) for file in self.files],
            "changes": self.changes,
            "catalogue": self.catalogue,
        }


def shown(value: str) -> str:
    """A cell as it may be stored and shown: short, without NULs and half characters."""
    text = value.strip().encode("utf-8", "replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")
    return text if len(text) <= MAX_VALUE_LENGTH else text[:MAX_VALUE_LENGTH] + "…"
