"""What programs may ask of the API by its description, and what it does not let them ask.

``MSI_EXAMPLES=…`` asks so often of each operation; ``make fuzz`` does, as everybody.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from hashlib import sha256
from urllib.parse import quote

import hypothesis
import hypothesis.strategies as st
import schemathesis
from django.db import transaction
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer
from schemathesis import GenerationMode
from schemathesis.core import NotSet

from tests.plugin_slow import SEED, number_of

EXAMPLES = int(os.environ.get("MSI_EXAMPLES", "8"))
KEY = re.compile(r"{\w+}")  # of a path
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


@cache
def described() -> dict:
    """Return what the API says of itself to everybody."""
    found = SchemaGenerator().get_schema(request=None, public=True)
    return json.loads(OpenApiJsonRenderer().render(found))


def operations(description: dict) -> list:
    """Return what can be asked and done, in the order of the description."""
    return [
        found.ok() for found in schemathesis.openapi.from_dict(description).get_all_operations()
    ]


class Asked:
    """What was asked, for a digest that two runs can compare, and what was answered."""

    def __init__(self) -> None:
        self.answers: list[int] = []
        self._cases = sha256()

    def digest(self) -> str:
        return self._cases.hexdigest()[:16]

    def draw(self, operation, ask: Callable, keys: tuple = (), *, examples: int = EXAMPLES) -> None:
        """Draw cases of an operation, the same for the same seed, and ask each of them.

        Half of them are about something that there is: one of the ``keys``.
        """
        strategies = [operation.as_strategy(generation_mode=mode) for mode in MODES]

        @hypothesis.seed(number_of(SEED, operation.label))
        @hypothesis.settings(
            max_examples=examples,
            phases=[hypothesis.Phase.generate],  # as it was asked, not made small
            suppress_health_check=list(hypothesis.HealthCheck),
        )
        @hypothesis.given(case=st.one_of(strategies), place=st.none() | st.integers(0, 11))
        def drawn(case, place):
            path, query, body = quote(case.formatted_path), dict(case.query or {}), body_of(case)
            self._cases.update(repr((operation.label, path, place, query, body)).encode())
            if keys and place is not None:
                path = KEY.sub(quote(str(keys[place % len(keys)])), operation.full_path)
            status = ask(path, query, body)
            self.answers.append(status)
            assert status < 500, f"{operation.label} {path} {query} {body}"

        with suppress(hypothesis.errors.Unsatisfiable):  # nothing wrong can be asked of some
            drawn()


def body_of(case) -> str | None:
    return None if isinstance(case.body, NotSet) else json.dumps(case.body, default=str)


def asking(client: Client) -> Callable:
    return lambda path, query, body: client.get(path, query).status_code


def acting(client: Client, method: str) -> Callable:
    """Act, and take it back."""

    def act(path, query, body) -> int:
        with transaction.atomic():
            sent = {"data": body or "", "content_type": "application/json"}
            answer = client.generic(method.upper(), path, query_params=query, **sent)
            transaction.set_rollback(True)
        return answer.status_code

    return act
