"""Which tracks may be recommended: the filters people ask for.

Served: numpy only. Every filter is exact, counted over the whole scope and, when a list stays empty, named.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from recommender.algorithms.search.row_tests import AmongLists, AtLeast, AtMost, Equals, Not, RowTest
from recommender.snapshots.columns import (
    explicit_column,
    feature_column,
    feature_values,
    popularity_column,
)
from recommender.snapshots.snapshot import Snapshot

CATEGORIES = frozenset({"key", "mode", "time_signature"})
GENRES_SUGGESTED = 3

Slices = Sequence[tuple[int, int]]
Bounds = tuple[tuple[str, float], ...]


class UnknownGenre(ValueError):
    """The catalogue has no genre of this name; the text names similar ones."""


@dataclass(frozen=True, slots=True)
class TrackFilters:
    """What a track must be. `genres`: at least one of them; `exclude_genres`: none of them.

    `minimum`, `maximum` and `target` are pairs of an audio feature and a value in its own unit;
    the first two include the value, a target draws tracks near to it and excludes none. A track whose
    value is unknown meets no bound of it. `explicit` True and False both leave the unknown out.
    """

    genres: tuple[str, ...] = ()
    exclude_genres: tuple[str, ...] = ()
    explicit: bool | None = None
    min_popularity: int | None = None
    max_popularity: int | None = None
    minimum: Bounds = ()
    maximum: Bounds = ()
    target: Bounds = ()

    @property
    def any_exclude(self) -> bool:
        """Whether some filter may leave a track out; targets leave none out."""
        asked = (self.genres, self.exclude_genres, self.minimum, self.maximum)
        values = (self.explicit, self.min_popularity, self.max_popularity)
        return any(asked) or any(value is not None for value in values)


NO_TRACK_FILTERS = TrackFilters()


@dataclass(frozen=True)
class Allowed:
    """What the filters leave of a scope: `slices`, each one or several of the clusters.

    tests: each filter by the name of its parameter. dropped: how many tracks of the scope each filter leaves
    out by itself, those that leave out any.
    """

    slices: Slices
    tests: Mapping[str, RowTest]
    dropped: dict[str, int]

    @property
    def at_most(self) -> int:
        """No more rows than these are allowed."""
        return sum(stop - start for start, stop in self.slices) - max(self.dropped.values(), default=0)

    def matches(self, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which of some rows (m,) of the scope are allowed, bool (m,)."""
        allowed = np.ones(len(rows), bool)
        for name in self.dropped:
            allowed &= self.tests[name].matches(rows)
        return allowed

    def inside(self, slices: Slices) -> NDArray[np.int64]:
        """All allowed rows of slices of the scope, ascending."""
        found = [
            start + np.flatnonzero(_together(self.tests.values(), start, stop)) for start, stop in slices
        ]
        return np.concatenate([np.empty(0, np.int64), *found])

    @cached_property
    def count(self) -> int:
        return len(self.inside(self.slices))

    def more_without(self, names: Collection[str]) -> int:
        """How many more rows would be allowed without these filters."""
        others = [test for name, test in self.tests.items() if name not in names]
        without = sum(int(np.count_nonzero(_together(others, *each))) for each in self.slices)
        return without - self.count


def allowed_rows(filters: TrackFilters, snapshot: Snapshot, slices: Slices) -> Allowed | None:
    """Which rows of `slices` the filters allow, or None when nothing is filtered.

    Raises `UnknownGenre`.
    """
    if not filters.any_exclude:
        return None
    tests = _tests(filters, snapshot)
    clusters = [
        each for label in range(snapshot.n_clusters) if _is_inside(each := snapshot.slice_of(label), slices)
    ]
    n_rows = sum(stop - start for start, stop in slices)
    if n_rows == sum(stop - start for start, stop in clusters):
        kept = {name: sum(test.count(*each) for each in clusters) for name, test in tests.items()}
    else:  # a sub-cluster: too small for the order of the whole cluster to help
        kept = {
            name: sum(int(np.count_nonzero(test.mask(*each))) for each in slices)
            for name, test in tests.items()
        }
    dropped = {name: n_rows - n for name, n in kept.items()}
    return Allowed(slices, tests, {name: n for name, n in dropped.items() if n})


def _is_inside(cluster: tuple[int, int], slices: Slices) -> bool:
    return any(start <= cluster[0] and cluster[1] <= stop for start, stop in slices)


def _together(tests: Iterable[RowTest], start: int, stop: int) -> NDArray[np.bool_]:
    """What all the tests allow of rows start to stop, bool (stop - start,)."""
    allowed = np.ones(stop - start, bool)
    for test in tests:
        allowed &= test.mask(start, stop)
    return allowed


def _tests(filters: TrackFilters, snapshot: Snapshot) -> dict[str, RowTest]:
    """Every filter by the name of its parameter."""
    tests: dict[str, RowTest] = {}
    if filters.genres:
        tests["genre"] = _has_genre(filters.genres, snapshot)
    if filters.exclude_genres:
        tests["exclude_genre"] = Not(_has_genre(filters.exclude_genres, snapshot))
    if filters.explicit is not None:
        tests["explicit"] = Equals(explicit_column(snapshot), int(filters.explicit))
    if filters.min_popularity is not None:
        tests["min_popularity"] = AtLeast(popularity_column(snapshot), filters.min_popularity)
    if filters.max_popularity is not None:
        tests["max_popularity"] = AtMost(popularity_column(snapshot), filters.max_popularity)
    for name, value in filters.minimum:
        tests[f"min_{name}"] = AtLeast(feature_column(snapshot, name), value)
    for name, value in filters.maximum:
        tests[f"max_{name}"] = AtMost(feature_column(snapshot, name), value)
    return tests


def _has_genre(names: Sequence[str], snapshot: Snapshot) -> AmongLists:
    return AmongLists([snapshot.rows_of_genre(genre_number(name, snapshot)) for name in names])


def genre_number(name: str, snapshot: Snapshot) -> int:
    """The number of a genre in the run, whatever its case. Raises `UnknownGenre`."""
    number = snapshot.genre_numbers.get(name.strip().casefold())
    if number is None:
        near = get_close_matches(name.strip().casefold(), snapshot.genre_numbers, GENRES_SUGGESTED, 0.5)
        text = _("There is no genre %(name)s.") % {"name": name}
        if near:
            text += " " + _("Similar: %(names)s.") % {"names": ", ".join(near)}
        raise UnknownGenre(text)
    return number


def target_penalty(
    filters: TrackFilters, snapshot: Snapshot, weight: float
) -> Callable[[NDArray[np.int64]], NDArray[np.float32]] | None:
    """What to add to the distance of rows for being off the targets: `weight` for each standard deviation
    off, or for another key, mode or time signature; None without targets."""
    if not filters.target:
        return None
    parts = [_offset(name, value, snapshot) for name, value in filters.target]

    def penalty(rows: NDArray[np.int64]) -> NDArray[np.float32]:
        return np.asarray(weight * sum(part(rows) for part in parts), dtype=np.float32)

    return penalty


def _offset(
    name: str, value: float, snapshot: Snapshot
) -> Callable[[NDArray[np.int64]], NDArray[np.float32]]:
    values = feature_values(snapshot, name)
    if name in CATEGORIES:
        return lambda rows: (values[rows] != np.float32(value)).astype(np.float32)
    scale = np.float32(snapshot.arrays.scaler_scale[snapshot.meta.feature_names.index(name)])
    return lambda rows: np.abs(values[rows] - np.float32(value)) / scale
