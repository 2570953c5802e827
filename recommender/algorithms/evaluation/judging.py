"""What a list is like beside being right: known or not, of one artist, of the genre, and the same for all.

Coverage and the largest share belong to many lists at once. Coverage is a union, which resampling with
repetition makes smaller, so its interval is the jackknife's (Efron and Stein, *The Jackknife Estimate of
Variance*, 1981), leaving out one group of lists at a time. numpy only.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.algorithms.blend.csr import taken_rows
from recommender.algorithms.blend.distance import is_member
from recommender.algorithms.blend.distinct import distinct
from recommender.algorithms.evaluation.measures import (
    HIT_DEPTH,
    Interval,
    Question,
    by_playlist,
    hit,
    n_duplicates,
    ndcg,
    r_precision,
)

NORMAL_95 = 1.96


@dataclass(frozen=True, slots=True)
class RecordingFacts:
    """What is known of n recordings.

    popularity: float32 (n,), out of 100. artists: int64 (n,), the first one, -1 unknown. genre_indptr:
    int64 (n + 1,), genre_indices: int32, CSR, the genres that some release has.
    """

    popularity: NDArray[np.float32]
    artists: NDArray[np.int64]
    genre_indptr: NDArray[np.int64]
    genre_indices: NDArray[np.int32]

    @property
    def n(self) -> int:
        return len(self.artists)

    def by_popularity(self) -> NDArray[np.int64]:
        """All recordings, the most popular first; ties by number."""
        return np.argsort(-self.popularity, kind="stable")

    def sharing_genre(self, seeds: NDArray[np.int64], others: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which of `others` (m,) have a genre of some seed: bool (m,)."""
        wanted = distinct(taken_rows(self.genre_indptr, self.genre_indices, seeds)[1])
        indptr, indices = taken_rows(self.genre_indptr, self.genre_indices, others)
        n_shared = np.concatenate([[0], np.cumsum(is_member(indices, wanted))])
        shared: NDArray[np.bool_] = n_shared[indptr[1:]] > n_shared[indptr[:-1]]
        return shared


def figures_of(ranked: NDArray[np.int64], question: Question, facts: RecordingFacts) -> dict[str, float]:
    """The figures of one list of recordings (at most `evaluation.DEPTH`), the nearest first.

    popularity_bias: points by which the list is more popular than the playlist. same_artist: share of
    the list by a seed's first artist. genre_precision: share of the first ten by other artists that have
    a genre of a seed; a missing result counts as a wrong one.
    """
    by_seeds = np.isin(
        facts.artists[ranked], facts.artists[question.seeds][facts.artists[question.seeds] >= 0]
    )
    others = ranked[~by_seeds][:HIT_DEPTH]
    bias = (
        facts.popularity[ranked].mean() - facts.popularity[question.relevant].mean() if len(ranked) else 0.0
    )
    return {
        "ndcg": ndcg(ranked, question.relevant),
        "hit": hit(ranked, question.relevant),
        "r_precision": r_precision(ranked, question.relevant),
        "popularity_bias": float(bias),
        "same_artist": float(by_seeds.mean()) if len(ranked) else 0.0,
        "genre_precision": float(facts.sharing_genre(question.seeds, others).sum()) / HIT_DEPTH,
        "duplicates": float(n_duplicates(ranked)),
    }


def most_of_one_artist(ranked: NDArray[np.int64], facts: RecordingFacts) -> int:
    """The most tracks of one known first artist in a list."""
    artists = facts.artists[ranked]
    return int(np.unique(artists[artists >= 0], return_counts=True)[1].max(initial=0))


def coverage(lists: Sequence[NDArray[np.int64]], groups: NDArray[np.int64], n_recordings: int) -> Interval:
    """The share of the recordings in some list; lists of one group stand or fall together.

    groups: int64 (n_lists,), from 0. Raises ValueError without lists.
    """
    if not len(lists):
        raise ValueError("there are no lists to count in")
    rows, of_group = _entries(lists, groups)
    pairs = np.unique(rows * (int(groups.max()) + 1) + of_group)
    recordings, holders = np.divmod(pairs, int(groups.max()) + 1)
    counts = np.bincount(recordings, minlength=n_recordings)
    # Without a group, just those recordings are lost that no other group has.
    lost = np.bincount(holders[counts[recordings] == 1], minlength=int(groups.max()) + 1)
    share = float((counts > 0).mean())
    error = _jackknife_error(lost / n_recordings)
    return Interval(share, max(0.0, share - NORMAL_95 * error), min(1.0, share + NORMAL_95 * error))


def most_frequent(lists: Sequence[NDArray[np.int64]]) -> int:
    """The recording that stands in most lists; ties by number. Raises ValueError without any."""
    rows = np.concatenate([np.empty(0, np.int64), *map(np.unique, lists)])
    if not len(rows):
        raise ValueError("there are no lists to count in")
    return int(np.bincount(rows).argmax())


def shares_of(
    recording: int, lists: Sequence[NDArray[np.int64]], questions: Sequence[Question]
) -> NDArray[np.float64]:
    """By playlist, in how many of its lists a recording stands: float64 (n_playlists,), 0 to 1."""
    return by_playlist(questions, [float((ranked == recording).any()) for ranked in lists])


def _entries(
    lists: Sequence[NDArray[np.int64]], groups: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    rows = np.concatenate(lists).astype(np.int64)
    return rows, np.repeat(groups, [len(ranked) for ranked in lists])


def _jackknife_error(changes: NDArray[np.float64]) -> float:
    """The standard error from what each of n groups changes when it is left out, (n,)."""
    n = len(changes)
    return float(np.sqrt((n - 1) / n * ((changes - changes.mean()) ** 2).sum()))
