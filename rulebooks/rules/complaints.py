"""What pydantic found wrong, in words for the person who writes the document."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from decimal import Decimal
from difflib import get_close_matches
from functools import lru_cache

from pydantic import BaseModel, ValidationError

Path = tuple[str | int, ...]

WORDS = {
    "model_type": "must be a block of keys and values",
    "model_attributes_type": "must be a block of keys and values",
    "mapping_type": "must be a block of keys and values",
    "dict_type": "must be a block of keys and values",
    "tuple_type": "must be a list",
    "string_type": "must be text",
}
REQUIRED = "required and not there: "
MOST_TOLD = 200


def complaints(
    error: ValidationError, model: type[BaseModel], places: Container[Path]
) -> Iterator[tuple[Path, str, bool]]:
    """Yield path, message and whether to point at the key, for each place that is wrong.

    pydantic puts the names of union members into a path; a step that the document does not have
    is dropped. Alternatives refused at one place become one message. Of very many errors the
    first are told.
    """
    found: dict[tuple[Path, bool], list[str]] = {}
    for detail in error.errors(include_url=False)[:MOST_TOLD]:
        path, at_key, message = _complaint(detail, model, places)
        messages = found.setdefault((path, at_key), [])
        if message not in messages:
            messages.append(message)
    for (path, at_key), messages in _without_echoes(found).items():
        yield path, _joined(messages), at_key


def _complaint(
    detail: dict, model: type[BaseModel], places: Container[Path]
) -> tuple[Path, bool, str]:
    kind, location = detail["type"], detail["loc"]
    if kind == "missing":
        return _in_document(location[:-1], places), True, f"{REQUIRED}{location[-1]}"
    path = _in_document(location, places)
    if kind == "extra_forbidden":
        return path, True, _unknown(str(location[-1]), _fields(model, location[:-1]))
    if kind == "union_tag_invalid":
        word = _discriminator(detail)
        message = (
            f"{detail['ctx']['tag']!r} is not known; allowed: {detail['ctx']['expected_tags']}"
        )
        return ((*path, word) if (*path, word) in places else path), False, message
    if kind == "union_tag_not_found":
        return path, True, f"{_discriminator(detail)!r} is required to say what this is"
    return path, False, _words(detail)


def _discriminator(detail: dict) -> str:
    """Return the key that says which member of a union is meant, as the document writes it."""
    return detail["ctx"]["discriminator"].rsplit(" | ", 1)[-1].strip("'")


def _without_echoes(found: dict[tuple[Path, bool], list[str]]) -> dict:
    """Drop "has too few items" where it only means that the items themselves are wrong."""
    paths = [path for path, _ in found]
    return {
        (path, at_key): messages
        for (path, at_key), messages in found.items()
        if not any("after validation" in m for m in messages)
        or not any(len(other) > len(path) and other[: len(path)] == path for other in paths)
    }


def _joined(messages: list[str]) -> str:
    """Return what is missing as one list, and alternatives as alternatives."""
    missing = [m.removeprefix(REQUIRED) for m in messages if m.startswith(REQUIRED)]
    others = [m for m in messages if not m.startswith(REQUIRED)]
    return "; ".join(
        part
        for part in (REQUIRED + ", ".join(missing) if missing else "", ", or ".join(others))
        if part
    )


def _in_document(location: Path, places: Container[Path]) -> Path:
    path: Path = ()
    for step in location:
        if (*path, step) in places:
            path = (*path, step)
    return path


def _unknown(name: str, allowed: list[str]) -> str:
    if not allowed:
        return f"{name!r} is not known here"
    near = get_close_matches(name, allowed, n=1)
    hint = f"did you mean {near[0]!r}? " if near else ""
    return f"{name!r} is not known here; {hint}allowed: {', '.join(allowed)}"


def _words(detail: dict) -> str:
    given = detail["input"]
    if detail["type"] == "value_error":
        return str(detail["ctx"]["error"])
    if detail["type"] == "string_type" and isinstance(given, bool | int | Decimal):
        return f"must be text; put {_shown(given)} in quotes"
    wanted = WORDS.get(detail["type"]) or re.sub(
        "^(Input|String|Tuple|List|Decimal)[a-z ]* should", "must", detail["msg"]
    )
    return f"{wanted}, not {_shown(given)}"


def _shown(given: object) -> str:
    if isinstance(given, dict):
        return "a block of keys"
    if isinstance(given, list):
        return f"a list of {len(given)}"
    if given is None or isinstance(given, bool):
        return str(given).lower().replace("none", "empty")
    if isinstance(given, str):
        return repr(given if len(given) <= 40 else given[:39] + "…")
    return str(given)


@lru_cache(maxsize=16)
def _schema(model: type[BaseModel]) -> dict:
    return model.model_json_schema(by_alias=True)


def _fields(model: type[BaseModel], location: Path) -> list[str]:
    """Return the names allowed at ``location``, empty where the schema does not say."""
    whole = _schema(model)
    candidates = [whole]
    for step in location:
        candidates = [inner for schema in candidates for inner in _step(schema, step, whole)]
    found = [s for schema in candidates for s in _resolved(schema, whole) if "properties" in s]
    return list(found[0]["properties"]) if len(found) == 1 else []


def _resolved(schema: dict, whole: dict) -> list[dict]:
    """Return the plain schemas behind references and alternatives."""
    if "$ref" in schema:
        return _resolved(whole["$defs"][schema["$ref"].rsplit("/", 1)[-1]], whole)
    alternatives = schema.get("anyOf") or schema.get("oneOf")
    if alternatives and "discriminator" not in schema:
        return [plain for inner in alternatives for plain in _resolved(inner, whole)]
    return [schema]


def _step(schema: dict, step: str | int, whole: dict) -> Iterator[dict]:
    tagged = str(step).rpartition(":")
    if tagged[0] and tagged[2] in whole["$defs"]:  # a union's member, named for its class
        yield {"$ref": tagged[2]}
        return
    for plain in _resolved(schema, whole):
        tags = plain.get("discriminator", {}).get("mapping", {})
        if step in tags:
            yield {"$ref": tags[step]}
        elif step in plain.get("properties", {}):
            yield plain["properties"][step]
        elif isinstance(step, int) and "items" in plain:
            yield plain["items"]
        elif isinstance(plain.get("additionalProperties"), dict):
            yield plain["additionalProperties"]
        elif not isinstance(step, int) and "properties" in plain:
            yield plain  # the step is the name of a union's member: the document has no such step
