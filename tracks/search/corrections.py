"""What the terms of a misspelt query may stand for, and the wider searches that follow from it."""

from collections.abc import Sequence
from itertools import pairwise

from tracks.search.documents import name_term
from tracks.search.expressions import Expression, Phrase, Term, all_of, any_of
from tracks.search.queries import QueryTerm

MAX_NAMES = 20  # whole names that are looked for, of each term
# One reading for each term repeats all others: PostgreSQL takes seconds for twelve of them.
MAX_TERMS_ONE_CORRECTED = 4
MAX_TERMS_JOINED = 8


class TermCorrection:
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


class TermCorrections:
    """The terms of a query with what else they may mean.

    `names` are the names that titles and artists have if the whole text with one term corrected is meant.
    """

    def __init__(self, each: Sequence[TermCorrection]) -> None:
        self.each = each
        self._typed = [correction.term.expression for correction in each]
        self.names = frozenset(names_with_one_corrected(each, MAX_NAMES))

    def one_corrected(self) -> Expression | None:
        """All terms as typed but one, which is corrected; or two neighbours that are one word.

        None for a query of many terms, which `all_corrected` answers at a price that only grows with them.
        """
        typed = self._typed
        readings = [
            all_of(*typed[:i], any_of(*correction.others), *typed[i + 1 :])
            for i, correction in enumerate(self.each)
            if correction.others and len(typed) <= MAX_TERMS_ONE_CORRECTED
        ]
        terms = [correction.term for correction in self.each]
        readings += [  # with a space too many: block buster → blockbuster
            all_of(*typed[:i], Term(left.text + right.text, right.prefix), *typed[i + 2 :])
            for i, (left, right) in enumerate(pairwise(terms))
            if len(terms) <= MAX_TERMS_JOINED and not (left.is_run or right.is_run)
        ]
        return any_of(*readings) if readings else None

    def all_corrected(self) -> Expression:
        """Each term as typed or corrected."""
        return all_of(*(any_of(each.term.expression, *each.others) for each in self.each))


def names_with_one_corrected(each: Sequence[TermCorrection], most: int) -> list[str]:
    """The terms of whole names: the text with one of its terms corrected, in up to `most` ways each."""
    words = [" ".join(correction.term.words) for correction in each]
    return [
        name_term(" ".join([*words[:i], text, *words[i + 1 :]]))
        for i, correction in enumerate(each)
        for text in [other.text for other in correction.others if isinstance(other, Term)][:most]
    ]


def without_one(terms: Sequence[QueryTerm]) -> Expression:
    """All terms as typed but one; of six or more, two neighbours may be missing as well."""
    typed = [term.expression for term in terms]
    gaps = (1, 2) if len(typed) >= 6 else (1,)
    kept = [typed[:i] + typed[i + gap :] for gap in gaps for i in range(len(typed) + 1 - gap)]
    return any_of(*(all_of(*expressions) for expressions in kept))
