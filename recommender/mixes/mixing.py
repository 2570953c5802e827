"""One list from several tracks one likes, away from some one does not: behind the mix page and the API."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from numpy.typing import NDArray

from recommender.algorithms.blend.together import togetherness
from recommender.algorithms.mixes.mixture import Mixture, mixture
from recommender.algorithms.mixes.pool import POOL_ROWS
from recommender.algorithms.mixes.shares import fair_list
from recommender.algorithms.search.blended_search import AllowedRows, Filters
from recommender.algorithms.search.picking import ListRules, Neighbours
from recommender.answers.cards import TrackCard, UnknownTrack, cards_of_ids, skip_deleted
from recommender.answers.filters import Allowed, Slices, allowed_rows
from recommender.answers.ranking import parts_between, perturbed
from recommender.answers.reasons import reasons_of
from recommender.answers.recommendations import answering_snapshot, note_of
from recommender.answers.requests import Blend, RecommendationRequest
from recommender.answers.seeds import NEARBY_RATIO, Seed, seeds_of, slices_of, subclusters_in_scope
from recommender.answers.shortfalls import Shortfall, shortfall_of
from recommender.mixes.requests import MixRequest, in_short, refuse_both
from recommender.mixes.weights import penalty_of, weighed
from recommender.snapshots.snapshot import Snapshot

POOL_GROWTH = 5
SEEDS_IN_TITLE = 2


@dataclass(frozen=True, slots=True)
class MixResult:
    """A track, the seed in whose own list it stands highest, and the distance to it with the parts it is the
    sum of, as among the seed's own recommendations. `score` is 1 at distance 0, then falls."""

    track: TrackCard
    seed: TrackCard
    distance: float
    score: float
    reasons: list[str]
    parts: dict[str, float]


@dataclass(frozen=True, slots=True)
class Mix:
    """The answer, all of it from one run, what fits the seeds best first.

    `request` is what was asked for without the `unknown` ids; `dropped_by`, `shortfall` and `note` are as
    in `Recommendations`.
    """

    run_id: int
    request: MixRequest
    seeds: list[TrackCard]
    avoid: list[TrackCard]
    unknown: list[str]
    nearby_ratio: float
    results: list[MixResult]
    dropped_by: dict[str, int]
    shortfall: Shortfall | None
    note: str


def title_of(seeds: Sequence[TrackCard]) -> str:
    """What a mix is called: by its first seeds."""
    titles = ", ".join(card.title for card in seeds[:SEEDS_IN_TITLE])
    more = len(seeds) - SEEDS_IN_TITLE
    if more <= 0:
        return _("Mix of %(titles)s") % {"titles": titles}
    text = ngettext("Mix of %(titles)s and %(count)d more", "Mix of %(titles)s and %(count)d more", more)
    return text % {"titles": titles, "count": more}


def mix(request: MixRequest) -> Mix:
    """The tracks near to some seed and away from all that is avoided.

    Raises `NoActiveRun`, `SnapshotUnavailable`, `UnknownGenre`, `UnknownTrack` when the catalogue has none
    of the seeds, or `CannotMix` when a seed is another release of something avoided.
    """
    snapshot = answering_snapshot()
    cards = cards_of_ids([*request.seeds, *request.avoid], snapshot)
    asked = _asked(request, cards, snapshot)
    listed = _listed(asked)
    left_out = +listed.left_out
    return Mix(
        run_id=snapshot.run_id,
        request=asked.request,
        seeds=[seed.card for seed in asked.seeds],
        avoid=[seed.card for seed in asked.avoid],
        unknown=[each for each in (*request.seeds, *request.avoid) if each not in cards],
        nearby_ratio=NEARBY_RATIO,
        results=_results(asked, listed),
        dropped_by=(asked.allowed.dropped if asked.allowed else {}) | left_out,
        shortfall=shortfall_of(len(listed.rows), request.options, left_out, asked.allowed),
        note=note_of(request.options, snapshot),
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """`slices` are those of each seed; `allowed` are the rows that the filters leave of them all."""

    snapshot: Snapshot
    request: MixRequest
    seeds: list[Seed]
    avoid: list[Seed]
    slices: list[Slices]
    allowed: Allowed | None


@dataclass(frozen=True, slots=True)
class _Listed:
    """Rows in their order with their cards and the numbers of their seeds."""

    rows: list[int]
    cards: list[TrackCard]
    seeds: list[int]
    left_out: Counter[str]


def _asked(request: MixRequest, cards: dict[str, TrackCard], snapshot: Snapshot) -> _Asked:
    """What is known of the request in this run."""
    seeds, avoid = (
        seeds_of([cards[each] for each in ids if each in cards], snapshot)
        for ids in (request.seeds, request.avoid)
    )
    if not seeds:
        text = _("The catalogue has none of the tracks to start from: %(ids)s.")
        raise UnknownTrack(text % {"ids": in_short(list(request.seeds))})
    avoided = {seed.recording for seed in avoid}
    refuse_both([seed.card.title for seed in seeds if seed.recording in avoided])
    known = MixRequest(_ids(seeds), _ids(avoid), request.options)
    places = [subclusters_in_scope(seed, request.options.scope, snapshot) for seed in seeds]
    everything = slices_of(sorted({place for some in places for place in some}), snapshot)
    allowed = allowed_rows(request.options.filters, snapshot, everything)
    return _Asked(snapshot, known, seeds, avoid, [slices_of(some, snapshot) for some in places], allowed)


def _ids(seeds: Sequence[Seed]) -> tuple[str, ...]:
    return tuple(seed.card.spotify_id for seed in seeds)


def _listed(asked: _Asked) -> _Listed:
    """A list as long as asked for, from a pool that grows until it is full or holds all there is."""
    snapshot, options = asked.snapshot, asked.request.options
    deleted: set[int] = set()
    rules = ListRules(
        snapshot.arrays.recordings,
        snapshot.arrays.first_artists,
        banned_recordings=frozenset(seed.recording for seed in (*asked.seeds, *asked.avoid)),
        banned_rows=deleted,
        per_artist=options.per_artist,
    )
    # Every seed looks for what the filters allow: they are applied to all rows once.
    allowed = asked.allowed and AllowedRows.of(asked.allowed.inside(asked.allowed.slices), snapshot.n_tracks)
    filters = Filters(allowed, penalty_of(options, snapshot))
    n_pool, all_rows = POOL_ROWS, snapshot.n_tracks * len(asked.seeds)
    while True:
        mixed = _mixture(asked, filters, n_pool)
        found, cards = skip_deleted(partial(_fair, mixed, options, rules), options.limit, deleted, snapshot)
        if len(found.rows) == options.limit or n_pool >= all_rows:
            seeds = _seeds_of_rows(mixed, np.array(found.rows, dtype=np.int64)).tolist()
            return _Listed(found.rows, cards, seeds, found.left_out)
        n_pool *= POOL_GROWTH


def _mixture(asked: _Asked, filters: Filters, n_pool: int) -> Mixture:
    index, weights = weighed(asked.request.options, asked.snapshot)
    seeds, avoid = ([seed.query for seed in some] for some in (asked.seeds, asked.avoid))
    rows = [seed.row for seed in asked.seeds if seed.row is not None]
    together = partial(togetherness, asked.snapshot.postings, rows, len(seeds))
    return mixture(index, seeds, avoid, weights, asked.slices, filters, n_pool, together)


def _fair(mixed: Mixture, options: RecommendationRequest, rules: ListRules, limit: int) -> Neighbours:
    """The list in its order, shuffled where variety is asked for, with a fair share for every taste."""
    ordered = mixed.rows, mixed.distances
    if options.variety:
        rows, distances = zip(*perturbed(iter([ordered]), options), strict=True)
        ordered = np.concatenate(rows), np.concatenate(distances)
    return fair_list(ordered, _seeds_of_rows(mixed, ordered[0]), mixed.groups, rules, limit)


def _seeds_of_rows(mixed: Mixture, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """The seed that each of the rows (m,) came from."""
    order = mixed.rows.argsort()
    return mixed.seeds[order[mixed.rows[order].searchsorted(rows)]]


def _results(asked: _Asked, listed: _Listed) -> list[MixResult]:
    """What was found, in its order: every seed explains what is nearest to it."""
    if not listed.rows:
        return []
    options, snapshot = asked.request.options, asked.snapshot
    queries = [seed.query for seed in asked.seeds]
    parts = parts_between(queries, listed.seeds, listed.rows, options, snapshot)
    by_sound = options.blend is Blend.SOUND
    reasons = reasons_of(snapshot, asked.seeds, listed.seeds, listed.rows, listed.cards, by_sound=by_sound)
    results = []
    for card, number, why, each in zip(listed.cards, listed.seeds, reasons, parts, strict=True):
        seed, distance = asked.seeds[number].card, sum(each.values())
        origin = _("from %(title)s") % {"title": seed.title}
        results.append(MixResult(card, seed, distance, 1 / (1 + distance), [origin, *why], each))
    return results
