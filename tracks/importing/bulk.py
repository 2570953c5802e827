"""Running many statements, and telling SQLite that a whole catalogue is about to be written.

PostgreSQL needs no telling. The settings belong to this connection, and dropped indexes to the
transaction: nothing is less safe on disk.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

PRAGMAS = {
    # Pages are kept until the commit instead of written, read and written again: at most so many KiB.
    "cache_size": -131_072,
    "temp.cache_size": -65_536,
    "secure_delete": "FAST",  # an import deletes nothing that is secret
    "foreign_keys": "OFF",  # an import makes its links by joins with what they point at
}


def execute(*statements: str) -> None:
    """Run statements one after the other."""
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@contextmanager
def bulk_writing() -> Iterator[None]:
    """Write much in the block; begin it outside a transaction, in which foreign keys stay looked up."""
    if connection.vendor != "sqlite":
        yield
        return
    usual = {name: _pragma(name) for name in PRAGMAS}
    try:
        for name, value in PRAGMAS.items():
            _pragma(name, value)
        yield
    finally:
        if not connection.needs_rollback:  # else the connection is about to be closed
            for name, value in usual.items():
                _pragma(name, value)


@contextmanager
def indexes_made_last(*tables: str) -> Iterator[None]:
    """Fill tables without their indexes in the block, which are made afterwards: sorted once, not row by row.

    For tables that more than double; call it inside the transaction.
    """
    with connection.cursor() as cursor:
        indexes: dict[str, str] = {}
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
                f" AND tbl_name IN ({', '.join(['%s'] * len(tables))})",
                tables,
            )
            indexes = dict(cursor.fetchall())
        for name in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        yield
        for definition in indexes.values():
            cursor.execute(definition)


def _pragma(name: str, value: object = None) -> object:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {name}" if value is None else f"PRAGMA {name} = {value}")
        row = cursor.fetchone()
        return row[0] if row else None
