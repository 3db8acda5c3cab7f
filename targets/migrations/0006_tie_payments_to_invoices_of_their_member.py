"""A payment is by the member whose invoice it pays."""

from django.db import migrations

FORWARD = """
ALTER TABLE targets_invoice ADD CONSTRAINT invoice_and_member UNIQUE (id, member_id);
ALTER TABLE targets_payment ADD CONSTRAINT payment_of_invoices_member
    FOREIGN KEY (invoice_id, member_id) REFERENCES targets_invoice (id, member_id)
    DEFERRABLE INITIALLY DEFERRED;
"""
BACKWARD = """
ALTER TABLE targets_payment DROP CONSTRAINT payment_of_invoices_member;
ALTER TABLE targets_invoice DROP CONSTRAINT invoice_and_member;
"""


class Migration(migrations.Migration):
    dependencies = [("targets", "0005_fees")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
