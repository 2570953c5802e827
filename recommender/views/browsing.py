"""The tracks of a cluster: page by page, as histograms, as a file, or one at random."""

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_htmx.http import replace_url

from recommender import conditional
from recommender.answers.browsing import (
    BrowseRequest,
    Region,
    TrackPage,
    cluster_region,
    exported_cards,
    listed_tracks,
    subcluster_region,
    surprise,
    track_page,
)
from recommender.answers.filters import UnknownGenre
from recommender.answers.summaries import ClusterSummary, UnknownSubcluster, active_cluster
from recommender.mixes.exports import FileFormat, exported
from recommender.pages.browse_page import downloads_note, rows_of, sort_options, status_in_words
from recommender.pages.controls import control_choices, filters_for
from recommender.pages.filter_fields import NO_MISTAKES, Mistakes, mistakes_in
from recommender.pages.histograms import histogram_charts
from recommender.pages.lists import count_filters
from recommender.pages.panels import colour_of, step_of
from recommender.parameters.browsing import USUAL, BrowseParameters, browse_parameters_of
from recommender.parameters.schema import InvalidQuery, read_parameters, refused_genre
from recommender.parameters.units import needs_canonical_url
from recommender.snapshots.snapshot import Snapshot
from recommender.views.errors import render_request_errors
from recommender.views.parts import is_for_part, problems_part, render_part


@dataclass(frozen=True, slots=True)
class Browsed:
    """What is browsed: a slice of a run's rows, whose summary names it, and the address of its page."""

    snapshot: Snapshot
    summary: ClusterSummary
    region: Region
    path: str

    def tracks_url(self, request: BrowseRequest) -> str:
        return _with_query(f"{self.path}tracks/", request)


def _browsed(number: int, subnumber: int | None) -> Browsed:
    """A cluster, or a sub-cluster of it. Raises `UnknownCluster`, `UnknownSubcluster`."""
    snapshot, summary = active_cluster(number)
    if subnumber is None:
        return Browsed(snapshot, summary, cluster_region(snapshot, summary.label), summary.url)
    inner = summary.subcluster(subnumber)
    if inner is None:
        raise UnknownSubcluster(subnumber, snapshot, summary)
    return Browsed(snapshot, inner, subcluster_region(snapshot, inner.label), inner.url)


@require_safe
@conditional.page
@render_request_errors
def cluster_tracks(request: HttpRequest, number: int, subnumber: int | None = None) -> HttpResponse:
    """A page of the tracks of a cluster; htmx asks for the list alone."""
    browsed = _browsed(number, subnumber)
    try:
        asked, found = _asked_and_found(browsed, request)
    except InvalidQuery as error:
        if is_for_part(request):
            return problems_part(request, error.problems)
        usable = BrowseRequest(filters=replace(error.usable.filters, target=()))
        context = _around(browsed, usable, mistakes_in(request.GET, error.problems)) | {"is_refused": True}
        return render(request, "recommender/cluster_tracks.html", context, status=422)
    is_beyond = asked.page > max(1, found.n_pages)
    context = _list(browsed, asked, found) | {"is_beyond": is_beyond}
    if is_for_part(request):
        response = render(request, "recommender/parts/browsed_live.html", context)
        return replace_url(response, browsed.tracks_url(asked))
    if needs_canonical_url(request.GET):
        return redirect(browsed.tracks_url(asked))
    context |= _around(browsed, asked)
    return render(request, "recommender/cluster_tracks.html", context, status=404 if is_beyond else 200)


@require_safe
@conditional.page
@render_request_errors
def cluster_track_filters(request: HttpRequest, number: int, subnumber: int | None = None) -> HttpResponse:
    """The filters of a cluster's tracks, when somebody opens them."""
    browsed = _browsed(number, subnumber)
    asked = read_parameters(BrowseParameters, request.GET).browse_request()
    context = {
        "title": _("Filter the tracks of %(name)s") % {"name": browsed.summary.name},
        "list_path": f"{browsed.path}tracks/",
        "list_url": browsed.tracks_url(asked),
        "sort": asked.sort,
        "controls": filters_for(asked.filters, control_choices(browsed.snapshot)),
    }
    return render_part(request, "filter_fields", context)


@require_safe
@conditional.page
@render_request_errors
def cluster_histograms(request: HttpRequest, number: int, subnumber: int | None = None) -> HttpResponse:
    """The audio features of a cluster's tracks against the whole catalogue, when somebody opens them."""
    browsed = _browsed(number, subnumber)
    context = {
        "page": "cluster",
        "title": _("The sound of %(name)s in figures") % {"name": browsed.summary.name},
        "cluster": browsed.summary,
        "colour": colour_of(browsed.summary.parent_number or browsed.summary.number),
        "step": step_of(browsed.summary),
        "charts": histogram_charts(browsed.snapshot, browsed.region),
    }
    return render_part(request, "histograms", context)


@require_safe
@conditional.page
@render_request_errors
def cluster_file(
    request: HttpRequest, number: int, file_format: FileFormat, subnumber: int | None = None
) -> HttpResponse:
    """The tracks of a cluster as a file, sorted and filtered as the page is."""
    browsed = _browsed(number, subnumber)
    asked, _found = _asked_and_found(browsed, request)
    listed = listed_tracks(browsed.snapshot, browsed.region, asked.sort, asked.filters)
    file = exported(exported_cards(browsed.snapshot, listed), browsed.summary.name, file_format)
    response = HttpResponse(file.content, content_type=file.content_type)
    response["Content-Disposition"] = content_disposition_header(True, file.name) or "attachment"
    return response


@require_safe
@never_cache
@render_request_errors
def cluster_surprise(request: HttpRequest, number: int, subnumber: int | None = None) -> HttpResponse:
    """Leads to a track drawn at random from the better known ones that pass the filters."""
    browsed = _browsed(number, subnumber)
    asked, _found = _asked_and_found(browsed, request)
    card = surprise(browsed.snapshot, browsed.region, asked.filters)
    return redirect(card.url if card else browsed.tracks_url(replace(asked, page=1)))


def _asked_and_found(browsed: Browsed, request: HttpRequest) -> tuple[BrowseRequest, TrackPage]:
    """Raises `InvalidQuery`."""
    parameters = read_parameters(BrowseParameters, request.GET)
    asked = parameters.browse_request()
    try:
        return asked, track_page(browsed.snapshot, browsed.region, asked)
    except UnknownGenre as error:
        raise refused_genre(error, parameters.request()) from error


def _around(browsed: Browsed, asked: BrowseRequest, mistakes: Mistakes = NO_MISTAKES) -> dict[str, Any]:
    """What stands around the list; the filters are open where there are any, or a mistake."""
    n_filters = count_filters(asked.filters)
    controls = None
    if n_filters or mistakes.slots:
        controls = filters_for(asked.filters, control_choices(browsed.snapshot), mistakes)
    return {
        "page": "cluster",
        "cluster": browsed.summary,
        "cluster_path": browsed.path,
        "colour": colour_of(browsed.summary.parent_number or browsed.summary.number),
        "list_path": f"{browsed.path}tracks/",
        "controls": controls,
        "controls_url": _with_query(f"{browsed.path}tracks/filters/", replace(asked, page=1)),
        "sort": asked.sort,
        "sorts": partial(sort_options, asked.sort),
        "limit": "" if asked.per_page == USUAL.per_page else asked.per_page,
    }


def _list(browsed: Browsed, asked: BrowseRequest, found: TrackPage) -> dict[str, Any]:
    """The list and the words about it."""
    whole = replace(asked, page=1)
    all_of_it = replace(whole, per_page=USUAL.per_page)
    turns = {
        "first": 1 if asked.page > 1 else 0,
        "previous": min(asked.page - 1, found.n_pages),
        "next": asked.page + 1 if asked.page < found.n_pages else 0,
        "last": found.n_pages if asked.page != found.n_pages else 0,
    }
    return {
        "rows": rows_of(found, asked),
        "status": status_in_words(found, asked),
        "number": asked.page,
        "n_pages": found.n_pages,
        "turns": {
            name: browsed.tracks_url(replace(asked, page=page)) for name, page in turns.items() if page
        },
        "without_filters_url": browsed.tracks_url(replace(whole, filters=USUAL.filters)),
        "surprise_url": _with_query(f"{browsed.path}surprise/", whole),
        "downloads": [
            (
                each.upper(),
                _with_query(f"{browsed.path}tracks.{each}", all_of_it),
            )
            for each in FileFormat
        ],
        "downloads_note": downloads_note(found),
    }


def _with_query(path: str, request: BrowseRequest) -> str:
    query = urlencode(list(browse_parameters_of(request)))
    return f"{path}?{query}" if query else path
