"""Two questions an operator's machines ask: is this process alive, and is the whole site ready?"""

import threading
import time

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.utils.timezone import localtime

from config.worker_health import broker, worker
from recommender.runs.schedule import beat_status
from recommender.snapshots.store import SnapshotUnavailable, active_snapshot

FRESH_SECONDS = 1.0
WAIT_SECONDS = 1.5
NEEDED = ("database", "broker", "worker", "active_run")  # the site answers while no beat runs


def healthz(request: HttpRequest) -> JsonResponse:
    """200 as long as this process answers; nothing else is asked."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> JsonResponse:
    """200 when all parts of the site stand, else 503; the body says which do and what is wrong."""
    checks = readiness.checks()
    ready = all(checks.get(name) == "ok" for name in NEEDED)
    report = {"status": "ok" if ready else "failing", "checks": checks}
    return JsonResponse(report, status=200 if ready else 503)


class Readiness:
    """The state of all parts, found by one background thread that all askers share.

    At most one asker waits for it, `WAIT_SECONDS` at most; the others are told what is known so far. So
    asking keeps no more than one thread of the server, however frozen a part is.
    """

    def __init__(self) -> None:
        self._lock, self._one_waits = threading.Lock(), threading.Lock()
        self._thread: threading.Thread | None = None
        self._found: dict[str, str] = {}
        self._found_at = float("-inf")
        self._last: dict[str, str] = {}

    def checks(self) -> dict[str, str]:
        """What every part answered; "no answer yet" of what does not answer."""
        with self._lock:
            if self._is_known(FRESH_SECONDS):
                return self._last
            if self._thread is None or not self._thread.is_alive():
                self._found = dict.fromkeys(NEEDED, "no answer yet")
                self._thread = threading.Thread(target=self._find, name="readiness", daemon=True)
                self._thread.start()
            thread = self._thread
        if self._one_waits.acquire(blocking=False):
            try:
                thread.join(WAIT_SECONDS)
            finally:
                self._one_waits.release()
        with self._lock:
            return self._last if self._is_known(FRESH_SECONDS + WAIT_SECONDS) else dict(self._found)

    def forget(self) -> None:
        """Ask every part anew at the next question."""
        if self._thread:
            self._thread.join()
        self._found_at = float("-inf")

    def _is_known(self, seconds: float) -> bool:
        return time.monotonic() - self._found_at < seconds

    def _find(self) -> None:
        try:
            for name, check in CHECKS.items():
                answer = check()
                with self._lock:
                    self._found[name] = answer
            with self._lock:
                self._last, self._found_at = dict(self._found), time.monotonic()
        finally:
            connection.close()


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


def _beat() -> str:
    try:
        beat = beat_status()
    except DatabaseError:
        return "not known"
    if beat.is_overdue and beat.last_sent_at:
        last = localtime(beat.last_sent_at).isoformat(timespec="seconds")
        return f"has sent nothing since {last}: is it running?"
    return "ok"


CHECKS = {
    "database": _database,
    "active_run": _active_run,
    "beat": _beat,
    "broker": broker,
    "worker": worker,
}
readiness = Readiness()
