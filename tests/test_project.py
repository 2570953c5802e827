"""The project's own files: what a fresh clone relies on."""

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def lines(name: str) -> list[str]:
    return [line for line in (ROOT / name).read_text().splitlines() if line and not line.startswith("#")]


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_requirements_name_exact_versions_once_and_in_order(name):
    pinned = [line for line in lines(name) if not line.startswith("-r ")]
    names = [re.split(r"[\[=~]", line)[0].lower() for line in pinned]

    assert [line for line in pinned if not re.search(r"==\d+(\.\d+)+", line)] == []
    assert names == sorted(set(names))


def test_make_alone_lists_every_target():
    listed = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    targets = set(re.findall(r"^\s+make (\S+)", listed, re.MULTILINE))

    assert {
        "run",
        "test",
        "test-pg",
        "lint",
        "format",
        "typecheck",
        "e2e",
        "bench",
        "audit",
        "clean",
    } <= targets


def test_the_script_of_continuous_integration_can_be_run():
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    subprocess.run(["bash", "-n", ".ci/run"], cwd=ROOT, check=True)


def test_nothing_that_is_made_on_one_machine_is_committed():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("the check of committed files: this is no clone (git ls-files fails)")
    names = listed.stdout.splitlines()

    assert [name for name in names if name.split("/")[0] in ("var", ".venv", ".env")] == []
    assert [name for name in names if name.endswith((".sqlite3", ".pyc", ".npy"))] == []
