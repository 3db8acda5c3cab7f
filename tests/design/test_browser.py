"""Components in a real browser, under the platform's own policy: accessible, wired, narrow too."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.staticfiles import finders
from django.template import engines
from django.template.loader import render_to_string
from playwright.sync_api import Page, Route

from reports.rules.charts import Bar, Ground, Target, bars, distribution
from tests.plugin_browser import flaws

SITE = "http://design.test"
TODAY = date(2026, 3, 12)
TYPES = {
    "css": "text/css",
    "js": "text/javascript",
    "ttf": "font/ttf",
    "svg": "image/svg+xml",
    "map": "application/json",
}
PAGE = Path(__file__).with_name("sample.html")


class Answers(forms.Form):
    share = forms.DecimalField(label="Share", help_text="From 0 to 100.", max_value=100)
    policy = forms.ChoiceField(choices=[("yes", "Yes"), ("no", "No")], widget=forms.RadioSelect)


def sample() -> str:
    lines = [{"label": "Climate", "figure": Decimal(1), "role": "total", "clause": "4.2"}]
    context = {
        "user": SimpleNamespace(is_authenticated=True, name="Sam Okafor"),
        "initiative_name": "Fair Electronics Initiative",
        "nav": [{"label": word, "url": "/x/"} for word in ("Today", "Members", "Returns", "Cases")],
        "nav_at_side": True,
        "acting_for": "for the secretariat",
        "today": TODAY,
        "day": TODAY + timedelta(9),
        "since": date(2024, 1, 1),
        "score": Decimal("62.4"),
        "spans": [{"label": "Good", "kind": "good", "since": date(2024, 1, 1), "until": None}],
        "on": [{"label": "overdue", "clear_url": "/all/"}],
        "lines": [lines[0] | {"lines": [{"label": "1.1", "figure": 0, "weight": 1}], "open": True}],
        "charts": [
            bars(
                [Bar("Leading", 9, "good"), Bar("Failing", 3, "breach")], title="a", description="b"
            ),
            distribution(
                [Decimal(3), Decimal(7)],
                title="c",
                description="d",
                low=0,
                high=10,
                step=5,
                grounds=[Ground(0, 5, "failing", "breach")],
                marked=Target(7, "Northwind 7"),
            ),
        ],
        "form": Answers({"share": "sixty"}),
        "facts": [{"label": "Standing", "text": "Good", "kind": "good", "note": "since 2024"}],
        "events": [
            {"on": TODAY, "text": "Due", "ahead": True},
            {"on": TODAY, "text": "Filed", "by": "Ada", "kind": "good", "url": "/x/"},
        ],
    }
    return engines["django"].from_string(PAGE.read_text()).render(context)


def serve(tab: Page, html: str) -> None:
    """Answer every address from templates and static files, with the platform's policy."""
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    policy = "; ".join(
        f"{name} {' '.join(to)}" for name, to in directives.items() if to is not True
    )

    def answer(route: Route) -> None:
        path = urlsplit(route.request.url).path
        if not path.startswith(settings.STATIC_URL):
            headers = {"Content-Security-Policy": policy, "Content-Type": "text/html"}
            route.fulfill(body=html, headers=headers)
            return
        file = finders.find(path.removeprefix(settings.STATIC_URL))
        route.fulfill(path=file, content_type=TYPES[path.rpartition(".")[2]])

    tab.route("**/*", answer)
    tab.goto(f"{SITE}/page/")
    tab.wait_for_load_state("networkidle")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_every_component_is_accessible_in_light_and_dark_wide_and_narrow(
    tab: Page, scheme: str, width: int
) -> None:
    tab.emulate_media(color_scheme=scheme)
    tab.set_viewport_size({"width": width, "height": 844})
    serve(tab, sample())
    assert flaws(tab) == []
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert tab.evaluate("document.fonts.check('600 16px \"Source Sans Pro\"')")


@pytest.mark.parametrize("name", ["403", "404", "413", "500"])
def test_an_error_page_is_accessible(tab: Page, name: str) -> None:
    serve(tab, render_to_string(f"{name}.html", {}))
    assert flaws(tab) == []


def test_the_sign_in_page_is_accessible(tab: Page) -> None:
    serve(tab, render_to_string("accounts/sign_in.html", {"form": AuthenticationForm()}))
    assert flaws(tab) == []
    assert tab.get_by_label("Password").is_visible()


def test_a_click_anywhere_in_a_row_opens_it(tab: Page) -> None:
    serve(tab, sample())
    tab.get_by_role("cell", name="62.4").click()
    tab.wait_for_url("**/opened/")


def test_a_dangerous_act_asks_its_sentence_first(tab: Page) -> None:
    serve(tab, sample())
    tab.get_by_role("button", name="Suspend").click()
    asked = tab.get_by_role("dialog", name="Suspend Northwind?")
    asked.get_by_role("button", name="Go back").click()
    assert tab.url.endswith("/page/")
    tab.get_by_role("button", name="Suspend").click()
    asked.get_by_role("button", name="Suspend").click()
    tab.wait_for_url("**/sent/*")


def test_escape_in_the_dialog_is_going_back(tab: Page) -> None:
    serve(tab, sample())
    tab.get_by_role("button", name="Suspend").click()
    tab.keyboard.press("Escape")
    assert tab.get_by_role("dialog").count() == 0
    assert tab.url.endswith("/page/")


def test_leaving_with_unsaved_words_asks(tab: Page) -> None:
    serve(tab, sample())
    asked: list[str] = []
    tab.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    tab.get_by_role("link", name="Members", exact=True).first.click()
    tab.wait_for_url("**/x/")
    assert asked == []
    tab.get_by_label("Share").fill("61")
    tab.get_by_role("link", name="Download the report").click()
    tab.wait_for_url("**/report/")
    assert asked == ["beforeunload"]
