"""The controls of the track page: what can be asked in its address, and the choices it shows."""

from dataclasses import dataclass
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from recommender.recommendations import Blend, RecommendationRequest, Scope

LIMITS_SHOWN = (10, 20, 50, 100)
CAPS_SHOWN = (1, 2, 3, 0)

SCOPE_LABELS: dict[str, Promise] = {
    "cluster": gettext_lazy("Its cluster"),
    "nearby": gettext_lazy("Nearby too"),
    "everywhere": gettext_lazy("Everywhere"),
}
BLEND_LABELS: dict[str, Promise] = {
    "balanced": gettext_lazy("Balanced"),
    "sound": gettext_lazy("Sound alone"),
    "listeners": gettext_lazy("Listeners"),
}


@dataclass(frozen=True, slots=True)
class Option:
    value: str | int
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """One control: its name in the address, what it is called, and its options."""

    name: str
    label: str
    options: list[Option]


@dataclass(frozen=True, slots=True)
class Controls:
    """`segments` show all their options side by side, `selects` are lists."""

    segments: list[Choice]
    selects: list[Choice]


def rendered_controls(asked: RecommendationRequest) -> SafeString:
    """The controls as HTML, to stand in a form."""
    return _rendered(asked, get_language())


@lru_cache(maxsize=256)
def _rendered(asked: RecommendationRequest, language: str | None) -> SafeString:
    return render_to_string("recommender/parts/controls.html", {"controls": controls_for(asked)})


def controls_for(asked: RecommendationRequest) -> Controls:
    """The choices with what is asked for chosen; a choice of one is not shown."""
    blends = [Option(blend.value, str(BLEND_LABELS[blend]), blend is asked.blend) for blend in Blend]
    scopes = [Option(scope.value, str(SCOPE_LABELS[scope]), scope is asked.scope) for scope in Scope]
    segments = [Choice("scope", _("Look in"), scopes), Choice("blend", _("Weigh"), blends)]
    limits = [Option(n, str(n), n == asked.limit) for n in sorted({*LIMITS_SHOWN, asked.limit})]
    caps = [Option(n, _cap(n), n == asked.per_artist) for n in dict.fromkeys([*CAPS_SHOWN, asked.per_artist])]
    return Controls(
        segments=[choice for choice in segments if len(choice.options) > 1],
        selects=[Choice("limit", _("How many"), limits), Choice("per_artist", _("From one artist"), caps)],
    )


def _cap(number: int) -> str:
    if not number:
        return _("any number")
    return ngettext("%(count)d track", "at most %(count)d tracks", number) % {"count": number}
