"""What was certified stays as it was."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER issued_certificate_is_kept BEFORE UPDATE OR DELETE ON reports_issuedcertificate
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
BACKWARD = "DROP TRIGGER issued_certificate_is_kept ON reports_issuedcertificate;"


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0003_keep_certificates_issued"),
        ("ledger", "0002_keep_entries_for_good"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
