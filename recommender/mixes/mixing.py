"""One list from several tracks one likes, away from some one does not: behind the mix page and the API."""

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
from recommender.answers.filters import Allowed, allowed_rows
from recommender.answers.ranking import parts_between, penalty_of, perturbed, weighed
from recommender.answers.reasons import reasons_of
from recommender.answers.recommendations import answering_snapshot, note_of
from recommender.answers.requests import Blend, RecommendationRequest
from recommender.answers.seeds import NEARBY_RATIO, Seed, seeds_of, slices_of, subclusters_in_scope
from recommender.answers.shortfalls import Shortfall, shortfall_of
from recommender.mixes.requests import MixRequest, in_short, refuse_both
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
    """What a mix is called: by its first seeds, where they are in the catalogue."""
    if not seeds:
        return _("Mix")
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
    snapshot, options = answering_snapshot(), request.options
    cards = cards_of_ids([*request.seeds, *request.avoid], snapshot)
    seeds, avoid = (
        seeds_of([cards[each] for each in ids if each in cards], snapshot)
        for ids in (request.seeds, request.avoid)
    )
    if not seeds:
        text = _("The catalogue has none of the tracks to start from: %(ids)s.")
        raise UnknownTrack(text % {"ids": in_short(list(request.seeds))})
    avoided = {seed.recording for seed in avoid}
    refuse_both([seed.card.title for seed in seeds if seed.recording in avoided])
    places = {place for seed in seeds for place in subclusters_in_scope(seed, options.scope, snapshot)}
    allowed = allowed_rows(options.filters, snapshot, slices_of(sorted(places), snapshot))
    found, found_cards, numbers = _found(seeds, avoid, allowed, options, snapshot)
    pairs = list(zip(found.rows, found_cards, strict=True))
    left_out = +found.left_out
    seed_ids, avoided_ids = (tuple(seed.card.spotify_id for seed in some) for some in (seeds, avoid))
    return Mix(
        run_id=snapshot.run_id,
        request=MixRequest(seed_ids, avoided_ids, options),
        seeds=[seed.card for seed in seeds],
        avoid=[seed.card for seed in avoid],
        unknown=[each for each in (*request.seeds, *request.avoid) if each not in cards],
        nearby_ratio=NEARBY_RATIO,
        results=_results(seeds, numbers, pairs, options, snapshot),
        dropped_by=(allowed.dropped if allowed else {}) | left_out,
        shortfall=shortfall_of(len(found.rows), options, left_out, allowed),
        note=note_of(options, snapshot),
    )


def _found(
    seeds: Sequence[Seed],
    avoid: Sequence[Seed],
    allowed: Allowed | None,
    options: RecommendationRequest,
    snapshot: Snapshot,
) -> tuple[Neighbours, list[TrackCard], list[int]]:
    """The list, the card of each row, and the number of the seed that it came from.

    The pool that it is made from grows until the list is full, or the pool holds all there is.
    """
    deleted: set[int] = set()
    rules = ListRules(
        snapshot.arrays.recordings,
        snapshot.arrays.first_artists,
        banned_recordings=frozenset(seed.recording for seed in (*seeds, *avoid)),
        banned_rows=deleted,
        per_artist=options.per_artist,
    )
    # Every seed looks for what the filters allow: they are applied to all rows once.
    mask = allowed and AllowedRows.of(allowed.inside(allowed.slices), snapshot.n_tracks)
    filters = Filters(mask, penalty_of(options, snapshot))
    slices = [slices_of(subclusters_in_scope(seed, options.scope, snapshot), snapshot) for seed in seeds]
    queries, avoided = ([seed.query for seed in some] for some in (seeds, avoid))
    rows = [seed.row for seed in seeds if seed.row is not None]
    together = partial(togetherness, snapshot.postings, rows, len(seeds))
    index, weights = weighed(options, snapshot)
    n_pool = POOL_ROWS
    while True:
        mixed = mixture(index, queries, avoided, weights, slices, filters, n_pool, together)
        found, cards = skip_deleted(partial(_fair, mixed, options, rules), options.limit, deleted, snapshot)
        if len(found.rows) == options.limit or n_pool >= snapshot.n_tracks * len(seeds):
            return found, cards, _seeds_of_rows(mixed, np.array(found.rows, dtype=np.int64)).tolist()
        n_pool *= POOL_GROWTH


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


def _results(
    seeds: Sequence[Seed],
    numbers: Sequence[int],
    found: Sequence[tuple[int, TrackCard]],
    options: RecommendationRequest,
    snapshot: Snapshot,
) -> list[MixResult]:
    """What was found, rows with their cards, in its order: `seeds[numbers[i]]` explains the i-th."""
    if not found:
        return []
    rows, cards = zip(*found, strict=True)
    parts = parts_between([seed.query for seed in seeds], numbers, rows, options, snapshot)
    reasons = reasons_of(snapshot, seeds, numbers, rows, cards, by_sound=options.blend is Blend.SOUND)
    results = []
    for card, number, why, each in zip(cards, numbers, reasons, parts, strict=True):
        seed, distance = seeds[number].card, sum(each.values())
        origin = _("from %(title)s") % {"title": seed.title}
        results.append(MixResult(card, seed, distance, 1 / (1 + distance), [origin, *why], each))
    return results
