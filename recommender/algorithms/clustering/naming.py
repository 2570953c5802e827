"""Traits of a cluster as codes, and names made of words: no word twice in a name, no name twice in a run."""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

NOTICED_FROM = 0.4
VERY_FROM = 1.0
# These two are near zero for most tracks: a centroid one deviation up is still mostly sung, and in a studio.
VERY_FROM_OF = {"speechiness": 3.0, "liveness": 1.5}
MAX_TRAITS = 5
ADJECTIVES_IN_A_NAME = 2
STEM_LETTERS = 5


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
    adjectives: Sequence[Sequence[str]],
    genres: Sequence[Sequence[str]],
    numbers: Sequence[int],
    *,
    kept: dict[int, str],
    noun: str,
    mixed: str,
) -> list[str]:
    """A name for each cluster, such as "Calm acoustic piano".

    `adjectives` and `genres` are each cluster's words, the best first; `kept` the names that
    positions have already; `noun` stands where there is no genre, `mixed` where there is nothing
    to say. When all combinations are taken, the cluster's number is put behind its best name.
    """
    taken = set(kept.values())
    names = []
    for position, number in enumerate(numbers):
        name = kept.get(position)
        if name is None:
            possible = [*_possible_names(adjectives[position], genres[position], noun, mixed)]
            name = next((each for each in possible if each not in taken), f"{possible[0]} {number}")
            taken.add(name)
        names.append(name)
    return names


def _possible_names(adjectives: Sequence[str], genres: Sequence[str], noun: str, mixed: str) -> Iterator[str]:
    """Names from the best words on: the genre leads, then the adjectives before it."""
    for genre in genres or [noun]:
        fitting = _without_repeats([genre, *adjectives])[1:]
        for count in range(min(ADJECTIVES_IN_A_NAME, len(fitting)), 0, -1):
            for chosen in combinations(fitting, count):
                yield _capitalised(" ".join([*chosen, genre]))
        if not fitting:
            yield _capitalised(" ".join(_without_repeats([genre, mixed])[::-1]))


def _without_repeats(phrases: Sequence[str]) -> list[str]:
    """The phrases that share no word (nor its stem) with one before them."""
    seen: set[str] = set()
    kept = []
    for phrase in phrases:
        stems = {word[:STEM_LETTERS] for word in re.findall(r"\w+", phrase.casefold())}
        if not stems & seen:
            kept.append(phrase)
            seen |= stems
    return kept


def _capitalised(name: str) -> str:
    return name[:1].upper() + name[1:]
