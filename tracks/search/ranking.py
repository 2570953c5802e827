"""How well a found recording answers a query; among equals the order of popularity decides."""

from collections.abc import Sequence
from enum import IntEnum
from itertools import pairwise

from rapidfuzz.distance import OSA, Prefix

from tracks.search.corrections import TermCorrections
from tracks.search.documents import name_words
from tracks.search.queries import Query, QueryTerm


class Quality(IntEnum):
    """From the best to the least."""

    WHOLE_NAME = 0  # the title, or an artist, is just what was typed; or title and artist together
    NAME_BEGINS = 1  # the title, or an artist, begins so
    WORDS_OF_NAMES = 2  # every word stands in the titles and artists
    BEGINS_WORDS = 3  # … the last one as the beginning of a word
    ALBUM = 4  # some word is only in the name of an album


class Found:
    """A row of the full-text search: a recording's names and words."""

    __slots__ = ("name_words", "names", "rank", "words")

    def __init__(self, rank: int, names: str, words: str) -> None:
        self.rank = rank
        self.names = names.split()
        self.name_words = {word for name in self.names for word in name_words(name)}
        self.words = words.split()

    def has_title_within(self, words: set[str]) -> bool:
        """Whether the title, or what stands before its suffix, is made of these words only."""
        titles = (name for name in self.names if self.names[0].startswith(name))
        return any(words.issuperset(name_words(title)) for title in titles)


def _stands_in(term: QueryTerm, words: set[str]) -> bool:
    return all(word in words for word in term.words)


def _begins_in(term: QueryTerm, words: set[str]) -> bool:
    return term.prefix and any(word.startswith(term.text) for word in words)


def quality(query: Query, found: Found) -> Quality:
    """How well the recording's names answer the query, typed without error."""
    if query.name in found.names:
        return Quality.WHOLE_NAME
    typed = {word for term in query.terms for word in term.words}
    whole = all(_stands_in(term, found.name_words) for term in query.terms)
    if whole and found.has_title_within(typed):
        return Quality.WHOLE_NAME
    if any(name.startswith(query.name) for name in found.names):
        return Quality.NAME_BEGINS
    if whole:
        return Quality.WORDS_OF_NAMES
    last = query.terms[-1]
    if _begins_in(last, found.name_words) and all(_stands_in(t, found.name_words) for t in query.terms[:-1]):
        return Quality.BEGINS_WORDS
    return Quality.ALBUM


def is_complete(query: Query, found: Found) -> bool:
    """Whether every word typed is a word of the recording: then nothing looks misspelt."""
    words = set(found.words)
    return all(_stands_in(term, words) for term in query.terms)


def _nearest(term: QueryTerm, words: Sequence[str]) -> str:
    """The word, or two words, that the term reads as in a recording; empty when it is none of them."""

    def distance(word: str) -> tuple[int, int]:
        size = len(term.text)
        beginnings = {word, *(word[: size + step] for step in (-1, 0, 1) if term.prefix)}
        return min(OSA.distance(term.text, part) for part in beginnings), -Prefix.similarity(term.text, word)

    for first, second in pairwise(words):
        if first + second == term.text:
            return f"{first} {second}"
    nearest = min(words, key=distance)
    return nearest if distance(nearest)[0] <= 1 else ""


def _quality_as_meant(corrections: TermCorrections, found: Found) -> Quality:
    if not corrections.names.isdisjoint(found.names):
        return Quality.WHOLE_NAME
    meant = [each.words_in(found.name_words) for each in corrections.each]
    if not all(meant):
        return Quality.ALBUM
    covered = found.has_title_within(set().union(*meant))
    return Quality.WHOLE_NAME if covered else Quality.WORDS_OF_NAMES


def mistakes(query: Query, corrections: TermCorrections, found: Found) -> tuple[int, Quality, int]:
    """What speaks against the recording, the weightiest first.

    How many terms are misspelt if it is meant, how well it answers the query then, and how many
    letters the misspelt terms have.
    """
    words = set(found.words)
    misspelt = [term.text for term in query.terms if not (_stands_in(term, words) or _begins_in(term, words))]
    return len(misspelt), _quality_as_meant(corrections, found), len("".join(misspelt))


def reading(query: Query, found: Found) -> str:
    """The query in the recording's own words: "fionna aple" → "fiona apple"."""
    words = set(found.words)
    known = (term.is_run or _stands_in(term, words) for term in query.terms)
    read = (
        term.text if as_typed else _nearest(term, found.words)
        for term, as_typed in zip(query.terms, known, strict=True)
    )
    return " ".join(filter(None, read))
