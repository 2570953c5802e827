"""An import killed with -9 in each phase: the catalogue is as before or complete, the next one works."""

import multiprocessing
import os
import signal
from pathlib import Path

import pytest
from django.db import connection

from tests.conftest import PATIENCE_SECONDS
from tests.tracks.test_importing_imports import catalogue
from tests.tracks.track_files import row, rows, write_csv
from tracks.importing import csv_files, imports
from tracks.importing.imports import import_tracks
from tracks.jobs.work import Status
from tracks.models import CatalogueImport, Track
from tracks.search import search

pytestmark = pytest.mark.django_db(transaction=True)


def killed_import(path: Path, moment: str) -> None:
    """Import in another process, which kills itself: as a phase begins, before the commit, or after it.

    It is forked: starting Python with all its libraries takes longer than the import.
    """

    def die(*arguments) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def import_and_die() -> None:
        csv_files.BLOCK_BYTES = 5_000
        seen: list[str] = []

        def on_progress(phase: str, percent: float) -> None:
            seen.append(phase)
            if phase == moment and (phase != "reading" or len(seen) == 2):
                die()

        if moment == "before the commit":
            imports.Report.conclude = die
        if moment == "after the commit":
            imports.remove_uploads = die
        import_tracks([path], on_progress=on_progress)

    connection.close()
    process = multiprocessing.get_context("fork").Process(target=import_and_die, daemon=True)
    process.start()
    process.join(PATIENCE_SECONDS)
    assert process.exitcode == -signal.SIGKILL


OLD = [row(track_name="Old Title", artists="Old Artist"), *rows(40)]
NEW = [row(track_name="New Title", artists="New Artist", track_genre="pop"), *rows(120, artists="Others;Two")]


@pytest.mark.parametrize(
    "moment", ["reading", "saving", "grouping", "indexing", "before the commit", "after the commit"]
)
def test_a_killed_import_leaves_the_old_catalogue_or_the_new_one(tmp_path, moment):
    import_tracks([write_csv(tmp_path / "old.csv", OLD)])
    before = catalogue()
    path = write_csv(tmp_path / "new.csv", NEW)
    killed_import(path, moment)

    killed = CatalogueImport.objects.first()
    if moment == "after the commit":
        assert (killed.status, Track.objects.count()) == (Status.DONE, 121)
        assert [hit.title for hit in search("new title").hits][:1] == ["New Title"]
    else:
        assert killed.status == Status.RUNNING
        assert catalogue() == before
        assert [hit.title for hit in search("old title").hits][:1] == ["Old Title"]

    assert import_tracks([path]).status == Status.DONE
    assert Track.objects.count() == 121
    assert Track.objects.get(spotify_id="A" * 22).title == "New Title"
    assert [hit.title for hit in search("new title").hits][:1] == ["New Title"]
    killed.refresh_from_db()
    assert killed.status in (Status.DONE, Status.FAILED)


def test_the_catalogue_after_a_killed_import_is_the_one_of_an_undisturbed_import(tmp_path):
    path = write_csv(tmp_path / "new.csv", NEW)
    killed_import(path, "grouping")
    import_tracks([path])
    disturbed = catalogue()
    Track.objects.all().delete()
    import_tracks([path])
    assert catalogue() == disturbed
