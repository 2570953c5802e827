"""Lists that any better method must beat: random, popular, popular in the genre, nearest by sound."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from recommender.algorithms.euclidean import euclidean_distances
from recommender.algorithms.evaluation.judging import RecordingFacts
from recommender.algorithms.evaluation.measures import DEPTH, Question

STRETCH = 4096

Ranker = Callable[[Question], NDArray[np.int64]]


def baselines(facts: RecordingFacts, X: NDArray[np.float32], *, random_state: int) -> dict[str, Ranker]:
    """The baselines by name, each from a question to at most `DEPTH` recordings without the seeds.

    X: float32 (n, d), the scaled features of the recordings.
    """
    popular = facts.by_popularity()
    return {
        "random": lambda question: _at_random(question, facts.n, random_state),
        "popular": lambda question: first_without(popular, question.seeds),
        "popular_in_genre": lambda question: _popular_in_genre(question, popular, facts),
        "audio": lambda question: _by_sound(question, X),
    }


def first_without(ranked: NDArray[np.int64], seeds: NDArray[np.int64]) -> NDArray[np.int64]:
    """The first `DEPTH` of `ranked` that are no seeds."""
    few = ranked[: DEPTH + len(seeds)]
    return few[~np.isin(few, seeds)][:DEPTH]


def best_scored(scores: NDArray[np.float64], seeds: NDArray[np.int64]) -> NDArray[np.int64]:
    """The `DEPTH` recordings of the highest scores (n,), without the seeds; ties by number."""
    count = min(DEPTH + len(seeds), len(scores))
    edge = np.partition(scores, len(scores) - count)[len(scores) - count]
    rows = np.flatnonzero(scores >= edge)
    return first_without(rows[np.argsort(-scores[rows], kind="stable")], seeds)


def _at_random(question: Question, n: int, random_state: int) -> NDArray[np.int64]:
    rng = np.random.default_rng([random_state, question.playlist, *question.seeds.tolist()])
    drawn = rng.choice(n, min(n, DEPTH + len(question.seeds)), replace=False)
    return first_without(drawn.astype(np.int64), question.seeds)


def _popular_in_genre(
    question: Question, popular: NDArray[np.int64], facts: RecordingFacts
) -> NDArray[np.int64]:
    """Looked for a stretch of recordings after the other: the first often holds them all."""
    found, n_found = [np.empty(0, np.int64)], 0
    for start in range(0, len(popular), STRETCH):
        stretch = popular[start : start + STRETCH]
        found.append(stretch[facts.sharing_genre(question.seeds, stretch)])
        n_found += len(found[-1])
        if n_found >= DEPTH + len(question.seeds):
            break
    return first_without(np.concatenate(found), question.seeds)


def _by_sound(question: Question, X: NDArray[np.float32]) -> NDArray[np.int64]:
    """Nearest to the mean of the seeds."""
    mean = X[question.seeds].mean(axis=0, dtype=np.float64).astype(np.float32)
    return best_scored(-euclidean_distances(X, mean).astype(np.float64), question.seeds)
