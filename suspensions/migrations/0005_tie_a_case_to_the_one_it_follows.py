"""A case and the one that it follows name one member."""

from django.db import migrations

FORWARD = """
ALTER TABLE suspensions_case ADD CONSTRAINT case_follows_one_of_its_member
    FOREIGN KEY (follows_id, member_id) REFERENCES suspensions_case (id, member_id);
"""
BACKWARD = "ALTER TABLE suspensions_case DROP CONSTRAINT case_follows_one_of_its_member;"


class Migration(migrations.Migration):
    dependencies = [("suspensions", "0004_follow_cases_and_keep_cures")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
