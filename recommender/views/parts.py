"""What htmx asks for: a part of a page, or what is wrong with a form."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django_htmx.http import replace_url, reswap

from recommender.pages.filter_fields import slots_of
from recommender.parameters.problems import Problem

# Where the words above a list stand, by the element that htmx puts the list into.
STATUS_OF_LIST = {"neighbours": "neighbours-status", "mix-list": "mix-status"}


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
