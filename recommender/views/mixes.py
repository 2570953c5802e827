"""The pages of mixes and paths. What is asked stands in the address; nothing is stored."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_htmx.http import replace_url
from pydantic import Field

from recommender import conditional
from recommender.answers.cards import TrackCard, cards_of_ids
from recommender.answers.filters import UnknownGenre
from recommender.answers.recommendations import NoActiveRun, UnknownTrack
from recommender.answers.requests import RecommendationRequest
from recommender.mixes.links import OutdatedMix, link_of, linked_mix, token_of
from recommender.mixes.mixing import Mix, mix, title_of
from recommender.mixes.paths import MAX_STEPS, USUAL_STEPS, PathRequest, track_path
from recommender.mixes.requests import (
    MAX_AVOIDED,
    MAX_SEEDS,
    CannotMix,
    MixRequest,
    in_short,
    mix_request,
    refuse_both,
)
from recommender.pages.controls import control_choices, controls_for, count_filters
from recommender.pages.filter_fields import mistakes_in
from recommender.pages.mix_page import (
    downloads_of,
    hits_of,
    picks_of,
    rows_of,
    steps_of,
    suggestions,
    where_in_words,
)
from recommender.pages.parts import distance_of
from recommender.pages.track_page import left_out_in_words, request_in_words
from recommender.pages.ways_out import ways_out
from recommender.parameters.mix_address import MixAddress
from recommender.parameters.problems import Problem
from recommender.parameters.schema import (
    InvalidQuery,
    ListParameters,
    read_parameters,
    read_request,
    refused_genre,
)
from recommender.parameters.units import in_parameters, needs_canonical_url
from recommender.snapshots.store import active_snapshot, shared_snapshot
from recommender.views.errors import render_request_errors
from recommender.views.parts import is_for_part, listed_result, problems_part, render_part
from tracks.catalogue import catalogue
from tracks.search import search

HITS = 6
MAX_SHOWN = 2 * MAX_SEEDS  # what is too much is shown too, to be taken out
NOT_OF_THE_MIX = ("q", "start", "end", "steps")


class PathParameters(ListParameters):
    """What the address of a path asks for."""

    start: str = ""
    end: str = ""
    steps: int = Field(default=USUAL_STEPS, ge=1, le=MAX_STEPS)


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
        context = _changing(address) | _chosen(found) | _searched(request, address) | shown
        return replace_url(render(request, "recommender/parts/mix_live.html", context), str(address))
    if needs_canonical_url(request.GET) and not request.GET.get("q"):
        return redirect(str(address))
    return _page(request, address, **_whole(found, address), **shown)


def _refuse_both(address: MixAddress) -> None:
    """Name tracks that are both seeds and avoided by their titles. Raises `CannotMix`."""
    both = [each for each in address.seeds if each in address.avoid]
    if both:
        refuse_both([card.title for card in _cards(both)])


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


@require_safe
@conditional.page
@render_request_errors
def mix_path(request: HttpRequest) -> HttpResponse:
    """A way from one track of the mix to another."""
    address = MixAddress(request.GET, NOT_OF_THE_MIX)
    asked = read_parameters(PathParameters, request.GET)
    shown: dict[str, Any] = {"page": "mix", "title": _("A way from one to another"), "back": str(address)}
    shown |= _changing(address)
    form = _path_form(_cards(address.seeds), address, asked)
    if not (asked.start and asked.end):
        return render(request, "recommender/path.html", shown | form)
    try:
        path = track_path(PathRequest(asked.start, asked.end, asked.steps, asked.blend, asked.per_artist))
    except (CannotMix, UnknownTrack) as error:
        status = 404 if isinstance(error, UnknownTrack) else 422
        return render(request, "recommender/path.html", shown | form | {"problem": error}, status=status)
    except NoActiveRun:
        return render(request, "recommender/path.html", shown | form | {"without_run": True})
    ends = {"start": path.start.title, "end": path.end.title}
    shown |= {"title": _("From %(start)s to %(end)s") % ends, "path": path, "rows": steps_of(path, address)}
    return render(request, "recommender/path.html", shown | form)


def _page(request: HttpRequest, address: MixAddress, status: int = 200, **context: Any) -> HttpResponse:
    """The whole page; `context` adds to what every mix has."""
    usual: dict[str, Any] = {
        "page": "mix",
        "title": _("Mix"),
        "picked": address.picks,
        **_changing(address),
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
        "seeds": picks_of(_cards(address.seeds)),
        "avoid": picks_of(_cards(address.avoid)),
    }


def _cards(spotify_ids: list[str]) -> list[TrackCard]:
    found = cards_of_ids(spotify_ids[:MAX_SHOWN], None)
    return [found[each] for each in spotify_ids if each in found]


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


def _changing(address: MixAddress) -> dict[str, Any]:
    """What the buttons that change a mix send along, and how much it can hold."""
    return {"carried": address.fields, "most_seeds": MAX_SEEDS, "most_avoided": MAX_AVOIDED}


def _whole(found: Mix, address: MixAddress) -> dict[str, Any]:
    """What stands around the list."""
    options = found.request.options
    choices = control_choices(shared_snapshot(found.run_id), len(found.seeds))
    return {
        "mix": found,
        "title": title_of(found.seeds),
        **_chosen(found),
        "unknown": in_short(found.unknown) if found.unknown else "",
        "controls": controls_for(options, choices) if count_filters(options.filters) else None,
        "controls_url": f"{reverse('mix-controls')}?{str(address).partition('?')[2]}",
        **_path_form(found.seeds, address, PathParameters()),
    }


def _path_form(seeds: list[TrackCard], address: MixAddress, asked: PathParameters) -> dict[str, Any]:
    """The ends to choose from; a path needs two."""
    ends = picks_of(seeds) if len(seeds) > 1 else []
    last = ends[-1].spotify_id if ends else ""
    return {
        "ends": ends,
        "start": asked.start,
        "end": asked.end or last,
        "n_steps": asked.steps,
        "most_steps": MAX_STEPS,
        "picked": address.picks,
    }
