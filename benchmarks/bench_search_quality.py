"""How well and how fast the search finds what people mean.

    python -m benchmarks.bench_search_quality [--csv FILE] [--samples 1000] [--seed 0]

Asks `tracks.search.search` in this process, with the catalogue of the configured database, or with
that of a CSV imported into a database of its own. A query succeeds when the meant song by the meant
first artist is among the first five hits, in any release or studio cut.
"""

import argparse
import os
import random
import tempfile
import time
from collections.abc import Callable, Iterable
from statistics import median, quantiles

import django

FIRST = 5
LETTERS = "abcdefghijklmnopqrstuvwxyz"
FAMOUS = (
    ("fionna aple", "Fiona Apple"),
    ("beyonce", "Beyoncé"),
    ("bohemian rapsody", "Queen"),
    ("the weeknd blinding lihgts", "The Weeknd"),
    ("shpe of you", "Ed Sheeran"),
    ("sigur ros", "Sigur Rós"),
    ("björk", "Björk"),
    ("jay z", "JAY-Z"),
    ("ac/dc", "AC/DC"),
    ("acdc", "AC/DC"),
    ("p!nk", "P!nk"),
    ("metalica", "Metallica"),
    ("radiohed crep", "Radiohead"),
    ("YOASOBI 夜に駆ける", "YOASOBI"),
    ("夜に駈ける", "YOASOBI"),
    ("初音ミク", "初音ミク"),
    ("Кино", "Кино"),
    ("a", None),
)

Sample = tuple[str, str]  # title, first artist


def with_typo(text: str, rng: random.Random) -> str:
    """One random insertion, deletion, substitution or transposition in one word of at least four letters."""
    words = text.split(" ")
    long_enough = [i for i, word in enumerate(words) if len(word) >= 4 and word.isalpha()]
    if not long_enough:
        return text
    i = rng.choice(long_enough)
    word, at, letter = words[i], rng.randrange(len(words[i]) - 1), rng.choice(LETTERS)
    words[i] = rng.choice(
        [
            word[:at] + letter + word[at:],
            word[:at] + word[at + 1 :],
            word[:at] + letter + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        ]
    )
    return " ".join(words)


def samples(n: int, rng: random.Random) -> list[Sample]:
    """`n` recordings of the catalogue, chosen at random."""
    from tracks.models import Track

    pks = list(Track.objects.one_per_recording().order_by("spotify_id").values_list("pk", flat=True))
    chosen = rng.sample(pks, min(n, len(pks)))
    rows = Track.objects.filter(pk__in=chosen).order_by("spotify_id").values_list("title", "artist_names")
    return [(title, artists[0]) for title, artists in rows if artists]


def is_found(query: str, sample: Sample) -> bool:
    from tracks.search import search
    from tracks.titles.parsing import song_key

    meant = song_key(*sample)
    return any(song_key(hit.title, hit.artist_names[0]) == meant for hit in search(query).hits[:FIRST])


def measure(name: str, queries: Iterable[tuple[str, Sample]]) -> None:
    """Print the share of queries that succeed and how long they took."""
    found, seconds = [], []
    for query, sample in queries:
        start = time.perf_counter()
        found.append(is_found(query, sample))
        seconds.append(time.perf_counter() - start)
    cuts = quantiles(seconds, n=100)
    success = sum(found) / len(found)
    times = " ".join(f"{1000 * value:7.2f}" for value in (median(seconds), cuts[94], cuts[98]))
    print(f"{name:42} {success:9.3f} {times}")


def beginnings(tracks: list[Sample], letters: int) -> list[tuple[str, Sample]]:
    """Each title as far as it is typed: its first letters."""
    return [(title[:letters], (title, artist)) for title, artist in tracks if len(title) > letters]


def report(tracks: list[Sample], rng: random.Random) -> None:
    print(
        f"{len(tracks)} recordings\n{'query':42} {'success@5':>9} {'p50 ms':>7} {'p95 ms':>7} {'p99 ms':>7}"
    )
    kinds: dict[str, Callable[[str, str], str]] = {
        "title and artist": lambda title, artist: f"{title} {artist}",
        "artist and title": lambda title, artist: f"{artist} {title}",
        "title and artist, one typing error": lambda title, artist: with_typo(f"{title} {artist}", rng),
        "title only": lambda title, artist: title,
        "title only, one typing error": lambda title, artist: with_typo(title, rng),
        "artist, half of the title": lambda title, artist: f"{artist} {title[: (len(title) + 1) // 2]}",
    }
    for name, query in kinds.items():
        measure(name, [(query(*sample), sample) for sample in tracks])
    for letters in (1, 2, 3, 5, 8, 12):
        measure(f"the first {letters} letters of the title", beginnings(tracks, letters))


def report_famous() -> None:
    from tracks.models import Track
    from tracks.search import search
    from tracks.titles.folding import fold

    credits = Track.objects.values_list("artist_names", flat=True)
    known = {fold(name) for names in credits for name in names}
    print()
    for query, artist in FAMOUS:
        hits = search(query).hits
        first = f"{hits[0].title} – {', '.join(hits[0].artist_names)}" if hits else "nothing"
        names = [fold(name) for hit in hits[:FIRST] for name in hit.artist_names]
        verdict = "found" if artist is None or fold(artist) in names else "MISSED"
        absent = artist is not None and fold(artist) not in known
        print(f"{query:30} {'not in the catalogue' if absent else verdict:22} {first}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--csv", help="a catalogue to import into a database of its own")
    parser.add_argument("--samples", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if options.csv:
            os.environ |= {"DATA_DIR": folder, "DATABASE_URL": ""}
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        django.setup()
        if options.csv:
            from django.core.management import call_command
            from django.db import connection

            call_command("migrate", verbosity=0)
            call_command("import_tracks", options.csv)
            connection.close()  # a web process does not have the import's memory to look through
        rng = random.Random(options.seed)
        report(samples(options.samples, rng), rng)
        report_famous()


if __name__ == "__main__":
    main()
