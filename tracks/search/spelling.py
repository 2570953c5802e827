"""What a word that finds nothing may have meant: the words of the index one edit away."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper
from rapidfuzz.distance import OSA

from tracks.search.documents import MAX_NAME_LENGTH, name_term
from tracks.search.expressions import Expression, Phrase, Term, either, every, phrase
from tracks.search.queries import QueryTerm
from tracks.search.sql import DIALECTS, EXACT_WORDS, NEAR_BEGINNINGS, NEAR_WORDS
from tracks.search.vocabulary import HEAD, deletions, transpositions

MIN_LENGTH = 3  # of a word that is corrected: of two letters, one wrong, nothing is left
MIN_SPLIT = 5  # of a word in which a space may be missing
MAX_CORRECTIONS = 100
MAX_SHORT_CORRECTIONS = 30  # of a word of three letters, which half the short words are near to
MAX_NAMES = 20

Answer = tuple[int, str, int]  # which term, the word or the beginning of one, how often it occurs


@dataclass(frozen=True, slots=True)
class Statement:
    sql: str
    params: Sequence[Any]


def _marks(values: Sequence[str]) -> str:
    return ", ".join(["%s"] * len(values))


def _exact_words(position: int, text: str) -> Statement:
    """An extra letter and two swapped ones can be spelt out."""
    words = sorted(deletions(text) | transpositions(text))
    return Statement(EXACT_WORDS.format(position=position, words=_marks(words)), words)


def _heads(text: str) -> list[str]:
    head = text[:HEAD]
    return sorted({head} | deletions(head))


def _near(position: int, text: str, answer: str, sizes: Sequence[int], lengths: Sequence[int]) -> Statement:
    heads = _heads(text)
    words = DIALECTS[connection.vendor].words_in_range
    sql = NEAR_WORDS.format(position=position, answer=answer, heads=_marks(heads), words_in_range=words)
    return Statement(sql, [*heads, *sizes, *lengths, text[:HEAD], f"%{text[HEAD + 1 :]}%"])


def _near_words(position: int, text: str) -> Statement:
    """Whole words with a wrong or a missing letter."""
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
    if term.is_run or len(term.text) < MIN_LENGTH or not term.text.isalnum():
        return []
    statements = [_exact_words(position, term.text), _near_words(position, term.text)]
    return [*statements, _near_beginnings(position, term.text)] if term.prefix else statements


def _ask(cursor: CursorWrapper, terms: Iterable[QueryTerm]) -> list[Answer]:
    statements = [part for position, term in enumerate(terms) for part in _statements(position, term)]
    if not statements:
        return []
    sql = " UNION ALL ".join(statement.sql for statement in statements)
    cursor.execute(sql, [value for statement in statements for value in statement.params])
    return sorted(cursor.fetchall(), key=lambda answer: (-answer[2], answer[1]))


def _is_near(text: str, word: str) -> bool:
    return OSA.distance(text, word, score_cutoff=1) == 1


def _corrected_words(term: QueryTerm, words: Iterable[str]) -> list[Expression]:
    if not term.prefix:
        return [Term(word) for word in words if _is_near(term.text, word)]
    size = len(term.text)
    beginnings: dict[str, bool] = {}
    for word in words:
        if _is_near(term.text, word[:size]):
            beginnings[word[:size]] = True
        elif _is_near(term.text, word):
            beginnings.setdefault(word, len(word) > size)
    if size > MIN_LENGTH:
        beginnings |= dict.fromkeys(sorted(deletions(term.text) | transpositions(term.text)), True)
    beginnings.pop(term.text, None)
    return [Term(beginning, prefix) for beginning, prefix in beginnings.items()]


def _split(term: QueryTerm) -> list[Expression]:
    """With a space that was not typed: sigurros → sigur ros."""
    text = term.text
    if term.is_run or len(text) < MIN_SPLIT:
        return []
    return [Phrase((text[:i], text[i:])) for i in range(2, len(text) - 1)]


def _loosened(term: QueryTerm) -> list[Expression]:
    """A run of ideographs with one left out, replaced, added or two swapped anywhere."""
    run = term.words
    if len(run) < MIN_LENGTH:
        return []
    halves = [(run[:i], run[i + gap :]) for i in range(len(run)) for gap in (0, 1, 2) if i + gap <= len(run)]
    enough = [pair for pair in halves if len(pair[0]) + len(pair[1]) >= max(2, len(run) - 2)]
    return [every(*(phrase(half) for half in pair if half)) for pair in enough]


@dataclass(frozen=True, slots=True)
class Meanings:
    """The terms of a query, what else each may mean, and the whole names that come out so."""

    terms: Sequence[QueryTerm]
    others: Sequence[Sequence[Expression]]
    names: frozenset[str]

    def one_corrected(self) -> Expression | None:
        """All terms as typed but one, which is corrected; or two neighbours that are one word."""
        typed = [term.expression for term in self.terms]
        readings = [
            every(*typed[:i], either(*others), *typed[i + 1 :])
            for i, others in enumerate(self.others)
            if others
        ]
        for i, (left, right) in enumerate(pairwise(self.terms)):
            if not (left.is_run or right.is_run):
                joined = Term(left.text + right.text, right.prefix)
                readings.append(every(*typed[:i], joined, *typed[i + 2 :]))
        return either(*readings) if readings else None

    def _each_corrected(self) -> list[Expression]:
        return [
            either(term.expression, *others) for term, others in zip(self.terms, self.others, strict=True)
        ]

    def all_corrected(self) -> Expression:
        """Each term as typed or corrected."""
        return every(*self._each_corrected())

    @property
    def expendable(self) -> int:
        """How many terms may be wrong altogether: of two one, of six two, of a single one none."""
        return min(2, max(len(self.terms) // 3, len(self.terms) > 1))

    def left_out(self, count: int) -> Expression:
        """All terms as typed but `count` of them."""
        typed = [term.expression for term in self.terms]
        kept = combinations(typed, len(typed) - count)
        return either(*(every(*expressions) for expressions in kept))


def _corrected_names(terms: Sequence[QueryTerm], others: Sequence[Sequence[Expression]]) -> frozenset[str]:
    """The whole text with one word corrected, as the names that titles and artists may have."""
    words = [" ".join(term.words) for term in terms]
    return frozenset(
        name_term(" ".join([*words[:i], other.text, *words[i + 1 :]]))
        for i, meant in enumerate(others)
        for other in [each for each in meant if isinstance(each, Term)][:MAX_NAMES]
    )


def corrections(cursor: CursorWrapper, terms: Sequence[QueryTerm]) -> Meanings:
    """What each term may have meant, the most frequent words first; one query for all terms."""
    answers = _ask(cursor, terms)
    others: list[list[Expression]] = []
    for position, term in enumerate(terms):
        words = dict.fromkeys(word for number, word, _ in answers if number == position)
        near = _loosened(term) if term.is_run else _corrected_words(term, words)
        most = MAX_CORRECTIONS if len(term.text) > MIN_LENGTH else MAX_SHORT_CORRECTIONS
        others.append([*near[:most], *_split(term)])
    return Meanings(terms, others, _corrected_names(terms, others))


def nearest_words(cursor: CursorWrapper, terms: Sequence[QueryTerm], limit: int = 5) -> tuple[str, ...]:
    """Words of the index to suggest in the place of the longest term, which nothing was found for."""
    text = max((term.text for term in terms), key=len)
    if len(text) < MIN_LENGTH:
        return ()
    alike = _near(0, text[:HEAD], "word.word", (MIN_LENGTH, HEAD), (len(text) - 2, len(text) + 2))
    cursor.execute(alike.sql, alike.params)
    near = [(OSA.distance(text, word), -count, word) for _, word, count in cursor.fetchall()]
    return tuple(
        word for distance, _, word in sorted(near)[:limit] if distance <= max(2, (len(text) + 1) // 3)
    )
