"""What must hold of units, currencies and what a target promises."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rulebooks.rules.aggregation import Formula
from rulebooks.rules.document import Fault
from rulebooks.rules.scales.outside import Money
from rulebooks.rules.units import PLAIN, Measure, measure

if TYPE_CHECKING:
    from rulebooks.rules.currencies import Currencies
    from rulebooks.rules.edition import Edition
    from rulebooks.rules.indicators import Kpi


def measure_faults(edition: Edition) -> Iterator[Fault]:
    """Yield amounts that cannot be converted, and formulas whose units do not go together."""
    yield from _currency_faults(edition)
    yield from _unit_faults(edition)


def _currency_faults(edition: Edition) -> Iterator[Fault]:
    known: set[str] = set()
    if edition.currencies is not None:
        periods = tuple(period.code for period in edition.periods)
        for path, message in edition.currencies.faults(periods):
            yield Fault(("currencies", *path), message)
        rates = edition.currencies.rates
        known = {edition.currencies.reporting, *(rate.currency for rate in rates)}
    for index, kpi in enumerate(edition.kpis):
        if isinstance(kpi.scale, Money):
            for path, message in _amount_faults(kpi, edition.currencies, known):
                yield Fault(("kpis", index, *path), message)


def _amount_faults(kpi: Kpi, currencies: Currencies | None, known: set[str]) -> Iterator[Fault]:
    if currencies is None:
        message = "an amount of money needs the edition's currencies: reporting, day, rates"
        yield Fault(("scale",), message)
        return
    if kpi.unit != currencies.reporting:
        yield Fault(("unit",), f"amounts are scored in {currencies.reporting}; say so")
    for place, currency in enumerate(kpi.scale.currencies):
        if currency not in known:
            message = f"{currency} has no rate; known: {', '.join(sorted(known))}"
            yield Fault(("scale", "currencies", place), message)


def _unit_faults(edition: Edition) -> Iterator[Fault]:
    measures = {kpi.code: measure(kpi.unit) for kpi in edition.kpis}
    for index, node in enumerate(edition.scoring.nodes):
        read = [measures[code] for code in node.reads() if code in measures]
        if isinstance(node, Formula):
            known = {code: measures.get(code, PLAIN) for code in node.reads()}
            if fault := node.unit_fault(known):
                yield Fault(("scoring", "nodes", index, *fault.path), fault.message)
            measures[node.code] = measure(node.unit)
        else:
            measures[node.code] = _of_node(read)


def _of_node(read: list[Measure]) -> Measure:
    """Return what a node is measured in: the unit of its inputs where they share one."""
    if read and all(one.bare() == read[0].bare() for one in read):
        return read[0]
    return PLAIN
