"""Weights chosen by training playlists alone: shows that a published figure is no selection."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict

import numpy as np
from numpy.typing import NDArray

from recommender.algorithms.blend import BlendWeights
from recommender.algorithms.blend_lists import BlendLister, Clustered
from recommender.algorithms.evaluation import (
    Question,
    by_playlist,
    choose_weights,
    ndcg,
    split_playlists,
)
from recommender.evaluation.held_out import Ground, only, questions_of
from tracks.playlists.arrays import PlaylistArrays

# Where nobody has looked at playlists yet: parts of about equal spread.
NEUTRAL = BlendWeights(
    genre=0.5, sound=0.1, artist=0.5, album=0.5, popularity=0.5, familiarity=0.5, duration=0.5, listeners=0.5
)
FACTORS = (0.25, 0.5, 2.0, 4.0)
ROUNDS = 2
LEAST_GAIN = 0.01
MOST_QUESTIONS = 150
FOLDS = 3


def chosen_weights(
    ground: Ground,
    clustered: Clustered,
    playlists: PlaylistArrays,
    training: NDArray[np.int64],
    *,
    listeners: bool,
    random_state: int,
    on_round: Callable[[int], None] = lambda number: None,
) -> dict[str, float]:
    """The weights that judge best on a part of the training playlists, learnt from the rest of them."""
    held = split_playlists(len(training), FOLDS, random_state=random_state)[0]
    learnt = only(playlists, np.delete(training, held))
    blended = ground.blended(learnt) if listeners else ground.content
    lister = ground.lister(blended, clustered)
    lists = ground.lists_of(playlists)
    asked = questions_of(lists, training[held], n_seeds=1, most=2, random_state=random_state)
    asked = _thinned(asked, random_state)
    weights = asdict(NEUTRAL)
    for number in range(ROUNDS):
        on_round(number)
        weights = choose_weights(
            weights, FACTORS, lambda tried: _judged(lister, asked, tried), least_gain=LEAST_GAIN
        )
    return weights


def _thinned(asked: list[Question], random_state: int) -> list[Question]:
    if len(asked) <= MOST_QUESTIONS:
        return asked
    kept = np.random.default_rng(random_state).choice(len(asked), MOST_QUESTIONS, replace=False)
    return [asked[place] for place in np.sort(kept).tolist()]


def _judged(lister: BlendLister, asked: Sequence[Question], weights: Mapping[str, float]) -> float:
    blend = BlendWeights(**weights)
    gains = [
        ndcg(lister.ranked(question.seeds, blend, near=None)[0], question.relevant) for question in asked
    ]
    return float(by_playlist(asked, gains).mean()) if asked else 0.0
