"""Of millions of obligations few are not done: they have an index of their own."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("members", "0015_index_facts_and_spans_once")]
    operations = [
        migrations.AddIndex(
            model_name="span",
            index=models.Index(
                condition=Q(
                    ("kind", "obligation"),
                    (
                        "state__in",
                        ("open", "extended", "incomplete", "overdue", "missed"),
                    ),
                    ("until_on", None),
                ),
                fields=["due_on", "id"],
                include=("state", "member", "from_on"),
                name="span_unsettled",
            ),
        ),
    ]
