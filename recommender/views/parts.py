"""What htmx asks for: a part of a page, or what is wrong with a form."""

from collections.abc import Sequence
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django_htmx.http import replace_url, reswap

from recommender.answers.recommendations import Recommendation, UnknownTrack
from recommender.mixes.mixing import MixResult
from recommender.pages.filter_fields import slots_of
from recommender.parameters.problems import Problem

Listed = TypeVar("Listed", Recommendation, MixResult)

# Where the words above a list stand, by the element that htmx puts the list into.
STATUS_OF_LIST = {
    "neighbours": "neighbours-status",
    "mix-list": "mix-status",
    "cluster-tracks": "tracks-status",
}


def is_for_part(request: HttpRequest) -> bool:
    """Whether htmx asks for the part of a page that changes."""
    htmx = request.htmx  # type: ignore[attr-defined]
    return bool(htmx and not htmx.history_restore_request)


def problems_part(request: HttpRequest, problems: Sequence[Problem]) -> HttpResponse:
    """What cannot be asked, each text to the place beside its field; the list and the address stay."""
    status = STATUS_OF_LIST.get(request.htmx.target)  # type: ignore[attr-defined]
    context = {"slots": slots_of(problems), "status_id": status}
    response = render(request, "recommender/parts/problems.html", context, status=422)
    return replace_url(reswap(response, "none"), False)


def render_part(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    """What somebody opened: the part of this name alone for htmx, else a page of its own."""
    folder = "recommender/parts" if is_for_part(request) else "recommender"
    return render(request, f"{folder}/{name}.html", context)


def listed_result(results: Sequence[Listed], spotify_id: str) -> Listed:
    """The track of a list. Raises `UnknownTrack` when the list does not hold it."""
    for each in results:
        if each.track.spotify_id == spotify_id:
            return each
    raise UnknownTrack(_("That track is not in this list. The list may have changed since: go back to it."))
