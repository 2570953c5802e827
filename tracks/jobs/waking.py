"""Waking a worker: the row is the queue (tracks/jobs/work.py), and a message only says that there is one."""

from functools import partial

import structlog
from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

log = structlog.get_logger(__name__)


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
