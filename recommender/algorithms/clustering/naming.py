"""Traits of a cluster and its name, both as codes, so that a stored run reads well in every language.

A name says no more than the tracks bear out. A genre stands in it only when enough of the tracks hold it,
and far more than usual; else a family of genres does, or the span of a wide cluster, "from tango to
singer-songwriter", or the sound alone. No name is given twice in a run.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, count

import numpy as np
from numpy.typing import NDArray

from recommender.algorithms.clustering.name_codes import Meaning, NameCode, NameForm

NOTICED_FROM = 0.4
VERY_FROM = 1.0
# These two are near zero for most tracks: a centroid one deviation up is still mostly sung, and in a studio.
VERY_FROM_OF = {"speechiness": 3.0, "liveness": 1.5}
MAX_TRAITS = 5
# What a genre or a family must have to stand in a name.
NAMED_FROM_SHARE = 0.15
NAMED_FROM_LIFT = 3.0
FAMILY_FROM_SHARE = 0.25
# A name stands above every track of the cluster, so of a whole region it must hold for half of them.
WIDE_FROM_SHARE = 0.5
SPAN_APART_FROM = 1.0
LEADING = 5
SECOND_FROM = 0.4
COMMON_FROM = 0.5
LONGEST_GENRE = 30
STEM_LETTERS = 5
FIRST_WORD_AT_MOST = 1 / 3


@dataclass(frozen=True, slots=True)
class ClusterFacts:
    """What a cluster can be named by.

    number: its number. adjectives: codes that can stand in a name, the strongest first. genres, shares,
    lifts: its genres by name, the most common first, all (m,). leading: its `LEADING` leading genres.
    covered: the share of tracks that have one of them. families: of each family its share, its lift and the
    genres of it that occur, the most common first, in order of their shares. is_wide: whether it is a whole
    region of the catalogue.
    """

    number: int
    adjectives: tuple[str, ...]
    genres: tuple[str, ...]
    shares: tuple[float, ...]
    lifts: tuple[float, ...]
    leading: tuple[str, ...]
    covered: float
    families: tuple[tuple[float, float, tuple[str, ...]], ...]
    is_wide: bool


def trait_codes(centroid: NDArray[np.floating], feature_names: Sequence[str]) -> list[str]:
    """What sets a standardised centroid (n_features,) apart, as `feature:level`, the strongest first.

    Levels are `very_low`, `low`, `high`, `very_high`, in standard deviations of the catalogue.
    """
    order = np.argsort(-np.abs(centroid), kind="stable")
    noticed = [i for i in order if abs(centroid[i]) >= NOTICED_FROM][:MAX_TRAITS]
    return [f"{feature_names[i]}:{_level(feature_names[i], float(centroid[i]))}" for i in noticed]


def _level(feature: str, deviation: float) -> str:
    very = "very_" if abs(deviation) >= VERY_FROM_OF.get(feature, VERY_FROM) else ""
    return very + ("high" if deviation > 0 else "low")


def unique_names(
    clusters: Sequence[ClusterFacts],
    genre_sounds: Mapping[str, NDArray[np.floating]],
    kept: Mapping[int, NameCode],
) -> list[NameCode]:
    """A name for each cluster, and none twice; no first word on more than a third of them where others do.

    genre_sounds: the mean standardised features (d,) of each genre's tracks. kept: names that positions have
    had before; one that is not true any more, or that is taken, is not kept.
    """
    names: dict[int, NameCode] = {}
    for position, name in kept.items():
        told = {each.meaning for each in names.values()}
        if name.meaning not in told and is_true(name, clusters[position], genre_sounds):
            names[position] = name
    taken = {name.meaning for name in names.values()}
    first_words = Counter(name.first_word for name in names.values())
    most = max(1, int(FIRST_WORD_AT_MOST * len(clusters)))
    for position, facts in enumerate(clusters):
        if position in names:
            continue
        possible = list(_possible_names(facts, genre_sounds))
        free = [each for each in possible if each.meaning not in taken]
        spread = (each for each in free if first_words[each.first_word] < most)
        name = next(spread, free[0] if free else _numbered(possible[0], facts.number, taken))
        names[position] = name
        taken.add(name.meaning)
        first_words[name.first_word] += 1
    return [names[position] for position in range(len(clusters))]


def _numbered(name: NameCode, number: int, taken: Collection[Meaning]) -> NameCode:
    """A name told from its like by a number, the cluster's own where it is free."""
    numbered = (replace(name, number=each) for each in count(number))
    return next(each for each in numbered if each.meaning not in taken)


def is_true(name: NameCode, facts: ClusterFacts, genre_sounds: Mapping[str, NDArray[np.floating]]) -> bool:
    """Whether the tracks of a cluster bear out a name."""
    if not set(name.adjectives) <= set(facts.adjectives):
        return False
    if name.form is NameForm.GENRES:
        return set(name.genres) <= set(_genres_of_rule(facts))
    if name.form is NameForm.FAMILY:
        return any(name.genres[0] in genres for _share, _lift, genres in _families_of_rule(facts))
    if name.form is NameForm.SPAN:
        return frozenset(name.genres) in map(frozenset, _spans(facts, genre_sounds))
    return True


def _possible_names(
    facts: ClusterFacts, genre_sounds: Mapping[str, NDArray[np.floating]]
) -> Iterator[NameCode]:
    """Names from the most telling on: of each way to say the music, with as few adjectives as it needs."""
    for form, genres in _ways_to_say(facts, genre_sounds):
        for n_adjectives in _adjective_counts(form, facts):
            for adjectives in combinations(facts.adjectives, n_adjectives):
                if not any(_share_a_stem(word, genre) for word in adjectives for genre in genres):
                    yield NameCode(form, adjectives, genres)


def _adjective_counts(form: NameForm, facts: ClusterFacts) -> Sequence[int]:
    """Numbers of adjectives to try; a region says how it sounds, whatever its genres."""
    if form in (NameForm.GENRES, NameForm.FAMILY):
        usual = (1, 2, 0) if facts.is_wide else (0, 1, 2)
    else:
        usual = (2, 1, 3)
    possible = [each for each in usual if each <= len(facts.adjectives)]
    return possible or [0]


def _ways_to_say(
    facts: ClusterFacts, genre_sounds: Mapping[str, NDArray[np.floating]]
) -> Iterator[tuple[NameForm, tuple[str, ...]]]:
    genres, families = _genres_of_rule(facts), _families_of_rule(facts)
    pairs = [
        (first, second)
        for first, second in combinations(genres, 2)
        if not _share_a_stem(first, second)
        and _share_of(facts, second) >= SECOND_FROM * _share_of(facts, first)
    ]
    if pairs:
        yield NameForm.GENRES, pairs[0]
    yield from ((NameForm.GENRES, (genre,)) for genre in genres)
    yield from ((NameForm.GENRES, pair) for pair in pairs[1:])
    yield from ((NameForm.FAMILY, (_representative(facts, members),)) for _share, _lift, members in families)
    if not genres and not families:
        yield from ((NameForm.SPAN, span) for span in _spans(facts, genre_sounds))
    if facts.adjectives or not (genres or families):
        yield NameForm.SOUND, ()


def _genres_of_rule(facts: ClusterFacts) -> list[str]:
    """The genres that may stand in a name, the most common first."""
    found = zip(facts.genres, facts.shares, facts.lifts, strict=True)
    enough = WIDE_FROM_SHARE if facts.is_wide else NAMED_FROM_SHARE
    return [
        genre
        for genre, share, lift in found
        if share >= enough and lift >= NAMED_FROM_LIFT and _is_short(genre)
    ]


def _families_of_rule(facts: ClusterFacts) -> list[tuple[float, float, tuple[str, ...]]]:
    """The families that may stand in a name, the most common first."""
    enough = WIDE_FROM_SHARE if facts.is_wide else FAMILY_FROM_SHARE
    return [
        (share, lift, genres)
        for share, lift, genres in facts.families
        if share >= enough and lift >= NAMED_FROM_LIFT and len(genres) > 1 and any(map(_is_short, genres))
    ]


def _representative(facts: ClusterFacts, members: Sequence[str]) -> str:
    """The genre that a family is called by: among its common ones here, one that is a word of another's
    label ("techno" of "minimal-techno"), else the most common."""
    spoken = [each for each in members if _is_short(each)]
    enough = COMMON_FROM * _share_of(facts, spoken[0])
    common = [each for each in spoken if _share_of(facts, each) >= enough]
    words = Counter(word for each in members for word in set(re.split(r"\W+", each)))
    return next((each for each in common if words[each] > 1), common[0])


def _spans(facts: ClusterFacts, genre_sounds: Mapping[str, NDArray[np.floating]]) -> list[tuple[str, str]]:
    """Pairs of leading genres that sound unlike each other, the most unlike first."""
    if facts.covered < WIDE_FROM_SHARE:
        return []
    lifts = dict(zip(facts.genres, facts.lifts, strict=True))
    ends = [each for each in facts.leading if lifts[each] >= NAMED_FROM_LIFT and _is_short(each)]
    apart = {
        pair: float(np.linalg.norm(genre_sounds[pair[0]] - genre_sounds[pair[1]]))
        for pair in combinations(ends, 2)
    }
    far = [pair for pair in apart if apart[pair] >= SPAN_APART_FROM]
    return sorted(far, key=lambda pair: -apart[pair])


def _share_of(facts: ClusterFacts, genre: str) -> float:
    return facts.shares[facts.genres.index(genre)]


def _is_short(genre: str) -> bool:
    """Whether a label reads as a genre: some are sentences."""
    return 0 < len(genre.strip()) <= LONGEST_GENRE


def _share_a_stem(first: str, second: str) -> bool:
    """Whether two genres are the same word in other dress, "latin" and "latino"."""
    one, other = (
        {word[:STEM_LETTERS] for word in re.findall(r"\w{3,}", each.casefold())} for each in (first, second)
    )
    return bool(one & other)
