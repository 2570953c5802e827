"""A refit judged before it is published: on its stability, and on held-out playlists against the active run.

Both runs are asked the same questions, with one blend learnt from the same training playlists, so that they
differ in their clusters and in the tracks that they know. Performed by workers and commands only.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

from recommender.algorithms.blend.distance import BALANCED
from recommender.algorithms.evaluation.blend_lists import Clustered
from recommender.algorithms.evaluation.measures import Interval, Question, bootstrap, split_playlists
from recommender.choices import FeatureSpace
from recommender.evaluation.evaluating import NothingToJudge, check_enough
from recommender.evaluation.held_out import (
    MIN_PLAYLISTS,
    MIN_RECORDINGS,
    EvaluationData,
    only,
    questions_of,
    times_known,
)
from recommender.evaluation.judging_runs import clusters_of
from recommender.evaluation.methods import CAP, Answerer, baseline_answerer, blend_answerer
from recommender.evaluation.results import Lists, Outcome, Row, Setting
from recommender.fitting.blend_arrays import Blended
from recommender.fitting.fitted import Fitted
from recommender.models import ClusteringRun
from recommender.snapshots.store import SnapshotUnavailable, open_snapshot
from tracks.playlists.arrays import PlaylistArrays

OF_FOLDS = 3
MAX_PLAYLISTS = 3000
MAX_QUESTIONS = 200
QUESTIONS = 2
# Not the run's own seed: runs of other seeds are asked the same.
RANDOM_STATE = 0
DIGITS = 5
SHOWN = ("popular_in_genre", "audio")
STABLE_FROM = 0.7


def judge_stability(stability: float | None, champion: ClusteringRun | None) -> dict[str, Any]:
    """The score `gate`: clusters that other tracks would not give again are published by an admin's choice
    only (`unstable`), unless no run could answer instead of them (`first`)."""
    if stability is None or stability >= STABLE_FROM:
        return {"unstable": False}
    found = {"stability": stability, "at_least": STABLE_FROM}
    try:
        answers = champion is not None and open_snapshot(champion.pk) is not None
    except SnapshotUnavailable:
        answers = False
    return {"unstable": answers, "first": not answers, **found}


def judge_fit(
    fitted: Fitted,
    playlists: PlaylistArrays,
    champion: ClusteringRun | None,
    on_progress: Callable[[float], None] = lambda fraction: None,
) -> dict[str, Any]:
    """The scores `harness` and `challenge` of a fit, either of which may say why it was skipped."""
    data = EvaluationData.of(fitted.catalogue, fitted.X, fitted.blended)
    playlists = _drawn(playlists)
    lists = data.lists_of(playlists)
    try:
        check_enough(lists)
    except NothingToJudge:
        skipped = {"skipped": "playlists", "fewest": MIN_PLAYLISTS}
        return {"harness": skipped, "challenge": skipped}
    judged = _judged(lists)
    training = np.setdiff1d(np.arange(len(lists)), judged)
    blended = data.blended(only(playlists, training))
    questions = _questions(lists, judged)
    own = _clusters_of_fit(fitted)
    outcome = _outcome(
        data,
        questions,
        [*_answerers(data, blended, own), _baselines(data)],
        times_known(lists, training, data.facts.n),
        on_progress,
    )
    rows = outcome.rows(list(outcome.figures), RANDOM_STATE)
    harness = {
        "playlists": len(lists),
        "questions": len(questions),
        "learnt_from": blended.learnt_from,
        "feature_space": fitted.space.name.value,
        "rows": [_rounded(row) for row in rows],
    }
    return {"harness": harness, "challenge": _challenge(data, blended, fitted, champion, outcome)}


def _drawn(playlists: PlaylistArrays) -> PlaylistArrays:
    """At most `MAX_PLAYLISTS` of them: a refit must not wait."""
    n = len(playlists.playlists)
    if n <= MAX_PLAYLISTS:
        return playlists
    drawn = np.random.default_rng(RANDOM_STATE).choice(n, MAX_PLAYLISTS, replace=False)
    return only(playlists, np.sort(drawn))


def _judged(lists: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    """A part of those that can be asked about: among many short playlists a part of all might have none."""
    askable = np.flatnonzero([len(each) >= MIN_RECORDINGS for each in lists])
    return askable[split_playlists(len(askable), OF_FOLDS, random_state=RANDOM_STATE)[0]]


def _questions(lists: list[NDArray[np.int64]], judged: NDArray[np.int64]) -> list[Question]:
    few = judged[: MAX_QUESTIONS // QUESTIONS]
    return questions_of(lists, few, n_seeds=1, most=QUESTIONS, random_state=RANDOM_STATE)


def _clusters_of_fit(fitted: Fitted) -> Clustered:
    fit = fitted.clustering
    return Clustered(
        fit.labels.astype(np.int64), cdist(fitted.space.places, fit.centroids).astype(np.float32)
    )


def _answerers(
    data: EvaluationData,
    blended: Blended,
    clustered: Clustered,
    scopes: Sequence[str] = ("cluster", "nearby", "everywhere"),
) -> list[Answerer]:
    lister = data.lister(blended, clustered, push_hubs=False)
    listeners = bool(blended.learnt_from)
    return [blend_answerer(lister, {"balanced": BALANCED}, listeners=listeners, scopes=scopes, caps=(CAP,))]


def _baselines(data: EvaluationData) -> Answerer:
    return baseline_answerer(data, random_state=RANDOM_STATE, names=SHOWN)


def _outcome(
    data: EvaluationData,
    questions: Sequence[Question],
    answerers: Sequence[Answerer],
    known: NDArray[np.int64],
    on_progress: Callable[[float], None],
) -> Outcome:
    outcome = Outcome(data.facts)
    for number, question in enumerate(questions):
        found: Lists = {}
        for answerer in answerers:
            found |= answerer(question)
        outcome.add(question, found, cold=not (known[question.seeds] > 1).any())
        on_progress(number / len(questions))
    return outcome


def _challenge(
    data: EvaluationData,
    blended: Blended,
    fitted: Fitted,
    champion: ClusteringRun | None,
    outcome: Outcome,
) -> dict[str, Any]:
    """What pages answer by default, against the champion's, playlist by playlist."""
    if champion is None:
        return {"skipped": "first"}
    spaces = {fitted.space.name.value, champion.fitted.get("feature_space")}
    if FeatureSpace.LISTENERS.value in spaces:
        # Such clusters were made from the very playlists that would judge them.
        return {"skipped": "listeners", "against": champion.pk}
    try:
        clustered = clusters_of(open_snapshot(champion.pk), data)
    except SnapshotUnavailable:
        return {"skipped": "files", "against": champion.pk}
    before = _outcome(
        data,
        outcome.questions,
        _answerers(data, blended, clustered, scopes=("cluster",)),
        np.zeros(data.facts.n, np.int64),
        lambda fraction: None,
    )
    setting = Setting("balanced", "cluster", bool(blended.learnt_from), CAP)
    return compared(outcome.by_playlist(setting, "ndcg"), before.by_playlist(setting, "ndcg"), champion.pk)


def compared(challenger: NDArray[np.float64], champion: NDArray[np.float64], against: int) -> dict[str, Any]:
    """The difference of nDCG by playlist, both (n,): worse when all of its interval lies below 0."""
    difference = bootstrap(challenger - champion, random_state=RANDOM_STATE)
    return {
        "against": against,
        "challenger": round(float(challenger.mean()), DIGITS),
        "champion": round(float(champion.mean()), DIGITS),
        "difference": _interval(difference),
        "worse": bool(difference.high < 0),
    }


def _rounded(row: Row) -> dict[str, Any]:
    figures = {name: _interval(interval) for name, interval in row.figures.items()}
    return {**asdict(row.setting), "figures": figures, **row.worst}


def _interval(interval: Interval) -> dict[str, float]:
    return {name: round(value, DIGITS) for name, value in asdict(interval).items()}
