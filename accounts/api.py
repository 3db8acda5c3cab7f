"""How the API answers when something cannot be done."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404
from rest_framework.response import Response
from rest_framework.views import exception_handler as usual

OUR_ROOMS = {"services", "selectors", "rules"}
WORDS = re.compile(r"(?<!^)(?=[A-Z])")


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer a refusal with 409, a ``code`` to act on and ``detail`` to read; the rest as usual.

    A refusal is a named error of an app's rules, selectors or services: "not now", with its
    reason, and the ``field`` where it lies in one. An error that Python or a library named is
    none, and stays a failure of ours.
    """
    if is_refusal(error):
        body = {"code": code_of(error), "detail": said(error)}
        if isinstance(missing := getattr(error, "missing", None), dict):
            body["missing"] = missing
        if isinstance(field := getattr(error, "field", None), str) and field:
            body["field"] = field
        return Response(body, status=409)
    if isinstance(error, ObjectDoesNotExist):
        error = Http404()
    return usual(error, context)


def is_refusal(error: Exception) -> bool:
    rooms = type(error).__module__.split(".")[1:2]
    return isinstance(error, ValueError | LookupError) and bool(OUR_ROOMS & set(rooms))


def code_of(error: Exception) -> str:
    """Return the error's name as a code: ``WindowClosed`` is ``window_closed``."""
    return WORDS.sub("_", type(error).__name__).lower()


def said(error: Exception) -> str:
    text = str(error)
    return text[:1].upper() + text[1:]
