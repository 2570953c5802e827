"""What a search costs is bounded, whatever is typed: how much is written out for the database."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import make_track
from tracks.search import rebuild_index, search
from tracks.search.corrections import TermCorrection, TermCorrections, without_one
from tracks.search.expressions import Term, n_terms
from tracks.search.queries import MAX_TERMS, parse

pytestmark = pytest.mark.django_db

UNKNOWN_WORDS = " ".join(f"qz{letter * 5}x" for letter in "abcdefghijkl")
MATHEMATICAL = "".join(chr(0x1D400 + i % 26) for i in range(600))
QUERIES = {
    "unknown words": UNKNOWN_WORDS,
    "known words": " ".join(f"word{letter}" for letter in "abcdefghijklmnop"),
    "mathematical letters": MATHEMATICAL,
    "mathematical words": " ".join(MATHEMATICAL[i : i + 15] for i in range(0, 600, 15)),
    "ligatures": "\ufdfa" * 600,
    "ideographs": "".join(chr(0x4E00 + i) for i in range(600)),
    "thai": "".join(chr(0x0E01 + i % 40) for i in range(600)),
    "hangul": "가나다라마바사" * 80,
    "repeated": "la " * 200,
    "one word": "abcdefghij" * 60,
}


@pytest.fixture
def catalogue() -> None:
    for letter in "abcdefghijklmnop":
        make_track(title=f"word{letter} other", artists=[f"Band {letter}"])
    rebuild_index()


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_what_is_written_out_for_any_query_is_bounded(catalogue, query):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        result = search(query)

    assert len(queries) <= 7
    assert max(len(each["sql"]) for each in queries) < 40_000
    assert result.cut or len(query) <= 200


def test_many_words_are_corrected_together_and_never_one_by_one():
    assert (
        TermCorrections(
            [TermCorrection(term, [Term("x")]) for term in parse(UNKNOWN_WORDS).terms]
        ).one_corrected()
        is None
    )


def test_leaving_words_out_grows_no_faster_than_the_square_of_the_words():
    terms = parse(UNKNOWN_WORDS).terms

    assert len(terms) == MAX_TERMS
    assert n_terms(without_one(terms)) < 2 * MAX_TERMS**2
