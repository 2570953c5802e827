"""Answers a search: as typed first, then with typing errors forgiven, then the best of what there is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, NamedTuple

import orjson
from django.db import connection
from django.db.backends.utils import CursorWrapper

from tracks.addresses import artist_url
from tracks.search.corrections import (
    MAX_TERMS_JOINED,
    MAX_TERMS_ONE_CORRECTED,
    TermCorrection,
    TermCorrections,
    names_with_one_corrected,
    without_one,
)
from tracks.search.documents import fold_name, name_term, name_words
from tracks.search.expressions import Expression, Term, all_of, any_of
from tracks.search.queries import Query, QueryTerm, parse, pasted_id, pasted_kind
from tracks.search.ranking import Found, is_complete, mistakes, quality, reading
from tracks.search.spelling import corrections, nearest_words
from tracks.search.sql import BY_SPOTIFY_ID, DIALECTS, FOUND
from tracks.titles.parsing import song_key

ENOUGH = 10  # hits as typed: then no typing errors are looked for
POOL = 40  # rows as typed that are put in order
NAMES_A_TERM = 5  # corrected names of one part of a query, for each of its terms
WIDE_POOL = 120  # … with typing errors, where more of the popular ones are not meant


@dataclass(frozen=True, slots=True)
class Hit:
    """A song that was found, shown by its most popular release; `n_releases` counts all of them."""

    track_id: int
    spotify_id: str
    title: str
    artist_names: list[str]
    artist_ids: list[int]
    album: str
    genre_names: list[str]
    popularity: int | None
    duration_ms: int | None
    explicit: bool | None
    n_releases: int

    @property
    def artist_links(self) -> list[tuple[str, str]]:
        """The address and the name of each artist."""
        return [(artist_url(pk), name) for pk, name in zip(self.artist_ids, self.artist_names, strict=True)]


class Group(NamedTuple):
    """Hits that have one part of the query as a name: `kind` is `artist` or `title`."""

    kind: str
    name: str
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The hits, best first, at most as many as asked for; `more` says that there are others.

    `corrected`: they were found by other words than those typed, `reading` by which ones.
    `incomplete`: no track has all the words; these are the best of what there is, in `groups` where the
    words are two names. `cut`: only the first letters or words of the text were looked for.
    `suggestions`: words of the catalogue to try when there are no hits. `missing_id`: the text was a
    link to a track that the catalogue does not have; `link_kind`: to an album, a playlist or an artist.
    """

    hits: tuple[Hit, ...] = ()
    more: bool = False
    corrected: bool = False
    reading: str = ""
    incomplete: bool = False
    groups: tuple[Group, ...] = ()
    cut: bool = False
    link_kind: str = ""
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


def _hit(row: Sequence[Any], n_releases: int) -> Hit:
    (track_id, spotify_id, title, artists, album, genres, popularity, duration_ms, explicit, ids, _) = row
    return Hit(
        track_id=track_id,
        spotify_id=spotify_id,
        title=title,
        artist_names=orjson.loads(artists),
        artist_ids=[int(each) for each in ids.split(",")] if ids else [],
        album=album,
        genre_names=orjson.loads(genres),
        popularity=popularity,
        duration_ms=duration_ms,
        explicit=None if explicit is None else bool(explicit),
        n_releases=max(1, n_releases),  # a track without a recording stands for itself
    )


def _look_up(cursor: CursorWrapper, *branches: _Branch) -> list[_Candidate]:
    """What matches any of the branches, each with its own limit, in one query."""
    dialect = DIALECTS[connection.vendor]
    matches = (dialect.match_rare if branch.rare else dialect.match for branch in branches)
    selects = (f"SELECT * FROM ({match}) AS branch{i}" for i, match in enumerate(matches))
    params = [value for branch in branches for value in (dialect.render(branch.expression), branch.limit)]
    cursor.execute(FOUND.format(branches=" UNION ".join(selects), artist_ids=dialect.artist_ids), params)
    return [_Candidate(Found(*row[:3]), row[3:]) for row in cursor.fetchall()]


def _as_typed(cursor: CursorWrapper, query: Query, limit: int) -> list[_Candidate]:
    candidates = _look_up(
        cursor,
        _Branch(Term(query.name), 2 * limit),  # several of them may be one song
        _Branch(Term(query.name, prefix=True), 2 * limit),
        _Branch(query.expression, max(POOL, limit + 1)),
    )
    return sorted(candidates, key=lambda each: (quality(query, each.found), each.found.rank))


def _with_errors(
    cursor: CursorWrapper, query: Query, corrections: TermCorrections, limit: int
) -> Iterator[list[_Candidate]]:
    """Wider and wider readings of the query, each run only when the one before found nothing."""
    pool = max(WIDE_POOL, limit + 1)
    if one := corrections.one_corrected():
        names = [Term(name) for name in sorted(corrections.names)]
        whole_names = [_Branch(any_of(*names), pool, rare=True)] if names else []
        yield _look_up(cursor, _Branch(one, pool, rare=True), *whole_names)
    if len(query.terms) > 1:
        yield _look_up(cursor, _Branch(corrections.all_corrected(), pool, rare=True))


def _known_terms(cursor: CursorWrapper, terms: Sequence[QueryTerm]) -> list[QueryTerm]:
    """Those of the terms that any recording has."""
    dialect = DIALECTS[connection.vendor]
    known = f"SELECT %s AS place WHERE EXISTS (SELECT 1 FROM ({dialect.match}) AS matching)"
    sql = " UNION ALL ".join([known] * len(terms))
    values = ((i, dialect.render(term.expression), 1) for i, term in enumerate(terms))
    cursor.execute(sql, [value for each in values for value in each])
    return [terms[i] for i in sorted(int(place) for (place,) in cursor.fetchall())]


def _without_words(
    cursor: CursorWrapper, query: Query, meant: TermCorrections, limit: int
) -> tuple[list[_Candidate], list[Group]]:
    """What has all words that are known at all; else two groups named by parts of them; else without one."""
    known = _known_terms(cursor, query.terms)
    pool = max(WIDE_POOL, limit + 1)
    if 0 < len(known) < len(query.terms):
        expression = all_of(*(term.expression for term in known))
        if found := _look_up(cursor, _Branch(expression, pool)):
            return found, []
    named = [each for each in meant.each if each.others or each.term in known] if known else []
    if groups := _groups(cursor, named, limit):
        return [], groups
    return _look_up(cursor, _Branch(without_one(known), pool)) if len(known) > 1 else [], []


def _groups(cursor: CursorWrapper, terms: Sequence[TermCorrection], limit: int) -> list[Group]:
    """The tracks named by the first words, and those by the rest, at the split where there are both.

    Either part may have one word misspelt.
    """
    most = NAMES_A_TERM if len(terms) <= MAX_TERMS_JOINED else 0
    splits = [[_names_of_part(part, most) for part in (terms[:i], terms[i:])] for i in range(1, len(terms))]
    names = dict.fromkeys(name for parts in splits for part in parts for name in part)
    if not names:
        return []
    branch = _Branch(any_of(*map(Term, names)), max(4 * WIDE_POOL, limit), rare=True)
    named = _look_up(cursor, branch)
    known = {name for each in named for name in each.found.names}
    both = [
        # Of each part the name that is there, as typed if it is.
        [next(name for name in part if name in known) for part in parts]
        for parts in splits
        if all(not known.isdisjoint(part) for part in parts)
    ]
    groups = []
    for name in max(both, key=lambda parts: min(map(len, parts)), default=()):
        matching = [each for each in named if name in each.found.names]
        text = " ".join(name_words(name))
        artists = [a for each in matching for a in orjson.loads(each.row[3]) if fold_name(a) == text]
        hits = _hits(matching, limit)
        groups.append(Group("artist", artists[0], hits) if artists else Group("title", text, hits))
    return groups


def _names_of_part(part: Sequence[TermCorrection], most: int) -> list[str]:
    typed = name_term(" ".join(word for each in part for word in each.term.words))
    return [typed, *names_with_one_corrected(part, most)]


def _is_answered(query: Query, typed: Sequence[_Candidate], limit: int) -> bool:
    if len(typed) >= min(limit, ENOUGH):
        return True
    # All words of a title and its artist together are meant as typed; one rare word alone may be a slip.
    return len(query.terms) > 1 and any(is_complete(query, each.found) for each in typed)


def _hits(candidates: Sequence[_Candidate], limit: int) -> tuple[Hit, ...]:
    """One hit for each song, in the place of its first recording, with the releases of all."""
    songs: dict[str, list[Sequence[Any]]] = {}
    for row in {each.found.rank: each.row for each in candidates}.values():
        artists = orjson.loads(row[3])
        songs.setdefault(song_key(row[2], artists[0] if artists else ""), []).append(row)
    first_songs = islice(songs.values(), limit)
    return tuple(_hit(rows[0], n_releases=sum(row[-1] for row in rows)) for rows in first_songs)


def _result(candidates: Sequence[_Candidate], limit: int) -> SearchResult:
    hits = _hits(candidates, limit + 1)
    return SearchResult(hits[:limit], more=len(hits) > limit)


def _search_text(cursor: CursorWrapper, query: Query, limit: int) -> SearchResult:
    typed = _as_typed(cursor, query, limit)
    if _is_answered(query, typed, limit):
        return _result(typed, limit)
    # Of many words only those that no recording has are corrected: that is what bounds the price.
    many = len(query.terms) > MAX_TERMS_ONE_CORRECTED
    meant = corrections(cursor, query.terms, _known_terms(cursor, query.terms) if many else ())

    def order(each: _Candidate) -> tuple[int, ...]:
        return *mistakes(query, meant, each.found), each.found.rank

    forgiven = sorted(next(filter(None, _with_errors(cursor, query, meant, limit)), []), key=order)
    if typed:
        return _result([*typed, *forgiven], limit)
    if forgiven:
        return replace(_result(forgiven, limit), corrected=True, reading=reading(query, forgiven[0].found))
    partial, groups = _without_words(cursor, query, meant, limit)
    if groups:
        hits = tuple({hit.track_id: hit for group in groups for hit in group.hits}.values())
        return SearchResult(
            hits[:limit], len(hits) > limit, corrected=True, incomplete=True, groups=tuple(groups)
        )
    if partial:
        partial.sort(key=order)
        words = reading(query, partial[0].found)
        return replace(_result(partial, limit), corrected=True, incomplete=True, reading=words)
    return SearchResult(suggestions=nearest_words(cursor, query.terms))


def search(query: str, limit: int = 10) -> SearchResult:
    """Find songs by what somebody typed, complete or not yet, of any content and length.

    A Spotify link, URI or id finds its track. Words are looked for in titles, artists and albums, in
    any order; the last one may be unfinished, and each may have one typing error. What a search costs
    is bounded, whatever was typed: a long text is cut, and the result says so.
    """
    spotify_id, link_kind, parsed = pasted_id(query), pasted_kind(query), parse(query)
    with connection.cursor() as cursor:
        if spotify_id:
            by_id = BY_SPOTIFY_ID.format(artist_ids=DIALECTS[connection.vendor].artist_ids)
            cursor.execute(by_id, [spotify_id])
            if rows := cursor.fetchall():
                return SearchResult((_hit(rows[0], n_releases=rows[0][-1]),))
            if query.strip() != spotify_id:
                return SearchResult(missing_id=spotify_id)
        if link_kind:
            return SearchResult(link_kind=link_kind)
        if not parsed.terms:
            return SearchResult(cut=parsed.is_cut)
        return replace(_search_text(cursor, parsed, max(1, limit)), cut=parsed.is_cut)
