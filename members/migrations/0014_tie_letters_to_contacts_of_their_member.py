"""A letter to a contact is about the member whose contact it is."""

from django.db import migrations

FORWARD = """
ALTER TABLE members_contact ADD CONSTRAINT contact_and_member UNIQUE (id, member_id);
ALTER TABLE members_letter ADD CONSTRAINT letter_of_contacts_member
    FOREIGN KEY (contact_id, member_id) REFERENCES members_contact (id, member_id)
    DEFERRABLE INITIALLY DEFERRED;
"""
BACKWARD = """
ALTER TABLE members_letter DROP CONSTRAINT letter_of_contacts_member;
ALTER TABLE members_contact DROP CONSTRAINT contact_and_member;
"""


class Migration(migrations.Migration):
    dependencies = [("members", "0013_contacts_groups_and_earlier_names")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
