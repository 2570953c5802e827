"""Which shared genres are named, and when it is worth saying how rare they are."""

from dataclasses import replace

import numpy as np
import pytest

from recommender.answers.genre_reasons import genre_reasons
from recommender.snapshots.derived import derived_arrays
from recommender.snapshots.snapshot import Snapshot
from tests.recommender.snapshots.five_tracks import META, five_tracks

N_TRACKS = 1000


def snapshot_of(**rows: range) -> Snapshot:
    """A thousand tracks; each genre with the rows that carry it."""
    arrays = replace(five_tracks(), track_ids=np.arange(N_TRACKS, dtype=np.int64))
    starts = np.cumsum([0, *map(len, rows.values())])
    listed = np.concatenate([np.array(each, dtype=np.int32) for each in rows.values()])
    derived = replace(derived_arrays(five_tracks()), genre_starts=starts, genre_rows=listed)
    return Snapshot(1, replace(META, genres=tuple(rows)), arrays, derived)


ALIKE = {"ambient": range(0, 100), "piano": range(99, 199), "jazz": range(40, 140), "study": range(0, 95)}


def reason(snapshot: Snapshot, seed: list[str], other: list[str]) -> list[str]:
    return genre_reasons(snapshot, [seed], [0], [other])[0]


def test_no_figure_where_every_genre_is_about_as_common():
    snapshot = snapshot_of(**ALIKE)
    assert reason(snapshot, ["ambient"], ["ambient", "piano"]) == ["both ambient"]
    assert reason(snapshot, ["ambient"], ["jazz"]) == []


def test_two_genres_that_seldom_meet_say_so_and_two_that_go_together_do_not():
    snapshot = snapshot_of(**ALIKE | {"sleep": range(90, 150)})
    assert reason(snapshot, ["piano", "sleep"], ["sleep", "piano"]) == ["both sleep and piano"]
    assert reason(snapshot, ["jazz", "ambient"], ["ambient", "jazz"]) == ["both ambient and jazz"]
    assert reason(snapshot, ["study", "sleep"], ["sleep", "study"]) == [
        "both sleep and study, as 0.5 % of all tracks are"
    ]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (range(0, 50), "both new, as 5.0 % of all tracks are"),
        (range(0, 51), "both new"),
        (range(0, 199), "both new"),
        (range(0, 200), "both new, as 20.0 % of all tracks are"),
    ],
)
def test_one_genre_says_its_share_where_it_is_twice_as_rare_or_as_common_as_most(rows, expected):
    alike = {name: range(0, 100) for name in ("one", "two", "three")}
    assert reason(snapshot_of(new=rows, **alike), ["new"], ["new"]) == [expected]


def test_very_few_are_counted():
    arrays = replace(five_tracks(), track_ids=np.arange(100_000, dtype=np.int64))
    few = replace(snapshot_of(one=range(0, 100), two=range(91, 191)), arrays=arrays)
    assert reason(few, ["two", "one"], ["one", "two"]) == ["both one and two, as only 9 tracks are"]


def test_the_two_rarest_are_named_the_rarest_first():
    snapshot = snapshot_of(common=range(0, 90), rare=range(0, 70), rarer=range(0, 60))
    every = ["common", "rare", "rarer"]
    assert reason(snapshot, every, every) == ["both rarer and rare"]


def test_a_genre_that_came_after_the_run_is_named_last():
    snapshot = snapshot_of(**ALIKE)
    assert reason(snapshot, ["brand-new", "jazz"], ["jazz", "brand-new"]) == ["both jazz and brand-new"]
    assert reason(snapshot, ["brand-new"], ["brand-new"]) == ["both brand-new"]
