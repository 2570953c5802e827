"""How many tracks keep the number, name and colour of their cluster while the catalogue changes.

    python -m benchmarks.bench_identity [--refits 10] [--share 0.01] [--n-clusters N]

Works on a copy of the loaded catalogue (`make run` once). Before each refit a seeded part of the tracks
is changed, added or removed, a third of `--share` each: changed ones get the sound of another track, added
ones are another track's with a little noise. Every refit repeats the parameters of the first. Printed for
each is the share of the tracks that remain from the run before, and from the first run, which still have
the same number, name and colour.
"""

import argparse
import os
import sys
from typing import Any

import django
import numpy as np

from benchmarks.bench_refit import ON_A_COPY, run_on_a_copy

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
AT_LEAST = 0.98
NOISE = 0.1  # standard deviations


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--refits", type=int, default=10)
    parser.add_argument("--share", type=float, default=0.01)
    parser.add_argument("--n-clusters", type=int, help="without it, chosen at each refit")
    options = parser.parse_args()
    django.setup()
    if ON_A_COPY not in os.environ:
        sys.exit(run_on_a_copy("benchmarks.bench_identity"))
    measure(options.refits, options.share, options.n_clusters)


def measure(refits: int, share: float, n_clusters: int | None) -> None:
    from recommender.models import ClusteringRun
    from recommender.runs.refitting import RefitParameters, perform_refit, start_refit

    ClusteringRun.objects.deactivate_all()  # the first one begins afresh
    rng = np.random.default_rng(0)
    first: dict[int, tuple[Any, ...]] = {}
    before: dict[int, tuple[Any, ...]] = {}
    worst = 1.0
    print(
        "| refit | clusters | start | silhouette | as in the run before | as in the first |\n"
        + "|---" * 6
        + "|"
    )
    for number in range(refits + 1):
        if number:
            change_catalogue(rng, share)
        run, _created = start_refit(RefitParameters(n_clusters))
        perform_refit(run)
        now = identities(run) if run.is_active else before  # a run that is kept back changes nothing
        first = first or now
        kept = [same_share(each, now) for each in (before or now, first)]
        worst = min(worst, kept[0])
        start = "warm" if run.fitted["start"]["is_warm"] else "seeded"
        shown = " | ".join(f"{100 * each:.2f} %" for each in kept)
        start += "" if run.is_active else ", kept back"
        found = f"{run.fitted['n_clusters']} | {start} | {run.scores['silhouette']:.4f}"
        print(f"| {number} | {found} | {shown} |", flush=True)
        before = now
    print(f"at least {100 * worst:.2f} % after each refit (to reach: {100 * AT_LEAST:.0f} %)")


def identities(run: Any) -> dict[int, tuple[Any, ...]]:
    """What a track's cluster is known by, for every track of a run."""
    clusters = {row[0]: row[1:] for row in run.clusters.values_list("pk", "number", "name")}
    pairs = run.assignments.values_list("track_id", "cluster_id")
    return {track: clusters[cluster] for track, cluster in pairs.iterator(20_000)}


def same_share(before: dict[int, tuple[Any, ...]], now: dict[int, tuple[Any, ...]]) -> float:
    remaining = before.keys() & now.keys()
    return sum(before[track] == now[track] for track in remaining) / len(remaining)


def change_catalogue(rng: np.random.Generator, share: float) -> None:
    """Change, add and remove a third of `share` of the tracks each."""
    from tracks.audio_features import CONTINUOUS_FEATURES
    from tracks.models import Credit, Track

    ids = np.array(list(Track.objects.order_by("pk").values_list("pk", flat=True)))
    count = round(len(ids) * share / 3)
    changed, models, sources, removed = rng.permutation(ids)[: 4 * count].reshape(4, count).tolist()
    of_others = Track.objects.in_bulk(models)
    tracks = Track.objects.in_bulk(changed)
    for track, model in zip(tracks.values(), of_others.values(), strict=True):
        for name in CONTINUOUS_FEATURES:
            setattr(track, name, getattr(model, name))
    Track.objects.bulk_update(tracks.values(), CONTINUOUS_FEATURES, batch_size=500)

    features = np.array(list(Track.objects.values_list(*CONTINUOUS_FEATURES)))
    low, high, scale = features.min(axis=0), features.max(axis=0), features.std(axis=0)
    copies = []
    for track in Track.objects.filter(pk__in=sources).prefetch_related("genres", "credits"):
        values = np.array([getattr(track, name) for name in CONTINUOUS_FEATURES])
        drawn = np.clip(values + rng.normal(0, NOISE, len(values)) * scale, low, high)
        fields = {field.attname: getattr(track, field.attname) for field in Track._meta.concrete_fields}
        fields |= dict(zip(CONTINUOUS_FEATURES, drawn.tolist(), strict=True))
        fields |= {"id": None, "recording_id": None, "spotify_id": f"{rng.integers(10**18):022d}"}
        copies.append((Track(**fields), track))
    Track.objects.bulk_create(copy for copy, _track in copies)
    for copy, _track in copies:
        copy.recording_id = copy.pk
    Track.objects.bulk_update((copy for copy, _track in copies), ["recording_id"], batch_size=500)
    Credit.objects.bulk_create(
        Credit(track=copy, artist_id=each.artist_id, position=each.position)
        for copy, track in copies
        for each in track.credits.all()
    )
    of_genre = Track.genres.through
    of_genre.objects.bulk_create(
        of_genre(track=copy, genre=genre) for copy, track in copies for genre in track.genres.all()
    )
    Track.objects.filter(pk__in=removed).delete()


if __name__ == "__main__":
    main()
