"""Waking a worker by a message that may be lost."""

import subprocess
import sys

import pytest
from django.db import transaction

from tests.conftest import ROOT, celery_on, process_environment
from tracks.jobs.queue import wake_worker, wake_worker_on_commit

SWEEP = "recommender.tasks.sweep"
ASKING = """
import sys
import django
django.setup()
import config.urls
from tracks.jobs.queue import wake_worker
print(wake_worker("recommender.tasks.sweep"))
"""


def test_the_task_is_sent_by_its_name(sent):
    assert wake_worker(SWEEP)
    assert sent == [SWEEP]


def test_a_broker_that_is_away_is_no_error():
    with celery_on("redis://127.0.0.1:1/0"):
        assert not wake_worker(SWEEP)


@pytest.mark.django_db(transaction=True)
def test_nothing_is_sent_before_the_row_is_committed_or_when_it_is_not(sent):
    with transaction.atomic():
        wake_worker_on_commit(SWEEP)
        assert sent == []
    assert sent == [SWEEP]

    with transaction.atomic():
        wake_worker_on_commit(SWEEP)
        transaction.set_rollback(True)
    assert sent == [SWEEP]


def test_a_web_process_sends_to_the_site_s_own_broker(tmp_path):
    environment = process_environment(DATA_DIR=str(tmp_path), REDIS_URL="")

    done = subprocess.run([sys.executable, "-c", ASKING], cwd=ROOT, env=environment, capture_output=True)

    assert done.stdout.strip() == b"True", done.stderr
    assert len(list((tmp_path / "broker" / "queue").iterdir())) == 1
