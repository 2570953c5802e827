"""The page of an artist."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from recommender import conditional
from recommender.answers.artists import genres_of_rows, near_artists, recordings_of
from recommender.answers.cards import cards_of
from recommender.answers.requests import RecommendationRequest
from recommender.answers.summaries import cluster_shares
from recommender.pages.panels import cluster_bars
from recommender.pages.track_rows import track_rows
from recommender.parameters.mix_address import MixAddress
from recommender.snapshots.store import active_snapshot
from recommender.views.errors import render_no_such_name, render_request_errors
from tracks.models import Artist

MAX_PK = 2**63 - 1
TRACKS_ON_PAGE = 50
GENRES_SHOWN = 12
ARTISTS_SHOWN = 10
SEEDS_OF_MIX = 5


@require_safe
@conditional.page
@render_request_errors
def artist(request: HttpRequest, pk: int) -> HttpResponse:
    """An artist: the tracks, the clusters they lie in, their genres, and the nearest artists."""
    found = Artist.objects.filter(pk=pk).first() if pk <= MAX_PK else None
    if found is None:
        return artist_by_name(request, str(pk))
    recordings = recordings_of(found)
    listed = Paginator(recordings, TRACKS_ON_PAGE).get_page(request.GET.get("page"))
    snapshot = active_snapshot()
    seeds = recordings[:SEEDS_OF_MIX]
    cards = cards_of([*listed, *seeds], snapshot)
    tracks = [cards[pk] for pk in listed if pk in cards]
    spotify_ids = [cards[pk].spotify_id for pk in seeds if pk in cards]
    context: dict[str, Any] = {
        "artist": found,
        "n_tracks": len(recordings),
        "listed": listed,
        "tracks": tracks,
        "rows": track_rows(tracks, of_one_artist=True),
        "mix_url": str(MixAddress.of(spotify_ids, [], RecommendationRequest())),
    }
    if snapshot:
        rows = snapshot.rows_of(recordings)
        rows = rows[rows >= 0]  # without those that came after the run
        rows = rows[rows >= 0]
        context |= {
            "genres": genres_of_rows(snapshot, rows, GENRES_SHOWN),
            "cluster_bars": cluster_bars(cluster_shares(snapshot, rows)),
            "near_artists": near_artists(snapshot, found.pk, rows, ARTISTS_SHOWN),
        }
    return render(request, "recommender/artist.html", context)


@require_safe
def artist_by_name(request: HttpRequest, name: str) -> HttpResponse:
    """Lead from an artist's name to the page; an unknown one can be searched for."""
    if "\x00" not in name:
        named = Artist.objects.filter(name__iexact=name).order_by("pk")
        if found := named.filter(name=name).first() or named.first():
            return redirect(found)
    heading = _("There is no artist %(name)s here") % {"name": name}
    return render_no_such_name(request, name, heading)
