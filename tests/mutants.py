"""Mutation testing: how many small faults in the code that decides what is answered fail a test?

Run by `make mutants`. Cosmic Ray makes the mutants and keeps their results in DATA_DIR/mutants.sqlite3, so
that a run that was stopped goes on where it was. No file is changed: each mutant is imported by a forked
process, which runs the tests of the mutated module, then those of its folder, until one fails.
"""

import argparse
import ast
import importlib.abc
import importlib.util
import multiprocessing
import os
import random
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.modules import find_modules
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names
from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import MutationSpec, TestOutcome, WorkerOutcome, WorkItem, WorkResult

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("recommender/algorithms", "recommender/answers", "tracks/search")
EQUIVALENT = ROOT / "tests" / "equivalent_mutants.txt"
RANDOM_STATE = 8
MAX_SECONDS = 120
FAILED = (1, 2)  # pytest's exit codes for failed tests and for modules that cannot be imported
LIBRARIES = ("django.db.models", "django.test", "hypothesis", "numpy", "pyarrow", "pydantic", "pytest_django")
LIBRARIES += ("rapidfuzz", "scipy.sparse.linalg", "sklearn.cluster", "sklearn.metrics", "structlog")
RELATED_TESTS = {
    "recommender/algorithms": ("recommender/answers", "recommender/runs/test_blending.py"),
    "tracks/search": ("pages/test_search.py",),
}


def name_of(spec: MutationSpec) -> str:
    """A name that stays the same while the mutated module does."""
    operator = spec.operator_name.removeprefix("core/")
    return f"{spec.module_path}:{spec.start_pos[0]}:{spec.definition_name} {operator} {spec.occurrence}"


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
    """Keep `n` mutants, the same for the same code."""
    mutants = random.Random(RANDOM_STATE).sample(list(all_mutants()), n)
    work.add_work_items(WorkItem.single(f"{number:04d}", spec) for number, spec in enumerate(mutants))


class MutatedModule(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """Imports one module from the given source instead of its file."""

    def __init__(self, name: str, source: str) -> None:
        self.name, self.source = name, source

    def find_spec(self, fullname, path, target=None):
        return importlib.util.spec_from_loader(fullname, self) if fullname == self.name else None

    def get_source(self, fullname: str) -> str:
        return self.source


def tests_of(path: Path) -> list[str]:
    """The tests of a module, of its folder, and of what is made of them; the nearest first."""
    tests = ROOT / "tests"
    folder = tests / path.parent
    mirrored = [folder / f"test_{path.stem}.py", folder.parent / f"test_{path.parent.name}_{path.stem}.py"]
    around = [folder, *sorted(folder.parent.glob(f"test_{path.parent.name}*.py"))]
    package = next(package for package in PACKAGES if path.is_relative_to(package))
    related = [tests / each for each in RELATED_TESTS.get(package, ())]
    return [str(each) for each in [*mirrored, *around, *related] if each.exists()]


def run_tests(module_name: str, source: str, tests: list[str]) -> None:
    """In a process of its own: import the module from `source`, run the tests, end with their exit code."""
    import pytest

    sys.meta_path.insert(0, MutatedModule(module_name, source))
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
        os._exit(pytest.main(["-x", "-q", "-p", "no:randomly", "-p", "no:cacheprovider", *tests]))


def outcome(spec: MutationSpec) -> WorkResult:
    """Whether a test fails on the mutant; one that hangs the tests is killed as well."""
    source = spec.module_path.read_text()
    mutated = mutate_code(source, get_operator(spec.operator_name)(), spec.occurrence)
    module_name = ".".join(spec.module_path.with_suffix("").parts)
    arguments = (module_name, mutated, tests_of(spec.module_path))
    process = multiprocessing.get_context("fork").Process(target=run_tests, args=arguments)
    process.start()
    process.join(MAX_SECONDS)
    hanging = process.exitcode is None
    if hanging:
        process.kill()
        process.join()
    elif process.exitcode not in (0, *FAILED):
        raise SystemExit(
            f"The tests of {name_of(spec)} could not be run: pytest ended with {process.exitcode}."
        )
    changed = zip(source.splitlines(), mutated.splitlines(), strict=False)
    diff = next((f"`{old.strip()}` → `{new.strip()}`" for old, new in changed if old != new), "")
    killed = hanging or process.exitcode in FAILED
    verdict = TestOutcome.KILLED if killed else TestOutcome.SURVIVED
    return WorkResult(WorkerOutcome.NORMAL, test_outcome=verdict, diff=diff)


def equivalent() -> set[str]:
    """The names of the mutants that change nothing anybody could see."""
    return {line.split(" # ")[0].strip() for line in EQUIVALENT.read_text().splitlines() if " # " in line}


def report(work: WorkDB) -> str:
    """The result as a table, and what survived."""
    known = equivalent()
    lines = [
        "| package | mutants | equivalent | killed | survived | killed of the others |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    rows = [(item.mutations[0], result) for item, result in work.completed_work_items]
    for package in (*PACKAGES, ""):
        inside = [(spec, result) for spec, result in rows if str(spec.module_path).startswith(package)]
        same = sum(name_of(spec) in known for spec, _ in inside)
        killed = sum(result.is_killed for _, result in inside)
        share = killed / max(1, len(inside) - same)
        left = len(inside) - same - killed
        lines.append(f"| {package or 'all'} | {len(inside)} | {same} | {killed} | {left} | {share:.0%} |")
    survivors = sorted((name_of(spec), result.diff) for spec, result in rows if not result.is_killed)
    lines += ["", "Survivors:", ""]
    lines += [f"- {name}: {diff}{' (equivalent)' if name in known else ''}" for name, diff in survivors]
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
    path = Path(os.environ.get("DATA_DIR", ROOT / "var")) / "mutants.sqlite3"
    path.parent.mkdir(parents=True, exist_ok=True)
    if options.fresh:
        path.unlink(missing_ok=True)
    for name in LIBRARIES:
        importlib.import_module(name)
    with use_db(path) as work:
        if not work.num_work_items:
            draw(work, options.limit)
        if options.again:
            forget_survivors(work)
        pending = sorted(work.pending_work_items, key=lambda item: item.job_id)
        for item in pending[: options.limit]:
            result = outcome(item.mutations[0])
            work.set_result(item.job_id, result)
            sys.stderr.write(f"{item.job_id} {result.test_outcome.value:9} {name_of(item.mutations[0])}\n")
        sys.stdout.write(report(work) + "\n")


if __name__ == "__main__":
    os.chdir(ROOT)
    main()
