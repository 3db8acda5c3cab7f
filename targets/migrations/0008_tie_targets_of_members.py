"""A target names the member of the one that it revises, and what was proposed is kept."""

from django.db import migrations

FORWARD = """
ALTER TABLE targets_membertarget ADD CONSTRAINT own_target_and_member UNIQUE (id, member_id);
ALTER TABLE targets_membertarget ADD CONSTRAINT own_target_revises_one_of_its_member
    FOREIGN KEY (revises_id, member_id) REFERENCES targets_membertarget (id, member_id);
CREATE FUNCTION keep_what_was_proposed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.outcome <> '' OR
       (to_jsonb(OLD) - ARRAY['outcome', 'decision_reason', 'decided_at', 'decided_by_id']) <>
       (to_jsonb(NEW) - ARRAY['outcome', 'decision_reason', 'decided_at', 'decided_by_id'])
    THEN
        RAISE EXCEPTION 'a target that was proposed, or decided about, is kept as it is';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER own_target_is_kept BEFORE UPDATE OR DELETE ON targets_membertarget
    FOR EACH ROW EXECUTE FUNCTION keep_what_was_proposed();
"""
BACKWARD = """
DROP TRIGGER own_target_is_kept ON targets_membertarget;
DROP FUNCTION keep_what_was_proposed();
ALTER TABLE targets_membertarget DROP CONSTRAINT own_target_revises_one_of_its_member;
ALTER TABLE targets_membertarget DROP CONSTRAINT own_target_and_member;
"""


class Migration(migrations.Migration):
    dependencies = [("targets", "0007_targets_of_members")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
