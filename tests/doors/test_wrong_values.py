"""Any combination of wrong values, at every page and address of the API: an answer, never a crash."""

import json
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recommender.parameters.schema import ListParameters
from tests.factories import make_catalogue, publish_run
from tests.kept import kept
from tracks.audio_features import AUDIO_FEATURES
from tracks.models import Track
from tracks.search import rebuild_index

pytestmark = pytest.mark.django_db


def published_catalogue() -> list[Track]:
    tracks = make_catalogue()
    rebuild_index()
    publish_run()
    return tracks


kept_catalogue = kept(published_catalogue)


@pytest.fixture
def catalogue(kept_catalogue, data_dir) -> list[Track]:
    return kept_catalogue.copy(data_dir)


@pytest.mark.parametrize(
    "query",
    [
        "genre=nope&limit=0",
        "genre=nope&exclude_genre=nope&limit=0&min_energy=2",
        *(f"{bound}_{name}={value}" for bound in ("min", "max", "target")
          for name in ("key", "mode", "time_signature") for value in ("inf", "-inf", "nan")),
        *(f"only_{name}={value}" for name in ("key", "mode") for value in ("inf..nan", "nan", "..1e999")),
    ],
)  # fmt: skip
def test_several_wrong_values_are_told_on_the_page(client, catalogue, query):
    seed = catalogue[0].spotify_id
    for path in (f"/tracks/{seed}/?{query}", f"/mix/?seed={seed}&{query}"):
        assert client.get(path).status_code == 422, path


def test_every_wrong_value_is_named_together(client, catalogue):
    page = client.get(f"/tracks/{catalogue[0].spotify_id}/?genre=nope&limit=0").content.decode()
    assert "There is no genre nope." in page
    assert "“How many” must lie between 1 and 100." in page


NASTY = (
    "", " ", "0", "-0", "-1", "1e999", "-1e999", "inf", "-inf", "nan", "9" * 400, "9" * 5000, "0.1e-400",
    "1_0", "١٢", "½", "0x10", "1,5", "true", "\x00", "a\x00b", "\ud800", "\u202e", "x" * 3000, "歌" * 500,
    "nope", "jazz", "..", "1..inf", "nan..", "%", "'; --", "<b>", "cluster", "everywhere", "hidden-gems",
    "sound",
)  # fmt: skip
FEATURES = [each.name for each in AUDIO_FEATURES]
PARAMETERS = (
    *(name for name in ListParameters.model_fields),
    *(f"{bound}_{name}_percent" for bound in ("min", "max", "target") for name in FEATURES),
    *(f"only_{name}" for name in FEATURES),
    *(
        "seed",
        "avoid",
        "add",
        "drop",
        "q",
        "start",
        "end",
        "steps",
        "run",
        "seen",
        "page",
        "unknown",
        "limit",
    ),
)
PATHS = (
    "/", "/search/live/", "/clusters/", "/clusters/status/", "/clusters/{nasty}/", "/tracks/{id}/",
    "/tracks/{nasty}/", "/mix/", "/mix/search/", "/mix/path/", "/mix/{nasty}/", "/api/v1/search",
    "/api/v1/tracks/{id}", "/api/v1/tracks/{nasty}", "/api/v1/tracks/{id}/recommendations", "/api/v1/paths",
    "/api/v1/mixes/{nasty}", "/api/v1/mixes/{nasty}.csv", "/api/v1/clusters", "/api/v1/clusters/{nasty}",
    "/api/v1/runs", "/api/v1/runs/{nasty}",
)  # fmt: skip
LIST_PATHS = ("/tracks/{id}/", "/mix/", "/api/v1/tracks/{id}/recommendations")
LIST_PARAMETERS = ("genre", "exclude_genre", "limit", "min_energy", "max_energy", "min_key", "only_mode")
values = st.sampled_from(NASTY) | st.text(max_size=20)
queries = st.lists(
    st.tuples(st.sampled_from(LIST_PARAMETERS) | st.sampled_from(PARAMETERS), values), max_size=8
)


def escaped(text: str) -> str:
    return quote(text, safe="", errors="surrogatepass")


@settings(max_examples=400, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    path=st.sampled_from(LIST_PATHS) | st.sampled_from(PATHS),
    nasty=values,
    query=queries,
    is_seeded=st.booleans(),
    for_part=st.booleans(),
    target=st.sampled_from(NASTY),
)
def test_any_combination_is_answered(client, catalogue, path, nasty, query, is_seeded, for_part, target):
    spotify_id = catalogue[0].spotify_id
    pairs = [*query, ("seed", spotify_id)] if is_seeded and "/api/" not in path else query
    address = path.format(id=spotify_id, nasty=escaped(nasty) or "-")
    text = "&".join(f"{escaped(name)}={escaped(value)}" for name, value in pairs)
    htmx = {"HX-Request": "true", "HX-Target": escaped(target)} if for_part else {}
    response = client.get(address, QUERY_STRING=text, headers=htmx)
    assert response.status_code < 500, (address, text)


bodies = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | values,
    lambda each: st.lists(each, max_size=3) | st.dictionaries(st.sampled_from(PARAMETERS), each, max_size=3),
    max_leaves=5,
)


@settings(max_examples=100, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    body=st.dictionaries(st.sampled_from((*PARAMETERS, "seeds")), bodies, max_size=8), is_seeded=st.booleans()
)
def test_any_body_is_answered(client, catalogue, body, is_seeded):
    if is_seeded:
        body = body | {"seeds": [catalogue[0].spotify_id]}
    response = client.post("/api/v1/mixes", json.dumps(body), content_type="application/json")
    assert response.status_code < 500, body
