"""A pytest plugin: what many tests of a file look at is made once for all of them.

Its rows stay in an open transaction from test to test, and each test has a savepoint in it. Its files are
copied into each test's own DATA_DIR.
"""

import pickle
import shutil
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import override_settings

PREFIX = "kept_"
_all: list["Kept"] = []


class Kept:
    """What `make` makes, rows and files; `name` is its fixture's, `folder` is for the files."""

    def __init__(self, name: str, folder: Path, blocker: Any, make: Callable[[], Any]) -> None:
        self.name, self.folder = name, folder
        self._blocker, self._make = blocker, make
        self._rows: transaction.Atomic | None = None
        self._made = b""

    def copy(self, data_dir: Path) -> Any:
        """What was made, for a test that may change it: files under `data_dir`, and new objects."""
        depth = len([each for each in _all if each._rows])
        assert len(connection.atomic_blocks) > depth, "a test that is transactional has to make its own"
        shutil.copytree(self.folder, data_dir, dirs_exist_ok=True)
        return pickle.loads(self._made)

    def show(self) -> None:
        if self._rows is None:
            self._rows = transaction.atomic()
            with self._blocker.unblock(), override_settings(DATA_DIR=self.folder):
                self._rows.__enter__()
                self._made = pickle.dumps(self._make())

    def hide(self) -> None:
        if self._rows is not None:
            with self._blocker.unblock():
                transaction.set_rollback(True)
                self._rows.__exit__(None, None, None)
            self._rows = None


def kept(make: Callable[[], Any], *, after: str | None = None) -> Any:
    """A fixture, to be named `kept_…`, of what `make` makes; `after` names another that it adds to."""

    @pytest.fixture(scope="module")
    def fixture(request, django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Kept]:
        if after is not None:
            request.getfixturevalue(after)
        each = Kept(request.fixturename, tmp_path_factory.mktemp("kept"), django_db_blocker, make)
        each.show()
        _all.append(each)
        yield each
        _all.remove(each)
        each.hide()

    return fixture


def used_by(test: pytest.Item) -> list[str]:
    return [name for name in getattr(test, "fixturenames", ()) if name.startswith(PREFIX)]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In each file, tests that use more of it come later, so that it is seldom made again."""
    files = [
        sorted(tests, key=lambda test: (len(used_by(test)), used_by(test)))
        for _path, tests in groupby(items, key=lambda test: test.path)
    ]
    items[:] = [test for tests in files for test in tests]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Each test sees the rows that it uses, and no others."""
    used = used_by(item)
    for each in reversed(_all):
        if each.name not in used:
            each.hide()
    for each in _all:
        if each.name in used:
            each.show()
