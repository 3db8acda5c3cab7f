"""Rounding: half-way cases, negatives, and numbers longer than a decimal's usual precision."""

from decimal import Decimal as D
from fractions import Fraction as F

import polars as pl
import pytest

from rulebooks.rules.quotients import Quotient
from rulebooks.rules.rounding import Rounding


@pytest.mark.parametrize(
    ("number", "half_up", "half_even", "truncate"),
    [
        ("0.5", 1, 0, 0),
        ("1.5", 2, 2, 1),
        ("2.5", 3, 2, 2),
        ("2.4999", 2, 2, 2),
        ("2.5001", 3, 3, 2),
        ("-0.5", -1, 0, 0),
        ("-2.5", -3, -2, -2),
        ("-2.6", -3, -3, -2),
        ("0", 0, 0, 0),
    ],
)
def test_a_negative_number_is_rounded_like_its_mirror_image(number, half_up, half_even, truncate):
    for mode, expected in (
        ("half_up", half_up),
        ("half_even", half_even),
        ("truncate", truncate),
    ):
        assert Rounding(mode=mode, step=D(1)).exact(F(number)) == expected


@pytest.mark.parametrize(
    ("step", "number", "published"),
    [
        pytest.param("0.5", F(8766, 100), "87.5", id="to the nearest half"),
        pytest.param("0.5", F(8775, 100), "88.0", id="half way between halves"),
        pytest.param("0.1", F(1300, 17), "76.5", id="to one decimal"),
        pytest.param("3", F(-9, 2), "-6", id="a step that is no decimal place"),
        pytest.param("0.000000000001", F(10**18) + F(1, 3), "1000000000000000000.333333333333",
                     id="31 digits"),
    ],
)  # fmt: skip
def test_half_up_to_a_step(step, number, published):
    assert str(Rounding(mode="half_up", step=D(step)).exact(number)) == published


@pytest.mark.parametrize("mode", ["half_up", "half_even", "truncate"])
@pytest.mark.parametrize("step", ["0.1", "0.5", "1", "3"])
def test_columns_round_like_fractions_at_every_eighth(mode, step):
    rounding = Rounding(mode=mode, step=D(step))
    eighths = list(range(-80, 81))
    frame = pl.DataFrame({"n": eighths}, schema={"n": pl.Int128})

    steps = frame.select(rounding.columns(Quotient(pl.col("n"), None, 8))).to_series()

    assert steps.to_list() == [rounding.steps(F(n, 8)) for n in eighths]
