"""An artist: the tracks, the clusters they lie in, the genres they carry, and the artists that are near."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from numpy.typing import NDArray

from recommender.algorithms.artists import Artists, group_by_artist, nearest_artists
from recommender.algorithms.blend.csr import taken_rows
from recommender.algorithms.blend.distance import is_member
from recommender.algorithms.blend.distinct import distinct
from recommender.answers.requests import Blend
from recommender.snapshots.snapshot import Snapshot
from tracks.models import Artist, Credit

GENRES_NAMED = 2
LEAST_SHARED = 0.1  # of the tracks of both, before a genre is called one that both share
ALIKE = 1.2  # standard deviations of the catalogue between the means of their tracks


@dataclass(frozen=True, slots=True)
class NearArtist:
    """An artist near to another, with one to three reasons, the weightiest first."""

    pk: int
    name: str
    reasons: list[str]


def recordings_of(artist: Artist) -> list[int]:
    """The best known release (`Track.pk`) of every recording that credits the artist, popular ones first."""
    credits = Credit.objects.filter(artist=artist)
    rows = list(credits.values_list("track_id", "track__recording_id", "track__popularity"))
    rows.sort(key=lambda row: (1 if row[2] is None else -row[2], row[0]))
    releases: dict[int, int] = {}
    for track, recording, _popularity in rows:
        releases.setdefault(recording or track, track)
    return list(releases.values())


def genres_of_rows(snapshot: Snapshot, rows: NDArray[np.int64], limit: int) -> list[str]:
    """The genres that most of the rows carry, most first."""
    counts = _genre_counts(snapshot, rows)
    order = np.argsort(-counts, kind="stable")[:limit].tolist()
    return [snapshot.meta.genres[number] for number in order if counts[number]]


def near_artists(snapshot: Snapshot, pk: int, rows: NDArray[np.int64], limit: int) -> list[NearArtist]:
    """The artists nearest to one with these rows, of those that are still in the catalogue."""
    if not len(rows):
        return []
    artists, weights = artists_of(snapshot), snapshot.meta.weights[Blend.BALANCED]
    found = nearest_artists(artists, snapshot.arrays.blend, rows, weights, limit, without=pk)
    keys = artists.keys[found.places].tolist()
    names = dict(Artist.objects.filter(pk__in=keys).values_list("pk", "name"))
    playlists, shares = _playlists(snapshot, rows), _genre_counts(snapshot, rows) / len(rows)
    near = []
    for key, place, sound in zip(keys, found.places.tolist(), found.sound.tolist(), strict=True):
        theirs = artists.rows_of(place)
        n_shared = int(is_member(_playlists(snapshot, theirs), playlists).sum())
        both = np.minimum(shares, _genre_counts(snapshot, theirs) / len(theirs))
        order = np.argsort(-both, kind="stable")[:GENRES_NAMED].tolist()
        genres = [snapshot.meta.genres[number] for number in order if both[number] >= LEAST_SHARED]
        if key in names:
            near.append(NearArtist(key, names[key], _reasons(n_shared, genres, sound)))
    return near


@lru_cache(maxsize=2)
def artists_of(snapshot: Snapshot) -> Artists:
    """The artists of a run, grouped once a process: 0.12 s for 90,000 tracks."""
    arrays = snapshot.arrays
    return group_by_artist(arrays.blend, arrays.first_artists, arrays.genre_indptr, arrays.genre_indices)


def _reasons(n_playlists: int, genres: list[str], sound: float) -> list[str]:
    reasons = []
    if n_playlists:
        text = ngettext("share %(count)d playlist", "share %(count)d playlists", n_playlists)
        reasons.append(text % {"count": n_playlists})
    if genres:
        text = ngettext("same genre: %(genres)s", "same genres: %(genres)s", len(genres))
        reasons.append(text % {"genres": ", ".join(genres)})
    if sound <= ALIKE:
        reasons.append(_("sound alike"))
    return reasons or [_("nearer than any other here")]


def _playlists(snapshot: Snapshot, rows: NDArray[np.int64]) -> NDArray[np.int32]:
    """The playlists that hold any of the rows, each once, ascending."""
    return distinct(taken_rows(snapshot.arrays.playlist_indptr, snapshot.arrays.playlist_indices, rows)[1])


def _genre_counts(snapshot: Snapshot, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many of the rows carry each genre of the run, int64 (n_genres,)."""
    carried = taken_rows(snapshot.arrays.genre_indptr, snapshot.arrays.genre_indices, rows)[1]
    return np.bincount(carried, minlength=len(snapshot.meta.genres))
