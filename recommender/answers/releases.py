"""The releases of one recording, as the track page lists them.

Raw SQL, the same for SQLite and PostgreSQL: the ORM costs more than the database needs to answer.
"""

from dataclasses import dataclass

from django.db import connection

from recommender.answers.cards import TrackCard
from tracks.models import Track

MAX_SHOWN = 20
RELEASES = f"""
    SELECT spotify_id, title, album, release_date FROM "{Track._meta.db_table}"
    WHERE recording_id = %s OR id = %s
    ORDER BY CASE WHEN id = %s THEN 0 ELSE 1 END, popularity DESC NULLS LAST, id LIMIT {MAX_SHOWN + 1}
"""


@dataclass(frozen=True, slots=True)
class Release:
    """A release of a recording."""

    spotify_id: str
    title: str
    album: str
    release_date: str


def releases_of(card: TrackCard) -> list[Release]:
    """The track itself, then the other releases of its recording, the most popular first."""
    with connection.cursor() as cursor:
        cursor.execute(RELEASES, [card.recording_id, card.pk, card.pk])
        return [Release(*row) for row in cursor.fetchall()]
