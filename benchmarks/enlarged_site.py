"""The DATA_DIR of an enlarged catalogue: imported and refitted by the site's own commands, once."""

import json
import os
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from multiprocessing import Pool
from pathlib import Path

from benchmarks.enlarged_catalogue import PLAYLISTS, TRACKS, write_catalogue
from benchmarks.site import ROOT

BUILT = "built.json"
STEPS = {
    "migrate": [],
    "collectstatic": ["--no-input"],
    "import_tracks": [TRACKS],
    "import_playlists": [PLAYLISTS],
    "refit_clusters": [],
}


@dataclass(frozen=True, slots=True)
class Cost:
    """What one command took, with the largest memory that its process ever had."""

    step: str
    seconds: float
    processor_seconds: float
    peak_mb: int


def built_site(folder: Path, n_tracks: int, *, refit: bool = False) -> Path:
    """The DATA_DIR of `n_tracks` tracks below `folder`: made if it is not there, refitted anew if asked.

    Raises SystemExit when a command fails.
    """
    data = folder / f"tracks-{n_tracks}"
    if not (data / BUILT).exists():
        data.mkdir(parents=True, exist_ok=True)
        # In a process of its own: a child's largest memory is counted from the size of its parent on.
        with Pool(1) as pool:
            pool.apply(write_catalogue, (data, n_tracks))
        _store(data, [_run(data, step) for step in STEPS])
    elif refit:
        _store(data, [*costs_of(data)[:-1], _run(data, "refit_clusters")])
    return data


def costs_of(data: Path) -> list[Cost]:
    """What each step of building took."""
    return [Cost(**cost) for cost in json.loads((data / BUILT).read_text())]


def environment_of(data: Path) -> dict[str, str]:
    """The environment of a process of that site."""
    own = {"DATA_DIR": str(data), "DATABASE_URL": "", "REDIS_URL": "", "LOG_LEVEL": "WARNING"}
    return {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"} | own


def _store(data: Path, costs: list[Cost]) -> None:
    (data / BUILT).write_text(json.dumps([asdict(cost) for cost in costs]))


def _run(data: Path, step: str) -> Cost:
    """One command of the site, in a process of its own."""
    given = [str(data / each) if each.endswith(".csv") else each for each in STEPS[step]]
    command = [sys.executable, "manage.py", step, *given, "--verbosity", "0"]
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env=environment_of(data), stdout=subprocess.DEVNULL)
    _pid, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{step} of {data} ended with {process.returncode}.")
    seconds = time.perf_counter() - started
    return Cost(step, round(seconds, 1), round(used.ru_utime + used.ru_stime, 1), used.ru_maxrss // 1024)
