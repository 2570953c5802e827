"""Temporary tables that an import fills before it takes the catalogue's write lock.

Raw SQL, with the SQLite and the PostgreSQL form side by side where they differ. The tables belong
to the connection: when the process dies, they are gone.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection

from tracks.audio_features import AUDIO_FEATURES

KINDS = {
    "sqlite": {"text": "text", "whole": "integer", "real": "real", "truth": "bool", "json": "text"},
    "postgresql": {
        "text": "text",
        "whole": "integer",
        "real": "double precision",
        "truth": "boolean",
        "json": "jsonb",
    },
}
# Column → kind. Only the first four are always known; a null says nothing about the track.
TRACK_COLUMNS: dict[str, str] = {
    "spotify_id": "text",
    "title": "text",
    "artist_names": "json",
    "recording_key": "text",
    "album": "text",
    "isrc": "text",
    "release_date": "text",
    "popularity": "whole",
    "duration_ms": "whole",
    "explicit": "truth",
    **{feature.name: "real" if feature.continuous else "whole" for feature in AUDIO_FEATURES},
}
NAMES = ", ".join(f'"{column}"' for column in TRACK_COLUMNS)
LATER_ROW_WINS = "ON CONFLICT (spotify_id) DO UPDATE SET " + ", ".join(
    f'"{column}" = COALESCE(excluded."{column}", import_track."{column}")'
    for column in list(TRACK_COLUMNS)[1:]
)
GENRES_IN_ORDER = {
    "sqlite": (
        "SELECT spotify_id, json_group_array(name) AS names"
        " FROM (SELECT spotify_id, name FROM import_genre ORDER BY spotify_id, position) AS ordered"
        " GROUP BY spotify_id"
    ),
    "postgresql": (
        "SELECT spotify_id, jsonb_agg(name ORDER BY position) AS names FROM import_genre GROUP BY spotify_id"
    ),
}
TABLES = (
    "import_track",
    "import_genre",
    "import_batch",
    "import_change",
    "import_credit",
)


def _execute(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@contextmanager
def staging_tables() -> Iterator[None]:
    """Empty staging tables on this connection, dropped at the end."""
    kinds = KINDS[connection.vendor]
    columns = ", ".join(f'"{column}" {kinds[kind]}' for column, kind in TRACK_COLUMNS.items())
    _drop_tables()
    _execute(
        f"CREATE TEMP TABLE import_track ({columns}, genre_names {kinds['json']}, PRIMARY KEY (spotify_id))",
        "CREATE TEMP TABLE import_genre"
        " (spotify_id text, name text, position integer, PRIMARY KEY (spotify_id, name))",
        f"CREATE TEMP TABLE import_batch ({columns})",
    )
    try:
        yield
    finally:
        _drop_tables()


def _drop_tables() -> None:
    if connection.needs_rollback:
        return  # the transaction around us is lost, and the tables with it
    schema = {"sqlite": "temp", "postgresql": "pg_temp"}[connection.vendor]
    _execute(*(f"DROP TABLE IF EXISTS {schema}.{table}" for table in TABLES))


def add_tracks(rows: Sequence[Sequence[Any]]) -> None:
    """Stage rows of `TRACK_COLUMNS`, each id once; what they say replaces what earlier rows said."""
    if connection.vendor == "sqlite":
        marks = ", ".join(["%s"] * len(TRACK_COLUMNS))
        _insert_many(f"INSERT INTO import_track ({NAMES}) VALUES ({marks}) {LATER_ROW_WINS}", rows)
        return
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE import_batch")
        with cursor.copy(f"COPY import_batch ({NAMES}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(
            f"INSERT INTO import_track ({NAMES}) SELECT {NAMES} FROM import_batch {LATER_ROW_WINS}"
        )


def add_genres(rows: Sequence[tuple[str, str, int]]) -> None:
    """Stage genres as (id, name, position); a genre that the track has already is left where it is."""
    if connection.vendor == "sqlite":
        _insert_many("INSERT INTO import_genre VALUES (%s, %s, %s) ON CONFLICT DO NOTHING", rows)
        return
    ids, names, positions = zip(*rows, strict=True) if rows else ((), (), ())
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO import_genre SELECT * FROM unnest(%s::text[], %s::text[], %s::integer[])"
            " ON CONFLICT DO NOTHING",
            [list(ids), list(names), list(positions)],
        )


def _insert_many(statement: str, rows: Sequence[Sequence[Any]]) -> None:
    """One savepoint a batch: twice as fast, and no lock on the catalogue, as only TEMP tables are written."""
    with connection.cursor() as cursor:
        cursor.execute("SAVEPOINT import_batch")
        try:
            cursor.executemany(statement, rows)
        except BaseException:
            cursor.execute("ROLLBACK TO SAVEPOINT import_batch")
            raise
        finally:
            cursor.execute("RELEASE SAVEPOINT import_batch")


def gather_genres() -> None:
    """Write each staged track's genres, in order, beside it."""
    _execute(
        f"UPDATE import_track SET genre_names = genres.names FROM ({GENRES_IN_ORDER[connection.vendor]})"
        " AS genres WHERE genres.spotify_id = import_track.spotify_id"
    )
    if connection.vendor == "postgresql":
        _execute("ANALYZE import_track", "ANALYZE import_genre")


def count_staged() -> int:
    """How many tracks are staged."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM import_track")
        return int(cursor.fetchone()[0])
