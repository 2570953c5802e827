"""What the loaded catalogue is: how many tracks, from where, and a few that many people know."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import F
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from tracks.jobs.work import Status
from tracks.models import CatalogueImport, CatalogueSettings, Track, source_name_of

N_WELL_KNOWN = 6
POPULAR_LOOKED_AT = 60
SOURCES_NAMED = 3
OWN_FILES = gettext_lazy("own files")


@dataclass(frozen=True, slots=True)
class WellKnown:
    """A track to begin with."""

    spotify_id: str
    title: str
    artist: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The facts of the loaded catalogue; `sources` are what pages call it: its title, or the
    names given to its imports, newest first."""

    n_tracks: int
    sources: tuple[str | Promise, ...]
    well_known: tuple[WellKnown, ...]


def catalogue() -> Catalogue:
    """The catalogue as the last import left it; counted once an import, title and process."""
    state = catalogue_state()
    return _counted(state) if state.last_import else _count(state)


@dataclass(frozen=True, slots=True)
class CatalogueState:
    """What is equal here is the same catalogue: its newest finished import, when that ended, its title."""

    last_import: int | None
    finished_at: datetime | None
    title: str


def catalogue_state() -> CatalogueState:
    """The state of the catalogue. Raw SQL: every page asks, and the ORM costs five times the query."""
    imports, settings = CatalogueImport._meta.db_table, CatalogueSettings._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT newest.id, newest.finished_at, settings.title FROM (SELECT 1) AS one
            LEFT JOIN (
                SELECT id, finished_at FROM "{imports}" WHERE status = %s ORDER BY id DESC LIMIT 1
            ) AS newest ON true
            LEFT JOIN "{settings}" AS settings ON true
            """,
            [Status.DONE],
        )
        last_import, finished_at, title = cursor.fetchone()
    return CatalogueState(last_import, finished_at, title or "")


@lru_cache(maxsize=2)
def _counted(state: CatalogueState) -> Catalogue:
    return _count(state)


def _count(state: CatalogueState) -> Catalogue:
    sources = (state.title,) if state.title else _sources()
    return Catalogue(n_tracks=Track.objects.count(), sources=sources, well_known=_well_known())


def _sources() -> tuple[str | Promise, ...]:
    """The names given to the newest imports; names of files are nobody's business."""
    done = CatalogueImport.objects.filter(status=Status.DONE).order_by("-pk")
    rows = done.values_list("source_name", "files")[:50]
    given = [OWN_FILES if name == source_name_of(files) else name for name, files in rows]
    return tuple(dict.fromkeys(given or [OWN_FILES]))[:SOURCES_NAMED]


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
