"""One shape for whatever goes wrong: `{"error": {"code", "message"}}`."""

from collections.abc import Callable
from typing import Any

import orjson
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from recommender.answers.filters import UnknownGenre
from recommender.answers.recommendations import NoActiveRun, UnknownTrack
from recommender.mixes.links import BrokenLink, OutdatedMix
from recommender.mixes.requests import CannotMix
from recommender.parameters.schema import problems_in_words
from recommender.runs.refitting import CannotActivate
from recommender.snapshots.store import SnapshotUnavailable

API_PREFIX = "/api/"
CODES: dict[int, tuple[str, Promise]] = {
    400: ("bad_request", gettext_lazy("The request cannot be read.")),
    401: ("not_signed_in", gettext_lazy("Sign in first: this needs a session and a permission.")),
    403: ("forbidden", gettext_lazy("You may not do this.")),
    404: ("not_found", gettext_lazy("There is nothing at this address. /api/docs lists what there is.")),
    405: ("method_not_allowed", gettext_lazy("This address does not answer that method.")),
    409: ("conflict", gettext_lazy("This cannot be done now.")),
    413: ("too_large", gettext_lazy("The body of the request is too large.")),
    422: ("invalid", gettext_lazy("A parameter is not valid.")),
    500: ("internal_error", gettext_lazy("Something went wrong here. It has been written to the log.")),
    503: ("unavailable", gettext_lazy("Not ready to answer yet.")),
}
STATUS_OF: dict[type[Exception], int] = {
    BrokenLink: 404,
    CannotActivate: 409,
    CannotMix: 422,
    NoActiveRun: 503,
    OutdatedMix: 409,
    SnapshotUnavailable: 503,
    UnknownGenre: 422,
    UnknownTrack: 404,
}


def error_response(status: int, message: str = "") -> HttpResponse:
    """An answer in the shape of every error; without a message, in general words."""
    code, general = CODES.get(status, CODES[400 if status < 500 else 500])
    body = orjson.dumps({"error": {"code": code, "message": message or str(general)}})
    return HttpResponse(body, status=status, content_type="application/json")


def add_error_handlers(api: NinjaAPI) -> None:
    """Answer our own exceptions, and those of the library, in the shape of every error."""

    def handle(request: HttpRequest, error: Any) -> HttpResponse:
        match error:
            case Http404():
                return error_response(404)
            case RequestDataTooBig():
                return error_response(413)
            case ValidationError():
                return error_response(422, problems_in_words(error.errors))
            case ApiError():
                return error_response(error.status_code, error.message)
            case HttpError():  # the library's own texts are not written for clients, nor translated
                return error_response(error.status_code)
        status = next(status for kind, status in STATUS_OF.items() if isinstance(error, kind))
        return error_response(status, str(error))

    for exception in (Http404, RequestDataTooBig, ValidationError, HttpError, *STATUS_OF):
        api.add_exception_handler(exception, handle)


class ApiError(HttpError):
    """An error whose message is meant for the client."""


class ErrorShapeMiddleware:
    """Gives the errors that never reach the API (unknown address, wrong method, crash) its shape too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code < 400 or not request.path_info.startswith(API_PREFIX):
            return response
        if response.get("Content-Type") == "application/json" or (
            response.status_code == 500 and settings.DEBUG
        ):
            return response
        shaped = error_response(response.status_code)
        if "Retry-After" in response:
            shaped["Retry-After"] = response["Retry-After"]
        if "Allow" in response:
            methods = {name.strip() for name in response["Allow"].split(",")}
            if "GET" in methods:
                methods.add("HEAD")  # which recommender.api.head answers
            shaped["Allow"] = ", ".join(sorted(methods))
        return shaped
