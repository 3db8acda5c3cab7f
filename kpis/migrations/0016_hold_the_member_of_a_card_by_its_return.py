"""A card's member is that of its return; a key of its own holds it only where there is no return.

Each key of the database is checked for every card, but not where the column is null: this one is
null wherever the key of return and member, and the return's own key to the member, say the same.
"""

from django.db import migrations, models

FORWARD = """
ALTER TABLE kpis_scorecard ADD COLUMN member_without_return bigint GENERATED ALWAYS AS
    (CASE WHEN of_return_id IS NULL THEN member_id END) STORED;
ALTER TABLE kpis_scorecard ADD CONSTRAINT scorecard_of_a_member_without_return
    FOREIGN KEY (member_without_return) REFERENCES members_member (id);
CREATE INDEX scorecard_without_return ON kpis_scorecard (member_without_return)
    WHERE member_without_return IS NOT NULL;
"""
BACKWARD = "ALTER TABLE kpis_scorecard DROP COLUMN member_without_return;"


class Migration(migrations.Migration):
    dependencies = [("kpis", "0015_totals_of_any_size")]
    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.AlterField(
            "scorecard",
            "member",
            models.ForeignKey(
                "members.member", models.PROTECT, related_name="scorecards", db_constraint=False
            ),
        ),
    ]
