import re

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404
from django.templatetags.static import static
from django.test import Client, RequestFactory
from django.views.defaults import bad_request, page_not_found, permission_denied

from config.faults import server_error, unavailable
from recommender.answers.recommendations import UnknownTrack
from recommender.answers.requests import RecommendationRequest
from recommender.parameters.problems import Problem
from recommender.parameters.schema import InvalidQuery
from recommender.snapshots.store import SnapshotUnavailable
from recommender.views import tracks
from recommender.views.errors import render_request_errors

pytestmark = pytest.mark.once

PATHS = ("/", "/?q=title", "/search/live/?q=title", "/clusters/", "/clusters/1/", "/clusters/99/", "/nope",
         "/clusters/1/histograms/",
         "/tracks/clairdelune00000000001/", "/mix/",
         "/mix/?seed=clairdelune00000000001&q=title", "/mix/path/",
         "/artists/Claude Debussy/", "/genres/classical/", "/genres/classicall/")  # fmt: skip


@pytest.fixture
def no_services(settings, tmp_path):
    """No database (the tests that may use it say so), and static files that were never collected."""
    settings.STATIC_ROOT = tmp_path / "nothing"
    manifest = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": manifest}
    with pytest.raises(ValueError, match="Missing staticfiles manifest"):
        static("css/base.css")


def fails(error: Exception):
    """A view that cannot answer."""

    def view(request):
        raise error

    return render_request_errors(view)


@pytest.mark.parametrize(
    ("answer", "status", "words"),
    [
        (lambda request: page_not_found(request, Http404()), 404, "There is no such page"),
        (fails(UnknownTrack("No track x.")), 404, "No track x. A track is found by its title"),
        (fails(InvalidQuery([Problem(("limit",), "Too many.")], RecommendationRequest())), 422, "Too many."),
        (server_error, 500, "Something went wrong here"),
        (fails(SnapshotUnavailable("Gone.")), 503, "Not ready to answer yet"),
        (lambda request: unavailable(request, OperationalError()), 503, "Not ready to answer yet"),
        (lambda request: permission_denied(request, PermissionDenied()), 403, "This is not open to you"),
        (lambda request: bad_request(request, SuspiciousOperation()), 400, "That address cannot be read"),
    ],
)
def test_error_pages_stand_without_database_session_user_and_static_files(no_services, answer, status, words):
    response = answer(RequestFactory().get("/somewhere/"))

    text = response.content.decode()
    assert response.status_code == status
    assert words in text and 'class="button" href="/"' in text
    assert "stylesheet" not in text
    assert len(response.content) < 4_000


def test_an_unknown_address_is_told_while_the_database_is_away(client, no_services):
    client.cookies["sessionid"] = "of-somebody"
    assert client.get("/nope").status_code == 404


def test_error_pages_have_the_face_of_the_site(client):
    text = client.get("/nope").content.decode()
    assert '<link rel="stylesheet" href="/static/css/base.css">' in text
    assert 'class="site-header"' in text


def test_our_own_mistake_is_admitted_without_its_details(client, run, monkeypatch):
    def broken(*_args):
        raise RuntimeError("secret detail")

    monkeypatch.setattr(tracks, "recommend", broken)
    client.raise_request_exception = False
    response = client.get("/tracks/clairdelune00000000001/")
    assert response.status_code == 500
    assert "Something went wrong here" in response.content.decode()
    assert "secret" not in response.content.decode()


def test_a_form_without_its_token_is_explained(db):
    response = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "x"})
    assert response.status_code == 403
    assert "The form was too old" in response.content.decode()


@pytest.mark.parametrize("path", PATHS)
def test_no_page_has_inline_script_or_style_and_the_policy_forbids_them(client, run, path):
    response = client.get(path, follow=True)
    text = response.content.decode()
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", text)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))
    policy = response["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
