"""Any combination of wrong values, at every page and address of the API: an answer, never a crash."""

import pytest

from tests.factories import make_catalogue, publish_run
from tracks.models import Track
from tracks.search import rebuild_index

pytestmark = pytest.mark.django_db


@pytest.fixture
def catalogue(db) -> list[Track]:
    tracks = make_catalogue()
    rebuild_index()
    publish_run()
    return tracks


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
