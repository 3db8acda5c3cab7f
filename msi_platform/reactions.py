"""What follows from what: the one place where an event in one app starts work in another.

Event → name of the reaction → function that takes the ledger entry. A reaction runs in the
transaction that marks its due row done, so it happens once.
"""

from __future__ import annotations

from collections.abc import Callable

from governance.services import reactions as governance
from kpis import tasks as kpis
from kpis.services import reactions as kpis_services
from ledger.models import Entry
from members.services import reactions as members
from reports.services import reactions as reports
from suspensions.services import reactions as suspensions
from targets.services import reactions as targets

REACTIONS: dict[str, dict[str, Callable[[Entry], None]]] = {
    "rulebooks.edition.adopted": {
        "members.derive_everybody": members.derive_everybody,
        "targets.open_periods": targets.on_edition_adopted,
        "members.announce_edition": members.announce_edition,
    },
    "members.edition.notified": {
        "members.derive_everybody": members.derive_everybody,
        "targets.open_periods": targets.on_edition_adopted,
    },
    "kpis.run.started": {"kpis.look_at_started_run": kpis.look_at_started_run},
    "kpis.run.resumed": {"kpis.look_at_started_run": kpis.look_at_started_run},
    "kpis.run.shown": {"kpis.tell_of_provisional_scores": kpis_services.tell_of_provisional_scores},
    "kpis.return.filed": {"kpis.rescore_returned": kpis_services.rescore_returned},
    "kpis.values.marked": {"kpis.rescore_returned": kpis_services.rescore_returned},
    "kpis.card.rescored": {"kpis.settle_rescored": kpis_services.settle_rescored},
    "kpis.run.published": {"kpis.draw_aggregates": kpis_services.draw_aggregates},
    "kpis.contest.answered": {
        "kpis.tell_of_contest_answered": kpis_services.tell_of_contest_answered
    },
    "members.member.admitted": {
        "members.welcome_applicant": members.welcome_applicant,
        "reports.register_member": reports.on_member_admitted,
    },
    "members.member.left": {"reports.withdraw_ended": reports.on_standing_changed},
    "members.members.merged": {"reports.withdraw_ended": reports.on_standing_changed},
    "members.withdrawal.notified": {
        "members.answer_notice": members.answer_notice,
        "governance.tell_of_notice": governance.tell_of_notice,
    },
    "members.withdrawal.revoked": {
        "members.answer_notice": members.answer_notice,
        "governance.tell_of_notice": governance.tell_of_notice,
    },
    "members.withdrawal.ended": {
        "members.answer_notice": members.answer_notice,
        "reports.withdraw_ended": reports.on_standing_changed,
    },
    "suspensions.decision.carried_out": {"suspensions.tell_on_entry": suspensions.tell_on_entry},
    "suspensions.step.applied": {"suspensions.tell_on_entry": suspensions.tell_on_entry},
    "suspensions.appeal.filed": {"reports.withdraw_ended": reports.on_standing_changed},
    "suspensions.appeal.decided": {"reports.withdraw_ended": reports.on_standing_changed},
    "suspensions.measure.lifted": {"reports.withdraw_ended": reports.on_standing_changed},
    "members.mandate.given": {"members.welcome_person": members.welcome_person},
    "members.cycle.cancelled": {"members.derive_everybody": members.derive_everybody},
    "targets.period.announced": {
        "members.derive_everybody": members.derive_everybody,
        "targets.open_periods": targets.on_period_announced,
    },
    "targets.target.approved": {"targets.tell_of_target_decided": targets.tell_of_target_decided},
    "targets.target.refused": {"targets.tell_of_target_decided": targets.tell_of_target_decided},
    "targets.moratorium.declared": {"members.derive_everybody": members.derive_everybody},
    "targets.moratorium.ended": {"members.derive_everybody": members.derive_everybody},
    "targets.outage.recorded": {"members.derive_everybody": members.derive_everybody},
}
