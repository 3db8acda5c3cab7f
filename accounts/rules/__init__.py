"""Who may do what: the only place where a role is given a permission."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum, auto


class Permission(StrEnum):
    # accounts and operation
    USER_MANAGE = auto()
    SYSTEM_OPERATE = auto()
    PERSONAL_DATA_REVIEW = auto()
    # rulebooks
    EDITION_READ_DRAFTS = auto()
    EDITION_DRAFT = auto()
    EDITION_COUNTERSIGN = auto()
    EDITION_ADOPT = auto()
    EDITION_SIMULATE = auto()
    EDITION_TRY = auto()
    # members
    MEMBER_VIEW_ALL = auto()
    COUNSEL_VIEW = auto()
    MEMBER_VIEW = auto()
    APPLICATION_RECEIVE = auto()
    APPLICATION_FILE = auto()
    APPLICATION_COMMENT = auto()
    APPLICATION_DECIDE = auto()
    MEMBER_MANAGE = auto()
    REQUIREMENT_SIGN = auto()
    CONTACT_MANAGE = auto()
    MEMBERSHIP_CHANGE = auto()
    LETTER_RELEASE = auto()
    FACT_IMPORT = auto()
    # governance
    BODY_MANAGE = auto()
    DECISION_RECORD = auto()
    # targets
    PERIOD_OPEN = auto()
    PERIOD_ANNOUNCE = auto()
    EXTENSION_GRANT = auto()
    EXEMPTION_GRANT = auto()
    FEE_MANAGE = auto()
    TARGET_PROPOSE = auto()
    TARGET_DECIDE = auto()
    TARGET_RECALCULATE = auto()
    # kpis
    RETURN_EDIT = auto()
    RETURN_SIGN_OFF = auto()
    RETURN_VERIFY = auto()
    RETURN_JUDGE = auto()
    SCORE_RUN = auto()
    SCORE_PUBLISH = auto()
    SCORE_CONTEST = auto()
    CONTEST_ANSWER = auto()
    # suspensions
    ADVANCE_RUN = auto()
    CASE_VIEW = auto()
    BREACH_CONTEST = auto()
    BREACH_CONFIRM = auto()
    CASE_MANAGE = auto()
    CASE_ANSWER = auto()
    CASE_APPEAL = auto()
    DECISION_CARRY_OUT = auto()
    # reports
    REPORT_ISSUE = auto()
    REGISTER_PUBLISH = auto()


class Role(StrEnum):
    SYSTEM = auto()
    SECRETARIAT = auto()
    CASE_OFFICER = auto()
    LEGAL_COUNSEL = auto()
    PANEL_CLERK = auto()
    BOARD = auto()
    APPEAL_PANEL = auto()
    AUDITOR = auto()
    NGO = auto()
    DATA_PROTECTION_OFFICER = auto()
    SYSTEM_ADMINISTRATOR = auto()
    # held for one member at a time, see members.Mandate and members.Assignment
    REPRESENTATIVE = auto()
    SIGNATORY = auto()
    ADVISER = auto()
    ASSIGNED_AUDITOR = auto()


P = Permission
STAFF_SEES = frozenset({P.MEMBER_VIEW_ALL, P.MEMBER_VIEW})

GRANTS: dict[Role, frozenset[Permission]] = {
    # Jobs and the daily run. It derives and proposes; what needs a person is not here.
    Role.SYSTEM: STAFF_SEES
    | {
        P.USER_MANAGE,
        P.EDITION_TRY,
        P.APPLICATION_RECEIVE,
        P.PERIOD_OPEN,
        P.SCORE_RUN,
        P.ADVANCE_RUN,
        P.CASE_VIEW,
        P.FACT_IMPORT,
        P.EDITION_SIMULATE,
        P.LETTER_RELEASE,
        P.REPORT_ISSUE,
        P.REGISTER_PUBLISH,
    },
    Role.SECRETARIAT: STAFF_SEES
    | {
        P.USER_MANAGE,
        P.EDITION_READ_DRAFTS,
        P.EDITION_DRAFT,
        P.EDITION_COUNTERSIGN,
        P.EDITION_ADOPT,
        P.EDITION_SIMULATE,
        P.APPLICATION_FILE,
        P.APPLICATION_DECIDE,
        P.MEMBER_MANAGE,
        P.CONTACT_MANAGE,
        P.FEE_MANAGE,
        P.LETTER_RELEASE,
        P.FACT_IMPORT,
        P.PERIOD_ANNOUNCE,
        P.EXTENSION_GRANT,
        P.EXEMPTION_GRANT,
        P.TARGET_DECIDE,
        P.TARGET_RECALCULATE,
        P.RETURN_JUDGE,
        P.SCORE_RUN,
        P.SCORE_PUBLISH,
        P.CONTEST_ANSWER,
        P.ADVANCE_RUN,
        P.CASE_VIEW,
        P.BODY_MANAGE,
        P.REPORT_ISSUE,
        P.REGISTER_PUBLISH,
    },
    Role.CASE_OFFICER: STAFF_SEES
    | {
        P.TARGET_DECIDE,
        P.ADVANCE_RUN,
        P.CASE_VIEW,
        P.BREACH_CONFIRM,
        P.CASE_MANAGE,
        P.DECISION_CARRY_OUT,
        P.LETTER_RELEASE,
        P.REPORT_ISSUE,
    },
    Role.LEGAL_COUNSEL: STAFF_SEES
    | {
        P.TARGET_DECIDE,
        P.COUNSEL_VIEW,
        P.CASE_VIEW,
        P.REPORT_ISSUE,
        P.EDITION_READ_DRAFTS,
        P.EDITION_COUNTERSIGN,
    },
    # The clerk records what a body decided; a seat or the clerkship opens no member's data.
    Role.PANEL_CLERK: frozenset({P.DECISION_RECORD, P.EDITION_READ_DRAFTS}),
    # A seat decides about a proposal only on the body that the edition names, and without a tie.
    Role.BOARD: frozenset({P.TARGET_DECIDE}),
    Role.APPEAL_PANEL: frozenset(),
    Role.AUDITOR: frozenset(),
    Role.NGO: frozenset(),
    Role.DATA_PROTECTION_OFFICER: frozenset({P.PERSONAL_DATA_REVIEW}),
    # Runs the machine and manages accounts; reads no content.
    Role.SYSTEM_ADMINISTRATOR: frozenset({P.USER_MANAGE, P.SYSTEM_OPERATE}),
    Role.REPRESENTATIVE: frozenset(
        {
            P.MEMBER_VIEW,
            P.APPLICATION_COMMENT,
            P.CONTACT_MANAGE,
            P.RETURN_EDIT,
            P.SCORE_CONTEST,
            P.TARGET_PROPOSE,
            P.CASE_VIEW,
            P.BREACH_CONTEST,
            P.CASE_ANSWER,
            P.REPORT_ISSUE,
        }
    ),
    Role.SIGNATORY: frozenset(
        {
            P.MEMBER_VIEW,
            P.APPLICATION_COMMENT,
            P.REQUIREMENT_SIGN,
            P.CONTACT_MANAGE,
            P.MEMBERSHIP_CHANGE,
            P.RETURN_SIGN_OFF,
            P.SCORE_CONTEST,
            P.TARGET_PROPOSE,
            P.CASE_VIEW,
            P.BREACH_CONTEST,
            P.CASE_ANSWER,
            P.CASE_APPEAL,
            P.REPORT_ISSUE,
        }
    ),
    Role.ADVISER: frozenset(
        {
            P.MEMBER_VIEW,
            P.SCORE_CONTEST,
            P.CASE_VIEW,
            P.BREACH_CONTEST,
            P.CASE_ANSWER,
            P.CASE_APPEAL,
        }
    ),
    Role.ASSIGNED_AUDITOR: frozenset({P.MEMBER_VIEW, P.RETURN_VERIFY, P.REPORT_ISSUE}),
}


def opens_member_data(role: Role) -> bool:
    """Return whether a role lets its holder read what members keep to themselves, or judge them."""
    return bool(GRANTS[role] & {P.MEMBER_VIEW_ALL, P.COUNSEL_VIEW, P.DECISION_RECORD})


def allows(roles: Iterable[Role], permission: Permission) -> bool:
    """Return whether any of ``roles`` grants ``permission``."""
    return any(permission in GRANTS[role] for role in roles)
