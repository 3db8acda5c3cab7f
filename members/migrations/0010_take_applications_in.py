"""Applications without an account, what comes before their decision, and letters to applicants."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

NAMES = """
UPDATE members_application a
SET name = o.name, sort = o.sort, country = o.country, started_at = filed_at, saved_at = filed_at
FROM members_organisation o WHERE o.id = a.organisation_id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0002_keep_entries_for_good"),
        ("members", "0009_tie_mandate_documents_to_their_member"),
        ("rulebooks", "0006_keep_errata"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Appeal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField()),
                ("refused_at", models.DateTimeField()),
                ("filed_at", models.DateTimeField()),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Open"),
                            ("upheld", "The refusal is upheld"),
                            ("overturned", "The refusal is overturned"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
                ("reasons", models.TextField(blank=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="ApplicationDocument",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("asked", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=200)),
                ("media_type", models.CharField(max_length=100)),
                ("size", models.PositiveBigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("content", models.BinaryField()),
                ("received_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Condition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40, unique=True)),
                ("text", models.TextField()),
                ("clause", models.CharField(max_length=200)),
                ("due_on", models.DateField()),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("", "Open"), ("met", "Met"), ("unmet", "Not met")],
                        default="",
                        max_length=5,
                    ),
                ),
                ("finding", models.TextField(blank=True)),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="DiligenceCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("item", models.CharField(max_length=40)),
                (
                    "result",
                    models.CharField(
                        choices=[
                            ("clear", "Nothing stands against it"),
                            ("concern", "A concern"),
                            ("not_applicable", "Does not apply"),
                        ],
                        max_length=15,
                    ),
                ),
                ("finding", models.TextField()),
                ("checked_on", models.DateField()),
                ("made_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Objection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("criterion", models.CharField(max_length=40)),
                ("text", models.TextField()),
                ("evidence", models.TextField(blank=True)),
                ("file_name", models.CharField(blank=True, max_length=200)),
                ("file_sha256", models.CharField(blank=True, max_length=64)),
                ("file_content", models.BinaryField(null=True)),
                ("competitor", models.BooleanField()),
                ("declared", models.BooleanField()),
                ("made_at", models.DateTimeField()),
                ("substance", models.TextField(blank=True)),
                ("put_at", models.DateTimeField(blank=True, null=True)),
                ("reply", models.TextField(blank=True)),
                ("replied_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="ResumeLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("expires_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="TieDeclaration",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("has_tie", models.BooleanField()),
                ("text", models.TextField(blank=True)),
                ("declared_at", models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="application",
            name="application_decided_at_and_by_together",
        ),
        migrations.RenameField("application", "filed_by", "filer"),
        migrations.AddField(
            model_name="application",
            name="content",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name="application",
            name="country",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name="application",
            name="criterion",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name="application",
            name="decision",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="ledger.entry",
            ),
        ),
        migrations.AddField(
            model_name="application",
            name="email",
            field=models.EmailField(blank=True, max_length=254),
        ),
        migrations.AlterField(
            model_name="application",
            name="filer",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="application",
            name="name",
            field=models.CharField(default="", max_length=200),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="application",
            name="saved_at",
            field=models.DateTimeField(default=django.utils.timezone.now),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="application",
            name="sort",
            field=models.CharField(
                blank=True,
                choices=[
                    ("company", "Company"),
                    ("ngo", "NGO"),
                    ("union", "Union"),
                    ("audit_firm", "Audit firm"),
                    ("initiative", "Initiative"),
                    ("other", "Other"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="application",
            name="started_at",
            field=models.DateTimeField(default=django.utils.timezone.now),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="letter",
            name="application",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="letters",
                to="members.application",
            ),
        ),
        migrations.AlterField(
            model_name="application",
            name="filed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="application",
            name="organisation",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="applications",
                to="members.organisation",
            ),
        ),
        migrations.AlterField(
            model_name="application",
            name="outcome",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "Open"),
                    ("admitted", "Admitted"),
                    ("refused", "Refused"),
                    ("withdrawn", "Withdrawn"),
                ],
                default="",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="letter",
            name="member",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="letters",
                to="members.member",
            ),
        ),
        migrations.AlterField(
            model_name="letter",
            name="to",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunSQL(NAMES, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(fields=["email"], name="application_by_email"),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("decided_by", None), ("outcome", "")),
                    models.Q(("decided_at__isnull", False), ("outcome", "withdrawn")),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                        ("outcome__in", ["admitted", "refused"]),
                    ),
                    _connector="OR",
                ),
                name="application_decided_at_and_by_together",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome__in", ["admitted", "refused"]), _negated=True),
                    models.Q(("filed_at__isnull", False), ("organisation__isnull", False)),
                    models.Q(("filed_at__isnull", False), ("outcome", "refused")),
                    _connector="OR",
                ),
                name="application_decided_once_filed",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("email", ""), _negated=True),
                    ("organisation__isnull", False),
                    _connector="OR",
                ),
                name="application_can_be_answered",
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("application", None), ("member__isnull", False), ("to__isnull", False)
                    ),
                    models.Q(("application__isnull", False), ("member", None), ("to", None)),
                    _connector="OR",
                ),
                name="letter_to_a_person_or_an_applicant",
            ),
        ),
        migrations.AddField(
            model_name="appeal",
            name="application",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="appeal",
                to="members.application",
            ),
        ),
        migrations.AddField(
            model_name="appeal",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="appeal",
            name="decision",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="ledger.entry",
            ),
        ),
        migrations.AddField(
            model_name="applicationdocument",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="documents",
                to="members.application",
            ),
        ),
        migrations.AddField(
            model_name="condition",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="conditions",
                to="members.application",
            ),
        ),
        migrations.AddField(
            model_name="condition",
            name="member",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="conditions",
                to="members.member",
            ),
        ),
        migrations.AddField(
            model_name="condition",
            name="settled_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="diligencecheck",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="checks",
                to="members.application",
            ),
        ),
        migrations.AddField(
            model_name="diligencecheck",
            name="checked_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="objection",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="objections",
                to="members.application",
            ),
        ),
        migrations.AddField(
            model_name="objection",
            name="made_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="objection",
            name="member",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="members.member"
            ),
        ),
        migrations.AddField(
            model_name="objection",
            name="put_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="resumelink",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="links",
                to="members.application",
            ),
        ),
        migrations.AddField(
            model_name="tiedeclaration",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="ties",
                to="members.application",
            ),
        ),
        migrations.AddField(
            model_name="tiedeclaration",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="appeal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("decided_by", None), ("outcome", "")),
                    models.Q(
                        models.Q(("outcome", ""), _negated=True),
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="appeal_of_applicant_decided_at_and_by_together",
            ),
        ),
        migrations.AddConstraint(
            model_name="appeal",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="appeal_says_why"
            ),
        ),
        migrations.AddConstraint(
            model_name="applicationdocument",
            constraint=models.UniqueConstraint(
                fields=("application", "asked", "sha256"), name="document_once_per_application"
            ),
        ),
        migrations.AddConstraint(
            model_name="applicationdocument",
            constraint=models.CheckConstraint(
                condition=models.Q(("size__gt", 0)), name="document_is_not_empty"
            ),
        ),
        migrations.AddConstraint(
            model_name="condition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", ""), ("settled_at", None), ("settled_by", None)),
                    models.Q(
                        models.Q(("outcome", ""), _negated=True),
                        ("settled_at__isnull", False),
                        ("settled_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="condition_settled_at_and_by_together",
            ),
        ),
        migrations.AddConstraint(
            model_name="condition",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="condition_says_what"
            ),
        ),
        migrations.AddConstraint(
            model_name="diligencecheck",
            constraint=models.CheckConstraint(
                condition=models.Q(("finding", ""), _negated=True), name="check_states_its_finding"
            ),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("evidence", ""), _negated=True),
                    models.Q(("file_sha256", ""), _negated=True),
                    _connector="OR",
                ),
                name="objection_carries_evidence",
            ),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("put_at", None), ("put_by", None), ("substance", "")),
                    models.Q(
                        ("put_at__isnull", False),
                        ("put_by__isnull", False),
                        models.Q(("substance", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="objection_put_at_and_by_together",
            ),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("replied_at", None), ("reply", "")),
                    models.Q(
                        ("put_at__isnull", False),
                        ("replied_at__isnull", False),
                        models.Q(("reply", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="objection_replied_to_once_put",
            ),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.UniqueConstraint(
                fields=("member", "application", "criterion"), name="objection_once_per_criterion"
            ),
        ),
        migrations.AddConstraint(
            model_name="tiedeclaration",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("has_tie", False), models.Q(("text", ""), _negated=True), _connector="OR"
                ),
                name="tie_says_what_it_is",
            ),
        ),
    ]
