"""Latency of the pages and the API, each as a ratio to an empty JSON view of the same server.

    python -m benchmarks.bench_http [--rounds 5] [--requests 200] [--clients 4]

Needs a loaded catalogue with an active run (`make run` once). In every round each target is
asked in turn, the floor among them, so that a noisy machine disturbs both sides of a ratio. Beside the wall
clock stands the processor time of the web processes, which other work on the machine disturbs less.
Another database than the site's own: DATABASE_URL. Where wrk is installed, its p50 stands beside ours.
"""

import argparse
import gzip
import json
import os
import random
import re
import shutil
import subprocess
import tempfile
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
from recommender.models import Cluster  # noqa: E402
from tracks.models import Artist, Genre, Track  # noqa: E402

FLOOR = "empty JSON view"
AGAIN = ", asked again"
UNKNOWN_WORDS = " ".join(f"qz{letter * 5}x" for letter in "abcdefghijkl")
LONG_TEXTS = ["abcdefghij" * 50, "가나다라마" * 100, "".join(chr(0x4E00 + i) for i in range(500))]
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


def targets(tracks: list[tuple[str, str, str]], clusters: list[int]) -> dict[str, list[str]]:
    """What is asked, by name: many different paths each, so that no single page is favoured."""
    rng = random.Random(1)
    recommendations = [f"/api/v1/tracks/{i}/recommendations?limit=20" for i, _, _ in tracks]
    pages = [f"/tracks/{i}/" for i, _, _ in tracks]
    artists = random.Random(2).sample(list(Artist.objects.order_by("pk")), min(400, Artist.objects.count()))
    genres = list(Genre.objects.all()[:400])
    return {
        FLOOR: ["/benchmark/empty"],
        "GET recommendations (20)": recommendations,
        f"GET recommendations (20){AGAIN}": recommendations,
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
        "/tracks/<id>/": pages,
        f"/tracks/<id>/{AGAIN}": pages,
        **({"/genres/<name>/": [each.get_absolute_url() for each in genres]} if genres else {}),
        "/artists/<id>/": [each.get_absolute_url() for each in artists],
        "/clusters/<n>/": [f"/clusters/{n}/" for n in clusters],
        "/clusters/<n>/tracks/, first page": [f"/clusters/{n}/tracks/" for n in clusters],
        "/clusters/<n>/tracks/, tenth page": [f"/clusters/{n}/tracks/?page=10" for n in clusters],
        "/clusters/<n>/tracks/, tenth page by tempo": [
            f"/clusters/{n}/tracks/?sort=tempo&page=10" for n in clusters
        ],
        "search, clean": [f"/api/v1/search?q={quote(f'{title} {artist}')}" for _, title, artist in tracks],
        "search, one typo": [
            f"/api/v1/search?q={quote(with_typo(f'{title} {artist}', rng))}" for _, title, artist in tracks
        ],
        "search, 12 unknown words": [f"/api/v1/search?q={quote(UNKNOWN_WORDS)}"],
        "search, 500 letters": [f"/api/v1/search?q={quote(text)}" for text in LONG_TEXTS],
    }


class Job(NamedTuple):
    """What one client asks: `count` requests for paths, each with headers of its own."""

    port: int
    requests: list[tuple[str, dict[str, str]]]
    count: int


def client(job: Job) -> list[float]:
    """One keep-alive client: the milliseconds of each request. Any answer but 200 and 304 is an error."""
    connection = HTTPConnection("127.0.0.1", job.port, timeout=60)
    timings = []
    for path, headers in (job.requests * (job.count // len(job.requests) + 1))[: job.count]:
        started = time.perf_counter()
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        body = response.read()
        timings.append(1000 * (time.perf_counter() - started))
        if response.status != (304 if "If-None-Match" in headers else 200):
            raise RuntimeError(f"{path} answered {response.status}: {body[:200]!r}")
    return timings


def requests_of(name: str, paths: list[str], site: Site, encoding: str) -> list[tuple[str, dict[str, str]]]:
    """The paths with their headers; those that are asked again with the ETag of their first answer."""
    headers = {"Host": "localhost"} | ({"Accept-Encoding": encoding} if encoding else {})
    if not name.endswith(AGAIN):
        return [(path, headers) for path in paths]
    connection = HTTPConnection("127.0.0.1", site.port, timeout=60)
    requests = []
    for path in paths:
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        response.read()
        requests.append((path, headers | {"If-None-Match": response.headers["ETag"]}))
    return requests


def asked_by_wrk(
    site: Site, requests: list[tuple[str, dict[str, str]]], clients: int, seconds: int
) -> float | None:
    """The p50 in ms by wrk, a client that costs little beside the server; None where it is not installed."""
    if not shutil.which("wrk"):
        return None
    rows = (
        "{{{}, {{{}}}}}".format(
            json.dumps(path), ", ".join(f"[{json.dumps(k)}]={json.dumps(v)}" for k, v in h.items())
        )
        for path, h in requests
    )
    script = "local rows = {{{}}}\nlocal n = 0\nfunction request()\n  n = n % #rows + 1\n".format(
        ",\n".join(rows)
    )
    script += '  return wrk.format("GET", rows[n][1], rows[n][2])\nend\n'
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script)
        file.flush()
        command = ["wrk", "-t1", f"-c{clients}", f"-d{seconds}s", "--latency", "-s", file.name]
        url = f"http://127.0.0.1:{site.port}"
        said = subprocess.run([*command, url], capture_output=True, text=True, check=True).stdout
    number, unit = re.search(r"50%\s+([\d.]+)(us|ms|s)", said).groups()
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def bytes_of_first_visit(site: Site, path: str) -> int:
    """The compressed bytes of a page and of all style sheets, scripts and pictures that it names."""

    def compressed(path: str) -> tuple[int, str]:
        connection = HTTPConnection("127.0.0.1", site.port, timeout=60)
        connection.request("GET", path, headers={"Host": "localhost", "Accept-Encoding": "gzip"})
        response = connection.getresponse()
        body = response.read()
        zipped = response.headers["Content-Encoding"] == "gzip"
        return len(body), (gzip.decompress(body) if zipped else body).decode(errors="replace")

    size, html = compressed(path)
    named = re.findall(r'<(?:link|script|img)[^>]*?(?:href|src)="(/static/[^"#]+)', html)
    return size + sum(compressed(asset)[0] for asset in dict.fromkeys(named))


class Answered(NamedTuple):
    """A round of one target: the p50, and what the web processes used of the processors for a request."""

    ms: float
    processor_ms: float


def answered(
    ask: Callable[..., list[list[float]]],
    site: Site,
    requests: list[tuple[str, dict[str, str]]],
    clients: int,
    count: int,
) -> Answered:
    """Have the clients ask, each `count` times for its share of the requests."""
    shares = [requests[i::clients] or requests for i in range(clients)]
    before = site.processor_seconds()
    timings = ask(client, [Job(site.port, share, count) for share in shares])
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
    parser.add_argument("--only", default="", help="measure the targets alone whose name holds this")
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--accept-encoding", default="", help="for instance gzip; the ratios are without")
    parser.add_argument("--wrk-seconds", type=int, default=2, help="how long wrk asks for each target")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    options = parser.parse_args()
    tracks = sample_tracks(400, seed=0)
    clusters = list(Cluster.objects.filter(run__is_active=True, parent=None).values_list("number", flat=True))
    figures: dict[str, list[Answered]] = {}
    by_wrk: dict[str, float | None] = {}
    with Pool(options.clients) as pool, running_site("config.wsgi", "/benchmark/empty") as site:
        asked = {
            name: requests_of(name, paths, site, options.accept_encoding)
            for name, paths in targets(tracks, clusters).items()
            if name == FLOOR or options.only in name
        }
        for number in range(options.rounds + 1):
            for name, requests in asked.items():
                value = answered(pool.map, site, requests, options.clients, options.requests)
                if number:  # the first round warms caches and is not counted
                    figures.setdefault(name, []).append(value)
        for name, requests in asked.items():
            by_wrk[name] = asked_by_wrk(site, requests, options.clients, options.wrk_seconds)
        first = tracks[0][0]
        pages = {"home": "/", "track": f"/tracks/{first}/", "mix": f"/mix/?seed={first}"}
        sizes = {name: bytes_of_first_visit(site, path) for name, path in pages.items()}
    report(figures, by_wrk, sizes, as_json=options.json)


def report(
    figures: dict[str, list[Answered]],
    by_wrk: dict[str, float | None],
    sizes: dict[str, int],
    *,
    as_json: bool,
) -> None:
    rows = []
    for name, values in figures.items():
        times = ratio(values, figures[FLOOR])
        wrk, floor = by_wrk[name], by_wrk[FLOOR]
        row = {"p50_ms": median(value.ms for value in values), "ratio": times.ms}
        row |= {"processor_ms": median(value.processor_ms for value in values)}
        row |= {"processor_ratio": times.processor_ms}
        row |= {"wrk_p50_ms": wrk or 0, "wrk_ratio": wrk / floor if wrk and floor else 0}
        rows.append((name, row))
    if as_json:
        print(json.dumps({"targets": dict(rows), "bytes": sizes}))
        return
    print("| target | p50, ms | × empty view | processor, ms | × empty view | wrk p50, ms | × empty view |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    for name, row in rows:
        print(f"| {name} | " + " | ".join(f"{value:.2f}" if value else "–" for value in row.values()) + " |")
    print("\nBytes of a first visit, compressed, with all assets: ", end="")
    print(", ".join(f"{name} {size:,}" for name, size in sizes.items()))


if __name__ == "__main__":
    main()
