"""What the terms of a misspelt query may stand for, and the wider searches that follow from it."""

from collections.abc import Sequence
from itertools import combinations, pairwise

from tracks.search.documents import name_term
from tracks.search.expressions import Expression, Phrase, Term, either, every
from tracks.search.queries import QueryTerm

MAX_NAMES = 20  # whole names that are looked for, of each term


class Meaning:
    """A term and what else it may mean."""

    __slots__ = ("_beginnings", "_phrases", "_whole", "others", "term")

    def __init__(self, term: QueryTerm, others: Sequence[Expression]) -> None:
        self.term = term
        self.others = others
        self._whole = {other.text for other in others if isinstance(other, Term)}
        self._beginnings = tuple(other.text for other in others if isinstance(other, Term) and other.prefix)
        self._phrases = [set(other.words) for other in others if isinstance(other, Phrase)]

    def words_in(self, words: set[str]) -> set[str]:
        """Those of the words that the term may stand for."""
        meant = {word for word in words if word in self._whole or word.startswith(self._beginnings)}
        meant.update(*(phrase for phrase in self._phrases if phrase <= words))
        return meant | (words.intersection(self.term.words) if words.issuperset(self.term.words) else set())

    @property
    def expression(self) -> Expression:
        """The term as typed or corrected."""
        return either(self.term.expression, *self.others)


class Meanings:
    """The terms of a query with what else they may mean.

    `names` are the names that titles and artists have if the whole text with one term corrected is meant.
    """

    def __init__(self, each: Sequence[Meaning]) -> None:
        self.each = each
        self._typed = [meaning.term.expression for meaning in each]
        self.names = self._names()

    def _names(self) -> frozenset[str]:
        words = [" ".join(meaning.term.words) for meaning in self.each]
        corrected = (
            (i, [other.text for other in meaning.others if isinstance(other, Term)][:MAX_NAMES])
            for i, meaning in enumerate(self.each)
        )
        return frozenset(
            name_term(" ".join([*words[:i], text, *words[i + 1 :]]))
            for i, texts in corrected
            for text in texts
        )

    def _joined(self) -> list[Expression]:
        """With a space too many: block buster → blockbuster."""
        terms = [meaning.term for meaning in self.each]
        return [
            every(*self._typed[:i], Term(left.text + right.text, right.prefix), *self._typed[i + 2 :])
            for i, (left, right) in enumerate(pairwise(terms))
            if not (left.is_run or right.is_run)
        ]

    def one_corrected(self) -> Expression | None:
        """All terms as typed but one, which is corrected; or two neighbours that are one word."""
        typed = self._typed
        readings = [
            every(*typed[:i], either(*meaning.others), *typed[i + 1 :])
            for i, meaning in enumerate(self.each)
            if meaning.others
        ]
        readings += self._joined()
        return either(*readings) if readings else None

    def all_corrected(self) -> Expression:
        """Each term as typed or corrected."""
        return every(*(meaning.expression for meaning in self.each))

    @property
    def expendable(self) -> int:
        """How many terms may be wrong altogether: of two one, of six two, of a single one none."""
        return min(2, max(len(self.each) // 3, len(self.each) > 1))

    def left_out(self, count: int) -> Expression:
        """All terms as typed but `count` of them."""
        kept = combinations(self._typed, len(self._typed) - count)
        return either(*(every(*expressions) for expressions in kept))
