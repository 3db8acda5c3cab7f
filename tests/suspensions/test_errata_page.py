"""The page of an edition's errata: public words, and for staff what may rest on each."""

import pytest
from django.urls import reverse

from rulebooks.models import Erratum
from tests.conftest import everybody
from tests.suspensions.builders import make_case

pytestmark = pytest.mark.django_db
SAID = {"path": "breaches[0].correction_days", "clause": "7.1", "text_says": "21 days"}


def test_everybody_reads_errata_the_secretariat_records_them(client, member, people):
    case = make_case(member, people)
    url = reverse("suspensions:errata", args=["lamps-2024"])
    client.force_login(people.sam)
    assert b"is no path" in client.post(url, SAID | {"path": "breaches["}).content
    assert b"has nothing at" in client.post(url, SAID | {"path": "breaches[99]"}).content
    assert client.post(url, SAID).status_code == 302
    assert "recorded already" in client.post(url, SAID).content.decode()
    assert Erratum.objects.get().encoded == "14"

    for who, user in everybody(people).items():
        client.logout()
        if user:
            client.force_login(user)
        page = client.get(url).content.decode()
        assert "21 days" in page
        assert (who, case.code in page) == (who, who in {"sam", "cam", "lou"})
        status = client.post(url, {}).status_code
        assert (who, status) == (who, 200 if who == "sam" else 403)
