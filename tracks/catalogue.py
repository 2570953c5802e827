"""What the loaded catalogue is: how many tracks, from where, and a few that many people know."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import F

from tracks.models import CatalogueImport, Track
from tracks.work import Status

N_WELL_KNOWN = 6
POPULAR_LOOKED_AT = 60
SOURCES_NAMED = 3


@dataclass(frozen=True, slots=True)
class WellKnown:
    """A track to begin with."""

    spotify_id: str
    title: str
    artist: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The facts of the loaded catalogue; `sources` are the names of its files, newest first."""

    n_tracks: int
    sources: tuple[str, ...]
    well_known: tuple[WellKnown, ...]


def catalogue() -> Catalogue:
    """The catalogue as the last import left it; counted once an import and process."""
    state = catalogue_state()
    return _counted(state) if state else _count()


def catalogue_state() -> tuple[int, datetime] | None:
    """The newest finished import and when it ended: what is equal here is the same catalogue.

    None before the first import. Raw SQL: every page asks, and the ORM costs five times the query.
    """
    table = CatalogueImport._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT id, finished_at FROM "{table}" WHERE status = %s ORDER BY id DESC LIMIT 1', [Status.DONE]
        )
        row: tuple[int, datetime] | None = cursor.fetchone()
    return row


@lru_cache(maxsize=2)
def _counted(state: tuple[int, datetime]) -> Catalogue:
    return _count()


def _count() -> Catalogue:
    return Catalogue(n_tracks=Track.objects.count(), sources=_sources(), well_known=_well_known())


def _sources() -> tuple[str, ...]:
    done = CatalogueImport.objects.filter(status=Status.DONE).order_by("-pk")
    names = done.values_list("source_name", flat=True)[:50]
    return tuple(dict.fromkeys(names))[:SOURCES_NAMED]


def _well_known() -> tuple[WellKnown, ...]:
    """The most popular tracks, one an artist and one a known first genre, so that tastes differ."""
    popular = Track.objects.one_per_recording().order_by(F("popularity").desc(nulls_last=True), "pk")
    rows = popular.values_list("spotify_id", "title", "artist_names", "genre_names")[:POPULAR_LOOKED_AT]
    chosen: dict[str, WellKnown] = {}
    artists: set[str] = set()
    for spotify_id, title, artist_names, genre_names in rows:
        artist = _first(artist_names)
        genre = _first(genre_names) or f"of {artist}"
        if artist not in artists and genre not in chosen:
            artists.add(artist)
            chosen[genre] = WellKnown(spotify_id, title, artist)
    return tuple(chosen.values())[:N_WELL_KNOWN]


def _first(names: list[Any]) -> str:
    return str(names[0]) if names else ""
