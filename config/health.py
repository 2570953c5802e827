"""Two questions an operator's machines ask: is this process alive, and is the whole site ready?"""

from celery.exceptions import CeleryError
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from kombu.exceptions import KombuError, OperationalError

from config.celery import app
from recommender.snapshots.snapshot import SnapshotUnavailable, active_snapshot

WORKER_WAIT_SECONDS = 1.0
REMEMBER_SECONDS = 3  # asking a worker takes a moment, and anyone may ask us
BROKER_ERRORS = (OperationalError, KombuError, CeleryError, OSError)


def healthz(request: HttpRequest) -> JsonResponse:
    """200 as long as this process answers; nothing else is asked."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> JsonResponse:
    """200 when all parts of the site stand, else 503; the body says which do and what is wrong."""
    parts = cache.get_or_set("readyz", _check_all, REMEMBER_SECONDS) or {}
    ready = all(answer == "ok" for answer in parts.values())
    report = {"status": "ok" if ready else "failing", "checks": parts}
    return JsonResponse(report, status=200 if ready else 503)


def _check_all() -> dict[str, str]:
    parts = {"database": _database(), "broker": _broker(), "worker": "not asked: the broker fails"}
    if parts["broker"] == "ok":
        parts["worker"] = _worker()
    parts["active_run"] = _active_run() if parts["database"] == "ok" else "not asked: the database fails"
    return parts


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "no answer"
    return "ok"


def _broker() -> str:
    try:
        with app.connection_for_write(connect_timeout=2) as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
    except BROKER_ERRORS:
        return "no answer"
    return "ok"


def _worker() -> str:
    try:
        answers = app.control.ping(timeout=WORKER_WAIT_SECONDS, limit=1)
    except BROKER_ERRORS:
        return "cannot be asked"
    return "ok" if answers else "no answer: is a worker running?"


def _active_run() -> str:
    try:
        snapshot = active_snapshot()
    except DatabaseError:
        return "cannot be read: are the migrations applied?"
    except SnapshotUnavailable as error:
        return str(error)
    return "ok" if snapshot else "none yet: run refit_clusters"
