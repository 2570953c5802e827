"""Weights of the blend chosen by playlists alone: those that are published, and a proof that they hold.

Every weight begins equal to the others in spread. On random halves of the playlists one after the other
is changed where that finds more of what was hidden (coordinate ascent), and the geometric mean of what the
halves chose is taken: bagging (Breiman, *Bagging Predictors*, 1996), as one choice is mostly noise. Judged
are lists with listener data and without, so that one set of weights serves both.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.algorithms.blend.distance import BlendArrays, BlendWeights, distance_parts, query_of_row
from recommender.algorithms.evaluation.measures import (
    DEPTH,
    Question,
    by_playlist,
    choose_weights,
    ndcg,
    split_playlists,
)
from recommender.evaluation.held_out import EvaluationData, only, questions_of
from tracks.playlists.arrays import PlaylistArrays

# Where nobody has looked at playlists yet: parts of about equal spread.
NEUTRAL = BlendWeights(
    genre=0.5, sound=0.1, artist=0.5, album=0.5, popularity=0.5, familiarity=0.5, duration=0.5, listeners=0.5
)
FACTORS = (0.25, 0.5, 2.0, 4.0)
ROUNDS = 5
MIN_GAIN = 0.002
HALVES = 5
FOLDS = 3
# Many of each playlist: with few, the choice is that of the seeds that happened to be drawn.
QUESTIONS = 10
MAX_QUESTIONS = 3000
POOL_RECORDINGS = 1000
ONES = BlendWeights(**dict.fromkeys(asdict(NEUTRAL), 1.0))


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question with the parts, each of weight 1, of the distances to a pool of recordings (m,): float32
    (n_weights, m), in the order of the weights, with listener data and without."""

    question: Question
    pool: NDArray[np.int64]
    with_listeners: NDArray[np.float32]
    without: NDArray[np.float32]


def chosen_weights(
    data: EvaluationData,
    playlists: PlaylistArrays,
    training: NDArray[np.int64],
    *,
    random_state: int,
    on_progress: Callable[[float], None] = lambda fraction: None,
) -> dict[str, float]:
    """The weights that the training playlists (numbers of `playlists`) choose, familiarity 1."""
    asked = _asked(data, playlists, training, random_state, on_progress)
    numbers = np.unique([each.question.playlist for each in asked])
    chosen = []
    for half in range(HALVES):
        on_progress((1 + half) / (1 + HALVES))
        rng = np.random.default_rng([random_state, half])
        kept = set(rng.choice(numbers, (len(numbers) + 1) // 2, replace=False).tolist())
        chosen.append(_ascended([each for each in asked if each.question.playlist in kept]))
    means = {name: float(np.exp(np.mean([np.log(one[name]) for one in chosen]))) for name in asdict(NEUTRAL)}
    return {name: value / means["familiarity"] for name, value in means.items()}


def _asked(
    data: EvaluationData,
    playlists: PlaylistArrays,
    training: NDArray[np.int64],
    random_state: int,
    on_progress: Callable[[float], None],
) -> list[_Asked]:
    """Questions of all training playlists, each with what was learnt from the others."""
    lists = data.lists_of(playlists)
    asked: list[_Asked] = []
    most = MAX_QUESTIONS // FOLDS
    for number, held in enumerate(split_playlists(len(training), FOLDS, random_state=random_state)):
        blended = data.blended(only(playlists, np.delete(training, held)))
        questions = questions_of(lists, training[held], n_seeds=1, most=QUESTIONS, random_state=random_state)
        for question in _thinned(questions, most, random_state):
            asked.append(_with_parts(question, data, blended.arrays, blended.n_genres))
        on_progress((number + 1) / FOLDS / (1 + HALVES))
    return asked


def _thinned(questions: list[Question], most: int, random_state: int) -> list[Question]:
    if len(questions) <= most:
        return questions
    kept = np.random.default_rng(random_state).choice(len(questions), most, replace=False)
    return [questions[place] for place in np.sort(kept).tolist()]


def _with_parts(question: Question, data: EvaluationData, learnt: BlendArrays, n_genres: int) -> _Asked:
    """The pool are the recordings nearest by neutral weights, with listeners or without, and the hidden."""
    found = [_parts(arrays, question, data, n_genres) for arrays in (learnt, data.content.arrays)]
    neutral = np.array(list(asdict(NEUTRAL).values()), np.float32)
    nearest = [_nearest(neutral @ parts, POOL_RECORDINGS) for parts in found]
    pool = np.setdiff1d(np.concatenate([*nearest, question.relevant]), question.seeds)
    return _Asked(question, pool, *(np.ascontiguousarray(parts[:, pool]) for parts in found))


def _parts(
    arrays: BlendArrays, question: Question, data: EvaluationData, n_genres: int
) -> NDArray[np.float32]:
    """Of the distances from the seed to every recording, by weight: float32 (n_weights, n_recordings)."""
    rows = data.rows.representative_rows
    query = query_of_row(arrays, int(rows[question.seeds[0]]), n_genres)
    parts = distance_parts(arrays, query, ONES, rows)
    # One part for both: 0 of the same album, 1 of the same artist, 2 else.
    apart = parts["artist"]
    by_weight = parts | {"artist": (apart > 1).astype(np.float32), "album": np.minimum(apart, 1)}
    return np.stack([by_weight[name] for name in asdict(NEUTRAL)])


def _nearest(distances: NDArray[np.float32], count: int) -> NDArray[np.int64]:
    if len(distances) <= count:
        return np.arange(len(distances))
    return np.argpartition(distances, count)[:count]


def _ascended(asked: Sequence[_Asked]) -> dict[str, float]:
    weights = asdict(NEUTRAL)
    for _round in range(ROUNDS):
        better = choose_weights(weights, FACTORS, lambda tried: _judged(asked, tried), least_gain=MIN_GAIN)
        if better == weights:
            break
        weights = better
    return weights


def _judged(asked: Sequence[_Asked], weights: Mapping[str, float]) -> float:
    """The geometric mean of nDCG with listener data and without."""
    values = np.array([weights[name] for name in asdict(NEUTRAL)], np.float32)
    questions = [each.question for each in asked]
    means = [
        by_playlist(questions, [_gain(each, values @ parts) for each, parts in some]).mean()
        for some in (
            [(each, each.with_listeners) for each in asked],
            [(each, each.without) for each in asked],
        )
    ]
    return float(np.sqrt(means[0] * means[1]))


def _gain(asked: _Asked, distances: NDArray[np.float32]) -> float:
    nearest = _nearest(distances, DEPTH)
    ranked = nearest[np.argsort(distances[nearest], kind="stable")]
    return ndcg(asked.pool[ranked], asked.question.relevant)
