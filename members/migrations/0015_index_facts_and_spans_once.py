"""Indexes that begin with the member, or are of the entry, stand twice: one of each is enough."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0002_keep_entries_for_good"),
        ("members", "0014_tie_letters_to_contacts_of_their_member"),
    ]
    operations = [
        migrations.AlterField(
            model_name="fact",
            name="entry",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="ledger.entry",
            ),
        ),
        migrations.AlterField(
            model_name="fact",
            name="member",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="facts",
                to="members.member",
            ),
        ),
        migrations.AlterField(
            model_name="span",
            name="member",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="spans",
                to="members.member",
            ),
        ),
    ]
