"""What can be asked of a list of recommendations."""

from dataclasses import dataclass
from enum import StrEnum

from recommender.answers.filters import NO_TRACK_FILTERS, TrackFilters

MAX_RESULTS = 100
MAX_FAMILIARITY = 2.0
MAX_VARIETY_SEED = 2**32 - 1
# What the words of the parameter `familiarity` stand for: how much the known is preferred.
FAMILIARITY: dict[str, float] = {"well-known": 2.0, "usual": 1.0, "any": 0.0, "hidden-gems": -1.0}


class Scope(StrEnum):
    """Where neighbours are looked for: the seed's sub-cluster, its cluster, those near too, or all."""

    SUBCLUSTER = "subcluster"
    CLUSTER = "cluster"
    NEARBY = "nearby"
    EVERYWHERE = "everywhere"


class Blend(StrEnum):
    """How sound, genre and listeners are weighed: all together, sound alone, or leaning on listeners."""

    BALANCED = "balanced"
    SOUND = "sound"
    LISTENERS = "listeners"


@dataclass(frozen=True, slots=True)
class RecommendationRequest:
    """What is asked for; the names are those of the parameters.

    per_artist caps the tracks of one first artist; 0 is no cap. familiarity, -2 to 2, is how much the well
    known is preferred, below 0 the little known; it is no part of blend `sound`. variety, 0 to 1, shuffles
    the order of the nearest by a share of their spread, the same for the same variety_seed.
    """

    limit: int = 20
    scope: Scope = Scope.CLUSTER
    blend: Blend = Blend.BALANCED
    per_artist: int = 1
    familiarity: float = 1.0
    variety: float = 0.0
    variety_seed: int = 0
    filters: TrackFilters = NO_TRACK_FILTERS
