"""How an import of playlists ends in a real process: whole, refused, cancelled, or killed."""

import re
import signal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.conftest import wait_until
from tests.factories import make_track
from tests.tracks.playlists.files import TABLE, everything, tracks_of, write_rows, write_table
from tracks.jobs.work import Status
from tracks.management.commands.import_playlists import Command
from tracks.models import PlaylistEntry, PlaylistImport
from tracks.playlists.imports import import_playlists

pytestmark = pytest.mark.django_db(transaction=True)
HELD = ("-m", "tests.tracks.playlists.held_import")
COMMAND = ("manage.py", "import_playlists", "--verbosity", "0")
IDS = [letter * 22 for letter in "ABCDE"]


@pytest.fixture(autouse=True)
def catalogue(db):
    for spotify_id in IDS:
        make_track(spotify_id)


def wait_for(process) -> int:
    wait_until(lambda: process.popen.poll() is not None, "the command ends")
    return process.popen.returncode


@pytest.mark.parametrize("where", ["reading", "transaction"])
def test_killed_it_leaves_the_playlists_as_they_were_and_may_run_again(where, tmp_path, start_process):
    import_playlists([write_table(tmp_path / "songs.csv", {"A": IDS[:3], "B": IDS[:1]})])
    before = everything()
    table = str(write_table(tmp_path / "songs.csv", {"A": IDS[2:], "B": IDS[:1], "C": IDS}))

    process = start_process(*HELD, where, table)
    wait_until(lambda: f"holding in {where}" in process.output(), f"it holds in {where}")
    process.kill()

    assert everything() == before
    import_playlists([Path(table)])
    assert (tracks_of("A"), tracks_of("B"), tracks_of("C")) == (IDS[2:], IDS[:1], IDS)
    killed = PlaylistImport.objects.order_by("pk")[1]
    assert (killed.status, "killed" in killed.error) == (Status.FAILED, True)


def test_interrupted_at_the_keyboard_nothing_is_changed(tmp_path, start_process):
    table = write_table(tmp_path / "songs.csv", {"A": IDS})
    process = start_process(*HELD, "reading", str(table))
    wait_until(lambda: "holding in reading" in process.output(), "it holds")

    process.popen.send_signal(signal.SIGINT)

    assert wait_for(process) == 1
    assert "Interrupted. Nothing was changed." in process.output()
    assert everything() == []
    assert PlaylistImport.objects.get().status == Status.CANCELLED


def test_cancelled_by_somebody_else_it_stops(tmp_path, start_process):
    table = write_table(tmp_path / "songs.csv", {"A": IDS})
    process = start_process(*HELD, "reading", str(table))
    wait_until(lambda: "holding in reading" in process.output(), "it holds")

    assert PlaylistImport.objects.get().cancel()

    assert wait_for(process) == 1
    assert "Cancelled. Nothing was changed." in process.output()
    assert everything() == []


def run_command(*arguments: str) -> str:
    out = StringIO()
    call_command("import_playlists", *arguments, stdout=out, verbosity=0)
    return out.getvalue()


def test_the_command_prints_the_report_also_when_nothing_is_new(tmp_path):
    table = str(write_table(tmp_path / "songs.csv", {"A": [*IDS, "unknown"]}))

    first, second = run_command(table), run_command(table)

    assert " 5  rows matched by id\n" in first
    assert " 1  rows whose track is not in the catalogue\n" in first
    assert "Rows without a match: " in first
    assert "Nothing changed" in second


def test_the_command_ends_with_1_and_a_sentence_when_nothing_was_imported(tmp_path, start_process):
    process = start_process(*COMMAND, str(write_table(tmp_path / "songs.csv", {"A": ["unknown"]})))

    assert wait_for(process) == 1
    assert "Not one of 1 rows is a track of this catalogue" in process.output()
    assert "Traceback" not in process.output()


def test_the_help_teaches():
    text = Command().create_parser("manage.py", "import_playlists").format_help()

    for word in ("exports", "slices", "--owner", "--public", "examples:", "replaced as a whole"):
        assert word in text


@pytest.mark.once
def test_a_giant_playlist_is_fine_in_bounded_memory(tmp_path, start_process):
    n_rows = 100_000
    rows = ((IDS[i % 5] if i % 2 else f"x{i}", f"Title {i}", "Who", "Giant", "g") for i in range(n_rows))
    table = write_rows(tmp_path / "songs.csv", TABLE, rows)

    process = start_process(*HELD, "nowhere", str(table))

    assert wait_for(process) == 0, process.output()
    assert PlaylistEntry.objects.count() == 5
    grown_kb = int(re.search(r"grown by (\d+) kB", process.output())[1])
    assert grown_kb < 100_000
    assert f"{n_rows:,}  rows read" in process.output()
