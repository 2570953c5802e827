"""An import killed with -9 in each phase: the catalogue is as before or complete, the next one works."""

import signal

import pytest

from tests.tracks.test_importing_imports import catalogue
from tests.tracks.track_files import row, rows, write_csv
from tracks.importing.imports import import_tracks
from tracks.jobs.work import Status
from tracks.models import CatalogueImport, Track
from tracks.search import search

pytestmark = pytest.mark.django_db(transaction=True)

# Kills itself at the given moment: when a phase begins, before the commit, or just after it.
SCRIPT = """
import os, signal, sys
from pathlib import Path
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
import django
django.setup()
from tracks.importing import csv_files, imports

def die(*arguments):
    os.kill(os.getpid(), signal.SIGKILL)

path, moment = sys.argv[1:]
csv_files.BLOCK_BYTES = 5_000
seen = []

def on_progress(phase, percent):
    seen.append(phase)
    if phase == moment and (phase != "reading" or len(seen) == 2):
        die()

if moment == "before the commit":
    imports._catalogue = die
if moment == "after the commit":
    imports.remove_uploads = die
imports.import_tracks([Path(path)], on_progress=on_progress)
"""
OLD = [row(track_name="Old Title", artists="Old Artist"), *rows(40)]
NEW = [row(track_name="New Title", artists="New Artist", track_genre="pop"), *rows(120, artists="Others;Two")]


@pytest.mark.parametrize(
    "moment", ["reading", "saving", "grouping", "indexing", "before the commit", "after the commit"]
)
def test_a_killed_import_leaves_the_old_catalogue_or_the_new_one(tmp_path, start_process, moment):
    import_tracks([write_csv(tmp_path / "old.csv", OLD)])
    before = catalogue()
    path = write_csv(tmp_path / "new.csv", NEW)
    process = start_process("-c", SCRIPT, str(path), moment)
    assert process.popen.wait(60) == -signal.SIGKILL, process.output()

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


def test_the_catalogue_after_a_killed_import_is_the_one_of_an_undisturbed_import(tmp_path, start_process):
    path = write_csv(tmp_path / "new.csv", NEW)
    start_process("-c", SCRIPT, str(path), "grouping").popen.wait(60)
    import_tracks([path])
    disturbed = catalogue()
    Track.objects.all().delete()
    import_tracks([path])
    assert catalogue() == disturbed
