"""Cards: what scoring one member gives."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal, NamedTuple


class Line(NamedTuple):
    """The outcome of one node: an exact number and the published one, or a label.

    ``numerator / denominator`` is in lowest terms; both are None where the node does not apply or
    is not scored. ``published`` is None too where the node publishes no rounded number. ``outcome``
    is stated in place of a number: not_enough_data, not_scored. ``alone`` is what the node itself
    gave, where a knock-out or cap put another number or label in its place.
    """

    node: str
    numerator: int | None = None
    denominator: int | None = None
    published: Decimal | None = None
    label: str | None = None
    outcome: str | None = None
    alone: str | None = None

    @property
    def exact(self) -> Fraction | None:
        """Return the number before rounding."""
        return None if self.numerator is None else Fraction(self.numerator, self.denominator)

    @property
    def number(self) -> Fraction | None:
        """Return the published number, or the exact one of a node that does not round."""
        if self.outcome is not None:
            return None
        return self.exact if self.published is None else Fraction(self.published)


class KnockOut(NamedTuple):
    """A ground that stands beside the number: this KPI was left unanswered."""

    kpi: str
    state: str


class Ground(NamedTuple):
    """A ground that fired beside the number, by a rule of the edition.

    ``kind`` is knock_out or cap of the whole score, or grade_cap within a node; ``result`` what
    it left: a band, a verdict, a grade or a number.
    """

    kind: Literal["knock_out", "cap", "grade_cap"]
    code: str
    result: str
    node: str | None = None

    @property
    def key(self) -> str:
        """Return what tells it apart from every other ground of the edition."""
        return self.code if self.node is None else f"{self.node}/{self.code}"


class Remark(NamedTuple):
    """What became of the answer to a KPI, or why a calculated one has no number."""

    code: str
    says: str


@dataclass(frozen=True, slots=True)
class Card:
    """The scorecard of one member: every line, every ground that fired, and what they come to.

    ``remarks`` say what a number alone does not: carried forward, no baseline, division by zero.
    """

    edition: str
    member: str
    lines: tuple[Line, ...]
    knock_outs: tuple[KnockOut, ...]
    total: Decimal | None
    verdict: str | None
    band: str | None
    status: str | None
    grounds: tuple[Ground, ...] = ()
    remarks: tuple[Remark, ...] = ()

    @property
    def fired(self) -> tuple[str, ...] | None:
        """Return the code of every ground that knocked the member out, None when none did."""
        ruled = (ground.code for ground in self.grounds if ground.kind == "knock_out")
        codes = (*(ground.kpi for ground in self.knock_outs), *ruled)
        return tuple(dict.fromkeys(codes)) or None

    def line(self, node: str) -> Line:
        """Return the line of a node.

        :raises KeyError: the edition has no such node.
        """
        for line in self.lines:
            if line.node == node:
                return line
        raise KeyError(node)

    def canonical(self) -> bytes:
        """Return the card as JSON with names, the same byte for byte however it was computed.

        This is how cards were stored at first; those that were are kept as they are.
        """
        plain = {
            "edition": self.edition,
            "member": self.member,
            "lines": [dict(_without_nothing(line)) for line in self.lines],
            "knock_outs": [ground._asdict() for ground in self.knock_outs],
            "total": None if self.total is None else f"{self.total:f}",
            "verdict": self.verdict,
            "band": self.band,
            "status": self.status,
        }
        if self.grounds:
            plain["grounds"] = [dict(_without_nothing(ground)) for ground in self.grounds]
        if self.remarks:
            plain["remarks"] = [remark._asdict() for remark in self.remarks]
        return in_json(plain).encode()

    def compact(self) -> str:
        """Return the card as it is stored, and as its digest covers it: the same for every way.

        JSON without names: edition, member, lines, total, verdict, band, status, knock-outs,
        grounds, remarks. Each line, knock-out, ground and remark is a list of its fields in order,
        without what is empty at its end.
        """
        total = None if self.total is None else f"{self.total:f}"
        parts = (self.knock_outs, self.grounds, self.remarks)
        told = [
            *map(in_json, (self.edition, self.member)),
            listed(self.lines),
            *map(in_json, (total, self.verdict, self.band, self.status)),
            *map(listed, parts),
        ]
        return f"[{','.join(told)}]"

    @classmethod
    def read(cls, text: str | bytes) -> Card:
        """Return the card that ``compact`` or ``canonical`` wrote."""
        plain = json.loads(text)
        if isinstance(plain, list):
            return cls._of_fields(*plain)
        return cls(
            **{name: plain[name] for name in ("edition", "member", "verdict", "band", "status")},
            lines=tuple(map(_line, plain["lines"])),
            knock_outs=tuple(KnockOut(**ground) for ground in plain["knock_outs"]),
            grounds=tuple(Ground(**ground) for ground in plain.get("grounds", ())),
            total=None if plain["total"] is None else Decimal(plain["total"]),
            remarks=tuple(Remark(**remark) for remark in plain.get("remarks", ())),
        )

    @classmethod
    def _of_fields(
        cls,
        edition: str,
        member: str,
        lines: list[list],
        total: str | None,
        verdict: str | None,
        band: str | None,
        status: str | None,
        knock_outs: list[list[str]],
        grounds: list[list[str]],
        remarks: list[list[str]],
    ) -> Card:
        return cls(
            edition=edition,
            member=member,
            lines=tuple(map(line_of, lines)),
            knock_outs=tuple(KnockOut(*one) for one in knock_outs),
            total=None if total is None else Decimal(total),
            verdict=verdict,
            band=band,
            status=status,
            grounds=tuple(Ground(*one) for one in grounds),
            remarks=tuple(Remark(*one) for one in remarks),
        )


def listed(parts: Iterable[Line | KnockOut | Ground | Remark]) -> str:
    """Return lines, knock-outs, grounds or remarks as they stand in a card."""
    return in_json([_fields(one) for one in parts])


def in_json(plain: object) -> str:
    """Return ``plain`` as JSON in the one form that is stored: no spaces, keys in order."""
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _fields(one: Line | KnockOut | Ground | Remark) -> list:
    made = [f"{value:f}" if isinstance(value, Decimal) else value for value in one]
    while made and made[-1] is None:
        made.pop()
    return made


def line_of(fields: list) -> Line:
    """Return a line that stands in a compact card."""
    line = Line(*fields)
    return line if line.published is None else line._replace(published=Decimal(line.published))


def _without_nothing(line: Line | Ground) -> Iterator[tuple[str, str]]:
    """Yield the fields that are there. Integers go as text: JSON readers keep only 53 bits."""
    for name, value in zip(line._fields, line, strict=True):
        if value is not None:
            yield name, f"{value:f}" if isinstance(value, Decimal) else str(value)


def _line(plain: dict[str, str]) -> Line:
    made = {"numerator": int, "denominator": int, "published": Decimal}
    return Line(**{name: made.get(name, str)(value) for name, value in plain.items()})
