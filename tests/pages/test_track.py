import re
from html import unescape
from urllib.parse import urljoin

import pytest
from django.test.utils import override_script_prefix
from django.urls import reverse
from django.utils import timezone

from recommender.answers.cards import card_of
from recommender.models import ClusteringRun
from tests.factories import make_track, publish_run
from tests.pages.conftest import MARKUP
from tracks.jobs.work import Status
from tracks.models import CatalogueImport, Track

HTMX = {"HX-Request": "true"}


def address(track, **query):
    return f"/tracks/{track.spotify_id}/" + (
        "?" + "&".join(f"{k}={v}" for k, v in query.items()) if query else ""
    )


def rows(response):
    return response.context.get("rows", [])


def text_of(response):
    return unescape(response.content.decode())


def test_a_track_is_shown_with_its_facts_its_neighbours_and_its_cluster(client, run, catalogue):
    track = catalogue[0]
    response = client.get(address(track, limit=10))
    text = response.content.decode()
    assert re.search(rf"<h1[^>]*>{track.title}", text)
    assert f"<dd>{track.album}</dd>" in text
    assert "3:20" in text
    assert "BPM" in text
    assert "Nearest tracks" in text
    assert len(rows(response)) == text.count('class="neighbour"') == 10
    steps = [int(row.dots) for row in rows(response)]
    assert steps == sorted(steps, reverse=True)
    cluster = response.context["cluster"]
    assert f'href="/clusters/{cluster.number}/">{cluster.name}</a>' in text
    assert "Genres that are at home here" in text


def test_every_neighbour_links_to_its_page_and_out_and_names_its_nearness(client, run, catalogue):
    response = client.get(address(catalogue[0]))
    text = response.content.decode()
    for row in rows(response):
        assert f'href="/tracks/{row.spotify_id}/"' in text
        assert f'hx-get="{row.distance_url}">{row.closeness}</a>' in text
        assert row.reasons
        detail = client.get(urljoin(address(catalogue[0]), row.distance_url))
        assert f'href="https://open.spotify.com/track/{row.spotify_id}"' in detail.content.decode()


def test_the_cluster_of_another_track_is_shown_from_memory_without_mixing_them_up(client, run, catalogue):
    shown = {}
    for _again in range(2):
        for track in catalogue[:8]:
            response = client.get(address(track))
            cluster, text = response.context["cluster"], text_of(response)
            panel = text[text.index('id="cluster-title"') : text.index("More of this cluster")]
            assert f'href="/clusters/{cluster.number}/">{cluster.name}</a>' in panel
            assert f'{cluster.name}</a> <span class="by muted">{cluster.size} tracks' in text
            assert shown.setdefault(cluster.number, panel) == panel
    assert len(shown) > 1


@pytest.mark.parametrize("prefix", ["/", "/soundkin/"])
def test_a_card_names_the_page_of_its_track(run, catalogue, prefix):
    card = card_of(catalogue[0].spotify_id, None)
    with override_script_prefix(prefix):
        assert card.url == reverse("track", args=[card.spotify_id]) == f"{prefix}tracks/{card.spotify_id}/"


def test_a_distance_is_told_in_figures_that_add_up_when_somebody_opens_it(client, run, catalogue):
    response = client.get(
        address(catalogue[0], scope="everywhere", min_tempo=60, seed=catalogue[1].spotify_id)
    )
    row = rows(response)[0]
    assert row.distance_url == f"to/{row.spotify_id}/?scope=everywhere&min_tempo=60"
    url = urljoin(response.request["PATH_INFO"], row.distance_url)
    part, whole = client.get(url, headers=HTMX), client.get(url)
    assert "<html" not in part.content.decode()
    assert "<html" in whole.content.decode()
    distance = whole.context["distance"]
    assert sum(float(each.value) for each in distance.parts) == pytest.approx(float(distance.value), abs=0.05)
    for each in distance.parts:
        assert f'{each.word} <span class="number">{each.value}</span>' in text_of(part)
    assert client.get(address(catalogue[0]) + f"to/{catalogue[0].spotify_id}/").status_code == 404


def test_the_default_page_is_light(client, run, catalogue):
    response = client.get(address(catalogue[0], scope="everywhere", per_artist=0))
    assert len(rows(response)) == 20
    assert len(response.content) <= 25_000


def test_nothing_of_spotify_is_in_the_page_before_a_click(client, run, catalogue):
    assert not re.search(
        r"<iframe|(src|hx-get)=\"https?://", client.get(address(catalogue[0])).content.decode()
    )


def test_one_per_artist_is_kept_and_said(client, run, catalogue):
    response = client.get(address(catalogue[0], limit=100, scope="everywhere", per_artist=1))
    firsts = [row.artists[0] for row in rows(response)]
    assert len(firsts) == len(set(firsts))
    assert "by artists already listed" in response.content.decode()


def test_fewer_results_come_with_the_reason(client, run, catalogue):
    response = client.get(address(catalogue[0], limit=100))
    assert len(rows(response)) < 100
    assert f"Only {len(rows(response))} of 100" in response.content.decode()


def test_htmx_gets_the_neighbours_alone_and_history_the_whole_page(client, run, catalogue):
    path = address(catalogue[0], scope="everywhere")
    part = client.get(path, headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert 'id="neighbours-status" hx-swap-oob="innerHTML"' in part.content.decode()
    assert "HX-Request" in part["Vary"]
    restored = client.get(path, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<html" in restored.content.decode()


def test_a_list_that_stays_empty_leads_on(client, run, catalogue):
    response = client.get(address(catalogue[0], min_tempo=249, max_energy=0.99))
    assert "No track passes all the filters here." in text_of(response)
    ways = {way.text: way.url for way in response.context["ways_out"]}
    assert "Without “Tempo at least 249 BPM”" in next(iter(ways))
    assert ways["Look everywhere"] == address(
        catalogue[0], scope="everywhere", min_tempo=249, max_energy=0.99
    )
    for text, url in ways.items():
        assert f'href="{url}">{text}</a>' in text_of(response)
    assert rows(client.get(next(iter(ways.values()))))
    both = client.get(address(catalogue[0], min_tempo=249, max_loudness=-59)).context["ways_out"]
    without = {way.text: way.url for way in both}["Without any of these filters"]
    assert rows(client.get(without))


@pytest.mark.parametrize("spotify_id", ["unknown", "%00", "x" * 3000, "%FF%FE", "😀", "' OR 1=1"])
def test_unknown_ids_are_not_found(client, run, spotify_id):
    response = client.get(f"/tracks/{spotify_id}/")
    assert response.status_code == 404
    assert "There is no such page" in response.content.decode()
    assert "The catalogue has no track with the id" in response.content.decode()


def test_other_releases_of_the_recording_are_listed_and_never_neighbours(client, catalogue):
    again = make_track("release000000000000001", "Clair de lune - Remastered", ["Claude Debussy"],
                       recording=catalogue[-1], album="The Best Of", release_date="2011-05-01")  # fmt: skip
    publish_run()
    response = client.get(address(catalogue[-1], limit=100, scope="everywhere"))
    assert [release.spotify_id for release in response.context["seed"].releases] == [again.spotify_id]
    assert "1 other release of this recording" in response.content.decode()
    assert again.spotify_id not in {row.spotify_id for row in rows(response)}
    assert "<dd>2011</dd>" in client.get(address(again)).content.decode()


def test_a_track_whose_recording_is_unknown_stands_for_itself(client, run, catalogue):
    Track.objects.filter(pk=catalogue[0].pk).update(recording=None)
    response = client.get(address(catalogue[0]))
    assert list(response.context["seed"].releases) == []


def test_a_track_that_came_after_the_run_says_so(client, run):
    new = make_track("brandnew00000000000001", "Brand new")
    response = client.get(address(new))
    assert "This track came after the clusters were made" in response.content.decode()
    assert rows(response)


def test_without_a_run_the_track_is_shown_and_the_page_helps(client, catalogue):
    text = client.get(address(catalogue[0])).content.decode()
    assert "There are no clusters yet" in text
    assert "refit_clusters" in text
    assert catalogue[0].title in text
    assert client.get("/tracks/unknown/").status_code == 404


def test_without_a_run_the_first_refit_is_watched_from_the_track(client, catalogue):
    ClusteringRun.objects.create(status=Status.RUNNING, phase="fitting", percent=41)
    text = client.get(address(catalogue[0])).content.decode()
    assert "fitting the clusters, 41 %" in text
    assert 'hx-trigger="every 1s"' in text


def test_every_name_is_text_whatever_it_contains(client, hostile, catalogue):
    publish_run()
    for track in (hostile, catalogue[-1]):
        text = client.get(address(track, limit=100, scope="everywhere", per_artist=0)).content.decode()
        assert "<script>alert" not in text
        assert "&lt;script&gt;" in text
    assert MARKUP not in client.get("/clusters/").content.decode()


def test_braces_in_a_title_are_only_braces(client, catalogue):
    title = "{artists} {0} {{ row.url }} {% now %} \ue000rank\ue001 }"
    make_track("braces0000000000000001", title, ["{} Brothers"], ["classical"])
    publish_run()
    text = client.get(address(catalogue[-1])).content.decode()
    assert f">{title}</a>" in text
    assert ">{} Brothers</a></div>" in text


def test_a_damaged_snapshot_is_answered_with_patience(client, run, catalogue, data_dir):
    for file in (data_dir / "snapshots" / f"run-{run.pk}").iterdir():
        file.unlink()
    response = client.get(address(catalogue[0]))
    assert response.status_code == 503
    assert "Not ready to answer yet" in response.content.decode()
    assert client.get("/").status_code == 200


def test_a_track_page_asks_the_database_few_questions(client, run, catalogue, django_assert_max_num_queries):
    client.get(address(catalogue[0]))
    with django_assert_max_num_queries(10):  # two of them for the ETag
        client.get(address(catalogue[0], limit=100, scope="everywhere"))


def test_what_is_a_page_s_own_is_never_that_of_the_page_before(client, run, catalogue):
    for track, mixed in ((catalogue[0], catalogue[1]), (catalogue[2], catalogue[3])):
        text = text_of(client.get(address(track, seed=mixed.spotify_id)))
        assert f"<title>{track.title} – {', '.join(track.artist_names)} · Soundkin</title>" in text
        assert f"What to hear after {track.title} by {', '.join(track.artist_names)}, and why." in text
        assert f'action="/tracks/{track.spotify_id}/"' in text
        assert f'/controls/?seed={mixed.spotify_id}"' in text
        assert "This track came after the clusters were made" not in text


def test_the_foot_of_the_page_tells_of_the_catalogue_as_it_is_now(client, run, catalogue):
    assert "more.csv" not in text_of(client.get(address(catalogue[0])))
    CatalogueImport.objects.create(status=Status.DONE, source_name="more.csv", finished_at=timezone.now())
    assert "from more.csv" in text_of(client.get(address(catalogue[0])))
