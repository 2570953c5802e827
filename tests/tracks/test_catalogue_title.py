"""What pages call the catalogue: a title or given names, never files or folders."""

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from tests.factories import make_catalogue as make_tracks
from tests.factories import make_track, publish_run
from tracks.jobs.work import Status
from tracks.models import CatalogueImport, CatalogueSettings, source_name_of

pytestmark = pytest.mark.django_db


def imported(files: list[str], name: str = "") -> None:
    CatalogueImport.objects.create(
        files=files, source_name=name or source_name_of(files), status=Status.DONE, finished_at=timezone.now()
    )


def footer(client) -> str:
    text = client.get("/mix/").content.decode()
    return text[text.index('class="site-footer"') :]


def test_files_without_a_name_are_not_named(client):
    make_track()
    imported(["/srv/secret/hostile.csv", "/srv/secret/exportify_2025.csv"])

    for page in (client.get("/").content.decode(), footer(client)):
        assert "1 track from own files" in page
        assert "hostile" not in page
        assert "/srv" not in page


def test_given_names_are_told_newest_first(client):
    make_track()
    imported(["/srv/a.csv"], "The Spotify Tracks Dataset")
    imported(["/srv/b.csv"])

    assert "from own files, The Spotify Tracks Dataset." in footer(client)


def test_the_title_that_an_administrator_sets_is_told_at_once_and_changes_the_etag(client):
    make_tracks()
    publish_run()
    imported(["/srv/a.csv"], "A name")
    etag = client.get("/clusters/1/")["ETag"]

    CatalogueSettings.objects.create(pk=1, title="Music of the club")

    assert "from Music of the club." in footer(client)
    assert client.get("/clusters/1/", headers={"If-None-Match": etag}).status_code == 200


def test_the_title_is_set_in_the_admin(client):
    client.force_login(User.objects.create_superuser("chief"))

    page = client.get("/admin/tracks/cataloguesettings/", follow=True)
    assert page.status_code == 200
    client.post("/admin/tracks/cataloguesettings/1/change/", {"title": "Music of the club"})

    assert CatalogueSettings.objects.get().title == "Music of the club"
