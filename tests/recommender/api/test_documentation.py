import gc
from collections.abc import Iterator
from runpy import run_path

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from recommender.api.site import api, openapi_document
from recommender.models import ClusteringRun
from tests.factories import make_catalogue
from tracks.search import rebuild_index

schema = schemathesis.openapi.from_wsgi("/api/openapi.json", WSGIHandler())
HEADERS = {"Host": "localhost", "Accept-Encoding": "identity"}  # its client reads no compressed answers
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)


@pytest.fixture
def asked_in_process(catalogue) -> Iterator[None]:
    """As Django's own test client does: a request must not close the connection of the test."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_the_documentation_names_every_path_of_the_contract(client):
    paths = client.get("/api/openapi.json").json()["paths"]

    assert {path: set(methods) for path, methods in paths.items()} == {
        "/api/v1/search": {"get"},
        "/api/v1/tracks/{spotify_id}": {"get"},
        "/api/v1/tracks/{spotify_id}/recommendations": {"get"},
        "/api/v1/mixes": {"post"},
        "/api/v1/mixes/{token}": {"get"},
        "/api/v1/mixes/{token}.{file_format}": {"get"},
        "/api/v1/paths": {"get"},
        "/api/v1/clusters": {"get"},
        "/api/v1/clusters/{number}": {"get"},
        "/api/v1/clusters/{number}/subclusters/{subnumber}": {"get"},
        "/api/v1/runs": {"get", "post"},
        "/api/v1/runs/{run_id}": {"get"},
        "/api/v1/runs/{run_id}/cancel": {"post"},
        "/api/v1/runs/{run_id}/activate": {"post"},
    }


def test_the_documentation_is_made_once(client, monkeypatch):
    first = client.get("/api/openapi.json")
    monkeypatch.setattr(type(api), "get_openapi_schema", None)  # whoever calls it fails
    second = client.get("/api/openapi.json")
    assert (second.status_code, second.content) == (200, first.content)


def test_the_server_makes_the_documentation_before_anyone_asks(client, monkeypatch, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", "")  # the server's configuration sets it: put back here
    openapi_document.cache_clear()

    run_path(str(settings.BASE_DIR / "gunicorn.conf.py"))["when_ready"](None)
    gc.unfreeze()

    monkeypatch.setattr(type(api), "get_openapi_schema", None)  # whoever calls it fails
    assert "/api/v1/mixes" in client.get("/api/openapi.json").json()["paths"]


@pytest.mark.once  # what PostgreSQL alone refuses, tests/doors/test_wrong_values.py asks
@schema.parametrize()
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_is_asked_the_answer_is_as_documented(asked_in_process, case):
    case.call_and_validate(checks=CHECKS, headers=HEADERS)


def test_real_ids_are_answered_as_documented(asked_in_process, catalogue):
    for path, value in (
        ("/api/v1/tracks/{spotify_id}", catalogue[0].spotify_id),
        ("/api/v1/tracks/{spotify_id}/recommendations", catalogue[0].spotify_id),
        ("/api/v1/clusters/{number}", 2),
        ("/api/v1/runs/{run_id}", ClusteringRun.objects.active().pk),
    ):
        name = path.split("{")[1].split("}")[0]
        case = schema[path]["GET"].Case(path_parameters={name: value})
        response = case.call_and_validate(checks=CHECKS, headers=HEADERS)
        assert response.status_code == 200


def test_the_documentation_page_needs_no_other_host_and_breaks_no_policy(page, live_server):
    make_catalogue(20)
    rebuild_index()
    asked, complaints = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))

    page.set_viewport_size({"width": 390, "height": 800})
    page.goto("/api/docs")
    assert page.evaluate("[document.documentElement.lang, innerWidth]") == ["en", 390]
    assert page.get_by_role("link", name="Search for a track").get_attribute("href") == "/"
    page.get_by_text("/api/v1/tracks/{spotify_id}/recommendations").wait_for()
    page.get_by_text("/api/v1/search").click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_placeholder("q", exact=True).fill("title 7")
    page.get_by_role("button", name="Execute").click()
    page.locator(".responses-table .microlight", has_text="Title 7").first.wait_for()

    assert complaints == []
    assert [url for url in asked if not url.startswith((live_server.url, "data:"))] == []
