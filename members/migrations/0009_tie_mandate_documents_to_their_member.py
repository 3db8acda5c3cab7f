"""A document is of its mandate's member, and a signature rests on a document of its member."""

from django.db import migrations

FORWARD = """
ALTER TABLE members_mandatedocument ADD CONSTRAINT mandate_document_and_member
    UNIQUE (id, member_id);
ALTER TABLE members_mandatedocument ADD CONSTRAINT document_of_the_mandates_member
    FOREIGN KEY (mandate_id, member_id) REFERENCES members_mandate (id, member_id);
ALTER TABLE members_signature ADD CONSTRAINT signature_rests_on_its_members_document
    FOREIGN KEY (document_id, member_id) REFERENCES members_mandatedocument (id, member_id);
"""
BACKWARD = """
ALTER TABLE members_signature DROP CONSTRAINT signature_rests_on_its_members_document;
ALTER TABLE members_mandatedocument DROP CONSTRAINT document_of_the_mandates_member;
ALTER TABLE members_mandatedocument DROP CONSTRAINT mandate_document_and_member;
"""


class Migration(migrations.Migration):
    dependencies = [("members", "0008_keep_all_that_was_signed")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
