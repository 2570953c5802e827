"""The running side of long work: progress out, heartbeat out, cancellation in, the end recorded."""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import structlog
from django.db import Error, connection
from django.db.models.functions import Now
from django.utils.translation import gettext

from tracks.error_texts import without_folders
from tracks.jobs.work import Status, Work, WorkSuperseded, short_lock_timeout

log = structlog.get_logger(__name__)

HEARTBEAT_EVERY = timedelta(seconds=5)
POLL_SECONDS = 0.5
PROGRESS_WRITE_SECONDS = 0.25
STOP_AGAIN_SECONDS = 10
CANCEL_SECONDS = 5

ProgressListener = Callable[[str, int], None]


class WorkCancelled(BaseException):
    """Somebody asked for this work to stop.

    Like KeyboardInterrupt it can arrive between any two bytecodes, and like it, it must pass the
    `except Exception` of the libraries that happen to be running.
    """


class Supervision:
    """What the body of a work row sees of its supervision.

    A thread watches the row. When it is cancelled (or given up as stale), the thread signals the
    main thread, whose handler raises between two bytecodes, so that a long numeric loop needs no
    checks of its own. Off the main thread the stop waits for the next `progress` call.
    """

    def __init__(self, work: Work, on_progress: ProgressListener | None = None) -> None:
        self.work = work
        self._on_progress = on_progress
        self._ended = threading.Event()
        self._stop: type[BaseException] | None = None
        self._protected = False
        self._last_write = self._last_beat = time.monotonic()
        self._next_signal = 0.0
        self._unwritten = False
        self._main = threading.main_thread() is threading.current_thread()
        self._target = threading.get_ident()

    def progress(self, phase: str, percent: float) -> None:
        """Report the named phase and the percent of the whole work that is behind us."""
        self._raise_if_stopped()
        whole, same = min(99, int(percent)), phase == self.work.phase
        self.work.phase, self.work.percent, self._unwritten = phase, whole, True
        if self._on_progress:
            self._on_progress(phase, whole)
        recent = time.monotonic() - self._last_write < PROGRESS_WRITE_SECONDS
        # Inside a transaction nobody would see it, and the row would stay locked: the watcher writes it.
        if not (same and recent) and not connection.in_atomic_block:
            self._write_progress()

    @contextmanager
    def protected(self) -> Iterator[None]:
        """Publishing: a cancellation that arrives in here comes too late and is ignored."""
        self._protected = True
        try:
            self._raise_if_stopped(protected=False)
            yield
        finally:
            self._protected = False

    def _write_progress(self) -> None:
        self._last_write, self._unwritten = time.monotonic(), False
        self.work.rows(Status.RUNNING).update(phase=self.work.phase, percent=self.work.percent)

    def _raise_if_stopped(self, *, protected: bool | None = None) -> None:
        if self._stop is not None and not (self._protected if protected is None else protected):
            raise self._stop

    def _on_signal(self, signum: int, frame: object) -> None:
        if self.work.status == Status.RUNNING:
            self._raise_if_stopped()

    def _watch(self) -> None:
        try:
            while not self._ended.wait(POLL_SECONDS) and self.work.status == Status.RUNNING:
                try:
                    with short_lock_timeout():
                        self._check_row()
                except Error as error:  # a lock held for long, or a database that is restarting
                    log.debug("heartbeat_missed", work=str(self.work), error=str(error))
                    connection.close_if_unusable_or_obsolete()
                now = time.monotonic()
                if self._stop and self._main and not self._protected and now >= self._next_signal:
                    self._next_signal = now + STOP_AGAIN_SECONDS  # it may still be rolling back
                    signal.pthread_kill(self._target, signal.SIGUSR2)
        finally:
            connection.close()

    def _check_row(self) -> None:
        """See whether to stop, and write the heartbeat and the progress that are due."""
        cancelled = self.work.rows(Status.RUNNING).values_list("cancel_requested", flat=True).first()
        if cancelled:
            self._stop = WorkCancelled
        elif cancelled is None and self.work.status == Status.RUNNING:
            self._stop = WorkSuperseded
        if time.monotonic() - self._last_beat >= HEARTBEAT_EVERY.total_seconds():
            self.work.rows(Status.RUNNING).update(heartbeat_at=Now())
            self._last_beat = time.monotonic()
        if self._unwritten:
            self._write_progress()

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Watch the row for the length of the block."""
        previous = signal.signal(signal.SIGUSR2, self._on_signal) if self._main else None
        watcher = threading.Thread(target=self._watch, name="work-supervision", daemon=True)
        watcher.start()
        try:
            yield
        finally:
            self._protected = True  # from here on a late signal must not interrupt the clean-up
            self._ended.set()
            watcher.join()
            if self._main:
                signal.signal(signal.SIGUSR2, previous or signal.SIG_DFL)


def perform(
    work: Work, body: Callable[[Supervision], None], *, on_progress: ProgressListener | None = None
) -> None:
    """Run `body` for a claimed row: it ends done (by `finish`), cancelled, or failed with its reason.

    A failure is recorded on the row and raised again; a cancellation is an ordinary end, and so is
    Ctrl-C for the row, though it is raised again.
    """
    in_transaction = connection.in_atomic_block
    supervision = Supervision(work, on_progress)
    try:
        with supervision.watched():
            body(supervision)
    except WorkCancelled:
        _record_end(work, Status.CANCELLED, "", in_transaction)
    except KeyboardInterrupt:
        _record_end(work, Status.CANCELLED, gettext("Interrupted at the keyboard."), in_transaction)
        raise
    except BaseException as error:  # with SystemExit, by which Celery shuts a worker down
        log.warning("work_failed", work=str(work), error=repr(error))
        reason = without_folders(error) if str(error) else ""
        if isinstance(error, SystemExit):
            reason = gettext("The worker was shut down. Start it again.")
        elif type(error).__module__ == "builtins" or not reason:
            # Our own errors say what to do; the text of a built-in one ("'x'") needs its type.
            reason = ": ".join(filter(None, (type(error).__name__, reason)))
        _record_end(work, Status.FAILED, reason, in_transaction)
        raise


def _record_end(work: Work, status: Status, error: str, in_transaction: bool) -> None:
    if not in_transaction and (connection.in_atomic_block or not connection.is_usable()):
        # Interrupted while a transaction began or ended, or a command ran: only a new connection is clean.
        if connection.vendor == "postgresql" and connection.connection is not None:
            connection.connection.cancel_safe(timeout=CANCEL_SECONDS)  # closing would let the command run on
        connection.close()
        connection.connect()
    work.end(status, error)
