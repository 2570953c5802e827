"""`manage.py import_tracks`: what it prints, and how it ends."""

import pytest
from django.core.management import CommandError, call_command

from tests.tracks.track_files import row, rows, write_csv
from tracks.importing import rejects
from tracks.models import CatalogueImport, Track

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_imports_and_prints_the_report(tmp_path, capsys):
    path = write_csv(tmp_path / "file.csv", [*rows(3), row(tempo="fast")])
    call_command("import_tracks", str(path), source="Three Tracks")
    output = capsys.readouterr().out
    assert Track.objects.count() == 3
    assert CatalogueImport.objects.get().source_name == "Three Tracks"
    assert "4  rows read" in output
    assert "1  rejected: tempo is not a number" in output
    assert "file.csv, line 5: tempo is not a number (fast)" in output
    assert f"Rejected rows: {CatalogueImport.objects.get().rejects_file}" in output


def test_it_says_when_the_file_of_rejected_rows_was_cut(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(rejects, "MAX_ROWS", 2)
    path = write_csv(tmp_path / "file.csv", [row(), *(row(tempo="fast") for _ in range(5))])
    call_command("import_tracks", str(path))
    assert "cut at its limit: it holds only the first 2 of these rows" in capsys.readouterr().out


def test_it_takes_several_files(tmp_path):
    first, second = (write_csv(tmp_path / name, [row(track_id=name[0])]) for name in ("a.csv", "b.csv"))
    call_command("import_tracks", str(first), str(second), verbosity=0)
    assert CatalogueImport.objects.get().files == [str(first), str(second)]
    assert Track.objects.count() == 2


def test_what_cannot_be_imported_is_one_sentence(tmp_path):
    path = tmp_path / "empty.csv"
    path.touch()
    with pytest.raises(CommandError, match=r"^empty\.csv is empty"):
        call_command("import_tracks", str(path), verbosity=0)


def test_reasons_are_printed_also_where_nothing_was_imported(tmp_path, capsys):
    path = write_csv(tmp_path / "file.csv", [row(energy=7)])
    with pytest.raises(CommandError, match="Not one of 1 rows"):
        call_command("import_tracks", str(path), verbosity=0)
    assert "1  rejected: energy is not between 0 and 1" in capsys.readouterr().out


def test_a_second_import_is_told_of_the_first(tmp_path):
    CatalogueImport.objects.start(files=["x"], source_name="The First")
    with pytest.raises(CommandError, match="The First"):
        call_command("import_tracks", str(write_csv(tmp_path / "file.csv", rows(1))), verbosity=0)


def test_the_process_ends_with_1_and_without_a_traceback(tmp_path, start_process):
    process = start_process("manage.py", "import_tracks", str(tmp_path))
    assert process.wait() == 1
    assert "is a folder" in process.output()
    assert "Traceback" not in process.output()
