"""What wider searches of a misspelt query match, judged by reading their expressions as the databases do."""

from itertools import combinations

import pytest

from tracks.search.corrections import MAX_TERMS_JOINED, TermCorrection, TermCorrections, without_one
from tracks.search.expressions import AllOf, AnyOf, Expression, Phrase, Term
from tracks.search.queries import QueryTerm


def matches(expression: Expression, words: list[str]) -> bool:
    """Whether the words of a document match."""
    match expression:
        case Term(text, prefix):
            return any(word.startswith(text) if prefix else word == text for word in words)
        case Phrase(parts):
            starts = range(len(words))
            return any(tuple(words[start : start + len(parts)]) == parts for start in starts)
        case AllOf(parts):
            return all(matches(part, words) for part in parts)
        case AnyOf(parts):
            return any(matches(part, words) for part in parts)


def terms_of(*words: str) -> list[QueryTerm]:
    return [QueryTerm((word,)) for word in words]


@pytest.mark.parametrize("n_words", range(2, 9))
def test_one_word_may_be_missing_or_two_neighbours_of_six_and_more(n_words):
    words = [f"word{i}" for i in range(n_words)]
    expression = without_one(terms_of(*words))

    for missing in [(), *combinations(range(n_words), 1), *combinations(range(n_words), 2)]:
        kept = [word for i, word in enumerate(words) if i not in missing]
        is_pair = len(missing) == 2 and missing[1] - missing[0] == 1
        assert matches(expression, kept) == (len(missing) < 2 or (n_words >= 6 and is_pair))


@pytest.mark.parametrize("n_words", range(1, 5))
def test_in_few_words_any_single_one_is_corrected(n_words):
    terms = terms_of(*(f"word{i}" for i in range(n_words)))
    corrected = TermCorrections([TermCorrection(term, [Term(f"other{term.text}")]) for term in terms])
    one, each = corrected.one_corrected(), corrected.all_corrected()

    for n_others in range(n_words + 1):
        for others in combinations(range(n_words), n_others):
            document = [("other" if i in others else "") + f"word{i}" for i in range(n_words)]
            assert matches(one, document) == (n_others == 1)
            assert matches(each, document)


@pytest.mark.parametrize("n_words", range(2, MAX_TERMS_JOINED + 2))
def test_a_space_too_many_joins_two_neighbours_of_a_bounded_number_of_words(n_words):
    words = [f"word{i}" for i in range(n_words)]
    one = TermCorrections([TermCorrection(term, []) for term in terms_of(*words)]).one_corrected()

    for i in range(n_words - 1):
        joined = [*words[:i], words[i] + words[i + 1], *words[i + 2 :]]
        assert (one is not None and matches(one, joined)) == (n_words <= MAX_TERMS_JOINED)
        assert one is None or not matches(one, joined[:-1])
        assert one is None or not matches(one, words)


def test_the_last_word_joined_is_still_being_typed():
    terms = [QueryTerm(("block",)), QueryTerm(("bus",), prefix=True)]
    one = TermCorrections([TermCorrection(term, []) for term in terms]).one_corrected()

    assert matches(one, ["blockbuster"])
    assert not matches(one, ["blockb"])


def test_a_term_stands_for_itself_its_corrections_and_whole_phrases():
    correction = TermCorrection(
        QueryTerm(("sigurros",)), [Term("sigurd"), Term("sigu", prefix=True), Phrase(("sigur", "ros"))]
    )

    assert correction.words_in({"sigurros", "other"}) == {"sigurros"}
    assert correction.words_in({"sigurd", "sigur", "ros", "other"}) == {"sigurd", "sigur", "ros"}
    assert correction.words_in({"ros", "sig"}) == set()
