"""Seeds that do not agree each have their share of a list. numpy only.

Seeds belong together when the rows nearest to them overlap. A list goes by its own order, unless one of
the groups would fall behind the share that it has of the seeds: a proportional representation of the
seeds' tastes in every beginning of the list (as calibration asks for: Steck, *Calibrated
Recommendations*, 2018).
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from recommender.algorithms.blend.distinct import distinct
from recommender.algorithms.search.picking import Batch, ListRules, Neighbours, pick

COMMON_ROWS = 100
ORDERED_PER_RESULT = 4


def groups_of_seeds(places: NDArray[np.int64]) -> NDArray[np.int64]:
    """The group of each seed, int64 (n_seeds,) from 0, by the places of m rows in their lists (n_seeds, m).

    Two seeds are of one group when the first `COMMON_ROWS` of their lists have a row in common, or when
    others connect them.
    """
    n_seeds, m = places.shape
    is_near = places < min(COMMON_ROWS, max(1, m // n_seeds))
    groups = np.arange(n_seeds)
    for seed in range(1, n_seeds):
        is_agreeing = np.zeros(n_seeds, bool)
        is_agreeing[groups[:seed][is_near[:seed, is_near[seed]].any(axis=1)]] = True
        groups[is_agreeing[groups]] = seed
    return distinct(groups).searchsorted(groups)


def fair_list(
    ordered: Batch, seeds: NDArray[np.int64], groups: NDArray[np.int64], rules: ListRules, limit: int
) -> Neighbours:
    """The first `limit` rows that may stand together, with a fair share for every group of seeds.

    ordered: rows and distances (m,), best first. seeds: int64 (m,), which seed each row came from. groups:
    that of each seed. Among the first k of the list are at least `k * share`, rounded down, of every
    group, as long as it has rows.
    """
    found = pick([ordered], rules, limit)
    counts = np.bincount(groups)
    if len(counts) == 1:
        return found
    of_group = groups[seeds]
    places = _candidates(ordered, of_group, len(counts), rules, limit)
    order = _in_turn(places, of_group, counts, ORDERED_PER_RESULT * limit)
    fair = pick([(ordered[0][order], ordered[1][order])], rules, limit)
    return replace(fair, left_out=found.left_out)


def _candidates(
    ordered: Batch, of_group: NDArray[np.int64], n_groups: int, rules: ListRules, limit: int
) -> NDArray[np.int64]:
    """Places, ascending, of what could be in the list: the first of all, and of each group for itself."""
    rows, distances = ordered
    whole = np.arange(len(rows))
    pools = [whole, *(np.flatnonzero(of_group == group) for group in range(n_groups))]
    place_of = dict(zip(rows.tolist(), whole.tolist(), strict=True))
    places: set[int] = set()
    for pool in pools:
        places |= {place_of[row] for row in pick([(rows[pool], distances[pool])], rules, limit).rows}
    return np.array(sorted(places), dtype=np.int64)


def _in_turn(
    places: NDArray[np.int64], of_group: NDArray[np.int64], counts: NDArray[np.int64], most: int
) -> list[int]:
    """The places in their order, but where a group would fall behind its share; so for the first `most`.

    counts: int64 (n_groups,), the seeds of each. The next place is taken as long as all shares can still be
    kept afterwards, else that of the group whose share is due first (earliest deadline first).
    """
    waiting = [places[of_group[places] == group].tolist()[::-1] for group in range(len(counts))]
    in_all = np.array([len(queue) for queue in waiting])
    taken, order = np.zeros(len(counts), np.int64), []
    for number in range(1, min(len(places), most) + 1):
        left = [group for group, queue in enumerate(waiting) if queue]
        group = min(left, key=lambda each: waiting[each][-1])
        due = np.minimum(_due(counts, number), in_all[:, None]) - taken[:, None]
        if not _can_keep(due, group):
            group = min(left, key=lambda each: int(np.append(due[each] > 0, True).argmax()))
        order.append(waiting[group].pop())
        taken[group] += 1
    return order + sorted(place for queue in waiting for place in queue)


def _due(counts: NDArray[np.int64], number: int) -> NDArray[np.int64]:
    """How many of each group the first `number`, and each longer beginning, must hold: (n_groups, n_seeds).

    After as many rows as there are seeds, as many more are due as there are rows more.
    """
    n_seeds = int(counts.sum())
    due: NDArray[np.int64] = counts[:, None] * np.arange(number, number + n_seeds) // n_seeds
    return due


def _can_keep(due: NDArray[np.int64], group: int) -> bool:
    """Whether what is due can still be given when `group` is taken now."""
    missing = due.copy()
    missing[group] -= 1
    later = np.arange(missing.shape[1])
    return bool((np.maximum(missing, 0).sum(axis=0) <= later).all())
