"""The results that a peer system gave for 100 members: a weighted mean cut to one decimal."""

import json
from collections.abc import Mapping
from decimal import Decimal as D

from kpis.rules.scoring import Answer, MemberInputs, State, score
from tests.data import data
from tests.kpis.rules.editions import kpi, make_edition, node

SCALE = {"kind": "number", "min": 0, "max": 100, "decimals": 0}


def test_a_weighted_mean_cut_to_one_decimal_equals_the_peer_for_every_member():
    oracle = json.loads(data("peer-oracle/ciso_100x100.json").read_text())["members"]
    weights = weights_of(oracle)
    edition = make_edition(
        kpis=[kpi(code, SCALE) for code in weights],
        nodes=[
            node(
                "total",
                "weighted_mean",
                weights=weights,
                divide_by="weights",
                rounding={"mode": "truncate", "step": 0.1},
            )
        ],
        total="total",
    )
    inputs = [
        MemberInputs(
            member,
            {
                f"k{place}": Answer(State.ANSWERED, number=D(points))
                for place, (_, points) in enumerate(given["values"])
            },
        )
        for member, given in oracle.items()
    ]

    cards = score(edition, inputs)

    assert edition.tree.columnar == {"total"}
    differing = [c.member for c in cards if c.total != D(str(oracle[c.member]["expected"]))]
    assert (len(cards), differing) == (100, [])


def weights_of(oracle: Mapping) -> dict[str, int]:
    """Return the weight of each place, which is the same for every member."""
    [weights] = {tuple(weight for weight, _ in given["values"]) for given in oracle.values()}
    return {f"k{place}": weight for place, weight in enumerate(weights)}
