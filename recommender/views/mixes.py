"""The pages of mixes. What is asked stands in the address; nothing is stored."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_htmx.http import replace_url

from recommender import conditional
from recommender.answers.filters import UnknownGenre
from recommender.answers.recommendations import NoActiveRun, UnknownTrack
from recommender.answers.requests import RecommendationRequest
from recommender.mixes.links import OutdatedMix, link_of, linked_mix, token_of
from recommender.mixes.mixing import Mix, mix, title_of
from recommender.mixes.requests import (
    CannotMix,
    MixRequest,
    in_short,
    mix_request,
    refuse_both,
)
from recommender.pages.controls import control_choices, controls_for, count_filters
from recommender.pages.filter_fields import mistakes_in
from recommender.pages.lists import distance_of, left_out_in_words, request_in_words, ways_out
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
    address = MixAddress(in_parameters(request.GET), NOT_OF_THE_MIX)
    if changed := address.changed():
        return redirect(changed)
    try:
        asked = read_request(request.GET)
        if not address.seeds:
            return _page(request, address, **_picked(address))
        _refuse_both(address)
        found = _mixed(mix_request(address.seeds, address.avoid, asked))
        shown = _list(found, address)
    except InvalidQuery as error:
        return _refused(request, address, error)
    except (CannotMix, UnknownTrack) as error:
        if is_for_part(request):
            return problems_part(request, [Problem(("seed",), str(error))])
        status = 404 if isinstance(error, UnknownTrack) else 422
        return _page(request, address, status, problem=str(error), **_picked(address))
    except NoActiveRun:
        return _page(request, address, without_run=True, **_picked(address))
    if is_for_part(request):
        context = mix_form(address) | _chosen(found) | _searched(request, address) | shown
        return replace_url(render(request, "recommender/parts/mix_live.html", context), str(address))
    if needs_canonical_url(request.GET) and not request.GET.get("q"):
        return redirect(str(address))
    return _page(request, address, **_whole(found, address), **shown)


def _refuse_both(address: MixAddress) -> None:
    """Name tracks that are both seeds and avoided by their titles. Raises `CannotMix`."""
    both = [each for each in address.seeds if each in address.avoid]
    if both:
        refuse_both([card.title for card in cards_of_picks(both)])


def _mixed(request: MixRequest) -> Mix:
    try:
        return mix(request)
    except UnknownGenre as error:
        raise refused_genre(error, request.options) from error


def _refused(request: HttpRequest, address: MixAddress, error: InvalidQuery) -> HttpResponse:
    """The page with what is wrong beside its fields, and no list."""
    if is_for_part(request):
        return problems_part(request, error.problems)
    snapshot = active_snapshot()
    if snapshot is None or not address.seeds:
        return _page(request, address, 422, problem=str(error), **_picked(address))
    around = control_choices(snapshot, len(address.seeds))
    controls = controls_for(error.usable, around, mistakes_in(request.GET, error.problems))
    line = _request_line(error.usable, len(address.seeds))
    return _page(
        request, address, 422, controls=controls, request_line=line, is_refused=True, **_picked(address)
    )


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
    """The list that a link was made for; an outdated one leads to the mix made anew."""
    try:
        found = linked_mix(token)
    except OutdatedMix as error:
        context = {"reason": error.reason, "anew": error.address}
        return render(request, "recommender/mix_outdated.html", context, status=409)
    address = MixAddress.of(found.request.seeds, found.request.avoid, found.request.options)
    return _page(request, address, pinned=True, **_whole(found, address), **_list(found, address))


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
        "request_line": _request_line(found.request.options, len(found.seeds)),
    }


def _request_line(options: RecommendationRequest, n_seeds: int) -> str:
    return request_in_words(options, count_filters(options.filters), n_seeds)


def _chosen(found: Mix) -> dict[str, Any]:
    return {"seeds": picks_of(found.seeds), "avoid": picks_of(found.avoid)}


def _whole(found: Mix, address: MixAddress) -> dict[str, Any]:
    """What stands around the list."""
    options = found.request.options
    controls = None
    if count_filters(options.filters):
        controls = controls_for(options, control_choices(shared_snapshot(found.run_id), len(found.seeds)))
    return {
        "mix": found,
        "title": title_of(found.seeds),
        **_chosen(found),
        "unknown": in_short(found.unknown) if found.unknown else "",
        "controls": controls,
        "controls_url": f"{reverse('mix-controls')}?{str(address).partition('?')[2]}",
        **path_form(found.seeds, address, PathParameters()),
    }
