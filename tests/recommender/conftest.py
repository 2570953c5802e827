import pytest

from tests.factories import make_catalogue, publish_run
from tests.kept import kept
from tracks.models import Track
from tracks.search import rebuild_index


def published_catalogue() -> list[Track]:
    """120 tracks in 4 clusters, searchable."""
    tracks = make_catalogue(120)
    rebuild_index()
    publish_run(n_clusters=4)
    return tracks


kept_catalogue = kept(published_catalogue)


@pytest.fixture
def catalogue(db, kept_catalogue, data_dir) -> list[Track]:
    return kept_catalogue.copy(data_dir)
