"""A small site to look at: a catalogue that can be searched, and a published run."""

import pytest

from recommender.models import ClusteringRun
from tests.factories import make_catalogue, make_track, publish_run
from tests.kept import kept
from tracks.models import Track
from tracks.search import rebuild_index

MARKUP = "<script>alert('title')</script><b>&\"bold"


def findable_catalogue() -> list[Track]:
    """120 drawn tracks and one by the name "Clair de lune"."""
    tracks = make_catalogue()
    tracks.append(make_track("clairdelune00000000001", "Clair de lune", ["Claude Debussy"], ["classical"]))
    rebuild_index()
    return tracks


kept_catalogue = kept(findable_catalogue)
kept_run = kept(publish_run, after="kept_catalogue")


@pytest.fixture
def catalogue(db, kept_catalogue, data_dir) -> list[Track]:
    return kept_catalogue.copy(data_dir)


@pytest.fixture
def run(catalogue, kept_run, data_dir) -> ClusteringRun:
    return kept_run.copy(data_dir)


@pytest.fixture
def hostile(db) -> Track:
    """A track whose every name is markup."""
    return make_track(
        "hostile000000000000001", MARKUP, [MARKUP], [f"{MARKUP} genre"], album=MARKUP, popularity=99
    )
