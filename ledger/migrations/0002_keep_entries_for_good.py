"""Entries are only ever added. The grants of the web role say the same (``manage.py grant``)."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%: rows cannot be changed or removed', TG_TABLE_NAME;
END $$;
CREATE TRIGGER entry_is_kept BEFORE UPDATE OR DELETE ON ledger_entry
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER entry_is_not_truncated BEFORE TRUNCATE ON ledger_entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
BACKWARD = """
DROP TRIGGER entry_is_kept ON ledger_entry;
DROP TRIGGER entry_is_not_truncated ON ledger_entry;
DROP FUNCTION refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
