"""What was saved, received or countersigned is never changed."""

from django.db import migrations

TABLES = ("version", "legaltext", "countersignature")
FORWARD = """
CREATE FUNCTION keep_rulebook_witness() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a row of % is kept as it was written', TG_TABLE_NAME;
END $$;
""" + "".join(
    f"""
CREATE TRIGGER {table}_is_kept BEFORE UPDATE OR DELETE ON rulebooks_{table}
    FOR EACH ROW EXECUTE FUNCTION keep_rulebook_witness();
"""
    for table in TABLES
)
BACKWARD = "".join(f"DROP TRIGGER {table}_is_kept ON rulebooks_{table};\n" for table in TABLES) + (
    "DROP FUNCTION keep_rulebook_witness();"
)


class Migration(migrations.Migration):
    dependencies = [("rulebooks", "0003_keep_every_version_of_a_draft")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
