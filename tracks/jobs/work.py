"""Long work as rows: one at a time of a kind, with progress, a heartbeat and cancellation.

An import and a refit are both *work*: somebody asks for it, a worker claims it, everyone may watch
it, it can be cancelled while queued or running, and when its worker dies the row says so and the
next one may start. The row is the queue: a lost broker message loses nothing.

Times are written and compared by the database's clock alone: the clocks of hosts differ.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, ClassVar, Self

import structlog
from django.conf import settings
from django.contrib.auth import get_permission_codename
from django.db import IntegrityError, OperationalError, connection, models, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

log = structlog.get_logger(__name__)

STALE_AFTER = timedelta(seconds=30)
REQUEST_ATTEMPTS = 5
IMPATIENT_MS = 200


class WorkSuperseded(Exception):
    """The row is no longer running (marked failed while its worker was silent): nothing may be published."""

    def __str__(self) -> str:
        return gettext("This work was given up before it ended; nothing was published. Start it again.")


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


@contextmanager
def short_lock_timeout() -> Iterator[None]:
    """Wait only a moment for SQLite's one write lock: whoever watches must not stand in a queue.

    Raises OperationalError at once instead of after the usual timeout. PostgreSQL locks rows, not
    the database, and is left as it is.
    """
    if connection.vendor != "sqlite":
        yield
        return
    usual_ms = int(1000 * connection.settings_dict["OPTIONS"].get("timeout", 5))
    _set_busy_timeout(IMPATIENT_MS)
    try:
        yield
    finally:
        _set_busy_timeout(usual_ms)


def _set_busy_timeout(milliseconds: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {milliseconds}")


class WorkQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def in_flight(self) -> Self:
        return self.filter(status__in=IN_FLIGHT)

    def fail_stale(self) -> int:
        """Mark running rows whose worker has been silent for `STALE_AFTER` as failed; return how many.

        Cheap when there are none, so readers of a status may ask too.
        """
        stale = self.filter(status=Status.RUNNING, heartbeat_at__lt=Now() - STALE_AFTER)
        if not stale.exists():
            return 0
        reason = gettext(
            "The worker stopped answering (killed or out of memory?). Nothing was changed; start it again."
        )
        try:
            with short_lock_timeout():
                return stale.update(status=Status.FAILED, error=reason, finished_at=Now())
        except OperationalError as error:
            if connection.vendor != "sqlite":
                raise
            # Somebody holds the write lock, perhaps this very work, publishing: the next look decides.
            log.info("stale_check_postponed", error=str(error))
            return 0

    def request(self, **fields: Any) -> tuple[Any, bool]:
        """Queue new work, or return what is in flight already: `(work, created)`."""
        self.fail_stale()
        for _attempt in range(REQUEST_ATTEMPTS):
            try:
                with transaction.atomic():
                    return self.create(**fields), True
            except IntegrityError as error:
                existing, failure = self.in_flight().first(), error
            if existing is not None:
                return existing, False
        raise failure  # not the lock, then: it is free each time we look

    def start(self, **fields: Any) -> tuple[Any, bool]:
        """As `request`, but already claimed: for whoever performs the work in this very process."""
        work, created = self.request(status=Status.RUNNING, started_at=Now(), heartbeat_at=Now(), **fields)
        if created:
            work.refresh_from_db(fields=["started_at", "heartbeat_at"])
        return work, created

    def claim(self, **lookup: Any) -> Any | None:
        """Take the oldest queued row matching `lookup`, or None when another worker was first."""
        work = self.filter(status=Status.QUEUED, **lookup).order_by("pk").first()
        if work is None:
            return None
        claimed = self.filter(pk=work.pk, status=Status.QUEUED).update(
            status=Status.RUNNING, started_at=Now(), heartbeat_at=Now()
        )
        if not claimed:
            return None
        work.refresh_from_db()
        return work


class Work(models.Model):
    """What an import and a refit have in common. A kind says which `phases` it goes through."""

    phases: ClassVar[type[models.TextChoices]]

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

    @classmethod
    def permission(cls, action: str) -> str:
        """The permission that an action of `default_permissions` asks for, the same at every door."""
        return f"{cls._meta.app_label}.{get_permission_codename(action, cls._meta)}"

    @property
    def is_in_flight(self) -> bool:
        return self.status in IN_FLIGHT

    @property
    def phase_label(self) -> str:
        """The phase in the reader's language; "" while there is none."""
        return str(self.phases(self.phase).label) if self.phase in self.phases else ""

    @property
    def stage(self) -> str:
        """What is worth telling anew when it changes: the phase, that it is being cancelled, or the end."""
        if not self.is_in_flight:
            return self.status
        return "cancelling" if self.cancel_requested else self.phase

    @property
    def duration(self) -> timedelta | None:
        """From the start to the end, or to now while running; None before the start."""
        if self.started_at is None:
            return None
        return max((self.finished_at or timezone.now()) - self.started_at, timedelta(0))

    def rows(self, *statuses: Status) -> models.QuerySet[Any]:
        """This row, if it still has one of `statuses` in the database: for conditional updates."""
        return type(self)._default_manager.filter(pk=self.pk, status__in=statuses)

    def cancel(self) -> bool:
        """Stop this work: at once while queued, within two seconds while running. False when it has ended."""
        if self.rows(Status.QUEUED).update(status=Status.CANCELLED, finished_at=Now()):
            return True
        return bool(self.rows(Status.RUNNING).update(cancel_requested=True))

    def finish(self, **fields: Any) -> None:
        """Mark the running row done; call it inside the transaction that publishes the result.

        Raises `WorkSuperseded` when the row is no longer running, so that the transaction rolls back.
        """
        fields |= {"status": Status.DONE, "percent": 100, "finished_at": Now()}
        with transaction.atomic():  # nobody sees the row done before this object says so, too
            if not self.rows(Status.RUNNING).update(**fields):
                raise WorkSuperseded
            self.refresh_from_db(fields=fields)

    def end(self, status: Status, error: str = "") -> None:
        """Mark the running row failed or cancelled; a row that has ended meanwhile stays as it is."""
        self.rows(Status.RUNNING).update(status=status, error=error, finished_at=Now())
        self.refresh_from_db()
