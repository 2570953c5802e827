"""The methods that are judged: every blend in every scope, and the baselines beside them."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from recommender.algorithms.blend.distance import BALANCED, LISTENERS, SOUND_ALONE, BlendWeights
from recommender.algorithms.evaluation.baselines import baselines
from recommender.algorithms.evaluation.blend_lists import BlendLister, Clustered
from recommender.algorithms.evaluation.measures import DEPTH, Question
from recommender.answers.recommendations import NEARBY_RATIO
from recommender.evaluation.held_out import EvaluationData
from recommender.evaluation.library_baselines import library_baselines
from recommender.evaluation.results import Lists, Setting
from recommender.fitting.blend_arrays import Blended

BLENDS = {"balanced": BALANCED, "listeners": LISTENERS}
SCOPES: dict[str, float | None] = {"cluster": 0.0, "nearby": NEARBY_RATIO, "everywhere": None}
CAP = DEPTH // 10
SIMPLE_BASELINES = ("random", "popular", "popular_in_genre", "audio")
CAPS = (0, CAP)

Answerer = Callable[[Question], Lists]


def blend_answerer(
    lister: BlendLister,
    blends: dict[str, BlendWeights],
    *,
    listeners: bool,
    scopes: Sequence[str] = tuple(SCOPES),
    caps: Sequence[int] = CAPS,
) -> Answerer:
    """Lists of the blends in the scopes, with every cap."""

    def answer(question: Question) -> Lists:
        lists: Lists = {}
        for name, weights in blends.items():
            for scope in scopes:
                found = lister.ranked(question.seeds, weights, near=SCOPES[scope], caps=caps)
                lists |= {
                    Setting(name, scope, listeners, cap): each for cap, each in zip(caps, found, strict=True)
                }
        return lists

    return answer


def content_answerers(data: EvaluationData, clustered: Clustered, *, random_state: int) -> list[Answerer]:
    """All that learns from no playlist: blends without listeners, by sound alone, simple baselines."""
    sound = data.lister(data.content, clustered, push_hubs=False)
    content = data.lister(data.content, clustered)
    return [
        baseline_answerer(data, random_state=random_state),
        blend_answerer(sound, {"sound": SOUND_ALONE}, listeners=False),
        blend_answerer(content, BLENDS, listeners=False),
    ]


def baseline_answerer(
    data: EvaluationData, *, random_state: int, names: Sequence[str] = SIMPLE_BASELINES
) -> Answerer:
    """The simple baselines of these names."""
    simple = baselines(
        data.facts,
        data.X[data.rows.representative_rows],
        random_state=random_state,
    )
    return lambda question: {Setting(name): simple[name](question) for name in names}


def listener_answerer(data: EvaluationData, blended: Blended, clustered: Clustered) -> Answerer | None:
    """The blends with listener vectors; None when there was too little to learn them from."""
    if not blended.learnt_from:
        return None
    return blend_answerer(data.lister(blended, clustered), BLENDS, listeners=True)


def library_answerer(
    data: EvaluationData, training: Sequence[NDArray[np.int64]], *, random_state: int
) -> Answerer:
    """Every setting of the library's models. Raises `LibraryMissing`."""
    models = library_baselines(training, data.facts.popularity, random_state=random_state)
    rankers = {
        Setting(name, listeners=True, detail=detail): ranked
        for name, settings in models.items()
        for detail, ranked in settings.items()
    }
    return lambda question: {setting: ranked(question) for setting, ranked in rankers.items()}


def chosen_answerer(lister: BlendLister, weights: dict[str, float], *, listeners: bool) -> Answerer:
    """`balanced` with the weights that training playlists chose, everywhere, without a cap."""
    chosen = {"chosen": replace(BALANCED, **weights)}
    return blend_answerer(lister, chosen, listeners=listeners, scopes=("everywhere",), caps=(0,))
