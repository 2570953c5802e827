"""Query parameters that an address does not know are refused, so that nobody believes they did something."""

from collections.abc import Callable
from functools import wraps
from inspect import unwrap
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from ninja.operation import Operation

from recommender.api.errors import error_response

Run = Callable[..., HttpResponseBase]


def refuse_unknown_parameters(run: Run) -> Run:
    """Decorate the `run` of an operation of the API: 422 for a query parameter that it does not take."""
    known = _names_of(unwrap(run).__self__)

    @wraps(run)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        unknown = [name for name in request.GET if name not in known]
        return error_response(422, _refusal(unknown, known)) if unknown else run(request, *args, **kwargs)

    return checked


def _names_of(operation: Operation) -> list[str]:
    """The query parameters of an operation, in the order of its documentation."""
    models = (model for model in operation.models if model.__ninja_param_source__ == "query")
    return [name for model in models for name in model.__ninja_flatten_map__]


def _refusal(unknown: list[str], known: list[str]) -> str:
    if not known:
        text = _("Not known here: %(unknown)s. This address takes no parameters.")
        return text % {"unknown": ", ".join(unknown)}
    text = _("Not known here: %(unknown)s. Known are: %(known)s.")
    return text % {"unknown": ", ".join(unknown), "known": ", ".join(known)}
