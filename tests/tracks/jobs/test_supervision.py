"""The running side of long work: progress, heartbeat, cancellation, and how each end is recorded."""

import os
import signal
import threading
import time
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from recommender.models import ClusteringRun
from tests.conftest import PATIENCE_SECONDS, wait_until
from tracks.jobs import supervision
from tracks.jobs.supervision import Supervision, WorkCancelled, perform
from tracks.jobs.work import STALE_AFTER, Status, WorkSuperseded

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def work() -> ClusteringRun:
    return ClusteringRun.objects.start()[0]


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(supervision, "POLL_SECONDS", 0.05)
    monkeypatch.setattr(supervision, "HEARTBEAT_EVERY", timedelta(seconds=0.1))


def elsewhere(function, *arguments) -> threading.Thread:
    """Call it in another thread, with a database connection of its own."""

    def call() -> None:
        try:
            function(*arguments)
        finally:
            connection.close()

    thread = threading.Thread(target=call)
    thread.start()
    return thread


def wait_forever(supervised: Supervision) -> None:
    supervised.progress("waiting", 10)
    while True:
        sum(range(1000))


def test_a_finished_body_leaves_the_row_done(work):
    perform(work, lambda supervised: work.finish(n_tracks=3))
    work.refresh_from_db()
    assert (work.status, work.percent, work.n_tracks) == (Status.DONE, 100, 3)
    assert work.duration > timedelta(0)


def test_progress_is_on_the_row_and_heard(work):
    heard, seen = [], []

    def body(supervised: Supervision) -> None:
        supervised.progress("first", 12.7)
        seen.append(ClusteringRun.objects.values_list("phase", "percent").get(pk=work.pk))
        supervised.progress("second", 250)
        work.finish()

    perform(work, body, on_progress=lambda phase, percent: heard.append((phase, percent)))
    assert seen == [("first", 12)]
    assert heard == [("first", 12), ("second", 99)]


def stored_phase(work: ClusteringRun) -> str:
    return ClusteringRun.objects.values_list("phase", flat=True).get(pk=work.pk)


def test_progress_inside_a_transaction_is_not_part_of_it(work, quick):
    def body(supervised: Supervision) -> None:
        with transaction.atomic():
            supervised.progress("inside", 40)
            transaction.set_rollback(True)
        wait_until(lambda: stored_phase(work) == "inside", "the phase is on the row")
        work.finish()

    perform(work, body)
    assert work.status == Status.DONE


@pytest.mark.postgres
def test_progress_inside_a_transaction_is_seen_by_others_before_it_ends(work, quick):
    seen = threading.Event()

    def look() -> None:
        wait_until(lambda: stored_phase(work) == "inside", "the phase is on the row")
        seen.set()

    def body(supervised: Supervision) -> None:
        with transaction.atomic():
            ClusteringRun.objects.create(status=Status.DONE)
            supervised.progress("inside", 40)
            elsewhere(look).join()
        work.finish()

    perform(work, body)
    assert seen.is_set()


def test_the_heart_beats_while_the_body_computes(work, quick):
    began = work.heartbeat_at

    def body(supervised: Supervision) -> None:
        wait_until(lambda: ClusteringRun.objects.get(pk=work.pk).heartbeat_at > began, "the heart beats")
        work.finish()

    perform(work, body)
    assert work.status == Status.DONE


@pytest.mark.postgres
def test_a_cancellation_in_the_middle_of_a_command_is_recorded(work, quick):
    def body(supervised: Supervision) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(60)")

    thread = elsewhere(lambda: (time.sleep(0.3), work.cancel()))
    perform(work, body)
    thread.join()
    assert work.status == Status.CANCELLED


def test_a_body_without_checks_is_cancelled(work):
    assert supervision.POLL_SECONDS <= 0.5  # so within two seconds, also where much else is computed
    thread = elsewhere(work.cancel)
    perform(work, wait_forever)
    assert work.status == Status.CANCELLED
    assert work.error == ""
    thread.join()


def test_libraries_that_catch_every_exception_cannot_swallow_a_cancellation(work, quick):
    def body(supervised: Supervision) -> None:
        try:
            wait_forever(supervised)
        except Exception:  # noqa: BLE001  (what libraries do)
            pytest.fail("swallowed")

    thread = elsewhere(work.cancel)
    perform(work, body)
    assert work.status == Status.CANCELLED
    thread.join()


@pytest.mark.postgres  # on SQLite nobody can write, so nor cancel, while a transaction does
def test_cancelling_inside_a_transaction_rolls_it_back(work, quick):
    def body(supervised: Supervision) -> None:
        with transaction.atomic():
            ClusteringRun.objects.create(status=Status.DONE, n_tracks=77)
            wait_forever(supervised)

    thread = elsewhere(lambda: (time.sleep(0.3), work.cancel()))
    perform(work, body)
    thread.join()
    assert work.status == Status.CANCELLED
    assert not ClusteringRun.objects.filter(n_tracks=77).exists()


def test_a_connection_left_in_the_middle_of_a_transaction_does_not_keep_the_end_from_the_row(work):
    def body(supervised: Supervision) -> None:
        transaction.atomic().__enter__()
        raise RuntimeError("interrupted in between")

    with pytest.raises(RuntimeError):
        perform(work, body)
    assert not connection.in_atomic_block
    assert ClusteringRun.objects.get(pk=work.pk).status == Status.FAILED


def test_a_cancellation_that_comes_while_publishing_is_too_late(work, quick):
    def body(supervised: Supervision) -> None:
        with supervised.protected():
            work.cancel()
            time.sleep(0.4)
            work.finish()

    perform(work, body)
    assert work.status == Status.DONE


def test_a_cancellation_before_publishing_is_not(work, quick):
    def body(supervised: Supervision) -> None:
        supervised._stop = WorkCancelled
        with supervised.protected():
            work.finish()

    perform(work, body)
    assert work.status == Status.CANCELLED


def test_off_the_main_thread_the_next_progress_ends_cancelled_work(work, quick):
    def body(supervised: Supervision) -> None:
        work.cancel()
        while True:
            supervised.progress("going on", 5)
            time.sleep(0.02)

    elsewhere(perform, work, body).join(timeout=PATIENCE_SECONDS)
    work.refresh_from_db()
    assert work.status == Status.CANCELLED


def test_work_that_was_given_up_stops_and_keeps_the_reason(work, quick):
    def body(supervised: Supervision) -> None:
        long_ago = timezone.now() - STALE_AFTER * 2
        ClusteringRun.objects.filter(pk=work.pk).update(heartbeat_at=long_ago)
        ClusteringRun.objects.fail_stale()
        wait_forever(supervised)

    with pytest.raises(WorkSuperseded):
        perform(work, body)
    assert work.status == Status.FAILED
    assert "stopped answering" in work.error


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (RuntimeError("the disk is full"), "RuntimeError: the disk is full"),
        (KeyError("x"), "KeyError: 'x'"),
        (MemoryError(), "MemoryError"),
        (SystemExit(1), "The worker was shut down. Start it again."),
        (WorkSuperseded(), "This work was given up before it ended; nothing was published. Start it again."),
    ],
)
def test_a_failure_is_recorded_and_raised(work, error, reason):
    def body(supervised: Supervision) -> None:
        raise error

    with pytest.raises(type(error)):
        perform(work, body)
    work.refresh_from_db()
    assert (work.status, work.error) == (Status.FAILED, reason)


def test_ctrl_c_cancels_and_is_raised(work):
    def body(supervised: Supervision) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(5)

    with pytest.raises(KeyboardInterrupt):
        perform(work, body)
    assert work.status == Status.CANCELLED
    assert "keyboard" in work.error


def test_signal_handler_and_watcher_are_gone_afterwards(work):
    before = signal.getsignal(signal.SIGUSR2)
    perform(work, lambda supervised: work.finish())
    assert signal.getsignal(signal.SIGUSR2) == before
    assert not [thread for thread in threading.enumerate() if thread.name == "work-supervision"]
