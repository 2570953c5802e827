from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("tracks", "0004_search_index")]

    operations = [
        migrations.AlterModelOptions(
            name="catalogueimport",
            options={
                "default_permissions": ("view", "add", "cancel"),
                "ordering": ("-pk",),
                "verbose_name": "import",
                "verbose_name_plural": "imports",
            },
        ),
        migrations.AlterModelOptions(
            name="playlistimport",
            options={
                "default_permissions": ("view", "add", "cancel"),
                "ordering": ("-pk",),
                "verbose_name": "playlist import",
                "verbose_name_plural": "playlist imports",
            },
        ),
    ]
