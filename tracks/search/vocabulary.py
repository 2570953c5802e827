"""The words of the index, and which of their beginnings a slip of the finger may have meant.

After SymSpell (Garbe, 2012): two words are one edit apart only if they are equal after at most one
deletion in each. Only the first `HEAD` letters are tabulated, for every beginning shorter than that
too, so that a word still being typed is corrected like a whole one, and the table stays small.
"""

from collections import Counter
from collections.abc import Iterable
from itertools import groupby, islice

HEAD = 4
TEXTS_PER_BATCH = 1_000  # one by one takes longer, all at once needs more memory


# Plain tuples: there are a hundred thousand of each. Ids are in the order of the words, so that the
# words with one beginning are a range of ids.
Word = tuple[int, str, int]  # id, word, how often it occurs
Variant = tuple[str, int, int, int]  # misspelling, of a beginning of so many letters, of words first to last


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
    rest = iter(texts)
    while batch := list(islice(rest, TEXTS_PER_BATCH)):
        counts.update(" ".join(batch).split())
    return [(i, word, counts[word]) for i, word in enumerate(sorted(counts))]


def variants(words: Iterable[Word]) -> list[Variant]:
    """Each beginning as it is and with one letter left out, with the range of its words, sorted."""
    ranges: dict[str, tuple[int, int]] = {}
    for head, together in groupby(words, key=lambda word: word[1][:HEAD]):
        numbers = [number for number, _, _ in together]
        for size in range(2, len(head) + 1):
            # The words come in order, so the last of a beginning is the latest.
            first, _last = ranges.get(head[:size], (numbers[0], 0))
            ranges[head[:size]] = first, numbers[-1]
    found: list[Variant] = []
    for beginning, (first, last) in ranges.items():
        size = len(beginning)
        spellings = {beginning, *deletions(beginning)} if size > 2 else {beginning}
        found += [(spelling, size, first, last) for spelling in spellings]
    return sorted(found)
