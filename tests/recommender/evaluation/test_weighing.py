"""Weights turn to what the playlists are made of."""

from dataclasses import asdict

import numpy as np
import pytest
from django.db import transaction

from recommender.algorithms.blend.distance import BALANCED, distance_parts, query_of_row, total
from recommender.algorithms.evaluation.measures import Question
from recommender.evaluation import weighing
from recommender.evaluation.weighing import chosen_weights
from tests.factories import make_catalogue
from tests.recommender.evaluation.toy_playlists import as_arrays, data_and_clusters, lists_of_tastes
from tracks.models import Track

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture(autouse=True)
def few_questions(monkeypatch):
    """Two questions a playlist choose the same on so small a catalogue, in a fifth of the time."""
    monkeypatch.setattr(weighing, "QUESTIONS", 2)


def by_popularity(tracks: list[Track]) -> list[list[Track]]:
    """The tracks in five parts, from the least popular to the most."""
    ordered = sorted(tracks, key=lambda track: (track.popularity, track.pk))
    size = len(ordered) // 5
    return [ordered[start : start + size] for start in range(0, len(ordered), size)]


@pytest.fixture(scope="module")
def toy(django_db_setup, django_db_blocker):
    """A catalogue whose playlists hold what is about equally popular."""
    with django_db_blocker.unblock(), transaction.atomic():
        playlists = as_arrays(lists_of_tastes(by_popularity(make_catalogue(150)), 40))
        data = data_and_clusters()[0]
        transaction.set_rollback(True)
    return data, playlists


def test_weights_turn_to_what_playlists_are_made_of_and_are_the_same_again(toy):
    training = np.arange(25)
    first, again = (chosen_weights(*toy, training, random_state=3) for _ in range(2))

    assert first == again
    assert first["familiarity"] == 1
    started = asdict(weighing.NEUTRAL)
    grown = {name: value / started[name] for name, value in first.items()}
    assert grown["popularity"] > 2 * max(grown[name] for name in ("sound", "artist", "genre", "duration"))


def test_playlists_outside_the_training_choose_nothing(toy):
    data, playlists = toy
    training = np.arange(0, 40, 4)
    changed = as_arrays(
        [
            playlists.tracks[playlists.indptr[n] : playlists.indptr[n + 1]].tolist()
            if n % 4 == 0
            else playlists.tracks[:12].tolist()
            for n in range(40)
        ]
    )

    chosen = [chosen_weights(data, each, training, random_state=0) for each in (playlists, changed)]

    assert chosen[0] == chosen[1]


def test_the_weighed_parts_of_a_pool_are_the_distance(toy):
    data, _playlists = toy
    question = Question(0, np.array([5]), np.array([7, 9]))
    arrays, n_genres = data.content.arrays, data.content.n_genres

    asked = weighing._with_parts(question, data, arrays, n_genres)

    rows = data.rows.representative_rows
    query = query_of_row(arrays, int(rows[5]), n_genres)
    expected = total(distance_parts(arrays, query, BALANCED, rows[asked.pool]))
    values = np.array([getattr(BALANCED, name) for name in BALANCED.__slots__], np.float32)
    np.testing.assert_allclose(values @ asked.without, expected, rtol=1e-4)
    assert 5 not in asked.pool
    assert {7, 9} <= set(asked.pool.tolist())


def test_progress_rises_to_the_end(toy):
    told: list[float] = []
    chosen_weights(*toy, np.arange(30), random_state=0, on_progress=told.append)

    assert told == sorted(told)
    assert 0 < told[0] < told[-1] < 1
