"""Long work as rows, on the refit's: who may start, who is given up, and how a row ends."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from recommender.models import ClusteringRun
from tracks.jobs.work import STALE_AFTER, Status, WorkSuperseded

pytestmark = pytest.mark.django_db


def running(**fields) -> ClusteringRun:
    work, created = ClusteringRun.objects.start(**fields)
    assert created
    return work


def grow_silent(work: ClusteringRun, by: timedelta = STALE_AFTER + timedelta(seconds=1)) -> None:
    ClusteringRun.objects.filter(pk=work.pk).update(heartbeat_at=timezone.now() - by)


def test_a_second_request_gets_the_work_in_flight():
    first, created = ClusteringRun.objects.request()
    second, created_again = ClusteringRun.objects.request()
    assert created and not created_again
    assert first == second


@pytest.mark.parametrize("status", [Status.DONE, Status.FAILED, Status.CANCELLED])
def test_work_that_has_ended_is_not_in_the_way(status):
    ClusteringRun.objects.create(status=status)
    assert ClusteringRun.objects.request()[1]


def test_an_error_that_is_not_the_lock_is_raised_and_not_asked_again_forever():
    active = ClusteringRun.objects.create(status=Status.DONE, is_active=True)
    with pytest.raises(IntegrityError):
        ClusteringRun.objects.request(is_active=True)
    assert list(ClusteringRun.objects.all()) == [active]


def test_queued_work_is_claimed_once():
    work, _ = ClusteringRun.objects.request()
    claimed = ClusteringRun.objects.claim()
    assert claimed == work
    assert claimed.status == Status.RUNNING
    assert claimed.started_at == claimed.heartbeat_at
    assert ClusteringRun.objects.claim() is None


def test_started_work_is_nobody_elses():
    work = running()
    assert ClusteringRun.objects.claim() is None
    assert work.duration < timedelta(seconds=5)


def test_silent_work_is_failed_with_a_reason_and_never_blocks_the_next():
    work = running()
    grow_silent(work)
    following, created = ClusteringRun.objects.request()
    work.refresh_from_db()
    assert created and following != work
    assert work.status == Status.FAILED
    assert "stopped answering" in work.error
    assert work.finished_at is not None


def test_work_with_a_recent_sign_of_life_goes_on():
    work = running()
    grow_silent(work, by=STALE_AFTER - timedelta(seconds=5))
    assert ClusteringRun.objects.fail_stale() == 0
    assert ClusteringRun.objects.request() == (work, False)


def test_queued_work_never_goes_stale():
    ClusteringRun.objects.request()
    ClusteringRun.objects.update(created_at=timezone.now() - timedelta(days=9))
    assert ClusteringRun.objects.fail_stale() == 0


def test_looking_for_stale_work_only_reads_when_there_is_none(django_assert_num_queries):
    running()
    with django_assert_num_queries(1) as asked:
        ClusteringRun.objects.fail_stale()
    assert asked[0]["sql"].startswith("SELECT")


def test_queued_work_is_cancelled_at_once():
    work, _ = ClusteringRun.objects.request()
    assert work.cancel()
    work.refresh_from_db()
    assert work.status == Status.CANCELLED
    assert work.finished_at is not None
    assert ClusteringRun.objects.claim() is None


def test_running_work_is_asked_to_stop_and_ended_work_cannot_be():
    work = running()
    assert work.cancel()
    work.refresh_from_db()
    assert work.cancel_requested and work.status == Status.RUNNING
    work.finish()
    assert not work.cancel()


def test_given_up_work_can_neither_finish_nor_fail_again():
    work = running()
    grow_silent(work)
    ClusteringRun.objects.fail_stale()
    with pytest.raises(WorkSuperseded, match="nothing was published"):
        work.finish(n_tracks=5)
    work.end(Status.CANCELLED, "too late")
    assert work.status == Status.FAILED
    assert work.n_tracks == 0


@pytest.mark.django_db(transaction=True)
def test_of_many_requests_at_once_one_is_created():
    results, barrier = [], threading.Barrier(8)

    def ask() -> None:
        try:
            barrier.wait()
            results.append(ClusteringRun.objects.request())
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [created for _work, created in results].count(True) == 1
    assert {work.pk for work, _created in results} == {ClusteringRun.objects.get().pk}


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_a_reader_does_not_wait_for_a_long_import_to_give_stale_work_up():
    import sqlite3
    import time

    work = running()
    grow_silent(work)
    writer = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    begin = time.monotonic()
    assert ClusteringRun.objects.fail_stale() == 0
    assert time.monotonic() - begin < connection.settings_dict["OPTIONS"]["timeout"] / 2
    writer.execute("ROLLBACK")
    writer.close()
    assert ClusteringRun.objects.fail_stale() == 1


def test_silence_is_judged_by_the_clock_of_the_database_not_by_that_of_a_host(monkeypatch):
    own_clock = timezone.now
    ahead = timedelta(seconds=45)
    work = running()

    monkeypatch.setattr(timezone, "now", lambda: own_clock() + ahead)
    assert ClusteringRun.objects.fail_stale() == 0
    monkeypatch.setattr(timezone, "now", lambda: own_clock() - ahead)
    grow_silent(work, by=timedelta(seconds=1))  # 46 s before the database's time
    assert ClusteringRun.objects.fail_stale() == 1


def test_a_host_whose_clock_is_ahead_starts_and_ends_work_by_that_of_the_database(monkeypatch):
    own_clock = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: own_clock() + timedelta(hours=1))
    work = running()
    work.finish()

    assert abs(work.started_at - own_clock()) < timedelta(minutes=5)
    assert work.started_at <= work.finished_at < own_clock() + timedelta(minutes=5)
