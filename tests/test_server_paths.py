"""Where files lie on the server is told to nobody who asks over HTTP, whatever goes wrong."""

import pytest

from recommender.models import ClusteringRun
from recommender.snapshots.store import snapshot_folder
from tests.factories import make_catalogue, make_track, publish_run
from tests.tracks.playlists.files import write_table
from tests.tracks.track_files import row, write_csv
from tracks.error_texts import without_folders
from tracks.importing.imports import import_tracks
from tracks.importing.refusals import ImportRefused
from tracks.jobs.supervision import perform
from tracks.models import CatalogueImport, PlaylistImport
from tracks.playlists.imports import import_playlists

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (FileNotFoundError(2, "No such file", "/srv/my data/x.csv"), "No such file: x.csv"),
        (ValueError("Cannot read '/srv/data/x.npy' (3/4 done), see https://example.org/a/b."),
         "Cannot read 'x.npy' (3/4 done), see https://example.org/a/b."),
        (OSError("/srv/data/uploads/1/x.csv is a folder"), "x.csv is a folder"),
        (ValueError("neither and/or nor ./here"), "neither and/or nor ./here"),
    ],
)  # fmt: skip
def test_a_file_is_named_without_its_folders(error, text):
    assert without_folders(error) == text


@pytest.mark.parametrize("content", [None, b"", b"PAR1torn", b"\x1f\x8b\x08torn", b"no,header\n1,2\n"])
def test_an_import_that_fails_does_not_tell_where_its_file_lay(admin_client, tmp_path, content):
    path = tmp_path / ("tracks.parquet" if content == b"PAR1torn" else "tracks.csv")
    if content is not None:
        path.write_bytes(content)
    for perform_import, model in ((import_tracks, CatalogueImport), (import_playlists, PlaylistImport)):
        with pytest.raises(ImportRefused):
            perform_import([path])
        work = model.objects.get()
        page = admin_client.get(f"/admin/tracks/{model._meta.model_name}/{work.pk}/change/").content.decode()
        assert path.name in page
        assert str(tmp_path) not in page


def test_reports_name_files_alone(admin_client, tmp_path, data_dir):
    make_track("A" * 22)
    import_tracks([write_csv(tmp_path / "tracks.csv", [row(), row(tempo="fast")])])
    import_playlists([write_table(tmp_path / "lists.csv", {"A": ["A" * 22, "B" * 22]})])
    with pytest.raises(ImportRefused):
        import_playlists([write_table(tmp_path / "none.csv", {"A": ["B" * 22]})])

    for model in (CatalogueImport, PlaylistImport):
        for work in model.objects.all():
            address = f"/admin/tracks/{model._meta.model_name}/"
            for path in (address, f"{address}{work.pk}/change/", f"{address}{work.pk}/progress/"):
                page = admin_client.get(path).content.decode()
                assert str(tmp_path) not in page and str(data_dir) not in page


def test_a_refit_that_fails_does_not_tell_where_its_files_lie(admin_client, data_dir):
    run, _created = ClusteringRun.objects.start()

    def fail(supervision):
        (data_dir / "snapshots" / "missing.npy").read_bytes()

    with pytest.raises(FileNotFoundError):
        perform(run, fail)

    pages = [
        admin_client.get(address).content.decode()
        for address in (f"/api/v1/runs/{run.pk}", "/admin/recommender/clusteringrun/",
                        f"/admin/recommender/clusteringrun/{run.pk}/change/")
    ]  # fmt: skip
    assert all("missing.npy" in page and str(data_dir) not in page for page in pages)


@pytest.mark.parametrize("damage", ["missing", "torn"])
def test_files_of_a_run_that_cannot_be_read_are_not_located(client, data_dir, damage):
    track = make_catalogue(20)[0].spotify_id
    folder = snapshot_folder(publish_run(n_clusters=2).pk)
    for file in folder.iterdir():
        file.unlink() if damage == "missing" else file.write_bytes(b"torn")

    for path in (
        f"/tracks/{track}/",
        f"/api/v1/tracks/{track}/recommendations",
        "/readyz",
        "/clusters/",
        "/",
    ):
        text = client.get(path).content.decode()
        assert str(data_dir) not in text, path
