import pytest

from recommender.models import ClusteringRun
from recommender.runs.figures import SCORES, run_figures, score_text


def test_runs_stand_side_by_side():
    runs = [
        ClusteringRun(n_tracks=89740, fitted={"n_clusters": 8}, scores={"silhouette": 0.18186}),
        ClusteringRun(n_tracks=12, fitted={"n_clusters": 2}, scores={"silhouette": None}),
    ]
    figures = {figure.label: figure.values for figure in run_figures(runs)}
    assert figures["Tracks"] == ("89,740", "12")
    assert figures["Clusters"] == ("8", "2")
    assert figures["Silhouette"] == ("0.182", "–")


def test_every_figure_says_what_it_means():
    assert all(figure.meaning for figure in run_figures([ClusteringRun()])[2:])


@pytest.mark.parametrize("name", [name for name, *_ in SCORES])
def test_a_run_without_scores_shows_dashes(name):
    assert score_text(ClusteringRun(), name, 3) == "–"
