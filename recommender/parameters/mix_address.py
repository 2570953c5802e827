"""Addresses that carry a mix: the page keeps everything in its query, so that Back, bookmarks and pages
without JavaScript work, and nothing about a listener is stored.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.urls import reverse

from recommender.answers.requests import RecommendationRequest
from recommender.parameters.query import parameters_of

SEED, AVOID = "seed", "avoid"
NOT_OF_THE_MIX = ("q", "start", "end", "steps")  # what pages of mixes ask besides
# What a button of the page asks to change: a track becomes a seed, is avoided, or is in the mix no more.
ADD, REJECT, REMOVE = "take", "shun", "drop"


class MixAddress:
    """The query of a page that shows or carries a mix: `?seed=…&seed=…&avoid=…` and the options."""

    def __init__(self, query: QueryDict, not_of_the_mix: Sequence[str] = ()) -> None:
        self._query = QueryDict(mutable=True)
        for name, values in query.lists():
            given = [each.strip() for each in values if each.strip()]  # a form sends its blank fields too
            if given and name not in not_of_the_mix:
                self._query.setlist(name, list(dict.fromkeys(given)))

    @classmethod
    def of(cls, seeds: Sequence[str], avoid: Sequence[str], options: RecommendationRequest) -> "MixAddress":
        query = QueryDict(mutable=True)
        query.setlist(SEED, list(seeds))
        query.setlist(AVOID, list(avoid))
        for name, value in parameters_of(options):
            query.appendlist(name, value)
        return cls(query)

    @property
    def query(self) -> QueryDict:
        return self._query

    @property
    def seeds(self) -> list[str]:
        return list(self._query.getlist(SEED))

    @property
    def avoid(self) -> list[str]:
        return list(self._query.getlist(AVOID))

    @property
    def fields(self) -> list[tuple[str, str]]:
        """What a form of the page has to send along."""
        return [(name, value) for name, values in self._query.lists() for value in values]

    @property
    def picks(self) -> list[tuple[str, str]]:
        """The seeds and the avoided alone, for a form that sends the options itself."""
        return [(name, value) for name, value in self.fields if name in (SEED, AVOID)]

    def with_pick(self, name: str, spotify_id: str) -> str:
        """The page with this track as a seed or avoided, whichever it was before."""
        query = _without(self._query, spotify_id)
        query.appendlist(name, spotify_id)
        return _page(query)

    def changed(self) -> str:
        """The page as the pressed button asks for; "" when none was."""
        asked = {name: self._query.getlist(name) for name in (ADD, REJECT, REMOVE)}
        query = self._query.copy()
        for name, spotify_ids in asked.items():
            query.pop(name, None)
            for each in spotify_ids:
                query = _without(query, each)
                if name != REMOVE:
                    query.appendlist(SEED if name == ADD else AVOID, each)
        return _page(query) if any(asked.values()) else ""

    def at(self, path: str) -> str:
        """Another page that carries the picks of the mix along."""
        query = QueryDict(mutable=True)
        for name, value in self.picks:
            query.appendlist(name, value)
        return f"{path}?{query.urlencode()}" if query else path

    def __str__(self) -> str:
        return _page(self._query)


@dataclass(frozen=True, slots=True)
class MixLinks:
    """The mix that the page of a track carries along, and the pages with that track in it."""

    picks: list[tuple[str, str]]
    seed_url: str
    avoid_url: str


NO_MIX_LINKS = MixLinks([], "", "")


def picks_in(query: QueryDict) -> list[tuple[str, str]]:
    """The seeds and the avoided that a page carries along."""
    return MixAddress(query).picks


def mix_links(query: QueryDict, spotify_id: str) -> MixLinks:
    """How the page of a track leads to the mix; its own options are not those of the mix."""
    picks = picks_in(query)
    carried = QueryDict(mutable=True)
    for name, value in picks:
        carried.appendlist(name, value)
    address = MixAddress(carried)
    return MixLinks(address.picks, address.with_pick(SEED, spotify_id), address.with_pick(AVOID, spotify_id))


def _without(query: QueryDict, spotify_id: str) -> QueryDict:
    left = query.copy()
    for name in (SEED, AVOID):
        left.setlist(name, [each for each in query.getlist(name) if each != spotify_id])
    return left


def _page(query: QueryDict) -> str:
    encoded = query.urlencode()
    return reverse("mix") + (f"?{encoded}" if encoded else "")
