"""The page of a genre."""

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from recommender import conditional
from recommender.answers.cards import cards_of
from recommender.answers.filters import TrackFilters
from recommender.answers.genres import genre_by_name, genre_summary, similar_genres
from recommender.answers.requests import RecommendationRequest, Scope
from recommender.pages.panels import cluster_bars, percentage
from recommender.pages.track_rows import track_rows
from recommender.parameters.mix_address import MixAddress
from recommender.snapshots.snapshot import Snapshot
from recommender.snapshots.store import active_snapshot
from recommender.views.errors import render_no_such_name, render_request_errors
from tracks.addresses import genre_url
from tracks.models import Genre, Track

TYPICAL_SHOWN = 12
ARTISTS_SHOWN = 12
RELATED_SHOWN = 12
SIMILAR_SHOWN = 5
SEEDS_OF_MIX = 5
LEAST_SHARE = 0.01  # of the genre's tracks: a cluster with fewer is no home of it


def genre_by_query(request: HttpRequest) -> HttpResponseBase:
    """The page of a genre whose name cannot stand in a path: `?name=`."""
    return genre(request, request.GET.get("name", ""))


@require_safe
@conditional.page
@render_request_errors
def genre(request: HttpRequest, name: str) -> HttpResponse:
    """A genre: the clusters it lives in, typical tracks, best known artists, related genres."""
    snapshot = active_snapshot()
    number = genre_by_name(snapshot, name) if snapshot else None
    if snapshot is None or number is None:
        return _genre_outside_the_run(request, name, snapshot)
    summary = genre_summary(
        snapshot, number, n_typical=TYPICAL_SHOWN, n_artists=ARTISTS_SHOWN, n_related=RELATED_SHOWN
    )
    if summary.name != name:
        return redirect(genre_url(summary.name))
    seeds = [card.spotify_id for card in summary.typical[:SEEDS_OF_MIX]]
    only_this = RecommendationRequest(scope=Scope.EVERYWHERE, filters=TrackFilters(genres=(name,)))
    context = {
        "genre": summary,
        "tracks": summary.typical,
        "rows": track_rows(summary.typical),
        "share": percentage(summary.share),
        "cluster_bars": cluster_bars([each for each in summary.clusters if each.share >= LEAST_SHARE]),
        "mix_url": str(MixAddress.of(seeds, [], RecommendationRequest())),
        "only_url": str(MixAddress.of(seeds, [], only_this)),
    }
    return render(request, "recommender/genre.html", context)


def _genre_outside_the_run(request: HttpRequest, name: str, snapshot: Snapshot | None) -> HttpResponse:
    """A genre that came after the clusters were made, by its best known tracks; else that there is none."""
    found = None if "\x00" in name else Genre.objects.filter(name=name).first()
    if found is None:
        heading = _("There is no genre %(name)s here") % {"name": name}
        similar = similar_genres(snapshot, name, SIMILAR_SHOWN) if snapshot else []
        return render_no_such_name(request, name, heading, similar_genres=similar)
    tracks = Track.objects.one_per_recording().filter(genres=found)
    best_known = tracks.order_by(F("popularity").desc(nulls_last=True), "pk")[:TYPICAL_SHOWN]
    pks = list(best_known.values_list("pk", flat=True))
    by_pk = cards_of(pks, snapshot)
    cards = [by_pk[pk] for pk in pks]
    context = {
        "genre": {"name": name, "n_tracks": found.tracks.count()},
        "tracks": cards,
        "rows": track_rows(cards),
    }
    return render(request, "recommender/genre.html", context)
