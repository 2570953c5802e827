"""Permissions that say what they allow; whoever could do something before may still do it."""

from django.db import migrations

# By model: the old permission, and what its holders could do by it.
SUCCESSORS = {
    ("tracks", "catalogueimport"): {"add": ["cancel"], "change": ["view"], "delete": []},
    ("tracks", "playlistimport"): {"add": ["cancel"], "change": ["view"], "delete": []},
    ("recommender", "clusteringrun"): {
        "add": [],
        "change": ["view", "refit", "cancel", "activate"],
        "delete": [],
    },
}
KEPT = ("add_catalogueimport", "add_playlistimport")


def hand_over(apps, schema_editor):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    for (app_label, model), successors in SUCCESSORS.items():
        content_type = ContentType.objects.filter(app_label=app_label, model=model).first()
        if content_type is None:  # a new database: nobody holds anything
            continue
        name = apps.get_model(app_label, model)._meta.verbose_name
        for action, new_actions in successors.items():
            old = Permission.objects.filter(content_type=content_type, codename=f"{action}_{model}").first()
            if old is None:
                continue
            for new_action in new_actions:
                new, _created = Permission.objects.get_or_create(
                    content_type=content_type,
                    codename=f"{new_action}_{model}",
                    defaults={"name": f"Can {new_action} {name}"},
                )
                new.group_set.add(*old.group_set.all())
                new.user_set.add(*old.user_set.all())
            if old.codename not in KEPT:
                old.delete()


class Migration(migrations.Migration):
    dependencies = [
        ("recommender", "0002_schedule"),
        ("tracks", "0005_permissions"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="clusteringrun",
            options={
                "default_permissions": ("view", "refit", "cancel", "activate"),
                "ordering": ("-pk",),
                "verbose_name": "clustering run",
                "verbose_name_plural": "clustering runs",
            },
        ),
        migrations.RunPython(hand_over, migrations.RunPython.noop),
    ]
