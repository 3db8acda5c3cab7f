"""Rows that belong together name one member; a filed return with all in it stays as it is."""

from django.db import migrations

FORWARD = """
ALTER TABLE kpis_return ADD CONSTRAINT return_and_member UNIQUE (id, member_id);
ALTER TABLE kpis_value ADD CONSTRAINT value_and_member UNIQUE (id, member_id);
ALTER TABLE kpis_value ADD CONSTRAINT value_of_the_returns_member
    FOREIGN KEY (of_return_id, member_id) REFERENCES kpis_return (id, member_id);
ALTER TABLE kpis_evidence ADD CONSTRAINT evidence_of_the_returns_member
    FOREIGN KEY (of_return_id, member_id) REFERENCES kpis_return (id, member_id);
ALTER TABLE kpis_sentback ADD CONSTRAINT sent_back_of_the_returns_member
    FOREIGN KEY (of_return_id, member_id) REFERENCES kpis_return (id, member_id);
ALTER TABLE kpis_verification ADD CONSTRAINT verification_of_the_values_member
    FOREIGN KEY (value_id, member_id) REFERENCES kpis_value (id, member_id);
ALTER TABLE kpis_scorecard ADD CONSTRAINT scorecard_of_the_returns_member
    FOREIGN KEY (of_return_id, member_id) REFERENCES kpis_return (id, member_id);

CREATE FUNCTION keep_filed_content() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM kpis_return WHERE id = OLD.of_return_id AND status = 'filed') THEN
        RAISE EXCEPTION 'return % is filed: % cannot be changed', OLD.of_return_id, TG_ARGV[0];
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER filed_return_is_kept BEFORE UPDATE OR DELETE ON kpis_return
    FOR EACH ROW WHEN (OLD.status = 'filed') EXECUTE FUNCTION refuse_change();
CREATE TRIGGER filed_evidence_is_kept BEFORE UPDATE OR DELETE ON kpis_evidence
    FOR EACH ROW EXECUTE FUNCTION keep_filed_content('its evidence');
CREATE TRIGGER filed_values_are_kept BEFORE UPDATE OR DELETE ON kpis_value
    FOR EACH ROW EXECUTE FUNCTION keep_filed_content('a value');

CREATE TRIGGER verification_is_kept BEFORE UPDATE OR DELETE ON kpis_verification
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER scorecard_is_kept BEFORE UPDATE OR DELETE ON kpis_scorecard
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
BACKWARD = """
DROP TRIGGER scorecard_is_kept ON kpis_scorecard;
DROP TRIGGER verification_is_kept ON kpis_verification;
DROP TRIGGER filed_values_are_kept ON kpis_value;
DROP TRIGGER filed_evidence_is_kept ON kpis_evidence;
DROP TRIGGER filed_return_is_kept ON kpis_return;
DROP FUNCTION keep_filed_content();
ALTER TABLE kpis_scorecard DROP CONSTRAINT scorecard_of_the_returns_member;
ALTER TABLE kpis_sentback DROP CONSTRAINT sent_back_of_the_returns_member;
ALTER TABLE kpis_verification DROP CONSTRAINT verification_of_the_values_member;
ALTER TABLE kpis_evidence DROP CONSTRAINT evidence_of_the_returns_member;
ALTER TABLE kpis_value DROP CONSTRAINT value_of_the_returns_member;
ALTER TABLE kpis_value DROP CONSTRAINT value_and_member;
ALTER TABLE kpis_return DROP CONSTRAINT return_and_member;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("kpis", "0001_initial"),
        ("ledger", "0002_keep_entries_for_good"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
