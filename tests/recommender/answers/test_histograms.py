import statistics

import numpy as np
import pytest

from recommender.answers.browsing import Region
from recommender.answers.histograms import N_BINS, distribution, histograms
from recommender.snapshots.store import active_snapshot
from tests.factories import make_catalogue, publish_run
from tracks.audio_features import BY_NAME, CONTINUOUS_FEATURES
from tracks.models import Track


def shares_by_hand(values: list[float], low: float, high: float) -> list[float]:
    """A loop over the values: each counts in the last bin whose lower edge it reaches, the first if none."""
    counts = [0] * N_BINS
    for value in values:
        reached = [n for n in range(N_BINS) if value >= low + n * (high - low) / N_BINS]
        counts[max(reached, default=0)] += 1
    return [count / len(values) for count in counts]


def test_shares_and_quartiles_are_those_of_a_loop():
    values = np.random.default_rng(3).normal(120, 50, size=501).astype(np.float32)
    found = distribution(values, 40, 220)
    assert values.min() < 40 and values.max() > 220
    assert found.shares == pytest.approx(shares_by_hand(values.tolist(), 40, 220))
    quarters = statistics.quantiles(values.tolist(), n=4, method="inclusive")
    assert found.quartiles == pytest.approx((quarters[0], quarters[2]))


def test_what_lies_on_an_edge_or_beyond_counts_once():
    found = distribution(np.array([-9, 0, 1, 11, 12, 99], np.float32), 0, 12)
    assert found.shares == pytest.approx([2 / 6, 1 / 6, *[0] * 9, 3 / 6])


@pytest.mark.django_db
def test_a_region_is_measured_against_all_tracks_of_the_run(data_dir):
    make_catalogue(90)
    publish_run(n_clusters=3)
    snapshot = active_snapshot()
    for start, stop in (snapshot.slice_of(1), (7, 30)):
        found = histograms(snapshot, Region(start, stop, ()))
        assert set(found) == set(CONTINUOUS_FEATURES)
        for name, (own, catalogue) in found.items():
            bar = BY_NAME[name].bar
            rows = {"pk__in": snapshot.arrays.track_ids[start:stop].tolist()}
            for each, tracks in ((own, Track.objects.filter(**rows)), (catalogue, Track.objects.all())):
                values = [float(np.float32(value)) for value in tracks.values_list(name, flat=True)]
                assert each.shares == pytest.approx(shares_by_hand(values, *bar))
