import pytest

from recommender.models import ClusteringRun
from recommender.snapshots.store import snapshot_folder
from tests.factories import make_catalogue, publish_run

pytestmark = pytest.mark.django_db


def test_clusters_are_listed_by_number_in_the_shape_of_the_contract(client, catalogue):
    body = client.get("/api/v1/clusters").json()

    run = ClusteringRun.objects.active()
    assert body["run"] == run.pk
    assert [cluster["number"] for cluster in body["results"]] == [1, 2, 3, 4]
    for cluster in body["results"]:
        stored = run.clusters.get(number=cluster["number"])
        assert set(cluster) == {"number", "name", "size", "traits", "genres", "centroid", "subclusters"}
        assert cluster["subclusters"] == []
        assert (cluster["name"], cluster["size"]) == (stored.name, stored.size)
        assert (cluster["genres"], cluster["centroid"]) == (stored.genres, stored.centroid)
        assert cluster["traits"] in (["energetic"], ["calm"])


def test_one_cluster_is_the_same_as_in_the_list(client, catalogue):
    listed = client.get("/api/v1/clusters").json()["results"][2]

    assert client.get("/api/v1/clusters/3").json() == listed


def test_a_sub_cluster_has_the_shape_of_a_cluster(client):
    make_catalogue(120)
    run = publish_run(n_clusters=3, split=True)

    cluster = client.get("/api/v1/clusters/2").json()

    parts = run.clusters.filter(parent__number=2).order_by("number")
    assert cluster["subclusters"] == [
        {"number": part.number, "name": part.name, "size": part.size} for part in parts
    ]
    part = client.get("/api/v1/clusters/2/subclusters/1").json()
    assert set(part) == set(cluster)
    assert (part["number"], part["name"], part["size"]) == (1, parts[0].name, parts[0].size)
    assert part["subclusters"] == []


@pytest.mark.parametrize(
    ("path", "message"),
    [("2/subclusters/3", "Cluster 2 has no sub-cluster 3."), ("9/subclusters/1", "no cluster 9")],
)
def test_an_unknown_sub_cluster_is_not_found(client, path, message):
    make_catalogue(60)
    publish_run(n_clusters=3, split=True)

    response = client.get(f"/api/v1/clusters/{path}")

    assert response.status_code == 404
    assert message in response.json()["error"]["message"]


@pytest.mark.parametrize("number", ["0", "5", "99999999999999999999999", "-1", "x", "%00", "9" * 5000])
def test_an_unknown_cluster_is_not_found(client, catalogue, number):
    response = client.get(f"/api/v1/clusters/{number}")

    assert response.status_code == 404
    assert response.json()["error"]["code"] == "not_found"


def test_a_number_that_was_given_up_says_where_its_tracks_are(client, catalogue):
    run = ClusteringRun.objects.active()
    ClusteringRun.objects.filter(pk=run.pk).update(fitted={"continuity": {"retired": {"9": [2, 4]}}})

    response = client.get("/api/v1/clusters/9")

    assert response.status_code == 404
    assert "in /api/v1/clusters/2, /api/v1/clusters/4 now" in response.json()["error"]["message"]


def test_before_the_first_run_there_are_no_clusters(client):
    assert client.get("/api/v1/clusters").json() == {"run": None, "results": []}
    assert client.get("/api/v1/clusters/1").status_code == 404


def test_a_damaged_run_is_said_to_be_damaged(client):
    make_catalogue(40)
    run = publish_run(n_clusters=2)
    (snapshot_folder(run.pk) / "X.npy").write_bytes(b"")

    response = client.get("/api/v1/clusters")

    assert response.status_code == 503
    assert response.json()["error"]["code"] == "unavailable"
    assert "X.npy is damaged" in response.json()["error"]["message"]
