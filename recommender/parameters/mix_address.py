"""Addresses that carry a mix: the page keeps everything in its query, so that Back, bookmarks and pages
without JavaScript work, and nothing about a listener is stored.
"""

from collections.abc import Sequence

from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from recommender.answers.requests import RecommendationRequest
from recommender.parameters.schema import parameters_of

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
        return picks_in(self._query)

    def changed(self) -> "MixAddress | None":
        """The mix as the pressed button wants it; None when none was."""
        pressed = {name: self._query.getlist(name) for name in (ADD, REJECT, REMOVE)}
        if not any(pressed.values()):
            return None
        query = self._query.copy()
        for name, spotify_ids in pressed.items():
            query.pop(name, None)
            for each in spotify_ids:
                for picked in (SEED, AVOID):
                    query.setlist(picked, [other for other in query.getlist(picked) if other != each])
                if name != REMOVE:
                    query.appendlist(SEED if name == ADD else AVOID, each)
        return MixAddress(query)

    def at(self, path: str) -> str:
        """Another page that carries the picks of the mix along."""
        query = urlencode(self.picks)
        return f"{path}?{query}" if query else path

    def __str__(self) -> str:
        return mix_url(self._query.urlencode())


def picks_in(query: QueryDict) -> list[tuple[str, str]]:
    """The seeds and the avoided that a page carries along."""
    given = [(name, each.strip()) for name in (SEED, AVOID) for each in query.getlist(name)]
    return [(name, spotify_id) for name, spotify_id in dict.fromkeys(given) if spotify_id]


def url_with_pick(fields: Sequence[tuple[str, str]], name: str, spotify_id: str) -> str:
    """The page of a mix with this track as a seed or avoided, whichever it was before."""
    others = [(field, value) for field, value in fields if value != spotify_id]
    return mix_url(urlencode([*others, (name, spotify_id)]))


def mix_url(query: str) -> str:
    """The page of a mix, with a query where it has one."""
    return reverse("mix") + (f"?{query}" if query else "")
