import django.core.validators
from django.db import migrations, models


def forget_durations_of_zero(apps, schema_editor):
    """Nothing lasts 0 ms: the file had no duration. A popularity of 0 may be true, and stays."""
    apps.get_model('tracks', 'Track').objects.filter(duration_ms=0).update(duration_ms=None)


class Migration(migrations.Migration):

    dependencies = [
        ('tracks', '0005_permissions'),
    ]

    operations = [
        migrations.AlterField(
            model_name='track',
            name='popularity',
            field=models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MaxValueValidator(100)], verbose_name='popularity'),
        ),
        migrations.AlterField(
            model_name='track',
            name='duration_ms',
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name='duration in ms'),
        ),
        migrations.RunPython(forget_durations_of_zero, migrations.RunPython.noop),
    ]
