from dataclasses import replace

import numpy as np
import pytest

from recommender.answers.reasons import sound_reasons
from recommender.snapshots.derived import derived_arrays
from recommender.snapshots.snapshot import Snapshot
from tests.recommender.snapshots.five_tracks import META, five_tracks

NAMES = ("energy", "tempo", "acousticness", "valence")


def snapshot_of(*points: list[float]):
    """One cluster of these scaled points; a tempo of 0 is 120 BPM, one standard deviation 20."""
    n = len(points)
    arrays = replace(
        five_tracks(),
        X=np.array(points, dtype=np.float32),
        track_ids=np.arange(n, dtype=np.int64),
        scaler_mean=np.array([0.5, 120.0, 0.5, 0.5]),
        scaler_scale=np.array([0.1, 20.0, 0.1, 0.1]),
    )
    return Snapshot(1, replace(META, feature_names=NAMES), arrays, derived_arrays(five_tracks()))


def reasons(seed: list[float], other: list[float]) -> list[str]:
    snapshot = snapshot_of(other)
    return sound_reasons(snapshot, np.array([seed], dtype=np.float32), np.array([0]), np.array([0]))[0]


@pytest.mark.parametrize(
    ("seed", "other", "expected"),
    [
        ([2, 0, 1, 0], [2, 0, 1, 0], ["same tempo, 120 BPM", "as energetic, as acoustic"]),
        ([2, 0, 1, 0], [2, -0.1, 1, 0], ["same tempo, 118 to 120 BPM", "as energetic, as acoustic"]),
        ([2, 0, 1, 0], [2, 0.2, 1, 0.5], ["as energetic, a little happier"]),
        ([-2, 0, 1, 0], [-2.1, 1, 1, -0.5], ["as calm, a little more sombre"]),
        ([0, 0, 0, 0], [0, 2, -2, 0.5], ["less acoustic"]),
        ([0, 0, 0, 0], [0.1, 2, 0.1, 0.1], ["much alike in sound"]),
    ],
)
def test_reasons_say_what_is_alike_and_what_differs_most(seed, other, expected):
    assert reasons(seed, other) == expected


def test_two_tracks_without_a_beat_do_not_share_a_tempo():
    assert reasons([2, -6, 1, 0], [2, -6, 1, 0]) == ["as energetic, as acoustic"]


def test_reasons_come_row_by_row():
    snapshot = snapshot_of([2, 0, 0, 0], [-2, 3, 0, 0])

    points, rows = snapshot.arrays.X, np.array([1, 0, 0])
    assert sound_reasons(snapshot, points, np.array([0, 0, 1]), rows) == [
        ["calmer"],
        ["same tempo, 120 BPM", "as energetic"],
        ["more energetic"],
    ]
