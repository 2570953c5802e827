"""Who may do what: one table of people and actions, walked at every door."""

import importlib

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from recommender.models import ClusteringRun
from tests.factories import make_catalogue, publish_run
from tracks.models import CatalogueImport, PlaylistImport

pytestmark = pytest.mark.django_db
IMPORTS = {"catalogueimport": CatalogueImport, "playlistimport": PlaylistImport}


def an_import(model: str) -> int:
    return IMPORTS[model].objects.create(files=[], source_name="x").pk


def upload() -> dict:
    return {"uploads": SimpleUploadedFile("t.csv", b"x")}


def admin_import(model: str, name: str, method: str = "get"):
    return lambda client: getattr(client, method)(
        reverse(f"admin:tracks_{model}_{name}", args=[an_import(model)])
    )


def admin_run(name: str, method: str = "post", run: object = ClusteringRun.objects.create):
    return lambda client: getattr(client, method)(
        reverse(f"admin:recommender_clusteringrun_{name}", args=[run().pk])
    )


def an_older_run() -> ClusteringRun:
    make_catalogue(12)
    publish_run(2, active=False)
    return ClusteringRun.objects.get()


def api(name: str, run: object = ClusteringRun.objects.create):
    return lambda client: client.post(f"/api/v1/runs/{run().pk}/{name}")


def change_schedule(client: Client):
    # Not the migration's task: a test that empties the tables may have run before in this process.
    interval = IntervalSchedule.objects.create(every=1, period=IntervalSchedule.DAYS)
    task = PeriodicTask.objects.create(name="Refit of a test", task=REFIT_TASK, interval=interval)
    form = {"interval": interval.pk, "enabled": "on", "expire_seconds": "60"}
    return client.post(reverse("admin:django_celery_beat_periodictask_change", args=[task.pk]), form)


def change_list(client: Client):
    return client.get(reverse("admin:recommender_clusteringrun_changelist"))


REFIT_TASK = "recommender.tasks.scheduled_refit"
RUN = "recommender.{}_clusteringrun"
# Each door of each action, with the one permission that it asks for.
DOORS = [
    *(
        (f"{verb} {model} ({name})", f"tracks.{verb}_{model}", door)
        for model in IMPORTS
        for verb, name, door in (
            ("view", "change", admin_import(model, "change")),
            ("view", "progress", admin_import(model, "progress")),
            (
                "add",
                "add",
                lambda client, model=model: client.post(reverse(f"admin:tracks_{model}_add"), upload()),
            ),
            ("cancel", "cancel", admin_import(model, "cancel", "post")),
        )
    ),
    ("see runs: list", RUN.format("view"), change_list),
    (
        "see runs: progress",
        RUN.format("view"),
        lambda client: client.get("/admin/recommender/clusteringrun/progress/"),
    ),
    ("see runs: page", RUN.format("view"), admin_run("change", "get")),
    (
        "refit: admin",
        RUN.format("refit"),
        lambda client: client.post("/admin/recommender/clusteringrun/refit/"),
    ),
    (
        "refit: API",
        RUN.format("refit"),
        lambda client: client.post("/api/v1/runs", "", content_type="application/json"),
    ),
    ("cancel: admin", RUN.format("cancel"), admin_run("cancel")),
    ("cancel: API", RUN.format("cancel"), api("cancel")),
    ("activate: admin", RUN.format("activate"), admin_run("activate", run=an_older_run)),
    ("activate: API", RUN.format("activate"), api("activate", an_older_run)),
    ("schedule", "django_celery_beat.change_periodictask", change_schedule),
]
PERMISSIONS = sorted({permission for _name, permission, _door in DOORS})
VIEWER = {each for each in PERMISSIONS if ".view_" in each}
PEOPLE = {
    "anonymous": lambda asked: set(),
    "plain user": lambda asked: set(),
    "staff without rights": lambda asked: set(),
    "viewer": lambda asked: VIEWER,
    "operator": lambda asked: set(PERMISSIONS),
    "superuser": lambda asked: set(PERMISSIONS),
    "staff with it alone": lambda asked: {asked},
    "staff with all but it": lambda asked: set(PERMISSIONS) - {asked},
}


def signed_in(person: str, held: set[str]) -> Client:
    client = Client()
    if person == "anonymous":
        return client
    user = User.objects.create_user(
        person, is_staff=person != "plain user", is_superuser=person == "superuser"
    )
    if person != "superuser":
        codenames = [each.partition(".")[2] for each in held]
        user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(user)
    return client


@pytest.mark.once
@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("name, permission, door", DOORS, ids=[name for name, *_rest in DOORS])
def test_a_door_opens_for_exactly_those_with_its_permission(sent, person, name, permission, door):
    held = PEOPLE[person](permission)
    response = door(signed_in(person, held))

    if permission in held:
        assert response.status_code in (200, 202, 302), response.content[:500]
        assert "login" not in response.get("Location", "")
        return
    if person in ("anonymous", "plain user") and not name.endswith("API"):
        assert "/admin/login/" in response["Location"]
    else:
        assert response.status_code == (401 if person == "anonymous" else 403)
    rows = [row for model in (*IMPORTS.values(), ClusteringRun) for row in model.objects.all()]
    assert all(row.status in ("queued", "done") for row in rows)  # nothing cancelled,
    assert not any(getattr(row, "is_active", False) for row in rows)  # activated
    assert not rows or (".add_" not in permission and ".refit_" not in permission)  # or begun


@pytest.mark.parametrize(
    "actions, buttons",
    [
        (set(), set()),
        ({"refit", "cancel", "activate"}, {"refit", "cancel", "activate"}),
        *(({name}, {name}) for name in ("refit", "cancel", "activate")),
    ],
)
def test_a_page_shows_the_buttons_that_would_be_obeyed(actions, buttons):
    held = {RUN.format(action) for action in {"view", *actions}}
    client, older = signed_in("somebody", held), an_older_run()
    pages = {
        "refit": change_list(client).content.decode(),
        "activate": client.get(
            reverse("admin:recommender_clusteringrun_change", args=[older.pk])
        ).content.decode(),
    }
    ClusteringRun.objects.create()
    pages["cancel"] = change_list(client).content.decode()
    assert {name for name, page in pages.items() if f'/{name}/"' in page} == buttons


def test_the_table_of_the_documentation_has_every_permission():
    from tests.conftest import ROOT

    text = (ROOT / "docs" / "production.md").read_text()
    assert all(f"`{each}`" in text for each in PERMISSIONS)


def test_whoever_could_do_something_before_still_can():
    migration = importlib.import_module("recommender.migrations.0003_permissions")
    user, group = User.objects.create_user("operator"), Group.objects.create(name="importers")
    for model, action, holder in (
        (ClusteringRun, "change", user.user_permissions),
        (CatalogueImport, "add", group.permissions),
        (PlaylistImport, "change", group.permissions),
    ):
        content_type = ContentType.objects.get_for_model(model)
        codename = f"{action}_{model._meta.model_name}"
        old, _created = Permission.objects.get_or_create(
            content_type=content_type, codename=codename, defaults={"name": codename}
        )
        holder.add(old)

    migration.hand_over(apps, None)

    held = {each.codename for each in user.user_permissions.all()}
    assert held == {f"{action}_clusteringrun" for action in ("view", "refit", "cancel", "activate")}
    held = {each.codename for each in group.permissions.all()}
    assert held == {"add_catalogueimport", "cancel_catalogueimport", "view_playlistimport"}
    assert not Permission.objects.filter(
        codename__in=["change_clusteringrun", "change_playlistimport"]
    ).exists()
