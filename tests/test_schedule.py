"""The schedule in the admin of a web process, which has the tables of its library without the library."""

import json
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django_celery_beat import models as whole

pytestmark = pytest.mark.django_db(transaction=True)
REFIT = "recommender.tasks.scheduled_refit"

COLUMNS = """
import django; django.setup()
from config.schedule import models
for name in ("IntervalSchedule", "CrontabSchedule", "PeriodicTask", "PeriodicTasks"):
    meta = getattr(models, name)._meta
    print(meta.label, meta.db_table, *sorted(field.column for field in meta.fields))
"""


class Staff:
    """A member of staff at the live site."""

    def __init__(self, url: str) -> None:
        client = Client()
        client.force_login(User.objects.create_superuser("staff"))
        self._session = client.cookies[settings.SESSION_COOKIE_NAME].value
        self._address = urlsplit(url)

    def ask(self, path: str, form: dict[str, object] | None = None) -> tuple[int, str]:
        """The status and the page; a form is sent as a browser sends it, with the token of that page."""
        connection = HTTPConnection(self._address.hostname, self._address.port, timeout=30)
        headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={self._session}"}
        if form is not None:
            token = "a" * 32
            headers["Cookie"] += f"; csrftoken={token}"
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            form = form | {"csrfmiddlewaretoken": token}
        connection.request("POST" if form else "GET", path, urlencode(form, True) if form else None, headers)
        response = connection.getresponse()
        return response.status, response.read().decode()


@pytest.fixture
def refit(transactional_db) -> whole.PeriodicTask:
    """The scheduled refit: a test that emptied the database took the one of the migrations with it."""
    interval, _ = whole.IntervalSchedule.objects.get_or_create(every=1, period="days")
    task, _ = whole.PeriodicTask.objects.get_or_create(
        task=REFIT, defaults={"name": "Refit the clusters", "interval": interval}
    )
    return task


@pytest.fixture
def staff(live_site) -> Staff:
    return Staff(live_site)


def change(task: whole.PeriodicTask) -> str:
    return f"/admin/django_celery_beat/periodictask/{task.pk}/change/"


def test_the_admin_of_a_web_process_changes_when_a_task_runs_and_beat_notices(refit, staff):
    before = whole.PeriodicTasks.last_change()
    weekly = whole.IntervalSchedule.objects.create(every=7, period="days")

    status, page = staff.ask(change(refit))
    assert status == 200
    assert "every 7 days" in page
    assert staff.ask(change(refit), {"enabled": "on", "interval": weekly.pk})[0] == 302

    refit.refresh_from_db()
    assert (refit.interval, refit.enabled, refit.task) == (weekly, True, REFIT)
    assert refit.schedule.run_every.days == 7
    assert whole.PeriodicTasks.last_change() > before


def test_a_task_has_exactly_one_schedule(refit, staff):
    crontab = whole.CrontabSchedule.objects.create(hour="3", minute="0")

    for fields in ({}, {"interval": refit.interval_id, "crontab": crontab.pk}):
        status, page = staff.ask(change(refit), {"enabled": "on", **fields})
        assert (status, "one of them, not both" in page) == (200, True)
    assert staff.ask(change(refit), {"crontab": crontab.pk})[0] == 302

    refit.refresh_from_db()
    assert (refit.interval, refit.crontab, refit.enabled) == (None, crontab, False)


def test_a_crontab_is_checked_as_the_library_checks_it(staff):
    add = "/admin/django_celery_beat/crontabschedule/add/"
    parts = {"hour": "3", "day_of_month": "*", "month_of_year": "*", "day_of_week": "*", "timezone": "UTC"}

    assert staff.ask(add, {"minute": "77", **parts})[0] == 200
    assert staff.ask(add, {"minute": "30", **parts})[0] == 302

    made = whole.CrontabSchedule.objects.get(minute="30")
    assert (str(made.timezone), made.schedule.hour) == ("UTC", {3})


def test_an_interval_is_at_least_one_of_a_known_period(staff):
    add = "/admin/django_celery_beat/intervalschedule/add/"

    assert staff.ask(add, {"every": "0", "period": "days"})[0] == 200
    assert staff.ask(add, {"every": "5", "period": "fortnights"})[0] == 200
    assert staff.ask(add, {"every": "5", "period": "hours"})[0] == 302
    assert whole.IntervalSchedule.objects.filter(every=5, period="hours").exists()


def test_tasks_are_neither_made_nor_removed(refit, staff):
    assert staff.ask("/admin/django_celery_beat/periodictask/add/")[0] == 403
    assert staff.ask(change(refit).replace("change", "delete"))[0] == 403


def test_a_task_can_be_run_at_once(refit, staff, data_dir):
    chosen = {"action": "run_now", "_selected_action": refit.pk}

    assert staff.ask("/admin/django_celery_beat/periodictask/", chosen)[0] == 302
    (message,) = (data_dir / "broker" / "queue").iterdir()
    assert json.loads(message.read_text())["headers"]["task"] == REFIT


def test_the_tables_are_those_of_the_library(start_process):
    process = start_process("-c", COLUMNS, DJANGO_SETTINGS_MODULE="config.serving")
    process.popen.wait(30)
    described = [line.split() for line in process.output().splitlines()]

    assert len(described) == 4, process.output()
    for label, table, *columns in described:
        model = getattr(whole, label.partition(".")[2])
        assert (model._meta.label, model._meta.db_table) == (label, table)
        assert set(columns) <= {field.column for field in model._meta.fields}
