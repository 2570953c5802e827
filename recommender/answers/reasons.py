"""Why a track was recommended, in a few true and computed words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

import numpy as np
from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray

from recommender.algorithms.blend.distance import Query, is_member
from recommender.answers.cards import TrackCard
from recommender.answers.genre_reasons import genre_reasons
from recommender.snapshots.snapshot import Snapshot

ALIKE = 0.25  # standard deviations of the catalogue: two tracks that differ by less sound alike in it
A_LITTLE = 1.0
TELLING = 0.3  # nearer to the average than this, a feature says nothing about a track
SAME_TEMPO_BPM = 3
MAX_REASONS = 3

AS: dict[tuple[str, bool], Promise] = {
    ("danceability", True): _("as danceable"),
    ("danceability", False): _("as free in rhythm"),
    ("energy", True): _("as energetic"),
    ("energy", False): _("as calm"),
    ("loudness", True): _("as loud"),
    ("loudness", False): _("as quiet"),
    ("speechiness", True): _("as wordy"),
    ("speechiness", False): _("as little spoken"),
    ("acousticness", True): _("as acoustic"),
    ("acousticness", False): _("as electric"),
    ("instrumentalness", True): _("as instrumental"),
    ("instrumentalness", False): _("as vocal"),
    ("liveness", True): _("as live"),
    ("liveness", False): _("the same studio sound"),
    ("valence", True): _("as happy"),
    ("valence", False): _("as sombre"),
}
MORE: dict[tuple[str, bool], Promise] = {
    ("danceability", True): _("more danceable"),
    ("danceability", False): _("less danceable"),
    ("energy", True): _("more energetic"),
    ("energy", False): _("calmer"),
    ("loudness", True): _("louder"),
    ("loudness", False): _("quieter"),
    ("speechiness", True): _("wordier"),
    ("speechiness", False): _("less wordy"),
    ("acousticness", True): _("more acoustic"),
    ("acousticness", False): _("less acoustic"),
    ("instrumentalness", True): _("more instrumental"),
    ("instrumentalness", False): _("more vocal"),
    ("liveness", True): _("more live"),
    ("liveness", False): _("less live"),
    ("valence", True): _("happier"),
    ("valence", False): _("more sombre"),
}
PHRASES: dict[str, Promise] = {
    "a_little": _("a little %(more)s"),
    "alike": _("much alike in sound"),
    "tempo": _("same tempo, %(bpm)d BPM"),
    "tempi": _("same tempo, %(low)d to %(high)d BPM"),
    "album": _("from the same album"),
    "artist": _("by the same artist"),
}

Words = dict[str | tuple[str, str, bool], str]


def sound_reasons(snapshot: Snapshot, seed: NDArray[np.float32], rows: Sequence[int]) -> list[list[str]]:
    """One or two reasons for each row: how it sounds beside the scaled `seed` (n_features,)."""
    words = _words(get_language())
    names = snapshot.meta.feature_names
    points = snapshot.arrays.X[list(rows)]
    differences = points - seed
    if "tempo" in names:
        differences[:, names.index("tempo")] = 0  # a reason of its own, in beats per minute
    most = np.abs(differences).argmax(axis=1).tolist()
    telling = _telling(words, names, seed.tolist())
    ours, *theirs = _tempi(snapshot, np.vstack([seed, points]))
    return [
        [*_tempo_reason(words, ours, tempo), _likeness(words, names, telling, column, difference)]
        for tempo, column, difference in zip(theirs, most, differences.tolist(), strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Matched:
    """A list to give reasons for. rows: those of the results, and `cards` their cards. row: the seed's, None
    when it came after the run. by_sound: whether sound alone chose them."""

    seed: TrackCard
    query: Query
    row: int | None
    rows: Sequence[int]
    cards: Sequence[TrackCard]
    by_sound: bool


def reasons_of(snapshot: Snapshot, matched: Matched) -> list[list[str]]:
    """One to three reasons for each result, the weightiest first."""
    rows = matched.rows
    if not rows:
        return []
    counts = playlists_together(snapshot, matched.row, matched.rows)
    together = [[_playlists_in_words(count)] if count else [] for count in counts]
    family = _family_reasons(snapshot, matched)
    genres = genre_reasons(snapshot, matched.seed.genres, [card.genres for card in matched.cards])
    sounds = sound_reasons(snapshot, matched.query.point, rows)
    groups = (sounds, genres, family, together) if matched.by_sound else (together, family, genres, sounds)
    return [
        [reason for part in parts for reason in part][:MAX_REASONS] for parts in zip(*groups, strict=True)
    ]


def _playlists_in_words(count: int) -> str:
    text = ngettext("in %(count)d playlist together", "in %(count)d playlists together", count)
    return text % {"count": count}


def playlists_together(snapshot: Snapshot, row: int | None, rows: Sequence[int]) -> list[int]:
    """How many playlists hold both `row` and each of `rows`."""
    indptr, indices = snapshot.arrays.playlist_indptr, snapshot.arrays.playlist_indices
    ours = indices[:0] if row is None else indices[indptr[row] : indptr[row + 1]]
    if not len(ours):
        return [0] * len(rows)
    theirs = [indices[indptr[other] : indptr[other + 1]] for other in rows]
    entries = np.concatenate(theirs)
    found = ours[np.minimum(ours.searchsorted(entries), len(ours) - 1)] == entries
    ends = np.cumsum([len(each) for each in theirs])
    sums = np.concatenate([[0], np.cumsum(found)])[np.concatenate([[0], ends])]
    counts: list[int] = np.diff(sums).tolist()
    return counts


def _family_reasons(snapshot: Snapshot, matched: Matched) -> list[list[str]]:
    """Which results share an artist with the seed, and which its album."""
    words = _words(get_language())
    rows = np.array(matched.rows, dtype=np.int64)
    is_companion = is_member(rows, matched.query.companions)
    if not is_companion.any():
        return [[]] * len(rows)
    album = matched.query.album
    pairs = zip(is_companion.tolist(), snapshot.arrays.blend.albums[rows].tolist(), strict=True)
    return [
        [words["album" if album >= 0 and other == album else "artist"]] if companion else []
        for companion, other in pairs
    ]


def _tempi(snapshot: Snapshot, points: NDArray[np.float32]) -> list[float]:
    """Beats per minute of scaled points; 0 where no beat was found, or the run knows no tempo."""
    if "tempo" not in snapshot.meta.feature_names:
        return [0.0] * len(points)
    column = snapshot.meta.feature_names.index("tempo")
    scale, mean = snapshot.arrays.scaler_scale[column], snapshot.arrays.scaler_mean[column]
    tempi: list[float] = (points[:, column] * scale + mean).tolist()
    return tempi


def _tempo_reason(words: Words, ours: float, theirs: float) -> Iterator[str]:
    low, high = sorted((round(ours), round(theirs)))
    if low > 0 and abs(ours - theirs) <= SAME_TEMPO_BPM:
        yield words["tempo"] % {"bpm": low} if low == high else words["tempi"] % {"low": low, "high": high}


def _telling(words: Words, names: Sequence[str], seed: list[float]) -> list[tuple[int, str]]:
    """What the seed is, most telling first: the column of each such feature, and its words."""
    order = sorted(range(len(names)), key=lambda column: -abs(seed[column]))
    return [
        (column, words["as", names[column], seed[column] > 0])
        for column in order
        if abs(seed[column]) >= TELLING and names[column] != "tempo"
    ]


def _likeness(
    words: Words, names: Sequence[str], telling: list[tuple[int, str]], most: int, difference: list[float]
) -> str:
    """What both are, and the one feature (column `most`) in which they differ most."""
    distance = abs(difference[most])
    same = (phrase for column, phrase in telling if abs(difference[column]) <= ALIKE)
    found = list(islice(same, 1 if distance > ALIKE else 2))
    if distance > ALIKE:
        more = words["more", names[most], difference[most] > 0]
        found.append(words["a_little"] % {"more": more} if distance <= A_LITTLE else more)
    return ", ".join(found) or words["alike"]


@lru_cache(maxsize=16)
def _words(language: str | None) -> Words:
    """Every phrase in one language: a list of reasons needs a hundred of them."""
    words: Words = {name: str(phrase) for name, phrase in PHRASES.items()}
    words |= {("as", *key): str(phrase) for key, phrase in AS.items()}
    words |= {("more", *key): str(phrase) for key, phrase in MORE.items()}
    return words
