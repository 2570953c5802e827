"""`manage.py refit_clusters`, in this process and as the real one it is."""

import os
import re
import signal
import subprocess
import sys
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from recommender.models import ClusteringRun
from tests.conftest import ROOT
from tests.factories import make_catalogue
from tests.recommender.runs.test_refit_ends import wait_for_hold
from tracks.jobs.work import Status

pytestmark = pytest.mark.django_db(transaction=True)


def refit(*arguments: str) -> str:
    out = StringIO()
    call_command("refit_clusters", *arguments, "--verbosity", "0", stdout=out)
    return out.getvalue()


def test_it_publishes_a_run_and_tells_its_clusters():
    make_catalogue(60)
    said = refit("--n-clusters", "3", "--random-state", "5")
    run = ClusteringRun.objects.active()
    assert run.parameters == {"n_clusters": 3, "random_state": 5, "feature_space": "context"}
    assert f"Run {run.pk} is published: 60 tracks in 3 clusters" in said
    assert all(cluster.name in said for cluster in run.clusters.all())


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("--n-clusters", "1"), "n_clusters must be a whole number from 2 to 256, not 1."),
        (("--random-state", "-4"), "random_state must be a whole number from 0"),
    ],
)
def test_bad_parameters_are_refused_and_leave_no_run(arguments, text):
    with pytest.raises(CommandError, match=re.escape(text)):
        refit(*arguments)
    assert not ClusteringRun.objects.exists()


def test_an_empty_catalogue_is_told_to_import_first():
    with pytest.raises(CommandError, match="Import tracks first"):
        refit()
    assert ClusteringRun.objects.get().status == Status.FAILED


def test_a_second_refit_is_told_when_the_first_started():
    run, _ = ClusteringRun.objects.start()
    with pytest.raises(CommandError, match=rf"already running, started at .* \(Run {run.pk}\)"):
        refit()
    assert ClusteringRun.objects.count() == 1


def test_help_teaches_with_examples(start_process):
    process = start_process("manage.py", "refit_clusters", "--help")
    assert process.wait() == 0
    assert "--n-clusters 12      exactly 12 clusters" in process.output()
    assert "the same seed" in process.output()


def test_as_a_process_it_shows_progress_and_exits_with_zero(start_process):
    make_catalogue(60)
    process = start_process("manage.py", "refit_clusters", "--n-clusters", "3")
    assert process.wait() == 0, process.output()
    assert "fitting the clusters" in process.output()
    assert ClusteringRun.objects.active().fitted["n_clusters"] == 3


def test_as_a_process_it_exits_with_one_and_without_a_traceback_on_failure(start_process):
    process = start_process("manage.py", "refit_clusters")
    assert process.wait() == 1
    assert "Import tracks first" in process.output()
    assert "Traceback" not in process.output()


def test_ctrl_c_cancels_the_run_and_exits_with_one(start_process):
    make_catalogue(60)
    process = start_process("-m", "tests.recommender.runs.held_refit", "fitting")
    os.kill(wait_for_hold(process, "fitting"), signal.SIGINT)
    assert process.wait() == 1
    assert "Interrupted. Nothing was changed." in process.output()
    assert "Traceback" not in process.output()
    assert ClusteringRun.objects.get().status == Status.CANCELLED


def test_asking_loads_neither_scikit_learn_nor_scipy_nor_pandas():
    code = (
        "import django; django.setup(); import recommender.admin, recommender.tasks, config.urls, sys;"
        "print([name for name in ('sklearn', 'scipy', 'pandas') if name in sys.modules])"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip().splitlines()[-1] == "[]"
