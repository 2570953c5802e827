"""Which rows of a chunk are good, what is wrong with the others, and the good ones' values."""

from dataclasses import dataclass
from itertools import compress
from typing import Any

import numpy as np

from tracks.audio_features import AUDIO_FEATURES, AudioFeature
from tracks.importing.chunks import Chunk, Reason, Reject
from tracks.importing.numbers import Mask, Numbers
from tracks.importing.problems import Problems
from tracks.importing.texts import Layout, check_characters, read_texts

DAY_MS = 24 * 60 * 60 * 1000
COUNTS = {"popularity": (0, 100), "duration_ms": (0, DAY_MS)}
# The texts for which an unreadable cell is left empty: they are not worth the row.
FORGIVEN = ("release_date", "isrc")
TRUTHS: dict[str, bool | None] = {
    **dict.fromkeys(("true", "1", "1.0", "yes", "y", "t"), True),
    **dict.fromkeys(("false", "0", "0.0", "no", "n", "f"), False),
    "": None,
}


@dataclass
class Checked:
    """The good rows by field (None: nothing said), the rejected ones, and cells that were left empty."""

    values: dict[str, list[Any]]
    rejects: list[Reject]
    left_empty: int


def check_chunk(chunk: Chunk, layout: Layout) -> Checked:
    """Tell good rows from bad ones; a bad one is rejected for the first problem found in it."""
    problems = Problems(chunk)
    check_characters(chunk, problems)
    values = read_texts(chunk, layout, problems)
    values |= _features(chunk, layout, problems)
    for field, (low, high) in COUNTS.items():
        numbers = chunk.numbers(field, decimal_comma=layout.decimal_comma)
        values[field] = _whole(numbers, low, high, field, problems)
    values["duration_ms"] = [duration or None for duration in values["duration_ms"]]  # nothing lasts 0 ms
    values["explicit"] = _explicit(chunk, problems)
    good = problems.good()
    left_empty = sum(_left_empty(chunk, values[field], field, good) for field in FORGIVEN)
    if not good.all():
        values = {field: list(compress(cells, good)) for field, cells in values.items()}
    return Checked(values, sorted([*chunk.broken, *problems.rejects()]), left_empty)


def _left_empty(chunk: Chunk, values: list[Any], field: str, good: Mask) -> int:
    """How many good rows have something in this cell that could not be read."""
    if field not in chunk.cells:
        return 0
    said = [bool(cell.strip()) for cell in chunk.column(field)]
    return sum(value is None for value in compress(values, good & said))


def _features(chunk: Chunk, layout: Layout, problems: Problems) -> dict[str, list[Any]]:
    read = {
        feature.name: chunk.numbers(feature.name, decimal_comma=layout.decimal_comma)
        for feature in AUDIO_FEATURES
    }
    silent = np.logical_and.reduce([read[feature.name].empty for feature in AUDIO_FEATURES])
    problems.mark(silent, Reason.NO_FEATURES)
    return {feature.name: _feature(feature, read[feature.name], problems) for feature in AUDIO_FEATURES}


def _feature(feature: AudioFeature, numbers: Numbers, problems: Problems) -> list[Any]:
    if feature.continuous:
        problems.mark(numbers.empty, Reason.MISSING, feature.name)
        _mark_numbers(numbers, feature.low, feature.high, feature.name, problems)
        return list(numbers.values.tolist())
    return _whole(numbers, feature.low, feature.high, feature.name, problems)


def _whole(numbers: Numbers, low: float, high: float, field: str, problems: Problems) -> list[Any]:
    _mark_numbers(numbers, low, high, field, problems)
    problems.mark(numbers.broken(), Reason.NOT_WHOLE, field)
    if not np.isfinite(numbers.values).all():
        return [int(value) if np.isfinite(value) else None for value in numbers.values.tolist()]
    return list(numbers.values.astype(np.int64).tolist())


def _mark_numbers(numbers: Numbers, low: float, high: float, field: str, problems: Problems) -> None:
    problems.mark(numbers.no_number, Reason.NOT_A_NUMBER, field)
    problems.mark(np.isinf(numbers.values), Reason.NOT_FINITE, field)
    problems.mark(numbers.outside(low, high), Reason.OUT_OF_RANGE, field)


def _explicit(chunk: Chunk, problems: Problems) -> list[bool | None]:
    cells = chunk.column("explicit")
    words = {cell: cell.strip().lower() for cell in set(cells)}
    if not TRUTHS.keys() >= set(words.values()):
        problems.mark([words[cell] not in TRUTHS for cell in cells], Reason.NOT_YES_OR_NO, "explicit")
    truths = {cell: TRUTHS.get(word) for cell, word in words.items()}
    return [truths[cell] for cell in cells]
