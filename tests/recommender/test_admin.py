"""The runs in the admin, over HTTP: who may do what, and what it does."""

import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from recommender.models import ClusteringRun
from recommender.runs.refitting import RefitParameters, perform_refit, start_refit
from tests.factories import make_catalogue, publish_run
from tracks.jobs.work import STALE_AFTER, Status

pytestmark = pytest.mark.django_db

PREFIX = "admin:recommender_clusteringrun_"
LIST = f"{PREFIX}changelist"


def url(name: str, *arguments: int) -> str:
    return reverse(f"{PREFIX}{name}", args=arguments)


def signed_in(*permissions: str) -> Client:
    user = User.objects.create_user(f"user{User.objects.count()}", password="not-used", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def keeper() -> Client:
    """Somebody who may look after the runs."""
    actions = ("view", "refit", "cancel", "activate")
    return signed_in(*(f"{action}_clusteringrun" for action in actions))


@pytest.fixture
def viewer() -> Client:
    return signed_in("view_clusteringrun")


@pytest.fixture(autouse=True)
def woken(sent) -> list[str]:
    return sent


def texts(response) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def test_the_button_queues_a_run_wakes_a_worker_and_is_logged(
    keeper, woken, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        response = keeper.post(url("refit"), {"n_clusters": "12", "random_state": ""}, follow=True)
    run = ClusteringRun.objects.get()
    assert run.parameters == {"n_clusters": 12, "random_state": 0, "feature_space": "context"}
    assert run.requested_by.username == "user0"
    assert woken == ["recommender.tasks.refit_clusters"]
    assert f"Run {run.pk} is queued." in texts(response)
    assert LogEntry.objects.get().object_id == str(run.pk)


def test_an_empty_form_asks_for_an_automatic_choice(keeper):
    keeper.post(url("refit"), {})
    assert ClusteringRun.objects.get().parameters == {
        "n_clusters": None,
        "random_state": 0,
        "feature_space": "context",
    }


@pytest.mark.parametrize("asked", ["1", "257", "many", "-3", "8.5", "9" * 30, "\x00"])
def test_nonsense_in_the_form_is_refused_with_a_sentence(keeper, asked):
    response = keeper.post(url("refit"), {"n_clusters": asked}, follow=True)
    assert response.status_code == 200
    assert texts(response)
    assert not ClusteringRun.objects.exists()


def test_a_second_trigger_is_told_when_the_first_started(keeper):
    run, _ = ClusteringRun.objects.start()
    response = keeper.post(url("refit"), {}, follow=True)
    assert "already running, started at" in texts(response)
    assert ClusteringRun.objects.get() == run


def test_progress_asks_again_while_it_runs_and_has_the_page_loaded_anew_at_the_end(keeper):
    run, _ = ClusteringRun.objects.start()
    ClusteringRun.objects.update(phase="fitting", percent=25)
    response = keeper.get(url("progress"))
    page = response.content.decode()
    assert "fitting the clusters" in page and "25 %" in page
    assert 'hx-trigger="every 1s"' in page and url("cancel", run.pk) in page
    assert "HX-Refresh" not in response
    run.finish()
    response = keeper.get(url("progress"))
    assert response["HX-Refresh"] == "true"
    assert "hx-trigger" not in response.content.decode()


def test_a_run_that_a_worker_began_has_the_page_loaded_anew_once(keeper):
    ClusteringRun.objects.request()
    assert "HX-Refresh" not in keeper.get(url("progress"), {"seen": ""})
    ClusteringRun.objects.claim()
    ClusteringRun.objects.update(phase="loading")

    assert keeper.get(url("progress"), {"seen": ""})["HX-Refresh"] == "true"
    assert "HX-Refresh" not in keeper.get(url("progress"), {"seen": "loading"})


def test_only_a_new_phase_is_told_to_those_who_listen(keeper):
    run, _ = ClusteringRun.objects.start()
    ClusteringRun.objects.update(phase="fitting")
    whole = keeper.get(url("changelist")).content.decode()
    assert re.findall(r'<p id="work-news"[^>]*>[^<]*', whole) == [
        '<p id="work-news" class="unseen" role="status">'
    ]
    news = f'<p id="work-news" hx-swap-oob="innerHTML">{run}: '
    for seen, is_told in (("scaling", True), ("fitting", False)):
        page = keeper.get(url("progress"), {"seen": seen}).content.decode()
        assert (f"{news}fitting the clusters<" in page) == is_told
    run.cancel()
    page = keeper.get(url("progress"), {"seen": "fitting"}).content.decode()
    assert f"{news}being cancelled<" in page and "?seen=cancelling" in page


@pytest.mark.parametrize(
    ("ending", "words"),
    [
        (
            {"status": Status.FAILED, "error": "No room on disk."},
            "failed and changed nothing: No room on disk.",
        ),
        ({"status": Status.CANCELLED}, "was cancelled and changed nothing."),
        ({"status": Status.DONE, "is_active": True}, "is done, and answers as the active run."),
    ],
)
def test_the_list_says_how_the_newest_run_ended(viewer, ending, words):
    run = ClusteringRun.objects.create(**ending)
    assert f"{run} {words}" in viewer.get(url("changelist")).content.decode()
    ClusteringRun.objects.create(status=Status.RUNNING)
    assert words not in viewer.get(url("changelist")).content.decode()


@pytest.mark.parametrize("page", ["progress", "changelist"])
def test_whoever_looks_gives_silent_work_up_and_is_not_shown_it(viewer, page):
    run, _ = ClusteringRun.objects.start()
    ClusteringRun.objects.update(heartbeat_at=timezone.now() - STALE_AFTER - timedelta(seconds=1))
    response = viewer.get(url(page))
    run.refresh_from_db()
    assert run.status == Status.FAILED
    assert response.context["work"] is None


def test_cancel_ends_a_queued_run_and_asks_a_running_one(keeper):
    queued, _ = ClusteringRun.objects.request()
    keeper.post(url("cancel", queued.pk))
    queued.refresh_from_db()
    assert queued.status == Status.CANCELLED
    running, _ = ClusteringRun.objects.start()
    keeper.post(url("cancel", running.pk))
    running.refresh_from_db()
    assert running.cancel_requested
    assert "being cancelled" in keeper.get(url("progress")).content.decode()
    assert LogEntry.objects.count() == 2
    running.finish()
    assert "has ended already" in texts(keeper.post(url("cancel", running.pk), follow=True))


def test_an_older_run_is_made_active_and_logged(keeper):
    make_catalogue(12)
    older, newer = publish_run(2), publish_run(3)
    assert "Make it the active run" in keeper.get(url("change", older.pk)).content.decode()
    assert "Make it the active run" not in keeper.get(url("change", newer.pk)).content.decode()
    keeper.post(url("activate", older.pk))
    assert ClusteringRun.objects.active() == older
    assert LogEntry.objects.get().change_message == "Made the active run."


def test_a_run_that_cannot_be_activated_says_why(keeper):
    failed = ClusteringRun.objects.create(status=Status.FAILED)
    assert "never published" in texts(keeper.post(url("activate", failed.pk), follow=True))


@pytest.mark.parametrize("name", ["refit", "cancel", "activate"])
def test_who_may_only_look_can_change_nothing(viewer, name):
    run, _ = ClusteringRun.objects.request()
    arguments = [] if name == "refit" else [run.pk]
    assert viewer.post(url(name, *arguments)).status_code == 403
    assert "Re-cluster now" not in viewer.get(reverse(LIST)).content.decode()
    run.refresh_from_db()
    assert run.status == Status.QUEUED


@pytest.mark.parametrize("name", ["refit", "cancel", "activate"])
def test_changes_need_a_post(keeper, name):
    arguments = [] if name == "refit" else [1]
    assert keeper.get(url(name, *arguments)).status_code == 405


@pytest.mark.parametrize("name", ["progress", "compare"])
def test_staff_without_permission_sees_nothing(name):
    runs = [ClusteringRun.objects.create(status=Status.DONE) for _ in range(2)]
    arguments = [run.pk for run in runs] if name == "compare" else []
    assert signed_in().get(url(name, *arguments)).status_code == 403


def test_strangers_are_sent_to_the_login():
    response = Client().post(url("refit"), {})
    assert response.status_code == 302
    assert "login" in response["Location"]
    assert not ClusteringRun.objects.exists()


def test_runs_that_are_not_there_are_not_found(keeper):
    assert keeper.post(url("cancel", 999)).status_code == 404
    assert keeper.get(url("compare", 998, 999)).status_code == 404
    assert keeper.get(url("change", 999)).status_code == 302  # the admin's own way: back, with a message


def test_two_selected_runs_are_compared(keeper):
    make_catalogue(12)
    older, newer = publish_run(2), publish_run(3)
    chosen = {"action": "compare", "_selected_action": [newer.pk, older.pk]}
    response = keeper.post(reverse(LIST), chosen, follow=True)
    page = response.content.decode()
    assert f"Run {older.pk} and Run {newer.pk}" in page
    assert "have the same cluster number in both" in page
    one = keeper.post(reverse(LIST), chosen | {"_selected_action": [newer.pk]}, follow=True)
    assert "Select two runs" in texts(one)


@pytest.mark.django_db(transaction=True)
def test_a_run_shows_its_scores_its_curve_and_its_clusters(keeper):
    make_catalogue(60)
    run, _ = start_refit(RefitParameters(None))
    perform_refit(run)
    page = keeper.get(url("change", run.pk)).content.decode()
    assert "Silhouette" in page and "separates best" in page
    assert "<polyline" in page
    assert all(cluster.name in page for cluster in run.clusters.all())
    assert "style=" not in page
    listed = keeper.get(reverse(LIST)).content.decode()
    assert "Re-cluster now" in listed


def test_a_failed_run_shows_its_reason_as_text(keeper):
    run = ClusteringRun.objects.create(status=Status.FAILED, error="<b>no</b> tracks")
    assert "&lt;b&gt;no&lt;/b&gt; tracks" in keeper.get(url("change", run.pk)).content.decode()


def test_runs_can_be_neither_added_nor_deleted_by_hand(keeper):
    run = ClusteringRun.objects.create(status=Status.DONE)
    assert keeper.get(url("add")).status_code == 403
    assert keeper.post(url("delete", run.pk), {"post": "yes"}).status_code == 403
    assert ClusteringRun.objects.exists()
