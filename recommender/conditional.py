"""Conditional requests (RFC 9110, section 13): an answer that still holds is a 304, without the work."""

import hashlib
from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.http import condition

from recommender.models import ClusteringRun
from tracks.jobs.work import Status
from tracks.models import CatalogueImport, CatalogueSettings

View = Callable[..., HttpResponseBase]
ETagFunction = Callable[..., str | None]
PROGRAM_FOLDERS = ("config", "recommender", "tracks", "templates", "static", "locale")
PROGRAM_FILES = {".py", ".html", ".css", ".js", ".svg", ".mo"}

# One statement, and raw: a repeated request does little else.
RUNS, IMPORTS, TITLES = (
    model._meta.db_table for model in (ClusteringRun, CatalogueImport, CatalogueSettings)
)
STATE_SQL = f"""
    SELECT
        (SELECT id FROM "{RUNS}" WHERE is_active),
        (SELECT id FROM "{IMPORTS}" WHERE status = %s ORDER BY id DESC LIMIT 1),
        (SELECT CAST(finished_at AS text) FROM "{IMPORTS}" WHERE status = %s ORDER BY id DESC LIMIT 1),
        (SELECT title FROM "{TITLES}")
"""


@cache
def software_version() -> str:
    """A digest of the program's own files and its pinned requirements: the same on every host."""
    paths = [settings.BASE_DIR / "requirements.txt"]
    for folder in PROGRAM_FOLDERS:
        found = (settings.BASE_DIR / folder).rglob("*")
        paths.extend(sorted(path for path in found if path.suffix in PROGRAM_FILES))
    digest = hashlib.blake2b(digest_size=8)
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def answering_state() -> tuple[Any, ...]:
    """What determines an answer: the active run, the newest finished import, the catalogue's title."""
    with connection.cursor() as cursor:
        cursor.execute(STATE_SQL, [Status.DONE, Status.DONE])
        state: tuple[Any, ...] = cursor.fetchone()
    return state


def run_etag(request: HttpRequest, *args: Any, **kwargs: Any) -> str | None:
    """The weak ETag of an answer that the active run and the catalogue determine.

    None before the first run, and while templates are edited (DEBUG): then there is nothing to compare.
    The session cookie changes at login and logout.
    """
    state = answering_state()
    run_id = state[0]
    if run_id is None or settings.DEBUG:
        return None
    key = (
        software_version(),
        state,
        get_language(),
        request.get_full_path(),
        request.META.get("HTTP_HX_REQUEST"),
        request.META.get("HTTP_HX_TARGET"),
        request.COOKIES.get(settings.SESSION_COOKIE_NAME),
    )
    return f'W/"{hashlib.blake2b(repr(key).encode(), digest_size=16).hexdigest()}"'


def clusters_etag(request: HttpRequest, *args: Any, **kwargs: Any) -> str | None:
    """As `run_etag`, for a page that shows the refit in flight: none while there is one."""
    return None if ClusteringRun.objects.in_flight().exists() else run_etag(request)


def revalidated(etag: ETagFunction, *, private: bool) -> Callable[[View], View]:
    """Decorate a view: caches keep its answer, and ask each time whether it still holds.

    `private` answers are kept by the visitor's browser alone, and vary with the session and with htmx.
    Only a success has an ETag: an error is always answered anew.
    """

    def decorate(view: View) -> View:
        conditional = condition(etag_func=etag)(view)

        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            response = conditional(request, *args, **kwargs)
            if response.status_code not in (200, 304):
                del response["ETag"]
            patch_cache_control(response, no_cache=True, **({"private": True} if private else {}))
            if private:
                patch_vary_headers(response, ("Cookie", "HX-Request", "HX-Target"))
            return response

        return answer

    return decorate


api_answer = revalidated(run_etag, private=False)
page = revalidated(run_etag, private=True)
clusters_page = revalidated(clusters_etag, private=True)
