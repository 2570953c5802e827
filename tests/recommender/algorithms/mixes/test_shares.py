"""A fair share for every group of seeds, in every beginning of a list."""

from functools import cache

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.algorithms.mixes.shares import fair_list, groups_of_seeds
from recommender.algorithms.search.picking import ListRules, pick

N = 300


def rules(per_artist=0):
    return ListRules(np.arange(N), np.arange(N) // 4, per_artist=per_artist)


def ordered():
    return np.arange(N), np.arange(N, dtype=np.float64)


def listed(*rows):
    """The places of 1,000 rows in the list of a seed that begins with these."""
    places = np.full(1000, 10_000)
    places[list(rows)] = np.arange(len(rows))
    return places


def test_seeds_whose_lists_begin_alike_are_one_group_also_by_way_of_others():
    left, middle, right = range(100), range(50, 150), range(120, 220)
    alone = range(500, 600)

    groups = groups_of_seeds(np.stack([listed(*rows) for rows in (left, alone, right, middle)]))

    assert groups[0] == groups[2] == groups[3] != groups[1]
    assert sorted(set(groups.tolist())) == [0, 1]


def test_what_stands_far_down_both_lists_makes_no_group():
    one, other = range(200), [*range(300, 400), *range(100, 200)]

    assert groups_of_seeds(np.stack([listed(*one), listed(*other)])).tolist() == [0, 1]


def test_one_seed_is_one_group():
    assert groups_of_seeds(listed(1)[None]).tolist() == [0]


def test_seeds_that_agree_leave_the_list_as_it_is():
    found = fair_list(ordered(), np.zeros(N, np.int64), np.array([0, 0]), rules(2), 20)

    assert found == pick([ordered()], rules(2), 20)


@given(
    lonely_from=st.integers(0, N),
    n_seeds=st.integers(2, 6),
    limit=st.integers(1, 40),
    per_artist=st.integers(0, 3),
)
@settings(deadline=None)
def test_no_group_falls_behind_its_share_in_any_beginning(lonely_from, n_seeds, limit, per_artist):
    """What came from the last seed, a group of its own, begins far down the list."""
    seeds = np.where(np.arange(N) < lonely_from, 0, n_seeds - 1)
    groups = np.array([0] * (n_seeds - 1) + [1])

    found = fair_list(ordered(), seeds, groups, rules(per_artist), limit)

    alone = pick([(np.arange(lonely_from, N), np.arange(lonely_from, N) * 1.0)], rules(per_artist), limit)
    is_lonely = np.array(found.rows) >= lonely_from
    for k in range(1, len(found.rows) + 1):
        assert is_lonely[:k].sum() >= min(k // n_seeds, len(alone.rows))
    assert len(found.rows) == limit
    assert found.rows == sorted(set(found.rows)) or is_lonely.any()
    artists = np.array(found.rows) // 4
    assert not per_artist or np.bincount(artists).max() <= per_artist


@given(
    draw=st.integers(0, 10_000),
    groups=st.lists(st.integers(0, 5), min_size=2, max_size=9),
    limit=st.integers(1, 60),
)
@settings(deadline=None)
def test_many_groups_each_keep_their_share(draw, groups, limit):
    """Groups that fall behind together: none may wait for the other too long."""
    rng = np.random.default_rng(draw)
    groups = np.unique(groups, return_inverse=True)[1]
    seeds = np.sort(rng.integers(0, len(groups), N))[:: rng.choice([-1, 1])]

    found = fair_list(ordered(), seeds, groups, rules(), limit)

    of_group = groups[seeds[found.rows]]
    for group, count in enumerate(np.bincount(groups)):
        available = int((groups[seeds] == group).sum())
        for k in range(1, limit + 1):
            assert (of_group[:k] == group).sum() >= min(count * k // len(groups), available)
    assert len(set(found.rows)) == limit


def in_fair_order(of_group: list[int], counts: tuple[int, int]) -> list[int]:
    """Of all orders in which two groups keep their shares, the one nearest to the list's own."""
    own = [[place for place, group in enumerate(of_group) if group == each] for each in (0, 1)]

    @cache
    def can_end(*taken: int) -> bool:
        length = sum(taken)
        due = (min(count * length // sum(counts), len(rows)) for count, rows in zip(counts, own, strict=True))
        if any(n < least for n, least in zip(taken, due, strict=True)):
            return False
        following = [(taken[0] + 1, taken[1]), (taken[0], taken[1] + 1)]
        left = [each for each, n, rows in zip(following, taken, own, strict=True) if n < len(rows)]
        return not left or any(can_end(*each) for each in left)

    order: list[int] = []
    taken = [0, 0]
    for _place in of_group:
        waiting = sorted(
            (rows[n], group) for group, (rows, n) in enumerate(zip(own, taken, strict=True)) if n < len(rows)
        )
        place, group = next(
            each for each in waiting if can_end(*(n + (g == each[1]) for g, n in enumerate(taken)))
        )
        taken[group] += 1
        order.append(place)
    return order


@given(
    of_group=st.lists(st.integers(0, 1), min_size=1, max_size=24),
    counts=st.tuples(st.integers(1, 5), st.integers(1, 5)),
)
def test_of_two_groups_the_list_s_own_order_is_left_only_where_a_share_would_be_missed(of_group, counts):
    groups = np.repeat([0, 1], counts)
    m = len(of_group)
    seeds = np.where(np.array(of_group) == 0, 0, counts[0])

    found = fair_list(
        (np.arange(m), np.arange(m) * 1.0), seeds, groups, ListRules(np.arange(m), np.full(m, -1)), m
    )

    assert found.rows == in_fair_order(of_group, counts)


def test_shares_are_kept_to_the_end_of_a_list_that_artist_caps_thin_out():
    """So many rows fall to the cap that the list ends far down the candidates."""
    artists = np.where(np.arange(N) % 10 < 8, 0, np.arange(N))
    capped = ListRules(np.arange(N), artists, per_artist=2)
    seeds = np.where(np.arange(N) < N // 2, 0, 1)

    found = fair_list(ordered(), seeds, np.array([0, 1]), capped, 40)

    is_second = np.array(found.rows) >= N // 2
    assert all(abs(2 * is_second[:k].sum() - k) <= 1 for k in range(1, 41))


def test_what_is_banned_takes_no_place_of_a_group():
    banned = ListRules(np.arange(N), np.arange(N), frozenset({0, 1, 2}), {3})

    found = fair_list(ordered(), np.arange(N) % 2, np.array([0, 1]), banned, 10)

    assert found.rows == list(range(4, 14))


def test_inside_a_group_the_order_stays():
    seeds = np.arange(N) % 2
    found = fair_list(ordered(), seeds, np.array([0, 1]), rules(), 30)

    for seed in (0, 1):
        own = [row for row in found.rows if row % 2 == seed]
        assert own == sorted(own)
