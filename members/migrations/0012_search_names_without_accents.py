"""Names, identifiers and countries are found by any part of them, whatever case and accents."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import UnaccentExtension
from django.db import migrations, models
from django.db.models import F, Value
from django.db.models.functions import Concat

import members.models.search

# unaccent is only stable, because its dictionary might change; this one names it.
FORWARD = """
CREATE FUNCTION members_folded(text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    RETURN lower(public.unaccent('public.unaccent'::regdictionary, $1));
"""


class Migration(migrations.Migration):
    dependencies = [("members", "0011_find_names_alike")]
    operations = [
        UnaccentExtension(),
        migrations.RunSQL(FORWARD, "DROP FUNCTION members_folded(text)"),
        migrations.AddField(
            model_name="organisation",
            name="sought",
            field=models.GeneratedField(
                expression=members.models.search.Folded(
                    Concat(F("name"), Value(" "), F("identifier"), Value(" "), F("country"))
                ),
                output_field=models.TextField(),
                db_persist=True,
            ),
        ),
        migrations.AddIndex(
            model_name="organisation",
            index=GinIndex(
                fields=["sought"], opclasses=["gin_trgm_ops"], name="organisation_by_any_part"
            ),
        ),
    ]
