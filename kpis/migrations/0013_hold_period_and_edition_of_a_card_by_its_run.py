"""A card's period and edition are those of its run, held by one key instead of three.

Each key of the database is checked for every card, so a run over many members pays for each. The
return is held by its key with the member; the indexes that go begin others.
"""

from django.db import migrations, models

FORWARD = """
ALTER TABLE kpis_scorerun ADD CONSTRAINT run_period_and_edition UNIQUE (id, period_id, edition_id);
ALTER TABLE kpis_scorecard ADD CONSTRAINT scorecard_of_the_runs_period_and_edition
    FOREIGN KEY (run_id, period_id, edition_id)
    REFERENCES kpis_scorerun (id, period_id, edition_id);
"""
BACKWARD = """
ALTER TABLE kpis_scorecard DROP CONSTRAINT scorecard_of_the_runs_period_and_edition;
ALTER TABLE kpis_scorerun DROP CONSTRAINT run_period_and_edition;
"""
PROTECT = models.PROTECT
HELD = {"db_constraint": False, "db_index": False}


class Migration(migrations.Migration):
    dependencies = [
        ("kpis", "0012_cancel_runs"),
        ("rulebooks", "0006_keep_errata"),
        ("targets", "0008_tie_targets_of_members"),
    ]
    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.AlterField(
            "scorecard",
            "run",
            models.ForeignKey("kpis.scorerun", PROTECT, related_name="cards", **HELD),
        ),
        migrations.AlterField(
            "scorecard",
            "period",
            models.ForeignKey("targets.period", PROTECT, related_name="+", **HELD),
        ),
        migrations.AlterField(
            "scorecard",
            "edition",
            models.ForeignKey("rulebooks.edition", PROTECT, related_name="+", **HELD),
        ),
        migrations.AlterField(
            "scorecard",
            "of_return",
            models.ForeignKey(
                "kpis.return", PROTECT, null=True, related_name="+", db_constraint=False
            ),
        ),
    ]
