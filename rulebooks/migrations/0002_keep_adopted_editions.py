"""The text of an adopted edition never changes; it may only be superseded."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION keep_adopted_edition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'draft' THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.status = 'superseded'
        AND (NEW.code, NEW.title, NEW.text, NEW.sha256, NEW.in_force_from, NEW.adopted_at)
            = (OLD.code, OLD.title, OLD.text, OLD.sha256, OLD.in_force_from, OLD.adopted_at) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'edition % is adopted and cannot be changed or removed', OLD.code;
END $$;
CREATE TRIGGER adopted_edition_is_kept BEFORE UPDATE OR DELETE ON rulebooks_edition
    FOR EACH ROW EXECUTE FUNCTION keep_adopted_edition();
"""
BACKWARD = """
DROP TRIGGER adopted_edition_is_kept ON rulebooks_edition;
DROP FUNCTION keep_adopted_edition();
"""


class Migration(migrations.Migration):
    dependencies = [("rulebooks", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
