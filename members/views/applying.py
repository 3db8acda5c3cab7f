"""Applying without an account: begin, come back by the mailed link, fill in, file, look, answer."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.rules.addressing import row_number
from accounts.selectors import system_user
from accounts.views import client_address
from members import selectors, services
from members.forms import BeginForm, DraftForm, LinkForm, WordsForm, open_places
from members.models import Application
from members.selectors import Applicant
from members.services.applying import Incomplete, NotNow
from members.views.dossier import dossier
from members.views.stages import STAGE_WORDS, stage_look
from rulebooks import selectors as rulebooks

SESSION = "applicant"
EXPIRED = "That link has expired, or was cut short. Ask for a new one below."


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    edition = rulebooks.current_document(today)
    if edition is None:
        return render(request, "members/applying/closed.html")
    sent = request.POST if request.method == "POST" else None
    form = BeginForm(sent, edition=edition, address=client_address(request))
    if sent is not None and form.is_valid():
        member_class, chamber = form.cleaned_data["place"]
        given = {key: form.cleaned_data[key] for key in ("name", "country", "email")}
        place = {"member_class": member_class, "chamber": chamber}
        try:
            services.applying.begin(**given, **place, by=system_user(), on=today)
        except services.NotOpen as error:
            form.add_error("place", f"{error}.")
        else:
            return redirect("members:link-sent")
    return _begin_page(request, form)


def _begin_page(
    request: HttpRequest,
    form: BeginForm | None = None,
    link_form: LinkForm | None = None,
    *,
    status: int = 200,
    said: str = "",
) -> HttpResponse:
    today = timezone.localdate()
    edition, address = rulebooks.current_document(today), client_address(request)
    if edition is None:
        return render(request, "members/applying/closed.html", status=status)
    context = {
        "form": form or BeginForm(edition=edition, address=address),
        "link_form": link_form or LinkForm(address=address, prefix="link"),
        "edition": edition,
        "classes": open_places(edition, on=today),
        "said": said,
    }
    return render(request, "members/applying/begin.html", context, status=status)


@require_POST
def ask_for_link(request: HttpRequest) -> HttpResponse:
    form = LinkForm(request.POST, address=client_address(request), prefix="link")
    if not form.is_valid():
        return _begin_page(request, link_form=form)
    email, today = form.cleaned_data["email"], timezone.localdate()
    services.applying.send_links(email=email, by=system_user(), on=today)
    return redirect("members:link-sent")


@require_safe
def link_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "members/applying/sent.html")


@never_cache
@require_safe
def open_application(request: HttpRequest, token: str) -> HttpResponse:
    """Let in whoever has the link; its secret does not stay in the address of the next page."""
    found = selectors.applicant(token, at=timezone.now())
    if found is None:
        return _begin_page(request, status=404, said=EXPIRED)
    until = found.until.isoformat()
    request.session[SESSION] = {"id": found.application_id, "until": until}
    return redirect("members:mine")


def _applicant(request: HttpRequest) -> Applicant | None:
    held = request.session.get(SESSION)
    if held is None:
        return None
    found = Applicant(held["id"], datetime.fromisoformat(held["until"]))
    return found if found.until > timezone.now() else None


def _mine(request: HttpRequest) -> tuple[Applicant, Application]:
    """Return whoever opened a link and the application; without one there is no page."""
    by = _applicant(request)
    if by is None:
        raise Http404("open the link that was mailed")
    try:
        return by, selectors.application_of(by)
    except Application.DoesNotExist:
        raise Http404("there is no such application") from None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    if _applicant(request) is None:
        return _begin_page(request, status=404, said=EXPIRED)
    by, application = _mine(request)
    if application.filed_at or application.outcome:
        return _status_page(request, application)
    if request.method != "POST":
        return _draft_page(request, application)
    return _save(request, by, application)


def _save(request: HttpRequest, by: Applicant, application: Application) -> HttpResponse:
    sent = {"application": application, "admission": application.admission}
    form = DraftForm(request.POST, request.FILES, **sent)
    if not form.is_valid():
        return _draft_page(request, application, form)
    try:
        _keep(request, by, form)
    except services.BadFile as error:
        form.add_error(None, f"{str(error).capitalize()}. The rest is saved.")
        return _draft_page(request, selectors.application_of(by), form)
    except Incomplete as error:
        return _draft_page(request, selectors.application_of(by), gaps=error.gaps)
    except (NotNow, services.NotOpen) as error:
        messages.error(request, f"Not filed: {error}. What you typed is saved.")
        return redirect("members:mine")
    if "file" in request.POST:
        messages.success(request, f"Filed under the number {application.code}.")
    return redirect("members:mine")


def _keep(request: HttpRequest, by: Applicant, form: DraftForm) -> None:
    """Save what was typed, take in or out what was handed in, and file it if that was asked."""
    act = {"application_id": by.application_id, "by": by, "on": timezone.localdate()}
    said = form.cleaned_data
    services.applying.keep_draft(
        name=said["name"],
        country=said["country"],
        statement=said.get("statement", ""),
        content=form.content(),
        **act,
    )
    for asked, file in form.handed_in():
        services.applying.hand_in(asked=asked, file=file, **act)
    if document := row_number(request.POST.get("remove", "")):
        services.applying.take_out(document_id=document, **act)
    if "file" in request.POST:
        services.applying.file_draft(**act)


def _draft_page(
    request: HttpRequest,
    application: Application,
    form: DraftForm | None = None,
    gaps: tuple = (),
) -> HttpResponse:
    admission, document = application.admission, application.edition.document
    missing = selectors.missing_from(application)
    held: dict[str, list] = {}
    for one in selectors.documents_of(application):
        held.setdefault(one.asked, []).append(one)
    form = form or DraftForm(application=application, admission=admission)
    asked = admission.documents if admission else ()
    context = {
        "application": application,
        "admission": admission,
        "edition": document,
        "member_class": document.member_class(application.member_class),
        "chamber": document.chamber(application.chamber),
        "form": form,
        "documents": [(d, form[f"document-{d.code}"], held.get(d.code, [])) for d in asked],
        "missing": missing,
        "gaps": [{"text": gap.message, "href": f"#id_{gap.field}"} for gap in gaps],
        "missing_links": [{"text": gap.message, "href": f"#id_{gap.field}"} for gap in missing],
        "closed": selectors.why_closed(application, on=timezone.localdate()),
    }
    return render(request, "members/applying/draft.html", context, status=409 if gaps else 200)


def _status_page(request: HttpRequest, application: Application) -> HttpResponse:
    today, document = timezone.localdate(), application.edition.document
    filed = application.filed_at is not None
    course = selectors.course_of(application, on=today) if filed else None
    criterion = application.criterion and application.admission.criterion(application.criterion)
    context = {
        "application": application,
        "member_class": document.member_class(application.member_class),
        "chamber": document.chamber(application.chamber),
        "course": course,
        "stage": STAGE_WORDS[course.stage] if course else "Withdrawn",
        "look": stage_look(course.stage) if course else "none",
        "criterion": criterion,
        "appeal": getattr(application, "appeal", None),
        "may_appeal": course is not None and course.stage == "refused" and bool(course.clocks),
        "comments": [
            (one, selectors.reply_due(application, one))
            for one in selectors.put_to_the_applicant(application)
        ],
        "conditions": application.conditions.order_by("pk"),
        **dossier(application),
        "documents": selectors.documents_of(application),
        "words_form": WordsForm(),
        "today": today,
    }
    return render(request, "members/applying/status.html", context)


@require_POST
def withdraw(request: HttpRequest) -> HttpResponse:
    by, application = _mine(request)
    return _act(
        request,
        lambda: services.applying.withdraw(
            application_id=application.pk, by=by, on=timezone.localdate()
        ),
        "The application is withdrawn.",
    )


@require_POST
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    by, application = _mine(request)
    if not selectors.put_to_the_applicant(application).filter(pk=pk).exists():
        raise Http404("no such comment was put to the applicant")
    act = {"application_id": application.pk, "by": by, "on": timezone.localdate()}
    return _with_words(
        request,
        lambda text: services.reply(objection_id=pk, text=text, **act),
        "The reply went to the secretariat and the body that decides.",
    )


@require_POST
def appeal(request: HttpRequest) -> HttpResponse:
    by, application = _mine(request)
    act = {"application_id": application.pk, "by": by, "on": timezone.localdate()}
    return _with_words(
        request,
        lambda text: services.appeal(text=text, **act),
        "The appeal is filed. Another body decides on it.",
    )


def _with_words(request: HttpRequest, act, done: str) -> HttpResponse:
    form = WordsForm(request.POST)
    if not form.is_valid():
        messages.error(request, f"Nothing was sent: {' '.join(form.errors['text'])}")
        return redirect("members:mine")
    return _act(request, lambda: act(form.cleaned_data["text"]), done)


def _act(request: HttpRequest, act, done: str) -> HttpResponse:
    try:
        act()
    except NotNow as error:
        messages.error(request, f"Nothing has changed: {error}.")
    else:
        messages.success(request, done)
    return redirect("members:mine")
