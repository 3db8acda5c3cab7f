"""Gives the role of web, worker and scheduler its rights. Run after ``migrate``, as the owner."""

from __future__ import annotations

import os

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from psycopg2 import sql

ROLE = "msi_web"
READ = {"django_migrations"}
EVERYTHING = "select, insert, update, delete"  # never truncate
ONE_AT_A_TIME = 7_238_114  # the number of an advisory lock: two grants at once would collide

# Roles belong to the cluster, and another database's set-up may create this one meanwhile.
CREATE = """
do $$ begin
    create role {} login;
exception when duplicate_object or unique_violation then
    null;
end $$
"""
# Tables whose rows a trigger keeps for good, whatever the row. (16 and 8: of UPDATE, of DELETE.)
KEPT = """
select distinct t.tgrelid::regclass::text
from pg_trigger t join pg_proc f on f.oid = t.tgfoid
where f.proname = 'refuse_change' and t.tgtype & 24 = 24 and t.tgqual is null
"""


class Command(BaseCommand):
    help = f"Create the role {ROLE} if missing and give it exactly the rights it needs."

    def handle(self, **options: object) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
            make_role(cursor, password=os.environ.get("DATABASE_ROLE_PASSWORD"))
            grant(cursor)
        self.stdout.write(f"{ROLE} has its rights on {connection.settings_dict['NAME']}.")


def make_role(cursor: CursorWrapper, *, password: str | None) -> None:
    """Create the role without any power of its own; set its password when one is given.

    :raises CommandError: when the role exists and could pass by its grants.
    """
    role = sql.Identifier(ROLE)
    cursor.execute("select rolsuper or rolbypassrls from pg_roles where rolname = %s", [ROLE])
    found = cursor.fetchone()
    if found is None:
        cursor.execute(sql.SQL(CREATE).format(role))
    elif found[0]:
        raise CommandError(f"{ROLE} is a superuser or bypasses row security: take that away.")
    if password:
        command = sql.SQL("alter role {} password {}")
        cursor.execute(command.format(role, sql.Literal(password)))


def grant(cursor: CursorWrapper) -> None:
    """Take all rights on our tables away and give those that are named here.

    A table that Django does not know stays closed to the role.
    """
    role = sql.Identifier(ROLE)
    for command in (
        "revoke all on all tables in schema public from {role}",
        "grant usage on schema public to {role}",
        "grant usage, select on all sequences in schema public to {role}",
    ):
        cursor.execute(sql.SQL(command).format(role=role))
    cursor.execute(KEPT)
    kept = {table for (table,) in cursor.fetchall()}
    existing = set(connection.introspection.table_names(cursor))
    for table in sorted((tables() | READ) & existing):
        rights = "select" if table in READ else "select, insert" if table in kept else EVERYTHING
        command = sql.SQL(f"grant {rights} on {{table}} to {{role}}")
        cursor.execute(command.format(table=sql.Identifier(table), role=role))


def tables() -> set[str]:
    models = apps.get_models(include_auto_created=True)
    return {model._meta.db_table for model in models if model._meta.managed}
