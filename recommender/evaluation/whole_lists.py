"""Lists of many seeds as they would be served: what is within reach, repeats, and artists over the cap."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from recommender.algorithms.evaluation.blend_lists import Clustered
from recommender.algorithms.evaluation.judging import (
    RecordingFacts,
    coverage,
    most_frequent,
    most_of_one_artist,
)
from recommender.algorithms.evaluation.measures import Interval, Question
from recommender.evaluation.held_out import EvaluationData
from recommender.evaluation.methods import (
    BLENDS,
    CAP,
    Answerer,
    baseline_answerer,
    blend_answerer,
)
from recommender.evaluation.results import Row, Setting
from tracks.playlists.arrays import PlaylistArrays

NORMAL_95 = 1.96


def whole_lists(
    data: EvaluationData,
    clustered: Clustered,
    playlists: PlaylistArrays,
    n_seeds: int,
    random_state: int,
    on_progress: Callable[[float], None],
) -> tuple[list[Row], int]:
    """Rows of reach, repeats and shares of lists from `n_seeds` drawn recordings (0: all), and how many.

    Listener vectors are learnt from all playlists, as in a refit: nothing is judged by them here.
    """
    n = data.facts.n
    drawn = np.random.default_rng(random_state).permutation(n)[: n_seeds or n]
    answerers = _answerers(data, clustered, playlists, random_state)
    lists = lists_from(np.sort(drawn).tolist(), answerers, on_progress)
    return [whole_row(setting, found, data.facts) for setting, found in lists.items()], len(drawn)


def lists_from(
    seeds: Sequence[int], answerers: Sequence[Answerer], on_progress: Callable[[float], None]
) -> dict[Setting, list[NDArray[np.int64]]]:
    """The lists of every method from one recording after the other."""
    lists: dict[Setting, list[NDArray[np.int64]]] = {}
    for number, seed in enumerate(seeds):
        question = Question(number, np.array([seed]), np.empty(0, np.int64))
        for answerer in answerers:
            for setting, ranked in answerer(question).items():
                lists.setdefault(setting, []).append(ranked)
        on_progress(number / len(seeds))
    return lists


def _answerers(
    data: EvaluationData, clustered: Clustered, playlists: PlaylistArrays, random_state: int
) -> list[Answerer]:
    blends = {"balanced": BLENDS["balanced"]}
    answerers = [
        baseline_answerer(data, random_state=random_state),
        blend_answerer(data.lister(data.content, clustered), blends, listeners=False, caps=(CAP,)),
    ]
    blended = data.blended(playlists)
    if blended.learnt_from:
        lister = data.lister(blended, clustered)
        answerers.append(blend_answerer(lister, blends, listeners=True, caps=(CAP,)))
    return answerers


def whole_row(setting: Setting, lists: list[NDArray[np.int64]], facts: RecordingFacts) -> Row:
    """What many lists of one method are like together."""
    n = len(lists)
    groups = np.arange(n, dtype=np.int64)
    repeats = [len(ranked) - len(np.unique(ranked)) for ranked in lists]
    hub = most_frequent(lists)
    often = sum(bool((ranked == hub).any()) for ranked in lists) / n
    error = NORMAL_95 * float(np.sqrt(often * (1 - often) / n))
    figures = {
        "reachability": coverage(lists, groups, facts.n),
        "largest_share": Interval(often, max(0.0, often - error), min(1.0, often + error)),
    }
    worst = {
        "most_of_artist": max(most_of_one_artist(ranked, facts) for ranked in lists),
        "most_duplicates": max(repeats),
    }
    return Row(setting, figures, worst)
