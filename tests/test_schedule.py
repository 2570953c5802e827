"""The schedule: django-celery-beat in the admin, and a beat process that has died."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils import timezone
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from recommender.runs.schedule import beat_status
from tests.conftest import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
LIST = "/admin/django_celery_beat/periodictask/"


@pytest.fixture
def sweep(transactional_db) -> PeriodicTask:
    """The only task: a test that emptied the database took those of the migrations with it."""
    PeriodicTask.objects.all().delete()
    interval, _ = IntervalSchedule.objects.get_or_create(every=1, period="seconds")
    return PeriodicTask.objects.create(name="Sweep", task="recommender.tasks.sweep", interval=interval)


def signed_in(*permissions: str) -> Client:
    user = User.objects.create_user(f"user{User.objects.count()}", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


def test_the_interval_of_a_task_is_changed_in_the_admin(sweep, admin_client):
    address = f"{LIST}{sweep.pk}/change/"
    hourly = IntervalSchedule.objects.create(every=1, period="hours")
    page = admin_client.get(address)
    assert "periodic-task-overrides" not in page.text  # an inline script

    form = {
        name: value for name, value in page.context["adminform"].form.initial.items() if value is not None
    }
    response = admin_client.post(address, form | {"interval": hourly.pk, "enabled": "on"})

    assert response.status_code == 302, response.context["errors"]
    sweep.refresh_from_db()
    assert sweep.interval == hourly


def test_the_list_says_every_day_and_not_every_1_days(sweep, admin_client):
    daily, _ = IntervalSchedule.objects.get_or_create(every=1, period="days")
    PeriodicTask.objects.filter(pk=sweep.pk).update(interval=daily)

    page = admin_client.get(LIST).text

    assert "every day" in page and "every 1" not in page


def test_who_may_only_look_at_the_schedule_cannot_run_a_task(sweep, monkeypatch):
    sent = []
    monkeypatch.setattr("celery.app.task.Task.apply_async", lambda task, **options: sent.append(task.name))
    chosen = {"action": "run_tasks", "_selected_action": sweep.pk}

    signed_in("view_periodictask").post(LIST, chosen)
    assert sent == []

    signed_in("view_periodictask", "change_periodictask").post(LIST, chosen)
    assert sent == ["recommender.tasks.sweep"]


def test_a_real_beat_shows_that_it_lives_and_its_death_is_noticed(sweep, start_process, client, admin_client):
    start_process("-m", "celery", "-A", "config", "beat", "--pidfile=", "--loglevel", "INFO")
    wait_until(lambda: beat_status().last_sent_at is not None, "beat sends a task")
    assert not beat_status().is_overdue
    assert "soundkin_beat_last_sent_timestamp_seconds" in client.get("/metrics").text


def test_a_dead_beat_is_told_where_operators_look(sweep, admin_client):
    runs = "/admin/recommender/clusteringrun/"
    assert "beat process" not in admin_client.get(runs).text
    PeriodicTask.objects.update(last_run_at=timezone.now() - timedelta(seconds=64))
    assert beat_status().is_overdue
    assert "is the beat process running?" in admin_client.get(runs).text

    PeriodicTask.objects.update(last_run_at=timezone.now() - timedelta(seconds=50))
    assert not beat_status().is_overdue
