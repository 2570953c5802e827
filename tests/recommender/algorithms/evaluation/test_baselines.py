import numpy as np
import pytest

from recommender.algorithms.evaluation.baselines import baselines, best_scored, first_without
from recommender.algorithms.evaluation.judging import RecordingFacts
from recommender.algorithms.evaluation.measures import DEPTH, Question

N = 120


def rankers():
    rng = np.random.default_rng(0)
    genres = np.eye(4, dtype=bool)[np.arange(N) % 4]
    facts = RecordingFacts(
        popularity=np.arange(N, dtype=np.float32) % 100,
        artists=np.arange(N) // 3,
        genre_indptr=np.append(0, np.cumsum(genres.sum(axis=1))),
        genre_indices=genres.nonzero()[1].astype(np.int32),
    )
    X = rng.normal(size=(N, 3)).astype(np.float32)
    return baselines(facts, X, random_state=5), facts, X


def ask(*seeds: int) -> Question:
    return Question(0, np.array(seeds), np.empty(0, np.int64))


def test_no_baseline_answers_with_a_seed_or_twice():
    for ranked in rankers()[0].values():
        found = ranked(ask(3, 99))
        assert len(set(found.tolist())) == len(found) <= DEPTH
        assert not {3, 99} & set(found.tolist())


def test_the_most_popular_come_first_with_and_without_the_genre():
    ranked, facts, _X = rankers()

    assert ranked["popular"](ask(99))[:3].tolist() == [98, 97, 96]
    assert ranked["popular_in_genre"](ask(95))[0] == 99
    in_genre = ranked["popular_in_genre"](ask(1))
    by_popularity = sorted(range(N), key=lambda row: (-facts.popularity[row], row))
    assert in_genre.tolist() == [row for row in by_popularity if row % 4 == 1 and row != 1]


def test_the_popular_of_a_genre_are_found_stretch_by_stretch_as_in_one_look(monkeypatch):
    whole = [rankers()[0]["popular_in_genre"](ask(*seeds)).tolist() for seeds in ((1,), (2, 3), (99,))]
    monkeypatch.setattr("recommender.algorithms.evaluation.baselines.STRETCH", 7)

    assert [
        rankers()[0]["popular_in_genre"](ask(*seeds)).tolist() for seeds in ((1,), (2, 3), (99,))
    ] == whole


def test_by_sound_is_the_order_of_distances_to_the_mean_of_the_seeds():
    ranked, _facts, X = rankers()
    distances = np.linalg.norm(X - X[[0, 1]].mean(axis=0), axis=1)
    expected = [row for row in np.argsort(distances) if row not in (0, 1)]

    assert ranked["audio"](ask(0, 1)).tolist() == expected[:DEPTH]


def test_chance_is_seeded_and_another_question_draws_another_list():
    first, again = rankers()[0]["random"], rankers()[0]["random"]

    assert first(ask(3)).tolist() == again(ask(3)).tolist()
    assert first(ask(3)).tolist() != first(ask(4)).tolist()


def test_the_best_scores_come_first_and_ties_by_number():
    scores = np.array([0.0, 2.0, 1.0, 2.0])

    assert best_scored(scores, np.array([3])).tolist() == [1, 2, 0]
    assert first_without(np.array([2, 1, 0]), np.array([1])).tolist() == [2, 0]


@pytest.mark.parametrize("seeds", [[], [0], [5, 3, 70], [110]])
def test_lists_are_as_long_as_they_may_be_whatever_seeds_are_left_out(seeds):
    found = first_without(np.arange(N), np.array(seeds, np.int64))

    assert found.tolist() == [row for row in range(N) if row not in seeds][:DEPTH]
