"""Why a list is shorter than asked for, and what would make it longer."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommender.answers.filters import Allowed
from recommender.answers.requests import RecommendationRequest


def shortfall_text(
    n_found: int, request: RecommendationRequest, left_out: Mapping[str, int], allowed: Allowed | None
) -> str:
    """The reason in words; "" when the list is full."""
    if n_found >= request.limit:
        return ""
    text = ngettext(
        "Only %(found)d of %(limit)d: there is no other recording to choose from here.",
        "Only %(found)d of %(limit)d: there are no other recordings to choose from here.",
        n_found,
    ) % {"found": n_found, "limit": request.limit}
    if capped := left_out.get("per_artist", 0):
        more = ngettext(
            "%(count)d more was left out by per_artist=%(cap)d.",
            "%(count)d more were left out by per_artist=%(cap)d.",
            capped,
        )
        text += " " + more % {"count": capped, "cap": request.per_artist}
    return text + (_by_filters(allowed) if allowed else "")


def _by_filters(allowed: Allowed) -> str:
    """Which filter stands most in the way, and how many tracks each alone keeps out."""
    if not allowed.dropped:
        return ""
    without = {name: count for name, count in allowed.only().items() if count}
    if not without:
        names = ", ".join(sorted(allowed.dropped))
        return " " + _("Leaving out any one of the filters (%(names)s) would add none.") % {"names": names}
    named = sorted(without.items(), key=lambda item: -item[1])
    sentences = (
        ngettext(
            "Without %(name)s there would be %(count)d more track.",
            "Without %(name)s there would be %(count)d more tracks.",
            count,
        )
        % {"name": name, "count": count}
        for name, count in named
    )
    return " " + " ".join(sentences)
