"""How near a distance is, in words: cuts of the very figure that stands beside them, so that no row of a list
can be called nearer than one before it."""

from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy

from recommender.answers.requests import Blend, RecommendationRequest


@dataclass(frozen=True, slots=True)
class Closeness:
    """How near, in a word, and as one of the steps of a mark: 1 is the farthest."""

    word: str
    step: int


# The distances that each word holds below, rounded to the two decimals that are shown, and the words.
Words = tuple[tuple[float, ...], tuple[str, ...]]
Cuts = tuple[tuple[float, Promise], ...]

# In standard deviations of the catalogue; half of all pairs are farther than 3.7.
BY_SOUND: Cuts = (
    (0.35, gettext_lazy("almost the same")),
    (0.7, gettext_lazy("very close")),
    (1.2, pgettext_lazy("near in sound", "close")),
    (2.0, gettext_lazy("related")),
    (float("inf"), gettext_lazy("farther off")),
)
# Blended, where familiarity plays no part: of the first twenty of a list about a tenth is very close, most
# are close, and one in twenty is farther off.
BLENDED: Cuts = (
    (1.5, gettext_lazy("very close")),
    (2.1, pgettext_lazy("near in sound", "close")),
    (2.65, gettext_lazy("related")),
    (float("inf"), gettext_lazy("farther off")),
)
# What familiarity adds to the distance of most tracks for each step it is asked for: few are as well known as
# the best known track, most that are near are about as little known as can be.
OF_THE_WELL_KNOWN, OF_HIDDEN_GEMS = 0.65, 0.15


def closeness_words(request: RecommendationRequest) -> Words:
    """The words for the distances of a list, the nearest first."""
    if request.blend is Blend.SOUND:
        return _words(BY_SOUND, 0.0, get_language())
    shift = OF_THE_WELL_KNOWN if request.familiarity > 0 else OF_HIDDEN_GEMS
    return _words(BLENDED, shift * abs(request.familiarity), get_language())


@lru_cache(maxsize=64)
def _words(cuts: Cuts, moved: float, language: str | None) -> Words:
    return tuple(round(cut + moved, 2) for cut, _text in cuts), tuple(str(text) for _cut, text in cuts)


def closeness(distance: float, words: Words) -> Closeness:
    """The word for a distance, which is cut where its two decimals are."""
    cuts, texts = words
    place = bisect_right(cuts, round(distance, 2))
    return Closeness(texts[place], len(texts) - place)
