"""Long work as rows: one at a time of a kind, with progress, a heartbeat and cancellation.

An import and a refit are both *work*: somebody asks for it, a worker claims it, everyone may watch
it, it can be cancelled while queued or running, and when its worker dies the row says so and the
next one may start. The row is the queue: a lost broker message loses nothing.
"""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Self

import structlog
from django.conf import settings
from django.db import IntegrityError, OperationalError, connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

log = structlog.get_logger(__name__)

HEARTBEAT_EVERY = timedelta(seconds=5)
STALE_AFTER = timedelta(seconds=40)
CANCEL_POLL_SECONDS = 0.5
PROGRESS_WRITE_SECONDS = 0.25


class WorkCancelled(Exception):
    """Somebody asked for this work to stop."""


class WorkSuperseded(Exception):
    """The row is no longer running (marked failed while its worker was silent): nothing may be published."""


class Status(models.TextChoices):
    QUEUED = "queued", _("queued")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


IN_FLIGHT = (Status.QUEUED, Status.RUNNING)


def one_in_flight(name: str) -> models.UniqueConstraint:
    """The constraint that is the lock: at most one queued or running row in the table."""
    slot = models.Case(models.When(status__in=IN_FLIGHT, then=models.Value(1)))
    return models.UniqueConstraint(slot, name=name)


class WorkQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def in_flight(self) -> Self:
        return self.filter(status__in=IN_FLIGHT)

    def fail_stale(self) -> int:
        """Mark running rows whose worker has been silent for `STALE_AFTER` as failed; return how many."""
        now = timezone.now()
        stale = self.filter(status=Status.RUNNING, heartbeat_at__lt=now - STALE_AFTER)
        reason = gettext(
            "The worker stopped answering (killed or out of memory?). Nothing was changed; start it again."
        )
        return stale.update(status=Status.FAILED, error=reason, finished_at=now)

    def request(self, **fields: Any) -> tuple[Any, bool]:
        """Queue new work, or return what is in flight already: `(work, created)`."""
        self.fail_stale()
        try:
            with transaction.atomic():
                return self.create(**fields), True
        except IntegrityError:
            existing = self.in_flight().first()
            if existing is None:  # it ended between the two statements
                return self.request(**fields)
            return existing, False

    def claim(self, **lookup: Any) -> Any | None:
        """Take the oldest queued row matching `lookup`, or None when another worker was first."""
        work = self.filter(status=Status.QUEUED, **lookup).order_by("pk").first()
        if work is None:
            return None
        now = timezone.now()
        claimed = self.filter(pk=work.pk, status=Status.QUEUED).update(
            status=Status.RUNNING, started_at=now, heartbeat_at=now
        )
        if not claimed:
            return None
        work.refresh_from_db()
        return work


class Work(models.Model):
    """What an import and a refit have in common."""

    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.QUEUED)
    phase = models.CharField(_("phase"), max_length=40, blank=True)
    percent = models.PositiveSmallIntegerField(_("percent"), default=0)
    cancel_requested = models.BooleanField(_("cancel requested"), default=False)
    error = models.TextField(_("error"), blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("requested by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    heartbeat_at = models.DateTimeField(_("last sign of life"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def is_in_flight(self) -> bool:
        return self.status in IN_FLIGHT

    def _rows(self, *statuses: Status) -> models.QuerySet[Any]:
        return type(self)._default_manager.filter(pk=self.pk, status__in=statuses)

    def cancel(self) -> bool:
        """Stop this work: at once while queued, within two seconds while running. False when it has ended."""
        now = timezone.now()
        if self._rows(Status.QUEUED).update(status=Status.CANCELLED, finished_at=now):
            return True
        return bool(self._rows(Status.RUNNING).update(cancel_requested=True))

    def finish(self, **fields: Any) -> None:
        """Mark the running row done; call it inside the transaction that publishes the result.

        Raises `WorkSuperseded` when the row is no longer running, so that the transaction rolls back.
        """
        fields |= {"status": Status.DONE, "percent": 100, "finished_at": timezone.now()}
        if not self._rows(Status.RUNNING).update(**fields):
            raise WorkSuperseded
        for name, value in fields.items():
            setattr(self, name, value)

    def _end(self, status: Status, error: str = "") -> None:
        self._rows(Status.RUNNING).update(status=status, error=error, finished_at=timezone.now())
        self.refresh_from_db()


class Supervision:
    """The running side of one work row: progress out, heartbeat out, cancellation in.

    A thread watches the row. When it is cancelled, the thread signals the main thread, whose handler
    raises `WorkCancelled` between two bytecodes, so that a long numeric loop needs no checks of its
    own. Off the main thread (tests, embedded use) cancellation waits for the next `progress` call.
    """

    def __init__(self, work: Work, on_progress: Callable[[str, int], None] | None = None) -> None:
        self.work = work
        self._on_progress = on_progress
        self._stop = threading.Event()
        self._cancelled = threading.Event()
        self._protected = False
        self._last_write = 0.0
        self._main = threading.main_thread() is threading.current_thread()
        self._target = threading.get_ident()

    def progress(self, phase: str, percent: float) -> None:
        """Report the named phase and the percent of the whole work that is behind us."""
        self._raise_if_cancelled()
        now, whole = time.monotonic(), min(99, int(percent))
        if self._on_progress:
            self._on_progress(phase, whole)
        # While publishing, the row belongs to the publishing transaction: a write would lock out the heartbeat.
        recent = phase == self.work.phase and now - self._last_write < PROGRESS_WRITE_SECONDS
        if recent or self._protected:
            return
        self._last_write = now
        self.work.phase, self.work.percent = phase, whole
        self.work._rows(Status.RUNNING).update(phase=phase, percent=whole)

    @contextmanager
    def protected(self) -> Iterator[None]:
        """Publishing: a cancellation that arrives in here comes too late and is ignored."""
        self._raise_if_cancelled()
        self._protected = True
        try:
            yield
        finally:
            self._protected = False

    def _raise_if_cancelled(self) -> None:
        if self._cancelled.is_set() and not self._protected:
            raise WorkCancelled

    def _on_signal(self, signum: int, frame: object) -> None:
        self._raise_if_cancelled()

    def _watch(self) -> None:
        try:
            last_beat = time.monotonic()
            while not self._stop.wait(CANCEL_POLL_SECONDS):
                last_beat = self._watch_once(last_beat)
        finally:
            connection.close()

    def _watch_once(self, last_beat: float) -> float:
        rows = self.work._rows(Status.RUNNING)
        try:
            cancelled = rows.values_list("cancel_requested", flat=True).first()
            if time.monotonic() - last_beat >= HEARTBEAT_EVERY.total_seconds():
                rows.update(heartbeat_at=timezone.now())
                last_beat = time.monotonic()
        except (
            OperationalError
        ) as error:  # our own publishing holds the lock
            log.warning("heartbeat_missed", work=str(self.work), error=str(error))
            return last_beat
        if cancelled:
            self._cancelled.set()
            if self._main and not self._stop.is_set():
                signal.pthread_kill(self._target, signal.SIGUSR2)
        return last_beat

    @contextmanager
    def _watched(self) -> Iterator[None]:
        previous = signal.signal(signal.SIGUSR2, self._on_signal) if self._main else None
        watcher = threading.Thread(target=self._watch, name="work-supervision", daemon=True)
        watcher.start()
        try:
            yield
        finally:
            self._protected = True  # from here on a late signal must not interrupt the clean-up
            self._stop.set()
            watcher.join()
            if self._main:
                signal.signal(signal.SIGUSR2, previous)


def perform(
    work: Work,
    body: Callable[[Supervision], None],
    *,
    on_progress: Callable[[str, int], None] | None = None,
) -> None:
    """Run `body` for a claimed row: it ends done (by `finish`), cancelled, or failed with its reason.

    A failure is recorded on the row and raised again; a cancellation is an ordinary end.
    """
    supervision = Supervision(work, on_progress)
    try:
        with supervision._watched():
            body(supervision)
    except WorkCancelled:
        work._end(Status.CANCELLED)
    except BaseException as error:
        work._end(Status.FAILED, str(error) or type(error).__name__)
        raise
