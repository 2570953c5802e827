"""All tracks of a cluster, page by page: sorted, filtered, re-releases folded into one row.

Works on any contiguous slice of a run's rows. Orders are kept for the latest slices and sorts of a process: a
published run never changes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from random import SystemRandom

import numpy as np
from numpy.typing import NDArray

from recommender.algorithms.browsing import (
    grouped_by_recording,
    most_typical_first,
    releases_of_groups,
    sorted_by,
)
from recommender.answers.cards import TrackCard, cards_of
from recommender.answers.filters import NO_TRACK_FILTERS, TrackFilters, allowed_rows
from recommender.snapshots.columns import feature_values
from recommender.snapshots.snapshot import Snapshot
from tracks.audio_features import FEATURE_NAMES
from tracks.models import Track
from tracks.titles.folding import fold

TYPICAL, KNOWN, TITLE = "typical", "known", "title"
SORTS = (TYPICAL, KNOWN, TITLE, *(f"{sign}{name}" for name in FEATURE_NAMES for sign in ("-", "")))
PER_PAGE = 20
MAX_EXPORTED = 10_000  # as many as a playlist of Spotify holds
CARDS_AT_ONCE = 1000
KNOWN_SHARE = 1 / 3
SURPRISES_TRIED = 50
ORDERS_KEPT = 32


@dataclass(frozen=True, slots=True)
class Region:
    """Rows `start` to `stop` of a run, and their middle (n_features,) in the clustering space."""

    start: int
    stop: int
    middle: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class BrowseRequest:
    """`sort` is one of `SORTS`: a feature by itself is sorted from its lowest value, with a minus from its
    highest. Pages count from 1. Targets among the filters have no meaning here."""

    sort: str = TYPICAL
    page: int = 1
    per_page: int = PER_PAGE
    filters: TrackFilters = NO_TRACK_FILTERS


@dataclass(frozen=True, slots=True)
class Listed:
    """Rows of the run in order, one a recording: its best-known release. `releases` says how many of the
    region's tracks each stands for, itself included."""

    rows: NDArray[np.int32]
    releases: NDArray[np.int32]

    @property
    def n_tracks(self) -> int:
        return int(self.releases.sum())


@dataclass(frozen=True, slots=True)
class TrackPage:
    """One page: each card with how many re-releases are folded into it. `first` is the place of the first
    row in the whole list, from 1."""

    entries: list[tuple[TrackCard, int]]
    first: int
    n_pages: int
    n_recordings: int
    n_tracks: int


def cluster_region(snapshot: Snapshot, label: int) -> Region:
    """The rows of a cluster."""
    return Region(*snapshot.slice_of(label), tuple(snapshot.arrays.centroids[label].tolist()))


def subcluster_region(snapshot: Snapshot, place: int) -> Region:
    """The rows of the sub-cluster at this place among all of the run; its middle is their mean."""
    start, stop = snapshot.slice_of_subcluster(place)
    return Region(start, stop, tuple(snapshot.arrays.places[start:stop].mean(axis=0).tolist()))


def track_page(snapshot: Snapshot, region: Region, request: BrowseRequest) -> TrackPage:
    """The tracks of one page; none beyond the last page. Those deleted since the run leave a gap.

    Raises `UnknownGenre`.
    """
    listed = listed_tracks(snapshot, region, request.sort, request.filters)
    begin = (request.page - 1) * request.per_page
    rows, releases = (each[begin : begin + request.per_page] for each in (listed.rows, listed.releases))
    pks = snapshot.arrays.track_ids[rows].tolist()
    cards = cards_of(pks, snapshot, rows.tolist())
    pairs = zip(pks, releases.tolist(), strict=True)
    return TrackPage(
        entries=[(cards[pk], count - 1) for pk, count in pairs if pk in cards],
        first=begin + 1,
        n_pages=-(-len(listed.rows) // request.per_page),
        n_recordings=len(listed.rows),
        n_tracks=listed.n_tracks,
    )


def exported_cards(snapshot: Snapshot, listed: Listed) -> Iterator[TrackCard]:
    """The first `MAX_EXPORTED` tracks of a list that are still in the catalogue, read in portions."""
    rows = listed.rows[:MAX_EXPORTED]
    for begin in range(0, len(rows), CARDS_AT_ONCE):
        some = rows[begin : begin + CARDS_AT_ONCE]
        pks = snapshot.arrays.track_ids[some].tolist()
        cards = cards_of(pks, snapshot, some.tolist())
        yield from (cards[pk] for pk in pks if pk in cards)


def surprise(snapshot: Snapshot, region: Region, filters: TrackFilters) -> TrackCard | None:
    """A track drawn at random from the best-known third of a list; None when there is none.

    Raises `UnknownGenre`.
    """
    rows = listed_tracks(snapshot, region, KNOWN, filters).rows
    known = rows[: max(1, round(KNOWN_SHARE * len(rows)))].tolist()
    drawn = SystemRandom().sample(known, min(SURPRISES_TRIED, len(known)))
    pks = snapshot.arrays.track_ids[drawn].tolist()
    cards = cards_of(pks, snapshot, drawn)
    return next((cards[pk] for pk in pks if pk in cards), None)


@lru_cache(maxsize=ORDERS_KEPT)
def listed_tracks(snapshot: Snapshot, region: Region, sort: str, filters: TrackFilters) -> Listed:
    """The whole list in its order. Raises `UnknownGenre`."""
    grouped = _grouped(snapshot, region)
    allowed = allowed_rows(filters, snapshot, [(region.start, region.stop)])
    if allowed is not None:
        is_allowed = np.zeros(region.stop - region.start, bool)
        is_allowed[allowed.inside(allowed.slices) - region.start] = True
        grouped = grouped[is_allowed[grouped]]
    starts, counts = releases_of_groups(snapshot.arrays.recordings[grouped + region.start])
    releases = np.zeros(region.stop - region.start, np.int32)
    releases[grouped[starts]] = counts
    order = _order(snapshot, region, sort)
    order = order[releases[order] > 0]
    return Listed(order + np.int32(region.start), releases[order])


@lru_cache(maxsize=ORDERS_KEPT)
def _grouped(snapshot: Snapshot, region: Region) -> NDArray[np.int32]:
    """Positions in the region with the releases of a recording together, the best known first."""
    inside = slice(region.start, region.stop)
    arrays = snapshot.arrays
    columns = (arrays.recordings[inside], arrays.popularity[inside], arrays.track_ids[inside])
    return grouped_by_recording(*columns).astype(np.int32)


@lru_cache(maxsize=ORDERS_KEPT)
def _order(snapshot: Snapshot, region: Region, sort: str) -> NDArray[np.int32]:
    """All positions in the region in their order; what is equal stays in the order of typicality."""
    inside = slice(region.start, region.stop)
    arrays = snapshot.arrays
    if sort == TYPICAL:
        middle = np.array(region.middle)
        return most_typical_first(arrays.places[inside], middle, arrays.track_ids[inside]).astype(np.int32)
    typical = _order(snapshot, region, TYPICAL)
    keys: NDArray[np.generic]
    if sort == KNOWN:
        keys = -arrays.popularity[inside]
    elif sort == TITLE:
        keys = _title_ranks(arrays.track_ids[inside])
    else:
        values = feature_values(snapshot, sort.removeprefix("-"))[inside]
        keys = -values if sort.startswith("-") else values
    return np.asarray(sorted_by(keys, typical), dtype=np.int32)


def _title_ranks(track_ids: NDArray[np.int64]) -> NDArray[np.int64]:
    """The place of each track (m,) by title, whatever its case, accents and signs; deleted tracks last."""
    pks = track_ids.tolist()
    titles: dict[int, str] = {}
    for begin in range(0, len(pks), CARDS_AT_ONCE):
        some = Track.objects.filter(pk__in=pks[begin : begin + CARDS_AT_ONCE])
        titles.update(some.values_list("pk", "title"))
    known = [position for position, pk in enumerate(pks) if pk in titles]
    known.sort(key=lambda position: (fold(titles[pks[position]]), titles[pks[position]]))
    ranks = np.full(len(pks), len(pks), dtype=np.int64)
    ranks[known] = np.arange(len(known))
    return ranks
