"""Playlists in the admin: upload, report, rows without a match, the list, and who may."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.conftest import celery_on, wait_until
from tests.factories import make_track
from tests.tracks.playlists.files import TABLE, write_rows, write_table
from tracks.importing import rejects
from tracks.jobs.work import Status
from tracks.models import Playlist, PlaylistImport
from tracks.playlists.imports import import_playlists, run_queued_import

pytestmark = pytest.mark.django_db(transaction=True)
ADD, LIST = "admin:tracks_playlistimport_add", "admin:tracks_playlistimport_changelist"
ID = "A" * 22


@pytest.fixture(autouse=True)
def catalogue(db):
    make_track(ID, title="Song", artists=["Band"])


def upload(path) -> SimpleUploadedFile:
    return SimpleUploadedFile(path.name, path.read_bytes())


def page_of(work, name="change") -> str:
    return reverse(f"admin:tracks_playlistimport_{name}", args=[work.pk])


def test_an_upload_is_queued_performed_and_reported(admin_client, tmp_path, data_dir, sent):
    rows = [(ID, "", "", "<b>A", "a"), ("unknown", "=cmd|calc", "<script>alert(1)</script>", "<b>A", "a")]
    table = upload(write_rows(tmp_path / "songs.csv", TABLE, rows))
    export = upload(write_rows(tmp_path / "Chill.csv", ("Track ID",), [(ID,)]))
    response = admin_client.post(reverse(ADD), {"uploads": [table, export], "owner": "ann"})
    work = PlaylistImport.objects.get()
    assert (response.status_code, response.url, sent) == (
        302,
        page_of(work),
        ["tracks.tasks.import_queued_playlists"],
    )
    assert f'hx-get="{page_of(work, "progress")}?seen="' in admin_client.get(page_of(work)).content.decode()

    run_queued_import()

    kept = Playlist.objects.order_by("pk").values_list("source", "source_id", "owner", "is_public")
    assert list(kept) == [("songs.csv", "a", "ann", False), ("uploads", "Chill", "ann", False)]
    assert list((data_dir / "uploads").iterdir()) == []
    page = admin_client.get(page_of(work)).content.decode()
    assert "The catalogue now has these playlists." in page
    assert "rows matched by title and artist" in page
    assert "<script>" not in page
    download = admin_client.get(page_of(work, "rejects"))
    assert b"'=cmd|calc" in b"".join(download.streaming_content)
    assert admin_client.get(reverse(LIST)).status_code == 200


def test_without_any_match_the_page_says_what_to_do_and_offers_the_rows(admin_client, tmp_path, sent):
    admin_client.post(reverse(ADD), {"uploads": [upload(write_table(tmp_path / "s.csv", {"A": ["x"]}))]})
    with pytest.raises(Exception, match="Not one of 1 rows"):
        run_queued_import()

    page = admin_client.get(page_of(PlaylistImport.objects.get())).content.decode()

    assert "Import the tracks first" in page
    assert "Download the rows without a match as CSV" in page


def test_the_page_says_when_the_file_of_rows_without_a_match_was_cut(admin_client, tmp_path, monkeypatch):
    monkeypatch.setattr(rejects, "MAX_ROWS", 1)
    work = import_playlists([write_table(tmp_path / "s.csv", {"A": [ID, "x", "y"]})])

    page = admin_client.get(page_of(work)).content.decode()

    assert "Download the rows without a match as CSV</a>. The file was cut at its limit" in page
    assert "only the first 1 of these rows" in page


def test_the_list_of_playlists_lets_one_be_shown_and_deleted(admin_client, tmp_path):
    import_playlists([write_table(tmp_path / "songs.csv", {"A": [ID], "B": [ID]})])
    one, other = Playlist.objects.order_by("pk")
    assert "songs.csv" in admin_client.get(reverse("admin:tracks_playlist_changelist")).content.decode()

    admin_client.post(reverse("admin:tracks_playlist_change", args=[one.pk]), {"is_public": "on"})
    assert list(Playlist.objects.shown()) == [one]

    url = reverse("admin:tracks_playlist_delete", args=[other.pk])
    assert "Entry" not in admin_client.get(url).content.decode()
    admin_client.post(url, {"post": "yes"})
    assert list(Playlist.objects.all()) == [one]
    assert admin_client.get(reverse("admin:tracks_playlist_add")).status_code == 403


def test_who_may_nothing_sees_nothing(client, django_user_model):
    work, _created = PlaylistImport.objects.start(files=["x"], source_name="x")
    client.force_login(django_user_model.objects.create_user("nobody", password="pw", is_staff=True))
    for name in ("change", "progress", "rejects"):
        assert client.get(page_of(work, name)).status_code == 403
    assert client.post(reverse(ADD), {}).status_code == 403


def test_a_lost_broker_does_not_lose_the_import(admin_client, tmp_path):
    with celery_on("redis://127.0.0.1:1/0"):
        admin_client.post(reverse(ADD), {"uploads": [upload(write_table(tmp_path / "s.csv", {"A": [ID]}))]})
    assert PlaylistImport.objects.get().status == Status.QUEUED


def test_a_real_worker_imports_an_upload(admin_client, tmp_path, worker):
    admin_client.post(reverse(ADD), {"uploads": [upload(write_table(tmp_path / "s.csv", {"A": [ID]}))]})
    work = PlaylistImport.objects.get()

    def has_ended() -> bool:
        work.refresh_from_db()
        return not work.is_in_flight

    wait_until(has_ended, "the import ends")
    assert (work.status, Playlist.objects.count()) == (Status.DONE, 1), worker.output()
