"""Rows that belong together name one member, and the papers of a case are only ever added."""

from django.db import migrations

FORWARD = """
ALTER TABLE suspensions_case ADD CONSTRAINT case_and_member UNIQUE (id, member_id);
ALTER TABLE suspensions_breach ADD CONSTRAINT breach_of_the_cases_member
    FOREIGN KEY (case_id, member_id) REFERENCES suspensions_case (id, member_id);
ALTER TABLE suspensions_paper ADD CONSTRAINT paper_of_the_cases_member
    FOREIGN KEY (case_id, member_id) REFERENCES suspensions_case (id, member_id);
CREATE TRIGGER paper_is_kept BEFORE UPDATE OR DELETE ON suspensions_paper
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
BACKWARD = """
DROP TRIGGER paper_is_kept ON suspensions_paper;
ALTER TABLE suspensions_paper DROP CONSTRAINT paper_of_the_cases_member;
ALTER TABLE suspensions_breach DROP CONSTRAINT breach_of_the_cases_member;
ALTER TABLE suspensions_case DROP CONSTRAINT case_and_member;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("suspensions", "0001_initial"),
        ("ledger", "0002_keep_entries_for_good"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
