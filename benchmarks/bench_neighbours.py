"""Neighbours of one track, in process, as a ratio to one BLAS product of the same slice with one vector.

    python -m benchmarks.bench_neighbours [--limit 50] [--seeds 400]

Asks the active run's snapshot (`make run` once). Every seed is timed for the floor and for the search
in turn, so that a noisy machine disturbs both; printed are medians over the seeds.
"""

import argparse
import json
import os
import random
import time
from collections.abc import Callable
from statistics import median

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from recommender.algorithms.search.neighbours import (  # noqa: E402
    SHORTLIST_EXTRA,
    SHORTLIST_FACTOR,
    Points,
    in_order,
)
from recommender.algorithms.search.picking import ListRules, Neighbours, pick  # noqa: E402
from recommender.snapshots.snapshot import Snapshot  # noqa: E402
from recommender.snapshots.store import active_snapshot  # noqa: E402

REPEATS = 20


def microseconds(call: Callable[[], object]) -> float:
    """The fastest of a few runs: what the work costs when nothing disturbs it."""
    timings = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        call()
        timings.append(time.perf_counter() - started)
    return 1e6 * min(timings)


def measure(snapshot: Snapshot, row: int, limit: int, per_artist: int) -> tuple[float, float]:
    """Microseconds of the floor and of the search, for the track in `row` within its cluster."""
    arrays = snapshot.arrays
    start, stop = snapshot.slice_of(snapshot.label_of_row(row))
    query = arrays.X[row].copy()
    points = Points(arrays.X, snapshot.derived.squared_norms, arrays.track_ids)
    own = frozenset([int(arrays.recordings[row])])
    rules = ListRules(arrays.recordings, arrays.first_artists, banned_recordings=own, per_artist=per_artist)
    first = SHORTLIST_FACTOR * limit + SHORTLIST_EXTRA

    def nearest() -> Neighbours:
        return pick(in_order(points, query, [(start, stop)], first), rules, limit)

    assert len(nearest().rows) == limit, f"cluster of row {row} is too small for {limit} neighbours"
    floor = microseconds(lambda: arrays.X[start:stop] @ query)
    return floor, microseconds(nearest)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--limit", type=int, default=50)
    parser.add_argument("--seeds", type=int, default=400)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    options = parser.parse_args()
    snapshot = active_snapshot()
    if snapshot is None:
        raise SystemExit("There is no active run: load a catalogue and refit first (make run).")
    rows = random.Random(0).sample(range(snapshot.n_tracks), min(options.seeds, snapshot.n_tracks))
    for per_artist in (0, 1):
        pairs = [measure(snapshot, row, options.limit, per_artist) for row in rows]
        report(f"neighbours ({options.limit}), per_artist={per_artist}", pairs, as_json=options.json)


def report(name: str, pairs: list[tuple[float, float]], *, as_json: bool) -> None:
    floor, ours = (median(values) for values in zip(*pairs, strict=True))
    ratio = median(search / product for product, search in pairs)
    if as_json:
        print(json.dumps({name: {"floor_us": floor, "us": ours, "ratio": ratio}}))
    else:
        print(f"{name:32} floor {floor:7.1f} µs   ours {ours:7.1f} µs   ratio {ratio:.2f} (at most 4)")


if __name__ == "__main__":
    main()
