"""The search page and its live part."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRedirect, replace_url

from tracks.catalogue import catalogue
from tracks.search import SearchResult, search
from tracks.search.queries import pasted_id

HITS_LIVE = 10
HITS_ON_PAGE = 30


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """Search by `?q=`; a pasted link or id goes straight to its track."""
    query, result = _searched(request, HITS_ON_PAGE)
    if found := _pasted(query, result):
        return redirect("track", found)
    return render(request, "tracks/search.html", _context(query, result) | {"page": "search"})


@require_safe
def live_search(request: HttpRequest) -> HttpResponse:
    """The hits alone, while somebody types; the address follows, so that Back returns to them."""
    query, result = _searched(request, HITS_LIVE)
    if found := _pasted(query, result):
        return HttpResponseClientRedirect(reverse("track", args=[found]))
    response = render(request, "tracks/parts/live.html", _context(query, result))
    return replace_url(response, reverse("search") + (f"?{urlencode({'q': query})}" if query else ""))


def _searched(request: HttpRequest, limit: int) -> tuple[str, SearchResult | None]:
    query = request.GET.get("q", "").replace("\x00", "").strip()
    return query, search(query, limit) if query else None


def _pasted(query: str, result: SearchResult | None) -> str | None:
    """The id of the track whose link, URI or id the query is."""
    pasted = pasted_id(query)
    if not (pasted and result):
        return None
    return next((hit.spotify_id for hit in result.hits if hit.spotify_id == pasted), None)


def _context(query: str, result: SearchResult | None) -> dict[str, Any]:
    context = {"query": query, "result": result}
    return context if result and result.hits else context | {"catalogue": catalogue()}
