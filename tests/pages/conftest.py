"""A small site to look at: a catalogue that can be searched, and a published run."""

import pytest

from recommender.models import ClusteringRun
from tests.factories import make_catalogue, make_track, publish_run
from tracks.models import Track
from tracks.search import rebuild_index

MARKUP = "<script>alert('title')</script><b>&\"bold"


@pytest.fixture
def catalogue(db) -> list[Track]:
    """120 drawn tracks and one by the name "Clair de lune", all findable."""
    tracks = make_catalogue()
    tracks.append(make_track("clairdelune00000000001", "Clair de lune", ["Claude Debussy"], ["classical"]))
    rebuild_index()
    return tracks


@pytest.fixture
def run(catalogue) -> ClusteringRun:
    return publish_run()


@pytest.fixture
def hostile(db) -> Track:
    """A track whose every name is markup."""
    return make_track(
        "hostile000000000000001", MARKUP, [MARKUP], [f"{MARKUP} genre"], album=MARKUP, popularity=99
    )
