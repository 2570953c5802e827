"""Choosing `n_clusters`: a small seeded sweep on a sample, judged by separation and stability.

The silhouette alone likes two clusters, which nobody can browse, and fits that chance decides. So
a candidate must be large enough for the catalogue, its clusters must come back when other tracks
are drawn, and among those the one with the best silhouette wins; the smaller one on a tie. The number
in use stays unless another is better by more than its interval: people know its clusters.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.algorithms.clustering.estimators import DEFAULT_ALGORITHM, fit_estimator
from recommender.algorithms.clustering.fitting import NORMAL_95, n_distinct_rows, seeded_sample
from recommender.algorithms.clustering.scores import silhouette, stability

SAMPLE_ROWS = 20_000
SILHOUETTE_ROWS = 3_000
CANDIDATE_N_INIT = 3
RESAMPLES = 3
STABLE_FROM = 0.8
STAYS_STABLE_FROM = 0.7
HALVES = 8
HALF_SILHOUETTE_ROWS = 1_500
NEARLY_AS_STABLE = 0.05
MEMBERS_AT_LEAST = 5
CANDIDATES = (*range(2, 13), 14, 16, 20)
# Below 1,000 tracks two clusters may be all there is; above, fewer than these are too coarse to browse.
MIN_BY_TRACKS = ((10_000, 6), (1_000, 4), (0, 2))


@dataclass(frozen=True, slots=True)
class Candidate:
    """What the sweep measured for one `n_clusters`; the inertia is the mean of a row."""

    n_clusters: int
    silhouette: float
    stability: float
    inertia: float
    smallest_share: float


@dataclass(frozen=True, slots=True)
class InUse:
    """The number in use against the best other one: by how much the silhouette of the other is higher, with
    the bounds of its 95 % interval over fits of other tracks."""

    n_clusters: int
    best: int
    difference: float
    low: float
    high: float

    @property
    def stays(self) -> bool:
        return self.low <= 0


@dataclass(frozen=True, slots=True)
class Choice:
    """The chosen `n_clusters`, the fewest that were allowed, and all that was measured.

    `in_use` is None when no number was in use, or it is the best, or cannot stay.
    """

    n_clusters: int
    fewest: int
    candidates: tuple[Candidate, ...]
    in_use: InUse | None = None

    @property
    def chosen(self) -> Candidate | None:
        """The figures of the choice; None when the catalogue left nothing to choose."""
        return next((each for each in self.candidates if each.n_clusters == self.n_clusters), None)


def choose_n_clusters(
    X: NDArray[np.float32],
    *,
    random_state: int,
    algorithm: str = DEFAULT_ALGORITHM,
    in_use: int | None = None,
    on_candidate: Callable[[int, int], None] = lambda measured, of: None,
) -> Choice:
    """Choose for `X` (n_tracks, n_features). `on_candidate` hears how many of how many are measured.

    in_use: the number that stays unless another is better by more than its interval; it must still be
    large enough, and its stability at least `STAYS_STABLE_FROM`.
    """
    fewest = next(clusters for tracks, clusters in MIN_BY_TRACKS if len(X) >= tracks)
    numbers = possible_numbers(X)
    if len(numbers) < 2:
        return Choice(numbers[0], min(fewest, numbers[0]), ())
    sample = X[seeded_sample(len(X), SAMPLE_ROWS, random_state)]
    candidates: list[Candidate] = []
    for measured, n_clusters in enumerate(numbers):
        on_candidate(measured, len(numbers))
        candidates.append(measure(sample, n_clusters, random_state=random_state, algorithm=algorithm))
    best = best_of(candidates, fewest)
    current = next((each for each in candidates if each.n_clusters == in_use), None)
    may_stay = current and current.n_clusters >= fewest and current.stability >= STAYS_STABLE_FROM
    if current is None or current == best or not may_stay:
        return Choice(best.n_clusters, fewest, tuple(candidates))
    pair = (best.n_clusters, current.n_clusters)
    error = NORMAL_95 * gain_deviation(sample, *pair, random_state=random_state, algorithm=algorithm)
    gain = best.silhouette - current.silhouette
    against = InUse(current.n_clusters, best.n_clusters, gain, gain - error, gain + error)
    return Choice(pair[against.stays], fewest, tuple(candidates), against)


def gain_deviation(
    X: NDArray[np.float32], one: int, other: int, *, random_state: int, algorithm: str = DEFAULT_ALGORITHM
) -> float:
    """The standard error of how much higher the silhouette of `one` number of clusters is than the `other`'s.

    Both are fitted to the same seeded halves of `X`, drawn without replacement: an estimate from half of the
    rows deviates from that of all as much as that of all from another sample's (the half-sample bootstrap).
    Most of it comes from the fits, which end in other optima for other tracks.
    """
    generator = np.random.default_rng(random_state)
    gains = []
    for _half in range(HALVES):
        half = X[generator.permutation(len(X))[: (len(X) + 1) // 2]]
        seed = int(generator.integers(2**31))
        found = []
        for n_clusters in (one, other):
            possible = min(n_clusters, n_distinct_rows(half, n_clusters))
            fit = fit_estimator(
                half, possible, random_state=seed, n_init=CANDIDATE_N_INIT, algorithm=algorithm
            )
            found.append(silhouette(half, fit.labels_, random_state=seed, rows=HALF_SILHOUETTE_ROWS) or 0.0)
        gains.append(found[0] - found[1])
    return float(np.std(gains, ddof=1))


def possible_numbers(X: NDArray[np.float32]) -> list[int]:
    """The candidates that a catalogue has the tracks for, at least one number."""
    distinct = n_distinct_rows(X, 2 * max(CANDIDATES))
    most = min(distinct, len(X) - 1, max(2, len(X) // MEMBERS_AT_LEAST))
    return [n_clusters for n_clusters in CANDIDATES if n_clusters <= most] or [1]


def measure(
    X: NDArray[np.float32], n_clusters: int, *, random_state: int, algorithm: str = DEFAULT_ALGORITHM
) -> Candidate:
    """Fit a sample `X` (n_rows, n_features) and measure the fit."""
    fit = fit_estimator(
        X, n_clusters, random_state=random_state, n_init=CANDIDATE_N_INIT, algorithm=algorithm
    )
    labels = fit.labels_
    separation = silhouette(X, labels, random_state=random_state, rows=SILHOUETTE_ROWS)
    repeats = stability(
        X,
        labels,
        random_state=random_state,
        resamples=RESAMPLES,
        rows=len(X) // 2 or 1,
        algorithm=algorithm,
    )
    squares = np.square(X - fit.cluster_centers_[labels], dtype=np.float64)
    return Candidate(
        n_clusters=n_clusters,
        silhouette=-1.0 if separation is None else separation,
        stability=0.0 if repeats is None else repeats,
        inertia=float(squares.sum()) / len(X),
        smallest_share=float(np.bincount(labels).min() / len(X)),
    )


def best_of(candidates: list[Candidate], fewest: int) -> Candidate:
    """The best silhouette among the candidates that are large and stable enough; the smaller on a tie.

    When none is stable enough, those nearly as stable as the most stable one are looked at.
    """
    large = [each for each in candidates if each.n_clusters >= fewest] or candidates
    most_stable = max(each.stability for each in large)
    enough = min(STABLE_FROM, most_stable - NEARLY_AS_STABLE)
    stable = [each for each in large if each.stability >= enough]
    return max(stable, key=lambda each: (each.silhouette, -each.n_clusters))
