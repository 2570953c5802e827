"""From the staging tables into the catalogue, in sets; call it inside one transaction.

Raw SQL, with the SQLite and the PostgreSQL form side by side where they differ.
"""

from contextlib import nullcontext
from dataclasses import dataclass

from django.db import connection

from tracks.importing.bulk import indexes_made_last
from tracks.importing.staging import TRACK_COLUMNS

DEFAULTS = {
    **dict.fromkeys(("album", "isrc", "release_date"), "''"),
    "genre_names": "'[]'",
}
DIFFERS = {"sqlite": "IS NOT", "postgresql": "IS DISTINCT FROM"}
# Ids are given out before the rows are written, so that a track can point at itself as its recording.
NEW_ID = {
    "sqlite": (
        "(SELECT COALESCE(MAX(seq), 0) FROM sqlite_sequence WHERE name = 'tracks_track')"
        " + ROW_NUMBER() OVER (ORDER BY s.place)"
    ),
    "postgresql": "nextval(pg_get_serial_sequence('tracks_track', 'id'))",
}
ELEMENTS = {
    "sqlite": "json_each(s.{column}) AS element",
    "postgresql": "jsonb_array_elements_text(s.{column}) WITH ORDINALITY AS element (value, key)",
}
# What is filled row by row, so that its indexes may be made last.
FILLED = ("tracks_track", "tracks_credit", "tracks_track_genres")
FIRST_KEY = {"sqlite": 0, "postgresql": 1}


@dataclass(frozen=True)
class Changes:
    """How many tracks the import adds, changes, and finds just as they are."""

    new: int
    updated: int
    unchanged: int

    @property
    def any(self) -> bool:
        return bool(self.new or self.updated)


def publish_tracks() -> Changes:
    """Add and update tracks, artists, genres and their links; empty cells and missing columns erase nothing.

    A track whose staged rows name genres gets exactly those; else it keeps the ones it has.
    """
    changes = _find_changes()
    if changes.updated:
        _update_tracks()
        _delete_links()
    if changes.any:
        with indexes_made_last(*FILLED) if changes.new > _count_tracks() else nullcontext():
            _insert_tracks()
            _insert_credits()
            _insert_genres()
    if changes.updated:
        _delete_orphans()
    return changes


def _run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _changed(column: str) -> str:
    return f'(s."{column}" IS NOT NULL AND s."{column}" {DIFFERS[connection.vendor]} t."{column}")'


def _find_changes() -> Changes:
    compared = "FROM import_track s LEFT JOIN tracks_track t ON t.spotify_id = s.spotify_id"
    differences = f"{_changed('artist_names')} AS artists_differ, {_changed('genre_names')} AS genres_differ"
    _run(
        f"CREATE TEMP TABLE import_change AS SELECT s.place, {NEW_ID[connection.vendor]} AS track_id,"
        f" TRUE AS is_new, {differences} {compared} WHERE t.id IS NULL",
        f"INSERT INTO import_change SELECT s.place, t.id, FALSE, {differences} {compared}"
        f" WHERE t.id IS NOT NULL AND ({' OR '.join(map(_changed, TRACK_COLUMNS))})",
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT COUNT(*) FROM import_track), COUNT(*),"
            " COALESCE(SUM(CASE WHEN is_new THEN 1 ELSE 0 END), 0) FROM import_change"
        )
        staged, touched, new = map(int, cursor.fetchone())
    return Changes(new, touched - new, staged - touched)


def _count_tracks() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM tracks_track")
        return int(cursor.fetchone()[0])


def _update_tracks() -> None:
    columns = list(TRACK_COLUMNS)[1:]
    values = ", ".join(f'"{column}" = COALESCE(s."{column}", tracks_track."{column}")' for column in columns)
    _run(
        f"UPDATE tracks_track SET {values} FROM import_track s"
        " JOIN import_change c ON c.place = s.place"
        " WHERE c.track_id = tracks_track.id AND NOT c.is_new"
    )


def _insert_tracks() -> None:
    names = ", ".join(f'"{column}"' for column in TRACK_COLUMNS)
    values = ", ".join(
        f'COALESCE(s."{column}", {DEFAULTS[column]})' if column in DEFAULTS else f's."{column}"'
        for column in TRACK_COLUMNS
    )
    _run(
        f"INSERT INTO tracks_track (id, recording_id, {names}) SELECT c.track_id, c.track_id, {values}"
        " FROM import_change c JOIN import_track s ON s.place = c.place WHERE c.is_new"
    )
    if connection.vendor == "postgresql":
        _run("ANALYZE import_change", "ANALYZE tracks_track")


def _listed(column: str) -> str:
    """The changed tracks with each element of a list of theirs, by position from 0."""
    elements = ELEMENTS[connection.vendor].format(column=column)
    return (
        f"SELECT c.track_id, element.value AS name, element.key - {FIRST_KEY[connection.vendor]} AS position"
        " FROM import_change c JOIN import_track s ON s.place = c.place"
        f" CROSS JOIN {elements}"
    )


def _delete_links() -> None:
    """The credits and genres of tracks that get others."""
    for table, differ in (("tracks_credit", "artists_differ"), ("tracks_track_genres", "genres_differ")):
        _run(
            f"DELETE FROM {table} WHERE track_id IN"
            f" (SELECT track_id FROM import_change WHERE {differ} AND NOT is_new)"
        )


def _insert_credits() -> None:
    _run(
        f"CREATE TEMP TABLE import_credit AS {_listed('artist_names')} WHERE c.artists_differ",
        "INSERT INTO tracks_artist (name) SELECT DISTINCT name FROM import_credit WHERE TRUE"
        " ON CONFLICT (name) DO NOTHING",
        "INSERT INTO tracks_credit (track_id, artist_id, position) SELECT i.track_id, a.id, i.position"
        " FROM import_credit i JOIN tracks_artist a ON a.name = i.name",
    )


def _insert_genres() -> None:
    _run(
        f"CREATE TEMP TABLE import_genre AS {_listed('genre_names')} WHERE c.genres_differ",
        "INSERT INTO tracks_genre (name) SELECT DISTINCT name FROM import_genre WHERE TRUE"
        " ON CONFLICT (name) DO NOTHING",
        "INSERT INTO tracks_track_genres (track_id, genre_id) SELECT i.track_id, g.id"
        " FROM import_genre i JOIN tracks_genre g ON g.name = i.name",
    )


def _delete_orphans() -> None:
    """Artists and genres that a corrected file has left without a track."""
    for table, links, column in (
        ("tracks_artist", "tracks_credit", "artist_id"),
        ("tracks_genre", "tracks_track_genres", "genre_id"),
    ):
        _run(f"DELETE FROM {table} WHERE NOT EXISTS (SELECT 1 FROM {links} l WHERE l.{column} = {table}.id)")
