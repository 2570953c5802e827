"""Hubs: tracks that stand in too many lists (Radovanović et al., *Hubs in Space*, JMLR 2010). numpy only.

Nearness in popularity as part of the distance already keeps hubs small: a little-known seed is nearer
to little-known tracks. What still stands in too many lists is pushed away in proportion to the
logarithm of how much too often, a global form of local scaling (Schnitzer et al., *Local and Global
Scaling Reduce Hubs in Space*, JMLR 2012).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MAX_SHARE = 0.02
PUSH = 0.1


@dataclass(frozen=True, slots=True)
class Occurrence:
    """How rows stand in lists: the share of rows in some list, the largest share of lists that one row
    stands in, and the skewness of the counts (0 would be a fair share for all)."""

    reachability: float
    largest_share: float
    skewness: float


def occurrences(lists: NDArray[np.int64], n_rows: int) -> NDArray[np.int64]:
    """In how many lists each row stands, int64 (n_rows,). lists: (n_lists, depth), padded with -1."""
    return np.bincount(lists[lists >= 0], minlength=n_rows)


def occurrence(lists: NDArray[np.int64], n_rows: int) -> Occurrence:
    """The figures of many lists, one of every seed. Raises ValueError without lists or rows."""
    if not len(lists) or not n_rows:
        raise ValueError("there are no lists to count in")
    counts = occurrences(lists, n_rows)
    deviation = counts - counts.mean()
    spread = counts.std()
    skewness = float((deviation**3).mean() / spread**3) if spread else 0.0
    return Occurrence(float((counts > 0).mean()), float(counts.max() / len(lists)), skewness)


def hub_penalties(
    lists: NDArray[np.int64], n_rows: int, *, largest_share: float = MAX_SHARE
) -> NDArray[np.float32]:
    """What to add to the distance of every row, float32 (n_rows,): 0 up to `largest_share` of the lists."""
    counts = occurrences(lists, n_rows)
    excess = np.maximum(counts / (largest_share * max(len(lists), 1)), 1)
    return (PUSH * np.log(excess)).astype(np.float32)
