"""The page of a track."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_htmx.http import replace_url

from recommender import conditional
from recommender.answers.cards import TrackCard, card_of
from recommender.answers.filters import UnknownGenre
from recommender.answers.recommendations import NoActiveRun, Recommendations, UnknownTrack, recommend
from recommender.answers.releases import releases_of
from recommender.answers.requests import RecommendationRequest
from recommender.answers.summaries import ClusterSummary
from recommender.pages.controls import control_choices, rendered_controls
from recommender.pages.filter_fields import NO_MISTAKES, Mistakes, mistakes_in
from recommender.pages.panels import cluster_panel
from recommender.pages.parts import legend_of
from recommender.pages.seed_card import rendered_seed
from recommender.pages.track_page import (
    rendered_neighbours,
    rendered_page,
    rows_of,
    status_in_words,
)
from recommender.pages.ways_out import ways_out
from recommender.parameters.mix_address import NO_MIX_LINKS, MixLinks, mix_links, picks_in
from recommender.parameters.query import parameters_of
from recommender.parameters.schema import InvalidQuery, read_request, refused_genre
from recommender.parameters.units import needs_canonical_url
from recommender.snapshots.snapshot import shared_snapshot
from recommender.views.errors import render_request_errors
from recommender.views.parts import is_for_part, problems_part


@require_safe
@conditional.page
@render_request_errors
def track(request: HttpRequest, spotify_id: str) -> HttpResponse:
    """A track, its neighbours and its cluster; htmx asks for the neighbours alone."""
    try:
        asked = read_request(request.GET)
        found = _recommended(spotify_id, asked)
    except InvalidQuery as error:
        return _refused_track(request, spotify_id, error)
    except NoActiveRun:
        return _track_without_clusters(request, spotify_id)
    address = _addresses(request)(asked)
    if is_for_part(request):
        context = _neighbours(request, found)
        return replace_url(render(request, "recommender/parts/neighbours_live.html", context), address)
    if needs_canonical_url(request.GET):
        return redirect(address)
    return _whole_page(request, found, found.request, _neighbours(request, found))


def _recommended(spotify_id: str, asked: RecommendationRequest) -> Recommendations:
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
    nothing = {"neighbours": "", "status": render_to_string("recommender/parts/refused.html")}
    mistakes = mistakes_in(request.GET, error.problems)
    return _whole_page(request, found, usable, nothing, mistakes, status=422)


def _addresses(request: HttpRequest) -> Callable[[RecommendationRequest], str]:
    """The page of the same track for other requests, the mix carried along."""
    picks = picks_in(request.GET)

    def address(asked: RecommendationRequest) -> str:
        query = urlencode([*picks, *parameters_of(asked)])
        return f"{request.path}?{query}" if query else request.path

    return address


def _neighbours(request: HttpRequest, found: Recommendations) -> dict[str, Any]:
    """The list and the words above it, as HTML, and what they are made of."""
    rows, ways = rows_of(found), ways_out(found.shortfall, found.request, _addresses(request))
    legend = legend_of(each.parts for each in found.results)
    return {
        "ways_out": ways,
        "rows": rows,
        "neighbours": rendered_neighbours(rows, legend, ways),
        "status": status_in_words(found),
    }


def _whole_page(
    request: HttpRequest,
    found: Recommendations,
    asked: RecommendationRequest,
    listed: dict[str, Any],
    mistakes: Mistakes = NO_MISTAKES,
    status: int = 200,
) -> HttpResponse:
    """The page with `listed` as its list, and the controls set as asked."""
    snapshot = shared_snapshot(found.run_id)
    taking = mix_links(request.GET, found.seed.spotify_id)
    seed = _seed(found.seed, found.cluster, taking)
    parts = {
        "here": request.path,
        "seed_card": seed["seed_card"],
        "newer": "newer" if snapshot.row_of(found.seed.pk) is None else "",
        "picks": _hidden_fields(taking.picks),
        "controls": rendered_controls(asked, control_choices(snapshot), mistakes),
        "panel": cluster_panel(snapshot, found.cluster),
        "status": listed["status"],
        "neighbours": listed["neighbours"],
    }
    context = {**seed, **listed, **parts, "taking": taking, "html": rendered_page(found.seed, parts)}
    return render(request, "recommender/filled.html", context, status=status)


def _hidden_fields(fields: Sequence[tuple[str, str]]) -> str:
    return render_to_string("recommender/parts/mix_fields.html", {"fields": fields}) if fields else ""


def _seed(card: TrackCard, cluster: ClusterSummary | None, taking: MixLinks = NO_MIX_LINKS) -> dict[str, Any]:
    releases = releases_of(card)
    return {
        "seed": card,
        "artists": ", ".join(card.artists),
        "releases": releases[1:],
        "seed_card": rendered_seed(card, cluster, releases, taking.seed_url, taking.avoid_url),
    }


def _track_without_clusters(request: HttpRequest, spotify_id: str) -> HttpResponse:
    card = card_of(spotify_id, None)
    if card is None:
        raise UnknownTrack(_("The catalogue has no track with the id %(id)s.") % {"id": spotify_id})
    return render(request, "recommender/track_without_clusters.html", _seed(card, None))
