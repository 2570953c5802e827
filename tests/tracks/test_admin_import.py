"""Importing in the admin: upload, watch, cancel, read the report, fetch the rejected rows; and who may."""

import io
import os
import subprocess
import sys

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.conftest import ROOT, celery_on, wait_until
from tests.factories import make_track
from tests.tracks.track_files import row, rows, write_csv
from tracks.importing.imports import run_queued_import
from tracks.jobs.work import Status
from tracks.models import CatalogueImport, Track
from tracks.search import rebuild_index

pytestmark = pytest.mark.django_db(transaction=True)
ADD, LIST = "admin:tracks_catalogueimport_add", "admin:tracks_catalogueimport_changelist"


@pytest.fixture
def staff_client(client, django_user_model):
    """Logged in as somebody who may look at imports, and nothing else."""
    user = django_user_model.objects.create_user("watcher", password="pw", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_catalogueimport"))
    client.force_login(user)
    return client


def table(tmp_path, data, name="tracks.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, write_csv(tmp_path / name, data).read_bytes())


def page_of(work, name="change") -> str:
    return reverse(f"admin:tracks_catalogueimport_{name}", args=[work.pk])


def test_an_upload_is_queued_performed_reported_and_deleted(admin_client, tmp_path, data_dir, sent):
    uploads = [table(tmp_path, rows(3), "one.csv"), table(tmp_path, [row(tempo="=cmd|calc")], "two.csv")]
    response = admin_client.post(reverse(ADD), {"uploads": uploads, "source_name": "My Tracks"})
    work = CatalogueImport.objects.get()
    assert (response.status_code, response.url) == (302, page_of(work))
    assert (work.status, work.source_name, work.requested_by.username) == (
        Status.QUEUED,
        "My Tracks",
        "admin",
    )
    assert sent == ["tracks.tasks.import_queued_catalogue"]
    waiting = admin_client.get(page_of(work)).content.decode()
    assert "waiting for a worker" in waiting
    assert f'hx-get="{page_of(work, "progress")}?seen="' in waiting

    run_queued_import()
    assert Track.objects.count() == 3
    assert list((data_dir / "uploads").iterdir()) == []
    part = admin_client.get(page_of(work, "progress")).content.decode()
    assert "hx-get" not in part
    assert "The catalogue now has these tracks." in part
    assert "two.csv, line 2: tempo is not a number (=cmd|calc)" in part
    download = admin_client.get(page_of(work, "rejects"))
    assert b"'=cmd|calc" in b"".join(download.streaming_content)
    assert "attachment" in download["Content-Disposition"]


def test_a_failed_import_says_why(admin_client, tmp_path, sent):
    admin_client.post(reverse(ADD), {"uploads": [SimpleUploadedFile("x.csv", b"\x89PNG\r\n\x1a\n")]})
    with pytest.raises(Exception, match="PNG image"):
        run_queued_import()
    assert "x.csv is a PNG image" in admin_client.get(page_of(CatalogueImport.objects.get())).content.decode()


def test_an_empty_upload_is_refused_by_the_import_with_its_sentence(admin_client, sent):
    admin_client.post(reverse(ADD), {"uploads": [SimpleUploadedFile("nothing.csv", b"")]})
    with pytest.raises(Exception, match="is empty"):
        run_queued_import()


def test_a_form_without_files_is_shown_again(admin_client, sent):
    response = admin_client.post(reverse(ADD), {"source_name": "x"})
    assert (response.status_code, "This field is required" in response.content.decode()) == (200, True)
    assert not CatalogueImport.objects.exists()


def test_too_much_at_once_is_refused(admin_client, settings, sent):
    settings.UPLOAD_LIMIT_MB = 1
    halves = [SimpleUploadedFile(f"{n}.csv", bytes(600 * 1024)) for n in range(2)]
    assert "1 MB may be uploaded" in admin_client.post(reverse(ADD), {"uploads": halves}).content.decode()
    assert not CatalogueImport.objects.exists()


def test_a_queued_import_is_cancelled_at_once_and_its_files_go(admin_client, tmp_path, data_dir, sent):
    admin_client.post(reverse(ADD), {"uploads": [table(tmp_path, rows(1))]})
    work = CatalogueImport.objects.get()
    admin_client.post(page_of(work, "cancel"))
    work.refresh_from_db()
    assert work.status == Status.CANCELLED
    assert list((data_dir / "uploads").iterdir()) == []
    assert admin_client.get(page_of(work, "cancel")).status_code == 405


def test_a_second_upload_is_told_of_the_first_and_leaves_nothing(admin_client, tmp_path, data_dir, sent):
    CatalogueImport.objects.start(files=["x"], source_name="The First")
    response = admin_client.post(reverse(ADD), {"uploads": [table(tmp_path, rows(1))]}, follow=True)
    assert "The First" in response.content.decode()
    assert list((data_dir / "uploads").iterdir()) == []


def test_a_lost_broker_does_not_lose_the_import(admin_client, tmp_path):
    with celery_on("redis://127.0.0.1:1/0"):
        assert admin_client.post(reverse(ADD), {"uploads": [table(tmp_path, rows(1))]}).status_code == 302
    assert CatalogueImport.objects.get().status == Status.QUEUED


def test_names_of_files_cannot_leave_their_folder(admin_client, tmp_path, data_dir, sent):
    admin_client.post(reverse(ADD), {"uploads": [table(tmp_path, rows(1)), hostile_upload()]})
    for file in CatalogueImport.objects.get().files:
        assert (data_dir / "uploads") in type(data_dir)(file).resolve().parents


def test_a_long_name_in_many_bytes_is_cut_and_keeps_its_ending(admin_client, tmp_path, data_dir, sent):
    upload = SimpleUploadedFile("歌" * 90 + ".csv", write_csv(tmp_path / "t.csv", rows(1)).read_bytes())
    assert admin_client.post(reverse(ADD), {"uploads": [upload]}).status_code == 302
    (file,) = CatalogueImport.objects.get().files
    assert file.endswith("歌.csv") and len(type(data_dir)(file).name.encode()) <= 200


def hostile_upload() -> io.BytesIO:
    upload = io.BytesIO(b"x")
    upload.name = "../../../etc/passwd"
    return upload


def test_who_may_only_look_can_neither_upload_nor_cancel(staff_client, tmp_path, sent):
    work, _created = CatalogueImport.objects.start(files=["x"], source_name="x")
    assert staff_client.get(reverse(LIST)).status_code == 200
    page = staff_client.get(page_of(work)).content.decode()
    assert page_of(work, "cancel") not in page
    assert staff_client.get(reverse(ADD)).status_code == 403
    assert staff_client.post(reverse(ADD), {"uploads": [table(tmp_path, rows(1))]}).status_code == 403
    assert staff_client.post(page_of(work, "cancel")).status_code == 403


def test_who_may_nothing_sees_nothing(client, django_user_model):
    work, _created = CatalogueImport.objects.start(files=["x"], source_name="x")
    client.force_login(django_user_model.objects.create_user("nobody", password="pw", is_staff=True))
    for name in ("change", "progress", "rejects"):
        assert client.get(page_of(work, name)).status_code == 403
    client.logout()
    assert client.get(page_of(work)).status_code == 302


def test_titles_in_a_report_are_shown_as_text(admin_client, tmp_path, sent):
    admin_client.post(
        reverse(ADD), {"uploads": [table(tmp_path, [row(), row(tempo="<script>alert(1)</script>")])]}
    )
    run_queued_import()
    page = admin_client.get(page_of(CatalogueImport.objects.get())).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_no_page_has_inline_script_or_style(admin_client, tmp_path, sent):
    admin_client.post(reverse(ADD), {"uploads": [table(tmp_path, [row(), row(energy=7)])]})
    work = CatalogueImport.objects.get()
    pages = [admin_client.get(url).content.decode() for url in (reverse(ADD), reverse(LIST), page_of(work))]
    run_queued_import()
    for page in (*pages, admin_client.get(page_of(work)).content.decode()):
        assert "style=" not in page
        assert "<style" not in page
        assert "onclick" not in page
        assert "<script>" not in page


@pytest.mark.parametrize("term", ["A" * 22, f"https://open.spotify.com/track/{'A' * 22}", "some tilte"])
def test_tracks_are_found_as_on_the_site(admin_client, term):
    make_track("A" * 22, "Some Title")
    make_track("B" * 22, "Another Song")
    rebuild_index()
    page = admin_client.get(reverse("admin:tracks_track_changelist"), {"q": term}).content.decode()
    assert "Some Title" in page
    assert "Another Song" not in page


def test_tracks_artists_and_genres_are_only_shown(admin_client):
    track = make_track("A" * 22, "Some Title")
    assert admin_client.get(reverse("admin:tracks_track_change", args=[track.pk])).status_code == 200
    assert admin_client.get(reverse("admin:tracks_track_add")).status_code == 403
    for model in ("artist", "genre"):
        assert admin_client.get(reverse(f"admin:tracks_{model}_changelist")).status_code == 200


def test_a_real_worker_imports_an_upload(admin_client, tmp_path, worker):
    admin_client.post(reverse(ADD), {"uploads": [table(tmp_path, rows(5))]})
    work = CatalogueImport.objects.get()

    def has_ended() -> bool:
        work.refresh_from_db()
        return not work.is_in_flight

    wait_until(has_ended, "the import ends")
    assert (work.status, Track.objects.count()) == (Status.DONE, 5), worker.output()


def test_a_web_process_loads_neither_pandas_nor_pyarrow():
    program = (
        "import sys, django; django.setup(); import tracks.admin, config.urls;"
        "sys.exit(bool({'pandas', 'pyarrow', 'scipy', 'sklearn'} & set(sys.modules)))"
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"}
    result = subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=environment, check=False)
    assert result.returncode == 0
