"""The home page of each role, and the choice of the member one acts for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dashboard import selectors
from dashboard.rules import LABELS, Home
from dashboard.views import context, figures, needs
from governance import selectors as governance
from members import selectors as members
from members.rules import STANDING_WORDS, Post
from members.views.stages import STAGE_WORDS
from rulebooks import selectors as rulebooks
from rulebooks.rules.edition import Edition
from suspensions import selectors as suspensions
from suspensions.models import Breach
from suspensions.rules.words import STAGES
from targets.rules import in_days, things

SHOWN = 8


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return _show(request, Home.PUBLIC, {})
    homes = context.homes_of(request)
    shown = context.home_of(request)
    if request.session.get("home", homes[0].value) != shown.value:
        request.session["home"] = shown.value
    others = [
        {"label": LABELS[home], "url": f"/?as={home.value}"} for home in homes if home is not shown
    ]
    return _show(request, shown, {"other_homes": others})


def _show(request: HttpRequest, home: Home, around: dict) -> HttpResponse:
    today = timezone.localdate()
    values = {"today": today, **around, **PAGES[home](request, today)}
    return render(request, f"dashboard/{home.value}.html", values)


@login_required
@require_POST
def act_for(request: HttpRequest) -> HttpResponse:
    code = request.POST.get("member", "")
    chosen = [post for post in context.posts_of(request) if post.member.code == code]
    if chosen:
        request.session[context.ACTING_FOR] = code
        request.session["home"] = Home.MEMBER.value
        messages.success(request, f"You act {context.in_words(chosen)}.")
    else:
        messages.error(request, "You hold no mandate for that member; nothing has changed.")
    return redirect("/?as=member")


def _secretariat(request: HttpRequest, today) -> dict:
    reporting = selectors.reporting(request.user, on=today)
    results = selectors.results(request.user, on=today)
    waiting = selectors.waiting(request.user, on=today)
    return {
        "reporting": reporting,
        "results": results,
        "waiting": waiting,
        "standings": [
            (words, look, waiting.standing.get(standing.value, 0))
            for standing, (words, look) in STANDING_WORDS.items()
        ],
        "filing_chart": figures.filing(reporting) if reporting else None,
        "band_chart": figures.bands(results.bands, results.run) if results else None,
        **(procedures := _procedures(request, today)),
        "needs": needs.secretariat(waiting, reporting, procedures),
        "start_url": reverse("dashboard:start"),
    }


def _procedures(request: HttpRequest, today) -> dict:
    cases = list(selectors.open_cases(request.user, on=today))
    breaches = list(selectors.provisional_breaches(request.user))
    names = selectors.step_names()
    clocks = selectors.corrections(breaches, on=today)
    lines = [
        {
            "case": case,
            "step": names.get((case.edition.code, case.step), case.step),
            "word": STAGES[case.stage][0],
            "look": STAGES[case.stage][1],
        }
        for case in cases
    ]
    asked = [{"breach": b, "clock": clocks.get((b.member_id, b.key))} for b in breaches]
    return {
        "cases": lines[:SHOWN],
        "case_count": len(lines),
        "breaches": [line | {"title": selectors.breach_title(line["breach"])} for line in asked][
            :SHOWN
        ],
        "breach_count": len(breaches),
        "to_decide": sum(not (line["clock"] and line["clock"].runs) for line in asked),
        "contested": sum(breach.contested_at is not None for breach in breaches),
        "steps_due": selectors.steps_due(request.user, on=today),
        "without_case": selectors.breaches_without_case(request.user).count(),
        "stages": Counter(case.stage for case in cases),
    }


def _case_officer(request: HttpRequest, today) -> dict:
    procedures = _procedures(request, today)
    waiting = selectors.waiting(request.user, on=today)
    return {**procedures, "needs": needs.case_officer(waiting, procedures)}


def _counsel(request: HttpRequest, today) -> dict:
    return _procedures(request, today)


def _clerk(request: HttpRequest, today) -> dict:
    matters = governance.matters_awaiting(on=today)
    memberships = governance.memberships_awaiting(on=today)
    decidable = [one for one in governance.awaiting(on=today) if not one.course.waits_for]
    return {
        "matters": matters,
        "admissions": [
            (asked, asked.edition.member_class(asked.application.member_class).name)
            for asked in decidable
        ],
        "memberships": memberships,
        "count": len(matters) + len(decidable) + len(memberships),
        "bodies": _bodies(today),
        "decisions": selectors.last_decisions(request.user),
    }


def _bodies(today) -> list[tuple]:
    names = _chambers(rulebooks.current_document(today))
    return [
        (body, {names.get(code, code) or "Without chamber": row for code, row in seats.items()})
        for body, seats in governance.bodies(on=today)
    ]


def _chambers(document: Edition | None) -> dict[str, str]:
    return {chamber.code: chamber.name for chamber in document.chambers} if document else {}


def _body(request: HttpRequest, today) -> dict:
    published = selectors.published(request.user)
    seats = selectors.seats(request.user, on=today)
    names = _chambers(rulebooks.current_document(today))
    for seat in seats:
        seat.chamber_name = names.get(seat.chamber, seat.chamber) or "Without chamber"
    return {
        "seats": seats,
        "applications": _before_bodies(request.user, today),
        "to_weigh": suspensions.cases_to_weigh(request.user, on=today),
        "published": published,
        "band_chart": figures.spread(published.table),
        "edition": rulebooks.current_document(today),
    }


def _before_bodies(user, today) -> list[tuple]:
    """The applications that somebody's bodies are asked about, with where each stands."""
    rows = governance.before_bodies_of(user, on=today)
    asked = filter(None, (governance.asked_about(row, on=today) for row in rows))
    return [(one.application, one.course, STAGE_WORDS[one.course.stage]) for one in asked]


def _member(request: HttpRequest, today) -> dict:
    posts = context.acting(request)
    member = posts[0].member
    user = request.user
    owed = selectors.owed(member, user=user, on=today)
    breaches = selectors.breaches(member, user=user)
    clocks = selectors.corrections(breaches, on=today)
    cards = selectors.published_cards(member, user=user)
    ahead = (line.due_on for line in owed if line.due_on and line.due_on >= today)
    next_due = min(ahead, default=None)
    return {
        "member": member,
        "posts": posts,
        "all_posts": {post.member.code: post.member for post in context.posts_of(request)},
        "standing": selectors.standing_of(member, on=today),
        "owed": owed,
        "owed_words": things(
            len(owed), late=sum(line.state in ("overdue", "missed") for line in owed)
        ),
        "next_due": next_due,
        "next_due_in": in_days(next_due, today) if next_due else "",
        "first": owed[0] if owed else None,
        "next_period": selectors.next_period(today),
        "returns": selectors.returns(member, user=user)[:SHOWN],
        "card": cards[0] if cards else None,
        "band": figures.band_of(cards[0]) if cards else None,
        "trend": figures.trend(cards),
        "learns_of_applicants": members.learns_of_applicants(user),
        "to_contest": selectors.to_contest(member, user=user, on=today),
        "to_answer": [
            _to_answer(breach, clocks.get((breach.member_id, breach.key)))
            for breach in breaches
            if breach.status == Breach.Status.PROVISIONAL
        ],
        "cases": [
            {"case": c, "word": STAGES[c.stage][0], "look": STAGES[c.stage][1]}
            for c in selectors.cases(member, user=user, on=today)
            if c.stage
        ],
        "conditions": selectors.conditions(user, member),
        "letters": selectors.letters(user, member),
        "unsigned": members.unsigned(member, on=today),
        "unreached": members.unreachable(user, on=today).filter(pk=member.pk).first(),
        "leaving": members.notice_of(member, on=today),
        "signs": any(post.post == Post.SIGNATORY for post in posts),
        "reports": any(post.post == Post.REPRESENTATIVE for post in posts),
    }


def _to_answer(breach: Breach, clock: selectors.Correction | None) -> dict:
    yours = clock is not None and clock.runs
    return {
        "breach": breach,
        "title": selectors.breach_title(breach),
        "clock": clock,
        "turn": "You, to correct facts or contest it" if yours else "The case officer",
    }


def _auditor(request: HttpRequest, today) -> dict:
    lines = selectors.assigned(request.user, on=today)
    return {
        "lines": lines,
        "left": sum(line.left for line in lines),
        "open_lines": sum(1 for line in lines if line.left),
        "unfiled": sum(1 for line in lines if line.of_return is None),
    }


def _public(request: HttpRequest, today) -> dict:
    published = selectors.published(request.user)
    return {
        "edition": rulebooks.current_document(today),
        "published": published,
        "band_chart": figures.spread(published.table),
    }


def _data_protection(request: HttpRequest, today) -> dict:
    return {"holdings": selectors.holdings(), "roles": selectors.people_by_role()}


def _machine(request: HttpRequest, today) -> dict:
    return {
        "machine": selectors.machine(now=timezone.now()),
        "roles": selectors.people_by_role(),
    }


def _newcomer(request: HttpRequest, today) -> dict:
    return {
        "organisations": members.may_apply_for(request.user),
        "applications": members.applications_of(request.user),
        "edition": rulebooks.current_document(today),
    }


PAGES: dict[Home, Callable[[HttpRequest, object], dict]] = {
    Home.SECRETARIAT: _secretariat,
    Home.CASE_OFFICER: _case_officer,
    Home.COUNSEL: _counsel,
    Home.CLERK: _clerk,
    Home.BODY: _body,
    Home.MEMBER: _member,
    Home.AUDITOR: _auditor,
    Home.NGO: _public,
    Home.DATA_PROTECTION: _data_protection,
    Home.MACHINE: _machine,
    Home.NEWCOMER: _newcomer,
    Home.PUBLIC: _public,
}
