"""Hypothesis strategies: KPIs on every scale, and answers to them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal as D
from typing import get_args

from hypothesis import strategies as st

from kpis.rules.inputs import MemberInputs
from rulebooks.rules.answers import STATED, Answer, Line, OfSite, Past, State, With
from rulebooks.rules.assurance import Assurance
from rulebooks.rules.attributes import Given, Tenure
from rulebooks.rules.indicators import Kpi
from rulebooks.rules.scales import SCALES
from rulebooks.rules.scales.numbers import NumberScale

LABELS = ("a", "b", "c", "d", "e")
HALVES = [D(n) for n in (0, 30, 60, 90, 100)]  # means of these lie half way between steps
SMALL = st.sampled_from([*HALVES, D(-1), D("-2.5"), D("0.1"), D("12.5")])
LARGE = st.decimals(-(10**10), 10**10, places=4)
POINTS = SMALL | LARGE
POSITIVE = st.sampled_from([D(1), D(100), D("0.125"), D(3)])
ROUNDINGS = st.just("none") | st.fixed_dictionaries(
    {
        "mode": st.sampled_from(["half_up", "half_even", "truncate"]),
        "step": st.sampled_from([D(s) for s in ("0.1", "0.5", "1", "3", "0.000001")]),
    }
)


def _steps(draw: st.DrawFn, direction: str) -> dict:
    """Return the points of a measured scale, written as its direction asks."""
    bars = sorted(draw(st.sets(st.integers(0, 90).map(D), min_size=1, max_size=3)))
    best_first = bars if direction == "lower" else bars[::-1]
    earned = sorted(draw(st.sets(POINTS, min_size=len(bars) + 1, max_size=len(bars) + 1)))[::-1]
    ends = {
        "higher": lambda bar: {"from": bar},
        "lower": lambda bar: {"upto": bar},
        "in_range": lambda bar: {"from": bar, "upto": bar + 10},
    }[direction]
    pairs = zip(best_first, earned, strict=False)
    return {"points": [{**ends(bar), "points": p} for bar, p in pairs], "otherwise": earned[-1]}


def _number(draw: st.DrawFn) -> dict:
    low, high = draw(st.sampled_from([(0, 100), (-50, 50), (-(10**15), 10**15)]))
    return {"min": low, "max": high, "decimals": draw(st.integers(0, 3))}


def _ratio(draw: st.DrawFn) -> dict:
    return {
        "numerator": "part",
        "denominator": "whole",
        "max": draw(st.sampled_from([12, 10**6, 10**15])),
        "decimals": draw(st.integers(0, 2)),
        "times": draw(POSITIVE),
    }


def _trajectory(draw: st.DrawFn) -> dict:
    years = sorted(draw(st.sets(st.integers(2020, 2040), min_size=2, max_size=5)))
    values = sorted(draw(st.sets(st.integers(-50, 50), min_size=len(years), max_size=len(years))))
    if draw(st.booleans()):
        values.reverse()
    line = [{"year": y, "value": D(v)} for y, v in zip(years, values, strict=True)]
    ends = {"baseline": line[0], "milestones": line[1:-1], "goal": line[-1]}
    own = draw(st.none() | st.just("own"))
    return {"min": -50, "max": 50, "decimals": draw(st.integers(0, 2)), "own": own, **ends}


@st.composite
def _own_line(draw: st.DrawFn, direction: str) -> Line:
    """The line of a member's own target: it may leave the scale, stand still, or lead back."""
    years = sorted(draw(st.sets(st.integers(2018, 2042), min_size=2, max_size=4)))
    values = [draw(st.integers(-60, 55)) for _ in years]
    leads = draw(st.sampled_from(["to what is better", "nowhere", "anywhere"]))
    if leads == "to what is better":
        values.sort(reverse=direction == "lower")
    elif leads == "nowhere":
        values[-1] = values[0]
    kind = draw(st.sampled_from(["straight_line", "steps"]))
    return Line(tuple((y, D(v) / 4) for y, v in zip(years, values, strict=True)), kind)


def _findings(draw: st.DrawFn) -> dict:
    points = st.sampled_from([D(0), D("0.5"), D(25), D(10**10)])
    return {
        "points": _table(draw, points),
        "at_most": draw(st.none() | st.just(D(100))),
        "out_of": draw(st.none() | st.just(D("99.5"))),
    }


def _table(draw: st.DrawFn, points: st.SearchStrategy) -> dict:
    return {label: draw(points) for label in LABELS[: draw(st.integers(1, 5))]}


FIELDS = {
    "number": _number,
    "points": lambda draw: {"allowed": draw(st.lists(POINTS, min_size=1, max_size=4))},
    "yes_no": lambda draw: {},
    "labels": lambda draw: {"points": _table(draw, st.none() | POINTS)},
    "choices": lambda draw: {
        "points": _table(draw, POINTS),
        "at_most": draw(st.none() | st.just(D(100))),
    },
    "ratio": _ratio,
    "yes_partly_no": lambda draw: {"partly": draw(st.sampled_from([D("0.5"), D(0), D("0.3")]))},
    "judgement": lambda draw: {"by": "auditor", "points": _table(draw, st.none() | POINTS)},
    "change": lambda draw: {
        **_ratio(draw),
        "since": draw(st.sampled_from(["period_before", {"period": "p2"}])),
    },
    "trajectory": _trajectory,
    "index": lambda draw: {"name": "An index", "min": 0, "max": 100, "decimals": 1},
    "findings": _findings,
    "money": lambda draw: {"currencies": ["EUR", "USD"], **_number(draw)},
}
MEASURED = ("number", "ratio", "change", "index", "money")
UP = ("yes_no", "yes_partly_no", "trajectory", "index")  # whose numbers are better higher
POLICIES = st.sampled_from(["zero", "leave_out", "knock_out", "not_scored"])
CARRIED = st.fixed_dictionaries({"carry_forward": st.integers(1, 3), "otherwise": POLICIES})
CUMULATIVE = st.none() | st.fixed_dictionaries(
    {
        "over": st.sampled_from(["year", {"years": 3, "first": 2024}]),
        "gaps": st.sampled_from(["add_nothing", "no_sum"]),
    }
)
ROLL_UPS = {
    "number": ("sum", "mean_of_applicable", "worst"),
    "ratio": ("parts", "worst"),
    **dict.fromkeys(["points", "yes_no", "yes_partly_no", "labels", "choices"], ("worst",)),
}
KINDS = [get_args(scale.model_fields["kind"].annotation)[0] for scale in SCALES]


@st.composite
def kpis(draw: st.DrawFn, code: str, better: str, kind: str | None = None) -> Kpi:
    """A KPI whose numbers are better as said."""
    kind = kind or draw(st.sampled_from([k for k in KINDS if k not in UP or better == "higher"]))
    scale, direction = {"kind": kind, **FIELDS[kind](draw)}, better
    if kind in ("yes_no", "yes_partly_no"):
        direction = draw(st.sampled_from(["higher", "lower"]))
    if kind == "findings":
        scale["out_of"] = D("99.5") if better == "higher" else None
    if kind == "trajectory":
        up = scale["goal"]["value"] > scale["baseline"]["value"]
        direction = "higher" if up else "lower"
    if kind in MEASURED and better == "higher" and (kind == "index" or draw(st.booleans())):
        direction = draw(st.sampled_from(["higher", "lower", "in_range"]))
        scale |= _steps(draw, direction)
    per_site = draw(_per_site(kind, scale.get("points"), direction))
    cumulative = CUMULATIVE if kind in ("number", "ratio") and not per_site else st.none()
    return Kpi.model_validate(
        {
            "code": code,
            "title": code,
            "unit": "unit",
            "scale": scale,
            "direction": direction,
            "missing": draw(POLICIES if per_site else POLICIES | CARRIED),
            "cumulative": draw(cumulative),
            "per_site": per_site,
            "confidentiality": "public",
            "clause": "1",
        }
    )


@st.composite
def _per_site(draw: st.DrawFn, kind: str, points: object, direction: str) -> dict | None:
    """A way to roll up answers that fit it, or None."""
    ways = list(ROLL_UPS.get(kind, ()))
    if "worst" in ways and direction not in ("higher", "lower") and not points:
        ways.remove("worst")
    if not ways or draw(st.booleans()):
        return None
    return {"roll_up": draw(st.sampled_from(ways)), "most_sites": 4, "clause": "1"}


@st.composite
def answers(draw: st.DrawFn, kpi: Kpi) -> Answer:
    """An answer that is on the KPI's scale, or none, with what it is read with."""
    if kpi.per_site:
        return draw(of_sites(kpi))
    return replace(draw(alone(kpi)), read_with=draw(_read_with(kpi)))


@st.composite
def of_sites(draw: st.DrawFn, kpi: Kpi) -> Answer:
    """What the sites of a member answer: none, or up to as many as there may be."""
    given = draw(st.lists(alone(kpi), max_size=kpi.per_site.most_sites))
    sites = tuple(OfSite(f"s-{n}", one) for n, one in enumerate(given))
    state = st.sampled_from([State.MISSING, State.UNKNOWN])
    return Answer(draw(state), read_with=With(sites=tuple(draw(st.permutations(sites)))))


@st.composite
def _read_with(draw: st.DrawFn, kpi: Kpi) -> With:
    year = draw(st.integers(2018, 2042))
    past = tuple(
        Past(f"p{n}", year - draw(st.integers(0, n)), draw(alone(kpi)), draw(st.booleans()))
        for n in range(1, draw(st.integers(0, 3)) + 1)
    )
    rate = draw(st.none() | st.sampled_from([D(1), D("0.00000001"), D("1.0821"), D(10**6)]))
    line = draw(st.none() | _own_line(kpi.direction)) if kpi.reads_own_line else None
    return With(year=draw(st.none() | st.just(year)), rate=rate, past=past, line=line)


@st.composite
def alone(draw: st.DrawFn, kpi: Kpi) -> Answer:
    """An answer as it is given."""
    if draw(st.integers(0, 3)) == 0:
        return Answer(draw(st.sampled_from([s for s in STATED if s is not State.ANSWERED])))
    scale = kpi.scale
    if scale.kind == "findings":
        counts = st.one_of(st.integers(0, 3), st.just(scale.max_each))
        return Answer(State.ANSWERED, counts=tuple((s, draw(counts)) for s in sorted(scale.points)))
    if scale.kind == "choices":
        chosen = draw(st.sets(st.sampled_from(scale.labels())))
        return Answer(State.ANSWERED, labels=tuple(sorted(chosen)))
    if scale.labels():
        return Answer(State.ANSWERED, labels=(draw(st.sampled_from(scale.labels())),))
    if scale.kind == "points":
        return Answer(State.ANSWERED, number=draw(st.sampled_from(scale.allowed)))
    unit = D(1).scaleb(-scale.decimals)
    if isinstance(scale, NumberScale):
        low, high = int(scale.min / unit), int(scale.max / unit)
        number = draw(st.integers(low, high)) * unit
        currency = (draw(st.sampled_from(scale.currencies)),) if scale.kind == "money" else ()
        return Answer(State.ANSWERED, number=number, labels=currency)
    whole = draw(st.integers(1, int(scale.max / unit)))
    part = draw(st.integers(0, whole))
    return Answer(State.ANSWERED, numerator=part * unit, denominator=whole * unit)


ATTRIBUTES = (
    Tenure.model_validate(
        {"kind": "tenure", "code": "tenure", "title": "Years", "on": "opens_on", "clause": "1"}
    ),
    Given(code="size", title="Size", clause="sizes", values=("small", "large")),
)


@st.composite
def assurances(draw: st.DrawFn, kpis: list[Kpi]) -> Assurance:
    """Three levels, and what the lower ones do to the numbers of some KPIs."""
    codes = ["declared", "seen", "verified"]
    levels = [
        {"code": code, "title": code, "earned_by": by, "clause": "1"}
        for code, by in zip(codes, ["filing", "evidence", "audit"], strict=True)
    ]
    about = st.lists(st.sampled_from([kpi.code for kpi in kpis]), min_size=1, unique=True)

    def part(**more: D) -> dict:
        below = draw(st.sampled_from(codes[1:]))
        return {"below": below, "kpis": draw(about), "clause": "1", **more}

    times = st.sampled_from([D(0), D("0.8"), D("0.333"), D(1)])
    discounts = [part(times=draw(times)) for _ in range(draw(st.integers(0, 2)))]
    caps = [part(at_most=draw(SMALL)) for _ in range(draw(st.integers(0, 2)))]
    return Assurance.model_validate({"levels": levels, "discounts": discounts, "caps": caps})


@st.composite
def members(draw: st.DrawFn, code: str, kpis: list[Kpi]) -> MemberInputs:
    """A member with answers, and perhaps more that is known of it."""
    levels = st.dictionaries(
        st.sampled_from([kpi.code for kpi in kpis]),
        st.sampled_from(["declared", "seen", "verified"]),
    )
    attributes = st.fixed_dictionaries(
        {}, optional={"tenure": st.integers(0, 6), "size": st.sampled_from(["small", "large"])}
    )
    given = {kpi.code: draw(answers(kpi)) for kpi in kpis}
    return MemberInputs(code, given, draw(attributes), draw(levels))


__all__ = ["ATTRIBUTES", "KINDS", "answers", "assurances", "kpis", "members"]
