"""How much a first visit loads: the page, its styles, scripts and images, compressed as they are served."""

import gzip
import re
from urllib.request import Request, urlopen

import pytest

from tests.factories import make_catalogue, make_track, publish_run
from tracks.search import rebuild_index

pytestmark = pytest.mark.once

SEED = "clairdelune00000000001"
OTHER = "another000000000000001"


def n_bytes(url: str) -> tuple[int, bytes]:
    with urlopen(Request(url, headers={"Accept-Encoding": "gzip"})) as response:
        body = response.read()
        assert response.headers["Content-Encoding"] == "gzip", url
    return len(body), body


@pytest.fixture
def site(transactional_db) -> None:
    make_catalogue()
    make_track(SEED, "Clair de lune", ["Claude Debussy"], ["classical"], popularity=90)
    make_track(OTHER, "Another", ["Erik Satie"], ["classical"])
    rebuild_index()
    publish_run()


def test_a_first_visit_loads_little(site, live_site):
    for path, most in (
        ("/", 25_000),
        (f"/tracks/{SEED}/?scope=everywhere", 45_000),
        (f"/mix/?seed={SEED}&seed={OTHER}&scope=everywhere", 50_000),
    ):
        total, body = n_bytes(live_site + path)
        text = gzip.decompress(body).decode()
        files = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', text))
        assert len(files) >= 5, path
        total += sum(n_bytes(live_site + file)[0] for file in files)
        assert total <= most, (path, total)
