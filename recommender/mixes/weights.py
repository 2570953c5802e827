"""By what a mix or a path weighs distances: the asked blend, its weights, and its targets."""

import numpy as np

from recommender.algorithms.blend.distance import SOUND_ALONE, BlendWeights
from recommender.algorithms.search.blended_search import BlendIndex, with_hubness
from recommender.answers.filters import target_penalty
from recommender.answers.ranking import TARGET_IN_BLEND, TARGET_IN_SOUND, Penalty, weights_of
from recommender.answers.requests import Blend, RecommendationRequest
from recommender.snapshots.snapshot import Snapshot


def weighed(options: RecommendationRequest, snapshot: Snapshot) -> tuple[BlendIndex, BlendWeights]:
    """What to search, and by which weights. In sound alone no track is a hub to be held back."""
    if options.blend is not Blend.SOUND:
        return snapshot.index, weights_of(options, snapshot)
    index = snapshot.index
    return with_hubness(index, np.zeros_like(index.arrays.hubness)), SOUND_ALONE


def penalty_of(options: RecommendationRequest, snapshot: Snapshot) -> Penalty | None:
    """What being off the targets adds to a distance; None without targets."""
    by_sound = options.blend is Blend.SOUND
    return target_penalty(options.filters, snapshot, TARGET_IN_SOUND if by_sound else TARGET_IN_BLEND)
