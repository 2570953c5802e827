"""The page of a track, and what of it is fetched when somebody opens it."""

from dataclasses import replace
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_htmx.http import replace_url

from recommender import conditional
from recommender.answers.cards import card_of
from recommender.answers.filters import UnknownGenre
from recommender.answers.recommendations import NoActiveRun, Recommendations, recommend
from recommender.answers.requests import RecommendationRequest
from recommender.answers.standing import standing_of
from recommender.pages.controls import control_choices, controls_for
from recommender.pages.filter_fields import NO_MISTAKES, Mistakes, mistakes_in
from recommender.pages.lists import (
    count_filters,
    distance_of,
    neighbour_rows,
    request_in_words,
    status_in_words,
    ways_out,
)
from recommender.pages.panels import cluster_panel, colour_of
from recommender.pages.track_page import seed_card, standing_in_words
from recommender.parameters.mix_address import AVOID, SEED, picks_in, url_with_pick
from recommender.parameters.schema import InvalidQuery, parameters_of, read_request, refused_genre
from recommender.parameters.units import needs_canonical_url
from recommender.views.errors import render_request_errors
from recommender.views.parts import is_for_part, listed_result, problems_part, render_part


@require_safe
@conditional.page
@render_request_errors
def track(request: HttpRequest, spotify_id: str) -> HttpResponse:
    """A track, its neighbours and its cluster; htmx asks for the neighbours alone."""
    try:
        found = _recommend(spotify_id, read_request(request.GET))
    except InvalidQuery as error:
        return _refused_track(request, spotify_id, error)
    except NoActiveRun:
        return _track_without_clusters(request, spotify_id)
    neighbours = _neighbours(request, found)
    if is_for_part(request):
        part = render(request, "recommender/parts/neighbours_live.html", neighbours)
        return replace_url(part, _url(request, "track", found.request, spotify_id))
    if needs_canonical_url(request.GET):
        return redirect(_url(request, "track", found.request, spotify_id))
    return render(request, "recommender/track.html", _page(request, found, found.request) | neighbours)


@require_safe
@conditional.page
@render_request_errors
def track_controls(request: HttpRequest, spotify_id: str) -> HttpResponse:
    """All settings and filters of a track's list, when somebody opens them."""
    options = read_request(request.GET)
    try:
        found = _recommend(spotify_id, replace(options, limit=1))
    except NoActiveRun:
        return redirect("track", spotify_id)
    context = {
        "title": _("What to list near %(title)s") % {"title": found.seed.title},
        "list_path": reverse("track", args=[spotify_id]),
        "list_url": _url(request, "track", options, spotify_id),
        "picks": picks_in(request.GET),
        "controls": controls_for(options, control_choices(found.snapshot)),
    }
    return render_part(request, "controls", context)


@require_safe
@conditional.page
@render_request_errors
def track_distance(request: HttpRequest, spotify_id: str, other_id: str) -> HttpResponse:
    """What the distance of one neighbour is made of, when somebody opens it."""
    options = read_request(request.GET)
    try:
        found = _recommend(spotify_id, options)
    except NoActiveRun:
        return redirect("track", spotify_id)
    result = listed_result(found.results, other_id)
    titles = {"other": result.track.title, "title": found.seed.title}
    context = {
        "title": _("How near %(other)s is to %(title)s") % titles,
        "list_url": _url(request, "track", options, spotify_id),
        "other": result.track,
        "reasons": result.reasons,
        "distance": distance_of(result.distance, result.parts),
    }
    return render_part(request, "distance", context)


def _recommend(spotify_id: str, options: RecommendationRequest) -> Recommendations:
    try:
        return recommend(spotify_id, options)
    except UnknownGenre as error:
        raise refused_genre(error, options) from error


def _refused_track(request: HttpRequest, spotify_id: str, error: InvalidQuery) -> HttpResponse:
    """The page with what is wrong beside its fields, and no list."""
    if is_for_part(request):
        return problems_part(request, error.problems)
    usable = error.usable
    try:
        found = recommend(spotify_id, replace(usable, limit=1))
    except UnknownGenre as unknown:  # seen only now: the other mistakes came first
        genre = refused_genre(unknown, usable)
        return _refused_track(
            request, spotify_id, InvalidQuery([*error.problems, *genre.problems], genre.usable)
        )
    except NoActiveRun:
        return _track_without_clusters(request, spotify_id)
    context = _page(request, found, usable, mistakes_in(request.GET, error.problems))
    context["request_line"] = request_in_words(usable)
    context["status"] = _("Nothing is listed: put right what is marked above.")
    return render(request, "recommender/track.html", context, status=422)


def _url(request: HttpRequest, view: str, options: RecommendationRequest, spotify_id: str) -> str:
    """A page about the list of these options, the mix carried along."""
    query = urlencode([*picks_in(request.GET), *parameters_of(options)])
    path = reverse(view, args=[spotify_id])
    return f"{path}?{query}" if query else path


def _neighbours(request: HttpRequest, found: Recommendations) -> dict[str, Any]:
    """The list and the words about it."""
    options = found.request
    return {
        "rows": neighbour_rows(found, urlencode(parameters_of(options))),
        "status": status_in_words(found),
        "request_line": request_in_words(options),
        "ways_out": ways_out(
            found.shortfall, options, lambda other: _url(request, "track", other, found.seed.spotify_id)
        ),
    }


def _page(
    request: HttpRequest,
    found: Recommendations,
    options: RecommendationRequest,
    mistakes: Mistakes = NO_MISTAKES,
) -> dict[str, Any]:
    """What stands around the list; the controls are open where a filter or a mistake is among them."""
    seed_id, picks = found.seed.spotify_id, picks_in(request.GET)
    home = found.seed.cluster and found.seed.cluster.subcluster
    part = found.cluster.subcluster(home.number) if home else None
    controls = None
    if count_filters(options.filters) or mistakes.slots:
        controls = controls_for(options, control_choices(found.snapshot), mistakes)
    return {
        "seed": seed_card(found.seed, found.cluster),
        "seed_url": url_with_pick(picks, SEED, seed_id),
        "avoid_url": url_with_pick(picks, AVOID, seed_id),
        "is_newer_than_run": found.snapshot.row_of(found.seed.pk) is None,
        "picks": picks,
        "controls": controls,
        "controls_url": _url(request, "track-controls", options, seed_id),
        "run_id": found.run_id,
        "cluster": found.cluster,
        "part": part,
        "standing": standing_in_words(standing_of(found.seed.pk, found.snapshot)),
        "colour": colour_of(found.cluster.number),
        "panel": partial(cluster_panel, found.snapshot, part or found.cluster),
    }


def _track_without_clusters(request: HttpRequest, spotify_id: str) -> HttpResponse:
    context = {"seed": seed_card(card_of(spotify_id, None), None)}
    return render(request, "recommender/track_without_clusters.html", context)
