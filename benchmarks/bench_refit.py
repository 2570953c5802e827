"""A whole refit, queue to published, as a ratio to scikit-learn's `KMeans.fit` alone.

    python -m benchmarks.bench_refit [--n-clusters 8] [--repeats 3] [--no-worker]

Works on a copy of the loaded catalogue (`make run` once), so the site keeps its runs. Floor and refit
take turns, so that a noisy machine disturbs both; printed are medians. The floor fits the same float32
matrix with the same parameters and thread settings. The refit is everything: reading the catalogue,
fitting, all scores, names, snapshot, rows, and the switch of the active run. The worker's figure is
from the request to the published run, through the broker of message files, in a worker's first and
later runs (the first also loads scikit-learn).
"""

import argparse
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
ON_A_COPY = "SOUNDKIN_BENCH_COPY"
AT_MOST = 10
PATIENCE_SECONDS = 300


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--n-clusters", type=int, default=8)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--no-worker", action="store_true", help="only in this process")
    options = parser.parse_args()
    django.setup()
    if ON_A_COPY not in os.environ:
        sys.exit(run_on_a_copy())
    measure_here(options.n_clusters, options.repeats)
    if not options.no_worker:
        measure_worker(options.n_clusters, options.repeats)


def run_on_a_copy(module: str = "benchmarks.bench_refit") -> int:
    """This program again, with a DATA_DIR of its own and a copy of the database in it."""
    from django.db import connection

    if connection.vendor != "sqlite":
        raise SystemExit("This benchmark copies the catalogue's file: run it on SQLite.")
    with tempfile.TemporaryDirectory(prefix="soundkin-bench-") as folder:
        copy = Path(folder) / "soundkin.sqlite3"
        with sqlite3.connect(connection.settings_dict["NAME"]) as source, sqlite3.connect(copy) as target:
            source.backup(target)
        environment = os.environ | {ON_A_COPY: "1", "DATA_DIR": folder, "DATABASE_URL": "", "REDIS_URL": ""}
        environment |= {"LOG_LEVEL": "WARNING"}
        command = [sys.executable, "-m", module, *sys.argv[1:]]
        return subprocess.run(command, env=environment).returncode


def seconds(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def measure_here(n_clusters: int, repeats: int) -> None:
    from sklearn.cluster import KMeans

    from recommender.algorithms.clustering.fitting import N_INIT
    from recommender.algorithms.clustering.scaling import fit_scaling
    from recommender.fitting.catalogue_arrays import load_catalogue

    features = load_catalogue().features
    if not len(features):
        raise SystemExit("The catalogue is empty: load one first (make run).")
    X = fit_scaling(features).transform(features)

    def fit() -> None:
        KMeans(n_clusters, n_init=N_INIT, random_state=0).fit(X)

    refit(n_clusters)  # from here on everything is loaded, and there is a run to match with
    pairs = [(seconds(fit), seconds(lambda: refit(n_clusters))) for _ in range(repeats)]
    automatic = [(seconds(fit), seconds(lambda: refit(None))) for _ in range(repeats)]
    sys.stdout.write(f"{len(X):,} tracks, {n_clusters} clusters, {os.cpu_count()} cores\n")
    report("refit", pairs, limit=AT_MOST)
    report("refit, n_clusters chosen", automatic)


def refit(n_clusters: int | None) -> None:
    from recommender.runs.refitting import RefitParameters, perform_refit, start_refit

    run, _ = start_refit(RefitParameters(n_clusters))
    perform_refit(run)


def report(name: str, pairs: list[tuple[float, float]], limit: float | None = None) -> None:
    floor, ours = (median(values) for values in zip(*pairs, strict=True))
    ratio = median(mine / alone for alone, mine in pairs)
    target = f" (at most {limit:g})" if limit else ""
    sys.stdout.write(f"{name:28} floor {floor:6.2f} s   ours {ours:6.2f} s   ratio {ratio:5.2f}{target}\n")
    sys.stdout.flush()


def measure_worker(n_clusters: int, repeats: int) -> None:
    with worker():
        first, *later = [by_worker(n_clusters) for _ in range(repeats + 1)]
    sys.stdout.write(f"by a worker: first run {first:.2f} s, then {median(later):.2f} s\n")


def by_worker(n_clusters: int) -> float:
    """Seconds from the request to the published run."""
    from recommender.runs.refitting import RefitParameters, refit_soon
    from tracks.jobs.work import Status

    run, _ = refit_soon(RefitParameters(n_clusters))
    deadline = time.monotonic() + PATIENCE_SECONDS
    while run.is_in_flight:
        if time.monotonic() > deadline:
            raise SystemExit("The worker did not answer.")
        time.sleep(0.02)
        run.refresh_from_db()
    if run.status != Status.DONE:
        raise SystemExit(f"The worker's refit ended {run.status}: {run.error}")
    return float((run.finished_at - run.created_at).total_seconds())


@contextmanager
def worker() -> Iterator[None]:
    command = [sys.executable, "-m", "celery", "--app", "config", "worker", "--concurrency", "2"]
    process = subprocess.Popen([*command, "--without-mingle", "--without-gossip"], stdout=subprocess.DEVNULL)
    try:
        wait_for_answer(process)
        yield
    finally:
        process.terminate()
        process.wait(30)


def wait_for_answer(process: subprocess.Popen[bytes]) -> None:
    from config.celery import app

    while not app.control.ping(timeout=1):
        if process.poll() is not None:
            raise SystemExit("The worker did not start.")


if __name__ == "__main__":
    main()
