"""Names of organisations and applicants are found although they are spelled another way."""

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations

FORWARD = r"""
CREATE FUNCTION name_key(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT trim(regexp_replace(
        regexp_replace(normalize(replace(lower(name), 'ß', 'ss'), NFKD), '[\u0300-\u036f.'']', '', 'g'),
        '[^[:alnum:]]+', ' ', 'g'))
$$;
CREATE INDEX organisation_by_name_key ON members_organisation
    USING gin (name_key(name) gin_trgm_ops);
"""
BACKWARD = """
DROP INDEX organisation_by_name_key;
DROP FUNCTION name_key(text);
"""


class Migration(migrations.Migration):
    dependencies = [("members", "0010_take_applications_in")]
    operations = [TrigramExtension(), migrations.RunSQL(FORWARD, BACKWARD)]
