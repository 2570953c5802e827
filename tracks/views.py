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
from tracks.search.queries import pasted_id, pasted_ids

HITS_LIVE = 10
HITS_ON_PAGE = 30
MAX_HITS = 100


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """Search by `?q=`, with `limit=100` for more hits; a pasted link goes straight to its track."""
    limit = MAX_HITS if request.GET.get("limit") == str(MAX_HITS) else HITS_ON_PAGE
    query, result = _search(request, limit)
    if address := _address_of_pasted(query, result):
        return redirect(address)
    return render(request, "tracks/search.html", _context(query, result, limit) | {"page": "search"})


@require_safe
def live_search(request: HttpRequest) -> HttpResponse:
    """The hits alone, while somebody types; the address follows, so that Back returns to them."""
    query, result = _search(request, HITS_LIVE)
    if address := _address_of_pasted(query, result):
        return HttpResponseClientRedirect(address)
    response = render(request, "tracks/parts/live.html", _context(query, result, HITS_LIVE))
    return replace_url(response, reverse("search") + (f"?{urlencode({'q': query})}" if query else ""))


def _search(request: HttpRequest, limit: int) -> tuple[str, SearchResult | None]:
    query = request.GET.get("q", "").replace("\x00", "").strip()
    return query, search(query, limit) if query else None


def _address_of_pasted(query: str, result: SearchResult | None) -> str | None:
    """The page of the track whose link, URI or id the query is; of several links, the mix of their tracks."""
    if len(ids := pasted_ids(query)) > 1:
        return f"{reverse('mix')}?{urlencode({'seed': ids}, doseq=True)}"
    if result and (pasted := pasted_id(query)) in {hit.spotify_id for hit in result.hits}:
        return reverse("track", args=[pasted])
    return None


def _context(query: str, result: SearchResult | None, limit: int) -> dict[str, Any]:
    context: dict[str, Any] = {"query": query, "result": result}
    if not (result and result.hits):
        return context | {"catalogue": catalogue()}
    next_limit = HITS_ON_PAGE if limit < HITS_ON_PAGE else MAX_HITS
    return context | {"next_limit": next_limit if result.more and limit < next_limit else 0}
