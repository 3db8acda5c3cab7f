"""Components: what each shows, and that none needs what the policy for browsers refuses."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.template.loader import render_to_string

TEMPLATES = Path(settings.BASE_DIR) / "templates"
COMPONENTS = sorted((TEMPLATES / "components").glob("*.html"))
TODAY = date(2026, 3, 12)


def shown(component: str, **values) -> str:
    text = render_to_string(f"components/{component}.html", values)
    return re.sub(r"[ \n]+", " ", re.sub(r"<[^>]+>", " ", text).replace("&#8239;", " ")).strip()


class Answer(forms.Form):
    share = forms.DecimalField(label="Share", help_text="From 0 to 100.", max_value=100)
    policy = forms.ChoiceField(choices=[("yes", "Yes")], widget=forms.RadioSelect)


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_no_template_has_inline_style_script_or_handler(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|\shx-on|\|safe\b", text)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.name)
def test_a_component_names_its_values_in_the_first_line(path: Path) -> None:
    first = path.read_text().splitlines()[0]
    assert re.match(rf"\{{(#|% comment %\}}) ?{re.escape(path.name)}: \w", first)


@pytest.mark.parametrize("kind", ["good", "soon", "breach", "suspended", "none"])
def test_a_status_has_word_shape_and_colour(kind: str) -> None:
    text = render_to_string("components/status.html", {"kind": kind, "label": "Overdue & open"})
    assert "Overdue &amp; open" in text
    assert "<svg" in text
    assert f"kind-{kind}" in text


def test_a_value_is_never_alone() -> None:
    values = {"figure": Decimal("62.40"), "unit": "%", "period": "FY2025", "assurance": "sighted"}
    assert shown("value", **values) == "62.4 % · FY2025 · sighted"


def test_a_missing_value_says_why() -> None:
    assert shown("value", figure=None, missing="not answered") == "not answered"
    assert shown("value", figure=Decimal("0.0")) == "0"


def test_a_date_says_how_far_off_it_is_and_how_it_was_computed() -> None:
    said = shown("date", day=date(2026, 3, 21), today=TODAY, how="Clause 3.2.")
    assert said == "21 Mar 2026 (in 9 days) Clause 3.2."
    assert shown("date", day=TODAY) == "12 Mar 2026"


def test_a_wrong_answer_is_named_above_and_beneath_its_field_and_kept() -> None:
    form = Answer({"share": "101"})
    summary = render_to_string("components/error_summary.html", {"form": form})
    field = render_to_string("components/field.html", {"field": form["share"], "unit": "%"})
    assert "2 things need changing" in summary
    assert 'href="#id_share"' in summary
    assert 'id="id_share_error"' in field
    assert 'aria-describedby="id_share_helptext id_share_error"' in field
    assert 'value="101"' in field


def test_choices_stand_in_a_fieldset_that_the_summary_can_reach() -> None:
    form = Answer({})
    field = render_to_string("components/field.html", {"field": form["policy"]})
    assert "<fieldset" in field
    assert "<legend" in field
    assert 'id="id_policy"' in field
    assert 'aria-describedby="id_policy_error"' in field


def test_a_form_without_errors_has_no_summary() -> None:
    assert shown("error_summary", form=Answer()) == ""


def test_filters_count_in_words() -> None:
    overdue = [{"label": "overdue", "clear_url": "?"}]
    assert shown("filters", count=1, noun="member") == "1 member"
    assert shown("filters", count=0, noun="case", on=overdue).startswith("0 cases overdue")
    assert shown("filters", count=12235, noun="entry", nouns="entries") == "12\u202f235 entries"


def test_a_trace_reads_like_a_receipt() -> None:
    lines = [
        {
            "label": "Climate",
            "figure": Decimal("62.5"),
            "role": "subtotal",
            "clause": "4.2",
            "lines": [{"label": "1.1", "figure": Decimal(0), "weight": Decimal("0.5")}],
        },
        {"label": "Grievance", "figure": None},
        {"label": "Total", "figure": Decimal("71.5"), "unit": "points", "role": "total"},
    ]
    said = shown("trace", lines=lines, places=2)
    assert said == (
        "Climate 62.50 Clause 4.2 1.1 × 0.5 0.00 Grievance not scored Total, points 71.50"
    )


def test_a_clock_says_what_runs_until_when_and_what_follows() -> None:
    said = shown(
        "clock",
        what="Time to answer",
        until=date(2026, 4, 2),
        today=TODAY,
        turn="Ada",
        follows="Vote",
    )
    assert said == "Time to answer Until 2 Apr 2026 (in 21 days) Whose turn Ada Then Vote"


@pytest.mark.parametrize("name", ["base", "plain", "403", "404", "413", "500"])
def test_a_page_needs_nothing_from_its_view(name: str) -> None:
    text = render_to_string(f"{name}.html", {})
    assert 'href="#main"' in text
    assert "<h1>" in text or name == "plain"
