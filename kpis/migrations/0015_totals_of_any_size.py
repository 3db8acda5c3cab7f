from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kpis", "0014_tell_of_all_members_only_what_gives_nobody_away")]

    operations = [
        migrations.AlterField(
            model_name="scorecard",
            name="total",
            field=models.DecimalField(decimal_places=12, max_digits=1000, null=True),
        ),
    ]
