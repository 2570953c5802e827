"""Django's PostgreSQL backend for web processes: waits that end.

`statement_timeout` needs a server that runs. One that is frozen (a stopped process, a stalled disk) still
acknowledges what it is sent, so only the client can stop waiting for it.
"""

import time
from typing import Any

import psycopg
from django.db.backends.postgresql import base

ANSWER_SECONDS = 20.0  # above `statement_timeout`, which ends what is merely slow
PROBE_SECONDS = 1.0
FAIL_FAST_SECONDS = 2.0


class BoundedConnection(psycopg.Connection[Any]):
    """Raises OperationalError, and is closed, when the server is silent for `answer_seconds`."""

    answer_seconds = ANSWER_SECONDS

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        try:
            return super().wait(gen, interval, self.answer_seconds if timeout is None else timeout)
        except psycopg.errors._WaitTimeout as error:
            if timeout is not None:
                raise
            DatabaseWrapper.silent_until = time.monotonic() + FAIL_FAST_SECONDS
            self.close()
            raise psycopg.OperationalError("the database server does not answer") from error


class DatabaseWrapper(base.DatabaseWrapper):
    """After one silence, connections of this process fail at once for a moment, so that requests that wait
    for a frozen server do not occupy all threads."""

    silent_until = 0.0

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        if time.monotonic() < DatabaseWrapper.silent_until:
            raise psycopg.OperationalError("the database server did not answer a moment ago")
        self.isolation_level = psycopg.IsolationLevel.READ_COMMITTED
        try:
            return BoundedConnection.connect(**conn_params)
        except psycopg.errors.ConnectionTimeout:
            DatabaseWrapper.silent_until = time.monotonic() + FAIL_FAST_SECONDS
            raise

    def is_usable(self) -> bool:
        if self.connection is None:
            return False
        self.connection.answer_seconds = PROBE_SECONDS
        try:
            return super().is_usable()
        finally:
            self.connection.answer_seconds = ANSWER_SECONDS
