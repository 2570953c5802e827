"""Tracks as pages and the API show them, read in one query however many there are.

Raw SQL: building this query with the ORM costs more than SQLite and PostgreSQL need to answer it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson
from django.db import connection
from django.urls import get_script_prefix
from django.utils.translation import gettext as _

from recommender.algorithms.search.picking import Neighbours
from recommender.snapshots.snapshot import ClusterRef, Snapshot
from tracks.addresses import artist_url
from tracks.audio_features import FEATURE_NAMES
from tracks.models import Credit, Track

# In the order of the names: "12,7".
ARTIST_IDS = {
    "sqlite": """(SELECT group_concat(artist_id) FROM (
        SELECT artist_id FROM "{credits}" WHERE track_id = "{tracks}".id ORDER BY position))""",
    "postgresql": """(SELECT string_agg(artist_id::text, ',' ORDER BY position) FROM "{credits}"
        WHERE track_id = "{tracks}".id)""",
}
FACTS = (
    "id",
    "spotify_id",
    "title",
    "artist_names",
    "album",
    "genre_names",
    "popularity",
    "duration_ms",
    "explicit",
    "recording",
)
MAX_PROBED = 1000


class UnknownTrack(LookupError):
    """The catalogue has no track of this id."""


@dataclass(slots=True)  # not frozen: that would double the price of making one
class TrackCard:
    """A track with its facts, the 12 audio features in their own units, and its cluster in the run.

    `pk`, `recording_id` and `artist_ids`, in the order of `artists`, are primary keys; `cluster` is None when
    there is no run. Popularity, duration, explicit, key, mode and time signature are None where unknown, the
    other features never.
    """

    pk: int
    spotify_id: str
    title: str
    artists: list[str]
    album: str
    genres: list[str]
    popularity: int | None
    duration_ms: int | None
    explicit: bool | None
    recording_id: int | None
    artist_ids: list[int]
    audio_features: dict[str, Any]
    cluster: ClusterRef | None

    @property
    def url(self) -> str:
        """The address of its page, spelt out: a list has twenty, and `reverse` costs as much as a row."""
        return f"{get_script_prefix()}tracks/{self.spotify_id}/"

    @property
    def artist_links(self) -> list[tuple[str, str]]:
        """The address and the name of each artist."""
        return [(artist_url(pk), name) for pk, name in zip(self.artist_ids, self.artists, strict=True)]


def card_of(spotify_id: str, snapshot: Snapshot | None) -> TrackCard:
    """The card of one track. Raises `UnknownTrack` when the catalogue has no such id."""
    card = cards_of_ids([spotify_id], snapshot).get(spotify_id)
    if card is None:
        raise UnknownTrack(_("The catalogue has no track with the id %(id)s.") % {"id": spotify_id})
    return card


def cards_of(
    pks: Sequence[int], snapshot: Snapshot | None, rows: Sequence[int] | None = None
) -> dict[int, TrackCard]:
    """The cards of tracks by `Track.pk`; those no longer in the catalogue are missing.

    rows: those of the tracks in the snapshot, where they are known: it spares looking them up.
    """
    if not pks:
        return {}
    places = ", ".join(["%s"] * len(pks))
    known = None if rows is None else dict(zip(pks, rows, strict=True))
    return {card.pk: card for card in _cards(f"id IN ({places})", pks, snapshot, known)}


def cards_of_ids(spotify_ids: Sequence[str], snapshot: Snapshot | None) -> dict[str, TrackCard]:
    """The cards of tracks by their Spotify id; unknown ids are missing."""
    ids = [each for each in spotify_ids if "\x00" not in each]  # PostgreSQL refuses it even in a comparison
    if not ids:
        return {}
    places = ", ".join(["%s"] * len(ids))
    return {card.spotify_id: card for card in _cards(f"spotify_id IN ({places})", ids, snapshot)}


def skip_deleted(
    search: Callable[[int], Neighbours], limit: int, deleted: set[int], snapshot: Snapshot
) -> tuple[Neighbours, list[TrackCard]]:
    """What a search finds without tracks that were deleted since the run, and the card of each row.

    `search` takes the number of rows to find and leaves out those in `deleted`, which this fills. It is
    repeated until no deleted track is found, and finds more in between: many may be deleted.
    """
    n_rows = limit
    while True:
        found = search(n_rows)
        pks = snapshot.arrays.track_ids[found.rows].tolist()
        cards = cards_of(pks, snapshot, found.rows)
        missing = {row for row, pk in zip(found.rows, pks, strict=True) if pk not in cards}
        if not missing and n_rows == limit:
            return found, [cards[pk] for pk in pks]
        deleted |= missing
        n_rows = min(2 * n_rows, MAX_PROBED) if missing else limit


def features_in_order(features: dict[str, Any], snapshot: Snapshot) -> list[float]:
    """The features that the run was fitted on, in its order and in their own units."""
    return [features[name] for name in snapshot.meta.feature_names]


@cache
def _select() -> str:
    by_name = {field.name: field.column for field in Track._meta.concrete_fields}
    facts, features = (", ".join(f'"{by_name[name]}"' for name in names) for names in (FACTS, FEATURE_NAMES))
    tracks = Track._meta.db_table
    artist_ids = ARTIST_IDS[connection.vendor].format(credits=Credit._meta.db_table, tracks=tracks)
    return f'SELECT {facts}, {artist_ids}, {features} FROM "{tracks}" WHERE '


def _cards(
    condition: str,
    values: Sequence[Any],
    snapshot: Snapshot | None,
    rows_of: Mapping[int, int] | None = None,
) -> Iterator[TrackCard]:
    with connection.cursor() as cursor:
        cursor.execute(_select() + condition, values)
        rows = cursor.fetchall()
    clusters = _clusters(rows, snapshot, rows_of)
    for row, cluster in zip(rows, clusters, strict=True):
        # By place, as `FACTS` and the fields of a card stand: by name, a card takes half as long again.
        (
            pk,
            spotify_id,
            title,
            artists,
            album,
            genres,
            popularity,
            duration,
            explicit,
            recording,
            artist_ids,
            *features,
        ) = row
        yield TrackCard(
            pk,
            spotify_id,
            title,
            orjson.loads(artists),
            album,
            orjson.loads(genres),
            popularity,
            duration,
            None if explicit is None else bool(explicit),
            recording,
            [int(each) for each in artist_ids.split(",")] if artist_ids else [],
            dict(zip(FEATURE_NAMES, features, strict=True)),
            cluster,
        )


def _clusters(
    found: Sequence[tuple[Any, ...]], snapshot: Snapshot | None, rows_of: Mapping[int, int] | None
) -> list[ClusterRef | None]:
    """The clusters of the run; a track that came after the run belongs to the nearest centroid."""
    if snapshot is None:
        return [None] * len(found)
    pks = [facts[0] for facts in found]
    rows = snapshot.rows_of(pks).tolist() if rows_of is None else [rows_of[pk] for pk in pks]
    places = snapshot.subclusters_of_rows(rows).tolist()
    for index, row in enumerate(rows):
        if row < 0:
            features = dict(zip(FEATURE_NAMES, found[index][11:], strict=True))
            point = snapshot.newcomers.scale(features_in_order(features, snapshot))
            genres = orjson.loads(found[index][5])
            place, vector = snapshot.newcomers.place(point, genres), snapshot.newcomers.genre_vector(genres)
            places[index] = snapshot.nearest_subcluster(place, vector)
    return [snapshot.clusters_by_subcluster[place] for place in places]
