"""The item models of a well-kept library, `implicit`, as baselines. Needed for judging only.

The library belongs to the development requirements; where it is missing, its rows are left out.
"""

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from recommender.algorithms.evaluation.baselines import Ranker, best_scored
from recommender.algorithms.evaluation.measures import Question

ALS_FACTORS = (32, 64, 128)
ALS_ALPHAS = (1.0, 10.0)
ALS_REGULARIZATION = 0.05
ALS_ITERATIONS = 20
BM25_NEIGHBOURS = (50, 200, 1000)
BM25_LENGTH_SHARES = (0.25, 0.75)
FAINT = 1e-9


class LibraryMissing(Exception):
    """`implicit` is not installed."""


def library_baselines(
    training: Sequence[NDArray[np.int64]], popularity: NDArray[np.float32], *, random_state: int
) -> dict[str, dict[str, Ranker]]:
    """ALS and BM25 item-item, each in several settings, learnt from playlists of recordings.

    What a model cannot tell apart is ordered by popularity (n_recordings,). Raises `LibraryMissing`.
    """
    try:
        import implicit.als
        import implicit.nearest_neighbours
    except ImportError as error:
        raise LibraryMissing from error
    held, lists = _matrix(training)
    # As the library asks for: the threads of the linear algebra and its own get in each other's way.
    with threadpool_limits(1, "blas"):
        return _models(implicit, held, lists, popularity, random_state)


def _models(
    library: Any, held: NDArray[np.int64], lists: Any, popularity: NDArray[np.float32], random_state: int
) -> dict[str, dict[str, Ranker]]:
    return {
        "als": {
            f"{factors} factors, alpha {alpha:g}": _by_users(
                _als(library.als, lists, factors, alpha, random_state), held, popularity
            )
            for factors in ALS_FACTORS
            for alpha in ALS_ALPHAS
        },
        "bm25": {
            f"{neighbours} neighbours, B {share:g}": _by_items(
                _bm25(library.nearest_neighbours, lists, neighbours, share), held, popularity
            )
            for neighbours in BM25_NEIGHBOURS
            for share in BM25_LENGTH_SHARES
        },
    }


def _matrix(training: Sequence[NDArray[np.int64]]) -> tuple[NDArray[np.int64], Any]:
    """The recordings in some playlist, ascending, and the CSR of playlists by them."""
    held, columns = np.unique(np.concatenate(training), return_inverse=True)
    rows = np.repeat(np.arange(len(training)), [len(each) for each in training])
    ones = np.ones(len(rows), np.float32)
    return held, sp.csr_matrix((ones, (rows, columns)), (len(training), len(held)))


def _als(library: Any, lists: Any, factors: int, alpha: float, random_state: int) -> Any:
    model = library.AlternatingLeastSquares(
        factors=factors,
        alpha=alpha,
        regularization=ALS_REGULARIZATION,
        iterations=ALS_ITERATIONS,
        random_state=random_state,
        num_threads=1,
    )
    model.fit(lists, show_progress=False)
    return model


def _bm25(library: Any, lists: Any, neighbours: int, share: float) -> Any:
    model = library.BM25Recommender(K=neighbours, B=share, num_threads=1)
    with warnings.catch_warnings():
        # It weighs its own input into a form that it then warns of.
        warnings.filterwarnings("ignore", message="Method expects CSR input")
        model.fit(lists, show_progress=False)
    return model.similarity.tocsr()


def _by_users(model: Any, held: NDArray[np.int64], popularity: NDArray[np.float32]) -> Ranker:
    """The seeds as a new listener, whose vector is fitted to them."""

    def ranked(question: Question) -> NDArray[np.int64]:
        columns = _columns(held, question.seeds)
        ones = np.ones(len(columns), np.float32)
        taste = sp.csr_matrix((ones, (np.zeros(len(columns), np.int64), columns)), (1, len(held)))
        scores = model.item_factors @ model.recalculate_user(0, taste).ravel()
        return best_scored(_everywhere(scores, held, popularity), question.seeds)

    return ranked


def _by_items(similarity: Any, held: NDArray[np.int64], popularity: NDArray[np.float32]) -> Ranker:
    """The sum of the similarities to the seeds."""

    def ranked(question: Question) -> NDArray[np.int64]:
        scores = np.asarray(similarity[_columns(held, question.seeds)].sum(axis=0)).ravel()
        return best_scored(_everywhere(scores, held, popularity), question.seeds)

    return ranked


def _columns(held: NDArray[np.int64], seeds: NDArray[np.int64]) -> NDArray[np.int64]:
    columns = np.minimum(held.searchsorted(seeds), len(held) - 1)
    known: NDArray[np.int64] = columns[held[columns] == seeds]
    return known


def _everywhere(
    scores: NDArray[Any], held: NDArray[np.int64], popularity: NDArray[np.float32]
) -> NDArray[np.float64]:
    spread = FAINT * popularity.astype(np.float64)
    spread[held] += scores
    return spread
