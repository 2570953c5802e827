"""The whole import of a CSV file, as a ratio to the least that could be called one.

    python -m benchmarks.bench_import tracks.csv [--rounds 3] [--json]

The floor: `pandas.read_csv`, one `executemany` of the same rows into a new SQLite file, and an FTS5
build over titles, artists and albums; once with the default tokenizer, once with trigrams, as typing
errors need more than whole words. The import: everything that `manage.py import_tracks` does, on a
new SQLite database: rows checked, tracks merged, recordings found, search index made. Floor and
import alternate; the fastest of each counts, and processor time stands beside it, which a busy machine
disturbs less.
"""

import argparse
import json
import os
import resource
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(tempfile.mkdtemp(prefix="soundkin-bench-"))
os.environ |= {"DATA_DIR": str(FOLDER), "DATABASE_URL": "", "LOG_LEVEL": "ERROR"}
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django  # noqa: E402

django.setup()

import pandas as pd  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from tracks.importing.headers import find_columns  # noqa: E402
from tracks.importing.imports import import_tracks  # noqa: E402
from tracks.models import CatalogueImport  # noqa: E402

SEARCHED = ("title", "artists", "album")


class Cost(NamedTuple):
    seconds: float
    processor_seconds: float


def cost(call: Callable[[], object]) -> Cost:
    wall, processor = time.perf_counter(), time.process_time()
    call()
    return Cost(time.perf_counter() - wall, time.process_time() - processor)


def floor(path: Path, tokenizer: str) -> None:
    """Read, store, index: nothing checked, nothing merged."""
    file = FOLDER / "floor.sqlite3"
    file.unlink(missing_ok=True)
    frame = pd.read_csv(path)
    places = find_columns(list(frame.columns))
    texts = ", ".join(f"c{places[field][0]}" for field in SEARCHED)
    rows = frame.astype(object).where(frame.notna(), None).values.tolist()
    with sqlite3.connect(file) as database:
        names = ", ".join(f"c{number}" for number in range(frame.shape[1]))
        database.execute(f"CREATE TABLE tracks ({names})")
        database.executemany(f"INSERT INTO tracks VALUES ({', '.join('?' * frame.shape[1])})", rows)
        database.execute(
            f"CREATE VIRTUAL TABLE names USING fts5({', '.join(SEARCHED)}, tokenize='{tokenizer}')"
        )
        database.execute(
            f"INSERT INTO names (rowid, {', '.join(SEARCHED)}) SELECT rowid, {texts} FROM tracks"
        )
    database.close()


def new_database(empty: Path) -> None:
    """An empty catalogue, migrated beforehand."""
    connection.close()
    file = Path(connection.settings_dict["NAME"])
    for leftover in FOLDER.glob(f"{file.name}*"):
        leftover.unlink()
    shutil.copyfile(empty, file)
    connection.connect()


def migrated() -> Path:
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return shutil.copyfile(connection.settings_dict["NAME"], FOLDER / "empty.sqlite3")


def measure(path: Path, rounds: int) -> dict[str, Cost]:
    empty = migrated()
    costs: dict[str, list[Cost]] = {"words": [], "trigrams": [], "import": [], "again": []}
    for _ in range(rounds):
        costs["words"].append(cost(lambda: floor(path, "unicode61")))
        costs["trigrams"].append(cost(lambda: floor(path, "trigram")))
        new_database(empty)
        costs["import"].append(cost(lambda: import_tracks([path])))
        costs["again"].append(cost(lambda: import_tracks([path])))
    return {name: Cost(*map(min, zip(*taken, strict=True))) for name, taken in costs.items()}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    options = parser.parse_args()
    try:
        costs = measure(options.file, options.rounds)
        report(costs, CatalogueImport.objects.last().report["rows"], as_json=options.json)
    finally:
        connection.close()
        shutil.rmtree(FOLDER)


def report(costs: dict[str, Cost], rows: int, *, as_json: bool) -> None:
    ratios = {
        name: [ours / base for ours, base in zip(costs["import"], costs[name], strict=True)]
        for name in ("words", "trigrams")
    }
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    if as_json:
        print(json.dumps({"rows": rows, "costs": costs, "ratios": ratios, "peak_rss_mb": peak}))
        return
    labels = {
        "words": "floor, FTS5 of words",
        "trigrams": "floor, FTS5 of trigrams",
        "import": f"import of {rows:,} rows",
        "again": "the same file again",
    }
    for name, label in labels.items():
        print(f"{label:<28} {costs[name].seconds:6.2f} s {costs[name].processor_seconds:6.2f} s of processor")
    for name, (wall, processor) in ratios.items():
        print(f"import / {labels[name]:<28} {wall:5.2f} × {processor:5.2f} × of processor")
    print(f"peak memory of this process, pandas' floor included: {peak:.0f} MB")


if __name__ == "__main__":
    main()
