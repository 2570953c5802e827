"""An installation that commit c17c8f5 made is upgraded in place: nothing of it is lost.

The archive has its rows (of made-up tracks), the files of its two runs, and what it answered.
"""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT, free_port

ARCHIVE = Path(__file__).with_name("installation_c17c8f5.zip")
SECRET_KEY = "a-fixture-of-tests-is-no-secret-0123456789-abcdefghij-klmnop"  # signed the link in it

RESTORE = """
import json, sys, zipfile
import django; django.setup()
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

executor = MigrationExecutor(connection)
nodes = executor.loader.graph.leaf_nodes()
old = {"tracks": "0004_search_index", "recommender": "0002_schedule"}
executor.migrate([(app, old.get(app, name)) for app, name in nodes])
tables = json.loads(zipfile.ZipFile(sys.argv[1]).read("database.json"))
with connection.cursor() as cursor:
    cursor.execute("PRAGMA foreign_keys = OFF")
    for name, table in tables.items():
        cursor.execute(f'DELETE FROM "{name}"')
        columns = ", ".join(f'"{column}"' for column in table["columns"])
        marks = ", ".join(["%s"] * len(table["columns"]))
        cursor.executemany(f'INSERT INTO "{name}" ({columns}) VALUES ({marks})', table["rows"])
    cursor.execute("PRAGMA foreign_keys = ON")
    connection.check_constraints()
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
answers = {
    "bookmark": client.get(old["bookmark"]).status_code,
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
def installation(tmp_path: Path) -> Path:
    """Its DATA_DIR, as that commit left it."""
    with zipfile.ZipFile(ARCHIVE) as archive:
        archive.extractall(tmp_path, [name for name in archive.namelist() if name.startswith("snapshots/")])
    python(tmp_path, "-c", RESTORE, str(ARCHIVE))
    return tmp_path


def python(data_dir: Path, *arguments: str, stdin: str = "") -> str:
    """What a process of the installation says."""
    environment = {
        name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")
    } | {
        "DATA_DIR": str(data_dir),
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


@pytest.mark.sqlite
def test_all_of_it_survives(installation):
    old = json.loads(zipfile.ZipFile(ARCHIVE).read("answers.json"))

    said = python(installation, "manage.py", "prepare")
    now = json.loads(python(installation, "-c", ANSWERS, stdin=json.dumps(old)).splitlines()[-1])

    assert "Brought the files of run 2" in said
    assert "Clusters …" not in said  # no refit was needed
    assert now["bookmark"] == 200
    assert now["sound"][: len(old["sound"])] == old["sound"]
    assert [track for track, _ in now["balanced"]] == [track for track, _ in old["balanced"]]
    assert [d for _, d in now["balanced"]] == pytest.approx([d for _, d in old["balanced"]], abs=1e-5)
    assert now["mix"] == old["mix"]
    assert now["counts"] == [240, 20, 240, 7, 480]
    assert now["runs"] == [[1, False, "done"], [2, True, "done"]]
    assert (now["schedule"], now["superuser"], now["staff"]) == ("1", True, True)
    assert now["rolled_back"] == 200


@pytest.mark.sqlite
def test_an_older_run_answers_when_the_files_of_the_active_one_are_lost(installation):
    next((installation / "snapshots" / "run-2").glob("X.npy")).write_bytes(b"damaged")

    said = python(installation, "manage.py", "prepare")

    assert "The files of run 2 cannot be read" in said
    assert "Pages answer from run 1 now, instead of run 2." in said
