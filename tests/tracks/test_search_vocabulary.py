from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from tracks.search.vocabulary import (
    HEAD,
    TEXTS_PER_BATCH,
    count_words,
    deletions,
    transpositions,
    variants,
)

words = st.text(alphabet="abcd", min_size=1, max_size=7)
long_words = st.text(alphabet="abcd", min_size=HEAD, max_size=7)


def test_deletions_leave_out_one_character():
    assert deletions("abb") == {"bb", "ab"}
    assert deletions("") == set()


def test_transpositions_swap_two_neighbours():
    assert transpositions("abb") == {"bab"}
    assert transpositions("aa") == set()


def test_words_are_counted_and_numbered_in_order():
    assert count_words(["b a", "a c a"]) == [(0, "a", 3), (1, "b", 1), (2, "c", 1)]


def test_words_of_more_texts_than_are_split_at_a_time_are_all_counted():
    count = 2 * TEXTS_PER_BATCH + 1
    assert count_words(["a b"] * count) == [(0, "a", count), (1, "b", count)]


def test_variants_are_the_beginnings_whole_and_with_a_letter_less():
    assert variants(count_words(["abc abd"])) == [
        ("ab", 2, 0, 1),
        ("ab", 3, 0, 0),
        ("ab", 3, 1, 1),
        ("abc", 3, 0, 0),
        ("abd", 3, 1, 1),
        ("ac", 3, 0, 0),
        ("ad", 3, 1, 1),
        ("bc", 3, 0, 0),
        ("bd", 3, 1, 1),
    ]


@given(st.lists(words, min_size=1, max_size=30))
def test_a_range_holds_exactly_the_words_with_its_beginning(texts):
    vocabulary = count_words(texts)
    for variant, size, first, last in variants(vocabulary):
        beginning = vocabulary[first][1][:size]
        inside = [number for number, word, _ in vocabulary if word.startswith(beginning)]
        assert inside == list(range(first, last + 1))
        assert OSA.distance(variant, beginning) <= 1


@given(long_words, st.integers(0, HEAD - 1), st.sampled_from("abcd"))
def test_a_word_with_a_wrong_letter_shares_a_variant_of_its_head(word, at, letter):
    wrong = word[:at] + letter + word[at + 1 :]
    spellings = {row[0] for row in variants(count_words([word])) if row[1] == HEAD}

    assert spellings & ({wrong[:HEAD]} | deletions(wrong[:HEAD]))
