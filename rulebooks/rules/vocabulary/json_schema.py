"""The schema of editions as JSON Schema, by which an editor completes, checks and explains.

It says of each part what its docstring says, and of each key the sentences that name it. What
holds between parts only ``edition check`` can tell.
"""

from __future__ import annotations

from numbers import Number
from typing import Any

from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema

from rulebooks.rules.schema import Part
from rulebooks.rules.vocabulary.walk import note, paragraphs, parts, plain

DIALECT = "https://json-schema.org/draft/2020-12/schema"
BOUNDS = {"gt": "exclusiveMinimum", "ge": "minimum", "lt": "exclusiveMaximum", "le": "maximum"}
OTHERS = ("max_digits", "decimal_places")  # JSON Schema has no word for these


class Exact(GenerateJsonSchema):
    """As pydantic makes it, but a number is never written as text."""

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> dict[str, Any]:
        return super().decimal_schema(schema)["anyOf"][0]


def json_schema(model: type[Part]) -> dict[str, Any]:
    """Return the schema of documents that hold a ``model``."""
    made = model.model_json_schema(by_alias=True, schema_generator=Exact)
    definitions = made.get("$defs", {})
    for _, part in parts(model):
        described = made if part is model else definitions[_name(part, definitions)]
        _explain(described, part)
    return {"$schema": DIALECT, **_translated(made)}


def _name(part: type[Part], definitions: dict[str, Any]) -> str:
    """Return what pydantic calls a part: by its module too where two have one name."""
    if part.__name__ in definitions:
        return part.__name__
    return f"{part.__module__}.{part.__qualname__}".replace(".", "__")


def _explain(schema: dict[str, Any], part: type[Part]) -> None:
    """Say in a part's schema what its docstring says of it and of its keys."""
    schema["title"] = part.__name__.rstrip("_")
    schema["description"] = plain(" ".join(paragraphs(part)))
    if part.example:
        schema["description"] += f" Example: {part.example}"
    for key, inner in schema["properties"].items():
        inner.pop("title", None)
        if said := note(part, key):
            inner["description"] = said


def _translated(schema: Any) -> Any:
    """Return a schema with pydantic's own names of bounds in those of JSON Schema."""
    if isinstance(schema, list):
        return [_translated(inner) for inner in schema]
    if not isinstance(schema, dict):
        return schema
    bounds = {key for key, inner in schema.items() if isinstance(inner, Number)}
    return {
        BOUNDS.get(key, key) if key in bounds else key: _translated(inner)
        for key, inner in schema.items()
        if key not in bounds or key not in OTHERS
    }
