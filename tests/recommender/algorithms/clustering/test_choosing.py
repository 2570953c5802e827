import numpy as np
import pytest

from recommender.algorithms.clustering import choosing
from recommender.algorithms.clustering.choosing import (
    Candidate,
    best_of,
    choose_n_clusters,
    gain_deviation,
    possible_numbers,
)
from tests.recommender.algorithms.blobs import blobs


def candidate(n_clusters: int, silhouette: float, stability: float = 1.0) -> Candidate:
    return Candidate(n_clusters, silhouette, stability, inertia=1.0, smallest_share=0.1)


@pytest.mark.parametrize("n_blobs", [2, 3, 5])
def test_far_blobs_are_counted(n_blobs):
    centres = np.eye(6)[:n_blobs] * 10
    X, _ = blobs(60, centres)
    choice = choose_n_clusters(X, random_state=0)
    assert choice.n_clusters == n_blobs
    assert choice.chosen.stability == pytest.approx(1)


def test_the_best_silhouette_wins_among_the_stable_and_large_enough():
    candidates = [candidate(2, 0.9), candidate(6, 0.3), candidate(7, 0.4), candidate(8, 0.5, stability=0.4)]
    assert best_of(candidates, fewest=6).n_clusters == 7


def test_the_smaller_one_wins_a_tie():
    assert best_of([candidate(6, 0.3), candidate(7, 0.3)], fewest=6).n_clusters == 6


def test_when_none_is_stable_those_nearly_as_stable_as_the_most_stable_are_looked_at():
    candidates = [candidate(6, 0.3, 0.5), candidate(7, 0.4, 0.47), candidate(8, 0.9, 0.2)]
    assert best_of(candidates, fewest=6).n_clusters == 7


def test_a_catalogue_too_small_for_the_fewest_takes_what_there_is():
    assert best_of([candidate(2, 0.3), candidate(3, 0.4)], fewest=6).n_clusters == 3


@pytest.mark.parametrize(
    ("rows", "expected"),
    [(1, [1]), (2, [1]), (3, [2]), (10, [2]), (25, [2, 3, 4, 5])],
)
def test_few_tracks_leave_few_numbers(rows, expected):
    assert possible_numbers(np.arange(rows, dtype=np.float32).reshape(-1, 1)) == expected


def test_tracks_that_all_sound_the_same_are_one_cluster():
    choice = choose_n_clusters(np.ones((50, 3), dtype=np.float32), random_state=0)
    assert (choice.n_clusters, choice.candidates, choice.chosen) == (1, (), None)


def test_large_catalogues_get_clusters_fine_enough_to_browse(monkeypatch):
    monkeypatch.setattr(choosing, "CANDIDATES", (2, 3, 4, 5))
    X, _ = blobs(600, [[0, 0], [9, 9]], spread=0.5)
    choice = choose_n_clusters(X, random_state=0)
    assert choice.fewest == 4
    assert choice.n_clusters in (4, 5)


ROWS = np.arange(60, dtype=np.float32).reshape(-1, 1)


def pretend(monkeypatch, silhouettes: dict[int, float], error: float, stability: float = 1.0) -> None:
    """Pretend that the candidates have these silhouettes, and a gain this standard error."""
    monkeypatch.setattr(choosing, "CANDIDATES", tuple(silhouettes))
    monkeypatch.setattr(choosing, "measure", lambda X, n, **options: candidate(n, silhouettes[n], stability))
    monkeypatch.setattr(choosing, "gain_deviation", lambda *arguments, **options: error)


@pytest.mark.parametrize(("gain", "chosen"), [(0.019, 2), (0.021, 3)])
def test_the_number_in_use_stays_unless_another_is_better_by_more_than_its_interval(
    monkeypatch, gain, chosen
):
    pretend(monkeypatch, {2: 0.3, 3: 0.3 + gain}, error=0.02 / 1.96)
    assert choose_n_clusters(ROWS, random_state=0).n_clusters == 3
    choice = choose_n_clusters(ROWS, random_state=0, in_use=2)
    assert choice.n_clusters == chosen
    assert choice.in_use.stays == (chosen == 2)
    assert (choice.in_use.n_clusters, choice.in_use.best) == (2, 3)
    assert choice.in_use.difference == pytest.approx(gain)
    assert (choice.in_use.low, choice.in_use.high) == pytest.approx((gain - 0.02, gain + 0.02))


def test_the_number_in_use_does_not_stay_when_it_may_not_be_chosen(monkeypatch):
    pretend(monkeypatch, {2: 0.3, 3: 0.31}, error=1.0, stability=0.6)
    assert choose_n_clusters(ROWS, random_state=0, in_use=2).n_clusters == 3
    assert choose_n_clusters(ROWS, random_state=0, in_use=7).in_use is None
    assert choose_n_clusters(ROWS, random_state=0, in_use=3).in_use is None


@pytest.mark.parametrize(("n_tracks", "fewest"), [(999, 2), (1_000, 4), (9_999, 4), (10_000, 6)])
def test_the_fewest_clusters_grow_with_the_catalogue(monkeypatch, n_tracks, fewest):
    pretend(monkeypatch, dict.fromkeys((2, 4, 6), 0.3), error=0.0)
    choice = choose_n_clusters(np.arange(n_tracks, dtype=np.float32).reshape(-1, 1), random_state=0)
    assert (choice.n_clusters, choice.fewest) == (fewest, fewest)


def test_a_gain_is_sure_between_blobs_and_unsure_without_any():
    clear, _ = blobs(400, [[0, 0], [0, 9], [9, 9]])
    vague = np.random.default_rng(0).uniform(size=(300, 2)).astype(np.float32)
    sure, unsure = (gain_deviation(X, 3, 2, random_state=0) for X in (clear, vague))
    assert 0 < sure < 0.014 < unsure < 0.2
    assert unsure == gain_deviation(vague, 3, 2, random_state=0)


def test_progress_is_told_and_the_choice_repeats_with_its_seed():
    X, _ = blobs(30, [[0, 0], [3, 3], [6, 0]], spread=0.8)
    heard = []
    first = choose_n_clusters(X, random_state=1, on_candidate=lambda done, of: heard.append((done, of)))
    assert heard == [(i, len(first.candidates)) for i in range(len(first.candidates))]
    assert first == choose_n_clusters(X, random_state=1)
