"""When the database, the broker or the files of a run cannot be reached: 503, and when to ask again.

The page stands alone (templates/errors/page.html): it needs no database, session, user or static file.
"""

import sys
from collections.abc import Callable

import structlog
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from kombu.exceptions import OperationalError as BrokerError

from recommender.snapshots.store import SnapshotUnavailable

log = structlog.get_logger(__name__)

RETRY_AFTER_SECONDS = 10
SQLITE_FAULTS = ("BUSY", "LOCKED", "CANTOPEN", "IOERR", "FULL", "READONLY", "PROTOCOL")
LIMIT_EXCEEDED = "54"  # PostgreSQL's class of statements that are too complex: ours to mend


class FaultsMiddleware:
    """Answers 503 instead of 500 when something that we need cannot be reached."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code == 503:
            response.headers.setdefault("Retry-After", str(RETRY_AFTER_SECONDS))
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return unavailable(request, error) if is_fault(error) else None


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's `handler500`; it also sees what other middleware raised."""
    error = sys.exc_info()[1]
    if error is not None and is_fault(error):
        return unavailable(request, error)
    return HttpResponse(render_to_string("500.html"), status=500)


def unavailable(request: HttpRequest, error: BaseException) -> HttpResponse:
    """The 503 page; the cause goes to the log in one line."""
    log.warning("unavailable", path=request.path, error=repr(error))
    return HttpResponse(render_to_string("503.html"), status=503)


def is_fault(error: BaseException) -> bool:
    """Whether `error` says that a service cannot be reached, and not that our code is wrong."""
    if isinstance(error, SnapshotUnavailable | BrokerError):
        return True
    if isinstance(error, InterfaceError):
        return connection.connection is None or bool(getattr(connection.connection, "closed", False))
    if not isinstance(error, OperationalError):
        return False
    # SQLite calls a missing table operational too; PostgreSQL gives lost connections no code.
    cause = error.__cause__
    if (name := getattr(cause, "sqlite_errorname", None)) is not None:
        return str(name).removeprefix("SQLITE_").split("_")[0] in SQLITE_FAULTS
    return not (getattr(cause, "sqlstate", None) or "").startswith(LIMIT_EXCEEDED)
