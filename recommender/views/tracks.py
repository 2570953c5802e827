"""The page of a track, and what of it is fetched when somebody opens it."""

from dataclasses import replace
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
from recommender.answers.releases import releases_of
from recommender.answers.requests import RecommendationRequest
from recommender.pages.controls import control_choices, controls_for, count_filters
from recommender.pages.filter_fields import NO_MISTAKES, Mistakes, mistakes_in
from recommender.pages.panels import cluster_line, cluster_panel
from recommender.pages.parts import distance_of
from recommender.pages.seed_card import seed_card
from recommender.pages.track_page import request_in_words, rows_of, status_in_words
from recommender.pages.ways_out import ways_out
from recommender.parameters.mix_address import mix_links, picks_in
from recommender.parameters.query import parameters_of
from recommender.parameters.schema import InvalidQuery, read_request, refused_genre
from recommender.parameters.units import needs_canonical_url
from recommender.snapshots.store import shared_snapshot
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
    address = _address(request, "track", found.request, spotify_id)
    if is_for_part(request):
        context = _neighbours(request, found)
        return replace_url(render(request, "recommender/parts/neighbours_live.html", context), address)
    if needs_canonical_url(request.GET):
        return redirect(address)
    context = _whole_page(request, found, found.request) | _neighbours(request, found)
    return render(request, "recommender/track.html", context)


@require_safe
@conditional.page
@render_request_errors
def track_controls(request: HttpRequest, spotify_id: str) -> HttpResponse:
    """All settings and filters of a track's list, when somebody opens them."""
    try:
        found = _recommend(spotify_id, replace(read_request(request.GET), limit=1))
    except NoActiveRun:
        return redirect("track", spotify_id)
    asked = read_request(request.GET)
    context = {
        "title": _("What to list near %(title)s") % {"title": found.seed.title},
        "list_path": reverse("track", args=[spotify_id]),
        "list_url": _address(request, "track", asked, spotify_id),
        "picks": picks_in(request.GET),
        "controls": controls_for(asked, control_choices(shared_snapshot(found.run_id))),
    }
    return render_part(request, "controls", context)


@require_safe
@conditional.page
@render_request_errors
def track_distance(request: HttpRequest, spotify_id: str, other_id: str) -> HttpResponse:
    """What the distance of one neighbour is made of, when somebody opens it."""
    asked = read_request(request.GET)
    try:
        found = _recommend(spotify_id, asked)
    except NoActiveRun:
        return redirect("track", spotify_id)
    result = listed_result(found.results, other_id)
    titles = {"other": result.track.title, "title": found.seed.title}
    context = {
        "title": _("How near %(other)s is to %(title)s") % titles,
        "list_url": _address(request, "track", asked, spotify_id),
        "other": result.track,
        "reasons": result.reasons,
        "distance": distance_of(result.distance, result.parts),
    }
    return render_part(request, "distance", context)


def _recommend(spotify_id: str, asked: RecommendationRequest) -> Recommendations:
    try:
        return recommend(spotify_id, asked)
    except UnknownGenre as error:
        raise refused_genre(error, asked) from error


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
    context = _whole_page(request, found, usable, mistakes_in(request.GET, error.problems))
    context["status"] = _("Nothing is listed: put right what is marked above.")
    return render(request, "recommender/track.html", context, status=422)


def _address(request: HttpRequest, view: str, asked: RecommendationRequest, *ids: str) -> str:
    """A page about the same list, or one asked for otherwise, the mix carried along."""
    query = urlencode([*picks_in(request.GET), *parameters_of(asked)])
    path = reverse(view, args=ids)
    return f"{path}?{query}" if query else path


def _neighbours(request: HttpRequest, found: Recommendations) -> dict[str, Any]:
    """The list and the words about it."""
    seed_id, asked = found.seed.spotify_id, found.request
    query = urlencode(list(parameters_of(asked)))
    return {
        "ways_out": ways_out(
            found.shortfall, asked, lambda other: _address(request, "track", other, seed_id)
        ),
        "rows": rows_of(found, query),
        "status": status_in_words(found),
        "request_line": request_in_words(asked, count_filters(asked.filters)),
    }


def _whole_page(
    request: HttpRequest,
    found: Recommendations,
    asked: RecommendationRequest,
    mistakes: Mistakes = NO_MISTAKES,
) -> dict[str, Any]:
    """What stands around the list; the controls are open where a filter or a mistake is among them."""
    snapshot, seed_id = shared_snapshot(found.run_id), found.seed.spotify_id
    n_filters = count_filters(asked.filters)
    controls = None
    if n_filters or mistakes.problems:
        controls = controls_for(asked, control_choices(snapshot), mistakes)
    return {
        "seed": seed_card(found.seed, found.cluster, releases_of(found.seed)),
        "mix_links": mix_links(request.GET, seed_id),
        "is_newer_than_run": snapshot.row_of(found.seed.pk) is None,
        "picks": picks_in(request.GET),
        "controls": controls,
        "controls_url": _address(request, "track-controls", asked, seed_id),
        "request_line": request_in_words(asked, n_filters),
        "cluster_line": cluster_line(found.cluster),
        "panel": cluster_panel(snapshot, found.cluster),
    }


def _track_without_clusters(request: HttpRequest, spotify_id: str) -> HttpResponse:
    card = card_of(spotify_id, None)
    context = {"seed": seed_card(card, None, releases_of(card))}
    return render(request, "recommender/track_without_clusters.html", context)
