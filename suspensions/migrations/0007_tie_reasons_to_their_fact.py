"""A reason and the fact that it is for name one member, and reasons are only ever added."""

from django.db import migrations

FORWARD = """
ALTER TABLE suspensions_reason ADD CONSTRAINT reason_of_the_facts_member
    FOREIGN KEY (fact_id, member_id) REFERENCES members_fact (id, member_id);
CREATE TRIGGER reason_is_kept BEFORE UPDATE OR DELETE ON suspensions_reason
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
BACKWARD = """
DROP TRIGGER reason_is_kept ON suspensions_reason;
ALTER TABLE suspensions_reason DROP CONSTRAINT reason_of_the_facts_member;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("suspensions", "0006_keep_reasons_for_what_was_recorded"),
        ("members", "0002_keep_facts_and_their_member"),
        ("ledger", "0002_keep_entries_for_good"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
