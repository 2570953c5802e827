"""A fair share for every group of seeds, in every beginning of a list."""

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
