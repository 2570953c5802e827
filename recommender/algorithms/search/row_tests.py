"""What one filter allows: of some rows, of a slice, and how many of a cluster. numpy only.

A list looks at few rows, so filters are asked of those; how many tracks a filter leaves out is looked up
in values that a run keeps sorted inside every cluster.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from recommender.algorithms.blend.distance import is_member


class RowTest(Protocol):
    """One filter."""

    def matches(self, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which of the rows (m,) it allows, bool (m,)."""
        ...

    def mask(self, start: int, stop: int) -> NDArray[np.bool_]:
        """Which rows from start to stop it allows, bool (stop - start,)."""
        ...

    def count(self, start: int, stop: int) -> int:
        """How many rows of the cluster from start to stop it allows."""
        ...


@dataclass(frozen=True, slots=True)
class Column:
    """Values (n,), and the same ascending inside every cluster; the unknown (NaN) last."""

    values: NDArray[Any]
    ascending: NDArray[Any]

    def place(self, start: int, stop: int, value: Any, side: Any) -> int:
        """How many values of the cluster from start to stop come before `value`."""
        # Of another type than the values, it would have all of them converted.
        return int(self.ascending[start:stop].searchsorted(self.values.dtype.type(value), side))


@dataclass(frozen=True, slots=True)
class AtLeast:
    column: Column
    bound: float

    def matches(self, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        return np.asarray(self.column.values.take(rows) >= self.column.values.dtype.type(self.bound))

    def mask(self, start: int, stop: int) -> NDArray[np.bool_]:
        return np.asarray(self.column.values[start:stop] >= self.column.values.dtype.type(self.bound))

    def count(self, start: int, stop: int) -> int:
        is_real = self.column.values.dtype.kind == "f"
        known = self.column.place(start, stop, np.inf, "right") if is_real else stop - start
        return known - self.column.place(start, stop, self.bound, "left")


@dataclass(frozen=True, slots=True)
class AtMost:
    column: Column
    bound: float

    def matches(self, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        return np.asarray(self.column.values.take(rows) <= self.column.values.dtype.type(self.bound))

    def mask(self, start: int, stop: int) -> NDArray[np.bool_]:
        return np.asarray(self.column.values[start:stop] <= self.column.values.dtype.type(self.bound))

    def count(self, start: int, stop: int) -> int:
        return self.column.place(start, stop, self.bound, "right")


@dataclass(frozen=True, slots=True)
class Equals:
    column: Column
    value: int

    def matches(self, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        return np.asarray(self.column.values.take(rows) == self.value)

    def mask(self, start: int, stop: int) -> NDArray[np.bool_]:
        return np.asarray(self.column.values[start:stop] == self.value)

    def count(self, start: int, stop: int) -> int:
        place = self.column.place
        return place(start, stop, self.value, "right") - place(start, stop, self.value, "left")


@dataclass(frozen=True, slots=True)
class AmongLists:
    """Rows that stand in one of some lists of rows, each int32 and ascending: those of genres."""

    lists: Sequence[NDArray[np.int32]]

    def matches(self, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        found = np.zeros(len(rows), bool)
        for each in self.lists:
            found |= is_member(rows, each)
        return found

    def mask(self, start: int, stop: int) -> NDArray[np.bool_]:
        found = np.zeros(stop - start, bool)
        for rows in self._inside(start, stop):
            found[rows - start] = True
        return found

    def count(self, start: int, stop: int) -> int:
        if len(self.lists) == 1:
            return len(self._inside(start, stop)[0])
        return int(np.count_nonzero(self.mask(start, stop)))

    def _inside(self, start: int, stop: int) -> list[NDArray[np.int32]]:
        bounds = np.array([start, stop], np.int32)
        return [rows[slice(*rows.searchsorted(bounds).tolist())] for rows in self.lists]


@dataclass(frozen=True, slots=True)
class Not:
    test: RowTest

    def matches(self, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        return ~self.test.matches(rows)

    def mask(self, start: int, stop: int) -> NDArray[np.bool_]:
        return ~self.test.mask(start, stop)

    def count(self, start: int, stop: int) -> int:
        return stop - start - self.test.count(start, stop)
