"""Why a list is shorter than asked for, and what would make it longer."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommender.answers.filter_words import FilterInWords, filters_in_words
from recommender.answers.filters import Allowed
from recommender.answers.requests import RecommendationRequest


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A filter that leaves tracks out, and how many tracks it alone stands in the way of."""

    filter: FilterInWords
    count: int


@dataclass(frozen=True, slots=True)
class Shortfall:
    """`n_found` of `limit`. `capped`: how many more the cap per artist left out. `obstacles`: the filters
    that leave anything out, the strictest first."""

    n_found: int
    limit: int
    capped: int
    cap: int
    obstacles: tuple[Obstacle, ...]

    @property
    def in_short(self) -> str:
        """What is missing, and what the cap per artist has to do with it."""
        return " ".join(filter(None, [self._count_in_words(), self._cap_in_words()]))

    @property
    def text(self) -> str:
        """The same, and what each filter alone keeps out."""
        return " ".join([self.in_short, *self._filters_in_words()])

    def _count_in_words(self) -> str:
        if not self.n_found and self.obstacles:
            return _("No track passes all the filters here.")
        text = ngettext(
            "Only %(found)d of %(limit)d: there is no other recording to choose from here.",
            "Only %(found)d of %(limit)d: there are no other recordings to choose from here.",
            self.n_found,
        )
        return text % {"found": self.n_found, "limit": self.limit}

    def _cap_in_words(self) -> str:
        if not self.capped:
            return ""
        text = ngettext(
            "%(count)d more was left out: at most %(cap)d was asked for of one artist.",
            "%(count)d more were left out: at most %(cap)d was asked for of one artist.",
            self.capped,
        )
        return text % {"count": self.capped, "cap": self.cap}

    def _filters_in_words(self) -> list[str]:
        if self.obstacles and not any(each.count for each in self.obstacles):
            names = ", ".join(each.filter.words for each in self.obstacles)
            return [_("Leaving out any one of the filters (%(names)s) would add none.") % {"names": names}]
        return [_obstacle_in_words(each) for each in self.obstacles if each.count]


def shortfall_of(
    n_found: int, request: RecommendationRequest, left_out: Mapping[str, int], allowed: Allowed | None
) -> Shortfall | None:
    """What is missing; None when the list is full."""
    if n_found >= request.limit:
        return None
    obstacles = _obstacles(request, allowed) if allowed else ()
    return Shortfall(n_found, request.limit, left_out.get("per_artist", 0), request.per_artist, obstacles)


def _obstacles(request: RecommendationRequest, allowed: Allowed) -> tuple[Obstacle, ...]:
    found = [
        Obstacle(each, allowed.more_without(each.names))
        for each in filters_in_words(request.filters)
        if not allowed.dropped.keys().isdisjoint(each.names)
    ]
    return tuple(sorted(found, key=lambda each: -each.count))


def _obstacle_in_words(obstacle: Obstacle) -> str:
    text = ngettext(
        "Without “%(filter)s” there would be %(count)d more track.",
        "Without “%(filter)s” there would be %(count)d more tracks.",
        obstacle.count,
    )
    return text % {"filter": obstacle.filter.words, "count": obstacle.count}
