"""An erratum stays as it was recorded."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER erratum_is_kept BEFORE UPDATE OR DELETE ON rulebooks_erratum
    FOR EACH ROW EXECUTE FUNCTION keep_rulebook_witness();
"""


class Migration(migrations.Migration):
    dependencies = [("rulebooks", "0005_errata_of_adopted_editions")]
    operations = [migrations.RunSQL(FORWARD, "DROP TRIGGER erratum_is_kept ON rulebooks_erratum;")]
