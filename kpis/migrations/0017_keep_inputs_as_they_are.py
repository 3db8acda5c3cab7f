"""What went into a card is stored as it is: to compress it took a third of the server's part of a
run over sites, and it is small beside the rows of answers that it tells again.
"""

from django.db import migrations

FORWARD = "ALTER TABLE kpis_scorecard ALTER COLUMN inputs SET STORAGE EXTERNAL;"
BACKWARD = "ALTER TABLE kpis_scorecard ALTER COLUMN inputs SET STORAGE EXTENDED;"


class Migration(migrations.Migration):
    dependencies = [("kpis", "0016_hold_the_member_of_a_card_by_its_return")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
