"""How members report, the auditor verifies, and the secretariat scores and publishes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile

from accounts.rules import Role
from accounts.selectors import system_user
from kpis import services as kpis
from kpis.models import Return, ScoreRun
from kpis.rules.marks import Mark
from kpis.rules.reading import Typed
from members.rules import Post
from msi_platform.demo import world
from msi_platform.demo.answers import NEEDS_EVIDENCE, answers
from msi_platform.demo.calendar import Window
from msi_platform.demo.scenes import own_sites
from reports import services as reports
from targets import services as targets
from targets.models import Period

if TYPE_CHECKING:
    from msi_platform.demo.story import Story

OPEN = 3  # the place of the open window
WEAK = 0.16
STILL_MISSING = 0.15  # of the members, in the open window
FOR_COUNSEL_ONLY = "claims-in-court"
FILLED_SO_FAR = 6  # KPIs in the draft of the open window


def lay_out(story: Story, company: world.Company, place: int, window: Window) -> None:
    """Lay out when a member files for a window: in time, late, or not at all."""
    if place in company.missed or (place == OPEN and company.name == world.SUSPENDED):
        return
    if place == OPEN and company.name == world.OPEN_DRAFT:
        story.at(window.due_on - timedelta(days=6), lambda on: extend(story, company, window, on))
        story.at(story.ago(2), lambda on: begin(story, company, place, window, on))
        return
    if place == OPEN and story.random.random() < STILL_MISSING:
        return
    wait = story.random.randint(8, 72)
    on = window.opens_on + timedelta(days=wait)
    if place in company.late:
        on = window.due_on + timedelta(days=story.random.randint(2, 25))
    story.at(on, lambda day: file(story, company, place, window, day))


def extend(story: Story, company: world.Company, window: Window, on: date) -> None:
    """The secretariat gives one member more time, before the return was due."""
    targets.grant_extension(
        member=story.cast.members[company.name],
        period=Period.objects.get(code=window.code),
        until_on=window.due_on + timedelta(days=20),
        reason="The plant in the north was flooded and reopened a week before the return was due.",
        by=story.cast.secretariat,
        on=on,
    )


def begin(story: Story, company: world.Company, place: int, window: Window, on: date) -> Return:
    """The representative fills in a return, with evidence where it is required, and saves it."""
    by = story.cast.acting(company.name, Post.REPRESENTATIVE)
    member, period = story.cast.members[company.name], Period.objects.get(code=window.code)
    draft = kpis.start_return(member=member, period=period, by=by, on=on)
    effort = WEAK if place in company.weak else company.effort
    papers = "yes" if place in company.papers_kept else "no"
    typed = answers(effort, story.random, papers=papers)
    if place == OPEN and company.name == world.OPEN_DRAFT:
        typed = {code: typed[code] for code in list(typed)[:FILLED_SO_FAR]}
    kpis.save_draft(return_id=draft.pk, typed=typed, by=by, on=on)
    own_sites.answer(company.name, draft, by=by, on=on)
    for code in NEEDS_EVIDENCE:
        text = f"{company.name}, {window.code}: records behind {code}, drawn up for the demo.\n"
        kpis.add_evidence(
            return_id=draft.pk,
            kpi=code,
            file=ContentFile(text.encode(), name=f"{code}-{window.code}.txt"),
            by=by,
            on=on,
            covers_from=window.about_from,
            covers_until=window.about_until,
        )
    return draft


def file(story: Story, company: world.Company, place: int, window: Window, on: date) -> None:
    """The representative submits, the signatory signs off, and an auditor comes later."""
    draft = begin(story, company, place, window, on)
    by = story.cast.acting(company.name, Post.REPRESENTATIVE)
    kpis.submit(return_id=draft.pk, by=by, on=on)
    signatory = story.cast.acting(company.name, Post.SIGNATORY)
    kpis.sign_off(return_id=draft.pk, by=signatory, on=on)
    if story.cast.members[company.name].assignments.exists():
        day = on + timedelta(days=story.random.randint(10, 60))
        adjusts = company.name == world.ADJUSTED and place == OPEN - 1
        story.at(day, lambda on: verify(story, draft, adjusts=adjusts, on=on))


def verify(story: Story, filed: Return, *, adjusts: bool, on: date) -> None:
    """The auditor marks every value; in one story a value is adjusted and one has no support."""
    auditor = story.cast.staff(Role.AUDITOR)
    values = filed.values_reported.exclude(kpi=FOR_COUNSEL_ONLY)
    marks = {value.kpi: Mark(outcome="verified") for value in values}
    if adjusts:
        marks["weeks-over-60"] = Mark(
            outcome="adjusted",
            reason="The time records of the second site show more weeks than were counted.",
            value=Typed(number="11.5"),
        )
        marks["worker-channels"] = Mark(
            outcome="unsupported", reason="No contract with the hotline could be shown."
        )
    kpis.mark_values(return_id=filed.pk, marks=marks, by=auditor, on=on)


def score(story: Story, window: Window, on: date) -> None:
    """The secretariat scores a period and shows it; the demo works the shards off itself."""
    period = Period.objects.get(code=window.code)
    run = kpis.start_run(period=period, by=story.cast.secretariat, on=on)
    kpis.work_open_shards(run_id=run.pk, by=system_user(), on=on)
    kpis.show_run(run_id=run.pk, by=story.cast.secretariat, on=on)


def correct(story: Story, window: Window, on: date) -> None:
    """An auditor looks again at a value of a published score; a correction follows by itself."""
    returns = Return.objects.filed().filter(period__code=window.code)
    filed = returns.get(member=story.cast.members[world.ADJUSTED])
    again = Mark(
        outcome="adjusted",
        reason="The list of shifts that was found in the archive counts two further weeks.",
        value=Typed(number="13.5"),
    )
    auditor = story.cast.staff(Role.AUDITOR)
    kpis.mark_values(return_id=filed.pk, marks={"weeks-over-60": again}, by=auditor, on=on)


def show_correction(story: Story, window: Window, on: date) -> None:
    run = ScoreRun.objects.filter(period__code=window.code).order_by("-pk").first()
    kpis.show_run(run_id=run.pk, by=story.cast.secretariat, on=on)


def contest(story: Story, window: Window, on: date) -> None:
    """The member contests what the auditor made of its hours."""
    member = story.cast.members[world.ADJUSTED]
    run = ScoreRun.objects.filter(period__code=window.code).order_by("-pk").first()
    kpis.contest_score(
        run_id=run.pk,
        member=member,
        of="weeks-over-60",
        reasons="The records of the second site count two weeks twice: shifts that ended after "
        "midnight stand in both. The site's list of shifts, sent on Monday, shows it.",
        by=story.cast.acting(world.ADJUSTED, Post.REPRESENTATIVE),
        on=on,
    )


def publish(story: Story, window: Window, on: date) -> None:
    run = ScoreRun.objects.get(period__code=window.code)
    kpis.publish_run(run_id=run.pk, by=story.cast.secretariat, on=on)


def show(story: Story, window: Window, on: date) -> None:
    """The secretariat puts the scores of a period into the public register."""
    period = Period.objects.get(code=window.code)
    reports.publish_scores(period=period, by=story.cast.secretariat, on=on)
