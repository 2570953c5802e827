"""Seeds that do not agree each have their share of a list. numpy only.

Seeds belong together when the rows nearest to them overlap. A list goes by its own order, unless one of
the groups would fall behind the share that it has of the seeds: a proportional representation of the
seeds' tastes in every beginning of the list (as calibration asks for: Steck, *Calibrated
Recommendations*, 2018).
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from recommender.algorithms.blend.distinct import distinct
from recommender.algorithms.search.picking import Batch, ListRules, Neighbours, pick

COMMON_ROWS = 100
NEVER = np.iinfo(np.int64).max


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
    candidates = _candidates(ordered[0], groups[seeds], rules, limit)
    rows, distances = ordered[0][candidates], ordered[1][candidates]
    places = _in_turn(groups[seeds[candidates]], counts)
    # A row of another group may be of the same recording or artist: then a few more are looked at.
    batches = ((rows[some], distances[some]) for some in iter(lambda: list(islice(places, limit)), []))
    return replace(pick(batches, rules, limit), left_out=found.left_out)


def _candidates(
    rows: NDArray[np.int64], of_group: NDArray[np.int64], rules: ListRules, limit: int
) -> NDArray[np.int64]:
    """Places in `rows`, ascending, of the first `limit` of each group that may stand together."""
    recordings, artists = rules.recordings[rows], rules.artists[rows]
    places = np.flatnonzero(~rules.bans(rows))
    places = places[_ranks(of_group[places], recordings[places]) == 0]
    if rules.per_artist:
        is_below_cap = _ranks(of_group[places], artists[places]) < rules.per_artist
        places = places[is_below_cap | (artists[places] < 0)]
    first: NDArray[np.int64] = places[_ranks(of_group[places]) < limit]
    return first


def _ranks(*keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many places before each, of those with keys (m,), have the same keys: int64 (m,)."""
    order = np.lexsort(keys)
    is_new = np.ones(len(order), bool)
    is_new[1:] = np.any([key[order[1:]] != key[order[:-1]] for key in keys], axis=0)
    ranks = np.empty(len(order), np.int64)
    ranks[order] = np.arange(len(order)) - np.flatnonzero(is_new)[is_new.cumsum() - 1]
    return ranks


def _in_turn(of_group: NDArray[np.int64], counts: NDArray[np.int64]) -> Iterator[int]:
    """The places of `of_group` (m,) in their order, but where a group would fall behind its share.

    counts: int64 (n_groups,), the seeds of each. The next place is taken as long as all shares can still be
    kept afterwards, else that of the group whose share is due first (earliest deadline first).
    """
    m, n_seeds = len(of_group), int(counts.sum())
    # The r-th row of a group with a share of c / n is due when the list is r * n / c long, rounded up.
    due = -(-(_ranks(of_group) + 1) * n_seeds // counts[of_group])
    # How many places not taken yet are due in a list of each length, less what there is room for. Later
    # than n_seeds from now, as many more are due as there is more room.
    excess = np.bincount(np.minimum(due, m + n_seeds), minlength=m + n_seeds + 1).cumsum()
    excess -= np.arange(len(excess))
    waiting = [np.flatnonzero(of_group == group).tolist()[::-1] for group in range(len(counts))]
    next_due = np.array([due[places[-1]] if places else NEVER for places in waiting])
    is_taken, groups = [False] * m, of_group.tolist()
    best = 0
    for length in range(1, m + 1):
        while is_taken[best]:
            best += 1
        group = groups[best]
        excess_then = excess[length : length + n_seeds] + length
        spared = max(int(next_due[group]) - length, 0)
        if excess_then[:spared].max(initial=0) > 0 or excess_then[spared:].max(initial=0) > 1:
            late = np.where(next_due < NEVER, next_due.clip(length, length + n_seeds), NEVER)
            group = int(late.argmin())
        place = waiting[group].pop()
        is_taken[place] = True
        excess[min(int(due[place]), m + n_seeds) :] -= 1
        next_due[group] = due[waiting[group][-1]] if waiting[group] else NEVER
        yield place
