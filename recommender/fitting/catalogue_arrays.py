"""The whole catalogue as arrays, rows by ascending `Track.pk`: what a refit works on."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import Case, F, FloatField, IntegerField, QuerySet, Value, When
from django.db.models.functions import Coalesce
from numpy.typing import NDArray

from tracks.audio_features import CONTINUOUS_FEATURES, FEATURE_NAMES
from tracks.models import Credit, Genre, Track

CHUNK = 20_000
FACTS = np.dtype(
    [("track_id", np.int64), ("recording", np.int64), ("popularity", np.float32), ("explicit", np.int8)]
    + [("duration_ms", np.int64)]
    + [(name, np.float64) for name in FEATURE_NAMES]
)
PAIR = np.dtype((np.int64, 2))
TRIPLE = np.dtype((np.int64, 3))
NO_ALBUM = -1
UNKNOWN = -1e9  # in the query only: SQLite takes a NaN for NULL


@dataclass(frozen=True, slots=True)
class CatalogueArrays:
    """One row a track; the genres are CSR into `genre_names`.

    features: float64 (n_tracks, n_features), in their own units. all_features: the same for all of
    `FEATURE_NAMES`, NaN where one is unknown. first_artists: -1 for none. popularity: 0 to 100, NaN
    unknown. explicit: -1 unknown, 0, 1. durations_ms: int64 (n_tracks,), 0 unknown. albums: int32
    (n_tracks,), codes of title and first artist, -1 for none. credit_indptr, credit_indices: the artists
    of every track, CSR codes below `n_artists`.
    """

    track_ids: NDArray[np.int64]
    features: NDArray[np.float64]
    recordings: NDArray[np.int64]
    first_artists: NDArray[np.int64]
    popularity: NDArray[np.float32]
    explicit: NDArray[np.int8]
    genre_indptr: NDArray[np.int64]
    genre_indices: NDArray[np.int32]
    genre_names: tuple[str, ...]
    all_features: NDArray[np.float64]
    durations_ms: NDArray[np.int64]
    albums: NDArray[np.int32]
    credit_indptr: NDArray[np.int64]
    credit_indices: NDArray[np.int32]
    n_artists: int
    feature_names: tuple[str, ...] = CONTINUOUS_FEATURES

    @property
    def n_tracks(self) -> int:
        return len(self.track_ids)

    def has_any(self, genres: Iterable[str]) -> NDArray[np.bool_]:
        """Which tracks have at least one of the genres, by name: bool (n_tracks,)."""
        wanted = np.isin(self.genre_names, list(genres))
        found = np.zeros(self.n_tracks, bool)
        found[np.repeat(np.arange(self.n_tracks), np.diff(self.genre_indptr))[wanted[self.genre_indices]]] = (
            True
        )
        return found


def load_catalogue() -> CatalogueArrays:
    """Read all tracks, as they are when the reading begins; what an import adds meanwhile is left out."""
    facts = _track_facts()
    track_ids = facts["track_id"]
    links = _genre_links(track_ids)
    genres = dict(Genre.objects.order_by("pk").values_list("pk", "name"))  # after the links that name them
    indptr, indices = _compressed(links, track_ids, np.array(list(genres), dtype=np.int64))
    credits = _credits(track_ids)
    artists = np.unique(credits[:, 1])
    credit_indptr, credit_indices = _compressed(credits, track_ids, artists)
    first_artists = _first_artists(credits, track_ids)
    return CatalogueArrays(
        track_ids=track_ids.copy(),
        features=np.column_stack([facts[name] for name in CONTINUOUS_FEATURES]),
        recordings=facts["recording"].copy(),
        first_artists=first_artists,
        popularity=np.where(facts["popularity"] < 0, np.float32(np.nan), facts["popularity"]),
        explicit=facts["explicit"].copy(),
        genre_indptr=indptr,
        genre_indices=indices,
        genre_names=tuple(genres.values()),
        all_features=_all_features(facts),
        durations_ms=facts["duration_ms"].copy(),
        albums=_albums(track_ids, first_artists),
        credit_indptr=credit_indptr,
        credit_indices=credit_indices,
        n_artists=len(artists),
    )


def _track_facts() -> NDArray[Any]:
    explicit = Case(
        When(explicit=True, then=Value(1)),
        When(explicit=False, then=Value(0)),
        default=Value(-1),
        output_field=IntegerField(),
    )
    features = [
        name if name in CONTINUOUS_FEATURES else Coalesce(name, Value(UNKNOWN), output_field=FloatField())
        for name in FEATURE_NAMES
    ]
    popularity, duration = Coalesce("popularity", Value(-1)), Coalesce("duration_ms", Value(0))
    rows = Track.objects.order_by("pk").values_list(
        "pk", Coalesce(F("recording_id"), F("pk")), popularity, explicit, duration, *features
    )
    return _array(rows, FACTS)


def _all_features(facts: NDArray[Any]) -> NDArray[np.float64]:
    values = np.column_stack([facts[name] for name in FEATURE_NAMES])
    values[values == UNKNOWN] = np.nan
    return values


def _genre_links(track_ids: NDArray[np.int64]) -> NDArray[np.int64]:
    """(track id, genre id) of all links, int64 (n_links, 2), by track, then genre."""
    links = Track.genres.through.objects.order_by("track_id", "genre_id")
    return _known(_array(links.values_list("track_id", "genre_id"), PAIR), track_ids)


def _compressed(
    links: NDArray[np.int64], track_ids: NDArray[np.int64], genre_ids: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """CSR indptr (n_tracks + 1,) and indices: positions in `genre_ids`, ascending in each row."""
    rows = np.searchsorted(track_ids, links[:, 0])
    counts = np.bincount(rows, minlength=len(track_ids))
    indices = np.searchsorted(genre_ids, links[:, 1]).astype(np.int32)
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64), indices


def _credits(track_ids: NDArray[np.int64]) -> NDArray[np.int64]:
    """(track id, artist id, position) of all credits, int64 (n_credits, 3), by track, then position."""
    credits = Credit.objects.order_by("track_id", "position").values_list("track_id", "artist_id", "position")
    return _known(_array(credits, TRIPLE), track_ids)


def _first_artists(credits: NDArray[np.int64], track_ids: NDArray[np.int64]) -> NDArray[np.int64]:
    first = credits[credits[:, 2] == 0]
    artists = np.full(len(track_ids), -1, dtype=np.int64)
    artists[np.searchsorted(track_ids, first[:, 0])] = first[:, 1]
    return artists


def _albums(track_ids: NDArray[np.int64], first_artists: NDArray[np.int64]) -> NDArray[np.int32]:
    """Albums of one title by different artists are different ones."""
    codes: dict[tuple[str, int], int] = {}
    albums = np.full(len(track_ids), NO_ALBUM, dtype=np.int32)
    titles = dict(Track.objects.exclude(album="").order_by().values_list("pk", "album"))
    for row, (pk, artist) in enumerate(zip(track_ids.tolist(), first_artists.tolist(), strict=True)):
        if title := titles.get(pk):
            albums[row] = codes.setdefault((title, artist), len(codes))
    return albums


def _known(pairs: NDArray[np.int64], track_ids: NDArray[np.int64]) -> NDArray[np.int64]:
    """Without the pairs of tracks that an import added since the tracks were read."""
    return pairs[np.isin(pairs[:, 0], track_ids)]


def _array(rows: QuerySet[Any, Any], dtype: np.dtype[Any]) -> NDArray[Any]:
    return np.fromiter(rows.iterator(chunk_size=CHUNK), dtype=dtype)
