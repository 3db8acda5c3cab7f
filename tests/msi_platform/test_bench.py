"""The benchmarks' own parts; the benchmarks themselves are run by ``make bench``."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command

from kpis.rules import frames
from msi_platform.bench import BENCHES, editions, years
from msi_platform.bench.timing import Result
from rulebooks.rules.edition import Edition


def test_a_result_has_the_agreed_names():
    plain = Result("score_full", {"members": 10}, 3.0, 1.5).as_plain()

    assert list(plain) == ["bench", "work", "seconds", "floor_seconds", "ratio"]
    assert (plain["seconds"], plain["floor_seconds"], plain["ratio"]) == (3.0, 1.5, 2.0)
    assert plain["work"]["members"] == 10


@pytest.mark.parametrize(
    "text",
    [editions.of_many_kpis(), editions.of_sites(15, 200), editions.of_weights({"a": 1, "b": 2})],
    ids=["many KPIs", "sites", "weights"],
)
def test_the_editions_of_benchmarks_are_valid_and_scored_on_frames(text):
    assert frames.suits(Edition.load(text))


def test_the_edition_of_facts_asks_for_a_signature_on_each_requirement():
    edition = Edition.load(editions.of_requirements(100))

    assert len(edition.requirements) == 100
    assert edition.obligation("sign").what == "signature"


def test_the_edition_of_years_has_a_period_whose_window_is_open():
    today = date(2026, 11, 30)

    edition = Edition.load(years.edition(today))

    assert len(edition.requirements) == 100
    assert {kpi.requirement for kpi in edition.kpis} < {r.code for r in edition.requirements}
    assert len(edition.periods) == 10
    assert edition.periods[-1].opens_on < today < edition.periods[-1].due_on


def test_an_unknown_benchmark_is_refused_by_name():
    with pytest.raises(
        CommandError, match="no benchmark nothing; there are score_growth"
    ) as refused:
        call_command("bench", "nothing")

    assert refused.value.returncode == 2


def test_every_benchmark_has_an_agreed_name():
    assert all(name.partition("_")[0] in {"score", "import", "advance", "page"} for name in BENCHES)
