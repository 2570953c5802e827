import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from recommender.algorithms.browsing import (
    grouped_by_recording,
    most_typical_first,
    releases_of_groups,
    sorted_by,
)

COLUMNS = st.lists(
    st.tuples(st.integers(1, 5), st.sampled_from([0.0, 7.0, 50.0, np.nan])), min_size=0, max_size=40
)


@given(seed=st.integers(0, 10**6), n=st.integers(0, 30))
def test_the_most_typical_is_the_nearest_to_the_middle(seed, n):
    rng = np.random.default_rng(seed)
    places, middle = rng.integers(-2, 3, (n, 3)).astype(np.float32), rng.integers(-2, 3, 3).astype(float)
    ids = rng.permutation(n)

    def by_hand(position):
        return sum((float(a) - b) ** 2 for a, b in zip(places[position], middle, strict=True)), ids[position]

    assert most_typical_first(places, middle, ids).tolist() == sorted(range(n), key=by_hand)


@given(keys=st.lists(st.sampled_from([1.0, 2.0, 3.0, np.nan]), max_size=30), seed=st.integers(0, 10**6))
def test_equal_keys_stay_in_the_order_before_and_the_unknown_come_last(keys, seed):
    values = np.array(keys, dtype=np.float32)
    before = np.random.default_rng(seed).permutation(len(values))
    place = {position: number for number, position in enumerate(before.tolist())}

    def by_hand(position):
        unknown = bool(np.isnan(values[position]))
        return unknown, 0 if unknown else values[position], place[position]

    assert sorted_by(values, before).tolist() == sorted(range(len(values)), key=by_hand)


@given(columns=COLUMNS)
def test_the_best_known_release_of_each_recording_leads_its_group(columns):
    recordings = np.array([recording for recording, _popularity in columns], dtype=np.int64)
    popularity = np.array([value for _recording, value in columns], dtype=np.float32)
    ids = np.arange(len(columns))[::-1].copy()

    grouped = grouped_by_recording(recordings, popularity, ids)
    starts, counts = releases_of_groups(recordings[grouped])

    for leader, count in zip(grouped[starts].tolist(), counts.tolist(), strict=True):
        releases = np.flatnonzero(recordings == recordings[leader]).tolist()
        assert len(releases) == count
        best = min(releases, key=lambda p: (np.isnan(popularity[p]), -np.nan_to_num(popularity[p]), ids[p]))
        assert leader == best
    assert sorted(recordings[grouped[starts]].tolist()) == sorted(set(recordings.tolist()))
