"""What one recording can be found by: the folded names and words of all its releases."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

import orjson

from tracks.titles.folding import fold
from tracks.titles.parsing import credited_names, title_stem

MAX_RELEASES = 20  # of one recording: a song on a hundred compilations must not outgrow the index
MAX_NAME_LENGTH = 200
NAME_SIGN = "_"  # opens a whole name and joins its words, so that a name is one term of the index

SIGN = re.compile(r"[^\w\s]+")
INNER_SIGN = re.compile(r"\w[^\w\s'`´‘’]+\w|[$!@€¥]\w|\w[$€¥]")
STYLED_LETTER = re.compile(r"[$!@€¥]\w|\w[$€¥]")
STYLED_LETTERS = str.maketrans("$!@€¥", "siaey")

Row = tuple[int, int, str, str, str]  # recording, track, title, album, artist names as JSON


class Document(NamedTuple):
    """One recording: `names` are its titles (its own first) and artists as terms, `words` all words."""

    track_id: int
    names: str
    words: str


def name_term(folded: str) -> str:
    """A whole name as one term: `name_term("halo effect") == "_halo_effect"`."""
    return NAME_SIGN + folded.replace(" ", NAME_SIGN)


def name_words(term: str) -> list[str]:
    """The words of a name's term, in order."""
    return term[1:].split(NAME_SIGN)


def fold_name(name: str) -> str:
    """The folded name, cut to what the index keeps of it."""
    folded = fold(name)
    return folded if len(folded) <= MAX_NAME_LENGTH else folded[:MAX_NAME_LENGTH].rstrip()


def _without_signs(chunk: str) -> str:
    """How people type a word that has signs inside: AC/DC → ACDC, P!nk → Pink."""
    if STYLED_LETTER.search(chunk):
        return chunk.translate(STYLED_LETTERS)
    return SIGN.sub("", chunk) if INNER_SIGN.search(chunk) else chunk


def _signed_spellings(name: str) -> tuple[str, ...]:
    if INNER_SIGN.search(name):
        return fold_name(name), fold_name(" ".join(map(_without_signs, name.split())))
    return (fold_name(name),)


def _has_sign(name: str) -> bool:
    # The first half is quicker, and settles most names.
    return not name.replace(" ", "").isalnum() and SIGN.search(name) is not None


def _spellings(name: str) -> tuple[str, ...]:
    return _signed_spellings(name) if _has_sign(name) else (fold_name(name),)


def _title_spellings(title: str) -> tuple[str, ...]:
    """Those of the title, and the title without what stands behind a dash or in brackets."""
    if not _has_sign(title):
        return (fold_name(title),)
    stem = title_stem(title)
    return _signed_spellings(title) + (_spellings(stem) if stem != title else ())


_album_name = lru_cache(maxsize=65536)(fold_name)


@lru_cache(maxsize=65536)
def _artist_spellings(artist_names: str) -> tuple[str, ...]:
    names = [part for name in orjson.loads(artist_names) for part in (name, *credited_names(name))]
    return tuple(spelling for name in dict.fromkeys(names) for spelling in _spellings(name))


def gather_documents(rows: Iterable[Row]) -> Iterator[Document]:
    """One document per recording, in the order of the rows; its representative's row comes first."""
    for _, (represented, *others) in groupby(rows, key=itemgetter(0)):
        _, track_id, title, album, artist_names = represented
        names = dict.fromkeys(_title_spellings(title) + _artist_spellings(artist_names))
        albums = {_album_name(album): None}
        for _, _, title, album, _ in others[: MAX_RELEASES - 1]:
            names |= dict.fromkeys(_title_spellings(title))
            albums[_album_name(album)] = None
        names.pop("", None)
        words = " ".join(names | albums).rstrip()
        # All names at once: this runs for every recording of a catalogue.
        terms = name_term(f"\n{NAME_SIGN}".join(names)).replace("\n", " ") if names else ""
        yield Document(track_id, terms, words)
