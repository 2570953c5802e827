"""Temporary tables that an import fills before it takes the catalogue's write lock.

Raw SQL, with the SQLite and the PostgreSQL form side by side where they differ. The tables belong
to the connection: when the process dies, they are gone.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection

from tracks.audio_features import AUDIO_FEATURES
from tracks.importing.bulk import execute

KINDS = {
    "sqlite": {"text": "text", "whole": "integer", "real": "real", "truth": "bool", "json": "text"},
    "postgresql": {"text": "text", "whole": "integer", "real": "float8", "truth": "bool", "json": "jsonb"},
}
# Column → kind. Only the first four are always known; a null says nothing about the track.
TRACK_COLUMNS: dict[str, str] = {
    "spotify_id": "text",
    "title": "text",
    "artist_names": "json",
    "recording_key": "text",
    "genre_names": "json",
    "album": "text",
    "isrc": "text",
    "release_date": "text",
    "popularity": "whole",
    "duration_ms": "whole",
    "explicit": "truth",
    **{feature.name: "real" if feature.continuous else "whole" for feature in AUDIO_FEATURES},
}
NAMES = ", ".join(f'"{column}"' for column in TRACK_COLUMNS)
BOTH_LISTS = {
    "sqlite": (
        "substr(import_track.genre_names, 1, length(import_track.genre_names) - 1)"
        " || ',' || substr(excluded.genre_names, 2)"
    ),
    "postgresql": "import_track.genre_names || excluded.genre_names",
}
EACH_GENRE_ONCE = {
    "sqlite": (
        "SELECT json_group_array(value) FROM"
        " (SELECT value FROM json_each(genre_names) GROUP BY value ORDER BY MIN(key))"
    ),
    "postgresql": (
        "SELECT jsonb_agg(value ORDER BY place) FROM (SELECT value, MIN(place) AS place FROM"
        " jsonb_array_elements(genre_names) WITH ORDINALITY AS genre (value, place) GROUP BY value) AS genres"
    ),
}
# Its place in the order of the first rows; whoever needs a staged row again finds it by that.
PLACE = {
    "sqlite": "place integer PRIMARY KEY",
    "postgresql": "place bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
}
TABLES = ("import_track", "import_batch", "import_change", "import_artist", "import_genre")


@contextmanager
def staging_tables() -> Iterator[None]:
    """Empty staging tables on this connection, dropped at the end."""
    kinds = KINDS[connection.vendor]
    columns = ", ".join(f'"{column}" {kinds[kind]}' for column, kind in TRACK_COLUMNS.items())
    _drop_tables()
    execute(
        f"CREATE TEMP TABLE import_track ({PLACE[connection.vendor]}, {columns}, UNIQUE (spotify_id))",
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
    execute(*(f"DROP TABLE IF EXISTS {schema}.{table}" for table in TABLES))


def _later_row_wins() -> str:
    """What a row says replaces what earlier ones of its id said; genres add up."""
    both = f"COALESCE({BOTH_LISTS[connection.vendor]}, excluded.genre_names, import_track.genre_names)"
    merged = {
        column: f'COALESCE(excluded."{column}", import_track."{column}")' for column in TRACK_COLUMNS
    } | {"genre_names": both}
    del merged["spotify_id"]
    values = ", ".join(f'"{column}" = {value}' for column, value in merged.items())
    return f"ON CONFLICT (spotify_id) DO UPDATE SET {values}"


def stage_tracks(rows: Sequence[Sequence[Any]]) -> None:
    """Stage rows of `TRACK_COLUMNS`, each id once; empty lists of genres are written as null."""
    insert, wins = f"INSERT INTO import_track ({NAMES})", _later_row_wins()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("TRUNCATE import_batch")
            with cursor.copy(f"COPY import_batch ({NAMES}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            cursor.execute(f"{insert} SELECT {NAMES} FROM import_batch {wins}")
            return
        # One savepoint a batch: twice as fast, and no lock on the catalogue, as only TEMP tables are written.
        cursor.execute("SAVEPOINT import_batch")
        try:
            marks = ", ".join(["%s"] * len(TRACK_COLUMNS))
            cursor.executemany(f"{insert} VALUES ({marks}) {wins}", rows)
        finally:  # after an error, too: the tables are dropped then, with what is in them
            cursor.execute("RELEASE SAVEPOINT import_batch")


def finish_staging() -> int:
    """Leave each genre of a track once, where it came first; return how many tracks are staged."""
    several = {"sqlite": "json_array_length", "postgresql": "jsonb_array_length"}[connection.vendor]
    execute(
        f"UPDATE import_track SET genre_names = ({EACH_GENRE_ONCE[connection.vendor]})"
        f" WHERE {several}(genre_names) > 1"
    )
    if connection.vendor == "postgresql":
        execute("ANALYZE import_track")
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM import_track")
        return int(cursor.fetchone()[0])
