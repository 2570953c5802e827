"""A refit beside the run before it: the number of clusters, their numbers and names, where it begins."""

import numpy as np
import pytest

from recommender.algorithms.clustering.fitting import fit_clusters
from recommender.models import Assignment
from recommender.runs.choice_words import choice_in_words
from recommender.snapshots.store import open_snapshot
from tests.factories import make_catalogue
from tests.recommender.runs.refits import any_stability, catalogue, refit
from tracks.models import Track

__all__ = ["any_stability", "catalogue"]  # fixtures
pytestmark = pytest.mark.django_db(transaction=True)


def test_the_number_in_use_stays_and_the_run_says_why(catalogue):
    refit(n_clusters=5)
    run = refit(n_clusters=None)
    in_use = run.fitted["in_use"]
    assert (in_use["n_clusters"], in_use["best"]) == (5, 6)
    words = choice_in_words(run)
    if run.fitted["n_clusters"] == 5:
        assert in_use["low"] <= 0
        assert words.startswith("5 as before: of")
    else:
        assert in_use["low"] > 0
        assert "It is better than 5, as before, by more than chance" in words


def test_numbers_and_names_stay_when_the_catalogue_grows(catalogue):
    before = refit(n_clusters=6)
    make_catalogue(24, seed=0)
    after = refit(n_clusters=6, random_state=9)
    old = {a.track_id: a.cluster for a in Assignment.objects.filter(run=before).select_related("cluster")}
    new = {a.track_id: a.cluster for a in Assignment.objects.filter(run=after).select_related("cluster")}
    moved = [pk for pk, cluster in old.items() if new[pk].number != cluster.number]
    assert len(moved) <= 3
    names = [dict(run.clusters.values_list("number", "name")) for run in (before, after)]
    assert names[0] == names[1]
    assert after.fitted["continuity"]["run"] == before.pk


def test_new_clusters_get_the_lowest_numbers_that_no_kept_run_has(catalogue, settings):
    settings.RUNS_KEPT = 3
    runs = [refit(n_clusters) for n_clusters in (2, 6, 2, 6)]
    numbers = [set(run.clusters.values_list("number", flat=True)) for run in runs]
    assert numbers[0] == {1, 2}
    assert numbers[1] == {*numbers[0] & numbers[1], *range(3, 9 - len(numbers[0] & numbers[1]))}
    for place in (2, 3):
        kept = set().union(*numbers[max(0, place - 3) : place])
        fresh = numbers[place] - numbers[place - 1]
        free = [number for number in range(1, 30) if number not in kept]
        assert sorted(fresh) == free[: len(fresh)]


def test_a_run_tells_what_new_clusters_were_made_of_and_where_old_numbers_lead(catalogue):
    first, second, third = refit(n_clusters=6), refit(n_clusters=3), refit(n_clusters=2)
    before = set(first.clusters.values_list("number", flat=True))
    for run in (second, third):
        numbers = set(run.clusters.values_list("number", flat=True))
        continuity = run.fitted["continuity"]
        assert {
            int(number) for number in continuity["retired"]
        } >= before - numbers  # those of all runs before
        assert not numbers & {int(number) for number in continuity["retired"]}
        assert all(set(heirs) <= numbers and heirs for heirs in continuity["retired"].values())
        before |= numbers
    merged = [parts for parts in second.fitted["continuity"]["origins"].values() if len(parts) > 1]
    assert merged and all(set(parts) <= set(range(1, 7)) for parts in merged)


def test_a_refit_with_the_same_parameters_begins_from_the_active_clusters_and_can_be_repeated(catalogue):
    first = refit(n_clusters=4)
    Track.objects.filter(pk__in=[track.pk for track in catalogue[:3]]).delete()
    second = refit(n_clusters=4)
    start = second.fitted["start"]

    assert first.fitted["start"] == {"is_warm": False}
    assert (start["is_warm"], start["run"]) == (True, first.pk)
    places = open_snapshot(second.pk).arrays.places
    again = fit_clusters(
        places, 4, random_state=0, n_init=1, init=np.array(start["centroids"], dtype=np.float32)
    )
    assert again.start.warm == pytest.approx(start["warm"], abs=1e-5)
    assert sorted(again.sizes) == sorted(second.scores["sizes"])


@pytest.mark.parametrize("change", [{"n_clusters": 5}, {"random_state": 1}])
def test_a_refit_with_other_parameters_begins_afresh(catalogue, change):
    refit()
    assert refit(**change).fitted["start"] == {"is_warm": False}
