"""A way from one track to another, a few steps long: behind the path page and the API."""

from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommender.algorithms.blend.distance import Queries, parts_to_each, total
from recommender.algorithms.mixes.paths import path
from recommender.algorithms.mixes.pool import POOL_ROWS
from recommender.algorithms.search.picking import ListRules, Neighbours
from recommender.answers.cards import TrackCard, card_of, skip_deleted
from recommender.answers.ranking import weighed
from recommender.answers.reasons import reasons_of
from recommender.answers.recommendations import answering_snapshot
from recommender.answers.requests import Blend, RecommendationRequest
from recommender.answers.seeds import Seed, seed_of
from recommender.mixes.mixing import POOL_GROWTH
from recommender.mixes.requests import CannotMix
from recommender.snapshots.snapshot import Snapshot

MAX_STEPS = 50
USUAL_STEPS = 5
USUAL = RecommendationRequest()


@dataclass(frozen=True, slots=True)
class PathRequest:
    """Spotify ids of both ends, and how many tracks to put between them."""

    start: str
    end: str
    n_steps: int = USUAL_STEPS
    blend: Blend = USUAL.blend
    per_artist: int = USUAL.per_artist

    @property
    def options(self) -> RecommendationRequest:
        return RecommendationRequest(blend=self.blend, per_artist=self.per_artist)


@dataclass(frozen=True, slots=True)
class PathStep:
    """A track on the way. The distances are those of the blend; the reasons are beside the one before."""

    track: TrackCard
    from_previous: float
    from_start: float
    from_end: float
    reasons: list[str]


@dataclass(frozen=True, slots=True)
class TrackPath:
    """The way in its order, without its ends. `shortfall` says why it is shorter than asked for, or is ""."""

    run_id: int
    request: PathRequest
    start: TrackCard
    end: TrackCard
    steps: list[PathStep]
    shortfall: str


def track_path(request: PathRequest) -> TrackPath:
    """Tracks that lead from one to another, looked for everywhere, one a recording.

    Raises `NoActiveRun`, `SnapshotUnavailable`, `UnknownTrack`, or `CannotMix` when both ends are one
    recording.
    """
    snapshot = answering_snapshot()
    start, end = _ends(request, snapshot)
    rows, cards = _way(request, start, end, snapshot)
    return TrackPath(
        run_id=snapshot.run_id,
        request=request,
        start=start.card,
        end=end.card,
        steps=_steps(request, [start, *(seed_of(card, snapshot) for card in cards)], end, rows, snapshot),
        shortfall=_shortfall(len(rows), request.n_steps),
    )


def _ends(request: PathRequest, snapshot: Snapshot) -> tuple[Seed, Seed]:
    start, end = (seed_of(card_of(each, snapshot), snapshot) for each in (request.start, request.end))
    if start.recording == end.recording:
        text = _("A way needs two different recordings; both ends are %(title)s.")
        raise CannotMix(text % {"title": start.card.title})
    return start, end


def _way(
    request: PathRequest, start: Seed, end: Seed, snapshot: Snapshot
) -> tuple[list[int], list[TrackCard]]:
    """Rows of the steps with their cards, from a pool that grows until they are enough or it holds all."""
    arrays = snapshot.arrays
    index, weights = weighed(request.options, snapshot)
    deleted: set[int] = set()
    rules = ListRules(
        arrays.recordings,
        arrays.first_artists,
        banned_recordings=frozenset([start.recording, end.recording]),
        banned_rows=deleted,
        per_artist=request.per_artist,
    )
    ends, everywhere, n_pool = (start.query, end.query), [(0, snapshot.n_tracks)], POOL_ROWS

    def search(n_steps: int) -> Neighbours:
        return Neighbours(path(index, *ends, n_steps, weights, everywhere, rules, n_pool=n_pool))

    while True:
        found, cards = skip_deleted(search, request.n_steps, deleted, snapshot)
        if len(found.rows) == request.n_steps or n_pool >= len(ends) * snapshot.n_tracks:
            return found.rows, cards
        n_pool *= POOL_GROWTH


def _steps(
    request: PathRequest, way: list[Seed], end: Seed, rows: list[int], snapshot: Snapshot
) -> list[PathStep]:
    """`way` is the start, then the seed of each row."""
    if not rows:
        return []
    index, weights = weighed(request.options, snapshot)
    queries = Queries.of([seed.query for seed in (*way, end)])
    distances = total(parts_to_each(index.arrays, queries, weights, np.array(rows)))
    places, cards = range(len(rows)), [seed.card for seed in way[1:]]
    reasons = reasons_of(snapshot, way, places, rows, cards, by_sound=request.blend is Blend.SOUND)
    return [
        PathStep(
            track=cards[place],
            from_previous=float(distances[place, place]),
            from_start=float(distances[0, place]),
            from_end=float(distances[-1, place]),
            reasons=reasons[place],
        )
        for place in places
    ]


def _shortfall(n_found: int, n_steps: int) -> str:
    if n_found == n_steps:
        return ""
    text = ngettext(
        "Only %(found)d of %(steps)d: the catalogue has no other recording to put between.",
        "Only %(found)d of %(steps)d: the catalogue has no other recordings to put between.",
        n_found,
    )
    return text % {"found": n_found, "steps": n_steps}
