from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tracks', '0006_unknown_facts'),
    ]

    operations = [
        migrations.CreateModel(
            name='CatalogueSettings',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(blank=True, help_text='What pages call the catalogue; without it, the names given to its imports.', max_length=200, verbose_name='title')),
            ],
            options={
                'default_permissions': ('view', 'change'),
                'verbose_name': 'title of the catalogue',
                'verbose_name_plural': 'title of the catalogue',
                'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='one_row_of_settings')],
            },
        ),
    ]
