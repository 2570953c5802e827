"""One list from several tracks one likes, away from some one does not: behind the mix page and the API."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommender.algorithms.blended_search import Filters
from recommender.algorithms.mixes import POOL_ROWS, Mixture, mixture
from recommender.algorithms.picking import Batch, ListRules, Neighbours, pick
from recommender.answers.cards import TrackCard, cards_of, cards_of_ids
from recommender.answers.filters import Allowed, Slices, allowed_rows
from recommender.answers.ranking import shaken
from recommender.answers.reasons import Matched, reasons_of
from recommender.answers.recommendations import UnknownTrack, answering_snapshot, note_of
from recommender.answers.requests import Blend, RecommendationRequest
from recommender.answers.seeds import NEARBY_RATIO, Seed, labels_in_scope, seed_of, slices_of
from recommender.answers.shortfalls import Shortfall, shortfall_of
from recommender.mixes.requests import MixRequest, in_short, refuse_both
from recommender.mixes.weights import penalty_of, weighed
from recommender.snapshots.snapshot import Snapshot

POOL_GROWTH = 5
SEEDS_IN_TITLE = 2


@dataclass(frozen=True, slots=True)
class MixResult:
    """A track, the seed it came from, and its distance: to that seed, a little drawn to the others and
    pushed by what is avoided. `score` is 1 at distance 0, then falls."""

    track: TrackCard
    seed: TrackCard
    distance: float
    score: float
    reasons: list[str]


@dataclass(frozen=True, slots=True)
class Mix:
    """The answer, all of it from one run, nearest first.

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
    """Rows in their order with their cards, their distances and the numbers of their seeds."""

    rows: list[int]
    cards: list[TrackCard]
    distances: list[float]
    seeds: list[int]
    left_out: Counter[str]


def _asked(request: MixRequest, cards: dict[str, TrackCard], snapshot: Snapshot) -> _Asked:
    """What is known of the request in this run."""
    seeds = [seed_of(cards[each], snapshot) for each in request.seeds if each in cards]
    avoid = [seed_of(cards[each], snapshot) for each in request.avoid if each in cards]
    if not seeds:
        text = _("The catalogue has none of the tracks to start from: %(ids)s.")
        raise UnknownTrack(text % {"ids": in_short(list(request.seeds))})
    avoided = {seed.recording for seed in avoid}
    refuse_both([seed.card.title for seed in seeds if seed.recording in avoided])
    known = MixRequest(_ids(seeds), _ids(avoid), request.options)
    labels = [labels_in_scope(seed, request.options.scope, snapshot) for seed in seeds]
    everything = slices_of(sorted({label for some in labels for label in some}), snapshot)
    allowed = allowed_rows(request.options.filters, snapshot, everything)
    return _Asked(snapshot, known, seeds, avoid, [slices_of(some, snapshot) for some in labels], allowed)


def _ids(seeds: Sequence[Seed]) -> tuple[str, ...]:
    return tuple(seed.card.spotify_id for seed in seeds)


def _listed(asked: _Asked) -> _Listed:
    """A list as long as asked for, from a pool that grows until it is full or holds all there is.

    Where tracks were deleted since the run, they are found out and left out.
    """
    snapshot, options = asked.snapshot, asked.request.options
    deleted: set[int] = set()
    rules = ListRules(
        snapshot.arrays.recordings,
        snapshot.arrays.first_artists,
        banned_recordings=frozenset(seed.recording for seed in (*asked.seeds, *asked.avoid)),
        banned_rows=deleted,
        per_artist=options.per_artist,
    )
    n_pool, all_rows = POOL_ROWS, snapshot.n_tracks * len(asked.seeds)
    while True:
        mixed = _mixture(asked, n_pool)
        found = pick(_batches(mixed, options), rules, options.limit)
        pks = snapshot.arrays.track_ids[found.rows].tolist()
        cards = cards_of(pks, snapshot, found.rows)
        missing = {row for row, pk in zip(found.rows, pks, strict=True) if pk not in cards}
        deleted |= missing
        if missing:
            continue
        if len(found.rows) == options.limit or n_pool >= all_rows:
            return _numbered(found, mixed, [cards[pk] for pk in pks])
        n_pool *= POOL_GROWTH


def _mixture(asked: _Asked, n_pool: int) -> Mixture:
    options = asked.request.options
    index, weights = weighed(options, asked.snapshot)
    filters = Filters(asked.allowed, penalty_of(options, asked.snapshot))
    seeds, avoid = ([seed.query for seed in some] for some in (asked.seeds, asked.avoid))
    return mixture(index, seeds, avoid, weights, asked.slices, filters, n_pool)


def _batches(mixed: Mixture, options: RecommendationRequest) -> Iterator[Batch]:
    batches = iter([(mixed.rows, mixed.distances)])
    return shaken(batches, options) if options.variety else batches


def _numbered(found: Neighbours, mixed: Mixture, cards: list[TrackCard]) -> _Listed:
    seed_of_row = dict(zip(mixed.rows.tolist(), mixed.seeds.tolist(), strict=True))
    seeds = [seed_of_row[row] for row in found.rows]
    return _Listed(found.rows, cards, found.distances, seeds, found.left_out)


def _results(asked: _Asked, listed: _Listed) -> list[MixResult]:
    answers = zip(listed.cards, listed.seeds, listed.distances, _reasons(asked, listed), strict=True)
    results = []
    for card, number, distance, reasons in answers:
        near = max(0.0, distance)  # levelled among seeds, it may fall below what is nearest to a lonely one
        results.append(MixResult(card, asked.seeds[number].card, near, 1 / (1 + near), reasons))
    return results


def _reasons(asked: _Asked, listed: _Listed) -> list[list[str]]:
    """The seed that each result came from, then what it has in common with it."""
    reasons: list[list[str]] = [[] for _row in listed.rows]
    for number, seed in enumerate(asked.seeds):
        places = [place for place, each in enumerate(listed.seeds) if each == number]
        for place, found in zip(places, _reasons_beside(asked, seed, places, listed), strict=True):
            reasons[place] = [_("from %(title)s") % {"title": seed.card.title}, *found]
    return reasons


def _reasons_beside(asked: _Asked, seed: Seed, places: list[int], listed: _Listed) -> list[list[str]]:
    rows, cards = [listed.rows[place] for place in places], [listed.cards[place] for place in places]
    by_sound = asked.request.options.blend is Blend.SOUND
    return reasons_of(asked.snapshot, Matched(seed.card, seed.query, seed.row, rows, cards, by_sound))
