"""Waking a worker: the row is the queue (tracks/work.py), and a message only says that there is one.

Celery is loaded by the first message that a process sends, for it takes 7 MB, and a web process that
answers listeners sends none.
"""

from functools import partial

import structlog
from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

log = structlog.get_logger(__name__)


def wake_worker(task: str) -> bool:
    """Send a worker the task of this name: whether the broker took it.

    When it did not, what is queued waits for the sweep, which wakes a worker once the broker is back.
    """
    from kombu.exceptions import OperationalError

    try:
        import_string(settings.WORKER_APPLICATION).send_task(task)
    except (OperationalError, OSError) as error:
        log.warning("worker_not_woken", task=task, error=str(error))
        return False
    return True


def wake_worker_on_commit(task: str) -> None:
    """As `wake_worker`, once the row that it is to find is committed."""
    transaction.on_commit(partial(wake_worker, task))
