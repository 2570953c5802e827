"""What a word that finds nothing may have meant: the words of the index one edit away."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper
from rapidfuzz.distance import OSA

from tracks.search.corrections import TermCorrection, TermCorrections
from tracks.search.documents import MAX_NAME_LENGTH
from tracks.search.expressions import Expression, Phrase, Term, all_of, phrase
from tracks.search.queries import QueryTerm
from tracks.search.sql import DIALECTS, NEAR_BEGINNINGS, NEAR_WORDS
from tracks.search.vocabulary import HEAD, deletions, transpositions

MIN_LENGTH = 3  # of a word that is corrected: of two letters, one wrong, nothing is left
MIN_SPLIT = 5  # of a word in which a space may be missing
# The price limit: what is written out for a query grows with these, never with what was typed.
MAX_LENGTH = 30  # letters of a word that is corrected, and characters of a run
MAX_LOOSENED = 12  # characters of a run that is corrected
MAX_CORRECTIONS = 100
MAX_ALTERNATIVES = 150  # corrections of all terms together
MAX_SHORT_CORRECTIONS = 30  # of a word of three letters, which half the short words are near to

Answer = tuple[int, str, int]  # which term, the word or the beginning of one, how often it occurs


@dataclass(frozen=True, slots=True)
class Statement:
    sql: str
    params: Sequence[Any]


def _marks(values: Sequence[str]) -> str:
    return ", ".join(["%s"] * len(values))


def _heads(text: str) -> list[str]:
    head = text[:HEAD]
    return sorted({head} | deletions(head))


def _near(position: int, text: str, answer: str, sizes: Sequence[int], lengths: Sequence[int]) -> Statement:
    heads = _heads(text)
    words = DIALECTS[connection.vendor].words_in_range
    sql = NEAR_WORDS.format(position=position, answer=answer, heads=_marks(heads), words_in_range=words)
    return Statement(sql, [*heads, *sizes, *lengths, text[:HEAD], f"%{text[HEAD + 1 :]}%"])


def _near_words(position: int, text: str) -> Statement:
    """Whole words with a letter wrong, missing or too many, or two swapped."""
    shortest, longest = len(text) - 1, len(text) + 1
    return _near(position, text, "word.word", (min(HEAD, shortest), min(HEAD, longest)), (shortest, longest))


def _near_beginnings(position: int, text: str) -> Statement:
    """The beginnings, at most one letter longer than the text, of words that a text still typed may mean."""
    if len(text) < HEAD:
        heads = _heads(text)
        sql = NEAR_BEGINNINGS.format(position=position, heads=_marks(heads))
        return Statement(sql, [*heads, len(text), len(text) + 1])
    answer = f"SUBSTR(word.word, 1, {len(text) + 1})"
    return _near(position, text, answer, (HEAD, HEAD), (len(text), MAX_NAME_LENGTH))


def _statements(position: int, term: QueryTerm) -> list[Statement]:
    if term.is_run or not MIN_LENGTH <= len(term.text) <= MAX_LENGTH or not term.text.isalnum():
        return []
    whole = _near_words(position, term.text)
    return [whole, _near_beginnings(position, term.text)] if term.prefix else [whole]


def _near_answers(
    cursor: CursorWrapper, terms: Sequence[QueryTerm], right: Sequence[QueryTerm]
) -> list[Answer]:
    misspelt = [(position, term) for position, term in enumerate(terms) if term not in right]
    statements = [part for position, term in misspelt for part in _statements(position, term)]
    if not statements:
        return []
    sql = " UNION ALL ".join(statement.sql for statement in statements)
    cursor.execute(sql, [value for statement in statements for value in statement.params])
    return sorted(cursor.fetchall(), key=lambda answer: (-answer[2], answer[1]))


def _near_terms(term: QueryTerm, answers: Iterable[str]) -> list[Term]:
    """Those of the answers that are one edit away, whole or as beginnings of words."""
    size = len(term.text) if term.prefix else None
    near = (
        next((part for part in (word[:size], word) if OSA.distance(term.text, part, score_cutoff=1) == 1), "")
        for word in answers
    )
    return [Term(text, term.prefix) for text in dict.fromkeys(filter(None, near))]


def _shortened(term: QueryTerm) -> list[Term]:
    """Beginnings with a letter too many, or two swapped: they need not be looked up."""
    if not term.prefix or not MIN_LENGTH < len(term.text) <= MAX_LENGTH:
        return []
    return [Term(text, prefix=True) for text in sorted(deletions(term.text) | transpositions(term.text))]


def _loosened(term: QueryTerm) -> list[Expression]:
    """A run of ideographs with one left out, replaced, added or two swapped anywhere."""
    run = term.words
    if not MIN_LENGTH <= len(run) <= MAX_LOOSENED:
        return []
    halves = [(run[:i], run[i + gap :]) for i in range(len(run)) for gap in (0, 1, 2) if i + gap <= len(run)]
    enough = [pair for pair in halves if len(pair[0]) + len(pair[1]) >= max(2, len(run) - 2)]
    return [all_of(*(phrase(half) for half in pair if half)) for pair in enough]


def _others(term: QueryTerm, answers: Iterable[str], most: int) -> list[Expression]:
    if term.is_run:
        return _loosened(term)
    if len(term.text) == MIN_LENGTH:
        most = min(most, MAX_SHORT_CORRECTIONS)
    # With a space that was not typed: sigurros → sigur ros.
    splits = range(2, len(term.text) - 1) if MIN_SPLIT <= len(term.text) <= MAX_LENGTH else ()
    split = [Phrase((term.text[:i], term.text[i:])) for i in splits]
    return [*_near_terms(term, answers)[:most], *_shortened(term), *split]


def corrections(
    cursor: CursorWrapper, terms: Sequence[QueryTerm], right: Sequence[QueryTerm] = ()
) -> TermCorrections:
    """What each term may have meant, the most frequent words first; one query for all but the `right`."""
    answers = _near_answers(cursor, terms, right)
    words = (dict.fromkeys(word for number, word, _ in answers if number == i) for i in range(len(terms)))
    most = min(MAX_CORRECTIONS, MAX_ALTERNATIVES // len(terms))
    each = (
        TermCorrection(term, [] if term in right else _others(term, near, most))
        for term, near in zip(terms, words, strict=True)
    )
    return TermCorrections(tuple(each))


def nearest_words(cursor: CursorWrapper, terms: Sequence[QueryTerm], limit: int = 5) -> tuple[str, ...]:
    """Words of the index to suggest in the place of the longest term, which nothing was found for."""
    text = max((term.text for term in terms), key=len)
    if not MIN_LENGTH <= len(text) <= MAX_LENGTH:
        return ()
    alike = _near(0, text[:HEAD], "word.word", (MIN_LENGTH, HEAD), (len(text) - 2, len(text) + 2))
    cursor.execute(alike.sql, alike.params)
    near = [(OSA.distance(text, word), -count, word) for _, word, count in cursor.fetchall()]
    return tuple(
        word for distance, _, word in sorted(near)[:limit] if distance <= max(2, (len(text) + 1) // 3)
    )
