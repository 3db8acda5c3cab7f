"""Recorded of members: what happens to an application until it is decided, and after a refusal."""

from __future__ import annotations

from typing import ClassVar

from ledger.rules import Code, Event


class ApplicationFiled(Event):
    code: ClassVar[str] = "members.application.filed"
    edition: Code
    member_class: Code
    chamber: Code


class ApplicationRefused(Event):
    code: ClassVar[str] = "members.application.refused"
    criterion: Code | None = None
    decision: int | None = None


class ApplicationBegun(Event):
    code: ClassVar[str] = "members.application.begun"
    member_class: Code
    chamber: Code


class ApplicationLinkAsked(Event):
    code: ClassVar[str] = "members.application.link_asked"


class ApplicationWithdrawn(Event):
    code: ClassVar[str] = "members.application.withdrawn"


class ApplicantMatched(Event):
    code: ClassVar[str] = "members.application.matched"
    organisation_id: int


class TieDeclared(Event):
    code: ClassVar[str] = "members.application.tie_declared"
    has_tie: bool


class ApplicationChecked(Event):
    code: ClassVar[str] = "members.application.checked"
    item: Code
    result: Code


class ApplicationCommented(Event):
    code: ClassVar[str] = "members.application.commented"
    member: Code
    criterion: Code
    competitor: bool


class CommentPut(Event):
    code: ClassVar[str] = "members.comment.put"
    objection_id: int


class CommentAnswered(Event):
    code: ClassVar[str] = "members.comment.answered"
    objection_id: int


class RefusalAppealed(Event):
    code: ClassVar[str] = "members.refusal.appealed"


class RefusalUpheld(Event):
    code: ClassVar[str] = "members.refusal.upheld"
    decision: int


class ConditionSettled(Event):
    code: ClassVar[str] = "members.condition.settled"
    member: Code
    condition: Code
    outcome: Code
