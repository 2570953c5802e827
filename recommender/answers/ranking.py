"""The rows of a scope in the order that was asked for, and what their distances are made of. numpy only."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.algorithms.blend.distance import (
    MAX_FAMILIAR,
    SOUND_ALONE,
    BlendWeights,
    Queries,
    Query,
    distance_parts,
    parts_to_each,
)
from recommender.algorithms.euclidean import euclidean_distances
from recommender.algorithms.mixes.mixture import perturb_order
from recommender.algorithms.search.blended_search import (
    BlendIndex,
    Filters,
    in_blended_order,
    nearest_in_blend,
    with_hubness,
)
from recommender.algorithms.search.neighbours import SHORTLIST_EXTRA, SHORTLIST_FACTOR, Points, in_order
from recommender.algorithms.search.picking import Batch, ListRules, Neighbours, pick
from recommender.answers.filters import Allowed, Slices, allowed_rows, target_penalty
from recommender.answers.requests import Blend, RecommendationRequest
from recommender.snapshots.snapshot import Snapshot

# What one standard deviation off a target adds to the distance.
TARGET_IN_SOUND = 1.0
TARGET_IN_BLEND = 0.25
FEW_ALLOWED = 4096
PERTURBED_PER_RESULT = 5

Penalty = Callable[[NDArray[np.int64]], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Ranking:
    """How rows are ordered for one query: `weights` is None for sound alone, `allowed` for no filters."""

    snapshot: Snapshot
    query: Query
    slices: Slices
    weights: BlendWeights | None
    allowed: Allowed | None
    penalty: Penalty | None


def familiarity_offset(weights: BlendWeights | None, snapshot: Snapshot) -> float:
    """What every blended distance has in it, because no track of the run is as known as can be."""
    if weights is None or weights.familiarity <= 0:
        return 0.0
    return weights.familiarity * (float(MAX_FAMILIAR) - snapshot.most_familiar)


def ranking_of(query: Query, slices: Slices, request: RecommendationRequest, snapshot: Snapshot) -> Ranking:
    """How the request orders the rows of `slices` for a query. Raises `UnknownGenre`."""
    by_sound = request.blend is Blend.SOUND
    return Ranking(
        snapshot=snapshot,
        query=query,
        slices=slices,
        weights=None if by_sound else weights_of(request, snapshot),
        allowed=allowed_rows(request.filters, snapshot, slices),
        penalty=penalty_of(request, snapshot),
    )


def weights_of(request: RecommendationRequest, snapshot: Snapshot) -> BlendWeights:
    """The run's weights of the blend, turned to the familiarity asked for.

    Nearness in popularity counts as much as the known is preferred: else a well-known seed would keep
    hidden gems away. A run without listener vectors has one blend.
    """
    name = request.blend if snapshot.meta.learnt_from else Blend.BALANCED
    usual = snapshot.meta.weights[name]
    turned = request.familiarity
    if turned == 1:
        return usual
    popularity = usual.popularity * min(max(turned, 0.0), 1.0)
    return replace(usual, familiarity=usual.familiarity * turned, popularity=popularity)


def weighed(request: RecommendationRequest, snapshot: Snapshot) -> tuple[BlendIndex, BlendWeights]:
    """What to search, and by which weights. In sound alone no track is a hub to be held back."""
    if request.blend is not Blend.SOUND:
        return snapshot.index, weights_of(request, snapshot)
    index = snapshot.index
    return with_hubness(index, np.zeros_like(index.arrays.hubness)), SOUND_ALONE


def penalty_of(request: RecommendationRequest, snapshot: Snapshot) -> Penalty | None:
    """What being off the targets adds to a distance; None without targets."""
    by_sound = request.blend is Blend.SOUND
    return target_penalty(request.filters, snapshot, TARGET_IN_SOUND if by_sound else TARGET_IN_BLEND)


def in_requested_order(ranking: Ranking, request: RecommendationRequest) -> Iterator[Batch]:
    """Yield all allowed rows with their distances, nearest first, or shuffled where variety is asked for."""
    if ranking.weights is None:
        batches = _by_sound(ranking, request.limit)
    else:
        filters, index = Filters(ranking.allowed, ranking.penalty), ranking.snapshot.index
        batches = in_blended_order(index, ranking.query, ranking.weights, ranking.slices, filters)
    return perturbed(batches, request) if request.variety else batches


def found_in_order(ranking: Ranking, request: RecommendationRequest, rules: ListRules) -> Neighbours:
    """The first rows in the asked order that may stand together, as many as are asked for."""
    if ranking.weights is None or request.variety:
        return pick(in_requested_order(ranking, request), rules, request.limit)
    filters = Filters(ranking.allowed, ranking.penalty)
    index = ranking.snapshot.index
    return nearest_in_blend(
        index, ranking.query, ranking.weights, ranking.slices, rules, request.limit, filters
    )


def parts_of(ranking: Ranking, rows: Sequence[int], distances: Sequence[float]) -> list[dict[str, float]]:
    """What the distance of each row, without the offset, is made of, by the name of the part."""
    if not rows:
        return []
    at = np.array(rows, dtype=np.int64)
    if ranking.weights is None:
        total = np.array(distances)
        parts: dict[str, NDArray[Any]] = {
            "sound": total - (0 if ranking.penalty is None else ranking.penalty(at))
        }
    else:
        parts = {**distance_parts(ranking.snapshot.arrays.blend, ranking.query, ranking.weights, at)}
        parts["familiarity"] = np.maximum(
            parts["familiarity"] - np.float32(familiarity_offset(ranking.weights, ranking.snapshot)), 0
        )
    if ranking.penalty is not None:
        parts["target"] = ranking.penalty(at)
    return _by_row(parts)


def parts_between(
    queries: Sequence[Query],
    numbers: Sequence[int],
    rows: Sequence[int],
    request: RecommendationRequest,
    snapshot: Snapshot,
) -> list[dict[str, float]]:
    """What the distance from `queries[numbers[i]]` to `rows[i]`, found by another search, is made of."""
    at, of = np.array(rows, dtype=np.int64), np.array(numbers, dtype=np.int64)
    weights = SOUND_ALONE if request.blend is Blend.SOUND else weights_of(request, snapshot)
    to_each = parts_to_each(snapshot.arrays.blend, Queries.of(queries), weights, at)
    parts = {name: part[of, np.arange(len(at))] for name, part in to_each.items()}
    if weights == SOUND_ALONE:
        parts = {"sound": parts["sound"]}
    else:
        offset = np.float32(familiarity_offset(weights, snapshot))
        parts["familiarity"] = np.maximum(parts["familiarity"] - offset, 0)
    penalty = penalty_of(request, snapshot)
    if penalty is not None:
        parts["target"] = penalty(at)
    return _by_row(parts)


def _by_row(parts: dict[str, NDArray[Any]]) -> list[dict[str, float]]:
    columns = zip(*(values.tolist() for values in parts.values()), strict=True)
    return [dict(zip(parts, column, strict=True)) for column in columns]


def _by_sound(ranking: Ranking, limit: int) -> Iterator[Batch]:
    snapshot, allowed = ranking.snapshot, ranking.allowed
    points = Points(snapshot.arrays.X, snapshot.derived.squared_norms, snapshot.arrays.track_ids)
    if ranking.penalty is not None or (allowed is not None and allowed.at_most <= FEW_ALLOWED):
        yield _measured(points, ranking)
        return
    first = SHORTLIST_FACTOR * limit + SHORTLIST_EXTRA
    for rows, distances in in_order(points, ranking.query.point, ranking.slices, first):
        if allowed is None:
            yield rows, distances
        else:
            kept = allowed.matches(rows)
            yield rows[kept], distances[kept]


def _measured(points: Points, ranking: Ranking) -> Batch:
    """All allowed rows by their distance in sound, and off the targets."""
    rows = Filters(ranking.allowed).inside(ranking.slices)
    distances = euclidean_distances(points.X[rows].astype(np.float64), ranking.query.point)
    if ranking.penalty is not None:
        distances += ranking.penalty(rows)
    order = np.lexsort((points.ids[rows], distances))
    return rows[order], distances[order]


def perturbed(batches: Iterator[Batch], request: RecommendationRequest) -> Iterator[Batch]:
    """The nearest in an order shuffled in proportion to the spread of their distances, then the rest."""
    first = PERTURBED_PER_RESULT * request.limit
    rows, distances = np.empty(0, np.int64), np.empty(0)
    for batch in batches:
        rows, distances = np.concatenate([rows, batch[0]]), np.concatenate([distances, batch[1]])
        if len(rows) >= first:
            break
    nearest = rows[:first], distances[:first]
    if len(rows):
        strength = request.variety * float(nearest[1].std())
        yield perturb_order(nearest, strength, request.variety_seed)
    yield rows[first:], distances[first:]
    yield from batches
