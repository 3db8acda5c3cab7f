"""All that puts something out: reports to readers, lines into the public register."""

from reports.services.issuing import Issued, NotYet, issue_report

__all__ = ["Issued", "NotYet", "issue_report"]
