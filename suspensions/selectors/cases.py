"""What a case stands on, and how it stands."""

from __future__ import annotations

from datetime import date

from members.models import Member
from suspensions.models import Case
from suspensions.rules.procedure import MEASURE_IMPOSED


def next_case_code() -> str:
    """Return the next free code of a case: C0001, C0002, …"""
    last = Case.objects.filter(code__regex=r"^C[0-9]{4,}$").order_by("-pk").first()
    return f"C{(int(last.code[1:]) if last else 0) + 1:04d}"


def steps_in_force(member: Member, *, on: date) -> list[str]:
    """Return the steps that were imposed on a member and still hold, or rest under an appeal."""
    cases = Case.objects.filter(member=member).with_stage(on)
    return list(cases.filter(stage__in=MEASURE_IMPOSED).values_list("step", flat=True))
