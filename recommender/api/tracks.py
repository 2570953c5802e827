"""Search, one track, and its recommendations."""

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from recommender.answers.cards import card_of, cards_of
from recommender.answers.recommendations import recommend
from recommender.api.bodies import json_response, recommendations_body, track_body
from recommender.api.schemas import (
    ErrorBody,
    RecommendationQuery,
    RecommendationsOut,
    SearchOut,
    SearchQuery,
    TrackOut,
)
from recommender.conditional import api_answer
from recommender.snapshots.store import active_snapshot
from tracks.search import search as search_tracks

router = Router(tags=["tracks"])
router.add_decorator(api_answer, mode="view")


@router.get("/search", response={200: SearchOut, frozenset({422, 503}): ErrorBody})
def search(request: HttpRequest, query: Query[SearchQuery]) -> HttpResponse:
    """Tracks by title, artist, album or Spotify link; one typo in a word is forgiven."""
    found = search_tracks(query.q.replace("\x00", " "), query.limit)
    cards = cards_of([hit.track_id for hit in found.hits], active_snapshot())
    hits = [hit for hit in found.hits if hit.track_id in cards]
    return json_response(
        {
            "results": [{**track_body(cards[hit.track_id]), "releases": hit.n_releases} for hit in hits],
            "corrected": found.corrected,
            "incomplete": found.incomplete,
            "cut": found.cut,
            "groups": [
                {"kind": kind, "name": name, "spotify_ids": [hit.spotify_id for hit in hits]}
                for kind, name, hits in found.groups
            ],
        }
    )


@router.get("/tracks/{spotify_id}", response={200: TrackOut, frozenset({404, 422, 503}): ErrorBody})
def track(request: HttpRequest, spotify_id: str) -> HttpResponse:
    """One track with its audio features and its cluster."""
    return json_response(track_body(card_of(spotify_id, active_snapshot())))


@router.get(
    "/tracks/{spotify_id}/recommendations",
    response={200: RecommendationsOut, frozenset({404, 422, 503}): ErrorBody},
)
def recommendations(request: HttpRequest, spotify_id: str, query: Query[RecommendationQuery]) -> HttpResponse:
    """The recordings nearest to a track, nearest first, each with its reasons."""
    return json_response(recommendations_body(recommend(spotify_id, query.request())))
