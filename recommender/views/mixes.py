"""The pages of mixes. What is asked stands in the address; nothing is stored."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRedirect, push_url, replace_url

from recommender import conditional
from recommender.answers.filters import UnknownGenre
from recommender.answers.recommendations import NoActiveRun, UnknownTrack
from recommender.mixes.links import KeptList, OutdatedMix, link_of, shared_list, token_of
from recommender.mixes.mixing import Mix, mix, title_of
from recommender.mixes.requests import (
    CannotMix,
    MixRequest,
    in_short,
    mix_request,
    refuse_both,
)
from recommender.pages.controls import control_choices, controls_for
from recommender.pages.filter_fields import mistakes_in
from recommender.pages.lists import count_filters, distance_of, left_out_in_words, request_in_words, ways_out
from recommender.pages.mix_page import (
    cards_of_picks,
    downloads_of,
    hits_of,
    mix_form,
    picks_of,
    rows_of,
    suggestions,
    where_in_words,
)
from recommender.parameters.mix_address import NOT_OF_THE_MIX, MixAddress
from recommender.parameters.problems import Problem
from recommender.parameters.schema import (
    InvalidQuery,
    read_request,
    refused_genre,
)
from recommender.parameters.units import in_parameters, needs_canonical_url
from recommender.snapshots.store import active_snapshot, shared_snapshot
from recommender.views.errors import render_request_errors
from recommender.views.parts import is_for_part, listed_result, problems_part, render_part
from recommender.views.paths import PathParameters, path_form
from tracks.catalogue import catalogue
from tracks.search import search

HITS = 6


@require_safe
@conditional.page
@render_request_errors
def mix_page(request: HttpRequest) -> HttpResponse:
    """Build a mix: its seeds, what it avoids, and the list; htmx asks for the list alone."""
    address, is_part = MixAddress(in_parameters(request.GET), NOT_OF_THE_MIX), is_for_part(request)
    changed = address.changed()
    if changed and not is_part:
        return redirect(str(changed))
    address = changed or address
    try:
        options = read_request(request.GET)
        if not address.seeds:
            whole = _page(request, address, **_picked(address))
            return HttpResponseClientRedirect(str(address)) if changed else whole
        both = [each for each in address.seeds if each in address.avoid]
        if both:
            refuse_both([card.title for card in cards_of_picks(both)])
        found = _mixed(mix_request(address.seeds, address.avoid, options))
    except (InvalidQuery, CannotMix, UnknownTrack, NoActiveRun) as error:
        if changed:  # there is no list to put in place: the whole page says why
            return HttpResponseClientRedirect(str(address))
        return _without_list(request, address, error)
    if is_part:
        context = mix_form(address) | _around(found, address) | _searched(request, address)
        part = render(request, "recommender/parts/mix_live.html", context | _list(found, address))
        return (push_url if changed else replace_url)(part, str(address))
    if needs_canonical_url(request.GET) and not request.GET.get("q"):
        return redirect(str(address))
    return _page(request, address, **_around(found, address), **_list(found, address))


def _mixed(request: MixRequest) -> Mix:
    try:
        return mix(request)
    except UnknownGenre as error:
        raise refused_genre(error, request.options) from error


def _without_list(request: HttpRequest, address: MixAddress, error: Exception) -> HttpResponse:
    """The page with what is wrong, beside its fields where it has some; htmx gets what is wrong alone."""
    if isinstance(error, NoActiveRun):
        return _page(request, address, without_run=True, **_picked(address))
    problems = error.problems if isinstance(error, InvalidQuery) else [Problem(("seed",), str(error))]
    if is_for_part(request):
        return problems_part(request, problems)
    snapshot = active_snapshot()
    if snapshot is None or not address.seeds or not isinstance(error, InvalidQuery):
        status = 404 if isinstance(error, UnknownTrack) else 422
        return _page(request, address, status, problem=str(error), **_picked(address))
    choices = control_choices(snapshot, len(address.seeds))
    context: dict[str, Any] = {
        "controls": controls_for(error.usable, choices, mistakes_in(request.GET, error.problems)),
        "request_line": request_in_words(error.usable, len(address.seeds)),
        "is_refused": True,
    }
    return _page(request, address, 422, **context, **_picked(address))


@require_safe
@conditional.page
@render_request_errors
def mix_distance(request: HttpRequest, other_id: str) -> HttpResponse:
    """What the distance of one track of a mix is made of, when somebody opens it."""
    address = MixAddress(in_parameters(request.GET), NOT_OF_THE_MIX)
    try:
        found = _mixed(mix_request(address.seeds, address.avoid, read_request(request.GET)))
    except (CannotMix, NoActiveRun):
        return redirect(str(address))
    result = listed_result(found.results, other_id)
    context = {
        "title": _("How near %(other)s is to the mix") % {"other": result.track.title},
        "list_url": str(address),
        "other": result.track,
        "reasons": result.reasons,
        "distance": distance_of(result.distance, result.parts),
    }
    return render_part(request, "distance", context)


@require_safe
@conditional.page
@render_request_errors
def mix_link(request: HttpRequest, token: str) -> HttpResponse:
    """The list that a link was made for; an older link of another run leads to the mix made anew."""
    try:
        found = shared_list(token)
    except OutdatedMix as error:
        context = {"reason": error.reason, "anew": error.address}
        return render(request, "recommender/mix_outdated.html", context, status=409)
    if isinstance(found, KeptList):
        kept: dict[str, Any] = {
            "page": "mix",
            "title": title_of(found.seeds),
            "kept": found,
            "downloads": downloads_of(token),
            "n_gone": len(found.link.tracks) - len(found.tracks),
        }
        return render(request, "recommender/mix_kept.html", kept)
    address = MixAddress.of(found.request.seeds, found.request.avoid, found.request.options)
    return _page(request, address, pinned=True, **_around(found, address), **_list(found, address))


@require_safe
@conditional.page
@render_request_errors
def mix_controls(request: HttpRequest) -> HttpResponse:
    """All settings and filters of a mix, when somebody opens them."""
    address = MixAddress(in_parameters(request.GET), NOT_OF_THE_MIX)
    snapshot = active_snapshot()
    if snapshot is None or not address.seeds:
        return redirect(str(address))
    options = read_request(request.GET)
    context = {
        "title": _("What to list in the mix"),
        "list_path": reverse("mix"),
        "list_url": str(address),
        "picks": address.picks,
        "controls": controls_for(options, control_choices(snapshot, len(address.seeds))),
    }
    return render_part(request, "controls", context)


@require_safe
@render_request_errors
def mix_search(request: HttpRequest) -> HttpResponse:
    """Tracks to take into the mix, while somebody types."""
    context = _searched(request, MixAddress(request.GET, NOT_OF_THE_MIX))
    return render(request, "recommender/parts/mix_hits.html", context)


def _page(request: HttpRequest, address: MixAddress, status: int = 200, **context: Any) -> HttpResponse:
    """The whole page; `context` adds to what every mix has."""
    usual: dict[str, Any] = {
        "page": "mix",
        "title": _("Mix"),
        "picked": address.picks,
        **mix_form(address),
    }
    if not address.seeds:
        loaded = catalogue()
        usual["suggestions"] = suggestions(loaded.well_known, address)
        usual["is_empty_catalogue"] = not loaded.n_tracks
    shown = usual | _searched(request, address) | context
    return render(request, "recommender/mix.html", shown, status=status)


def _picked(address: MixAddress) -> dict[str, Any]:
    """The tracks of a mix of which there is no list."""
    return {
        "seeds": picks_of(cards_of_picks(address.seeds)),
        "avoid": picks_of(cards_of_picks(address.avoid)),
    }


def _searched(request: HttpRequest, address: MixAddress) -> dict[str, Any]:
    query = request.GET.get("q", "").replace("\x00", "").strip()
    return {"query": query, "hits": hits_of(search(query, HITS).hits, address) if query else []}


def _list(found: Mix, address: MixAddress) -> dict[str, Any]:
    token, request = token_of(link_of(found)), found.request
    return {
        "ways_out": ways_out(
            found.shortfall,
            request.options,
            lambda options: str(MixAddress.of(request.seeds, request.avoid, options)),
        ),
        "rows": rows_of(found, address),
        "token": token if found.results else "",
        "downloads": downloads_of(token),
        "where": where_in_words(found) if found.results else "",
        "left_out": left_out_in_words(found.dropped_by),
        "shortfall": found.shortfall.in_short if found.shortfall else "",
        "note": found.note,
        "request_line": request_in_words(found.request.options, len(found.seeds)),
    }


def _around(found: Mix, address: MixAddress) -> dict[str, Any]:
    """What stands around the list."""
    options = found.request.options
    controls = None
    if count_filters(options.filters):
        controls = controls_for(options, control_choices(shared_snapshot(found.run_id), len(found.seeds)))
    return {
        "mix": found,
        "title": title_of(found.seeds),
        "seeds": picks_of(found.seeds),
        "avoid": picks_of(found.avoid),
        "unknown": in_short(found.unknown) if found.unknown else "",
        "controls": controls,
        "controls_url": f"{reverse('mix-controls')}?{address.query.urlencode()}",
        **path_form(found.seeds, address, PathParameters()),
    }
