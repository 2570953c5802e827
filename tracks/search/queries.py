"""What somebody typed, as terms to look for."""

import re
from dataclasses import dataclass
from itertools import groupby

from tracks.search.documents import MAX_NAME_LENGTH, fold_name, name_term
from tracks.search.expressions import Expression, Term, all_of, phrase
from tracks.titles.folding import is_spaceless, tokens
from tracks.titles.parsing import credited_names

MAX_LENGTH = 200
MAX_TERMS = 12
MAX_RUN = 40  # characters of a run in a script without spaces
MAX_PASTED = 2_000  # letters in which links are looked for

SPOTIFY_ID = re.compile(r"[0-9A-Za-z]{22}")
_SPOTIFY = r"(?:open\.spotify\.com/(?:[\w-]+/){0,3}|spotify:)"
SPOTIFY_LINK = re.compile(_SPOTIFY + r"track[/:]([0-9A-Za-z]{1,64})(?![0-9A-Za-z])")
OTHER_LINK = re.compile(_SPOTIFY + r"(album|playlist|artist)[/:][0-9A-Za-z]")


@dataclass(frozen=True, slots=True)
class QueryTerm:
    """A word, or the characters of a run in a script without spaces; the last word is still being typed."""

    words: tuple[str, ...]
    prefix: bool = False

    @property
    def text(self) -> str:
        return "".join(self.words)

    @property
    def is_run(self) -> bool:
        return is_spaceless(self.words[0][0])

    @property
    def expression(self) -> Expression:
        return Term(self.words[0], prefix=True) if self.prefix else phrase(self.words)


@dataclass(frozen=True, slots=True)
class Query:
    """`name` is the whole text as the term of a title or artist of just that name.

    `is_cut`: the text had more letters or words than are looked for.
    """

    name: str
    terms: tuple[QueryTerm, ...]
    is_cut: bool = False

    @property
    def expression(self) -> Expression:
        return all_of(*(term.expression for term in self.terms))


def pasted_id(text: str) -> str | None:
    """The track id in a Spotify link or URI, or the id itself; None when the text is none of them."""
    text = text.strip()[: MAX_LENGTH * 2]
    if link := SPOTIFY_LINK.search(text):
        return link[1]
    return text if SPOTIFY_ID.fullmatch(text) else None


def pasted_ids(text: str) -> list[str]:
    """The distinct track ids of all Spotify links and URIs in the text, in order."""
    return list(dict.fromkeys(SPOTIFY_LINK.findall(text[:MAX_PASTED])))


def pasted_kind(text: str) -> str:
    """`album`, `playlist` or `artist` when the text has a Spotify link to one; else empty."""
    found = OTHER_LINK.search(text[:MAX_PASTED])
    return found[1] if found else ""


def parse(text: str) -> Query:
    """The query in a text of any content; it has no terms when nothing in the text can be looked for."""
    is_cut = len(text) > MAX_LENGTH
    text = text[:MAX_LENGTH]
    name = name_term(fold_name(text))
    text = " ".join(credited_names(text))  # an artist's credit need not have the x between two names
    words = tokens(text)
    # Chunk by chunk, since a space between two runs of ideographs tells that they need not be neighbours.
    chunks = ([word for word in tokens(chunk) if word in words] for chunk in text.split())
    found: dict[tuple[str, ...], None] = {}
    for chunk in [chunk for chunk in chunks if chunk] or [words]:
        for spaceless, run in groupby(chunk, key=lambda word: is_spaceless(word[0])):
            whole = tuple(run)
            found |= dict.fromkeys([whole[:MAX_RUN]] if spaceless else zip(whole, strict=True))
    runs = list(found)
    terms = [QueryTerm(tuple(word[:MAX_NAME_LENGTH] for word in run)) for run in runs[:MAX_TERMS]]
    if terms and not terms[-1].is_run:
        terms[-1] = QueryTerm(terms[-1].words, prefix=True)
    has_long_run = any(len(run) == MAX_RUN for run in runs)
    return Query(name, tuple(terms), is_cut or len(runs) > MAX_TERMS or has_long_run)
