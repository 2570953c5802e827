"""Work of one kind: how it is requested, performed and given up. One at a time; its row is the queue,
and a message to a worker only says that there is one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Generic, TypeVar

import structlog
from celery import current_app
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from tracks.jobs.presence import is_gone, present
from tracks.jobs.supervision import ProgressListener, Supervision, perform
from tracks.jobs.work import Status, Work

log = structlog.get_logger(__name__)

W = TypeVar("W", bound=Work)


def wake_worker(task: str) -> bool:
    """Send a worker the task of this name: whether the broker took it.

    When it did not, what is queued waits for the sweep, which wakes a worker once the broker is back.
    """
    try:
        current_app.send_task(task, retry=False)
    except (OperationalError, OSError) as error:
        log.warning("worker_not_woken", task=task, error=str(error))
        return False
    return True


def wake_worker_on_commit(task: str) -> None:
    """As `wake_worker`, once the row that it is to find is committed."""
    transaction.on_commit(partial(wake_worker, task))


@dataclass(frozen=True)
class Queue(Generic[W]):
    """The rows of `model`, a kind of `Work`.

    `task` is the Celery task that performs what is queued. The folder of this name, in DATA_DIR, holds the
    files that work of this kind writes, and the locks that tell that its process lives.
    """

    model: type[W]
    task: str
    folder_name: str

    @property
    def folder(self) -> Path:
        return Path(settings.DATA_DIR) / self.folder_name

    @property
    def _rows(self) -> Any:
        return self.model._default_manager

    def request(self, **fields: Any) -> tuple[W, bool]:
        """Queue work, or return what is in flight: `(work, created)`. A worker takes it at its next sweep."""
        self.fail_dead()
        requested: tuple[W, bool] = self._rows.request(**fields)
        return requested

    def request_now(self, **fields: Any) -> tuple[W, bool]:
        """As `request`, and wake a worker for it."""
        work, created = self.request(**fields)
        if created:
            wake_worker_on_commit(self.task)
        return work, created

    def start(self, **fields: Any) -> tuple[W, bool]:
        """As `request`, but claimed for this process, which then performs it."""
        self.fail_dead()
        started: tuple[W, bool] = self._rows.start(**fields)
        return started

    def perform(
        self, work: Work, body: Callable[[Supervision], None], on_progress: ProgressListener | None = None
    ) -> None:
        """Perform claimed work: it ends done, cancelled, or failed with the reason raised again."""
        kind = work._meta.model_name
        log.info("work_started", kind=kind, id=work.pk)
        with present(self.folder, work.pk):
            perform(work, body, on_progress=on_progress)
        seconds = work.duration and round(work.duration.total_seconds(), 2)
        log.info("work_ended", kind=kind, id=work.pk, status=work.status, seconds=seconds)

    def perform_next(self, perform: Callable[[W], None]) -> W | None:
        """Claim the queued row and perform it; None when there is none, or another worker was first."""
        work: W | None = self._rows.claim()
        if work is not None:
            perform(work)
        return work

    def fail_dead(self) -> None:
        """Mark work whose process is gone as failed: at once on its machine, elsewhere by heartbeat."""
        self._rows.fail_stale()
        for work in self._rows.filter(status=Status.RUNNING):
            if is_gone(self.folder, work.pk):
                work.end(Status.FAILED, _("Its process was killed. Nothing was changed; start it again."))

    def sweep(self) -> None:
        """Give up what is dead, and wake a worker for what still waits: its message may have been lost."""
        self.fail_dead()
        if self._rows.filter(status=Status.QUEUED).exists():
            wake_worker(self.task)
