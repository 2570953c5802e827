import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from recommender.models import ClusteringRun
from recommender.snapshots.store import snapshot_folder
from tests.factories import make_catalogue, publish_run
from tracks.jobs.work import Status

pytestmark = pytest.mark.django_db

RUN_KEYS = {
    "id",
    "status",
    "active",
    "phase",
    "percent",
    "parameters",
    "fitted",
    "scores",
    "n_tracks",
    "kept_back",
    "error",
    "created_at",
    "started_at",
    "finished_at",
}


@pytest.fixture(autouse=True)
def wakes(sent) -> list[str]:
    """What workers were woken for: these tests have no broker."""
    return sent


def post(client: Client, path: str, body: str = ""):
    return client.post(f"/api/v1/{path}", body, content_type="application/json")


def test_runs_are_listed_newest_first(client):
    make_catalogue(40)
    first, second = publish_run(n_clusters=2), publish_run(n_clusters=3)

    body = client.get("/api/v1/runs").json()

    assert [run["id"] for run in body["results"]] == [second.pk, first.pk]
    assert [run["active"] for run in body["results"]] == [True, False]
    assert all(set(run) == RUN_KEYS for run in body["results"])
    assert client.get("/api/v1/runs?limit=1").json()["results"] == body["results"][:1]
    assert client.get(f"/api/v1/runs/{first.pk}").json() == body["results"][1]


@pytest.mark.parametrize("run_id", ["9", "99999999999999999999999", "x", "-1"])
def test_an_unknown_run_is_not_found(client, run_id):
    assert client.get(f"/api/v1/runs/{run_id}").json()["error"]["code"] == "not_found"


def test_why_a_run_failed_is_for_staff(client, member, staff):
    run = ClusteringRun.objects.create(status=Status.FAILED, error="disk full at /somewhere")

    answers = [each.get(f"/api/v1/runs/{run.pk}").json()["error"] for each in (client, member, staff)]
    assert answers == [None, None, "disk full at /somewhere"]


@pytest.mark.parametrize("path", ["runs", "runs/1/cancel", "runs/1/activate"])
def test_changing_something_needs_a_session_and_a_permission(client, member, path):
    anonymous, stranger = post(client, path), post(member, path)

    assert (anonymous.status_code, anonymous.json()["error"]["code"]) == (401, "not_signed_in")
    assert (stranger.status_code, stranger.json()["error"]["code"]) == (403, "forbidden")
    assert not ClusteringRun.objects.exists()


def test_changing_something_needs_the_csrf_token():
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.create_superuser("admin"))

    refused = post(client, "runs")
    client.get("/admin/")
    token = client.get("/admin/password_change/").cookies["csrftoken"].value
    accepted = client.post(
        "/api/v1/runs", "", content_type="application/json", headers={"X-CSRFToken": token}
    )

    assert (refused.status_code, accepted.status_code) == (403, 202)
    assert "X-CSRFToken" in refused.json()["error"]["message"]


@pytest.mark.parametrize(
    ("body", "parameters"),
    [
        ("", {"n_clusters": None, "random_state": 0}),
        ("{}", {"n_clusters": None, "random_state": 0}),
        ('{"n_clusters": 12, "random_state": 7}', {"n_clusters": 12, "random_state": 7}),
        (
            '{"feature_space": "listeners"}',
            {"n_clusters": None, "random_state": 0, "feature_space": "listeners"},
        ),
    ],
)
def test_a_refit_is_queued_and_a_worker_woken(
    staff, wakes, django_capture_on_commit_callbacks, body, parameters
):
    with django_capture_on_commit_callbacks(execute=True):
        response = post(staff, "runs", body)

    assert response.status_code == 202
    assert set(response.json()) == RUN_KEYS
    run = ClusteringRun.objects.get(pk=response.json()["id"])
    assert (run.status, run.requested_by.username) == (Status.QUEUED, "admin")
    assert run.parameters == response.json()["parameters"] == {"feature_space": "context", **parameters}
    assert wakes == ["recommender.tasks.refit_clusters"]


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ("{", 400, "cannot be read"),
        ("nonsense", 400, "cannot be read"),
        ('{"n_clusters": NaN}', 400, "cannot be read"),
        ('{"\\ud800": 1}', 400, "cannot be read"),
        (b"\xff\xfe\x00", 400, "cannot be read"),
        ("[" * 100_000, 400, "cannot be read"),
        ("[]", 422, "body"),
        ('"x"', 422, "body"),
        ('{"n_clusters": 1}', 422, "n_clusters must be at least 2"),
        ('{"n_clusters": 257}', 422, "n_clusters must be at most 256"),
        ('{"n_clusters": 1e400}', 400, "cannot be read"),
        ('{"n_clusters": 123456789012345678901234567890}', 422, "n_clusters must be"),
        ('{"n_clusters": 2.5}', 422, "n_clusters must be a whole number"),
        ('{"n_clusters": "8"}', 422, "n_clusters must be a whole number"),
        ('{"n_clusters": true}', 422, "n_clusters must be a whole number"),
        ('{"random_state": -1}', 422, "random_state must be at least 0"),
        ('{"n_cluster": 8}', 422, "n_cluster is not known here"),
    ],
)
def test_a_refit_that_cannot_be_is_refused_and_nothing_queued(staff, body, status, words):
    response = post(staff, "runs", body)

    assert response.status_code == status
    assert words in response.json()["error"]["message"]
    assert not ClusteringRun.objects.exists()


def test_a_giant_body_is_too_large(staff, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000

    response = post(staff, "runs", " " * 2000)

    assert (response.status_code, response.json()["error"]["code"]) == (413, "too_large")


def test_a_second_refit_says_which_one_is_running_since_when(staff):
    running = ClusteringRun.objects.create(
        status=Status.RUNNING, started_at=timezone.now(), heartbeat_at=timezone.now()
    )

    response = post(staff, "runs")

    assert response.status_code == 409
    message = response.json()["error"]["message"]
    assert message.startswith(f"A refit is already running as run {running.pk}, started at ")
    assert str(timezone.now().year) in message
    assert ClusteringRun.objects.count() == 1


def test_a_second_refit_says_which_one_is_queued(staff):
    first = post(staff, "runs").json()["id"]

    response = post(staff, "runs")

    assert response.status_code == 409
    assert f"already queued as run {first}" in response.json()["error"]["message"]


def test_a_queued_run_is_cancelled_at_once_and_only_once(staff):
    run_id = post(staff, "runs").json()["id"]

    first, second = post(staff, f"runs/{run_id}/cancel"), post(staff, f"runs/{run_id}/cancel")

    assert (first.status_code, first.json()["status"]) == (202, "cancelled")
    assert second.status_code == 409
    assert "has ended" in second.json()["error"]["message"]
    assert post(staff, "runs/999/cancel").status_code == 404


def test_a_running_run_is_asked_to_stop(staff):
    run = ClusteringRun.objects.create(status=Status.RUNNING, heartbeat_at=timezone.now())

    assert post(staff, f"runs/{run.pk}/cancel").status_code == 202
    run.refresh_from_db()
    assert run.cancel_requested


def test_an_older_run_is_made_active_again(client, staff):
    tracks = make_catalogue(40)
    old, _new = publish_run(n_clusters=2), publish_run(n_clusters=3)

    response = post(staff, f"runs/{old.pk}/activate")

    assert response.status_code == 200
    assert response.json()["active"] is True
    assert client.get(f"/api/v1/tracks/{tracks[0].spotify_id}/recommendations").json()["run"] == old.pk


def test_a_run_that_is_not_whole_cannot_be_made_active(staff):
    make_catalogue(40)
    pruned, active = publish_run(n_clusters=2), publish_run(n_clusters=3)
    (snapshot_folder(pruned.pk) / "meta.json").unlink()
    queued = ClusteringRun.objects.create()

    answers = [post(staff, f"runs/{run_id}/activate") for run_id in (pruned.pk, queued.pk, 999)]

    assert [answer.status_code for answer in answers] == [409, 409, 404]
    assert "no longer kept" in answers[0].json()["error"]["message"]
    assert "never published" in answers[1].json()["error"]["message"]
    assert ClusteringRun.objects.active() == active


def test_a_run_that_was_kept_back_says_why(client):
    make_catalogue(40)
    challenge = {
        "against": 3,
        "challenger": 0.05,
        "champion": 0.09,
        "difference": {"mean": -0.04, "low": -0.05, "high": -0.03},
        "worse": True,
    }
    run = publish_run(active=False)
    run.scores["challenge"] = challenge
    run.save(update_fields=["scores"])
    body = client.get(f"/api/v1/runs/{run.pk}").json()

    assert body["scores"]["challenge"] == challenge
    assert "those of run 3 (nDCG@50 0.0500 against 0.0900" in body["kept_back"]
    other = publish_run()
    assert client.get(f"/api/v1/runs/{other.pk}").json()["kept_back"] is None
