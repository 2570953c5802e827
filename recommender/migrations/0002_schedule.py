"""The first schedule; from then on it is edited in the admin, under "Periodic tasks"."""

from django.db import migrations

SCHEDULE = (
    (
        "Refit the clusters",
        "recommender.tasks.scheduled_refit",
        (1, "days"),
        3600,
        "Clusters the catalogue anew and publishes the result.",
    ),
    (
        "Look after long work",
        "recommender.tasks.sweep",
        (20, "seconds"),
        20,
        "Notices dead workers and wakes them for what is queued. Switched off, a dead worker's run "
        "is noticed only when somebody looks.",
    ),
)


def seed(apps, schema_editor):
    IntervalSchedule = apps.get_model("django_celery_beat", "IntervalSchedule")
    PeriodicTask = apps.get_model("django_celery_beat", "PeriodicTask")
    for name, task, (every, period), expire_seconds, description in SCHEDULE:
        interval = IntervalSchedule.objects.filter(every=every, period=period).first()
        interval = interval or IntervalSchedule.objects.create(every=every, period=period)
        PeriodicTask.objects.get_or_create(
            task=task,
            defaults={
                "name": name,
                "interval": interval,
                "expire_seconds": expire_seconds,
                "description": description,
            },
        )


def unseed(apps, schema_editor):
    tasks = [task for _name, task, *_rest in SCHEDULE]
    apps.get_model("django_celery_beat", "PeriodicTask").objects.filter(task__in=tasks).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("recommender", "0001_initial"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]

    operations = [migrations.RunPython(seed, unseed)]
