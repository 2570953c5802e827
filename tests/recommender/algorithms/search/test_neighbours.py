from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from recommender.algorithms.search.neighbours import SHORTLIST_EXTRA, SHORTLIST_FACTOR, Points, in_order
from recommender.algorithms.search.picking import ListRules, Neighbours, pick


def points_of(X: np.ndarray, ids: np.ndarray | None = None) -> Points:
    X = np.ascontiguousarray(X, dtype=np.float32)
    ids = np.arange(len(X)) if ids is None else ids
    return Points(X, np.einsum("ij,ij->i", X, X, dtype=np.float64).astype(np.float32), ids)


def alone(n: int, **rules) -> ListRules:
    """Every row a recording of its own, by an artist of its own."""
    return ListRules(**({"recordings": np.arange(n), "artists": np.arange(n)} | rules))


def nearest_rows(points, query, slices, rules, limit) -> Neighbours:
    """The first rows in the order of the distances that may stand together, as lists by sound find them."""
    return pick(in_order(points, query, slices, SHORTLIST_FACTOR * limit + SHORTLIST_EXTRA), rules, limit)


def brute_force(points, query, slices, rules, limit) -> tuple[list[int], list[float]]:
    """The same question answered one row at a time, in float64."""
    rows = [row for start, stop in slices for row in range(start, stop)]
    difference = points.X.astype(np.float64) - query.astype(np.float64)
    distances = np.sqrt((difference**2).sum(axis=1))
    rows.sort(key=lambda row: (distances[row], points.ids[row]))
    chosen, recordings, artists = [], set(rules.banned_recordings), Counter()
    for row in rows:
        artist = int(rules.artists[row])
        if row in rules.banned_rows or int(rules.recordings[row]) in recordings:
            continue
        if rules.per_artist and artist >= 0 and artists[artist] == rules.per_artist:
            continue
        recordings.add(int(rules.recordings[row]))
        artists[artist] += 1
        chosen.append(row)
    return chosen[:limit], distances[chosen[:limit]].tolist()


def test_a_hand_computed_line_of_five():
    points = points_of(
        np.array([[0.0, 0], [3, 4], [0, 1], [6, 8], [0, -1]]), ids=np.array([50, 40, 30, 20, 10])
    )

    found = nearest_rows(points, np.zeros(2, np.float32), [(0, 5)], alone(5), limit=5)

    assert found.rows == [0, 4, 2, 1, 3]
    assert found.distances == [0, 1, 1, 5, 10]


def test_of_a_recording_the_nearest_row_is_taken():
    points = points_of(np.arange(6.0)[:, None])
    rules = alone(6, recordings=np.array([1, 7, 7, 8, 8, 9]))

    found = nearest_rows(points, np.zeros(1, np.float32), [(0, 6)], rules, limit=10)

    assert found.rows == [0, 1, 3, 5]
    assert found.left_out == {"recording": 2}


def test_the_banned_recording_never_appears_and_is_not_counted():
    points = points_of(np.arange(4.0)[:, None])
    rules = alone(4, recordings=np.array([7, 7, 8, 9]), banned_recordings=frozenset([7]))

    found = nearest_rows(points, np.zeros(1, np.float32), [(0, 4)], rules, limit=10)

    assert found.rows == [2, 3]
    assert +found.left_out == Counter()


def test_the_cap_is_filled_up_from_farther_away_and_spares_the_unknown_artist():
    points = points_of(np.arange(8.0)[:, None])
    rules = alone(8, artists=np.array([1, 1, 1, 2, -1, -1, -1, 1]), per_artist=2)

    found = nearest_rows(points, np.zeros(1, np.float32), [(0, 8)], rules, limit=5)

    assert found.rows == [0, 1, 3, 4, 5]
    assert found.left_out == {"per_artist": 1}


def test_banned_rows_are_replaced_by_the_next():
    points = points_of(np.arange(5.0)[:, None])

    found = nearest_rows(points, np.zeros(1, np.float32), [(0, 5)], alone(5, banned_rows={0, 2}), limit=2)

    assert found.rows == [1, 3]


@pytest.mark.parametrize("slices", [[], [(3, 3)], [(2, 2), (5, 5)]])
def test_empty_slices_answer_nothing(slices):
    points = points_of(np.arange(6.0)[:, None])

    assert nearest_rows(points, np.zeros(1, np.float32), slices, alone(6), limit=5).rows == []


def test_a_thousand_equal_distances_are_ordered_by_id():
    ids = np.random.default_rng(0).permutation(3000)
    points = points_of(np.ones((3000, 9)), ids)

    found = nearest_rows(points, np.zeros(9, np.float32), [(0, 3000)], alone(3000), limit=50)

    assert ids[found.rows].tolist() == list(range(50))


def test_batches_hold_every_row_once_and_in_order():
    rng = np.random.default_rng(1)
    points = points_of(rng.normal(size=(5000, 9)))
    query = rng.normal(size=9).astype(np.float32)

    batches = list(in_order(points, query, [(100, 2000), (3000, 5000)], first=40))

    rows = np.concatenate([rows for rows, _ in batches])
    distances = np.concatenate([distances for _, distances in batches])
    assert len(batches) > 2
    assert sorted(rows) == [*range(100, 2000), *range(3000, 5000)]
    assert (np.diff(distances) >= 0).all()


@pytest.mark.parametrize("offset", [0, 30, 1000])
def test_rounding_of_the_product_never_changes_the_answer(offset):
    """Far from the origin float32 cannot tell these distances apart; the answer must all the same."""
    rng = np.random.default_rng(2)
    points = points_of(offset + 1e-3 * rng.normal(size=(4000, 9)))
    query = points.X[17]
    rules = alone(4000)

    found = nearest_rows(points, query, [(0, 4000)], rules, limit=50)
    rows, distances = brute_force(points, query, [(0, 4000)], rules, 50)

    assert found.rows == rows
    np.testing.assert_allclose(found.distances, distances, rtol=1e-12)


@st.composite
def questions(draw):
    n = draw(st.integers(1, 400))
    d = draw(st.integers(1, 9))
    # Small whole numbers: every sum is exact in float64, and equal distances are common.
    X = draw(arrays(np.float32, (n, d), elements=st.integers(-3, 3).map(float), fill=st.just(1.0)))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    X = np.where(rng.random((n, 1)) < 0.7, rng.integers(-3, 4, (n, d)), X)
    groups = draw(st.integers(1, n))
    cuts = sorted(draw(st.lists(st.integers(0, n), max_size=6)))
    recordings = rng.integers(0, groups, n)
    rules = ListRules(
        recordings=recordings,
        artists=rng.integers(-1, draw(st.integers(1, n)), groups)[recordings],
        banned_recordings=frozenset(rng.integers(0, groups, draw(st.integers(0, 2))).tolist()),
        banned_rows=set(rng.integers(0, n, draw(st.integers(0, 3))).tolist()),
        per_artist=draw(st.integers(0, 3)),
    )
    slices = [(0, n)] if len(cuts) < 2 else list(pairwise(cuts))[::2]
    query = X[rng.integers(n)].astype(np.float32)
    return points_of(X, rng.permutation(n)), query, slices, rules, draw(st.integers(1, 60))


@settings(max_examples=150, deadline=None)
@given(questions())
def test_the_answer_is_that_of_a_brute_force_search(question):
    found = nearest_rows(*question)
    rows, distances = brute_force(*question)

    assert found.rows == rows
    np.testing.assert_allclose(found.distances, distances, rtol=1e-12)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 80), st.sampled_from([1e-4, 1.0, 50.0]))
def test_the_same_holds_for_thousands_of_ordinary_points(seed, limit, spread):
    rng = np.random.default_rng(seed)
    points = points_of(rng.standard_t(3, (3000, 9)) * spread)
    query = points.X[rng.integers(3000)]
    rules = alone(3000, artists=rng.integers(0, 300, 3000), per_artist=1)
    slices = [(0, 900), (1500, 3000)]

    found = nearest_rows(points, query, slices, rules, limit)
    rows, distances = brute_force(points, query, slices, rules, limit)

    assert found.rows == rows
    np.testing.assert_allclose(found.distances, distances, rtol=1e-12)
