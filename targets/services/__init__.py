"""All that changes about periods and extensions, and what is recorded of duties."""

from targets.services.baselines import recalculate_baseline
from targets.services.circulars import (
    CannotTell,
    announce_period,
    cancel_period,
    declare_moratorium,
    end_moratorium,
    record_outage,
)
from targets.services.description import describe_member
from targets.services.duties import CannotRecord, Record, grant_exemption, record_duty
from targets.services.extensions import CannotExtend, extend_duty, grant_extension
from targets.services.feeds import open_feed, revoke_feed
from targets.services.fees import CannotInvoice, NotAPayment, invoice_year, record_payment
from targets.services.periods import open_own_periods, open_periods
from targets.services.promises import (
    Anew,
    CannotDecide,
    CannotWithdraw,
    approve_target,
    propose_target,
    refuse_target,
    withdraw_target,
)
from targets.services.reactions import (
    on_edition_adopted,
    on_period_announced,
    tell_of_target_decided,
)

__all__ = [
    "Anew",
    "CannotDecide",
    "CannotExtend",
    "CannotInvoice",
    "CannotRecord",
    "CannotTell",
    "CannotWithdraw",
    "NotAPayment",
    "Record",
    "announce_period",
    "approve_target",
    "cancel_period",
    "declare_moratorium",
    "describe_member",
    "end_moratorium",
    "extend_duty",
    "grant_exemption",
    "grant_extension",
    "invoice_year",
    "on_edition_adopted",
    "on_period_announced",
    "open_feed",
    "open_own_periods",
    "open_periods",
    "propose_target",
    "recalculate_baseline",
    "record_duty",
    "record_outage",
    "record_payment",
    "refuse_target",
    "revoke_feed",
    "tell_of_target_decided",
    "withdraw_target",
]
