"""Mutation testing: how many small faults in the code that decides what is answered fail a test?

Run by `make mutants`. Cosmic Ray makes the mutants and keeps their results in DATA_DIR/mutants.sqlite3, so
that a run that was stopped goes on where it was. The tests run once as they are, and Coverage.py notes which
of them reach which line. No file is changed: each mutant is imported by a forked process, which runs the
tests that reach the mutated line until one fails, the mutated module's own first.
"""

import argparse
import ast
import importlib.abc
import importlib.util
import multiprocessing
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from itertools import count, islice
from operator import itemgetter
from pathlib import Path

import pytest
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.modules import find_modules
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names
from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import MutationSpec, TestOutcome, WorkerOutcome, WorkItem, WorkResult
from coverage import CoverageData

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("recommender/algorithms", "recommender/answers", "tracks/search")
EQUIVALENT = ROOT / "tests" / "equivalent_mutants.txt"
RANDOM_STATE = 8
MAX_TEST_SECONDS = 60  # of processor time, whatever else the machine does; ten times that on the clock
FAILED = (1, 2, 4)  # pytest's exit codes for failed tests and for modules that cannot be imported
HANGING = (-signal.SIGPROF, -signal.SIGALRM)
TESTS = (
    "tests/recommender/algorithms",
    "tests/recommender/answers",
    "tests/recommender/fitting",
    "tests/recommender/mixes",
    "tests/pages/test_search.py",
    *map(str, sorted(ROOT.glob("tests/tracks/test_search*.py"))),
)
# Without most plugins pytest starts in a third of the time.
PYTEST = ("-x", "-q", "-p", "pytest_django.plugin", "-p", "no:cacheprovider")
# Imported once, before the processes are forked.
LIBRARIES = ("celery", "django.db.models", "django.test", "hypothesis", "hypothesis.extra.numpy", "kombu")
LIBRARIES += ("numpy", "orjson", "pyarrow.parquet", "pydantic", "pytest_django.plugin")
LIBRARIES += ("rapidfuzz", "redis", "scipy.sparse.linalg", "sklearn.cluster", "sklearn.metrics", "structlog")


def name_of(spec: MutationSpec) -> str:
    """The module and what changes in it: a name that stays the same while that line does."""
    lines = spec.module_path.read_text().splitlines(), mutated_source(spec).splitlines()
    changed = next((pair for pair in zip(*lines, strict=False) if pair[0] != pair[1]), ("", ""))
    return f"{spec.module_path}: `{changed[0].strip()}` → `{changed[1].strip()}`"


def all_mutants() -> Iterator[MutationSpec]:
    """Every mutant of the packages, but for those of annotations, which do nothing."""
    for path in sorted(find_modules([Path(package) for package in PACKAGES])):
        source = path.read_text()
        nodes = list(ast_nodes(get_ast(source)))
        annotations = list(_annotations(source))
        for operator_name in sorted(operator_names()):
            operator_class = get_operator(operator_name)
            if operator_class.arguments() or operator_name == "core/NoOp":
                continue
            occurrence = count()
            for node in nodes:
                for start, end in operator_class().mutation_positions(node):
                    spec = MutationSpec(path, operator_name, next(occurrence), start, end)
                    if not any(first <= start < last for first, last in annotations):
                        yield spec


def _annotations(source: str) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    for node in ast.walk(ast.parse(source)):
        for name in ("annotation", "returns"):
            if place := getattr(node, name, None):
                yield (place.lineno, place.col_offset), (place.end_lineno, place.end_col_offset)


def draw(work: WorkDB, n: int) -> None:
    """Keep `n` mutants. The hash of a line decides, so that an edit changes little of the draw."""
    places: Counter[str] = Counter()
    hashed = []
    for spec in all_mutants():
        line = spec.module_path.read_text().splitlines()[spec.start_pos[0] - 1].strip()
        place = f"{RANDOM_STATE} {spec.module_path} {spec.operator_name} {spec.start_pos[1]} {line}"
        hashed.append((sha256(f"{place} {places[place]}".encode()).digest(), spec))
        places[place] += 1
    ordered = (spec for _hash, spec in sorted(hashed, key=itemgetter(0)))
    drawn = islice(filter(compiles, ordered), n)
    work.add_work_items(WorkItem.single(f"{number:04d}", spec) for number, spec in enumerate(drawn))


def mutated_source(spec: MutationSpec) -> str:
    return mutate_code(spec.module_path.read_text(), get_operator(spec.operator_name)(), spec.occurrence)


def compiles(spec: MutationSpec) -> bool:
    """Whether the mutant is Python at all: the library also replaces the `*` that opens keyword arguments."""
    try:
        compile(mutated_source(spec), spec.module_path, "exec")
    except SyntaxError:
        return False
    return True


class MutatedModule(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """Imports one module from the given source instead of its file."""

    def __init__(self, name: str, source: str) -> None:
        self.name, self.source = name, source

    def find_spec(self, fullname, path, target=None):
        return importlib.util.spec_from_loader(fullname, self) if fullname == self.name else None

    def get_source(self, fullname: str) -> str:
        return self.source


def record_coverage(path: Path) -> None:
    """Run all tests on the code as it is and note, line by line, which of them reach it."""
    packages = [f"--cov={package.replace('/', '.')}" for package in PACKAGES]
    options = ["-p", "pytest_cov.plugin", *packages, "--cov-context=test", "--cov-report="]
    command = [sys.executable, "-m", "pytest", *PYTEST, *options, *TESTS]
    environment = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "COVERAGE_FILE": str(path)}
    subprocess.run(command, check=True, env=os.environ | environment)


def last_change() -> float:
    """When the tests, or what they test, last changed."""
    paths = (path for folder in ("tests", "recommender", "tracks") for path in ROOT.glob(f"{folder}/**/*.py"))
    return max(path.stat().st_mtime for path in paths)


def statement_lines(source: str, start: int, end: int) -> set[int]:
    """The lines from the beginning of the innermost statement that spans these lines."""
    statements = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.stmt))
    first = max(node.lineno for node in statements if node.lineno <= start and node.end_lineno >= end)
    return set(range(first, end + 1))


def tests_of(spec: MutationSpec, coverage: CoverageData) -> list[str]:
    """The tests that reach the mutated statement, those of its own module first; where it runs on import,
    all that reach the module."""
    reached = coverage.contexts_by_lineno(str(ROOT / spec.module_path))
    lines = statement_lines(spec.module_path.read_text(), spec.start_pos[0], spec.end_pos[0])
    contexts = {context for line in lines for context in reached.get(line, ())}
    if contexts == {""}:
        contexts = {context for found in reached.values() for context in found}
    tests = {context.split("|")[0].split("[")[0] for context in contexts if context}
    return sorted(tests, key=lambda test: (f"{spec.module_path.stem}.py" not in test, test))


class QuickTests:
    """A pytest plugin: tests in the given order; one that takes too much processor time ends the process."""

    def __init__(self, tests: list[str]) -> None:
        self.tests = tests

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items.sort(key=lambda item: self.tests.index(item.nodeid.split("[")[0]))

    def pytest_runtest_setup(self) -> None:
        signal.setitimer(signal.ITIMER_PROF, MAX_TEST_SECONDS)
        signal.alarm(10 * MAX_TEST_SECONDS)


def run_tests(module_name: str, source: str, tests: list[str]) -> None:
    """In a process of its own: import the module from `source`, run the tests, end with their exit code."""
    sys.meta_path.insert(0, MutatedModule(module_name, source))
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
        os._exit(pytest.main([*PYTEST, *tests], plugins=[QuickTests(tests)]))


def outcome(spec: MutationSpec, coverage: CoverageData) -> WorkResult:
    """Whether a test fails on the mutant; one that hangs a test is killed as well."""
    tests = tests_of(spec, coverage)
    if not tests:
        return WorkResult(WorkerOutcome.NORMAL, test_outcome=TestOutcome.SURVIVED)
    module_name = ".".join(spec.module_path.with_suffix("").parts)
    process = multiprocessing.get_context("fork").Process(
        target=run_tests, args=(module_name, mutated_source(spec), tests)
    )
    process.start()
    process.join()
    if process.exitcode not in (0, *HANGING, *FAILED):
        raise SystemExit(
            f"The tests of {name_of(spec)} could not be run: pytest ended with {process.exitcode}."
        )
    verdict = TestOutcome.SURVIVED if process.exitcode == 0 else TestOutcome.KILLED
    return WorkResult(WorkerOutcome.NORMAL, test_outcome=verdict)


def equivalent() -> set[str]:
    """The names of the mutants that change nothing anybody could see."""
    return {line.rpartition(" # ")[0].strip() for line in EQUIVALENT.read_text().splitlines()}


def report(work: WorkDB) -> str:
    """The result as a table, and what survived."""
    known = equivalent()
    lines = [
        "| package | mutants | equivalent | killed | survived | killed of the others |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    rows = [(name_of(item.mutations[0]), result.is_killed) for item, result in work.completed_work_items]
    for package in (*PACKAGES, ""):
        inside = [row for row in rows if row[0].startswith(package)]
        same = sum(name in known and not is_killed for name, is_killed in inside)
        killed = sum(is_killed for _name, is_killed in inside)
        share = killed / max(1, len(inside) - same)
        left = len(inside) - same - killed
        lines.append(f"| {package or 'all'} | {len(inside)} | {same} | {killed} | {left} | {share:.0%} |")
    survivors = sorted(name for name, is_killed in rows if not is_killed)
    lines += ["", "Survivors:", ""]
    lines += [f"- {name}{' (equivalent)' if name in known else ''}" for name in survivors]
    return "\n".join(lines)


def forget_survivors(work: WorkDB) -> None:
    """Make the survivors pending again, to be tried with the tests of today."""
    from sqlalchemy import text

    with work._engine.begin() as connection:
        connection.execute(text("DELETE FROM work_results WHERE test_outcome = 'SURVIVED'"))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--limit", type=int, default=300, help="how many mutants to draw (300)")
    parser.add_argument("--fresh", action="store_true", help="draw anew; needed after the code has changed")
    parser.add_argument("--again", action="store_true", help="try the survivors again with new tests")
    options = parser.parse_args()
    folder = Path(os.environ.get("DATA_DIR", ROOT / "var"))
    folder.mkdir(parents=True, exist_ok=True)
    path, covered = folder / "mutants.sqlite3", folder / "mutants.coverage"
    if options.fresh:
        path.unlink(missing_ok=True)
    if not covered.exists() or covered.stat().st_mtime < last_change():
        record_coverage(covered)
    coverage = CoverageData(covered)
    coverage.read()
    for name in LIBRARIES:
        importlib.import_module(name)
    with use_db(path) as work:
        if not work.num_work_items:
            draw(work, options.limit)
        if options.again:
            forget_survivors(work)
        pending = sorted(work.pending_work_items, key=lambda item: item.job_id)
        for item in pending[: options.limit]:
            result = outcome(item.mutations[0], coverage)
            work.set_result(item.job_id, result)
            sys.stderr.write(f"{item.job_id} {result.test_outcome.value:9} {name_of(item.mutations[0])}\n")
        sys.stdout.write(report(work) + "\n")


if __name__ == "__main__":
    os.chdir(ROOT)
    main()
