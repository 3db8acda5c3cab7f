"""A moved return names the member whose return it is, and is kept as it was written."""

from django.db import migrations

FORWARD = """
ALTER TABLE kpis_movedreturn ADD CONSTRAINT moved_return_of_the_returns_member
    FOREIGN KEY (of_return_id, member_id) REFERENCES kpis_return (id, member_id);
CREATE TRIGGER moved_return_is_kept BEFORE UPDATE OR DELETE ON kpis_movedreturn
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
BACKWARD = """
DROP TRIGGER moved_return_is_kept ON kpis_movedreturn;
ALTER TABLE kpis_movedreturn DROP CONSTRAINT moved_return_of_the_returns_member;
"""


class Migration(migrations.Migration):
    dependencies = [("kpis", "0004_move_open_returns")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
