"""No visible string is left out of the translations: in a pseudo-language all stand between « and »."""

import re
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from recommender.models import ClusteringRun
from recommender.runs.refitting import RefitParameters, perform_refit, start_refit
from tests.factories import GENRES, make_track, publish_run
from tests.pages.conftest import findable_catalogue
from tests.pages.visible_text import PSEUDO, untranslated, write_pseudo_language
from tests.tracks.playlists.files import write_table
from tests.tracks.track_files import row, rows, write_csv
from tracks.importing.imports import import_tracks
from tracks.jobs.work import Status
from tracks.models import CatalogueImport, PlaylistImport
from tracks.playlists.imports import import_playlists

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]
# What is the same in every language: names of tracks and their like, the brand, units, kinds of files.
DATA = re.compile(
    rf"https://\S+|spotify:\S+|\b(?:title|clair|nowhere|xqzzkv|(?:Title|Artist|Album) \d+(?: - Remastered)?"
    r"|Clair de lune|Claude Debussy|Cluster [A-P]|Axes|A Title|k-pop"
    rf"|An Artist|{'|'.join(GENRES)}|Soundkin|Spotify|BPM|dB|min|s|CSV|M3U|XSPF|JSPF|TXT|API|E|keeper"
    r"|(?:rows|lists)\.csv|clairdelune00000000001)\b"
)

# Fixed in the templates of Django and django-celery-beat, and what they show of a scheduled task: its name,
# which an operator may change, its function, and whether it is on.
OF_PACKAGES = re.compile(
    rf"{DATA.pattern}|\b(?:Search|Scheduler|True|False|Look after long work|Refit the clusters"
    r"|recommender\.tasks\.\w+)\b"
)


@pytest.fixture(scope="module")
def pseudo_locale(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("pseudo") / "locale"
    write_pseudo_language(ROOT, folder)
    return folder


@pytest.fixture
def pseudo_client(client, settings, pseudo_locale):
    settings.LANGUAGES = [("en", "English"), (PSEUDO, "Pseudo")]
    settings.LOCALE_PATHS = [pseudo_locale]
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = PSEUDO
    client.raise_request_exception = False
    return client


def left_out(client, *paths: str, data: re.Pattern[str] = DATA, **headers: str) -> dict[str, list[str]]:
    """The words that no translation could reach, by the page that shows them."""
    found = {}
    for path in paths:
        response = client.get(path, headers=headers, follow=True)
        assert response.headers.get("Content-Language") == PSEUDO, path
        assert response.status_code in (200, 404, 422), path
        if words := untranslated(response.content.decode(), data):
            found[path] = words
    return found


TRACK = "/tracks/clairdelune00000000001/"
OTHERS = "seed=clairdelune00000000001&seed={other}"


def test_the_search(pseudo_client, run):
    paths = (
        "/",
        "/?q=title",
        "/?q=clair+nowhere",
        "/?q=xqzzkv",
        "/search/live/?q=title",
        "/search/live/?q=xqzzkv",
    )
    assert left_out(pseudo_client, *paths) == {}


def test_the_page_of_a_track(pseudo_client, run):
    filters = "?scope=everywhere&blend=sound&genre=jazz&min_energy_percent=10&target_tempo=120&limit=100"
    wrong = "?limit=0&genre=nope&min_energy=2&scope=moon&min_popularity=x&explicit=perhaps"
    paths = [TRACK + query for query in ("", filters, wrong, "?per_artist=1&limit=100", "?max_tempo=1")]
    assert left_out(pseudo_client, *paths) == {}
    assert left_out(pseudo_client, *paths, **{"HX-Request": "true"}) == {}


def test_the_pages_of_clusters(pseudo_client, run):
    paths = (
        "/clusters/",
        "/clusters/1/",
        "/clusters/99/",
        "/clusters/status/",
        *(
            f"/clusters/1/tracks/{query}"
            for query in ("", "?sort=key&limit=3&page=2", "?min_popularity=100", "?page=99")
        ),
        "/clusters/1/tracks/?sort=moon&page=x&limit=0",
        "/clusters/1/tracks/filters/",
        "/clusters/1/histograms/",
    )
    assert left_out(pseudo_client, *paths) == {}


def test_the_pages_of_artists_and_genres(pseudo_client, run):
    make_track("newer00000000000000001", "A Title", ["An Artist"], ["k-pop"])  # after the run
    paths = ("/artists/Claude Debussy/", "/artists/An Artist/", "/artists/nowhere/", "/genres/classical/",
             "/genres/k-pop/", "/genres/nowhere/", "/genres/classicall/")  # fmt: skip
    assert left_out(pseudo_client, *paths) == {}


def test_mixes_and_paths(pseudo_client, run, catalogue):
    seeds = OTHERS.format(other=catalogue[3].spotify_id)
    avoid = f"{seeds}&avoid={catalogue[8].spotify_id}"
    start, end = catalogue[0].spotify_id, catalogue[50].spotify_id
    paths = ("/mix/", f"/mix/?{seeds}", f"/mix/?{avoid}", f"/mix/?{seeds}&limit=0", f"/mix/?{seeds}&q=title",
             "/mix/?seed=nobody", "/mix/search/?q=title", "/mix/search/?q=xqzzkv", f"/mix/path/?{seeds}",
             f"/mix/path/?{seeds}&start={start}&end={end}", f"/mix/path/?{seeds}&start={start}&end=nobody",
             "/mix/broken/")  # fmt: skip
    assert left_out(pseudo_client, *paths) == {}


def test_pages_before_the_first_run_and_without_a_catalogue(pseudo_client, db):
    paths = ("/", "/?q=title", "/clusters/", "/clusters/1/", "/mix/")
    assert left_out(pseudo_client, *paths) == {}


def test_pages_while_the_first_run_is_made(pseudo_client, catalogue):
    ClusteringRun.objects.start()
    assert left_out(pseudo_client, "/", TRACK, "/clusters/", "/clusters/status/", "/mix/?seed=x") == {}


def test_errors(pseudo_client, run):
    assert left_out(pseudo_client, "/nope", "/tracks/nobody/", "/api/docs") == {}
    with translation.override(PSEUDO):
        for name in ("400", "403", "403_csrf", "404", "500", "503"):
            assert untranslated(render_to_string(f"{name}.html"), DATA) == [], name


def test_errors_of_the_api(pseudo_client, run):
    wrong = "?limit=0&genre=nope&min_energy=2"
    for path in ("nope", "tracks/nobody", "tracks/nobody/recommendations", "clusters/99",
                 f"{TRACK[1:]}recommendations{wrong}", "runs/99", "mixes/broken"):  # fmt: skip
        answer = pseudo_client.get(f"/api/v1/{path}").json()
        assert untranslated(answer["error"]["message"], DATA) == [], path


@pytest.fixture
def keeper(pseudo_client, django_user_model):
    pseudo_client.force_login(django_user_model.objects.create_superuser("keeper"))
    return pseudo_client


RUNS = "admin:recommender_clusteringrun"


@pytest.mark.django_db(transaction=True)  # a refit's watcher has a connection of its own
def test_the_runs_in_the_admin(keeper):
    findable_catalogue()
    run, other = publish_run(), publish_run(3)
    failed, _ = ClusteringRun.objects.start()
    failed.end(Status.FAILED, "")
    fitted, _ = start_refit(RefitParameters(None))
    perform_refit(fitted)
    running, _ = ClusteringRun.objects.start()
    ClusteringRun.objects.filter(pk=running.pk).update(phase="scoring")
    for cluster in fitted.clusters.all():  # a cluster keeps the name it was given
        fitted.clusters.filter(pk=cluster.pk).update(name=f"Cluster {'ABCDEFGHIJKLMNOP'[cluster.label]}")
    pages = [reverse(f"{RUNS}_change", args=[each.pk]) for each in (run, other, failed, fitted, running)]
    compare = reverse(f"{RUNS}_compare", args=[run.pk, other.pk])
    paths = ("/admin/", reverse(f"{RUNS}_changelist"), reverse(f"{RUNS}_progress"), compare, *pages)
    assert left_out(keeper, *paths) == {}


@pytest.mark.parametrize("model", [CatalogueImport, PlaylistImport])
def test_imports_in_the_admin(keeper, model):
    work = model.objects.create(status=Status.DONE, finished_at=timezone.now(), report={})
    name = f"admin:tracks_{model._meta.model_name}"
    pages = [reverse(f"{name}_{page}", args=[work.pk]) for page in ("change", "progress")]
    assert left_out(keeper, reverse(f"{name}_changelist"), reverse(f"{name}_add"), *pages) == {}


@pytest.mark.django_db(transaction=True)
def test_the_reports_of_imports(keeper, tmp_path):
    catalogue = findable_catalogue()
    mistakes = [row(tempo="fast"), row(track_name=""), row(energy=7), row(track_id=""), row(duration_ms=-1)]
    work = import_tracks([write_csv(tmp_path / "rows.csv", [*rows(3), *mistakes])])
    ids = [track.spotify_id for track in catalogue[:4]]
    playlists = import_playlists([write_table(tmp_path / "lists.csv", {"A": ids, "B": [*ids, "nobody"]})])

    shown = [reverse("admin:tracks_catalogueimport_change", args=[work.pk]),
             reverse("admin:tracks_playlistimport_change", args=[playlists.pk])]  # fmt: skip
    assert left_out(keeper, *shown) == {}


@pytest.mark.parametrize("name", ["tracks_track", "tracks_artist", "tracks_genre", "tracks_playlist",
                                  "tracks_cataloguesettings", "django_celery_beat_periodictask"])  # fmt: skip
def test_lists_in_the_admin(keeper, catalogue, name):
    assert left_out(keeper, reverse(f"admin:{name}_changelist"), data=OF_PACKAGES) == {}
