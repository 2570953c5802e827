"""What holds for every address of the API, whatever it answers: its parameters, and HEAD."""

import pytest

from recommender.api.site import api

OPERATIONS = [
    (method, path)
    for path, methods in api.get_openapi_schema()["paths"].items()
    for method in methods
]  # fmt: skip
VALUES = {
    "spotify_id": "unknown",
    "number": "1",
    "subnumber": "1",
    "run_id": "1",
    "token": "x",
    "file_format": "csv",
}
READABLE = [
    "/api/v1/search?q=title",
    "/api/v1/tracks/{spotify_id}",
    "/api/v1/tracks/{spotify_id}/recommendations?limit=3",
    "/api/v1/paths?start={spotify_id}&end={other}",
    "/api/v1/clusters",
    "/api/v1/clusters/1",
    "/api/v1/runs",
    "/api/docs",
    "/api/openapi.json",
]


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_every_address_refuses_a_parameter_that_it_does_not_know(db, staff, method, path):
    response = getattr(staff, method)(path.format(**VALUES), query_params={"colour": "red"})

    assert response.status_code == 422
    assert response.json()["error"]["code"] == "invalid"
    assert response.json()["error"]["message"].startswith("Not known here: colour. ")


def test_the_refusal_names_what_is_known(client, catalogue):
    message = client.get("/api/v1/search?query=title").json()["error"]["message"]
    assert message == "Not known here: query. Known are: q, limit."
    message = client.get("/api/v1/clusters?limit=3").json()["error"]["message"]
    assert message == "Not known here: limit. This address takes no parameters."


@pytest.mark.parametrize("path", READABLE)
def test_head_answers_like_get_without_a_body(client, catalogue, path):
    address = path.format(spotify_id=catalogue[0].spotify_id, other=catalogue[1].spotify_id)
    asked, head = client.get(address), client.head(address)

    assert asked.status_code == head.status_code == 200
    assert head.content == b""
    assert {name: head[name] for name in ("Content-Type", "Content-Length")} == {
        name: asked[name] for name in ("Content-Type", "Content-Length")
    }


def test_head_is_refused_like_get(client, catalogue):
    assert client.head("/api/v1/clusters/99").status_code == 404
    assert client.head("/api/v1/clusters?x=1").status_code == 422
    refused = client.head("/api/v1/mixes")
    assert (refused.status_code, refused["Allow"]) == (405, "POST")
