"""From the staging tables into the catalogue, in sets; call it inside one transaction.

Raw SQL, with the SQLite and the PostgreSQL form side by side where they differ.
"""

from contextlib import nullcontext
from dataclasses import dataclass

from django.db import connection

from tracks.importing.bulk import execute, indexes_made_last
from tracks.importing.staging import TRACK_COLUMNS
from tracks.models import Artist, Genre, Track

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
    if changes.any:
        with indexes_made_last(*FILLED) if changes.new > Track.objects.count() else nullcontext():
            _insert_tracks()
            _insert_links("artist", "tracks_credit", "artist_names", "artists_differ", positioned=True)
            _insert_links("genre", "tracks_track_genres", "genre_names", "genres_differ", positioned=False)
    if changes.updated:  # a corrected file may leave artists and genres without a track
        Artist.objects.filter(credits=None).delete()
        Genre.objects.filter(tracks=None).delete()
    return changes


def _changed(column: str) -> str:
    return f'(s."{column}" IS NOT NULL AND s."{column}" {DIFFERS[connection.vendor]} t."{column}")'


def _find_changes() -> Changes:
    compared = "FROM import_track s LEFT JOIN tracks_track t ON t.spotify_id = s.spotify_id"
    differences = f"{_changed('artist_names')} AS artists_differ, {_changed('genre_names')} AS genres_differ"
    execute(
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


def _update_tracks() -> None:
    """Write what changed, and delete the credits and genres of tracks that get others."""
    columns = list(TRACK_COLUMNS)[1:]
    values = ", ".join(f'"{column}" = COALESCE(s."{column}", tracks_track."{column}")' for column in columns)
    delete = "DELETE FROM {} WHERE track_id IN (SELECT track_id FROM import_change WHERE {} AND NOT is_new)"
    execute(
        f"UPDATE tracks_track SET {values} FROM import_track s"
        " JOIN import_change c ON c.place = s.place"
        " WHERE c.track_id = tracks_track.id AND NOT c.is_new",
        delete.format("tracks_credit", "artists_differ"),
        delete.format("tracks_track_genres", "genres_differ"),
    )


def _insert_tracks() -> None:
    names = ", ".join(f'"{column}"' for column in TRACK_COLUMNS)
    values = ", ".join(
        f'COALESCE(s."{column}", {DEFAULTS[column]})' if column in DEFAULTS else f's."{column}"'
        for column in TRACK_COLUMNS
    )
    execute(
        f"INSERT INTO tracks_track (id, recording_id, {names}) SELECT c.track_id, c.track_id, {values}"
        " FROM import_change c JOIN import_track s ON s.place = c.place WHERE c.is_new"
    )
    if connection.vendor == "postgresql":
        execute("ANALYZE import_change", "ANALYZE tracks_track")


def _insert_links(kind: str, links: str, column: str, differ: str, *, positioned: bool) -> None:
    """The artists or genres (`kind`) that lists of changed tracks name, and the rows that link them."""
    vendor = connection.vendor
    fields = f"track_id, {kind}_id" + (", position" if positioned else "")
    values = "i.track_id, named.id" + (", i.position" if positioned else "")
    execute(
        f"CREATE TEMP TABLE import_{kind} AS SELECT c.track_id, element.value AS name,"
        f" element.key - {FIRST_KEY[vendor]} AS position"
        " FROM import_change c JOIN import_track s ON s.place = c.place"
        f" CROSS JOIN {ELEMENTS[vendor].format(column=column)} WHERE c.{differ}",
        f"INSERT INTO tracks_{kind} (name) SELECT DISTINCT name FROM import_{kind} WHERE TRUE"
        " ON CONFLICT (name) DO NOTHING",
        f"INSERT INTO {links} ({fields}) SELECT {values}"
        f" FROM import_{kind} i JOIN tracks_{kind} named ON named.name = i.name",
    )
