"""All tracks of a cluster: its pages, what they can be asked, its files, a surprise."""

import csv
import io
from urllib.parse import parse_qs, urlsplit

import pytest

from recommender.answers.browsing import MAX_EXPORTED
from recommender.models import Cluster
from recommender.pages import browse_page
from tests.factories import publish_run
from tests.pages.test_track import HTMX, text_of
from tracks.models import Track

PATH = "/clusters/2/tracks/"


def ids(response) -> list[str]:
    return [row.spotify_id for row in response.context["rows"]]


def all_ids(client, url: str) -> list[str]:
    """Every track of the list, from link to link."""
    found = []
    while url:
        response = client.get(url)
        found += ids(response)
        url = response.context["turns"].get("next")
    return found


def test_the_cluster_leads_to_all_its_tracks_a_surprise_and_a_mix(client, run):
    text = text_of(client.get("/clusters/2/"))
    assert f'href="{PATH}"' in text
    assert 'href="/clusters/2/surprise/"' in text
    mix_url = client.get("/clusters/2/").context["mix_url"]
    seeds = parse_qs(urlsplit(mix_url).query)["seed"]
    examples = Cluster.objects.get(run=run, number=2).examples
    assert len(seeds) == min(5, len(examples))
    assert client.get(mix_url).context["mix"].results


def test_every_recording_of_the_cluster_is_on_some_page(client, run):
    n_folded = 0
    for cluster in run.clusters.all():
        path = f"/clusters/{cluster.number}/tracks/"
        response, listed = client.get(path), all_ids(client, path)
        recordings = set(cluster.assignments.values_list("track__recording", flat=True))
        assert len(listed) == len(set(listed)) == len(recordings)
        assert f"{len(recordings)} recordings." in text_of(response)
        assert response.context["rows"][0].rank == "1"
        if folded := cluster.size - len(recordings):
            assert f"{folded} re-release" in text_of(response)
        n_folded += folded
    assert n_folded


def test_a_sort_shows_what_it_sorts_by(client, run):
    tempi = [float(row.figure.split()[0]) for row in client.get(f"{PATH}?sort=-tempo").context["rows"]]
    assert tempi == sorted(tempi, reverse=True)
    known = [row.figure for row in client.get(f"{PATH}?sort=known").context["rows"]]
    assert all(figure.endswith("of 100") for figure in known)
    assert client.get(f"{PATH}?sort=key").context["rows"][0].figure == "F"
    assert {row.figure for row in client.get(f"{PATH}?sort=title").context["rows"]} == {""}
    assert '<option value="-tempo" selected>Tempo, high to low' in text_of(client.get(f"{PATH}?sort=-tempo"))


def test_pages_filters_and_sort_stay_together(client, run):
    query = "?sort=title&limit=5&min_energy=0.3&explicit=false"
    first = client.get(PATH + query)
    assert len(ids(first)) == 5
    assert "pass the filters" in text_of(first) or "passes the filters" in text_of(first)
    following = parse_qs(urlsplit(first.context["turns"]["next"]).query)
    assert following == {
        "sort": ["title"], "page": ["2"], "limit": ["5"], "min_energy": ["0.3"], "explicit": ["false"]
    }  # fmt: skip
    second = client.get(first.context["turns"]["next"])
    assert second.context["rows"][0].rank == "6"
    assert client.get(second.context["turns"]["previous"]).context["rows"] == first.context["rows"]
    assert 'name="min_energy_percent" value="30"' in text_of(first)


def test_the_filters_are_fetched_when_somebody_opens_them(client, run):
    closed = client.get(PATH)
    assert 'name="genre"' not in text_of(closed)
    url = closed.context["controls_url"]
    part, whole = text_of(client.get(url, headers=HTMX)), text_of(client.get(url))
    for text in (part, whole):
        assert 'name="min_energy_percent"' in text
        assert 'name="target_energy_percent"' not in text
        assert 'name="variety' not in text
    assert "<html" not in part
    assert f'action="{PATH}"' in whole


def test_htmx_gets_the_list_alone_and_its_address(client, run):
    response = client.get(f"{PATH}?sort=title&min_energy_percent=30&genre=", headers=HTMX)
    assert response.headers["HX-Replace-Url"] == f"{PATH}?sort=title&min_energy=0.3"
    assert "<html" not in text_of(response)
    assert client.get(f"{PATH}?sort=title&min_energy_percent=30&genre=").url == (
        f"{PATH}?sort=title&min_energy=0.3"
    )


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("sort=moon", "“Sort by” must be typical, known, title"),
        ("page=0", "“Page” must be at least 1"),
        ("page=x", "“Page” must be a whole number"),
        ("limit=101", "“How many” must lie between 1 and 100"),
        ("genre=nope", "There is no genre nope"),
        ("min_energy=2", "must lie between 0 % and 100 %"),
        ("min_energy=0.7&max_energy=0.2", "no track has at least"),
    ],
)
def test_what_cannot_be_asked_is_said_beside_its_field(client, run, query, words):
    page = client.get(f"{PATH}?{query}")
    assert page.status_code == 422
    assert words in text_of(page)
    assert "neighbour-title" not in text_of(page)
    part = client.get(f"{PATH}?{query}", headers=HTMX | {"HX-Target": "cluster-tracks"})
    assert part.status_code == 422
    assert words in text_of(part)
    for path in ("/clusters/2/tracks.csv", "/clusters/2/surprise/"):
        assert client.get(f"{path}?{query}").status_code == 422


def test_a_page_beyond_the_last_leads_back(client, run):
    response = client.get(f"{PATH}?page=999&sort=title")
    assert response.status_code == 404
    assert "There is no page 999" in text_of(response)
    assert client.get(response.context["turns"]["previous"]).status_code == 200


def test_filters_that_nothing_passes_can_be_given_up(client, run):
    response = client.get(f"{PATH}?min_popularity=100&max_popularity=100&sort=title")
    assert response.status_code == 200
    assert "No track passes all the filters here." in text_of(response)
    assert response.context["without_filters_url"] == f"{PATH}?sort=title"
    assert client.get(f"{PATH}?min_popularity=100&max_popularity=100&page=2").status_code == 404


@pytest.mark.parametrize("path", ["tracks/", "tracks/filters/", "tracks.csv", "surprise/"])
def test_an_unknown_cluster_offers_those_there_are(client, run, path):
    for number in (77, 10**30):
        response = client.get(f"/clusters/{number}/{path}")
        assert response.status_code == 404
        assert 'href="/clusters/1/"' in text_of(response)


@pytest.mark.parametrize("path", ["tracks/", "tracks.csv", "surprise/"])
def test_before_the_first_run_there_is_no_cluster(client, db, path):
    response = client.get(f"/clusters/1/{path}")
    assert response.status_code == 404
    assert "No clusters have been made yet" in text_of(response)


def test_a_file_holds_the_list_as_it_is_asked(client, run):
    query = "?sort=title&min_energy=0.3"
    response = client.get(f"/clusters/2/tracks.csv{query}")
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert [row["Track URI"].rpartition(":")[2] for row in rows] == all_ids(client, PATH + query)
    assert response.headers["Content-Disposition"] == 'attachment; filename="soundkin-cluster-b.csv"'
    urls = [url for _label, url in client.get(PATH + query).context["downloads"]]
    assert [client.get(url).status_code for url in urls] == [200] * 5
    assert client.get("/clusters/2/tracks.pdf").status_code == 404


def test_a_list_too_long_for_a_file_says_so(client, run, monkeypatch):
    monkeypatch.setattr(browse_page, "MAX_EXPORTED", 3)
    assert "Save the first 3 as a file" in text_of(client.get(PATH))
    assert MAX_EXPORTED == 10_000


def test_a_surprise_is_another_track_each_time_and_is_never_kept(client, run):
    answers = [client.get("/clusters/2/surprise/?explicit=false") for _ in range(40)]
    assert {answer.status_code for answer in answers} == {302}
    assert len({answer.url for answer in answers}) > 1
    assert "no-store" in answers[0].headers["Cache-Control"]
    drawn = {answer.url.split("/")[2] for answer in answers}
    assert drawn <= set(all_ids(client, f"{PATH}?explicit=false"))
    nothing = client.get("/clusters/2/surprise/?min_popularity=100&max_popularity=100")
    assert nothing.url == f"{PATH}?min_popularity=100&max_popularity=100"


def test_a_page_asks_the_database_few_questions(client, run, django_assert_max_num_queries):
    client.get(PATH)
    with django_assert_max_num_queries(7):
        client.get(f"{PATH}?page=2")


def test_a_subcluster_is_browsed_alike(client, catalogue):
    for cluster in publish_run(split=True).clusters.filter(parent=None):
        found = []
        for inner in cluster.subclusters.all():
            path = f"/clusters/{cluster.number}/{inner.number}/"
            assert f'href="{path}tracks/"' in text_of(client.get(path))
            listed = all_ids(client, f"{path}tracks/?sort=known")
            assert 0 < len(listed) <= inner.size
            assert client.get(f"{path}surprise/").url.split("/")[2] in listed
            assert client.get(f"{path}tracks.txt").content.decode().count("\n") == len(listed)
            found += listed
        whole = all_ids(client, f"/clusters/{cluster.number}/tracks/")
        recordings = [Track.objects.filter(spotify_id__in=ids).values("recording") for ids in (found, whole)]
        assert set(recordings[0].values_list("recording", flat=True)) == set(
            recordings[1].values_list("recording", flat=True)
        )
    response = client.get("/clusters/1/77/tracks/")
    assert response.status_code == 404
    assert "Cluster 1 has no sub-cluster 77" in text_of(response)
    assert 'href="/clusters/1/1/"' in text_of(response)
