"""Whom the rows of a table are about."""

from __future__ import annotations

from typing import Literal

from kpis.rules.profiles.cells import Column, SomeDay, Written
from rulebooks.rules.schema import Code, Part


class Created(Part):
    """What an unknown member becomes: an organisation and a member, as imported.

    Class and chamber are one for the whole file, or stand in columns. With ``admitted: true`` its
    admission is stated as a fact, and the edition in force must have the class and chamber; with
    false it is listed, and stands under no obligation.
    """

    sort: Literal["company", "ngo", "union", "other"] = "company"
    country: Column | None = None
    identifier: Column | None = None
    member_class: Code | Written
    chamber: Code | Written
    admitted_on: SomeDay
    admitted: bool


class MemberIn(Part):
    """Whom a row is about: found by ``by``; who is not found is created, or the row refused."""

    by: Literal["name", "identifier", "code"]
    column: Column
    unknown: Literal["refuse"] | Created
