"""Makes the search index anew from the catalogue."""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from tracks.search.documents import Document, gather_documents
from tracks.search.sql import CATALOGUE, DIALECTS
from tracks.search.vocabulary import count_words, variants


def _run(cursor: CursorWrapper, statements: Iterable[str]) -> None:
    for statement in statements:
        cursor.execute(statement)


def _fill(cursor: CursorWrapper, documents: Sequence[Document]) -> None:
    dialect = DIALECTS[connection.vendor]
    _run(cursor, dialect.drop if connection.vendor == "sqlite" else ())
    _run(cursor, dialect.begin)
    rows = [dialect.document_row(rank, *document) for rank, document in enumerate(documents)]
    dialect.load(cursor, dialect.documents, rows)
    with ThreadPoolExecutor(max_workers=1) as thread:
        # The database needs no Python while it indexes, so words are counted meanwhile.
        counting = thread.submit(count_words, (document.words for document in documents))
        _run(cursor, dialect.index_documents)
    words = counting.result()
    dialect.load(cursor, dialect.words, words)
    dialect.load(cursor, dialect.variants, variants(words))
    _run(cursor, dialect.finish)


# Raise it when documents come to hold other words: `manage.py prepare` then makes the index anew.
INDEX_VERSION = 3


def rebuild_index() -> None:
    """Replace the whole search index by one of the catalogue as it is now.

    In one transaction, which is the caller's if there is one: searches see the old index or the new.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(CATALOGUE)
        _fill(cursor, list(gather_documents(cursor.fetchall())))


def create_index() -> None:
    """Make the tables of the index, empty."""
    with transaction.atomic(), connection.cursor() as cursor:
        _fill(cursor, [])


def drop_index() -> None:
    """Remove the tables of the index."""
    with connection.cursor() as cursor:
        _run(cursor, DIALECTS[connection.vendor].drop)
