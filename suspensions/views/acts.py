"""What pages of breaches and cases share: a list by key, and an act that may be refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.rules.addressing import row_number
from suspensions.rules.procedure import IllegalAction

PAGE = 50


@dataclass(frozen=True, slots=True)
class Act:
    """The one next thing that this reader can do: a form, where it goes, and its button."""

    form: Form
    url: str
    heading: str
    label: str
    confirm: str = ""
    danger: bool = False
    value: str = ""
    second_label: str = ""
    second_value: str = ""


def keep(act: Act | None, form: Form | None, request: HttpRequest) -> dict[str, Any]:
    """Return the act with the form that was sent, or that form alone when it is not offered."""
    if form is None:
        return {"act": act}
    if act is not None and act.url == request.path:
        return {"act": replace(act, form=form)}
    return {"act": act, "refused": form}


def do(
    request: HttpRequest,
    form: Form,
    service: Callable[..., Any],
    *,
    again: Callable[[Form, int], HttpResponse],
    said: str,
    **named: Any,
) -> HttpResponse:
    """Do what a form asks for and go to what it changed; or show the form ``again``, as typed."""
    if not form.is_valid():
        return again(form, 400)
    try:
        done = service(by=request.user, **named)
    except IllegalAction as error:
        form.add_error(None, f"{str(error)[:1].upper()}{str(error)[1:]}.")
        return again(form, 409)
    messages.success(request, said)
    return redirect(done)


def page_of(rows: QuerySet, request: HttpRequest) -> dict[str, Any]:
    """Return a page of rows, newest first, and where the next one is."""
    rows = rows.order_by("-pk")
    if before := row_number(request.GET.get("before", "")):
        rows = rows.filter(pk__lt=before)
    found = list(rows[: PAGE + 1])
    more = len(found) > PAGE
    found = found[:PAGE]
    return {"rows": found, "next_url": link(request, before=found[-1].pk) if more else ""}


def choices(
    request: HttpRequest, rows: QuerySet, name: str, words: dict[Any, tuple[str, str]]
) -> list[dict[str, Any]]:
    """Return the words to narrow a list by, each with how many it leaves."""
    counted = dict(rows.order_by().values_list(name).annotate(Count("pk")))
    current = request.GET.get(name)
    return [
        {
            "label": word,
            "url": link(request, **{name: state.value}),
            "count": counted[state.value],
            "current": current == state.value,
        }
        for state, (word, _) in words.items()
        if state.value in counted
    ]


def link(request: HttpRequest, **changes: Any) -> str:
    """Return the address of this list with other words, from its first page on."""
    words = request.GET.copy()
    words.pop("before", None)
    for name, value in changes.items():
        words[name] = value
    return f"?{words.urlencode()}"
