"""The platform is a user: jobs and the daily run act as it. Nobody can sign in as it."""

from datetime import date

from django.db import migrations


def add(apps, schema_editor):
    user = apps.get_model("accounts", "User").objects.create(
        email="platform@localhost.example", name="The platform", password="!"
    )
    apps.get_model("accounts", "RoleHeld").objects.create(
        user=user, role="system", since_on=date(2000, 1, 1)
    )


def remove(apps, schema_editor):
    apps.get_model("accounts", "RoleHeld").objects.filter(role="system").delete()
    apps.get_model("accounts", "User").objects.filter(email="platform@localhost.example").delete()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunPython(add, remove)]
