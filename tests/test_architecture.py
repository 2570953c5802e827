"""The rooms of the house, held by reading the imports (docs: CONTRIBUTING.md)."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("config", "recommender", "tracks")
DOORS = {"views", "api", "admin", "tasks", "urls", "management"}  # and what is named after one: import_admin
NUMERIC = {"numpy", "scipy", "sklearn"}
# What each room of the clusters may build on, besides the numeric core and the models.
RECOMMENDER_ROOMS = {
    "snapshots": set(),
    "fitting": set(),
    "answers": {"snapshots"},
    "evaluation": {"fitting", "snapshots", "answers"},
    "runs": {"fitting", "snapshots", "evaluation"},  # a fit is judged before it is published
    "parameters": {"answers"},
    "pages": {"parameters", "answers", "mixes", "snapshots", "runs"},
    "mixes": {"parameters", "answers", "snapshots"},
}
# One module per purpose, with the SQLite and the PostgreSQL form side by side.
RAW_SQL_MODULES = {
    "recommender.conditional",
    "recommender.runs.assignments",
    "recommender.answers.cards",
    "recommender.answers.releases",
    "recommender.snapshots.store",
    "tracks.catalogue",
    "tracks.importing.bulk",
    "tracks.importing.publishing",
    "tracks.importing.recordings",
    "tracks.importing.staging",
    "tracks.playlists.arrays",
    "tracks.playlists.storing",
    "tracks.search.finding",
    "tracks.search.index",
    "tracks.jobs.work",
}


def modules(folder: str) -> list[Path]:
    return [path for path in sorted((ROOT / folder).rglob("*.py")) if "migrations" not in path.parts]


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(path: Path, *, top_level: bool = False) -> Iterator[str]:
    """The dotted names a module imports; `top_level` leaves out those inside functions."""
    tree = ast.parse(path.read_text())
    inside = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
    }
    for node in ast.walk(tree):
        if top_level and id(node) in inside:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide the room"
            yield str(node.module)
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def offences(folder: str, forbidden) -> list[str]:
    return [
        f"{name_of(path)} → {name}"
        for path in modules(folder)
        for name in imports_of(path)
        if forbidden(name)
    ]


def room(name: str) -> str:
    return name.partition(".")[0]


def is_door(name: str) -> bool:
    parts = name.split(".")[1:]
    return room(name) in ROOMS and any(part in DOORS or part.split("_")[-1] in DOORS for part in parts)


def test_the_catalogue_knows_nothing_of_the_clusters():
    assert offences("tracks", lambda name: room(name) in {"recommender", "config"}) == []


def test_nothing_of_ours_imports_the_wiring():
    assert offences("recommender", lambda name: room(name) == "config") == []


def test_the_numeric_core_takes_arrays_and_knows_nothing_else():
    allowed = NUMERIC | set(sys.stdlib_module_names)

    def forbidden(name: str) -> bool:
        return room(name) not in allowed and not name.startswith("recommender.algorithms")

    assert offences("recommender/algorithms", forbidden) == []


@pytest.mark.parametrize("folder", ["tracks", "recommender"])
def test_use_cases_do_not_know_their_doors(folder):
    found = [
        f"{name_of(path)} → {name}"
        for path in modules(folder)
        if not is_door(name_of(path)) and path.name != "apps.py"
        for name in imports_of(path, top_level=True)
        if is_door(name)
    ]

    assert found == []


@pytest.mark.parametrize("folder", RECOMMENDER_ROOMS)
def test_a_room_of_the_clusters_builds_on_those_it_may(folder):
    allowed = RECOMMENDER_ROOMS[folder] | {
        folder,
        "algorithms",
        "models",
        "choices",
        "traits",
        "cluster_names",
    }

    def forbidden(name: str) -> bool:
        return room(name) == "recommender" and "." in name and name.split(".")[1] not in allowed

    assert offences(f"recommender/{folder}", forbidden) == []


def package(name: str) -> str:
    return ".".join(name.split(".")[:2])


def test_no_two_packages_of_an_app_import_each_other():
    imported = {
        (package(name_of(path)), package(name))
        for app in ("tracks", "recommender")
        for path in modules(app)
        for name in imports_of(path)
        if room(name) == app and package(name) != package(name_of(path)) and "." in name
    }

    assert {pair for pair in imported if pair[::-1] in imported} == set()


def uses_raw_sql(path: Path) -> bool:
    nodes = ast.walk(ast.parse(path.read_text()))
    return any(isinstance(node, ast.Attribute) and node.attr in {"cursor", "raw"} for node in nodes)


def test_raw_sql_lives_in_modules_named_for_it():
    found = {
        name_of(path) for app in ("tracks", "recommender") for path in modules(app) if uses_raw_sql(path)
    }

    assert found == RAW_SQL_MODULES


def test_the_web_process_loads_no_library_that_only_fitting_needs():
    program = (
        "import django; django.setup(); import config.wsgi, config.urls, sys; "
        "from django.urls import get_resolver; get_resolver().url_patterns; "
        "print(*sorted({'pandas', 'sklearn', 'scipy', 'pyarrow', 'implicit'} & set(sys.modules)))"
    )
    command = [sys.executable, "-c", program]

    done = subprocess.run(command, cwd=ROOT, env=os.environ, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == ""


def test_html_is_written_in_templates_alone():
    marked_as_safe = re.compile(r"\b(mark_safe|format_html|SafeString|SafeText)\b|</?[a-z]+[^<>]*>\s*[\"']")
    built = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for room in ROOMS
        for path in modules(room)
        for line in path.read_text().splitlines()
        if marked_as_safe.search(line)
    ]
    assert built == []


def test_modules_stay_small():
    lengths = {name_of(path): len(path.read_text().splitlines()) for room in ROOMS for path in modules(room)}

    assert {name: lines for name, lines in lengths.items() if lines >= 300} == {}


def test_no_module_is_a_drawer_for_everything():
    drawers = {"utils", "util", "helpers", "common", "misc"}

    assert [name_of(p) for room in ROOMS for p in modules(room) if drawers & set(name_of(p).split("."))] == []
