"""An answer of a site names the member of its return and of its site, and is kept once filed."""

from django.db import migrations

FORWARD = """
ALTER TABLE kpis_sitevalue ADD CONSTRAINT site_value_of_the_returns_member
    FOREIGN KEY (of_return_id, member_id) REFERENCES kpis_return (id, member_id);
ALTER TABLE kpis_sitevalue ADD CONSTRAINT site_value_of_the_sites_member
    FOREIGN KEY (site_id, member_id) REFERENCES members_site (id, member_id);
CREATE TRIGGER filed_site_values_are_kept BEFORE UPDATE OR DELETE ON kpis_sitevalue
    FOR EACH ROW EXECUTE FUNCTION keep_filed_content('the answer of a site');
"""
BACKWARD = """
DROP TRIGGER filed_site_values_are_kept ON kpis_sitevalue;
ALTER TABLE kpis_sitevalue DROP CONSTRAINT site_value_of_the_sites_member;
ALTER TABLE kpis_sitevalue DROP CONSTRAINT site_value_of_the_returns_member;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("kpis", "0006_keep_answers_of_sites"),
        ("members", "0004_tie_sites_to_their_member"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
