"""Facts and signatures are only ever added, and rows that belong together name one member."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER fact_is_kept BEFORE UPDATE OR DELETE ON members_fact
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER fact_is_not_truncated BEFORE TRUNCATE ON members_fact
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER signature_is_kept BEFORE UPDATE OR DELETE ON members_signature
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

ALTER TABLE members_mandate ADD CONSTRAINT mandate_and_member UNIQUE (id, member_id);
ALTER TABLE members_signature ADD CONSTRAINT signature_of_the_mandates_member
    FOREIGN KEY (mandate_id, member_id) REFERENCES members_mandate (id, member_id);
ALTER TABLE members_fact ADD CONSTRAINT fact_and_member UNIQUE (id, member_id);
ALTER TABLE members_fact ADD CONSTRAINT fact_corrects_one_of_its_member
    FOREIGN KEY (corrects_id, member_id) REFERENCES members_fact (id, member_id);
"""
BACKWARD = """
ALTER TABLE members_fact DROP CONSTRAINT fact_corrects_one_of_its_member;
ALTER TABLE members_fact DROP CONSTRAINT fact_and_member;
ALTER TABLE members_signature DROP CONSTRAINT signature_of_the_mandates_member;
ALTER TABLE members_mandate DROP CONSTRAINT mandate_and_member;
DROP TRIGGER signature_is_kept ON members_signature;
DROP TRIGGER fact_is_not_truncated ON members_fact;
DROP TRIGGER fact_is_kept ON members_fact;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0001_initial"),
        ("ledger", "0002_keep_entries_for_good"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
