"""The API put together: its routes under /api/v1/, its documentation at /api/docs."""

from collections.abc import Callable
from functools import lru_cache, wraps
from inspect import unwrap
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import get_script_prefix
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.responses import Response

from recommender.api import clusters, mixes, runs, tracks
from recommender.api.bodies import StrictParser
from recommender.api.errors import add_error_handlers, error_response

Run = Callable[..., HttpResponseBase]


def refuse_unknown_parameters(run: Run) -> Run:
    """Decorate the `run` of an operation of the API: 422 for a query parameter that it does not take, so that
    nobody believes it did something."""
    models = unwrap(run).__self__.models
    queries = (model for model in models if model.__ninja_param_source__ == "query")
    known = [name for model in queries for name in model.__ninja_flatten_map__]

    @wraps(run)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        unknown = [name for name in request.GET if name not in known]
        if not unknown:
            return run(request, *args, **kwargs)
        text = _("Not known here: %(unknown)s. This address takes no parameters.")
        if known:
            text = _("Not known here: %(unknown)s. Known are: %(known)s.")
        return error_response(422, text % {"unknown": ", ".join(unknown), "known": ", ".join(known)})

    return checked


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
