"""Answers a search: as typed first, then with typing errors forgiven, then without one of the words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import orjson
from django.db import connection
from django.db.backends.utils import CursorWrapper

from tracks.search.expressions import Expression, Term, either
from tracks.search.meanings import Meanings
from tracks.search.queries import Query, parse, pasted_id
from tracks.search.ranking import Found, is_complete, mistakes, quality, reading
from tracks.search.spelling import corrections, nearest_words
from tracks.search.sql import BY_SPOTIFY_ID, DIALECTS, FOUND

ENOUGH = 10  # hits as typed: then no typing errors are looked for
POOL = 40  # rows as typed that are put in order
WIDE_POOL = 120  # … with typing errors, where more of the popular ones are not meant


@dataclass(frozen=True, slots=True)
class Hit:
    """A recording that was found, shown by its most popular release."""

    track_id: int
    spotify_id: str
    title: str
    artist_names: list[str]
    album: str
    genre_names: list[str]
    popularity: int | None
    duration_ms: int | None
    explicit: bool | None


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The hits, best first.

    `corrected`: they were found by other words than those typed, `reading` by which ones.
    `suggestions`: words of the catalogue to try when there are no hits. `missing_id`: the text was a
    link to a track that the catalogue does not have.
    """

    hits: tuple[Hit, ...] = ()
    corrected: bool = False
    reading: str = ""
    suggestions: tuple[str, ...] = ()
    missing_id: str = ""


@dataclass(frozen=True, slots=True)
class _Branch:
    expression: Expression
    limit: int
    rare: bool = False


@dataclass(frozen=True, slots=True)
class _Candidate:
    found: Found
    row: Sequence[Any]


def _hit(row: Sequence[Any]) -> Hit:
    track_id, spotify_id, title, artists, album, genres, popularity, duration_ms, explicit = row
    explicit = None if explicit is None else bool(explicit)
    names, genre_names = orjson.loads(artists), orjson.loads(genres)
    return Hit(track_id, spotify_id, title, names, album, genre_names, popularity, duration_ms, explicit)


def _look_up(cursor: CursorWrapper, *branches: _Branch) -> list[_Candidate]:
    """What matches any of the branches, each with its own limit, in one query."""
    dialect = DIALECTS[connection.vendor]
    matches = (dialect.match_rare if branch.rare else dialect.match for branch in branches)
    selects = (f"SELECT * FROM ({match}) AS branch{i}" for i, match in enumerate(matches))
    params = [value for branch in branches for value in (dialect.render(branch.expression), branch.limit)]
    cursor.execute(FOUND.format(branches=" UNION ".join(selects)), params)
    return [_Candidate(Found(*row[:3]), row[3:]) for row in cursor.fetchall()]


def _as_typed(cursor: CursorWrapper, query: Query, limit: int) -> list[_Candidate]:
    candidates = _look_up(
        cursor,
        _Branch(Term(query.name), limit),
        _Branch(Term(query.name, prefix=True), limit),
        _Branch(query.expression, max(POOL, limit)),
    )
    return sorted(candidates, key=lambda each: (quality(query, each.found), each.found.rank))


def _with_errors(cursor: CursorWrapper, meanings: Meanings, limit: int) -> Iterator[list[_Candidate]]:
    """Wider and wider readings of the query, each asked for only when the one before found nothing."""
    pool = max(WIDE_POOL, limit)
    names = [Term(name) for name in sorted(meanings.names)]
    if one := meanings.one_corrected():
        whole_names = [_Branch(either(*names), limit, rare=True)] if names else []
        yield _look_up(cursor, _Branch(one, pool, rare=True), *whole_names)
    if len(meanings.each) > 1:
        yield _look_up(cursor, _Branch(meanings.all_corrected(), pool, rare=True))
    for count in range(1, meanings.expendable + 1):
        yield _look_up(cursor, _Branch(meanings.left_out(count), pool))


def _forgiving(cursor: CursorWrapper, query: Query, meanings: Meanings, limit: int) -> list[_Candidate]:
    def order(each: _Candidate) -> tuple[int, ...]:
        return *mistakes(query, meanings, each.found), each.found.rank

    for candidates in _with_errors(cursor, meanings, limit):
        if candidates:
            return sorted(candidates, key=order)
    return []


def _is_answered(query: Query, typed: Sequence[_Candidate], limit: int) -> bool:
    if len(typed) >= min(limit, ENOUGH):
        return True
    # All words of a title and its artist together are meant as typed; one rare word alone may be a slip.
    return len(query.terms) > 1 and any(is_complete(query, each.found) for each in typed)


def _hits(candidates: Sequence[_Candidate], limit: int) -> tuple[Hit, ...]:
    distinct = {each.found.rank: each.row for each in candidates}
    return tuple(map(_hit, islice(distinct.values(), limit)))


def _search_text(cursor: CursorWrapper, query: Query, limit: int) -> SearchResult:
    typed = _as_typed(cursor, query, limit)
    if _is_answered(query, typed, limit):
        return SearchResult(_hits(typed, limit))
    forgiven = _forgiving(cursor, query, corrections(cursor, query.terms), limit)
    if typed:
        return SearchResult(_hits([*typed, *forgiven], limit))
    if forgiven:
        return SearchResult(_hits(forgiven, limit), corrected=True, reading=reading(query, forgiven[0].found))
    return SearchResult(suggestions=nearest_words(cursor, query.terms))


def search(query: str, limit: int = 10) -> SearchResult:
    """Find recordings by what somebody typed, complete or not yet, of any content and length.

    A Spotify link, URI or id finds its track. Words are looked for in titles, artists and albums, in
    any order; the last one may be unfinished, and each may have one typing error.
    """
    spotify_id, parsed = pasted_id(query), parse(query)
    with connection.cursor() as cursor:
        if spotify_id:
            cursor.execute(BY_SPOTIFY_ID, [spotify_id])
            if rows := cursor.fetchall():
                return SearchResult((_hit(rows[0]),))
            if query.strip() != spotify_id:
                return SearchResult(missing_id=spotify_id)
        return _search_text(cursor, parsed, max(1, limit)) if parsed.terms else SearchResult()
