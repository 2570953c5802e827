"""Which rows may stand together, beside a walk over the rows one at a time."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.algorithms.search.picking import ListRules, Neighbours, pick


def rules_of(recordings: list[int], artists: list[int], **others) -> ListRules:
    return ListRules(np.array(recordings, np.int64), np.array(artists, np.int64), **others)


def in_batches(rows: list[int], cuts: list[int]):
    """The rows at the distances 0, 1, 2, … in batches that end at the cuts; some may be empty."""
    distances = np.arange(len(rows), dtype=float)
    for start, stop in pairwise([0, *cuts, len(rows)]):
        yield np.array(rows[start:stop], np.int64), distances[start:stop]


def one_at_a_time(rows: list[int], rules: ListRules, limit: int) -> Neighbours:
    """The first rows that may stand together. What lies behind the last one is not counted as left out."""
    chosen, seen, of_artist = Neighbours(), set(), Counter()
    left_out: Counter[str] = Counter()
    for distance, row in enumerate(rows):
        recording, artist = int(rules.recordings[row]), int(rules.artists[row])
        if row in rules.banned_rows or recording in rules.banned_recordings:
            continue
        if recording in seen:
            left_out["recording"] += 1
            continue
        seen.add(recording)
        if artist >= 0 and rules.per_artist and of_artist[artist] == rules.per_artist:
            left_out["per_artist"] += 1
            continue
        of_artist[artist] += 1
        chosen.rows.append(row)
        chosen.distances.append(float(distance))
        if len(chosen.rows) == limit:
            break
    return Neighbours(chosen.rows, chosen.distances, left_out)


@st.composite
def questions(draw):
    """Rows in an order, cut into batches, with rules and a limit."""
    n = draw(st.integers(0, 400))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    recordings = random.integers(0, draw(st.integers(1, 500)), n)
    artist_of = random.integers(
        -1, draw(st.sampled_from([1, 3, 60])), 501
    )  # all rows of a recording have one
    cuts = sorted(draw(st.lists(st.integers(0, n), max_size=4)))
    rules = rules_of(
        recordings,
        artist_of[recordings],
        per_artist=draw(st.sampled_from([0, 1, 2, 5])),
        banned_recordings=frozenset(draw(st.sets(st.integers(0, 20), max_size=3))),
        banned_rows=draw(st.sets(st.integers(0, 40), max_size=5)),
    )
    return random.permutation(n).tolist(), cuts, rules, draw(st.integers(1, 30))


@given(questions())
def test_a_list_is_that_of_a_walk_over_the_rows(question):
    rows, cuts, rules, limit = question

    found = pick(in_batches(rows, cuts), rules, limit)

    expected = one_at_a_time(rows, rules, limit)
    assert (found.rows, found.distances) == (expected.rows, expected.distances)
    assert +found.left_out == +expected.left_out


def test_no_batch_is_asked_for_after_the_list_is_full():
    def batches():
        yield np.arange(3), np.arange(3.0)
        raise AssertionError("asked for more")

    assert pick(batches(), rules_of([0, 1, 2], [0, 1, 2], per_artist=1), 2).rows == [0, 1]


@pytest.mark.parametrize("per_artist", [0, 1, 3])
def test_no_rows_make_an_empty_list(per_artist):
    rules = rules_of([], [], per_artist=per_artist)

    assert pick([], rules, 5) == Neighbours()
    assert pick(in_batches([], [0]), rules, 5) == Neighbours()


def test_recordings_of_unknown_artists_are_not_one_artist_s_and_stand_once():
    rules = rules_of([4, 4, 5, 6], [-1, -1, -1, 0], per_artist=1)

    found = pick(in_batches([0, 1, 2, 3], []), rules, 10)

    assert found == Neighbours([0, 2, 3], [0.0, 2.0, 3.0], Counter(recording=1))
