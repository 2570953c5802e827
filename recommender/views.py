"""The pages of the clusters: a track with its neighbours, the clusters, and how a refit goes."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_htmx.http import replace_url, reswap

from recommender import conditional
from recommender.answers.cards import TrackCard, card_of
from recommender.answers.filters import UnknownGenre
from recommender.answers.recommendations import NoActiveRun, Recommendations, UnknownTrack, recommend
from recommender.answers.releases import releases_of
from recommender.answers.requests import RecommendationRequest
from recommender.answers.summaries import ClusterSummary, cluster_examples, cluster_list, cluster_summary
from recommender.mixes.addresses import NO_TAKING, Taking, picks_in, taking_of
from recommender.mixes.links import BrokenLink
from recommender.models import ClusteringRun
from recommender.pages.addresses import parameters_of
from recommender.pages.asking import CannotAsk, read_request, refused_genre
from recommender.pages.controls import rendered_controls, surroundings_of
from recommender.pages.filter_fields import NO_MISTAKES, Mistakes, mistakes_in, slots_of
from recommender.pages.panels import cluster_cards, cluster_panel, clusters_picture, colour_of, genre_bars
from recommender.pages.parts import legend_of
from recommender.pages.problems import Problem
from recommender.pages.seed_card import rendered_seed
from recommender.pages.track_page import (
    rendered_neighbours,
    rendered_page,
    rows_of,
    status_in_words,
)
from recommender.pages.units import is_as_sent
from recommender.pages.ways_out import ways_out
from recommender.runs.figures import run_figures
from recommender.runs.status import run_status
from recommender.snapshots.snapshot import SnapshotUnavailable, shared_snapshot
from tracks.feature_words import feature_bars, feature_rows

View = Callable[..., HttpResponse]
# Where the words above a list stand, by the element that htmx puts the list into.
STATUS_OF_LIST = {"neighbours": "neighbours-status", "mix-list": "mix-status"}


def answering_what_it_cannot(view: View) -> View:
    """Turn what a page cannot do into a page that says so."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except (UnknownTrack, BrokenLink) as error:
            return render(request, "404.html", {"reason": str(error)}, status=404)
        except CannotAsk as error:
            return render(request, "422.html", {"reason": str(error)}, status=422)
        except SnapshotUnavailable:
            return render(request, "503.html", status=503)

    return answered


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


@require_safe
@conditional.page
@answering_what_it_cannot
def track(request: HttpRequest, spotify_id: str) -> HttpResponse:
    """A track, its neighbours and its cluster; htmx asks for the neighbours alone."""
    try:
        asked = read_request(request.GET)
        found = _recommended(spotify_id, asked)
    except CannotAsk as error:
        return _refused_track(request, spotify_id, error)
    except NoActiveRun:
        return _track_without_clusters(request, spotify_id)
    address = _addresses(request)(asked)
    if is_for_part(request):
        context = _neighbours(request, found)
        return replace_url(render(request, "recommender/parts/neighbours_live.html", context), address)
    if is_as_sent(request.GET):
        return redirect(address)
    return _whole_page(request, found, found.request, _neighbours(request, found))


def _recommended(spotify_id: str, asked: RecommendationRequest) -> Recommendations:
    try:
        return recommend(spotify_id, asked)
    except UnknownGenre as error:
        raise refused_genre(error, asked) from error


def _refused_track(request: HttpRequest, spotify_id: str, error: CannotAsk) -> HttpResponse:
    """The page with what is wrong beside its fields, and no list."""
    if is_for_part(request):
        return problems_part(request, error.problems)
    usable = error.usable
    try:
        found = recommend(spotify_id, replace(usable, limit=1))
    except UnknownGenre as unknown:  # seen only now: the other mistakes came first
        genre = refused_genre(unknown, usable)
        return _refused_track(
            request, spotify_id, CannotAsk([*error.problems, *genre.problems], genre.usable)
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
    taking = taking_of(request.GET, found.seed.spotify_id)
    seed = _seed(found.seed, found.cluster, taking)
    parts = {
        "here": request.path,
        "seed_card": seed["seed_card"],
        "newer": "newer" if snapshot.row_of(found.seed.pk) is None else "",
        "picks": _hidden_fields(taking.picks),
        "controls": rendered_controls(asked, surroundings_of(snapshot), mistakes),
        "panel": cluster_panel(snapshot, found.cluster),
        "status": listed["status"],
        "neighbours": listed["neighbours"],
    }
    context = {**seed, **listed, **parts, "taking": taking, "html": rendered_page(found.seed, parts)}
    return render(request, "recommender/filled.html", context, status=status)


def _hidden_fields(fields: Sequence[tuple[str, str]]) -> str:
    return render_to_string("recommender/parts/mix_fields.html", {"fields": fields}) if fields else ""


def _seed(card: TrackCard, cluster: ClusterSummary | None, taking: Taking = NO_TAKING) -> dict[str, Any]:
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


@require_safe
@conditional.clusters_page
@answering_what_it_cannot
def clusters(request: HttpRequest) -> HttpResponse:
    """All clusters of the active run, their picture, and how they were made."""
    run = ClusteringRun.objects.active()
    context: dict[str, Any] = {"page": "clusters", "run": run}
    if run:
        snapshot = shared_snapshot(run.pk)
        context |= {
            "n_clusters": len(cluster_list(run)),
            "cards": cluster_cards(snapshot),
            "picture": clusters_picture(snapshot),
            "figures": run_figures([run]),
        }
    return render(request, "recommender/clusters.html", context)


@require_safe
@conditional.page
@answering_what_it_cannot
def cluster(request: HttpRequest, number: int) -> HttpResponse:
    """One cluster of the active run; an unknown number is answered with those there are."""
    run = ClusteringRun.objects.active()
    summary = cluster_summary(run, number) if run else None
    if run is None or summary is None:
        cards = cluster_cards(shared_snapshot(run.pk)) if run else ""
        return render(request, "recommender/no_cluster.html", {"number": number, "cards": cards}, status=404)
    bars = feature_bars(summary.centroid, _usual(cluster_list(run)))
    context = {
        "page": "cluster",
        "cluster": summary,
        "colour": colour_of(number),
        "share": 100 * summary.size / max(1, run.n_tracks),
        "genre_bars": genre_bars(summary.genres),
        "examples": cluster_examples(run, summary),
        "bars": bars,
        "feature_rows": feature_rows(bars),
    }
    return render(request, "recommender/cluster.html", context)


def _usual(summaries: list[ClusterSummary]) -> dict[str, float]:
    """The mean of all clustered tracks, from the clusters' means and sizes."""
    total = sum(each.size for each in summaries)
    names = summaries[0].centroid
    return {name: sum(each.size * each.centroid[name] for each in summaries) / total for name in names}


@require_safe
def run_status_part(request: HttpRequest) -> HttpResponse:
    """How the refit in flight goes, or how the watched one (`?run=`) ended; asks for itself until then."""
    watched = request.GET.get("run", "")
    run_id = int(watched) if watched.isascii() and watched.isdigit() and len(watched) < 10 else None
    context = run_status(run_id)
    run = context["run"]
    context["is_news"] = run is not None and run.stage != request.GET.get("seen")
    return render(request, "recommender/parts/run_status.html", context)
