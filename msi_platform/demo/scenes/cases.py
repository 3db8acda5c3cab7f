"""The daily run, breaches, and three cases: a suspension, an appeal, a breach dismissed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from accounts.rules import Role
from accounts.selectors import system_user
from governance import services as governance
from governance.models import Body
from members.rules import Post
from msi_platform.demo import world
from reports import services as reports
from suspensions import services as suspensions
from suspensions.models import Breach, Case

if TYPE_CHECKING:
    from msi_platform.demo.story import Story

NOTICE = (
    "The initiative has opened a case about the grounds stated above. You may answer in writing,"
    " and ask to be heard, until the day named in this notice. What you say will be before the"
    " body that decides."
)
NOT_DISPUTED = (
    "The grounds are proven by the record and were not disputed, and no return was filed since."
    " The step takes effect as the rulebook says."
)
NOT_EXCUSED = (
    "The floods explain part of what is missing in one year; they do not explain the second, nor"
    " why no substitute records were kept. A warning is the lightest step."
)


def advance(story: Story, on: date) -> None:
    """The daily run, as the platform."""
    suspensions.advance(by=system_user(), on=on)


def lay_out(story: Story) -> None:
    """Lay out what follows for the members whose story is a case."""
    _, second, third, _ = story.calendar.windows
    _missed(story, second.late_until)
    _missed(story, third.late_until)
    _dismissed(story, third.published_on)
    _appealed(story)
    story.at(story.ago(23), lambda on: advance(story, on))
    story.at(story.ago(4), lambda on: contest(story, world.CONTESTED, UNSIGNED, on))


UNSIGNED = (
    "Our signatory was abroad until last week, and our works council asked for a day to read the"
    " requirement on grievance channels. We will sign it."
)


def _missed(story: Story, closed: date) -> None:
    """From a missed return to the measure: each step as late as people are."""
    name, day = world.SUSPENDED, timedelta(days=1)
    story.at(closed + 24 * day, lambda on: confirm(story, name, on))
    story.at(closed + 27 * day, lambda on: open_case(story, name, on))
    story.at(closed + 30 * day, lambda on: notice(story, name, on))
    story.at(closed + 75 * day, lambda on: decide(story, name, NOT_DISPUTED, on))
    story.at(closed + 78 * day, lambda on: carry_out(story, name, on))
    story.at(closed + 110 * day, lambda on: show(story, name, on))


def _dismissed(story: Story, published: date) -> None:
    name, day = world.DISMISSED, timedelta(days=1)
    text = (
        "The answer was given by mistake: a dormitory kept spare keys, no papers. The auditor saw"
        " the safe on 3 May and every worker has the passport."
    )
    story.at(published + 6 * day, lambda on: contest(story, name, text, on))
    story.at(published + 20 * day, lambda on: dismiss(story, name, on))


def _appealed(story: Story) -> None:
    name = world.APPEALING
    answer = (
        "Two sites were closed by floods in both years and their records lost. We ask that the"
        " scores be read in that light."
    )
    appeal = "The decision does not deal with the loss of records, which our answer explained."
    story.at(story.ago(110), lambda on: confirm(story, name, on))
    story.at(story.ago(104), lambda on: open_case(story, name, on))
    story.at(story.ago(100), lambda on: notice(story, name, on))
    story.at(story.ago(81), lambda on: answer_notice(story, name, answer, on))
    story.at(story.ago(24), lambda on: decide(story, name, NOT_EXCUSED, on))
    story.at(story.ago(20), lambda on: carry_out(story, name, on))
    story.at(story.ago(6), lambda on: file_appeal(story, name, appeal, on))


def _breach(story: Story, name: str, status: str) -> Breach:
    """Return the newest breach of a member in a status."""
    found = Breach.objects.filter(member=story.cast.members[name], status=status)
    return found.latest("pk")


def _case(story: Story, name: str) -> Case:
    return Case.objects.filter(member=story.cast.members[name]).latest("pk")


def contest(story: Story, name: str, text: str, on: date) -> None:
    breach = _breach(story, name, Breach.Status.PROVISIONAL)
    by = story.cast.acting(name, Post.REPRESENTATIVE)
    suspensions.contest(breach_id=breach.pk, text=text, by=by, on=on)


def confirm(story: Story, name: str, on: date) -> None:
    breach = _breach(story, name, Breach.Status.PROVISIONAL)
    reason = "The record shows it, and no correction was received."
    suspensions.confirm_breach(breach_id=breach.pk, reason=reason, by=story.cast.officer, on=on)


def dismiss(story: Story, name: str, on: date) -> None:
    breach = _breach(story, name, Breach.Status.PROVISIONAL)
    reason = "The auditor confirms what the member states; the answer will be corrected."
    suspensions.dismiss_breach(breach_id=breach.pk, reason=reason, by=story.cast.officer, on=on)


def open_case(story: Story, name: str, on: date) -> None:
    breach = _breach(story, name, Breach.Status.CONFIRMED)
    suspensions.open_case(breach_ids=[breach.pk], by=story.cast.officer, on=on)


def notice(story: Story, name: str, on: date) -> None:
    case = _case(story, name)
    suspensions.serve_notice(case_id=case.pk, text=NOTICE, by=story.cast.officer, on=on)


def answer_notice(story: Story, name: str, text: str, on: date) -> None:
    by = story.cast.acting(name, Post.ADVISER)
    suspensions.receive_answer(case_id=_case(story, name).pk, text=text, by=by, on=on)


def decide(story: Story, name: str, reasons: str, on: date) -> None:
    """The clerk records that the board imposed the step, and why."""
    case = _case(story, name)
    governance.record_decision(
        member=case.member,
        body=Body.objects.get(code="board"),
        matter=case.code,
        outcome="impose",
        reasons=reasons,
        by=story.cast.staff(Role.PANEL_CLERK),
        on=on,
    )


def carry_out(story: Story, name: str, on: date) -> None:
    case = _case(story, name)
    decision = case.member.decisions.filter(matter=case.code).latest("pk")
    suspensions.carry_out(case_id=case.pk, decision=decision.entry_id, by=story.cast.officer, on=on)


def show(story: Story, name: str, on: date) -> None:
    """The secretariat publishes the measure, once the time to appeal is over."""
    member = story.cast.members[name]
    reports.publish_standing(member=member, by=story.cast.secretariat, on=on)


def file_appeal(story: Story, name: str, text: str, on: date) -> None:
    by = story.cast.acting(name, Post.SIGNATORY)
    suspensions.file_appeal(case_id=_case(story, name).pk, text=text, by=by, on=on)
