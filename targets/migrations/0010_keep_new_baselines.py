"""A baseline that was worked out anew is kept as it was recorded."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION keep_new_baseline() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a baseline that was worked out anew is kept as it is';
END $$;
CREATE TRIGGER new_baseline_is_kept BEFORE UPDATE OR DELETE ON targets_newbaseline
    FOR EACH ROW EXECUTE FUNCTION keep_new_baseline();
"""
BACKWARD = """
DROP TRIGGER new_baseline_is_kept ON targets_newbaseline;
DROP FUNCTION keep_new_baseline();
"""


class Migration(migrations.Migration):
    dependencies = [("targets", "0009_work_baselines_out_anew")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
