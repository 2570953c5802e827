import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.algorithms.clustering.matching import (
    Identity,
    Match,
    identify_clusters,
    jaccard_overlaps,
    led_on,
    member_means,
)


def arrays(clusters: dict[int, int], dtype: type = np.int64) -> tuple[np.ndarray, np.ndarray]:
    return np.array(sorted(clusters), np.int64), np.array([clusters[key] for key in sorted(clusters)], dtype)


def identify(old: dict[int, int], new: dict[int, int], n_clusters: int, reserved: tuple = ()) -> Identity:
    return identify_clusters(*arrays(old), *arrays(new, np.int32), n_clusters, reserved)


def test_overlaps_by_hand():
    shared = np.array([[2.0, 1.0], [0.0, 1.0]])
    assert jaccard_overlaps(shared).tolist() == pytest.approx(np.array([[2 / 3, 1 / 4], [0, 1 / 2]]))


def test_swapped_labels_keep_their_numbers():
    identity = identify({1: 7, 2: 7, 3: 9, 4: 9}, {1: 1, 2: 1, 3: 0, 4: 0}, 2)
    assert identity == Identity([9, 7], {1: Match(7, 1.0), 0: Match(9, 1.0)}, origins={}, heirs={})


def test_a_split_cluster_hands_its_number_to_the_larger_part_and_the_smaller_says_where_it_came_from():
    old = dict.fromkeys(range(10), 3)
    identity = identify(old, {i: 0 if i < 6 else 1 for i in range(10)}, 2)
    assert identity == Identity([3, 1], {0: Match(3, 0.6)}, origins={1: [3]}, heirs={})


def test_merged_clusters_say_what_they_were_and_the_number_given_up_leads_there():
    old = {i: 4 if i < 7 else 2 for i in range(10)}
    identity = identify(old, dict.fromkeys(range(10), 0), 1)
    assert identity == Identity([4], {0: Match(4, 0.7)}, origins={4: [4, 2]}, heirs={2: [4]})


def test_a_number_given_up_leads_to_every_cluster_with_a_noticeable_part():
    old = {i: 1 + (i >= 45) + (i >= 90) for i in range(100)}  # 45 of 1, 45 of 2, 10 of 3
    new = dict.fromkeys(range(45), 0) | dict.fromkeys(range(45, 90), 1) | {i: i % 2 for i in range(90, 99)}
    identity = identify(old, new | {99: 0}, 2)
    assert identity.heirs == {3: [1, 2]}


def test_clusters_that_share_too_little_are_new_ones():
    old = {i: 1 + i % 5 for i in range(100)}
    identity = identify(old, {i: (i // 20) for i in range(100)}, 5)
    assert identity.matches == {}
    assert identity.numbers == [6, 7, 8, 9, 10]
    assert identity.origins[6] == [1, 2, 3, 4, 5]
    assert identity.heirs[1] == [6, 7, 8, 9, 10]


def test_tracks_of_one_run_only_do_not_count():
    old = {1: 1, 2: 1, 50: 1, 51: 1, 52: 1}
    new = {1: 0, 2: 0, 80: 0, 81: 0, 3: 1}
    assert identify(old, new, 2).matches == {0: Match(1, 1.0)}


def test_catalogues_without_a_common_track_have_nothing_to_match():
    assert identify({1: 1}, {2: 0}, 1) == Identity([2], {}, {}, {})


def test_a_new_cluster_gets_the_lowest_number_that_is_neither_old_nor_reserved():
    old = dict.fromkeys(range(10), 4) | dict.fromkeys(range(10, 20), 1)
    new = {i: i // 10 for i in range(40)}
    assert identify(old, new, 4, reserved=(2, 5)).numbers == [4, 1, 3, 6]


def test_new_clusters_get_numbers_of_other_colours_while_there_are_such():
    old = dict.fromkeys(range(10), 2)
    new = {i: i // 10 for i in range(60)}
    numbers = identify_clusters(*arrays(old), *arrays(new, np.int32), 6, reserved=(1, 3), n_colours=4).numbers
    assert numbers == [2, 4, 5, 7, 6, 8]  # 6 would have the colour of 2; the last two have no colour left


@given(st.sets(st.integers(1, 40)), st.integers(1, 12))
def test_up_to_twelve_new_clusters_have_colours_of_their_own(reserved, n_clusters):
    new = {i: i % n_clusters for i in range(24)}
    numbers = identify_clusters(
        *arrays({}), *arrays(new, np.int32), n_clusters, reserved=reserved, n_colours=12
    ).numbers
    assert len({number % 12 for number in numbers}) == n_clusters
    assert not reserved & set(numbers)


def test_numbers_given_up_earlier_are_led_on_until_somebody_has_them():
    identity = Identity([1, 5, 9], {}, {}, heirs={2: [1, 5], 3: []})
    retired = {7: [2], 8: [5, 2], 6: [3], 9: [1]}
    assert led_on(retired, identity) == {7: [1, 5], 8: [5, 1], 2: [1, 5]}


def test_old_clusters_stand_where_their_members_are_now():
    ids, numbers = arrays({1: 5, 2: 5, 3: 2, 9: 2})
    X = np.array([[0, 0], [2, 4], [7, 7], [50, 50]], np.float32)
    assert member_means(ids, numbers, np.array([1, 2, 3, 4]), X).tolist() == [[7, 7], [1, 2]]


@pytest.mark.parametrize("old", [{}, {1: 1}, {1: 1, 9: 2}])
def test_clusters_whose_members_are_all_gone_give_no_start(old):
    new_ids = np.array([2, 3]) if old == {1: 1} else np.array([1, 3])
    assert member_means(*arrays(old), new_ids, np.ones((2, 2), np.float32)) is None


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=60))
def test_matches_are_one_to_one_and_their_overlaps_true(pairs):
    old = {i: 10 + pair[0] for i, pair in enumerate(pairs)}
    new = {i: pair[1] for i, pair in enumerate(pairs)}
    matches = identify(old, new, 5).matches
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
    numbers = identify(old, new, 4).numbers
    assert [numbers[new[track]] for track in range(40)] == [old[track] for track in range(40)]
