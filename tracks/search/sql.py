"""The raw SQL of the search index, SQLite and PostgreSQL side by side.

Four tables: a document per recording, whose `rank` is its place in the order of popularity, so that
the first rows of a full-text match are the popular ones and no match is ever sorted; the full-text
index on it; the words; and the variants that misspelt words are recognised by. All are derived data,
made anew from the catalogue in one go.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.backends.utils import CursorWrapper

from tracks.search.expressions import SHORT_BEGINNINGS, Expression, beginning, fts5, lexeme, tsquery
from tracks.search.vocabulary import HEAD

TABLES = ("tracks_search_document", "tracks_search_word", "tracks_search_variant")


@dataclass(frozen=True)
class Dialect:
    """How one database makes, fills and asks the index.

    `begin` makes empty tables to fill, `index_documents` is for when theirs is filled, `finish` indexes the
    others and puts all in the place of the old ones.
    `artist_ids` are the keys of a track's artists in their order, as text: "12,7".
    `match` gives the ranks that match an expression, `match_rare` does so for one that few documents match.
    """

    drop: tuple[str, ...]
    begin: tuple[str, ...]
    index_documents: tuple[str, ...]
    finish: tuple[str, ...]
    documents: str
    words: str
    variants: str
    artist_ids: str
    match: str
    match_rare: str
    words_in_range: str
    load: Callable[[CursorWrapper, str, Sequence[Sequence[Any]]], None]
    document_row: Callable[[int, int, str, str], Sequence[Any]]
    render: Callable[[Expression], str]


CATALOGUE = """
    SELECT recording.id, track.id, track.title, track.album, track.artist_names
    FROM tracks_track AS track
    JOIN tracks_track AS recording ON recording.id = COALESCE(track.recording_id, track.id)
    ORDER BY recording.popularity DESC NULLS LAST, recording.spotify_id,
             track.id <> recording.id, track.popularity DESC NULLS LAST, track.id
"""

TRACK_COLUMNS = (
    "track.id, track.spotify_id, track.title, track.artist_names, track.album, track.genre_names, "
    "track.popularity, track.duration_ms, track.explicit, {artist_ids}, "
    "(SELECT COUNT(*) FROM tracks_track AS release WHERE release.recording_id = track.recording_id)"
)
FOUND = f"""
    SELECT found.rank, document.names, document.words, {TRACK_COLUMNS}
    FROM ({{branches}}) AS found
    JOIN tracks_search_document AS document ON document.rank = found.rank
    JOIN tracks_track AS track ON track.id = document.track_id
    ORDER BY found.rank
"""
BY_SPOTIFY_ID = f"SELECT {TRACK_COLUMNS} FROM tracks_track AS track WHERE spotify_id = %s"

# Words one edit away from a text: both lost at most one letter of their heads, and behind the heads
# nothing differs, or the heads are the same.
NEAR_WORDS = """
    SELECT {position} AS position, {answer} AS answer, SUM(word.frequency) AS frequency
    FROM tracks_search_variant AS variant
    {words_in_range}
    WHERE variant.variant IN ({heads}) AND variant.size BETWEEN %s AND %s
      AND LENGTH(word.word) BETWEEN %s AND %s AND (variant.variant = %s OR word.word LIKE %s)
    GROUP BY answer
"""
NEAR_BEGINNINGS = """
    SELECT {position} AS position, SUBSTR(word.word, 1, variant.size) AS answer,
           variant.last - variant.first + 1 AS frequency
    FROM tracks_search_variant AS variant
    JOIN tracks_search_word AS word ON word.id = variant.first
    WHERE variant.variant IN ({heads}) AND variant.size BETWEEN %s AND %s
"""
# A word shorter than a head is the first of its range.
_RANGE = f"""BETWEEN variant.first
        AND CASE WHEN variant.size < {HEAD} THEN variant.first ELSE variant.last END"""


def _insert(cursor: CursorWrapper, target: str, rows: Sequence[Sequence[Any]]) -> None:
    marks = ", ".join(["%s"] * (target.count(",") + 1))
    cursor.executemany(f"INSERT INTO {target} VALUES ({marks})", rows)


def _copy(cursor: CursorWrapper, target: str, rows: Sequence[Sequence[Any]]) -> None:
    with cursor.copy(f"COPY {target} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _plain_row(rank: int, track_id: int, names: str, words: str) -> Sequence[Any]:
    return rank, track_id, names, words


def _vector_row(rank: int, track_id: int, names: str, words: str) -> Sequence[Any]:
    """With the terms spelt out as a tsvector: PostgreSQL's own parser would split and guess."""
    terms = [f"{lexeme(word)}:{place}" for place, word in enumerate(words.split(), 1)]
    whole_names = names.split()
    beginnings = {beginning(name[: 1 + size]) for name in whole_names for size in SHORT_BEGINNINGS}
    return rank, track_id, names, words, " ".join([*terms, *map(lexeme, [*whole_names, *sorted(beginnings)])])


# All ASCII signs are letters here: folded text has them in names made of nothing else.
_TOKENIZER = "ascii tokenchars ''!\"\"#$%%&()*+,-./:;<=>?@[\\]^_`{|}~''''''"

_FTS5_MATCH = (
    "SELECT rowid AS rank FROM tracks_search_terms WHERE tracks_search_terms MATCH %s ORDER BY rowid LIMIT %s"
)

SQLITE = Dialect(
    drop=("DROP TABLE IF EXISTS tracks_search_terms", *(f"DROP TABLE IF EXISTS {table}" for table in TABLES)),
    begin=(
        "CREATE TABLE tracks_search_document "
        "(rank INTEGER PRIMARY KEY, track_id INTEGER, names TEXT, words TEXT)",
        "CREATE TABLE tracks_search_word (id INTEGER PRIMARY KEY, word TEXT UNIQUE, frequency INTEGER)",
        "CREATE TABLE tracks_search_variant (variant TEXT, size INTEGER, first INTEGER, last INTEGER, "
        "PRIMARY KEY (variant, size, first)) WITHOUT ROWID",
        "CREATE VIRTUAL TABLE tracks_search_terms USING fts5(names, words, content='tracks_search_document', "
        f"content_rowid='rank', columnsize=0, prefix='1 2 3', tokenize='{_TOKENIZER}')",
        # One sorted run in memory instead of many on disk to be merged; only the importing process pays.
        "INSERT INTO tracks_search_terms(tracks_search_terms, rank) VALUES ('hashsize', 67108864)",
    ),
    # Unlike 'rebuild', it has written the index, as one sorted run, when it ends: no later than that.
    index_documents=(
        "INSERT INTO tracks_search_terms (rowid, names, words) "
        "SELECT rank, names, words FROM tracks_search_document",
    ),
    finish=(),
    documents="tracks_search_document (rank, track_id, names, words)",
    words="tracks_search_word (id, word, frequency)",
    variants="tracks_search_variant (variant, size, first, last)",
    artist_ids="(SELECT group_concat(artist_id) FROM (SELECT artist_id FROM tracks_credit "
    "WHERE track_id = track.id ORDER BY position))",
    match=_FTS5_MATCH,
    match_rare=_FTS5_MATCH,
    words_in_range=f"JOIN tracks_search_word AS word ON word.id {_RANGE}",
    load=_insert,
    document_row=_plain_row,
    render=fts5,
)

# Filled beside the old tables and renamed: nobody who searches meanwhile waits for more than the renaming.
POSTGRESQL = Dialect(
    drop=tuple(f"DROP TABLE IF EXISTS {table}" for table in TABLES),
    begin=(
        *(f"DROP TABLE IF EXISTS {table}_next" for table in TABLES),
        "CREATE TABLE tracks_search_document_next "
        "(rank integer, track_id bigint, names text, words text, terms tsvector)",
        # Rare words must look rare to the planner, or it reads all documents for a list of them.
        "ALTER TABLE tracks_search_document_next ALTER terms SET STATISTICS 300",
        'CREATE TABLE tracks_search_word_next (id integer, word text COLLATE "C", frequency integer)',
        "CREATE TABLE tracks_search_variant_next "
        '(variant text COLLATE "C", size smallint, first integer, last integer)',
    ),
    index_documents=(
        "ALTER TABLE tracks_search_document_next ADD PRIMARY KEY (rank)",
        "CREATE INDEX ON tracks_search_document_next USING gin (terms) WITH (fastupdate = off)",
    ),
    finish=(
        "ALTER TABLE tracks_search_word_next ADD PRIMARY KEY (id)",
        "CREATE UNIQUE INDEX ON tracks_search_word_next (word)",
        "CREATE INDEX ON tracks_search_variant_next (variant, size) INCLUDE (first, last)",
        *(f"DROP TABLE IF EXISTS {table}" for table in TABLES),
        *(f"ALTER TABLE {table}_next RENAME TO {table}" for table in TABLES),
        *(f"ANALYZE {table}" for table in TABLES),
    ),
    documents="tracks_search_document_next (rank, track_id, names, words, terms)",
    words="tracks_search_word_next (id, word, frequency)",
    variants="tracks_search_variant_next (variant, size, first, last)",
    artist_ids="(SELECT string_agg(artist_id::text, ',' ORDER BY position) FROM tracks_credit "
    "WHERE track_id = track.id)",
    match="SELECT rank FROM tracks_search_document WHERE terms @@ %s::tsquery ORDER BY rank LIMIT %s",
    # Of a long list of alternatives the planner expects too much, and would read all documents in order.
    match_rare="""SELECT rank FROM (
        SELECT rank FROM tracks_search_document WHERE terms @@ %s::tsquery OFFSET 0
    ) AS matching ORDER BY rank LIMIT %s""",
    # The order and the limit keep the planner from reading all words for each search.
    words_in_range=f"""CROSS JOIN LATERAL (
        SELECT word, frequency FROM tracks_search_word WHERE id {_RANGE} ORDER BY id LIMIT 1000000
    ) AS word""",
    load=_copy,
    document_row=_vector_row,
    render=tsquery,
)

DIALECTS = {"sqlite": SQLITE, "postgresql": POSTGRESQL}
