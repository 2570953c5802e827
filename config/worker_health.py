"""Whether the broker and a worker answer."""

from celery.exceptions import CeleryError
from kombu.exceptions import KombuError, OperationalError
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

from config.celery import app

PATIENCE_SECONDS = 0.5
BROKER_ERRORS = (OperationalError, KombuError, CeleryError, RedisError, OSError)


def broker() -> str:
    """Whether messages can be sent: "ok", or what is wrong. Message files need no process that answers."""
    url = app.conf.broker_url
    if not url.startswith("redis"):
        return "ok"
    once = Retry(NoBackoff(), 0)
    waits = {"socket_timeout": PATIENCE_SECONDS, "socket_connect_timeout": PATIENCE_SECONDS}
    try:
        with Redis.from_url(url, retry=once, **waits) as client:
            client.ping()
    except BROKER_ERRORS:
        return "no answer"
    return "ok"


def worker() -> str:
    """Whether at least one worker answers: "ok", or what is wrong.

    The connection is its own: one of the pool may have outlived its broker.
    """
    if broker() != "ok":
        return "not asked: the broker fails"
    try:
        with app.connection_for_write() as connection:
            answers = app.control.ping(timeout=PATIENCE_SECONDS, limit=1, connection=connection)
    except BROKER_ERRORS:
        return "cannot be asked"
    return "ok" if answers else "no answer: is a worker running?"
