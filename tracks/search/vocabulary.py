"""The words of the index, and which of their beginnings a slip of the finger may have meant.

After SymSpell (Garbe, 2012): two words are one edit apart only if they are equal after at most one
deletion in each. Only the first `HEAD` letters are tabulated, for every beginning shorter than that
too, so that a word still being typed is corrected like a whole one, and the table stays small.
"""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

HEAD = 4


class Word(NamedTuple):
    """A word of the index; ids are in the order of the words, so that a beginning is a range of ids."""

    id: int
    word: str
    frequency: int


class Variant(NamedTuple):
    """What a beginning of `size` letters, shared by words `first` to `last`, may be misspelt as."""

    variant: str
    size: int
    first: int
    last: int


def deletions(word: str) -> set[str]:
    """All strings that are `word` with one character left out."""
    return {word[:i] + word[i + 1 :] for i in range(len(word))}


def transpositions(word: str) -> set[str]:
    """All strings that are `word` with two neighbouring characters swapped, itself left out."""
    swapped = {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1)}
    return swapped - {word}


def count_words(texts: Iterable[str]) -> list[Word]:
    """The distinct words of the texts, in order, with how often they occur."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(text.split())
    return [Word(i, word, counts[word]) for i, word in enumerate(sorted(counts))]


def _beginnings(words: Iterable[Word]) -> dict[str, list[int]]:
    ranges: dict[str, list[int]] = {}
    for number, word, _ in words:
        for size in range(2, min(HEAD, len(word)) + 1):
            ranges.setdefault(word[:size], [number, number])[1] = number
    return ranges


def variants(words: Iterable[Word]) -> list[Variant]:
    """Each beginning as it is and with one letter left out, sorted."""
    found: list[Variant] = []
    for beginning, (first, last) in _beginnings(words).items():
        size = len(beginning)
        spellings = {beginning, *deletions(beginning)} if size > 2 else {beginning}
        found += [Variant(spelling, size, first, last) for spelling in spellings]
    return sorted(found)
