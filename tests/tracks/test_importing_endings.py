"""How an import in this process ends: refused, failed, cancelled, one at a time, and nothing left behind."""

import time
from pathlib import Path

import pytest
from django.db import connection

from tests.tracks.imported import catalogue, figures, load
from tests.tracks.track_files import row, rows, write_csv
from tracks.importing import imports, rejects
from tracks.importing.imports import import_tracks, run_queued_import
from tracks.importing.queue import IMPORTS, import_soon
from tracks.importing.refusals import ImportInFlight, NothingToImport, UnreadableFile
from tracks.importing.staging import TABLES
from tracks.importing.wording import put_into_words
from tracks.jobs.presence import present
from tracks.jobs.work import Status
from tracks.models import CatalogueImport, Track

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_unreadable_file_of_several_changes_nothing(tmp_path):
    good, bad = write_csv(tmp_path / "good.csv", rows(3)), tmp_path / "bad.csv"
    bad.write_bytes(b"\x89PNG\r\n\x1a\n")
    with pytest.raises(UnreadableFile, match=r"bad\.csv"):
        import_tracks([good, bad])
    assert not Track.objects.exists()
    work = CatalogueImport.objects.get()
    assert (work.status, "bad.csv" in work.error) == (Status.FAILED, True)


def test_where_no_row_can_be_taken_the_import_fails_and_keeps_its_report(tmp_path):
    with pytest.raises(NothingToImport, match="Not one of 2 rows"):
        load(tmp_path, [row(tempo="fast"), row(energy=7)])
    work = CatalogueImport.objects.get()
    assert (work.status, work.report["rejected"]) == (Status.FAILED, 2)
    assert Path(work.rejects_file).read_text(encoding="utf-8-sig").count("\n") == 3


def test_a_header_without_rows_is_nothing_to_import(tmp_path):
    path = tmp_path / "header.csv"
    path.write_text(",".join(row()) + "\n")
    with pytest.raises(NothingToImport, match="no row below it"):
        import_tracks([path])


def test_an_error_while_publishing_leaves_the_catalogue_as_it_was(tmp_path, monkeypatch):
    load(tmp_path, rows(3))
    before = catalogue()

    def fail() -> None:
        raise OSError("disk full")

    monkeypatch.setattr(imports, "rebuild_index", fail)
    with pytest.raises(OSError, match="disk full"):
        load(tmp_path, rows(5, artists="Other"))
    assert catalogue() == before
    assert CatalogueImport.objects.first().status == Status.FAILED
    monkeypatch.undo()
    assert figures(load(tmp_path, rows(5, artists="Other")))["new"] == 2


def test_a_cancelled_import_changes_nothing(tmp_path):
    path = write_csv(tmp_path / "file.csv", rows(3))

    def cancel(phase: str, percent: int) -> None:
        CatalogueImport.objects.get().cancel()
        time.sleep(2)  # what is promised: it stops within two seconds
        pytest.fail("it went on")

    work = import_tracks([path], on_progress=cancel)
    assert work.status == Status.CANCELLED
    assert not Track.objects.exists()


def test_nothing_of_the_staging_is_left_behind(tmp_path):
    load(tmp_path, rows(3))
    with connection.cursor() as cursor:
        for table in TABLES:
            exists = {
                "sqlite": "SELECT COUNT(*) FROM sqlite_temp_master WHERE name = %s",
                "postgresql": "SELECT COUNT(*) FROM pg_class WHERE relname = %s",
            }[connection.vendor]
            cursor.execute(exists, [table])
            assert cursor.fetchone() == (0,)


def test_only_one_import_at_a_time(tmp_path):
    path = write_csv(tmp_path / "file.csv", rows(1))
    import_soon([path], source_name="first")
    with pytest.raises(ImportInFlight, match="first"):
        import_tracks([path])
    with pytest.raises(ImportInFlight, match="first"):
        import_soon([path])


def test_a_queued_import_is_performed_once(tmp_path):
    path = write_csv(tmp_path / "file.csv", rows(1))
    import_soon([path])
    assert run_queued_import().status == Status.DONE
    assert run_queued_import() is None
    assert path.exists()


def test_an_import_whose_process_is_gone_is_not_waited_for(tmp_path):
    path = write_csv(tmp_path / "file.csv", rows(1))
    dead, _created = CatalogueImport.objects.start(files=[str(path)], source_name="dead")
    with present(IMPORTS.folder, dead.pk), pytest.raises(ImportInFlight):
        import_tracks([path])
    (IMPORTS.folder / f"work-{dead.pk}.lock").touch()  # as a killed process leaves it
    assert import_tracks([path]).status == Status.DONE
    dead.refresh_from_db()
    assert (dead.status, "killed" in dead.error) == (Status.FAILED, True)


def test_the_file_of_rejects_has_an_end_and_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(rejects, "MAX_ROWS", 3)
    work = load(tmp_path, [*rows(1), *(row(tempo="fast") for _ in range(9))])

    lines = Path(work.rejects_file).read_text(encoding="utf-8-sig").splitlines()
    assert work.report["rejected"] == 9
    assert len(lines) == 5
    assert "more rows than it may hold" in lines[-1]
    assert put_into_words(work.report).cut.endswith("it holds only the first 3 of these rows.")


def test_a_file_of_rejects_that_is_just_full_was_not_cut(tmp_path, monkeypatch):
    monkeypatch.setattr(rejects, "MAX_ROWS", 3)
    work = load(tmp_path, [*rows(1), *(row(tempo="fast") for _ in range(3))])

    assert put_into_words(work.report).cut == ""


def test_rejects_of_an_import_that_failed_otherwise_are_removed(tmp_path, monkeypatch):
    def broken() -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(imports, "publish_tracks", broken)
    with pytest.raises(RuntimeError):
        load(tmp_path, [*rows(1), row(tempo="fast")])

    assert list(IMPORTS.folder.glob("rejects-*")) == []
