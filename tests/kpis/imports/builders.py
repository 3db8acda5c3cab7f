"""Files and profiles to import, as small as a test can say."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date
from io import BytesIO, StringIO

import openpyxl

from accounts.selectors import system_user
from kpis.rules.profiles import Profile
from kpis.rules.stating import Setting
from kpis.services.imports import Imported, import_file

ON = date(2026, 3, 2)
LONG = """
format: 1
code: long
title: A row for each answer
file: {kind: csv, comment: "#"}
member: {by: name, column: Company, unknown: refuse}
into:
  kind: values
  period: {column: Year}
  layout: {kind: long, kpi: {column: KPI}, value: Value, denominator: Of}
  answers: {unknown: ["?"], not_applicable: [n/a]}
"""
LONG_HEADER = ("Company", "Year", "KPI", "Value", "Of")
WIDE = """
format: 1
code: wide
title: A row for each member
file: {kind: xlsx}
member:
  by: name
  column: Company
  unknown:
    country: Country
    member_class: full
    chamber: companies
    admitted_on: {fixed: 2023-01-01}
    admitted: true
into:
  kind: values
  period: {given: true}
  layout: {kind: wide, columns: {days-to-repay: Days, policy: Policy}}
  answers: {labels: {policy: {Yes: written, No: none}}}
"""
WIDE_HEADER = ("Company", "Country", "Days", "Policy")
FACTS = """
format: 1
code: pledges
title: A list of commitments
file: {kind: csv}
as_of: given
member:
  by: name
  column: Company
  unknown: {member_class: full, chamber: companies, admitted_on: as_of, admitted: false}
into:
  kind: facts
  gone: retract
  facts:
    - kind: commitment.made
      when: [{column: Status, is_not: [extended]}]
      key: {column: Pledge}
      about_on: {column: Made}
      data: {due_on: {column: Due, day: DD/MM/YYYY}}
    - kind: commitment.made
      when: [{column: Status, is: [extended]}]
      key: {column: Pledge}
      about_on: {column: Made}
      once: true
    - kind: commitment.extended
      when: [{column: Status, is: [extended]}]
      key: {column: Pledge}
      about_on: as_of
      data: {due_on: {column: Due, day: DD/MM/YYYY}}
    - kind: commitment.removed
      when: [{column: Status, is: [removed]}]
      key: {column: Pledge}
      about_on: as_of
      data: {reason: {fixed: expired}}
"""
FACTS_HEADER = ("Company", "Pledge", "Made", "Due", "Status")
JUNE, JULY = Setting(as_of=date(2025, 6, 1)), Setting(as_of=date(2025, 7, 1))


def csv_of(*rows: Iterable[object], encoding: str = "utf-8") -> BytesIO:
    text = StringIO()
    csv.writer(text).writerows(rows)
    return BytesIO(text.getvalue().encode(encoding))


def xlsx_of(*rows: Iterable[object], sheets: Iterable[str] = ("Data",)) -> BytesIO:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    file = BytesIO()
    book.save(file)
    file.seek(0)
    return file


NOTHING_SAID = Setting()


def run(
    profile: str, file: BytesIO, setting: Setting = NOTHING_SAID, *, dry_run: bool = False
) -> Imported:
    """Import ``file`` as the platform itself."""
    return import_file(
        profile=Profile.load(profile),
        stream=file,
        setting=setting,
        by=system_user(),
        on=ON,
        dry_run=dry_run,
    )
