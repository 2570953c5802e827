"""What a mix is made of: the tracks to start from, those to steer away from, and the options of a list."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommender.answers.requests import RecommendationRequest

MAX_SEEDS = 50
MAX_AVOIDED = 50
MAX_NAMED = 5


class CannotMix(ValueError):
    """No mix can be made of this; the text says why, and what to ask instead."""


@dataclass(frozen=True, slots=True)
class MixRequest:
    """Spotify ids, each once, in the order they were named; none is both a seed and avoided."""

    seeds: tuple[str, ...]
    avoid: tuple[str, ...] = ()
    options: RecommendationRequest = field(default_factory=RecommendationRequest)


def mix_request(seeds: Iterable[str], avoid: Iterable[str], options: RecommendationRequest) -> MixRequest:
    """The request for a mix, repeated and empty ids folded away.

    Raises `CannotMix` for no seed, too many ids, or a seed that is also avoided.
    """
    request = MixRequest(_each_once(seeds), _each_once(avoid), options)
    if not request.seeds:
        raise CannotMix(_("A mix needs at least one track to start from (seeds)."))
    check_number("seeds", len(request.seeds), MAX_SEEDS)
    check_number("avoid", len(request.avoid), MAX_AVOIDED)
    refuse_both([each for each in request.seeds if each in request.avoid])
    return request


def check_number(name: str, number: int, most: int) -> None:
    """Raise `CannotMix` when a list of ids is too long."""
    if number > most:
        text = _("%(name)s can name at most %(most)d tracks; it names %(number)d.")
        raise CannotMix(text % {"name": name, "most": most, "number": number})


def refuse_both(names: list[str]) -> None:
    """Raise `CannotMix` for tracks that are to be sought and avoided at once."""
    if not names:
        return
    text = ngettext(
        "A track cannot be a seed and avoided at once: %(names)s.",
        "Tracks cannot be seeds and avoided at once: %(names)s.",
        len(names),
    )
    raise CannotMix(text % {"names": in_short(names)})


def in_short(names: list[str]) -> str:
    """The first few names, and how many more there are."""
    listed = ", ".join(names[:MAX_NAMED])
    more = len(names) - MAX_NAMED
    return _("%(names)s and %(count)d more") % {"names": listed, "count": more} if more > 0 else listed


def _each_once(ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.strip() for each in ids if each.strip()))
