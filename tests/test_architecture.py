"""The conventions that a machine can check and import-linter cannot."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import inspect
import pkgutil
import re
import tomllib
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import get_args

import pytest
from django.apps import apps
from django.db import connection, models

from ledger import rules as ledger_rules
from ledger.rules import Event
from msi_platform.reactions import REACTIONS

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
CONTRACTS = PROJECT["tool"]["importlinter"]["contracts"]
STREET = [app.strip("()") for app in CONTRACTS[0]["layers"][:0:-1]]  # lowest first
STREET = [app for app in STREET if (ROOT / app).is_dir()]
MODELS = [
    m for app in STREET for m in apps.get_app_config(app).get_models(include_auto_created=True)
]


def sources(*parts: str) -> Iterator[Path]:
    """Yield the Python files of every app, or those in rooms of these names."""
    for app in STREET:
        for path in sorted((ROOT / app).rglob("*.py")):
            rooms = path.relative_to(ROOT / app).with_suffix("").parts
            if rooms[0] != "migrations" and (not parts or rooms[0] in parts):
                yield path


def place(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(ROOT)}:{node.lineno}"


# Tables


def test_foreign_keys_point_downwards():
    upward = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in MODELS
        for field in model._meta.get_fields()
        if field.concrete
        and field.is_relation
        and field.related_model._meta.app_label in STREET
        and STREET.index(field.related_model._meta.app_label) > STREET.index(model._meta.app_label)
    ]
    assert upward == []


def has_member(model: type[models.Model]) -> bool:
    return any(field.name == "member" for field in model._meta.get_fields() if field.concrete)


MEMBER_DATA = [
    model for model in MODELS if has_member(model) or model._meta.label == "members.Member"
]
# Without a member: people, rules, the calendar, the record, the machinery.
NO_MEMBER_DATA = {
    "ledger.Entry",
    "ledger.Due",
    "accounts.User",
    "accounts.RoleHeld",
    "rulebooks.Edition",
    "rulebooks.Manuscript",
    "rulebooks.Version",
    "rulebooks.LegalText",
    "rulebooks.Countersignature",
    "rulebooks.Erratum",
    "members.Organisation",
    "members.Affiliation",
    "members.CorporateGroup",
    "members.EarlierName",
    "members.GroupMembership",
    "members.InSector",
    "members.Application",  # of an organisation that is no member yet; scoped by itself
    "members.ResumeLink",  # of an application, and so are the next four
    "members.ApplicationDocument",
    "members.TieDeclaration",
    "members.DiligenceCheck",
    "members.Appeal",
    "governance.AdmissionDecision",
    "governance.AdmissionRound",
    "members.LetterTemplate",
    "members.Provenance",
    "governance.Body",
    "governance.Seat",
    "governance.Resolution",
    "targets.NewBaseline",
    "targets.Period",
    "targets.Circular",
    "targets.Feed",  # whose it is; what it shows is read when it is read
    "kpis.Move",
    "kpis.ScoreRun",
    "kpis.Shard",
    "kpis.Aggregate",  # counts only, held to the rule of disclosure
    "suspensions.Simulation",  # counts only
}


def test_every_table_says_of_which_member_it_speaks_or_is_listed_as_speaking_of_none():
    assert {m._meta.label for m in MODELS} - {m._meta.label for m in MEMBER_DATA} <= NO_MEMBER_DATA


@pytest.mark.parametrize("model", MEMBER_DATA, ids=lambda m: m._meta.label)
def test_every_model_with_member_data_is_read_through_visible_to(model):
    assert hasattr(model.objects, "visible_to")


@pytest.mark.django_db
def test_rows_that_belong_together_name_the_same_member():
    """Where child and parent both name a member, a composite foreign key makes it the same one."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select conrelid::regclass::text || ' -> ' || confrelid::regclass::text,
                   array_agg(a.attname::text)
            from pg_constraint c
            join pg_attribute a on a.attrelid = c.conrelid and a.attnum = any(c.conkey)
            where contype = 'f' and array_length(conkey, 1) > 1
            group by c.oid
            """
        )
        tied = {pair for pair, columns in cursor.fetchall() if "member_id" in columns}
    untied = [
        pair
        for model in MEMBER_DATA
        for field in model._meta.get_fields()
        if field.concrete
        and field.is_relation
        and field.related_model in MEMBER_DATA
        and has_member(field.related_model)
        for pair in [f"{model._meta.db_table} -> {field.related_model._meta.db_table}"]
        if pair not in tied
    ]
    assert untied == []


def test_a_moment_and_who_acted_are_set_together():
    """Where a model has ``x_at`` and ``x_by`` and either may be empty, a constraint ties them."""
    loose = []
    for model in MODELS:
        fields = {field.name: field for field in model._meta.get_fields() if field.concrete}
        tied = " ".join(
            str(c.condition) for c in model._meta.constraints if hasattr(c, "condition")
        )
        for name, field in fields.items():
            by = f"{name[:-3]}_by"
            if not name.endswith("_at") or by not in fields:
                continue
            optional = field.null or fields[by].null
            if optional and (f"'{by}" not in tied or f"'{name}" not in tied):
                loose.append(f"{model._meta.label}.{name}")
    assert loose == []


def test_no_model_orders_itself_or_decides_in_save():
    assert [m._meta.label for m in MODELS if m._meta.ordering] == []
    overridden = [m._meta.label for m in MODELS if {"save", "clean", "delete"} & set(vars(m))]
    assert overridden == []


# Writes

WRITES = {
    *("save", "create", "bulk_create", "update", "bulk_update", "delete", "raw", "copy", "execute"),
    *(
        "get_or_create",
        "update_or_create",
        "executemany",
        "copy_expert",
        "add_user",
        "set_password",
    ),
}
NOT_THE_DATABASE = {"dict", "set", "hash", "hasher", "cache", "session", "digest", "counter"}
WRITE_ROOMS = {"services", "migrations"}


def receiver(call: ast.Call) -> str:
    return ast.unparse(call.func.value) if isinstance(call.func, ast.Attribute) else ""


def writes_rows(call: ast.Call) -> bool:
    """Whether a call may write rows. Updating a dict or a hash is not one."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in WRITES:
        return False
    if call.func.attr == "copy_expert" and " to stdout" in ast.unparse(call):
        return False
    if call.func.attr in {"update", "copy", "delete", "create"}:
        return "objects" in receiver(call) or bool(call.keywords)
    return True


def test_only_services_write():
    """Outside services and migrations nothing writes rows, by the ORM, by SQL or by COPY."""
    offenders = [
        place(path, node)
        for path in sources()
        if path.relative_to(ROOT).with_suffix("").parts[1] not in WRITE_ROOMS
        and "rules" not in path.relative_to(ROOT).with_suffix("").parts
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and writes_rows(node)
    ]
    assert offenders == []


# These join the transaction of a service that has asked for permission.
JOIN_THEIR_CALLER = {
    "ledger.services.record",
    "ledger.services.work_due",  # the machinery: each reaction runs a service of its own
    "kpis.services.cards.write_cards",
    "members.services.facts.state",
    "members.services.facts.state_for_all",
    "members.services.facts.state_many",
    "members.services.facts.derive",
    "members.services.facts.derive_all",
    "members.services.planned.state_planned",
    "members.services.planned.name_planned",
    "members.services.planned.place_planned",
    "members.services.planned.name_source",
    "members.services.facts.keep_places",
    "members.services.letters.queue",
    "members.services.letters.queue_many",
    "members.services.letters.queue_to_applicant",
    "members.services.conditions.set_conditions",
    "members.services.sectors.keep_sectors",
    "suspensions.services.papers.add",
    "suspensions.services.papers.tell",
}
NOT_ATOMIC = {
    "ledger.services.record",  # asks for the caller's transaction
    "ledger.services.work_due",  # a transaction for each row
    "kpis.services.runs.work_open_shards",  # a transaction for each shard
    "suspensions.services.daily.advance",  # a transaction for each batch
}
NOT_SERVICES = {
    "ledger.services.address",
    "ledger.services.reactions",
    "members.services.applying.locked",  # these look or refuse, and write nothing
    "members.services.places.require_free",
    "members.services.places.require_free_as_far_as_told",
    "members.services.places.require_open",
    "members.services.places.require_place",
    "members.services.received.read_file",
    "members.services.scrutiny.require_no_tie",
}
PERMISSION_IN = re.compile(r"^(access|accounts|members)?\.?(access\.)?(require|_require)\w*\(")


def services() -> Iterator[tuple[str, ast.FunctionDef]]:
    for path in sources("services"):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                name = f"{module}.{node.name}"
                if name not in NOT_SERVICES and not is_reaction(node):
                    yield name, node


def is_reaction(node: ast.FunctionDef) -> bool:
    """A reaction takes the ledger entry alone; what it does is a service's."""
    return [argument.arg for argument in node.args.args] == ["entry"] and not node.args.kwonlyargs


SERVICES = [pytest.param(name, node, id=name) for name, node in services()]


@pytest.mark.parametrize(("name", "node"), SERVICES)
def test_every_service_is_atomic(name, node):
    if name not in NOT_ATOMIC:
        assert "transaction.atomic" in [ast.unparse(d) for d in node.decorator_list]


@pytest.mark.parametrize(("name", "node"), SERVICES)
def test_every_service_asks_for_permission_before_it_writes(name, node):
    """Ordinary tests cannot see this: they run as whoever is allowed."""
    if name in JOIN_THEIR_CALLER:
        return
    body = node.body[1:] if ast.get_docstring(node) else node.body
    for statement in body:
        if PERMISSION_IN.match(ast.unparse(statement)):
            return
        assert not any(
            isinstance(call, ast.Call)
            and (writes_rows(call) or ".record" in ast.unparse(call.func))
            for call in ast.walk(statement)
        ), f"{name} writes before it asks"
    pytest.fail(f"{name} never asks for permission")


@pytest.mark.parametrize(("name", "node"), SERVICES)
def test_every_service_names_its_arguments_and_its_actor(name, node):
    positional = [argument.arg for argument in node.args.args]
    if name in JOIN_THEIR_CALLER:
        assert len(positional) <= 1
    else:
        assert positional == []
        assert "by" in [argument.arg for argument in node.args.kwonlyargs]


# Reads

EDGE = ("views", "api")


def test_pages_and_api_read_member_data_through_visible_to_only():
    names = {model.__name__ for model in MEMBER_DATA}
    offenders = []
    for path in sources(*EDGE):
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Attribute)
                and node.attr not in {"visible_to", "none"}
                and isinstance(node.value, ast.Attribute)
                and node.value.attr == "objects"
                and ast.unparse(node.value.value).split(".")[-1] in names
            ):
                offenders.append(f"{place(path, node)}: {ast.unparse(node)}")
    assert offenders == []


def test_no_decision_reads_the_clock():
    """Rules get the day as an argument."""
    clock = re.compile(r"\b(date\.today|datetime\.now|timezone\.(now|localdate)|time\.time)\(")
    assert [str(p.relative_to(ROOT)) for p in sources("rules") if clock.search(p.read_text())] == []


# The record

SAFE = {bool, int, Decimal, date, datetime, type(None)}
SAFE_TEXT = {get_args(ledger_rules.Code)[1], get_args(ledger_rules.Digest)[1]}


def import_all_events() -> dict[str, type[Event]]:
    for app in STREET:
        if importlib.util.find_spec(f"{app}.events"):
            importlib.import_module(f"{app}.events")
    return {c: e for c, e in Event.registered.items() if not c.startswith("tests.")}


EVENTS = import_all_events()


def unsafe(annotation: object, metadata: tuple = ()) -> bool:
    """Whether a field could hold a name or a sentence: text that is no code and no digest."""
    if annotation is str:
        return not SAFE_TEXT & set(metadata)
    if annotation in SAFE or annotation is Ellipsis:
        return False
    arguments = get_args(annotation)
    if arguments and arguments[0] is str and len(arguments) > 1:
        return not SAFE_TEXT & set(arguments[1:])
    return not arguments or any(unsafe(argument) for argument in arguments)


@pytest.mark.parametrize("event", EVENTS.values(), ids=list(EVENTS))
def test_no_event_can_hold_a_name_or_free_text(event):
    free = [n for n, f in event.model_fields.items() if unsafe(f.annotation, tuple(f.metadata))]
    assert free == []


@pytest.mark.parametrize("event", EVENTS.values(), ids=list(EVENTS))
def test_every_event_is_called_app_noun_verbed_and_recorded_by_its_app(event):
    app = event.__module__.split(".")[0]
    assert re.fullmatch(rf"{app}\.[a-z_]+\.[a-z_]+", event.code)
    written = "".join(
        path.read_text() for path in sources("services") if path.is_relative_to(ROOT / app)
    )
    assert re.search(rf"\b{event.__name__}\b", written), "no service records it"


def test_every_reaction_is_to_an_event_that_exists():
    assert set(REACTIONS) <= set(EVENTS)


# Rules


def rule_functions() -> Iterator[tuple[str, object]]:
    for app in STREET:
        try:
            package = importlib.import_module(f"{app}.rules")
        except ModuleNotFoundError:
            continue
        modules = [package] + [
            importlib.import_module(found.name)
            for found in pkgutil.walk_packages(getattr(package, "__path__", []), f"{app}.rules.")
        ]
        for module in modules:
            for name, function in inspect.getmembers(module, inspect.isfunction):
                if function.__module__ == module.__name__ and not name.startswith("_"):
                    yield f"{module.__name__}.{name}", function


@pytest.mark.parametrize("rule", [pytest.param(f, id=n) for n, f in rule_functions()])
def test_every_rule_says_what_it_returns(rule):
    assert inspect.getdoc(rule)


def test_no_float_comes_near_a_published_number():
    offenders = [
        place(path, node)
        for app in ("rulebooks", "kpis")
        for path in (ROOT / app / "rules").rglob("*.py")
        if path.name != "tables.py"  # a workbook's cells are floats; it turns them into decimals
        for node in ast.walk(ast.parse(path.read_text()))
        if (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (isinstance(node, ast.Name) and node.id == "float")
        or (isinstance(node, ast.Attribute) and node.attr in {"Float64", "Float32"})
    ]
    assert offenders == []


NAMES = (
    "knowthechain|sbti|science based|rspo|eiti|ungc|global compact|rba|walk ?free|wikirate|"
    "fairtrade|rjc|better ?cotton|garment|bsci|ogp|pri"
)


def test_no_initiative_is_named_in_code():
    """Differences between initiatives are data. Tests may name the data they read."""
    named = re.compile(rf"(?<![a-z])({NAMES})(?![a-z])", re.IGNORECASE)
    paths = [*sources(), *(ROOT / "msi_platform").rglob("*.py"), ROOT / "manage.py"]
    assert [str(p.relative_to(ROOT)) for p in paths if named.search(p.read_text())] == []


# Pages


TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT / "templates")))
def test_templates_carry_no_inline_script_or_style_and_trust_no_typed_text(path):
    text = path.read_text()
    assert not re.search(r"<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=|\|safe\b|<style", text)


def test_every_component_lists_what_it_takes():
    silent = [
        path.name
        for path in (ROOT / "templates" / "components").glob("*.html")
        if not path.read_text().lstrip().startswith(("{#", "{% comment"))
    ]
    assert silent == []
