"""Which tracks may be recommended: the filters people ask for, decided for a whole scope at once.

Served: numpy only. Every filter is a mask over rows, so that it is exact, and so that it can be counted
and, when a list stays empty, named.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from recommender.snapshots.snapshot import Snapshot
from tracks.audio_features import FEATURE_NAMES

FEATURE_COLUMN = {name: column for column, name in enumerate(FEATURE_NAMES)}
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


@dataclass(frozen=True, slots=True)
class Allowed:
    """rows: bool (n_tracks,), False outside of the scope. dropped: how many tracks of the scope each
    filter leaves out by itself. only: how many each filter alone stands in the way of."""

    rows: NDArray[np.bool_]
    dropped: dict[str, int]
    count: int
    masks: Mapping[str, tuple[NDArray[np.bool_], ...]]

    def only(self) -> dict[str, int]:
        """By filter, how many more tracks would be allowed without it."""
        found = {}
        for name in self.masks:
            others = [masks for other, masks in self.masks.items() if other != name]
            found[name] = _n_allowed(others, self.masks[name]) - self.count
        return found


def allowed_rows(filters: TrackFilters, snapshot: Snapshot, slices: Slices) -> Allowed | None:
    """Which rows of `slices` the filters allow, or None when nothing is filtered.

    Raises `UnknownGenre`.
    """
    if not filters.any_exclude:
        return None
    masks = {
        name: tuple(test(start, stop) for start, stop in slices)
        for name, test in _tests(filters, snapshot).items()
    }
    rows = np.zeros(snapshot.n_tracks, bool)
    for place, (start, stop) in enumerate(slices):
        rows[start:stop] = np.logical_and.reduce([parts[place] for parts in masks.values()])
    size = sum(stop - start for start, stop in slices)
    dropped = {
        name: size - sum(int(np.count_nonzero(part)) for part in parts) for name, parts in masks.items()
    }
    count = sum(int(np.count_nonzero(rows[start:stop])) for start, stop in slices)
    return Allowed(rows, {name: n for name, n in dropped.items() if n}, count, masks)


def _n_allowed(masks: list[tuple[NDArray[np.bool_], ...]], like: tuple[NDArray[np.bool_], ...]) -> int:
    if not masks:
        return sum(len(part) for part in like)
    together = (np.logical_and.reduce(parts) for parts in zip(*masks, strict=True))
    return sum(int(np.count_nonzero(part)) for part in together)


Test = Callable[[int, int], NDArray[np.bool_]]


def _tests(filters: TrackFilters, snapshot: Snapshot) -> dict[str, Test]:
    """A test of rows start to stop for every filter, by the name of its parameter."""
    arrays = snapshot.arrays
    tests: dict[str, Test] = {}
    if filters.genres:
        tests["genre"] = _has_genre(filters.genres, snapshot)
    if filters.exclude_genres:
        has_excluded = _has_genre(filters.exclude_genres, snapshot)
        tests["exclude_genre"] = lambda start, stop: ~has_excluded(start, stop)
    if filters.explicit is not None:
        tests["explicit"] = lambda start, stop: arrays.explicit[start:stop] == int(bool(filters.explicit))
    if filters.min_popularity is not None:
        tests["min_popularity"] = _at_least(arrays.popularity, filters.min_popularity)
    if filters.max_popularity is not None:
        tests["max_popularity"] = _at_most(arrays.popularity, filters.max_popularity)
    for name, value in filters.minimum:
        tests[f"min_{name}"] = _at_least(snapshot.feature_values(name), np.float32(value))
    for name, value in filters.maximum:
        tests[f"max_{name}"] = _at_most(snapshot.feature_values(name), np.float32(value))
    return tests


def _at_least(values: NDArray[np.float32] | NDArray[np.uint8], bound: np.float32 | int) -> Test:
    return lambda start, stop: values[start:stop] >= bound


def _at_most(values: NDArray[np.float32] | NDArray[np.uint8], bound: np.float32 | int) -> Test:
    return lambda start, stop: values[start:stop] <= bound


def _has_genre(names: Sequence[str], snapshot: Snapshot) -> Test:
    """Whether each row has one of the genres, from the rows that each genre lists."""
    wanted = [snapshot.rows_of_genre(genre_number(name, snapshot)) for name in names]

    def test(start: int, stop: int) -> NDArray[np.bool_]:
        found = np.zeros(stop - start, bool)
        for rows in wanted:
            first, last = rows.searchsorted([start, stop]).tolist()
            found[rows[first:last] - start] = True
        return found

    return test


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
    values = snapshot.feature_values(name)
    if name in CATEGORIES:
        return lambda rows: (values[rows] != np.float32(value)).astype(np.float32)
    scale = np.float32(snapshot.arrays.scaler_scale[snapshot.meta.feature_names.index(name)])
    return lambda rows: np.abs(values[rows] - np.float32(value)) / scale
