"""A genre of a run: the clusters it lives in, typical tracks, best known artists, related genres."""

from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np

from recommender.algorithms.genres import best_known_artists, shared_with_genres, typical_rows
from recommender.answers.artists import artists_of
from recommender.answers.cards import TrackCard, cards_of
from recommender.answers.summaries import ClusterShare, cluster_shares
from recommender.snapshots.snapshot import Snapshot
from tracks.models import Artist

MAX_NAME = 100  # of a genre in the database: a longer one is none


@dataclass(frozen=True, slots=True)
class KnownArtist:
    """An artist of a genre, and how many of its recordings are by that artist first."""

    pk: int
    name: str
    n_tracks: int


@dataclass(frozen=True, slots=True)
class RelatedGenre:
    """A genre that shares tracks, or artists that are named first, with another: how many of each."""

    name: str
    n_tracks: int
    n_artists: int


@dataclass(frozen=True, slots=True)
class GenreSummary:
    """A genre in plain facts; `share` is that of all tracks of the run."""

    name: str
    n_tracks: int
    share: float
    clusters: list[ClusterShare]
    typical: list[TrackCard]
    artists: list[KnownArtist]
    related: list[RelatedGenre]


def genre_by_name(snapshot: Snapshot, name: str) -> int | None:
    """The number of a genre of the run: of this very name, else whatever its case; None for none."""
    if name in snapshot.meta.genres:
        return snapshot.meta.genres.index(name)
    return snapshot.genre_numbers.get(name.casefold())


def similar_genres(snapshot: Snapshot, name: str, limit: int) -> list[str]:
    """The genres of the run whose names are most like one that it has not."""
    near = get_close_matches(name[:MAX_NAME].casefold(), snapshot.genre_numbers, limit)
    return [snapshot.meta.genres[snapshot.genre_numbers[each]] for each in near]


def genre_summary(
    snapshot: Snapshot, number: int, *, n_typical: int, n_artists: int, n_related: int
) -> GenreSummary:
    """The genre of this number, with at most so many of each."""
    arrays, names = snapshot.arrays, snapshot.meta.genres
    rows = snapshot.rows_of_genre(number)
    popularity = arrays.blend.popularity
    typical = typical_rows(arrays.X, popularity, arrays.recordings, arrays.first_artists, rows, n_typical)
    pks = arrays.track_ids[typical].tolist()
    cards = cards_of(pks, snapshot, typical.tolist())
    keys, counts = best_known_artists(popularity, arrays.recordings, arrays.first_artists, rows, n_artists)
    known = dict(Artist.objects.filter(pk__in=keys.tolist()).values_list("pk", "name"))
    tracks, artists, nearness = shared_with_genres(
        artists=artists_of(snapshot),
        first_artists=arrays.first_artists,
        genre_indptr=arrays.genre_indptr,
        genre_indices=arrays.genre_indices,
        rows=rows,
        n_genres=len(names),
    )
    nearness[number] = 0
    related = np.argsort(-nearness, kind="stable")[:n_related].tolist()
    return GenreSummary(
        name=names[number],
        n_tracks=len(rows),
        share=len(rows) / snapshot.n_tracks,
        clusters=cluster_shares(snapshot, rows),
        typical=[cards[pk] for pk in pks if pk in cards],
        artists=[
            KnownArtist(key, known[key], count)
            for key, count in zip(keys.tolist(), counts.tolist(), strict=True)
            if key in known
        ],
        related=[RelatedGenre(names[i], int(tracks[i]), int(artists[i])) for i in related if nearness[i]],
    )
