"""Latency of the pages and the API, each as a ratio to an empty JSON view of the same server.

    python -m benchmarks.bench_http [--rounds 5] [--requests 200] [--clients 4]

Needs a loaded catalogue with an active run (`make run` once). In every round each target is
asked in turn, the floor among them, so that a noisy machine disturbs both sides of a ratio. Beside the wall
clock stands the processor time of the web processes, which other work on the machine disturbs less.
"""

import argparse
import json
import os
import random
import time
from collections.abc import Callable
from http.client import HTTPConnection
from multiprocessing import Pool
from statistics import median
from typing import NamedTuple
from urllib.parse import quote

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")
django.setup()

from benchmarks.site import Site, running_site  # noqa: E402
from tracks.models import Track  # noqa: E402

FLOOR = "empty JSON view"
FILTERS = "&min_energy=0.2&max_tempo=180&explicit=false"


def sample_tracks(n: int, seed: int) -> list[tuple[str, str, str]]:
    """`n` tracks `(spotify_id, title, first artist)`, the same for the same catalogue and seed."""
    pks = list(Track.objects.order_by("pk").values_list("pk", flat=True))
    chosen = random.Random(seed).sample(pks, min(n, len(pks)))
    rows = (
        Track.objects.filter(pk__in=chosen).order_by("pk").values_list("spotify_id", "title", "artist_names")
    )
    return [(spotify_id, title, artists[0]) for spotify_id, title, artists in rows]


def with_typo(text: str, rng: random.Random) -> str:
    """One letter of the longest word replaced, dropped or doubled."""
    word = max(text.split(), key=len)
    at = rng.randrange(1, len(word)) if len(word) > 1 else 0
    broken = rng.choice(
        [word[:at] + "x" + word[at + 1 :], word[:at] + word[at + 1 :], word[:at] + word[at:][:1] + word[at:]]
    )
    return text.replace(word, broken, 1)


def targets(tracks: list[tuple[str, str, str]]) -> dict[str, list[str]]:
    """What is asked, by name: many different paths each, so that no single page is favoured."""
    rng = random.Random(1)
    return {
        FLOOR: ["/benchmark/empty"],
        "GET recommendations (20)": [f"/api/v1/tracks/{i}/recommendations?limit=20" for i, _, _ in tracks],
        "GET recommendations (20), everywhere": [
            f"/api/v1/tracks/{i}/recommendations?limit=20&scope=everywhere" for i, _, _ in tracks
        ],
        "GET recommendations (20), three filters": [
            f"/api/v1/tracks/{i}/recommendations?limit=20{FILTERS}" for i, _, _ in tracks
        ],
        "GET recommendations (20), everywhere, three filters": [
            f"/api/v1/tracks/{i}/recommendations?limit=20&scope=everywhere{FILTERS}" for i, _, _ in tracks
        ],
        "GET recommendations (20), blend=sound": [
            f"/api/v1/tracks/{i}/recommendations?limit=20&blend=sound" for i, _, _ in tracks
        ],
        "/tracks/<id>/": [f"/tracks/{i}/" for i, _, _ in tracks],
        "search, clean": [f"/api/v1/search?q={quote(f'{title} {artist}')}" for _, title, artist in tracks],
        "search, one typo": [
            f"/api/v1/search?q={quote(with_typo(f'{title} {artist}', rng))}" for _, title, artist in tracks
        ],
    }


def client(job: tuple[int, list[str], int]) -> list[float]:
    """One keep-alive client: the milliseconds of each of `count` requests. Any answer but 200 is an error."""
    port, paths, count = job
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    timings = []
    for path in (paths * (count // len(paths) + 1))[:count]:
        started = time.perf_counter()
        connection.request("GET", path, headers={"Host": "localhost"})
        response = connection.getresponse()
        body = response.read()
        timings.append(1000 * (time.perf_counter() - started))
        if response.status != 200:
            raise RuntimeError(f"{path} answered {response.status}: {body[:200]!r}")
    return timings


class Answered(NamedTuple):
    """A round of one target: the p50, and what the web processes used of the processors for a request."""

    ms: float
    processor_ms: float


def answered(
    ask: Callable[..., list[list[float]]], site: Site, paths: list[str], clients: int, count: int
) -> Answered:
    """Have the clients ask, each `count` times for its share of the paths."""
    shares = [paths[i::clients] or paths for i in range(clients)]
    before = site.processor_seconds()
    timings = ask(client, [(site.port, share, count) for share in shares])
    used = site.processor_seconds() - before
    return Answered(median(ms for each in timings for ms in each), 1000 * used / (clients * count))


def ratio(values: list[Answered], floor: list[Answered]) -> Answered:
    """How many times the floor of the same round: the medians."""
    pairs = list(zip(values, floor, strict=True))
    return Answered(
        median(ours.ms / empty.ms for ours, empty in pairs),
        median(ours.processor_ms / empty.processor_ms for ours, empty in pairs),
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--requests", type=int, default=200, help="per client, target and round")
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    options = parser.parse_args()
    asked = targets(sample_tracks(400, seed=0))
    figures: dict[str, list[Answered]] = {name: [] for name in asked}
    with Pool(options.clients) as pool, running_site("config.wsgi", "/benchmark/empty") as site:
        for number in range(options.rounds + 1):
            for name, paths in asked.items():
                value = answered(pool.map, site, paths, options.clients, options.requests)
                if number:  # the first round warms caches and is not counted
                    figures[name].append(value)
    report(figures, as_json=options.json)


def report(figures: dict[str, list[Answered]], *, as_json: bool) -> None:
    rows = [
        (name, median(value.ms for value in values), ratio(values, figures[FLOOR]))
        for name, values in figures.items()
    ]
    if as_json:
        found = {
            name: {
                "p50_ms": round(ms, 3),
                "ratio": round(times.ms, 2),
                "processor_ratio": round(times.processor_ms, 2),
            }
            for name, ms, times in rows
        }
        print(json.dumps(found))
        return
    print("| target | p50, ms | × the empty view | in processor time |\n|---|---|---|---|")
    for name, ms, times in rows:
        print(f"| {name} | {ms:.2f} | {times.ms:.2f} | {times.processor_ms:.2f} |")


if __name__ == "__main__":
    main()
