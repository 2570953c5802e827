"""HEAD wherever the API answers GET: the same status and headers, the body left to the server to cut off."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from recommender.api.errors import API_PREFIX


class HeadMiddleware:
    """The library answers 405 to every HEAD; it is asked to GET instead."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method != "HEAD" or not request.path_info.startswith(API_PREFIX):
            return self.get_response(request)
        request.method = "GET"
        try:
            return self.get_response(request)
        finally:
            request.method = "HEAD"
