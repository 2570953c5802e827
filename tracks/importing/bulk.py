"""Telling SQLite that a whole catalogue is about to be written. PostgreSQL needs no telling.

All of it belongs to this connection or is part of the transaction: nothing is less safe on disk.
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
    indexes = _indexes(tables) if connection.vendor == "sqlite" else {}
    with connection.cursor() as cursor:
        for name in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        yield
        for definition in indexes.values():
            cursor.execute(definition)


def _indexes(tables: tuple[str, ...]) -> dict[str, str]:
    """Those that can be dropped, with the statement that makes them."""
    marks = ", ".join(["%s"] * len(tables))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
            f" AND tbl_name IN ({marks})",
            tables,
        )
        return dict(cursor.fetchall())


def _pragma(name: str, value: object = None) -> object:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {name}" if value is None else f"PRAGMA {name} = {value}")
        row = cursor.fetchone()
        return row[0] if row else None
