"""An installation that commit c17c8f5 made is upgraded in place: nothing of it is lost.

The archive has its rows (of made-up tracks), the files of its two runs, and what it answered.
"""

import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import connection

from tests.conftest import ROOT, database_url, free_port

ARCHIVE = Path(__file__).with_name("installation_c17c8f5.zip")
SECRET_KEY = "a-fixture-of-tests-is-no-secret-0123456789-abcdefghij-klmnop"  # signed the link in it

RESTORE = """
import json, sys, zipfile
import django; django.setup()
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.migrations.executor import MigrationExecutor

executor = MigrationExecutor(connection)
old = {"tracks": "0004_search_index", "recommender": "0002_schedule"}
targets = [(app, old.get(app, name)) for app, name in executor.loader.graph.leaf_nodes()]
apps = executor.migrate(targets).apps
kinds = {kind._meta.db_table: kind for kind in apps.get_models(include_auto_created=True)}

def stored(field, value):
    # The archive holds what SQLite stores: JSON as text, truth as 0 and 1, times as text in UTC.
    if value is not None and isinstance(field, models.JSONField):
        value = json.loads(value)
    elif value is not None and isinstance(field, models.DateTimeField):
        value = value if "+" in value else value + "+00:00"
    return field.get_db_prep_save(field.to_python(value), connection)

tables = json.loads(zipfile.ZipFile(sys.argv[1]).read("database.json"))
with transaction.atomic(), connection.cursor() as cursor:  # foreign keys are checked at its end
    for name in tables:
        cursor.execute(f'DELETE FROM "{name}"')
    for name, table in tables.items():
        fields = {field.column: field for field in kinds[name]._meta.local_fields}
        columns = [fields[column] for column in table["columns"]]
        names = ", ".join(f'"{field.column}"' for field in columns)
        marks = ", ".join(["%s"] * len(columns))
        rows = [[stored(*cell) for cell in zip(columns, row, strict=True)] for row in table["rows"]]
        cursor.executemany(f'INSERT INTO "{name}" ({names}) VALUES ({marks})', rows)
    for statement in connection.ops.sequence_reset_sql(no_style(), [kinds[name] for name in tables]):
        cursor.execute(statement)
"""

ANSWERS = """
import json, sys
import django; django.setup()
from django.test import Client
from django.contrib.auth.models import User
from django_celery_beat.models import PeriodicTask
from recommender.models import Assignment, Cluster, ClusteringRun
from recommender.runs.refitting import activate
from tracks.models import Playlist, PlaylistEntry, Track

old = json.loads(sys.stdin.read())
client = Client(HTTP_HOST="localhost")
def ranked(options):
    found = client.get(f"/api/v1/tracks/{old['seed']}/recommendations?limit=10{options}").json()["results"]
    return [(each["track"]["spotify_id"], each["distance"]) for each in found]
page = client.get(old["bookmark"])
bookmarked = client.get("/api/v1" + old["bookmark"].replace("/?", "/recommendations?")).json()
answers = {
    "page": page.content.decode(),
    "bookmarked": bookmarked,
    "sound": ranked("&blend=sound&per_artist=0"),
    "balanced": ranked(""),
    "mix": client.get(f"/api/v1/mixes/{old['mix_token']}.txt").content.decode().split(),
    "counts": [model.objects.count() for model in (Track, Playlist, PlaylistEntry, Cluster, Assignment)],
    "runs": list(ClusteringRun.objects.order_by("pk").values_list("pk", "is_active", "status")),
    "schedule": PeriodicTask.objects.get(name="Every Monday").crontab.day_of_week,
    "superuser": User.objects.get(username="nadia").check_password("a-password-of-tests"),
    "staff": User.objects.get(username="viewer").is_staff,
}
activate(ClusteringRun.objects.get(pk=1))
answers["rolled_back"] = client.get(f"/tracks/{old['seed']}/").status_code
sys.stdout.write(json.dumps(answers))
"""


@pytest.fixture
def installation(tmp_path: Path) -> Iterator["Installation"]:
    """Files and database as that commit left them; on PostgreSQL in a database of its own."""
    with zipfile.ZipFile(ARCHIVE) as archive:
        archive.extractall(tmp_path, [name for name in archive.namelist() if name.startswith("snapshots/")])
    database = nullcontext("") if connection.vendor == "sqlite" else postgres_database()
    with database as url:
        made = Installation(tmp_path, url)
        made.python("-c", RESTORE, str(ARCHIVE))
        yield made


@contextmanager
def postgres_database() -> Iterator[str]:
    """The URL of an empty database on the server of the running tests."""
    name, facts = f"upgrade_{uuid4().hex}", connection.settings_dict
    with psycopg.connect(
        host=facts["HOST"], user=facts["USER"], dbname="postgres", autocommit=True
    ) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield f"{database_url().rpartition('/')[0]}/{name}"
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@dataclass
class Installation:
    data_dir: Path
    database_url: str

    def python(self, *arguments: str, stdin: str = "") -> str:
        """What a process of the installation says."""
        environment = {name: value for name, value in os.environ.items() if name != "REDIS_URL"} | {
            "DATA_DIR": str(self.data_dir),
            "DATABASE_URL": self.database_url,
            "SECRET_KEY": SECRET_KEY,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PYTHONPATH": str(ROOT),
            "CATALOGUE": "",
            "PORT": str(free_port()),
            "DEBUG": "false",
        }
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=environment,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
        return done.stdout

    def answers(self, old: dict[str, Any]) -> dict[str, Any]:
        """What it answers today to what it was asked by that commit."""
        said = self.python("-c", ANSWERS, stdin=json.dumps(old))
        return dict(json.loads(said.splitlines()[-1]))


@pytest.mark.django_db  # with a database of its own: the mark has it run on PostgreSQL too
def test_all_of_it_survives(installation):
    old = json.loads(zipfile.ZipFile(ARCHIVE).read("answers.json"))

    said = installation.python("manage.py", "prepare")
    now = installation.answers(old)

    assert "Brought the files of run 2" in said
    assert "Clusters …" not in said  # no refit was needed
    assert_bookmark_is_understood(now["page"], now["bookmarked"], old["seed"])
    assert now["sound"][: len(old["sound"])] == old["sound"]
    assert [track for track, _ in now["balanced"]] == [track for track, _ in old["balanced"]]
    assert [d for _, d in now["balanced"]] == pytest.approx([d for _, d in old["balanced"]], abs=1e-5)
    assert now["mix"] == old["mix"]
    assert now["counts"] == [240, 20, 240, 7, 480]
    assert now["runs"] == [[1, False, "done"], [2, True, "done"]]
    assert (now["schedule"], now["superuser"], now["staff"]) == ("1", True, True)
    assert now["rolled_back"] == 200


def assert_bookmark_is_understood(page: str, bookmarked: dict[str, Any], seed: str) -> None:
    """`?scope=nearby&blend=listeners&min_popularity=20&genre=jazz&genre=folk`: seed, controls and list."""
    tracks = [result["track"] for result in bookmarked["results"]]
    assert (bookmarked["seed"]["spotify_id"], bookmarked["scope"]) == (seed, "nearby")
    assert (bookmarked["blend"], len(tracks)) == ("listeners", 20)
    assert all({"jazz", "folk"} & set(track["genres"]) and track["popularity"] >= 20 for track in tracks)
    for control in (
        f'method="get" action="/tracks/{seed}/"',
        'name="scope" value="nearby" checked',
        'name="blend" value="listeners" checked',
        'name="min_popularity" value="20"',
        '<option value="jazz" selected>',
        'name="genre" value="folk" checked',
    ):
        assert control in page
    listed = re.findall(r'class="neighbour-title clamp" href="/tracks/(\w+)/"', page)
    assert listed == [track["spotify_id"] for track in tracks]


@pytest.mark.sqlite
def test_an_older_run_answers_when_the_files_of_the_active_one_are_lost(installation):
    next((installation.data_dir / "snapshots" / "run-2").glob("X.npy")).write_bytes(b"damaged")

    said = installation.python("manage.py", "prepare")

    assert "The files of run 2 cannot be read" in said
    assert "Pages answer from run 1 now, instead of run 2." in said
