"""What filters allow, beside plain comparisons of the values."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.algorithms.search.row_tests import AmongLists, AtLeast, AtMost, Column, Equals, Not, RowTest

KINDS = {"float32": [-2.5, 0.0, 0.1, 0.3, 1.0, np.nan], "uint8": [0, 1, 50, 100], "int8": [-1, 0, 1]}


def column_of(values: np.ndarray, offsets: np.ndarray) -> Column:
    parts = np.split(values, offsets[1:-1])
    return Column(values, np.concatenate([np.sort(part) for part in parts]))


@st.composite
def clustered(draw):
    """Values of one of the kinds that a run keeps, with the offsets of their clusters."""
    kind = draw(st.sampled_from(sorted(KINDS)))
    values = np.array(draw(st.lists(st.sampled_from(KINDS[kind]), max_size=40)), kind)
    cuts = sorted(draw(st.lists(st.integers(0, len(values)), max_size=3)))
    return values, np.array([0, *cuts, len(values)])


def check(test: RowTest, expected: np.ndarray, offsets: np.ndarray) -> None:
    """All three questions, of the test and of its opposite, answered from the mask of all rows."""
    n = len(expected)
    rows = np.random.default_rng(0).permutation(n)[: n // 2 + 1]
    for each, allowed in ((test, expected), (Not(test), ~expected)):
        assert each.matches(rows).tolist() == allowed[rows].tolist()
        for start, stop in pairwise(offsets.tolist()):
            assert each.mask(start, stop).tolist() == allowed[start:stop].tolist()
            assert each.count(start, stop) == allowed[start:stop].sum()
        assert each.mask(n // 3, n).tolist() == allowed[n // 3 :].tolist()


@given(clustered(), st.sampled_from([-3, -1, 0, 0.1, 0.2, 0.3, 1, 50, 99, 100]))
def test_bounds_include_their_value_and_leave_out_the_unknown(catalogue, bound):
    values, offsets = catalogue
    column = column_of(values, offsets)
    if values.dtype.kind != "f":
        bound = max(0, int(bound))
    limit = values.dtype.type(bound)

    check(AtLeast(column, bound), values >= limit, offsets)
    check(AtMost(column, bound), values <= limit, offsets)


@given(clustered(), st.integers(-1, 2))
def test_one_value_is_met_by_that_value_alone(catalogue, value):
    values, offsets = catalogue
    if values.dtype.kind == "u":
        value = abs(value)

    check(Equals(column_of(values, offsets), value), values == value, offsets)


def test_a_bound_is_the_same_number_in_single_precision():
    values = np.array([0.1, 0.2, 0.3], np.float32)
    column = column_of(values, np.array([0, 3]))

    assert AtLeast(column, 0.2).mask(0, 3).tolist() == [False, True, True]
    assert AtMost(column, 0.1).mask(0, 3).tolist() == [True, False, False]


@given(
    n=st.integers(0, 60),
    genres=st.lists(st.sets(st.integers(0, 59)), min_size=1, max_size=3),
    cut=st.integers(0, 60),
)
def test_rows_of_any_of_the_lists_are_met(n, genres, cut):
    lists = [np.array(sorted(row for row in rows if row < n), np.int32) for rows in genres]
    expected = np.isin(np.arange(n), np.concatenate(lists))

    check(AmongLists(lists), expected, np.array([0, min(cut, n), n]))


@pytest.mark.parametrize("value", [200, 255])
def test_values_of_eight_bits_are_compared_as_what_they_are(value):
    column = column_of(np.array([0, 200, 255], np.uint8), np.array([0, 3]))

    assert Equals(column, value).count(0, 3) == 1
    assert AtLeast(column, value).count(0, 3) == (2 if value == 200 else 1)
