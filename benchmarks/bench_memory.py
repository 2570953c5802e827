"""Memory of a web process after 1,000 requests, as a ratio to a bare Django process on the same server.

    python -m benchmarks.bench_memory [--requests 1000] [--clients 1]

Needs a loaded catalogue with an active run, and an environment of `requirements.txt` alone, as
`make run` makes it: what tests need loads more. Pages of memory-mapped files (the snapshot, the
database) are in memory once for all processes and can be dropped at any time; so the figure is the
anonymous memory, next to what is private to one process, and the plain Rss and Pss.
"""

import argparse
import os
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")
django.setup()

from benchmarks.bench_http import sample_tracks  # noqa: E402
from benchmarks.site import BARE_CONFIGURATION, Site, running_site  # noqa: E402


def memory_mb(pid: int) -> dict[str, float]:
    """Kinds of memory of a process, in MB, as Linux names them."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    sizes = {line.split(":")[0]: int(line.split()[1]) / 1024 for line in lines}
    return {name: sizes[name] for name in ("Rss", "Shared_Clean", "Anonymous", "Private_Dirty", "Pss")}


def ask(site: Site, path: str) -> None:
    status, body = site.get(path)
    if status != 200:
        raise RuntimeError(f"{path} answered {status}: {body[:200]!r}")


def measure(site: Site, paths: list[str], clients: int) -> dict[str, float]:
    with ThreadPoolExecutor(clients) as threads:
        list(threads.map(partial(ask, site), paths))
    workers = [memory_mb(pid) for pid in site.worker_pids()]
    return {name: sum(worker[name] for worker in workers) / len(workers) for name in workers[0]}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--requests", type=int, default=1000)
    parser.add_argument("--clients", type=int, default=1, help="that ask at the same time")
    options = parser.parse_args()
    count = options.requests
    with running_site("benchmarks.bare_site:application", "/benchmark/empty", BARE_CONFIGURATION) as bare:
        floor = measure(bare, ["/benchmark/empty"] * count, options.clients)
    ids = [spotify_id for spotify_id, _, _ in sample_tracks(200, seed=2)]
    mixed = [
        url
        for i in ids
        for url in (f"/tracks/{i}/", f"/api/v1/tracks/{i}/recommendations", "/api/v1/search?q=love", "/")
    ]
    with running_site("config.wsgi", "/benchmark/empty") as site:
        ours = measure(site, (mixed * (count // len(mixed) + 1))[:count], options.clients)
    print("| per web process, MB | bare | Soundkin | ratio |\n|---|---|---|---|")
    for name, value in ours.items():
        print(f"| {name} | {floor[name]:.1f} | {value:.1f} | {value / floor[name]:.2f} |")


if __name__ == "__main__":
    main()
