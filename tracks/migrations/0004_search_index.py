"""The search index's tables, empty: derived data that each import makes anew, in either database."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from tracks.search.index import create_index, drop_index


def create(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    create_index()


def drop(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    drop_index()


class Migration(migrations.Migration):
    dependencies = [("tracks", "0003_playlists")]
    operations = [migrations.RunPython(create, drop)]
