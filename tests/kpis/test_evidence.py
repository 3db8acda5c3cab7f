from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage

from kpis import services
from kpis.models import Evidence
from targets.models import Period
from tests.kpis.drafts import draft, filed, upload

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def begun(member, people, today, work_due):
    work_due()
    period = Period.objects.get(code="2025")
    return services.start_return(member=member, period=period, by=people.ada, on=today)


@pytest.fixture
def add(begun, people, today):
    def add(content=b"receipts", kpi="fees-repaid", name="receipts.pdf", by=None, **more):
        file = upload(content, name, more.pop("kind", "application/pdf"))
        return services.add_evidence(
            return_id=begun.pk, kpi=kpi, file=file, by=by or people.ada, on=today, **more
        )

    return add


def files(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


def test_evidence_is_kept_by_its_content(add, member, tmp_path):
    digest = sha256(b"receipts").hexdigest()

    evidence = add()

    assert (evidence.sha256, evidence.size) == (digest, 8)
    assert evidence.file.name == f"evidence/{member.code}/{digest}"
    assert files(tmp_path) == [f"evidence/{member.code}/{digest}"]
    place = Path(default_storage.path(evidence.file.name))
    assert place.read_bytes() == b"receipts"
    assert (place.stat().st_mode & 0o777, place.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_the_same_content_twice_is_one_piece_of_evidence(add, tmp_path):
    assert add() == add(name="again.pdf")

    assert len(files(tmp_path)) == 1


def test_the_same_content_can_show_two_values_with_one_file(add, tmp_path):
    add()
    add(kpi="policy")

    assert Evidence.objects.count() == 2
    assert len(files(tmp_path)) == 1


@pytest.mark.parametrize(
    ("content", "error", "says"),
    [
        pytest.param(b"", services.EmptyFile, "The file is empty", id="empty"),
        pytest.param(
            b"x" * 3_000_000, services.FileTooLarge, "2.9 MB; at most 2 MB", id="too large"
        ),
    ],
)
def test_a_file_is_refused_and_nothing_of_it_is_kept(add, settings, tmp_path, content, error, says):
    settings.EVIDENCE_MAX_BYTES = 2 * 2**20

    with pytest.raises(error, match=says):
        add(content)

    assert files(tmp_path) == []
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(
    ("more", "error", "says"),
    [
        ({"kpi": "days-to-repay"}, services.NotForThisKpi, "takes no evidence"),
        ({"kpi": "nonsense"}, services.NoSuchKpi, "is no KPI"),
        (
            {"covers_from": date(2025, 2, 1), "covers_until": date(2025, 1, 1)},
            services.NotForThisKpi,
            "may not lie after",
        ),
    ],
)
def test_evidence_goes_to_a_kpi_that_takes_it(add, tmp_path, more, error, says):
    with pytest.raises(error, match=says):
        add(**more)

    assert files(tmp_path) == []


def test_a_strange_media_type_is_not_believed(add):
    assert add(kind="text/html; <script>").media_type == "text/html"
    assert add(b"other", kind="<script>").media_type == "application/octet-stream"


@pytest.mark.parametrize("who", ["sid", "avi", "ann", "sam"])
def test_only_a_representative_adds_and_removes_evidence(add, people, today, who):
    evidence, other = add(), getattr(people, who)

    with pytest.raises(PermissionDenied):
        add(by=other)
    with pytest.raises(PermissionDenied):
        services.remove_evidence(evidence_id=evidence.pk, by=other, on=today)


def test_another_member_finds_no_evidence(add, people, today):
    with pytest.raises(Evidence.DoesNotExist):
        services.remove_evidence(evidence_id=add().pk, by=people.eve, on=today)


def test_evidence_removed_from_a_draft_goes_with_its_file(
    add, people, today, tmp_path, django_capture_on_commit_callbacks
):
    evidence = add()

    with django_capture_on_commit_callbacks(execute=True):
        services.remove_evidence(evidence_id=evidence.pk, by=people.ada, on=today)

    assert not Evidence.objects.exists()
    assert files(tmp_path) == []


def test_a_file_that_another_value_rests_on_stays(
    add, people, today, tmp_path, django_capture_on_commit_callbacks
):
    evidence, _ = add(), add(kpi="policy")

    with django_capture_on_commit_callbacks(execute=True):
        services.remove_evidence(evidence_id=evidence.pk, by=people.ada, on=today)

    assert len(files(tmp_path)) == 1


def test_a_row_that_fails_leaves_no_row_and_no_upload(add, monkeypatch, tmp_path):
    monkeypatch.setattr(services.files.EvidenceFiles, "keep", fails)

    with pytest.raises(OSError, match="disk full"):
        add()

    assert not Evidence.objects.exists()
    assert files(tmp_path) == []


def fails(*args, **kwargs):
    raise OSError("disk full")


def test_a_correction_without_the_evidence_leaves_the_filed_one_its_file(
    member, people, today, tmp_path, work_due, django_capture_on_commit_callbacks
):
    work_due()
    signed = filed(member, people, today)
    again = services.start_correction(return_id=signed.pk, reason="why", by=people.ada, on=today)

    with django_capture_on_commit_callbacks(execute=True):
        services.remove_evidence(evidence_id=again.evidence.get().pk, by=people.ada, on=today)

    assert signed.evidence.get().file.open().read() == b"receipts"


def test_nothing_is_added_to_or_taken_from_a_filed_return(member, people, today, work_due):
    work_due()
    signed = filed(member, people, today)

    with pytest.raises(services.NotNow):
        services.add_evidence(
            return_id=signed.pk, kpi="policy", file=upload(b"new"), by=people.ada, on=today
        )
    with pytest.raises(services.NotNow):
        services.remove_evidence(evidence_id=signed.evidence.get().pk, by=people.ada, on=today)


def test_evidence_of_a_draft_is_complete_enough_to_submit(member, people, today, work_due):
    work_due()
    begun = draft(member, people, today)

    assert services.submit(return_id=begun.pk, by=people.ada, on=today).status == "submitted"
