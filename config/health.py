"""Two questions an operator's machines ask: is this process alive, and is the whole site ready?"""

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

from recommender.snapshots.snapshot import SnapshotUnavailable, active_snapshot

REMEMBER_SECONDS = 3  # asking a worker takes a moment, and anyone may ask us


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
    # Imported when it is asked: Celery is 7 MB, and most sites have nothing that asks.
    from config.worker_health import broker, worker

    parts = {"database": _database(), "broker": broker(), "worker": "not asked: the broker fails"}
    if parts["broker"] == "ok":
        parts["worker"] = worker()
    parts["active_run"] = _active_run() if parts["database"] == "ok" else "not asked: the database fails"
    return parts


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "no answer"
    return "ok"


def _active_run() -> str:
    try:
        snapshot = active_snapshot()
    except DatabaseError:
        return "cannot be read: are the migrations applied?"
    except SnapshotUnavailable as error:
        return str(error)
    return "ok" if snapshot else "none yet: run refit_clusters"
