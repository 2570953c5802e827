"""The environment is read strictly, and what is deployed from it is safe."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.environment import Environment
from tests.conftest import PATIENCE_SECONDS, process_environment

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    return Environment(tmp_path / "no-such-file")


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(
        command,
        cwd=ROOT,
        env=process_environment(**environment),
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
    )


@pytest.mark.parametrize("value, expected", [("true", True), ("1", True), ("Off", False), ("", False)])
def test_a_flag_is_true_or_false(environment, monkeypatch, value, expected):
    monkeypatch.setenv("DEBUG", value)

    assert environment.flag("DEBUG") is expected


def test_a_flag_that_is_neither_is_refused_by_name(environment, monkeypatch):
    monkeypatch.setenv("DEBUG", "maybe")

    with pytest.raises(ImproperlyConfigured, match="DEBUG must be true or false, not 'maybe'"):
        environment.flag("DEBUG")


@pytest.mark.parametrize("value", ["0", "65536", "http", "-1", "8000.0", "８０００"])
def test_a_port_out_of_range_is_refused_by_name(environment, monkeypatch, value):
    monkeypatch.setenv("PORT", value)

    with pytest.raises(ImproperlyConfigured, match="PORT must be a whole number from 1 to 65535"):
        environment.whole_number("PORT", 8000, 1, 65535)


@pytest.mark.parametrize("value", ["https://music.example.org", "music.example.org:8000", "one two"])
def test_a_host_name_with_more_than_a_name_is_refused(environment, monkeypatch, value):
    monkeypatch.setenv("ALLOWED_HOSTS", value)

    with pytest.raises(ImproperlyConfigured, match="ALLOWED_HOSTS must be host names"):
        environment.hosts("ALLOWED_HOSTS", "localhost")


def test_host_names_are_separated_by_commas(environment, monkeypatch):
    monkeypatch.setenv("ALLOWED_HOSTS", "music.example.org, [::1],")

    assert environment.hosts("ALLOWED_HOSTS", "localhost") == ["music.example.org", "[::1]"]


@pytest.mark.parametrize("value", ["mysql://host/name", "soundkin.sqlite3", "postgres:name"])
def test_an_unknown_kind_of_database_is_refused(environment, monkeypatch, value):
    monkeypatch.setenv("DATABASE_URL", value)

    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL must begin with one of sqlite://"):
        environment.database("DATABASE_URL", "sqlite:///x")


def test_a_database_server_without_a_database_is_refused(environment, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://user:secret@host/")

    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL names no database") as caught:
        environment.database("DATABASE_URL", "sqlite:///x")
    assert "secret" not in str(caught.value)


def test_a_folder_that_cannot_be_made_is_refused(environment, monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "file" / "var"))

    with pytest.raises(ImproperlyConfigured, match=r"DATA_DIR: the folder .* cannot be made"):
        environment.folder("DATA_DIR", tmp_path)


def test_a_choice_is_one_of_the_choices(environment, monkeypatch):
    monkeypatch.setenv("LOG_STYLE", "xml")

    with pytest.raises(ImproperlyConfigured, match="LOG_STYLE must be one of console, json, not 'xml'"):
        environment.choice("LOG_STYLE", ("console", "json"))


@pytest.mark.parametrize("value", ["secret", "a" * 60])
def test_a_key_that_can_be_guessed_is_refused(environment, monkeypatch, tmp_path, value):
    monkeypatch.setenv("SECRET_KEY", value)

    with pytest.raises(
        ImproperlyConfigured, match="SECRET_KEY must be at least 50 random characters"
    ) as caught:
        environment.secret_key("SECRET_KEY", tmp_path / "key")
    assert value not in str(caught.value)


def test_a_key_is_made_once_and_kept_for_its_owner_only(environment, monkeypatch, data_dir):
    monkeypatch.delenv("SECRET_KEY", raising=False)

    first = environment.secret_key("SECRET_KEY", data_dir / "key")

    assert environment.secret_key("SECRET_KEY", data_dir / "key") == first
    assert (data_dir / "key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in data_dir.iterdir()] == ["key"]


def test_the_environment_comes_before_the_file(monkeypatch, tmp_path):
    monkeypatch.setenv("PORT", "9001")
    monkeypatch.setenv("LOG_STYLE", "")
    (tmp_path / ".env").write_text("PORT=9002\n")

    assert Environment(tmp_path / ".env").whole_number("PORT", 8000, 1, 65535) == 9001


def test_a_bad_value_ends_a_command_with_one_sentence():
    done = manage("check", DEBUG="perhaps")

    assert done.returncode == 1
    assert done.stderr == "Soundkin cannot start. DEBUG must be true or false, not 'perhaps'.\n"


def test_a_deployment_by_https_passes_djangos_own_checks_without_a_word():
    done = manage("check", "--deploy", "--fail-level", "WARNING", HTTPS="true")

    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert done.stdout.startswith("System check identified no issues")


def test_every_setting_read_is_in_the_example_and_in_the_production_page():
    source = (ROOT / "config" / "settings.py").read_text()
    names = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', source))
    example = (ROOT / ".env.example").read_text().splitlines()
    table = (ROOT / "docs" / "production.md").read_text()

    assert len(names) > 15
    assert {line.split("=")[0] for line in example if "=" in line and not line.startswith("#")} == names
    assert [name for name in sorted(names) if f"| `{name}` |" not in table] == []


def test_pages_may_load_nothing_from_elsewhere_but_the_player(client):
    policy = client.get("/healthz").headers["Content-Security-Policy"]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))

    assert directives["default-src"] == "'self'"
    assert directives["frame-src"] == "https://open.spotify.com"
    assert directives["form-action"] == "'self'"
    assert "unsafe" not in policy
