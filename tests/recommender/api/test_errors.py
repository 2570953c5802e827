import pytest
from django.test import Client

from recommender.api import clusters

pytestmark = pytest.mark.django_db


def shape_of(response) -> tuple[int, str]:
    body = response.json()
    assert response["Content-Type"] == "application/json"
    assert set(body) == {"error"}
    assert set(body["error"]) == {"code", "message"}
    assert body["error"]["message"]
    return response.status_code, body["error"]["code"]


@pytest.mark.parametrize(
    "path", ["/api/v1/nothing", "/api/v1/", "/api/", "/api/v2/search", "/api/v1/search/"]
)
def test_an_unknown_address_answers_in_the_shape_of_errors(client, path):
    assert shape_of(client.get(path)) == (404, "not_found")


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options"])
def test_a_wrong_method_answers_in_the_shape_of_errors_and_names_the_right_ones(client, method):
    response = getattr(client, method)("/api/v1/runs")

    assert shape_of(response) == (405, "method_not_allowed")
    assert {name.strip() for name in response["Allow"].split(",")} == {"GET", "HEAD", "POST"}


def test_a_crash_answers_in_the_shape_of_errors_and_tells_nothing(monkeypatch):
    def crash() -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr(clusters, "active_snapshot", crash)

    response = Client(raise_request_exception=False).get("/api/v1/clusters")

    assert shape_of(response) == (500, "internal_error")
    assert b"secret" not in response.content


def test_pages_keep_their_own_errors(client):
    response = client.get("/nothing")

    assert response.status_code == 404
    assert response["Content-Type"].startswith("text/html")


def test_an_unknown_host_answers_in_the_shape_of_errors(client):
    assert shape_of(client.get("/api/v1/clusters", headers={"Host": "evil.example"})) == (400, "bad_request")
