import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.algorithms.evaluation.measures import (
    Question,
    bootstrap,
    bootstrap_ratio,
    by_playlist,
    choose_weights,
    draw_questions,
    hit,
    n_duplicates,
    ndcg,
    r_precision,
    split_playlists,
)


def test_measures_of_a_hand_computed_list():
    ranked, relevant = np.array([5, 1, 6, 2]), np.array([1, 2, 3])

    gain = 1 / math.log2(3) + 1 / math.log2(5)
    assert ndcg(ranked, relevant) == pytest.approx(gain / (1 + 1 / math.log2(3) + 0.5))
    assert r_precision(ranked, relevant) == pytest.approx(1 / 3)
    assert hit(ranked, relevant) == 1
    assert hit(ranked, relevant, depth=1) == 0
    assert n_duplicates(np.array([3, 3, 4, 3])) == 2


@given(st.lists(st.integers(0, 99), unique=True, max_size=80), st.sets(st.integers(0, 99)), st.data())
def test_measures_lie_between_none_and_all(ranked, relevant, data):
    ranked, relevant = np.array(ranked, int), np.array(sorted(relevant), int)

    for measure in (ndcg, hit, r_precision):
        assert 0 <= measure(ranked, relevant) <= 1 + 1e-12
    if len(relevant):
        assert ndcg(relevant, relevant) == pytest.approx(1)
        assert r_precision(relevant, relevant) == 1


def test_every_playlist_is_held_out_once():
    folds = split_playlists(10, 3, random_state=4)

    assert sorted(np.concatenate(folds)) == list(range(10))
    assert [f.tolist() for f in folds] == [f.tolist() for f in split_playlists(10, 3, random_state=4)]


def test_questions_seed_and_ask_of_one_playlist_and_skip_short_ones():
    playlists = {3: np.arange(10, 20), 1: np.arange(4), 2: np.array([7, 7, 8, 8, 9])}

    questions = draw_questions(playlists, n_seeds=5, most=3, random_state=0)

    assert [q.playlist for q in questions] == [3, 3, 3]
    for q in questions:
        assert len(q.seeds) == 5
        assert sorted([*q.seeds, *q.relevant]) == list(range(10, 20))


def test_a_playlist_of_many_questions_weighs_no_more_than_another():
    asked = [Question(n, np.array([0]), np.array([1])) for n in (8, 8, 8, 2)]

    assert by_playlist(asked, [1, 0, 1, 0.5]).tolist() == [0.5, pytest.approx(2 / 3)]


def test_an_interval_holds_the_mean_and_narrows_with_more_playlists():
    rng = np.random.default_rng(0)
    few, many = (bootstrap(rng.normal(5, 1, n), random_state=1) for n in (30, 3000))

    assert few.low < few.mean < few.high
    assert many.high - many.low < (few.high - few.low) / 5
    ratio = bootstrap_ratio(np.array([2.0, 4, 6]), np.array([1.0, 2, 3]), random_state=0)
    assert (ratio.low, ratio.mean, ratio.high) == pytest.approx((2, 2, 2))


def test_nothing_to_judge_is_said():
    with pytest.raises(ValueError, match="nothing"):
        bootstrap(np.empty(0), random_state=0)
    with pytest.raises(ValueError, match="nothing"):
        bootstrap_ratio(np.ones(3), np.zeros(3), random_state=0)


def test_weights_climb_to_the_best_and_ignore_noise():
    def judge(w):
        return 10 - (w["a"] - 2) ** 2 + 1e-6 * w["b"]

    assert choose_weights({"a": 1.0, "b": 1.0}, (0.5, 2), judge, least_gain=0.01) == {"a": 2.0, "b": 1.0}
