"""Charts: words escaped, nothing inline that a strict policy refuses, marks where they belong."""

from __future__ import annotations

import re
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.template import Context, Template

from reports.rules.charts import Bar, Chart, Ground, Point, Target, bars, distribution, trend

SVG = "{http://www.w3.org/2000/svg}"
EVIL = '<script>"&'


def charts_with(words: str) -> list[Chart]:
    says = {"title": words, "description": words}
    return [
        bars([Bar(words, 3, said=words), Bar("Nothing", 0, "none")], **says),
        distribution(
            [Decimal(5), Decimal(10)],
            low=0,
            high=10,
            step=5,
            grounds=[Ground(0, 10, words, "good")],
            marked=Target(5, words),
            **says,
        ),
        trend([Point(words, 1), Point("b", 2)], target=Target(3, words), unit=words, **says),
    ]


@pytest.mark.parametrize("chart", charts_with(EVIL), ids=["bars", "distribution", "trend"])
def test_typed_text_is_escaped_and_a_page_shows_the_chart_as_it_is(chart: Chart) -> None:
    tree = ElementTree.fromstring(chart)
    assert tree.find(f"{SVG}title").text == EVIL
    assert tree.find(f"{SVG}desc").text == EVIL
    assert not list(tree.iter(f"{SVG}script"))
    assert Template("{{ chart }}").render(Context({"chart": chart})) == str(chart)


@pytest.mark.parametrize("chart", charts_with("words"), ids=["bars", "distribution", "trend"])
def test_nothing_in_a_chart_needs_inline_style(chart: Chart) -> None:
    assert not re.search(r"\bstyle=|<style|\bon[a-z]+=", chart)
    sizes = [float(size) for size in re.findall(r'font-size="([\d.]+)"', chart)]
    assert min(sizes) >= 12


def test_bars_are_as_long_as_their_figures() -> None:
    chart = bars([Bar("a", 10), Bar("b", 5), Bar("c", 0)], title="t", description="d")
    lengths = [float(r.get("width")) for r in ElementTree.fromstring(chart).iter(f"{SVG}rect")]
    assert lengths[0] == pytest.approx(2 * lengths[1], abs=0.1)
    assert len(lengths) == 2  # zero has a number and no bar


def test_no_bars_and_no_points_still_make_a_chart() -> None:
    assert ElementTree.fromstring(bars([], title="t", description="d")) is not None
    assert ElementTree.fromstring(trend([], title="t", description="d")) is not None


def test_a_distribution_counts_each_figure_once() -> None:
    figures = [Decimal(0), Decimal("4.9"), Decimal(5), Decimal(10)]
    chart = distribution(figures, title="t", description="d", low=0, high=10, step=5)
    said = [t.text for t in ElementTree.fromstring(chart).iter(f"{SVG}text")]
    assert [words for words in said if words == "2"] == ["2"] * 4  # two bars, number and its edge


@pytest.mark.parametrize(
    ("figures", "step"),
    [
        pytest.param([11], 5, id="a figure outside"),
        pytest.param([1], 3, id="steps that leave a rest"),
    ],
)
def test_a_distribution_refuses_what_it_cannot_show(figures: list[int], step: int) -> None:
    with pytest.raises(ValueError, match=r"outside|do not fill"):
        distribution(figures, title="t", description="d", low=0, high=10, step=step)


def test_a_trend_breaks_where_nothing_was_measured() -> None:
    points = [Point("2022", 1), Point("2023", None), Point("2024", 2), Point("2025", 3)]
    chart = trend(points, title="t", description="d", target=Target(4, "target"))
    assert chart.count('class="line"') == 1
    assert chart.count("stroke-dasharray") == 1


def test_the_line_breaks_before_a_point_that_begins_another_series():
    points = [Point("2023", 50), Point("2024", 60, begins=True)]
    together = [Point("2023", 50), Point("2024", 60)]

    drawn, whole = (
        str(trend(p, title="Scores", description="By period")) for p in (points, together)
    )
    assert drawn.count('class="line"') == whole.count('class="line"') - 1
