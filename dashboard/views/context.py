"""What every page has around it: the initiative's name, the navigation, for whom one acts."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from accounts.models import ROLE_LABELS
from dashboard import rules, selectors
from governance import selectors as governance
from members import selectors as members
from members.models import POST_LABELS, Mandate
from members.rules import Post

ACTING_FOR = "acting_for"  # in the session: the code of the member chosen


def page(request: HttpRequest) -> dict:
    """The context processor of all pages."""
    context = {
        "initiative_name": selectors.initiative_name(timezone.localdate()),
        "footer_links": links(
            (
                (rules.REGISTER, "Register"),
                (rules.RULEBOOK, "Rulebook"),
                (rules.VERIFY, "Verify a document"),
            )
        ),
        "TIME_ZONE": timezone.get_current_timezone_name(),
    }
    user = getattr(request, "user", None)
    home = home_of(request) if user is not None and user.is_authenticated else rules.Home.PUBLIC
    context["nav"] = navigation(home, request.path, without=closed(request, home))
    context["nav_at_side"] = home in rules.AT_SIDE
    if home is not rules.Home.PUBLIC:
        posts = posts_of(request)
        context["acting_for"] = in_words(acting(request)) if home is rules.Home.MEMBER else ""
        context["acting_for"] = context["acting_for"] or roles_of(request, home)
        context["may_act_for"] = len({post.member_id for post in posts}) > 1
        context["search_url"] = reverse("members:directory") if home in rules.AT_SIDE else ""
    return context


def posts_of(request: HttpRequest) -> list[Mandate]:
    """The mandates of who is signed in, read once a request."""
    if not hasattr(request, "posts"):
        request.posts = members.posts_of(request.user, on=timezone.localdate())
    return request.posts


def acting(request: HttpRequest) -> list[Mandate]:
    """The mandates for the member chosen, or for the first; none for who acts for nobody."""
    posts = posts_of(request)
    chosen = request.session.get(ACTING_FOR)
    codes = [post.member.code for post in posts]
    code = chosen if chosen in codes else next(iter(codes), None)
    return [post for post in posts if post.member.code == code]


def in_words(posts: list[Mandate]) -> str:
    """Say for whom: ``for Northwind Circuits, representative and signatory``."""
    if not posts:
        return ""
    said = [POST_LABELS[Post(post.post)].lower() for post in posts]
    return f"for {posts[0].member.name}, {' and '.join(dict.fromkeys(said))}"


def roles_of(request: HttpRequest, home: rules.Home) -> str:
    """Say the roles that the home shown goes with."""
    held = [role for role, its in rules.HOME_OF.items() if role in request.user.roles]
    return " and ".join(ROLE_LABELS[role] for role in held if rules.HOME_OF[role] is home)


def homes_of(request: HttpRequest) -> tuple[rules.Home, ...]:
    return rules.homes(request.user.roles, acts=bool(posts_of(request)))


def home_of(request: HttpRequest) -> rules.Home:
    """The home asked for, or the first of those that the user has."""
    homes = homes_of(request)
    asked = request.GET.get("as") if request.path == "/" else request.session.get("home")
    return rules.Home(asked) if asked in homes else homes[0]


def closed(request: HttpRequest, home: rules.Home) -> frozenset[rules.Word]:
    """The words of a home that lead nowhere for who is signed in.

    Sitting on a body opens applications only where the edition has that body decide on them.
    """
    if home is not rules.Home.BODY:
        return frozenset()
    reads = governance.reads_admissions(request.user, on=timezone.localdate())
    return frozenset() if reads else frozenset({rules.ADMISSIONS})


def navigation(
    home: rules.Home, path: str, *, without: frozenset[rules.Word] = frozenset()
) -> list[dict]:
    words = [word for word in rules.NAVIGATION[home] if word not in without]
    shown = links((word, word.label) for word in words)
    under = {word.label: word.under for word in words}
    for link in shown:
        start = under[link["label"]]
        link["current"] = path == "/" if not start else path.startswith(start)
    return shown


def links(words) -> list[dict]:
    return [{"label": label, "url": reverse(word.name)} for word, label in words]
