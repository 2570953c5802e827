"""What a web process loads and shares while it answers."""

import shutil
from pathlib import Path

import pytest

from tests.conftest import wait_until
from tests.factories import make_catalogue, publish_run
from tracks.search import rebuild_index

pytestmark = pytest.mark.once

PROGRAM = """
import sys
import django
django.setup()
from django.test import Client
spotify_id = sys.argv[1]
client = Client(headers={"Host": "localhost"})
for path in (
    f"/api/v1/tracks/{spotify_id}/recommendations?scope=nearby",
    f"/api/v1/tracks/{spotify_id}/recommendations?blend=listeners&scope=everywhere&min_energy=0.1&genre=jazz",
    f"/api/v1/tracks/{spotify_id}/recommendations?blend=sound&variety=0.5&target_tempo=120",
    f"/api/v1/tracks/{spotify_id}",
    "/api/v1/search?q=title",
    "/api/v1/clusters/1",
    "/api/v1/runs",
    f"/tracks/{spotify_id}/",
    f"/mix/?seed={spotify_id}&seed={sys.argv[2]}&avoid={sys.argv[3]}&scope=everywhere",
):
    assert client.get(path).status_code == 200, path
of_fitting = {"pandas", "pyarrow", "sklearn", "scipy", "implicit"}
print("loaded:", *sorted(of_fitting & set(sys.modules)))
maps = open("/proc/self/maps").read()
print("mapped:", *sorted(line.rsplit("/", 1)[1] for line in maps.splitlines() if "/snapshots/run-" in line))
"""


@pytest.fixture
def published(transactional_db, collected_static: Path, data_dir: Path) -> list[str]:
    shutil.copytree(collected_static, data_dir / "static")
    tracks = make_catalogue(60)
    rebuild_index()
    publish_run(n_clusters=2)
    return [tracks[place].spotify_id for place in (0, 7, 21)]


def test_a_web_process_answers_without_what_only_other_processes_need_and_maps_the_snapshot(
    published, start_process
):
    process = start_process("-c", PROGRAM, *published)

    wait_until(lambda: process.popen.poll() is not None, "the program ends")
    output = process.output()
    assert process.popen.returncode == 0, output
    assert "loaded:\n" in output
    assert "X.npy" in output.partition("mapped:")[2]
