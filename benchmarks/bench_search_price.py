"""What searches of any text cost beside a clean one, in process, on the configured database.

DATABASE_URL=… python -m benchmarks.bench_search_price
"""

import os
import time
from statistics import median

import django

MATHEMATICAL = "".join(chr(0x1D400 + i % 26) for i in range(600))
QUERIES = {
    "clean": "bohemian rhapsody queen",
    "one typo": "bohemian rapsody",
    "12 unknown words": " ".join(f"qz{letter * 5}x" for letter in "abcdefghijkl"),
    "12 words, each misspelt": "lovee nigth dreem heartt danec suny rianbow mooon wrold firee stasr goldn",
    "12 common words": "love night dream heart dance sun rain moon world fire star gold",
    "600 mathematical letters": MATHEMATICAL,
    "mathematical words": " ".join(MATHEMATICAL[i : i + 15] for i in range(0, 600, 15)),
    "600 ideographs": "".join(chr(0x4E00 + i) for i in range(600)),
    "600 Thai letters": "".join(chr(0x0E01 + i % 40) for i in range(600)),
    "600 Hangul letters": "가나다라마바사" * 86,
    "a word 300 times": "la " * 300,
    "600 letters": "abcdefghij" * 60,
    "two names": "billie jean michael jackson",
}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.db import connection

    from tracks.search import search

    print(f"{connection.vendor:28} {'p50 ms':>8} {'max ms':>8} hits")
    for name, query in QUERIES.items():
        seconds = []
        for _ in range(7):
            start = time.perf_counter()
            result = search(query)
            seconds.append(time.perf_counter() - start)
        print(f"{name:28} {1000 * median(seconds):8.1f} {1000 * max(seconds):8.1f} {len(result.hits)}")


if __name__ == "__main__":
    main()
