"""Where to go from a list that is shorter than asked for: without a filter, with more of an artist, wider."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommender.answers.filter_words import without_filters
from recommender.answers.requests import RecommendationRequest, Scope
from recommender.answers.shortfalls import Shortfall

Address = Callable[[RecommendationRequest], str]
FILTERS_OFFERED = 4


@dataclass(frozen=True, slots=True)
class WayOut:
    """A link to a longer list."""

    text: str
    url: str


def ways_out(shortfall: Shortfall | None, asked: RecommendationRequest, address: Address) -> list[WayOut]:
    """What to ask instead, `address` giving the page of a request; nothing for a list that is full."""
    if shortfall is None:
        return []
    other = [*_without_filters(shortfall, asked), *_of_any_artist(shortfall, asked), *_wider(asked)]
    return [WayOut(text, address(request)) for text, request in other]


Other = tuple[str, RecommendationRequest]


def _without_filters(shortfall: Shortfall, asked: RecommendationRequest) -> Iterator[Other]:
    """Without each filter that alone is in the way, then without all."""
    telling = [each for each in shortfall.obstacles if each.count][:FILTERS_OFFERED]
    for each in telling:
        text = ngettext(
            "Without “%(filter)s”: %(count)d more", "Without “%(filter)s”: %(count)d more", each.count
        )
        facts = {"filter": each.filter.words, "count": each.count}
        yield text % facts, _without(asked, each.filter.names)
    if len(shortfall.obstacles) > 1:
        names = [name for each in shortfall.obstacles for name in each.filter.names]
        yield _("Without any of these filters"), _without(asked, tuple(names))


def _without(asked: RecommendationRequest, names: tuple[str, ...]) -> RecommendationRequest:
    return replace(asked, filters=without_filters(asked.filters, names))


def _of_any_artist(shortfall: Shortfall, asked: RecommendationRequest) -> Iterator[Other]:
    if shortfall.capped:
        text = _("Any number from one artist: %(count)d more") % {"count": shortfall.capped}
        yield text, replace(asked, per_artist=0)


def _wider(asked: RecommendationRequest) -> Iterator[Other]:
    if asked.scope is Scope.CLUSTER:
        yield _("Look nearby too"), replace(asked, scope=Scope.NEARBY)
    if asked.scope is not Scope.EVERYWHERE:
        yield _("Look everywhere"), replace(asked, scope=Scope.EVERYWHERE)
