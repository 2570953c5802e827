"""The API put together: its routes under /api/v1/, its documentation at /api/docs."""

from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from django.urls import get_script_prefix
from django.utils.translation import get_language
from ninja import NinjaAPI
from ninja.responses import Response

from recommender.api import clusters, mixes, runs, tracks
from recommender.api.bodies import StrictParser
from recommender.api.errors import add_error_handlers
from recommender.api.parameters import refuse_unknown_parameters

api = NinjaAPI(
    title="Soundkin",
    version="1",
    description="Tracks, their clusters, and the tracks that sound nearest. Reading needs no key.",
    parser=StrictParser(),
)
add_error_handlers(api)
api.add_decorator(refuse_unknown_parameters, mode="view")
for module in (tracks, mixes, clusters, runs):
    api.add_router("/v1", module.router)


def openapi_json(request: HttpRequest) -> HttpResponse:
    """The description of the API for programs; to make it takes a hundred times as long as to send it."""
    document = openapi_document(get_script_prefix(), get_language())
    return HttpResponse(document, content_type="application/json")


@lru_cache(maxsize=16)
def openapi_document(script_prefix: str, language: str | None) -> bytes:
    """The description in a language, as JSON: made once in a process."""
    return Response(api.get_openapi_schema()).content
