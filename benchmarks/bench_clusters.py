"""What the clusters of the active run tell a reader: names, genres, examples, and whether they come back.

    DATA_DIR=… python -m benchmarks.bench_clusters [--names] [--tracks]

--names lists every name with its three leading genres; --tracks the best known recordings, at most one an
artist and two a genre, with the names of their cluster and sub-cluster, to be read.
"""

import argparse
import os
from collections import Counter
from dataclasses import replace
from typing import Any

import django
import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import adjusted_rand_score

N_READ = 40
MAX_A_GENRE = 2
HIDDEN_SHARE = 0.1
ONE_GENRE_FROM = 0.8


def main(options: argparse.Namespace) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from recommender.algorithms.clustering.name_codes import NameCode, NameForm
    from recommender.answers.summaries import summaries_of
    from recommender.fitting.catalogue_arrays import load_catalogue
    from recommender.snapshots.store import active_snapshot

    snapshot, catalogue = active_snapshot(), load_catalogue()
    assert snapshot is not None, "no active run: refit_clusters first"
    clusters = summaries_of(snapshot)
    parts = [part for cluster in clusters for part in cluster.subclusters]
    both = [*clusters, *parts]
    rows = np.array([snapshot.row_of(pk) for pk in catalogue.track_ids.tolist()])
    labels = snapshot.arrays.sub_offsets.searchsorted(rows, side="right") - 1
    smallest = min(part.size for part in parts)
    print(f"{len(clusters)} clusters, {len(parts)} sub-clusters of {smallest:,} tracks or more")
    forms = Counter(each.name_code.form for each in both if isinstance(each.name_code, NameCode))
    telling = 1 - forms[NameForm.SOUND] / len(both)
    print(f"names by form: {dict(forms)}; {telling:.0%} have a genre, a family or a span")
    first = Counter(each.name.split()[0] for each in both).most_common(1)[0]
    print(f"names given twice: {len(both) - len({e.name for e in both})}; most common first word: {first}")
    one_genre = sum(max((g.share for g in part.genres), default=0) > ONE_GENRE_FROM for part in parts)
    print(f"sub-clusters of one genre (over {ONE_GENRE_FROM:.0%}): {one_genre} of {len(parts)}")
    carried = sum(
        int((catalogue.has_any(named_genres(part)) & (labels == part.label)).sum()) for part in parts
    )
    print(f"tracks with a genre of their sub-cluster's name: {carried / catalogue.n_tracks:.3f}")
    print_examples(both, catalogue)
    print_repeats(snapshot, catalogue)
    if options.names:
        for cluster in clusters:
            print_name(cluster, "")
            for part in sorted(cluster.subclusters, key=lambda each: -each.size):
                print_name(part, "    ")
    if options.tracks:
        print_tracks(snapshot, catalogue)


def named_genres(cluster: Any) -> tuple[str, ...]:
    return getattr(cluster.name_code, "genres", ())


def print_name(cluster: Any, indent: str) -> None:
    leading = sorted(cluster.genres, key=lambda genre: -genre.share)[:3]
    genres = ", ".join(f"{genre.genre} {genre.share:.0%} × {genre.lift:.0f}" for genre in leading)
    print(f"{indent}{cluster.number:>3}  {cluster.size:>7,}  {cluster.name}  ({genres})")


def print_examples(clusters: list[Any], catalogue: Any) -> None:
    """Whether examples carry a genre that the cluster is named by, and how well known they are."""
    shown = [(cluster, pk) for cluster in clusters for pk in cluster.known_example_ids]
    rows = catalogue.track_ids.searchsorted([pk for _cluster, pk in shown])
    named = [(cluster, row) for (cluster, _pk), row in zip(shown, rows, strict=True) if named_genres(cluster)]
    carrying = sum(bool(catalogue.has_any(named_genres(cluster))[row]) for cluster, row in named)
    known = np.sort(catalogue.popularity[~np.isnan(catalogue.popularity)])
    percentile = known.searchsorted(np.nanmedian(catalogue.popularity[rows]), side="right") / len(known)
    print(f"known examples with a genre of the name: {carrying} of {len(named)}")
    print(f"median popularity of known examples: percentile {100 * percentile:.0f} of the catalogue")


def print_repeats(snapshot: Any, catalogue: Any) -> None:
    """Whether sub-clusters come back from other tracks, and where tracks land whose genres were hidden."""
    from recommender.algorithms.clustering.genre_axes import places_with_genres
    from recommender.algorithms.clustering.scaling import Scaling
    from recommender.algorithms.clustering.subclusters import fit_genre_axes, fit_subclusters
    from recommender.choices import FeatureSpace
    from recommender.fitting.blend_arrays import blend_arrays
    from recommender.fitting.clustering_space import clustering_space

    rng = np.random.default_rng(0)
    X = Scaling(snapshot.arrays.scaler_mean, snapshot.arrays.scaler_scale).transform(catalogue.features)
    space = FeatureSpace(snapshot.meta.feature_space)

    def fitted(some: Any) -> NDArray[np.int32]:
        blended = blend_arrays(some, X)
        places = clustering_space(blended, space).places
        nearest = np.array([snapshot.centroid_distances(place).argmin() for place in places], np.int32)
        Z = places_with_genres(
            places, blended.genre_vectors, fit_genre_axes(blended.genre_vectors, random_state=0)
        )
        found = fit_subclusters(Z, nearest, snapshot.n_clusters, random_state=0)
        drawn = rng.integers(0, len(Z), len(Z))
        again = fit_subclusters(Z[drawn], nearest[drawn], snapshot.n_clusters, random_state=1)
        own = again.parents[:, None] == nearest[None, :]
        distances = np.stack([np.linalg.norm(Z - centre, axis=1) for centre in again.centroids])
        repeated = np.where(own, distances, np.inf).argmin(axis=0)
        print(f"stability of sub-clusters (bootstrap ARI): {adjusted_rand_score(found.labels, repeated):.2f}")
        return found.labels

    has_genre = np.diff(catalogue.genre_indptr) > 0
    hidden = rng.random(catalogue.n_tracks) < HIDDEN_SHARE
    hidden &= has_genre
    kept = ~np.repeat(hidden, np.diff(catalogue.genre_indptr))
    counts = np.where(hidden, 0, np.diff(catalogue.genre_indptr))
    indptr = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    labels = fitted(replace(catalogue, genre_indptr=indptr, genre_indices=catalogue.genre_indices[kept]))
    n_genres = len(catalogue.genre_names)
    links = np.repeat(np.arange(catalogue.n_tracks), np.diff(catalogue.genre_indptr))
    seen = ~hidden[links]
    table = np.zeros((labels.max() + 1, n_genres))
    np.add.at(table, (labels[links[seen]], catalogue.genre_indices[seen]), 1)
    two_most = np.argsort(-table, axis=1)[:, :2]  # what a name would take them from
    held = np.zeros((catalogue.n_tracks, n_genres), bool)
    held[links, catalogue.genre_indices] = True
    rows = np.flatnonzero(hidden)
    right = held[rows[:, None], two_most[labels[rows]]].any(axis=1).mean()
    chance = held[rows[:, None], two_most[labels[rng.permutation(rows)]]].any(axis=1).mean()
    print(f"tracks of hidden genres in a sub-cluster led by one of them: {right:.2f}, by chance {chance:.3f}")


def print_tracks(snapshot: Any, catalogue: Any) -> None:
    from tracks.models import Track

    artists: set[int] = set()
    genres: Counter[int] = Counter()
    read: list[int] = []
    for row in np.argsort(-np.nan_to_num(catalogue.popularity, nan=-1), kind="stable").tolist():
        own = catalogue.genre_indices[catalogue.genre_indptr[row] : catalogue.genre_indptr[row + 1]].tolist()
        artist = int(catalogue.first_artists[row])
        if artist in artists or any(genres[genre] >= MAX_A_GENRE for genre in own):
            continue
        artists.add(artist)
        genres.update(own)
        read.append(int(catalogue.track_ids[row]))
        if len(read) == N_READ:
            break
    tracks = Track.objects.in_bulk(read)
    for pk, cluster in zip(
        read,
        [snapshot.clusters_by_subcluster[n] for n in snapshot.subclusters_of_rows(snapshot.rows_of(read))],
        strict=True,
    ):
        track, part = tracks[pk], cluster and cluster.subcluster
        names = f"{cluster and cluster.name} › {part.name if part else '-'}"
        print(f"{track.title} – {', '.join(track.artist_names)} ({', '.join(track.genre_names)}): {names}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--names", action="store_true")
    parser.add_argument("--tracks", action="store_true")
    main(parser.parse_args())
