import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracks.importing.numbers import read_numbers


def test_numbers_are_read_whatever_their_notation():
    assert read_numbers(["1", " 0.5 ", "1.01e-06", "-8"]).values.tolist() == [1, 0.5, 1.01e-06, -8]


def test_empty_cells_and_text_are_told_apart():
    numbers = read_numbers(["", "  ", "fast", "nan", "1"])
    assert numbers.empty.tolist() == [True, True, False, False, False]
    assert numbers.no_number.tolist() == [False, False, True, True, False]
    assert np.isnan(numbers.values[:4]).all()


def test_infinity_is_read_as_such_and_lies_outside():
    numbers = read_numbers(["inf", "-Infinity", "1e400"])
    assert np.isinf(numbers.values).all()
    assert numbers.outside(0, 1).all()


@pytest.mark.parametrize("cell", ["1_000", "1,000", "0x10", "1 000", "½", "--1"])
def test_what_only_some_would_read_is_refused(cell):
    assert read_numbers([cell, "1"]).no_number.tolist() == [True, False]


def test_a_decimal_comma_is_read_where_the_file_separates_otherwise():
    assert read_numbers(["0,676", "1"], decimal_comma=True).values.tolist() == [0.676, 1]


def test_bounds_are_allowed_themselves():
    assert read_numbers(["0", "1", "1.001", "-0.1"]).outside(0, 1).tolist() == [False, False, True, True]


def test_broken_numbers_are_found():
    assert read_numbers(["1", "1.5", "", "inf"]).broken().tolist() == [False, True, False, False]


@given(st.lists(st.floats(allow_nan=False), min_size=1))
def test_every_float_comes_back_exactly(floats):
    assert read_numbers(list(map(repr, floats))).values.tolist() == floats


@given(st.lists(st.text(max_size=12), min_size=1))
def test_every_cell_is_a_number_empty_or_neither(cells):
    numbers = read_numbers(cells)
    for value, empty, no_number in zip(numbers.values, numbers.empty, numbers.no_number, strict=True):
        assert [bool(empty), bool(no_number), not math.isnan(value)].count(True) == 1
