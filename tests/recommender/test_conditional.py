"""Repeated requests: 304 while the answer holds, and a whole answer as soon as anything differs."""

import gzip

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from recommender import conditional
from recommender.models import ClusteringRun
from tests.factories import publish_run
from tracks.jobs.work import Status
from tracks.models import CatalogueImport

pytestmark = pytest.mark.django_db


@pytest.fixture
def tracks(catalogue):
    return catalogue


PAGES = (
    "/tracks/{id}/",
    "/tracks/{id}/?limit=5",
    "/clusters/",
    "/clusters/1/",
    "/mix/?seed={id}",
    "/genres/classical/",
)
API = (
    "/api/v1/tracks/{id}/recommendations",
    "/api/v1/tracks/{id}",
    "/api/v1/clusters",
    "/api/v1/clusters/1",
    "/api/v1/search?q=title",
)


def addressed(paths, tracks) -> list[str]:
    return [path.format(id=tracks[3].spotify_id) for path in paths]


def again(client, path: str, etag: str, **headers: str):
    return client.get(path, headers={"If-None-Match": etag, **headers})


def test_an_answer_that_holds_is_not_sent_again(client, tracks):
    for path in addressed(PAGES + API, tracks):
        first = client.get(path)
        assert first.status_code == 200, path

        second = again(client, path, first["ETag"])

        assert (second.status_code, second.content) == (304, b""), path
        assert second["ETag"] == first["ETag"]
        assert "no-cache" in second["Cache-Control"]


def test_a_repeated_request_skips_the_work(client, tracks, django_assert_max_num_queries):
    path = f"/api/v1/tracks/{tracks[3].spotify_id}/recommendations"
    etag = client.get(path)["ETag"]

    with django_assert_max_num_queries(1):
        again(client, path, etag)


def test_pages_are_kept_by_the_browser_alone_and_vary_with_what_they_show(client, tracks):
    response = client.get(addressed(PAGES, tracks)[0])

    assert set(response["Cache-Control"].split(", ")) == {"no-cache", "private"}
    assert {"Cookie", "HX-Request", "Accept-Language"} <= set(response["Vary"].split(", "))


def finish_import() -> None:
    CatalogueImport.objects.create(
        source_name="More tracks", status=Status.DONE, finished_at=timezone.now(), report={}
    )


@pytest.mark.parametrize("change", [finish_import, publish_run], ids=["import", "refit"])
def test_a_changed_catalogue_or_run_is_told(client, tracks, change):
    paths = addressed(PAGES + API, tracks)
    etags = {path: client.get(path)["ETag"] for path in paths}

    change()

    for path, etag in etags.items():
        assert again(client, path, etag).status_code == 200, path


def test_another_active_run_is_told_and_the_first_is_recognised_when_it_answers_again(client, tracks):
    path = addressed(API, tracks)[0]
    older = ClusteringRun.objects.active()
    etag = client.get(path)["ETag"]
    newer = publish_run(active=False)

    assert again(client, path, etag).status_code == 304
    for run, status in ((newer, 200), (older, 304)):
        ClusteringRun.objects.update(is_active=False)
        ClusteringRun.objects.filter(pk=run.pk).update(is_active=True)
        assert again(client, path, etag).status_code == status


def test_a_login_and_a_part_for_htmx_are_other_answers(client, tracks):
    path = addressed(PAGES, tracks)[0]
    etag = client.get(path)["ETag"]

    assert again(client, path, etag, **{"HX-Request": "true"}).status_code == 200
    client.force_login(User.objects.create_user("somebody"))
    assert again(client, path, etag).status_code == 200


def test_a_new_version_of_the_software_is_told(client, tracks, monkeypatch):
    path = addressed(PAGES, tracks)[0]
    etag = client.get(path)["ETag"]

    monkeypatch.setattr(conditional, "software_version", lambda: "newer")

    assert again(client, path, etag).status_code == 200


def test_the_page_that_shows_a_refit_is_answered_anew_while_one_runs(client, tracks):
    etag = client.get("/clusters/")["ETag"]
    ClusteringRun.objects.request()

    response = again(client, "/clusters/", etag)

    assert (response.status_code, response.has_header("ETag")) == (200, False)


def test_an_error_has_no_etag_and_nothing_has_one_before_the_first_run(client, tracks):
    wrong = client.get("/api/v1/tracks/nobody/recommendations")
    assert (wrong.status_code, wrong.has_header("ETag")) == (404, False)

    ClusteringRun.objects.update(is_active=False)
    assert not client.get(addressed(PAGES, tracks)[0]).has_header("ETag")


@pytest.mark.parametrize("path", [PAGES[0], API[0]])
def test_html_and_json_are_compressed_and_recognised_all_the_same(client, tracks, path):
    (address,) = addressed([path], tracks)
    plain = client.get(address)

    packed = client.get(address, headers={"Accept-Encoding": "gzip"})

    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert len(packed.content) < len(plain.content) / 2
    assert again(client, address, packed["ETag"], **{"Accept-Encoding": "gzip"}).status_code == 304
