"""A web server of this site on the loopback, for the benchmarks: started, waited for, stopped."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60
SITE_CONFIGURATION = ("-c", "gunicorn.conf.py")
# The same size without the site's settings, for an application that has its own.
BARE_CONFIGURATION = (
    "-c",
    os.devnull,
    "--worker-class",
    "gthread",
    "--workers",
    "2",
    "--threads",
    "4",
    "--preload",
)


@dataclass(frozen=True)
class Site:
    port: int
    master_pid: int

    def get(self, path: str) -> tuple[int, bytes]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", path, headers={"Host": "localhost"})
        response = connection.getresponse()
        return response.status, response.read()

    def worker_pids(self) -> list[int]:
        children = Path(f"/proc/{self.master_pid}/task/{self.master_pid}/children").read_text()
        return [int(pid) for pid in children.split()]

    def processor_seconds(self) -> float:
        """What the workers have used of the processors so far."""
        tasks = (file for pid in self.worker_pids() for file in Path(f"/proc/{pid}/task").glob("*/schedstat"))
        return sum(int(file.read_text().split()[0]) for file in tasks) / 1e9


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_site(
    application: str,
    ready_path: str,
    configuration: Sequence[str] = SITE_CONFIGURATION,
    environment: Mapping[str, str] = os.environ,
) -> Iterator[Site]:
    """Serve `application` by gunicorn, configured as the site is, until the block ends."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", *configuration, "-b", f"127.0.0.1:{port}"]
    own = {"DJANGO_SETTINGS_MODULE": "benchmarks.settings", "PORT": str(port)}
    process = subprocess.Popen([*command, application], cwd=ROOT, env={**environment, **own})
    try:
        site = Site(port, process.pid)
        _wait_until_ready(site, ready_path)
        yield site
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def _wait_until_ready(site: Site, path: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            if site.get(path)[0] == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(f"{path} did not answer 200 within {START_SECONDS} s")
