"""The Celery door: tasks called as functions, and performed by real workers."""

import shutil
from dataclasses import asdict
from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import transaction
from django.utils import timezone
from django_celery_beat.models import PeriodicTask

from config.celery import app as celery_app
from recommender import tasks
from recommender.models import ClusteringRun
from recommender.runs.refitting import REFITS, RefitParameters, needs_refit, refit_soon, request_refit
from recommender.snapshots.store import active_snapshot, snapshot_folder
from tests.conftest import celery_on, wait_until
from tests.factories import make_catalogue, publish_run
from tracks.importing.queue import IMPORTS
from tracks.jobs.work import STALE_AFTER, Status
from tracks.models import CatalogueImport, Playlist, PlaylistImport
from tracks.playlists.queue import PLAYLIST_IMPORTS

pytestmark = pytest.mark.django_db(transaction=True)


def ended(run: ClusteringRun) -> bool:
    run.refresh_from_db()
    return not run.is_in_flight


def test_the_task_performs_what_is_queued_and_nothing_otherwise():
    make_catalogue(60)
    tasks.refit_clusters()
    assert not ClusteringRun.objects.exists()
    run, _ = request_refit(RefitParameters(3))
    tasks.refit_clusters()
    run.refresh_from_db()
    assert run.is_active


def test_the_scheduled_task_asks_and_performs():
    make_catalogue(60)
    tasks.scheduled_refit()
    assert ClusteringRun.objects.active().parameters == asdict(RefitParameters())


def test_the_scheduled_task_repeats_what_was_chosen_and_only_after_a_change():
    make_catalogue(60)
    request_refit(RefitParameters(3, random_state=5))
    tasks.refit_clusters()
    tasks.scheduled_refit()
    chosen = ClusteringRun.objects.get()

    CatalogueImport.objects.create(
        status=Status.DONE, finished_at=timezone.now(), report={"changes": {"new": 0, "updated": 0}}
    )
    tasks.scheduled_refit()
    assert ClusteringRun.objects.get() == chosen

    CatalogueImport.objects.create(
        status=Status.DONE, finished_at=timezone.now(), report={"changes": {"new": 1, "updated": 0}}
    )
    tasks.scheduled_refit()
    newest = ClusteringRun.objects.latest("pk")
    assert newest != chosen
    assert newest.parameters == chosen.parameters == asdict(RefitParameters(3, random_state=5))


def test_playlists_that_came_are_learnt_from_at_the_next_scheduled_refit():
    make_catalogue(60)
    publish_run(n_clusters=2)
    assert not needs_refit()
    PlaylistImport.objects.create(status=Status.DONE, finished_at=timezone.now())
    assert needs_refit()


def test_tracks_and_playlists_that_were_deleted_are_noticed_at_the_next_scheduled_refit():
    tracks = make_catalogue(60)
    playlist = Playlist.objects.create(source="s", source_id="1")
    tasks.scheduled_refit()
    assert not needs_refit()
    playlist.delete()
    assert needs_refit()
    Playlist.objects.create(source="s", source_id="2")
    assert not needs_refit()
    tracks[0].delete()
    assert needs_refit()


def test_the_admin_is_told_that_the_schedule_skips_its_refits(admin_client):
    tracks = make_catalogue(60)
    run = publish_run(n_clusters=2)
    said = f"Catalogue and playlists are as Run {run.pk} read them: until they change, the schedule skips"
    assert said in admin_client.get("/admin/recommender/clusteringrun/").content.decode()
    tasks.scheduled_refit()
    assert ClusteringRun.objects.get() == run
    tracks[0].delete()
    assert said not in admin_client.get("/admin/recommender/clusteringrun/").content.decode()


def test_a_run_whose_files_cannot_be_read_is_made_anew():
    make_catalogue(60)
    run = publish_run(n_clusters=2)
    shutil.rmtree(snapshot_folder(run.pk))
    assert needs_refit()


def test_the_scheduled_task_leaves_an_empty_catalogue_alone():
    tasks.scheduled_refit()
    assert not ClusteringRun.objects.exists()


def test_a_worker_is_woken_when_the_request_is_committed_and_not_before(sent):
    with transaction.atomic():
        refit_soon()
        assert sent == []
    assert sent == ["recommender.tasks.refit_clusters"]


def test_a_second_request_wakes_nobody(sent):
    first, _ = refit_soon()
    second, created = refit_soon()
    assert (second, created) == (first, False)
    assert len(sent) == 1


def test_a_request_is_kept_while_the_broker_is_away():
    with celery_on("redis://127.0.0.1:1/0"):
        _run, created = refit_soon()
    assert created
    assert ClusteringRun.objects.get().status == Status.QUEUED


def test_the_sweep_fails_what_is_silent_and_wakes_a_worker_for_what_is_queued(sent):
    silent_since = timezone.now() - STALE_AFTER * 2
    run, _ = ClusteringRun.objects.start()
    catalogue_import, _ = CatalogueImport.objects.start(source_name="tracks.csv")
    for work in (run, catalogue_import):
        work.rows(Status.RUNNING).update(heartbeat_at=silent_since)
    tasks.sweep()
    run.refresh_from_db()
    catalogue_import.refresh_from_db()
    assert (run.status, catalogue_import.status) == (Status.FAILED, Status.FAILED)
    assert sent == []
    request_refit()
    CatalogueImport.objects.request(source_name="tracks.csv")
    PlaylistImport.objects.request(source_name="playlists.csv")
    tasks.sweep()
    assert sent == [REFITS.task, IMPORTS.task, PLAYLIST_IMPORTS.task]


def test_what_is_sent_has_the_name_of_a_task():
    celery_app.loader.import_default_modules()
    assert {REFITS.task, IMPORTS.task, PLAYLIST_IMPORTS.task} <= set(celery_app.tasks)


def test_a_dead_worker_is_noticed_within_a_minute():
    """Silence until given up, plus the longest wait for the next sweep."""
    schedule = import_module("recommender.migrations.0002_schedule").SCHEDULE
    every, period = next(interval for _, task, interval, *_ in schedule if task == "recommender.tasks.sweep")
    assert period == "seconds"
    assert STALE_AFTER + timedelta(seconds=every) < timedelta(seconds=60)


def test_the_schedule_names_real_tasks_and_can_be_edited():
    schedule = import_module("recommender.migrations.0002_schedule")
    PeriodicTask.objects.all().delete()
    schedule.seed(apps, None)
    refit = PeriodicTask.objects.get(task="recommender.tasks.scheduled_refit")
    assert (refit.interval.every, refit.interval.period) == (1, "days")
    PeriodicTask.objects.filter(pk=refit.pk).update(enabled=False)
    schedule.seed(apps, None)
    assert PeriodicTask.objects.get(pk=refit.pk).enabled is False
    celery_app.loader.import_default_modules()
    assert {task.task for task in PeriodicTask.objects.all()} <= set(celery_app.tasks)


def test_a_real_worker_performs_refits_one_after_the_other(worker):
    make_catalogue(60)
    for n_clusters in (3, 6):  # as many as there are genres is stable
        run, created = refit_soon(RefitParameters(n_clusters))
        assert created
        wait_until(lambda run=run: ended(run), "the worker performs it")
        assert run.status == Status.DONE, run.error
    assert active_snapshot().run_id == run.pk
    assert active_snapshot().n_clusters == 6


def test_a_real_worker_that_is_killed_blocks_nobody(worker, start_process):
    make_catalogue(60)
    worker.kill()
    run, _ = refit_soon(RefitParameters(3))
    assert run.cancel()
    following, created = request_refit(RefitParameters(3))
    assert created
    tasks.refit_clusters()
    following.refresh_from_db()
    assert following.is_active


@pytest.mark.once
def test_a_worker_on_message_files_performs_a_refit(start_process):
    make_catalogue(60)
    arguments = ("-m", "celery", "-A", "config", "worker", "--concurrency", "1", "--loglevel", "INFO")
    process = start_process(*arguments)
    wait_until(lambda: " ready." in process.output(), "the worker is ready")
    run, _ = request_refit(RefitParameters(3))
    sent = start_process(
        "-c", "import django; django.setup(); import recommender.tasks as t; t.refit_clusters.delay()"
    )
    assert sent.wait() == 0, sent.output()
    wait_until(lambda: ended(run), "the worker performs it")
    assert run.status == Status.DONE, process.output()
