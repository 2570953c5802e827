"""Which recordings stand in some list of 50, from every recording of the catalogue as a seed.

    DATA_DIR=… python -m benchmarks.bench_reachability [cluster|nearby|everywhere]

`balanced` with listener vectors of all stored playlists, at most 5 tracks of an artist, as it is served.
"""

import os
import sys
import time

import django


def main(scope: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from recommender.algorithms.blend.distance import BALANCED
    from recommender.evaluation.judging_runs import active_evaluation_data, clusters_of
    from recommender.evaluation.methods import CAP, SCOPES, blend_answerer
    from recommender.evaluation.whole_lists import lists_from, whole_row
    from recommender.snapshots.store import active_snapshot
    from tracks.playlists.arrays import playlist_arrays

    snapshot = active_snapshot()
    assert snapshot is not None, "no active run: refit_clusters first"
    assert scope in SCOPES, f"no scope {scope}"
    data = active_evaluation_data(snapshot)
    blended = data.blended(playlist_arrays())
    lister = data.lister(blended, clusters_of(snapshot, data))
    balanced = {"balanced": BALANCED}
    answerer = blend_answerer(
        lister, balanced, listeners=bool(blended.learnt_from), scopes=(scope,), caps=(CAP,)
    )
    began = time.perf_counter()
    ((setting, lists),) = lists_from(range(data.facts.n), [answerer], lambda fraction: None).items()
    row = whole_row(setting, lists, data.facts)
    seconds = time.perf_counter() - began
    print(f"{setting}: {len(lists):,} lists, {1000 * seconds / len(lists):.2f} ms each")
    for name, interval in row.figures.items():
        print(f"  {name} {interval.mean:.4f} [{interval.low:.4f}, {interval.high:.4f}]")
    print(f"  {dict(row.worst)}")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "cluster")
