"""Numbers about all members count the cards of a run only once it was found to give nobody away."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

# The first published run of a period, and each that a table was drawn up after.
TOLD = """
UPDATE kpis_scorerun r SET told = true WHERE status = 'published' AND (
    EXISTS (SELECT FROM kpis_aggregate a WHERE a.run_id = r.id)
    OR NOT EXISTS (
        SELECT FROM kpis_scorerun e
        WHERE e.period_id = r.period_id AND e.status = 'published' AND e.id < r.id
    )
)
"""


class Migration(migrations.Migration):
    dependencies = [("kpis", "0013_hold_period_and_edition_of_a_card_by_its_run")]

    operations = [
        migrations.AddField(
            model_name="aggregate",
            name="placed",
            field=models.CharField(blank=True, default="", max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="scorerun",
            name="told",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="scorerun",
            name="withheld",
            field=ArrayField(models.CharField(max_length=40), null=True),
        ),
        migrations.RunSQL(TOLD, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="scorerun",
            constraint=models.CheckConstraint(
                condition=models.Q(told=False) | models.Q(status="published"),
                name="run_told_once_published",
            ),
        ),
    ]
