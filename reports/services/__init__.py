"""All that puts something out: reports to readers, lines into the public register."""

from reports.rules.publicity import NotPublic
from reports.services.certificates import NothingSigned, issue_certificate
from reports.services.issuing import Issued, NotYet, issue_report
from reports.services.matrix import CannotExport, Export, export_matrix
from reports.services.register import (
    NothingToPublish,
    publish_membership,
    publish_memberships,
    publish_scores,
    publish_standing,
    withdraw,
    withdraw_scores,
    withdraw_what_no_longer_holds,
)

__all__ = [
    "CannotExport",
    "Export",
    "Issued",
    "NotPublic",
    "NotYet",
    "NothingSigned",
    "NothingToPublish",
    "export_matrix",
    "issue_certificate",
    "issue_report",
    "publish_membership",
    "publish_memberships",
    "publish_scores",
    "publish_standing",
    "withdraw",
    "withdraw_scores",
    "withdraw_what_no_longer_holds",
]
