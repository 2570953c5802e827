"""Which tracks to hear after this one: the use case behind the track page and the API."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from numpy.typing import NDArray

from recommender.algorithms.neighbours import ListRules, Neighbours, Points, nearest_rows
from recommender.cards import TrackCard, card_of, cards_of, features_in_order
from recommender.reasons import genre_reasons, sound_reasons
from recommender.snapshots import Snapshot, active_snapshot
from recommender.summaries import ClusterSummary, summaries_of

NEARBY_RATIO = 1.5
MOST_RESULTS = 100
MOST_PROBED = 1000


class Scope(StrEnum):
    """Where neighbours are looked for: the seed's cluster, those at its border too, or all of them."""

    CLUSTER = "cluster"
    NEARBY = "nearby"
    EVERYWHERE = "everywhere"


class Blend(StrEnum):
    """How sound, genre and listeners are weighed."""

    SOUND = "sound"


class UnknownTrack(LookupError):
    """The catalogue has no track of this id."""


class NoActiveRun(Exception):
    """There are no clusters yet to answer from."""


@dataclass(frozen=True, slots=True)
class RecommendationRequest:
    """What is asked for. `per_artist` caps the tracks of one first artist; 0 is no cap."""

    limit: int = 20
    scope: Scope = Scope.CLUSTER
    blend: Blend = Blend.SOUND
    per_artist: int = 1


@dataclass(slots=True)
class Recommendation:
    """A track with its distance in the run's scaled feature space; `score` is 1 at distance 0, then falls."""

    track: TrackCard
    distance: float
    score: float
    reasons: list[str]


@dataclass(frozen=True, slots=True)
class Recommendations:
    """The answer, all of it from one run, nearest first.

    `dropped_by` counts the nearer tracks that each rule left out. `shortfall` says why there are fewer
    than asked for, or is empty. `searched` are the labels of the clusters looked into.
    """

    run_id: int
    seed: TrackCard
    cluster: ClusterSummary
    request: RecommendationRequest
    nearby_ratio: float
    searched: list[int]
    results: list[Recommendation]
    dropped_by: dict[str, int]
    shortfall: str


@dataclass(frozen=True, slots=True)
class _Seed:
    card: TrackCard
    point: NDArray[np.float32]
    label: int
    recording: int


@dataclass(frozen=True, slots=True)
class _Found:
    neighbours: Neighbours
    cards: dict[int, TrackCard]


def recommend(spotify_id: str, request: RecommendationRequest) -> Recommendations:
    """The nearest recordings to a track, within the asked scope.

    Raises `UnknownTrack`, `NoActiveRun`, or `SnapshotUnavailable`.
    """
    snapshot = active_snapshot()
    if snapshot is None:
        raise NoActiveRun(_("There are no clusters yet. Start a refit, and ask again when it is done."))
    card = card_of(spotify_id, snapshot)
    if card is None:
        raise UnknownTrack(_("The catalogue has no track with the id %(id)s.") % {"id": spotify_id})
    seed = _seed(card, snapshot)
    labels = _labels(seed, request.scope, snapshot)
    found = _find(seed, labels, request, snapshot)
    left_out = +found.neighbours.left_out
    return Recommendations(
        run_id=snapshot.run_id,
        seed=card,
        cluster=summaries_of(snapshot)[seed.label],
        request=request,
        nearby_ratio=NEARBY_RATIO,
        searched=labels,
        results=_results(seed, found, snapshot),
        dropped_by=dict(left_out),
        shortfall=_shortfall(len(found.neighbours.rows), request, left_out),
    )


def _seed(card: TrackCard, snapshot: Snapshot) -> _Seed:
    """A track that came after the run is placed at its nearest centroid, and is a seed like any other."""
    row = snapshot.row_of(card.pk)
    if row is None:
        point = snapshot.scale(features_in_order(card.audio_features, snapshot))
        label = int(snapshot.centroid_distances(point).argmin())
        return _Seed(card, point, label, card.recording_id or card.pk)
    arrays = snapshot.arrays
    return _Seed(card, arrays.X[row], snapshot.label_of_row(row), int(arrays.recordings[row]))


def _labels(seed: _Seed, scope: Scope, snapshot: Snapshot) -> list[int]:
    """The clusters to look into. Nearby: those at most `NEARBY_RATIO` times as far as the nearest one."""
    if scope is Scope.CLUSTER:
        return [seed.label]
    if scope is Scope.EVERYWHERE:
        return list(range(snapshot.n_clusters))
    distances = snapshot.centroid_distances(seed.point)
    near = set(np.flatnonzero(distances <= NEARBY_RATIO * distances.min()).tolist())
    return sorted(near | {seed.label})


def _slices(labels: Sequence[int], snapshot: Snapshot) -> list[tuple[int, int]]:
    """The rows of the clusters; those that touch are one slice."""
    slices: list[tuple[int, int]] = []
    for start, stop in map(snapshot.slice_of, labels):
        if slices and slices[-1][1] == start:
            slices[-1] = (slices[-1][0], stop)
        else:
            slices.append((start, stop))
    return slices


def _find(seed: _Seed, labels: list[int], request: RecommendationRequest, snapshot: Snapshot) -> _Found:
    """Search; where tracks were deleted since the run, find out which, and search again without them."""
    arrays = snapshot.arrays
    points = Points(arrays.X, snapshot.squared_norms, arrays.track_ids)
    slices = _slices(labels, snapshot)
    deleted: set[int] = set()
    rules = ListRules(
        arrays.recordings,
        arrays.first_artists,
        banned_recordings=frozenset([seed.recording]),
        banned_rows=deleted,
        per_artist=request.per_artist,
    )
    limit = request.limit
    while True:
        neighbours = nearest_rows(points, seed.point, slices, rules, limit)
        pks = arrays.track_ids[neighbours.rows].tolist()
        cards = cards_of(pks, snapshot)
        missing = {row for row, pk in zip(neighbours.rows, pks, strict=True) if pk not in cards}
        if not missing and limit == request.limit:
            return _Found(neighbours, cards)
        deleted |= missing
        limit = min(2 * limit, MOST_PROBED) if missing else request.limit


def _results(seed: _Seed, found: _Found, snapshot: Snapshot) -> list[Recommendation]:
    rows, distances = found.neighbours.rows, found.neighbours.distances
    pks = snapshot.arrays.track_ids[rows].tolist()
    sounds = sound_reasons(snapshot, seed.point, rows)
    results = []
    for pk, distance, reasons in zip(pks, distances, sounds, strict=True):
        card = found.cards[pk]
        reasons += genre_reasons(seed.card.genres, card.genres)
        results.append(Recommendation(card, distance, 1 / (1 + distance), reasons))
    return results


def _shortfall(n_found: int, request: RecommendationRequest, left_out: Counter[str]) -> str:
    if n_found >= request.limit:
        return ""
    text = ngettext(
        "Only %(found)d of %(limit)d: there is no other recording to choose from here.",
        "Only %(found)d of %(limit)d: there are no other recordings to choose from here.",
        n_found,
    ) % {"found": n_found, "limit": request.limit}
    if capped := left_out["per_artist"]:
        more = ngettext(
            "%(count)d more was left out by per_artist=%(cap)d.",
            "%(count)d more were left out by per_artist=%(cap)d.",
            capped,
        )
        text += " " + more % {"count": capped, "cap": request.per_artist}
    return text
