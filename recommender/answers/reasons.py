"""Why a track was recommended, in a few true and computed words."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice

import numpy as np
from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray

from recommender.algorithms.blend.distance import Query, is_member
from recommender.algorithms.blend.distinct import distinct
from recommender.answers.cards import TrackCard
from recommender.answers.genre_reasons import genre_reasons
from recommender.answers.seeds import Seed
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
    ("tempo", True): _("faster"),
    ("tempo", False): _("slower"),
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


def reasons_of(
    snapshot: Snapshot,
    seeds: Sequence[Seed],
    numbers: Sequence[int],
    rows: Sequence[int],
    cards: Sequence[TrackCard],
    *,
    by_sound: bool,
) -> list[list[str]]:
    """One to three reasons for each row, the weightiest first: what it shares with `seeds[numbers[i]]`.

    cards: those of the rows. by_sound: whether sound alone chose them.
    """
    if not len(rows):
        return []
    of, at = np.array(numbers), np.array(rows)
    together = _playlist_reasons(snapshot, [seed.row for seed in seeds], numbers, rows)
    family = _family_reasons(snapshot, [seed.query for seed in seeds], of, at)
    genres = genre_reasons(
        snapshot, [seed.card.genres for seed in seeds], numbers, [card.genres for card in cards]
    )
    sounds = sound_reasons(snapshot, np.array([seed.query.point for seed in seeds]), of, at)
    groups = (sounds, genres, family, together) if by_sound else (together, family, genres, sounds)
    return [
        [reason for part in parts for reason in part][:MAX_REASONS] for parts in zip(*groups, strict=True)
    ]


def _playlist_reasons(
    snapshot: Snapshot, seed_rows: Sequence[int | None], numbers: Sequence[int], rows: Sequence[int]
) -> list[list[str]]:
    """In how many playlists each row stands together with its seed, where in any."""
    indptr, indices = snapshot.arrays.playlist_indptr, snapshot.arrays.playlist_indices
    reasons: list[list[str]] = []
    for number, row in zip(numbers, rows, strict=True):
        seed, count = seed_rows[number], 0
        if seed is not None:
            ours, theirs = (indices[indptr[each] : indptr[each + 1]] for each in (seed, row))
            count = int(np.count_nonzero(is_member(theirs, ours)))
        if count:
            text = ngettext("in %(count)d playlist together", "in %(count)d playlists together", count)
        reasons.append([text % {"count": count}] if count else [])
    return reasons


def _family_reasons(
    snapshot: Snapshot, queries: Sequence[Query], numbers: NDArray[np.int64], rows: NDArray[np.int64]
) -> list[list[str]]:
    """Which results share an artist with their seed, and which its album."""
    words = _words(get_language())
    albums = snapshot.arrays.blend.albums[rows].tolist()
    reasons: list[list[str]] = [[] for _row in albums]
    for number in distinct(numbers).tolist():
        query, places = queries[number], np.flatnonzero(numbers == number)
        for place in places[is_member(rows[places], query.companions)].tolist():
            is_of_album = query.album >= 0 and albums[place] == query.album
            reasons[place].append(words["album" if is_of_album else "artist"])
    return reasons


def sound_reasons(
    snapshot: Snapshot, points: NDArray[np.float32], numbers: NDArray[np.int64], rows: NDArray[np.int64]
) -> list[list[str]]:
    """One or two reasons for each row: how it sounds beside its seed, `points[numbers[i]]`, scaled."""
    words, names = _words(get_language()), snapshot.meta.feature_names
    theirs = snapshot.arrays.X[rows]
    differences = theirs - points[numbers]
    tempi = _tempi(snapshot, points), _tempi(snapshot, theirs)
    if "tempo" in names:
        differences[:, names.index("tempo")] = 0  # a reason of its own, in beats per minute
    most = np.abs(differences).argmax(axis=1).tolist()
    telling = {number: _telling(words, names, points[number].tolist()) for number in set(numbers.tolist())}
    return [
        [
            *_tempo_reason(words, tempi[0][number], tempo),
            _likeness(words, names, telling[number], column, difference),
        ]
        for number, tempo, column, difference in zip(
            numbers.tolist(), tempi[1], most, differences.tolist(), strict=True
        )
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
