import math
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from recommender.models import Cluster, ClusteringRun
from recommender.snapshots.store import active_snapshot
from tests.factories import publish_run
from tracks.jobs.work import STALE_AFTER, Status

STATUS = "/clusters/status/"


def text_of(response):
    return response.content.decode()


def test_all_clusters_are_listed_with_their_facts(client, run):
    text = text_of(client.get("/clusters/"))
    for cluster in Cluster.objects.filter(run=run):
        assert f'href="/clusters/{cluster.number}/">{cluster.name}' in text
        assert f"Cluster {cluster.number}, {cluster.size} tracks" in text
        assert cluster.genres[0]["genre"] in text


def test_the_picture_is_drawn_by_the_server_with_a_legend_of_links(client, run):
    text = text_of(client.get("/clusters/"))
    assert text.count('<path class="dots cluster-') == 4
    assert '<title id="picture-title">' in text
    assert text.count('<a class="chip cluster-') == 4


def test_the_axes_are_named_by_what_loads_on_them(client, run):
    ClusteringRun.objects.filter(pk=run.pk).update(
        fitted={
            "axes": [
                {"explained": 0.31, "loadings": [{"feature": "energy", "weight": 0.5},
                                                 {"feature": "acousticness", "weight": -0.4}]},
                {"explained": 0.16, "loadings": [{"feature": "valence", "weight": -0.6}]},
            ]
        }
    )  # fmt: skip
    text = text_of(client.get("/clusters/"))
    assert "calm, acoustic → energetic, electric" in text
    assert "happy → dark" in text
    assert "(31 %)" in text


def test_the_run_tells_how_it_was_made(client, run):
    ClusteringRun.objects.filter(pk=run.pk).update(
        fitted={"n_clusters": 4, "reason": "Four separate best."}, scores={"silhouette": 0.1234}
    )
    text = text_of(client.get("/clusters/"))
    assert "Four separate best." in text
    assert "0.123" in text


def test_without_a_run_the_clusters_page_helps(client, catalogue, admin_client):
    text = text_of(client.get("/clusters/"))
    assert "There are no clusters yet" in text
    button = re.search(r"press “([^”]+)”", text)[1]
    assert f">{button}</button>" in text_of(admin_client.get("/admin/recommender/clusteringrun/"))


def test_without_a_catalogue_every_page_leads_to_loading_one(client, db):
    for path in ("/", "/?q=queen", "/search/live/?q=queen", "/clusters/", "/mix/", "/mix/?seed=nope"):
        text = text_of(client.get(path))
        assert 'href="/admin/tracks/catalogueimport/add/">upload it' in text
        assert "Searching works already" not in text
        assert "0 tracks" not in text


def test_a_cluster_shows_its_genres_its_middle_and_its_typical_tracks(client, run):
    cluster = Cluster.objects.get(run=run, number=2)
    response = client.get("/clusters/2/")
    text = text_of(response)
    assert cluster.name in text
    genre = cluster.genres[0]["genre"]
    assert f'<b><a href="/genres/{genre}/">{genre}</a></b>' in text
    assert "BPM" in text
    assert [each.pk for each in response.context["examples"].nearest] == cluster.examples
    for example in response.context["examples"].nearest:
        assert f'href="/tracks/{example.spotify_id}/"' in text


def test_a_cluster_leads_to_its_sub_clusters_and_they_back(client, catalogue):
    publish_run(3, split=True)
    parent = text_of(client.get("/clusters/2/"))
    assert 'href="/clusters/2/1/"' in parent
    assert 'href="/clusters/2/2/"' in parent
    part = client.get("/clusters/2/1/")
    assert part.context["cluster"].name in text_of(part)
    assert 'href="/clusters/2/"' in text_of(part)


def test_an_unknown_sub_cluster_offers_those_of_its_cluster(client, catalogue):
    publish_run(3, split=True)
    response = client.get("/clusters/2/9/")
    assert response.status_code == 404
    assert 'href="/clusters/2/1/"' in text_of(response)
    elsewhere = client.get("/clusters/9/1/")
    assert elsewhere.status_code == 404
    assert 'href="/clusters/2/"' in text_of(elsewhere)


def test_a_track_page_names_the_sub_cluster(client, catalogue):
    publish_run(3, split=True)
    text = text_of(client.get(f"/tracks/{catalogue[4].spotify_id}/"))
    card = client.get(f"/api/v1/tracks/{catalogue[4].spotify_id}").json()["cluster"]
    assert f'href="/clusters/{card["number"]}/{card["subcluster"]["number"]}/"' in text
    assert "Closer to the middle of its cluster than" in text


def test_the_usual_value_is_the_mean_of_all_clustered_tracks(client, run, catalogue):
    mean = sum(track.danceability for track in catalogue) / len(catalogue)
    bar = client.get("/clusters/1/").context["feature_bars"][0]
    assert bar.usual_percent == str(round(100 * mean))


def test_an_unknown_number_lists_the_clusters_there_are(client, run):
    for number in (77, 10**30):
        response = client.get(f"/clusters/{number}/")
        assert response.status_code == 404
        assert f"There is no cluster {number}" in text_of(response)
        assert 'href="/clusters/1/"' in text_of(response)


def remember(run, **continuity):
    ClusteringRun.objects.filter(pk=run.pk).update(fitted=run.fitted | {"continuity": continuity})


def test_a_number_that_was_given_up_leads_to_the_cluster_with_its_tracks(client, run):
    remember(run, retired={"77": [3]})
    response = client.get("/clusters/77/")
    assert (response.status_code, response["Location"]) == (301, "/clusters/3/")
    assert "no-cache" in response["Cache-Control"]  # the number may be another cluster's one day


def test_a_number_whose_tracks_went_apart_offers_the_clusters_they_are_in(client, run):
    remember(run, retired={"77": [3, 1]})
    response = client.get("/clusters/77/")
    text = text_of(response)
    assert response.status_code == 404
    assert "Cluster 77 was divided" in text
    assert re.findall(r'href="/clusters/(\d+)/"', text) == ["3", "1"]


def test_a_cluster_says_what_it_was_made_of(client, run):
    assert "Newly made" not in text_of(client.get("/clusters/2/"))
    remember(run, origins={"2": [7], "3": [3, 9]})
    assert "Newly made of a part of what was cluster 7." in text_of(client.get("/clusters/2/"))
    assert "Newly made of what was in clusters 3, 9." in text_of(client.get("/clusters/3/"))


def test_an_unknown_number_before_the_first_run_says_so(client, db):
    response = client.get("/clusters/1/")
    assert response.status_code == 404
    assert "No clusters have been made yet" in text_of(response)


def test_a_running_refit_is_visible_to_everyone_and_polled_until_it_ends(client, run):
    refit = ClusteringRun.objects.create(status=Status.RUNNING, phase="scoring", percent=55)
    for path in ("/clusters/", STATUS):
        text = text_of(client.get(path))
        assert "scoring the clusters, 55 %" in text
        assert f'hx-get="{STATUS}?run={refit.pk}&amp;seen=scoring" hx-trigger="every 1s"' in text
        assert "answered from the clusters there are" in text
    ClusteringRun.objects.filter(pk=refit.pk).update(status=Status.DONE)
    text = text_of(client.get(STATUS, {"run": refit.pk}))
    assert "The new clusters are ready" in text
    assert "hx-trigger" not in text


def test_only_what_is_new_is_told_to_those_who_listen(client, run):
    refit = ClusteringRun.objects.create(status=Status.RUNNING, phase="scoring", percent=55)
    assert '<p id="run-news" class="visually-hidden" role="status"></p>' in text_of(client.get("/clusters/"))
    news = '<p id="run-news" hx-swap-oob="innerHTML">'
    asked = {"run": refit.pk, "seen": "scoring"}
    assert news not in text_of(client.get(STATUS, asked))
    ClusteringRun.objects.filter(pk=refit.pk).update(phase="writing")
    assert f"{news}The clusters are being made anew: writing the snapshot.<" in text_of(
        client.get(STATUS, asked)
    )
    ClusteringRun.objects.filter(pk=refit.pk).update(status=Status.CANCELLED)
    assert f"{news}The making of new clusters was cancelled" in text_of(client.get(STATUS, asked))


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (Status.FAILED, "failed; nothing has changed"),
        (Status.CANCELLED, "was cancelled; nothing has changed"),
    ],
)
def test_a_refit_that_ended_otherwise_is_told_without_its_inner_reason(client, run, status, words):
    refit = ClusteringRun.objects.create(status=status, error="secret path")
    text = text_of(client.get(STATUS, {"run": refit.pk}))
    assert words in text
    assert "secret" not in text
    assert "hx-trigger" not in text


def test_a_queued_refit_waits_visibly(client, db):
    ClusteringRun.objects.create()
    text = text_of(client.get(STATUS))
    assert "wait for the worker" in text
    assert "answered from the clusters there are" not in text


def test_a_refit_whose_worker_fell_silent_is_noticed(client, run):
    silent = timezone.now() - STALE_AFTER - timedelta(seconds=5)
    refit = ClusteringRun.objects.create(status=Status.RUNNING, heartbeat_at=silent)
    assert "failed; nothing has changed" in text_of(client.get(STATUS))
    refit.refresh_from_db()
    assert refit.status == Status.FAILED


@pytest.mark.parametrize("watched", ["", "x", "-1", "9" * 40, "\x00", "²"])
def test_nothing_in_flight_is_an_empty_part(client, db, watched):
    assert text_of(client.get(STATUS, {"run": watched})).strip() == ""


def test_pages_of_clusters_ask_the_database_few_questions(client, catalogue, django_assert_max_num_queries):
    publish_run()
    for path, most in (("/clusters/", 8), ("/clusters/1/", 7)):
        client.get(path)
        with django_assert_max_num_queries(most):
            client.get(path)


def nearest_by_hand(centroids, row: int) -> list[int]:
    others = [(math.dist(centroids[row], each), n) for n, each in enumerate(centroids) if n != row]
    return [n for _distance, n in sorted(others)[:3]]


def test_a_cluster_names_its_neighbours_with_what_they_share_and_how_they_differ(client, run):
    snapshot = active_snapshot()
    clusters = list(Cluster.objects.filter(run=run).order_by("label"))
    for cluster in clusters:
        response = client.get(f"/clusters/{cluster.number}/")
        found = response.context["neighbours"]
        expected = [clusters[row] for row in nearest_by_hand(snapshot.arrays.centroids, cluster.label)]
        assert [each.cluster.number for each in found] == [other.number for other in expected]
        for each, other in zip(found, expected, strict=True):
            assert f'<a class="chip" href="/clusters/{other.number}/">{other.name}</a>' in text_of(response)
            word = "energetic" if cluster.traits == ["energy:high"] else "calm"
            shared, said = each.comparison.split(". ")
            assert (word in shared) is (cluster.traits == other.traits)
            more_energy = other.centroid["energy"] > cluster.centroid["energy"]
            assert ("calmer" if more_energy else "more energetic") not in said


def test_neighbours_of_a_subcluster_may_lie_in_other_clusters(client, catalogue):
    run = publish_run(split=True)
    snapshot = active_snapshot()
    inner = list(Cluster.objects.filter(run=run, parent__isnull=False).order_by("label"))
    n_elsewhere = 0
    for each in inner:
        response = client.get(f"/clusters/{each.parent.number}/{each.number}/")
        for found, row in zip(
            response.context["neighbours"],
            nearest_by_hand(snapshot.arrays.sub_centroids, each.label),
            strict=True,
        ):
            other = inner[row]
            path = f"/clusters/{other.parent.number}/{other.number}/"
            assert f'<a class="chip" href="{path}">{other.name}</a>' in text_of(response)
            assert found.parent == (other.parent.name if other.parent_id != each.parent_id else "")
            n_elsewhere += bool(found.parent)
    assert n_elsewhere


def test_histograms_are_a_page_or_a_part_and_their_cluster_leads_there(client, catalogue):
    publish_run(split=True)
    for path in ("/clusters/2/", "/clusters/2/1/"):
        text = text_of(client.get(path))
        assert f'hx-get="{path}histograms/"' in text
        assert f'<a href="{path}histograms/">' in text
        whole = text_of(client.get(f"{path}histograms/"))
        part = text_of(client.get(f"{path}histograms/", headers={"HX-Request": "true"}))
        assert f'href="{path}"' in whole
        assert "<html" in whole
        assert "<html" not in part
        for answer in (whole, part):
            assert answer.count('class="histogram"') == answer.count("<figcaption") == 9
    assert (
        client.get("/clusters/2/histograms/").context["charts"]
        != (client.get("/clusters/2/1/histograms/").context["charts"])
    )
    assert client.get("/clusters/99/histograms/").status_code == 404
    assert client.get("/clusters/2/99/histograms/").status_code == 404
