"""A card can be replaced while its run is not published; what it was is kept."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION keep_published_cards() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' OR EXISTS (
        SELECT FROM kpis_scorerun WHERE id = OLD.run_id AND status = 'published'
    ) THEN
        RAISE EXCEPTION 'scorecard % is kept: rows of kpis_scorecard are not changed', OLD.id;
    END IF;
    RETURN OLD;
END $$;
DROP TRIGGER scorecard_is_kept ON kpis_scorecard;
CREATE TRIGGER scorecard_is_kept BEFORE UPDATE OR DELETE ON kpis_scorecard
    FOR EACH ROW EXECUTE FUNCTION keep_published_cards();
CREATE TRIGGER replaced_card_is_kept BEFORE UPDATE OR DELETE ON kpis_replacedcard
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
BACKWARD = """
DROP TRIGGER replaced_card_is_kept ON kpis_replacedcard;
DROP TRIGGER scorecard_is_kept ON kpis_scorecard;
CREATE TRIGGER scorecard_is_kept BEFORE UPDATE OR DELETE ON kpis_scorecard
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
DROP FUNCTION keep_published_cards();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("kpis", "0010_score_one_member_anew"),
        ("ledger", "0002_keep_entries_for_good"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
