import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.algorithms.clustering.matching import (
    Match,
    jaccard_overlaps,
    match_clusters,
    number_clusters,
)


def match(old: dict[int, int], new: dict[int, int], n_clusters: int) -> dict[int, Match]:
    return match_clusters(
        np.array(sorted(old), dtype=np.int64),
        np.array([old[key] for key in sorted(old)], dtype=np.int64),
        np.array(sorted(new), dtype=np.int64),
        np.array([new[key] for key in sorted(new)], dtype=np.int32),
        n_clusters,
    )


def test_overlaps_by_hand():
    old, new = np.array([0, 0, 0, 1]), np.array([0, 0, 1, 1])
    assert jaccard_overlaps(old, 2, new, 2).tolist() == pytest.approx(np.array([[2 / 3, 1 / 4], [0, 1 / 2]]))


def test_swapped_labels_keep_their_numbers():
    old = {1: 7, 2: 7, 3: 9, 4: 9}
    matches = match(old, {1: 1, 2: 1, 3: 0, 4: 0}, 2)
    assert matches == {1: Match(7, 1.0), 0: Match(9, 1.0)}
    assert number_clusters(matches, 2, highest_ever=9) == [9, 7]


def test_a_split_cluster_hands_its_number_to_the_larger_part():
    old = dict.fromkeys(range(10), 3)
    new = {i: 0 if i < 6 else 1 for i in range(10)}
    matches = match(old, new, 2)
    assert matches == {0: Match(3, 0.6)}
    assert number_clusters(matches, 2, highest_ever=5) == [3, 6]


def test_clusters_that_share_too_little_are_new_ones():
    old = {i: i % 5 for i in range(100)}
    new = {i: (i // 20) for i in range(100)}
    assert match(old, new, 5) == {}


def test_tracks_of_one_run_only_do_not_count():
    old = {1: 1, 2: 1, 50: 1, 51: 1, 52: 1}
    new = {1: 0, 2: 0, 80: 0, 81: 0, 3: 1}
    assert match(old, new, 2) == {0: Match(1, 1.0)}


def test_catalogues_without_a_common_track_have_nothing_to_match():
    assert match({1: 1}, {2: 0}, 1) == {}


def test_numbers_never_used_before_go_to_the_unmatched_in_order():
    assert number_clusters({1: Match(4, 0.9)}, 3, highest_ever=12) == [13, 4, 14]


def test_only_a_strong_match_keeps_the_name():
    assert Match(1, 0.8).keeps_name
    assert not Match(1, 0.4).keeps_name


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=60))
def test_matches_are_one_to_one_and_their_overlaps_true(pairs):
    old = {i: 10 + pair[0] for i, pair in enumerate(pairs)}
    new = {i: pair[1] for i, pair in enumerate(pairs)}
    matches = match(old, new, 5)
    numbers = [each.number for each in matches.values()]
    assert len(set(numbers)) == len(numbers)
    for label, each in matches.items():
        before = {track for track, number in old.items() if number == each.number}
        after = {track for track, cluster in new.items() if cluster == label}
        assert each.overlap == pytest.approx(len(before & after) / len(before | after))
        assert each.overlap >= 0.25


@given(st.permutations(range(4)))
def test_the_same_partition_under_other_labels_keeps_every_number(order):
    old = {track: 20 + track % 4 for track in range(40)}
    new = {track: order[track % 4] for track in range(40)}
    numbers = number_clusters(match(old, new, 4), 4, highest_ever=23)
    assert [numbers[new[track]] for track in range(40)] == [old[track] for track in range(40)]
