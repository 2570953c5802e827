"""Mixes as large as they may be, over the web server of production: their addresses are long."""

from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from django.http import QueryDict

from recommender.mixes.links import MixLink, token_of
from recommender.mixes.requests import MAX_AVOIDED, MAX_SEEDS, mix_request
from recommender.parameters.mix_address import MixAddress
from recommender.parameters.schema import read_request
from tests.conftest import PATIENCE_SECONDS
from tests.factories import make_catalogue, publish_run
from tracks.audio_features import AUDIO_FEATURES

pytestmark = pytest.mark.once


@pytest.fixture
def largest(transactional_db) -> QueryDict:
    """All seeds, all avoided, and every field of the page filled in with as many digits as it keeps."""
    tracks = make_catalogue()
    publish_run()
    query = QueryDict(mutable=True)
    query.setlist("seed", [track.spotify_id for track in tracks[:MAX_SEEDS]])
    query.setlist("avoid", [track.spotify_id for track in tracks[MAX_SEEDS : MAX_SEEDS + MAX_AVOIDED]])
    for feature in AUDIO_FEATURES:
        bit = 0.0123456789012 if feature.continuous else 0
        values = {"min": feature.low + bit, "max": feature.high - bit, "target": feature.low + bit}
        query.update({f"{bound}_{feature.name}": f"{value:.12g}" for bound, value in values.items()})
    query.update({"exclude_genre": "jazz", "explicit": "false", "limit": "100"})
    query.update(
        {"min_popularity": "0", "max_popularity": "100", "scope": "everywhere", "blend": "listeners"}
    )
    query.update({"familiarity": "hidden-gems", "variety": "0.3", "variety_seed": "4294967295"})
    query["genre"] = "classical"
    return query


def test_the_largest_mix_that_the_page_can_ask_for_is_answered_and_linked(live_site, largest):
    address = f"{MixAddress(largest)}&q={'x' * 500}"  # searching for one more
    assert len(address) > 4094  # what the web server reads unless told otherwise
    with urlopen(f"{live_site}{address}", timeout=PATIENCE_SECONDS) as response:
        assert "Their clusters" in response.read().decode()
    asked = mix_request(largest.getlist("seed"), largest.getlist("avoid"), read_request(largest))
    with pytest.raises(HTTPError) as outdated:  # of another run: read whole, and answered so
        urlopen(f"{live_site}/mix/{token_of(MixLink(10**6, asked))}/", timeout=PATIENCE_SECONDS)
    assert outdated.value.code == 409


def test_a_longer_address_is_refused(live_site):
    with pytest.raises(HTTPError) as refused:
        urlopen(f"{live_site}/mix/?seed={'x' * 9000}", timeout=PATIENCE_SECONDS)
    assert refused.value.code == 414
