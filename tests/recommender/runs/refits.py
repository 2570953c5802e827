"""What tests of whole refits begin with."""

import pytest

from recommender.models import ClusteringRun
from recommender.runs import publish_gate
from recommender.runs.refitting import RefitParameters, perform_refit, start_refit
from tests.factories import make_catalogue
from tracks.models import Track


@pytest.fixture(autouse=True)
def any_stability(monkeypatch: pytest.MonkeyPatch) -> None:
    """So few tracks are rarely stable, and what is tested here needs every run published."""
    monkeypatch.setattr(publish_gate, "STABLE_FROM", -1.0)


def refit(n_clusters: int | None = 4, random_state: int = 0) -> ClusteringRun:
    run, created = start_refit(RefitParameters(n_clusters, random_state))
    assert created
    perform_refit(run)
    return run


@pytest.fixture
def catalogue() -> list[Track]:
    return make_catalogue(120)
