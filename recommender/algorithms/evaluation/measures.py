"""How good lists are, judged on held-out playlists: seed some tracks, find the rest. numpy only.

A playlist is wholly for learning or wholly for judging. Figures are means over playlists, each the
mean over its questions, with a percentile bootstrap over playlists (Efron, 1979). nDCG as in
Järvelin and Kekäläinen, *Cumulated gain-based evaluation of IR techniques*, 2002.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DEPTH = 50
HIT_DEPTH = 10
N_BOOTSTRAP = 2000


@dataclass(frozen=True, slots=True)
class Question:
    """One task: from `seeds`, find `relevant`, the other recordings of playlist `playlist`."""

    playlist: int
    seeds: NDArray[np.int64]
    relevant: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean with the bounds of its 95 % bootstrap interval."""

    mean: float
    low: float
    high: float


def split_playlists(n_playlists: int, n_folds: int, *, random_state: int) -> list[NDArray[np.int64]]:
    """The playlists to judge by in every fold; together all, each once."""
    order = np.random.default_rng(random_state).permutation(n_playlists)
    return [np.sort(order[fold::n_folds]) for fold in range(n_folds)]


def draw_questions(
    playlists: Mapping[int, NDArray[np.int64]],
    *,
    n_seeds: int,
    most: int,
    random_state: int,
    fewest_relevant: int = 4,
) -> list[Question]:
    """At most `most` questions of every playlist long enough to ask; `playlists` hold recordings."""
    rng = np.random.default_rng(random_state)
    questions = []
    for number in sorted(playlists):
        recordings = np.unique(playlists[number])
        if len(recordings) < n_seeds + fewest_relevant:
            continue
        for _ in range(min(most, len(recordings))):
            seeds = np.sort(rng.choice(recordings, n_seeds, replace=False))
            questions.append(Question(number, seeds, np.setdiff1d(recordings, seeds)))
    return questions


def ndcg(ranked: NDArray[np.int64], relevant: NDArray[np.int64], depth: int = DEPTH) -> float:
    """Normalised discounted cumulative gain of the first `depth`; 1 is perfect."""
    hits = np.isin(ranked[:depth], relevant)
    best = _discounts(min(len(relevant), depth)).sum()
    return float(_discounts(len(hits))[hits].sum() / best) if best else 0.0


def hit(ranked: NDArray[np.int64], relevant: NDArray[np.int64], depth: int = HIT_DEPTH) -> float:
    """1 when one of the first `depth` is relevant, else 0."""
    return float(np.isin(ranked[:depth], relevant).any())


def r_precision(ranked: NDArray[np.int64], relevant: NDArray[np.int64]) -> float:
    """The relevant share of the first r, for r relevant ones."""
    return float(np.isin(ranked[: len(relevant)], relevant).sum() / len(relevant)) if len(relevant) else 0.0


def n_duplicates(recordings: NDArray[np.int64]) -> int:
    """How many rows of a list repeat a recording."""
    return len(recordings) - len(np.unique(recordings))


def by_playlist(questions: Sequence[Question], values: Sequence[float]) -> NDArray[np.float64]:
    """Mean of the questions of every playlist, by ascending playlist number."""
    numbers = np.array([question.playlist for question in questions])
    _, inverse, counts = np.unique(numbers, return_inverse=True, return_counts=True)
    means: NDArray[np.float64] = np.bincount(inverse, values) / counts
    return means


def bootstrap(values: NDArray[np.float64], *, random_state: int) -> Interval:
    """The mean of values (n,), with its interval. Raises ValueError without values."""
    if not len(values):
        raise ValueError("there is nothing to take the mean of")
    means = _resampled(values, random_state).mean(axis=1)
    return Interval(float(values.mean()), *_bounds(means))


def bootstrap_ratio(above: NDArray[np.float64], below: NDArray[np.float64], *, random_state: int) -> Interval:
    """mean(above) / mean(below) of the same playlists (n,), resampled together."""
    if not len(above) or not below.any():
        raise ValueError("there is nothing to divide by")
    pairs = _resampled(np.stack([above, below], axis=1), random_state).mean(axis=1)
    ratios = pairs[:, 0] / np.maximum(pairs[:, 1], 1e-12)
    return Interval(float(above.mean() / below.mean()), *_bounds(ratios))


def choose_weights(
    start: Mapping[str, float],
    factors: Sequence[float],
    judge: Callable[[Mapping[str, float]], float],
    *,
    least_gain: float,
) -> dict[str, float]:
    """Weights that `judge` finds best on a training split, one coordinate after the other.

    A change must gain at least the share `least_gain`, so that noise changes nothing.
    """
    best, score = dict(start), judge(start)
    for name in start:
        for factor in factors:
            candidate = best | {name: start[name] * factor}
            judged = judge(candidate)
            if judged > score * (1 + least_gain):
                best, score = candidate, judged
    return best


def _discounts(depth: int) -> NDArray[np.float64]:
    discounts: NDArray[np.float64] = 1 / np.log2(np.arange(2, depth + 2))
    return discounts


def _resampled(values: NDArray[np.float64], random_state: int) -> NDArray[np.float64]:
    rng = np.random.default_rng(random_state)
    return values[rng.integers(0, len(values), (N_BOOTSTRAP, len(values)))]


def _bounds(means: NDArray[np.float64]) -> tuple[float, float]:
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)
