"""What names a site and a member names the site of that member."""

from django.db import migrations

FORWARD = "ALTER TABLE members_site ADD CONSTRAINT site_and_member UNIQUE (id, member_id)"
BACKWARD = "ALTER TABLE members_site DROP CONSTRAINT site_and_member"


class Migration(migrations.Migration):
    dependencies = [("members", "0003_keep_sites")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
