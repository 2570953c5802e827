"""Writing a whole catalogue at once: what is set aside for it comes back."""

import pytest
from django.db import connection, transaction

from tests.tracks.track_files import row, rows, write_csv
from tracks.importing.bulk import PRAGMAS, bulk_writing, indexes_made_last
from tracks.importing.imports import import_tracks
from tracks.importing.publishing import FILLED

pytestmark = pytest.mark.django_db(transaction=True)


def indexes() -> set[str]:
    with connection.cursor() as cursor:
        return {
            name
            for table in FILLED
            for name, found in connection.introspection.get_constraints(cursor, table).items()
            if found["index"] or found["unique"]
        }


def pragmas() -> list[object]:
    with connection.cursor() as cursor:
        return [cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in PRAGMAS]


def test_no_index_is_lost_and_no_link_leads_nowhere(tmp_path):
    before = indexes()
    for number, table in enumerate([rows(5), [row(artists="A;B"), *rows(30)], rows(40, artists="Other")]):
        import_tracks([write_csv(tmp_path / f"{number}.csv", table)])
        connection.check_constraints()
        assert indexes() == before


def test_a_failure_while_the_indexes_are_away_brings_them_back():
    before = indexes()
    with pytest.raises(OSError, match="disk full"), transaction.atomic(), indexes_made_last(*FILLED):
        assert connection.vendor != "sqlite" or indexes() != before
        raise OSError("disk full")
    assert indexes() == before


@pytest.mark.skipif("connection.vendor != 'sqlite'")
def test_the_connection_is_as_before_however_the_block_ends():
    before = pragmas()
    with pytest.raises(OSError, match="disk full"), bulk_writing():
        assert pragmas() != before
        raise OSError("disk full")
    assert pragmas() == before
