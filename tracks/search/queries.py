"""What somebody typed, as terms to look for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from tracks.folding import is_spaceless, tokens
from tracks.search.documents import fold_name, name_term
from tracks.search.expressions import Expression, Term, every, phrase

MAX_LENGTH = 200
MAX_TERMS = 12

SPOTIFY_ID = re.compile(r"[0-9A-Za-z]{22}")
SPOTIFY_LINK = re.compile(
    r"(?:open\.spotify\.com/(?:[\w-]+/)*|spotify:)track[/:]([0-9A-Za-z]{1,64})(?![0-9A-Za-z])"
)


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
    """`name` is the whole text as the term of a title or artist of just that name."""

    name: str
    terms: tuple[QueryTerm, ...]

    @property
    def expression(self) -> Expression:
        return every(*(term.expression for term in self.terms))


def pasted_id(text: str) -> str | None:
    """The track id in a Spotify link or URI, or the id itself; None when the text is none of them."""
    text = text.strip()[: MAX_LENGTH * 2]
    if link := SPOTIFY_LINK.search(text):
        return link[1]
    return text if SPOTIFY_ID.fullmatch(text) else None


def _runs(words: list[str]) -> Iterator[tuple[str, ...]]:
    for spaceless, run in groupby(words, key=lambda word: is_spaceless(word[0])):
        whole = tuple(run)
        yield from [whole] if spaceless else zip(whole, strict=True)


def _terms(text: str) -> list[QueryTerm]:
    words = tokens(text)
    # Chunk by chunk, since a space between two runs of ideographs tells that they need not be neighbours.
    chunks = ([word for word in tokens(chunk) if word in words] for chunk in text.split())
    runs = [run for chunk in chunks for run in _runs(chunk)] or list(_runs(words))
    return [QueryTerm(run) for run in list(dict.fromkeys(runs))[:MAX_TERMS]]


def parse(text: str) -> Query:
    """The query in a text of any content; it has no terms when nothing in the text can be looked for."""
    text = text[:MAX_LENGTH]
    terms = _terms(text)
    if terms and not terms[-1].is_run:
        terms[-1] = QueryTerm(terms[-1].words, prefix=True)
    return Query(name_term(fold_name(text)), tuple(terms))
