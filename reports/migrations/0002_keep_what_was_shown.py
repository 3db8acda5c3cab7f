"""What was issued or published stays as it was; a line of the register is only ever withdrawn."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER issued_report_is_kept BEFORE UPDATE OR DELETE ON reports_issuedreport
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER publication_is_kept BEFORE DELETE ON reports_publication
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE FUNCTION only_withdraw() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.withdrawn_at IS NOT NULL OR (
        to_jsonb(NEW) - 'withdrawn_at' - 'withdrawn_by_id'
    ) IS DISTINCT FROM (
        to_jsonb(OLD) - 'withdrawn_at' - 'withdrawn_by_id'
    ) THEN
        RAISE EXCEPTION 'publication % can only be withdrawn, once', OLD.id;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER publication_is_only_withdrawn BEFORE UPDATE ON reports_publication
    FOR EACH ROW EXECUTE FUNCTION only_withdraw();
"""
BACKWARD = """
DROP TRIGGER publication_is_only_withdrawn ON reports_publication;
DROP FUNCTION only_withdraw();
DROP TRIGGER publication_is_kept ON reports_publication;
DROP TRIGGER issued_report_is_kept ON reports_issuedreport;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0001_initial"),
        ("ledger", "0002_keep_entries_for_good"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
