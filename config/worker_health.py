"""Whether the broker and a worker answer."""

from celery.exceptions import CeleryError
from kombu.exceptions import KombuError, OperationalError

from config.celery import app

WORKER_WAIT_SECONDS = 1.0
BROKER_ERRORS = (OperationalError, KombuError, CeleryError, OSError)


def broker() -> str:
    """Whether messages can be sent: "ok", or what is wrong."""
    try:
        with app.connection_for_write(connect_timeout=2) as connection:
            connection.ensure_connection(max_retries=1, timeout=2)
    except BROKER_ERRORS:
        return "no answer"
    return "ok"


def worker() -> str:
    """Whether at least one worker answers: "ok", or what is wrong.

    It is asked over a connection of its own: a broker that was restarted has closed those in the pool.
    """
    with app.connection_for_write(connect_timeout=2) as connection:
        try:
            answers = app.control.ping(timeout=WORKER_WAIT_SECONDS, limit=1, connection=connection)
        except (*BROKER_ERRORS, *connection.connection_errors, *connection.channel_errors):
            return "cannot be asked"
    return "ok" if answers else "no answer: is a worker running?"
