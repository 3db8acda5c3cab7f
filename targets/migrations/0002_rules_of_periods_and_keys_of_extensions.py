"""Periods know their rule, extensions their kind and what they are about."""

from django.conf import settings
from django.db import migrations, models
from django.db.models import F


def name_rules_and_keys(apps, schema_editor):
    """Until now each period was a rule of its own, and each extension about a period."""
    apps.get_model("targets", "Period").objects.update(rule=F("code"))
    extensions = apps.get_model("targets", "Extension").objects
    for extension in extensions.select_related("period").iterator():
        extensions.filter(pk=extension.pk).update(key=extension.period.code)


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0002_keep_facts_and_their_member"),
        ("targets", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            "period", "rule", models.CharField(max_length=40, default=""), preserve_default=False
        ),
        migrations.AddField("period", "is_own", models.BooleanField(default=False)),
        migrations.AlterField("period", "name", models.CharField(max_length=240)),
        migrations.AddField("period", "evidence_until", models.DateField(null=True, blank=True)),
        migrations.AddField("period", "sanctions_on", models.DateField(null=True, blank=True)),
        migrations.AddField("period", "publication_on", models.DateField(null=True, blank=True)),
        migrations.AddField(
            "extension", "key", models.CharField(max_length=100, default=""), preserve_default=False
        ),
        migrations.AddField(
            "extension",
            "kind",
            models.CharField(max_length=40, blank=True, default=""),
            preserve_default=False,
        ),
        migrations.RunPython(name_rules_and_keys, migrations.RunPython.noop),
    ]
