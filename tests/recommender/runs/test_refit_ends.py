"""Refits that are cancelled or killed, in every phase, as real processes on the tests' database."""

import os
import re
import signal
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from recommender.choices import Phase
from recommender.models import Assignment, Cluster, ClusteringRun
from recommender.runs.refitting import RefitParameters, perform_refit, start_refit
from recommender.snapshots.store import active_snapshot, snapshot_folder
from tests.conftest import Process, wait_until
from tests.factories import make_catalogue
from tracks.jobs.work import STALE_AFTER, Status

pytestmark = pytest.mark.django_db(transaction=True)


def refit() -> ClusteringRun:
    run, created = start_refit(RefitParameters(3))
    assert created
    perform_refit(run)
    return run


@pytest.fixture
def before() -> ClusteringRun:
    """The run that answers when the trouble begins."""
    make_catalogue(60)
    return refit()


def wait_for_hold(process: Process, phase: str) -> int:
    """The id of the process that holds in the phase."""
    wait_until(lambda: f"holding in {phase} as " in process.output(), f"{phase} is reached")
    return int(re.search(rf"holding in {phase} as (\d+)\n", process.output())[1])


@pytest.fixture
def hold(start_process):
    def start(phase: str) -> tuple[Process, ClusteringRun]:
        process = start_process("-m", "tests.recommender.runs.held_refit", phase)
        wait_for_hold(process, phase)
        return process, ClusteringRun.objects.latest("pk")

    return start


def nothing_of(run: ClusteringRun) -> bool:
    return not (
        Cluster.objects.filter(run=run).exists()
        or Assignment.objects.filter(run=run).exists()
        or snapshot_folder(run.pk).exists()
    )


def test_cancelled_in_any_phase_it_ends_there_and_the_old_run_answers(before, start_process):
    process = start_process("-m", "tests.recommender.runs.held_refit", *Phase.values)
    for phase in Phase.values:
        wait_for_hold(process, phase)
        run = ClusteringRun.objects.latest("pk")
        assert run.cancel()
        wait_until(lambda run=run: not ClusteringRun.objects.get(pk=run.pk).is_in_flight, "it ends")
        run.refresh_from_db()
        assert run.status == Status.CANCELLED, (phase, run.error)
        assert active_snapshot().run_id == before.pk
    assert process.wait() == 1
    assert process.output().count("Cancelled. Nothing was changed.") == len(Phase.values)
    assert all(nothing_of(run) for run in ClusteringRun.objects.filter(status=Status.CANCELLED))


def test_killed_in_any_phase_it_blocks_nobody_and_the_old_run_answers(before, start_process):
    phases = [*Phase.values, "transaction"]
    process = start_process("-m", "tests.recommender.runs.held_refit", *phases)
    for phase in phases:
        pid = wait_for_hold(process, phase)
        killed = ClusteringRun.objects.latest("pk")
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda pid=pid: not Path(f"/proc/{pid}").exists(), "it is gone")
        assert active_snapshot().run_id == before.pk
        silent_since = timezone.now() - STALE_AFTER - timedelta(seconds=1)
        ClusteringRun.objects.filter(pk=killed.pk).update(heartbeat_at=silent_since)
        process.popen.send_signal(signal.SIGUSR1)  # the next refit gives up the dead one as it starts
    assert process.wait() == 0
    following = refit()
    assert ClusteringRun.objects.active() == following
    given_up = ClusteringRun.objects.filter(status=Status.FAILED)
    assert given_up.count() == len(phases)
    for killed in given_up:
        assert "stopped answering" in killed.error
        assert nothing_of(killed)
    folders = sorted(folder.name for folder in snapshot_folder(0).parent.iterdir())
    assert folders == sorted(f"run-{run.pk}" for run in (before, following))


def test_a_running_refit_keeps_showing_signs_of_life(before, hold):
    _process, run = hold("fitting")
    long_ago = timezone.now() - STALE_AFTER + timedelta(seconds=8)
    ClusteringRun.objects.filter(pk=run.pk).update(heartbeat_at=long_ago)
    wait_until(lambda: ClusteringRun.objects.get(pk=run.pk).heartbeat_at > long_ago, "the heart beats")
    assert ClusteringRun.objects.fail_stale() == 0


def test_a_second_command_meanwhile_is_told_and_changes_nothing(before, hold):
    _process, run = hold("scoring")
    with pytest.raises(Exception, match="already running, started at"):
        call_command("refit_clusters", "--verbosity", "0")
    assert ClusteringRun.objects.latest("pk") == run
