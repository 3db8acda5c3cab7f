"""An application from the first page to the status page, in a real browser, by keyboard and eye."""

import re

import pytest
from django.conf import settings
from django.core import mail

from accounts.models import User
from accounts.rules import Role
from accounts.selectors import system_user
from members import services
from members.models import Application
from tests.factories import make_edition, make_user
from tests.members.applying import JOINING
from tests.plugin_browser import flaws

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sam() -> User:
    return make_user("Sam", Role.SECRETARIAT)


def test_apply_save_resume_and_file(tab, live_server, sam, tmp_path, monkeypatch):
    monkeypatch.setattr("members.forms.applying.MOST_OF_AN_ADDRESS", 10_000)
    monkeypatch.setattr("members.forms.applying.MOST_OF_AN_EMAIL", 10_000)
    make_edition(JOINING, by=sam)
    tab.goto(f"{live_server.url}/apply/")
    assert flaws(tab) == []
    tab.get_by_label("Name of the organisation").fill("New Lamps")
    tab.get_by_label("Country").fill("India")
    tab.locator("#id_email").fill("hedda@newlamps.example")
    tab.get_by_label("Full member, Companies").check()
    tab.get_by_role("button", name="Send me the link").click()
    tab.wait_for_url("**/apply/sent/")

    while services.letters.send_next(by=system_user()):
        pass
    path = re.search(rf"{re.escape(settings.SITE_URL)}(/\S+)", mail.outbox[-1].body).group(1)
    tab.goto(live_server.url + path)
    assert tab.url.endswith("/apply/mine/")  # the secret does not stay in the address
    tab.get_by_label("Why do you apply?").fill("نحن نصنع المصابيح")
    tab.get_by_role("button", name="Save", exact=True).click()
    tab.wait_for_url("**/apply/mine/")
    assert flaws(tab) == []
    tab.get_by_role("link", name="“How many people?”: not answered").first.click()
    assert tab.url.endswith("#id_answer-people")

    tab.get_by_label("How many people?").fill("40")
    tab.get_by_label("Corporate group").fill("none")
    tab.get_by_label("Sites").fill("Mill Street 4, India")
    tab.get_by_label("Head of the organisation: name").fill("Hedda Lund")
    tab.get_by_label("Head of the organisation: e-mail").fill("hedda@newlamps.example")
    extract = tmp_path / "extract.pdf"
    extract.write_bytes(b"extract")
    tab.get_by_label("Extract of the register").set_input_files(extract)
    tab.get_by_role("button", name="File the application").click()
    tab.get_by_role("dialog").get_by_role("button", name="File the application").click()
    tab.get_by_text("Being checked").wait_for()
    assert flaws(tab) == []
    assert Application.objects.open().get().content["answers"]["why"] == "نحن نصنع المصابيح"
