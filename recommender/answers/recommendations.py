"""Which tracks to hear after this one: the use case behind the track page and the API."""

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from recommender.algorithms.search.picking import ListRules, Neighbours
from recommender.answers.cards import TrackCard, UnknownTrack, card_of, skip_deleted
from recommender.answers.ranking import Ranking, familiarity_offset, found_in_order, parts_of, ranking_of
from recommender.answers.reasons import reasons_of
from recommender.answers.requests import MAX_RESULTS, Blend, RecommendationRequest, Scope
from recommender.answers.seeds import NEARBY_RATIO, Seed, seed_of, slices_of, subclusters_in_scope
from recommender.answers.shortfalls import Shortfall, shortfall_of
from recommender.answers.summaries import ClusterSummary, summaries_of
from recommender.snapshots.snapshot import Snapshot
from recommender.snapshots.store import active_snapshot

__all__ = ["MAX_RESULTS", "NEARBY_RATIO", "Blend", "RecommendationRequest", "Scope", "UnknownTrack"]


class NoActiveRun(Exception):
    """There are no clusters yet to answer from."""


@dataclass(slots=True)
class Recommendation:
    """A track with its distance and the parts it is the sum of; `score` is 1 at distance 0, then falls."""

    track: TrackCard
    distance: float
    score: float
    reasons: list[str]
    parts: dict[str, float]


@dataclass(frozen=True, slots=True)
class Recommendations:
    """The answer, all of it from one run, nearest first.

    `dropped_by` counts the tracks of the scope that each filter leaves out, and the nearer ones that each
    rule of the list did. `shortfall` says why there are fewer than asked for, or is None; `note` what was
    answered otherwise than asked, or "". `searched` are the labels of the clusters looked into.
    """

    snapshot: Snapshot
    seed: TrackCard
    cluster: ClusterSummary
    request: RecommendationRequest
    nearby_ratio: float
    searched: list[int]
    results: list[Recommendation]
    dropped_by: dict[str, int]
    shortfall: Shortfall | None
    note: str

    @property
    def run_id(self) -> int:
        return self.snapshot.run_id


def recommend(spotify_id: str, request: RecommendationRequest) -> Recommendations:
    """The recordings nearest to a track by the blend and within the scope of the request.

    Raises `UnknownTrack`, `UnknownGenre`, `NoActiveRun`, or `SnapshotUnavailable`.
    """
    snapshot = answering_snapshot()
    card = card_of(spotify_id, snapshot)
    seed = seed_of(card, snapshot)
    subclusters = subclusters_in_scope(seed, request.scope, snapshot)
    ranking = ranking_of(seed.query, slices_of(subclusters, snapshot), request, snapshot)
    deleted: set[int] = set()
    rules = ListRules(
        snapshot.arrays.recordings,
        snapshot.arrays.first_artists,
        banned_recordings=frozenset([seed.recording]),
        banned_rows=deleted,
        per_artist=request.per_artist,
    )

    def search(limit: int) -> Neighbours:
        if deleted or seed.row is None:
            return found_in_order(ranking, replace(request, limit=limit), rules)
        # The list as it is when no track was deleted is remembered with the run.
        return snapshot.lists.find((seed.row, request), lambda: found_in_order(ranking, request, rules))

    found, cards = skip_deleted(search, request.limit, deleted, snapshot)
    left_out = +found.left_out
    return Recommendations(
        snapshot=snapshot,
        seed=card,
        cluster=summaries_of(snapshot)[seed.label],
        request=request,
        nearby_ratio=NEARBY_RATIO,
        searched=sorted({snapshot.clusters_by_subcluster[each].label for each in subclusters}),
        results=_results(seed, found, cards, ranking),
        dropped_by=(ranking.allowed.dropped if ranking.allowed else {}) | left_out,
        shortfall=shortfall_of(len(found.rows), request, left_out, ranking.allowed),
        note=note_of(request, snapshot),
    )


def answering_snapshot() -> Snapshot:
    """The snapshot of the active run. Raises `NoActiveRun` before the first one, or `SnapshotUnavailable`."""
    snapshot = active_snapshot()
    if snapshot is None:
        raise NoActiveRun(_("There are no clusters yet. Start a refit, and ask again when it is done."))
    return snapshot


def note_of(request: RecommendationRequest, snapshot: Snapshot) -> str:
    """What is answered otherwise than asked for, or ""."""
    if request.blend is Blend.LISTENERS and not snapshot.meta.learnt_from:
        return _(
            "This run has learnt from no playlists: there were too few. The answer is the balanced one. "
            "Import playlists, then start a refit."
        )
    return ""


def _results(seed: Seed, found: Neighbours, cards: list[TrackCard], ranking: Ranking) -> list[Recommendation]:
    offset = familiarity_offset(ranking.weights, ranking.snapshot)
    distances = [distance - offset for distance in found.distances]
    by_sound, only_seed = ranking.weights is None, [0] * len(cards)
    answers = zip(
        cards,
        distances,
        reasons_of(ranking.snapshot, [seed], only_seed, found.rows, cards, by_sound=by_sound),
        parts_of(ranking, found.rows, distances),
        strict=True,
    )
    return [
        Recommendation(card, distance, 1 / (1 + distance), reasons, parts)
        for card, distance, reasons, parts in answers
    ]
