"""The stages of a return, and what leads from one to the next. What is not listed is refused."""

from __future__ import annotations

from enum import StrEnum


class Stage(StrEnum):
    """Where a return stands. The values are those of ``kpis.Return.Status``."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    FILED = "filed"


class Action(StrEnum):
    """What people do with a return."""

    SAVE = "save"
    SUBMIT = "submit"
    SEND_BACK = "send_back"
    SIGN_OFF = "sign_off"
    CORRECT = "correct"
    MARK = "mark"


PROCEDURE: dict[tuple[Stage, Action], Stage] = {
    (Stage.DRAFT, Action.SAVE): Stage.DRAFT,
    (Stage.DRAFT, Action.SUBMIT): Stage.SUBMITTED,
    (Stage.SUBMITTED, Action.SEND_BACK): Stage.DRAFT,
    (Stage.SUBMITTED, Action.SIGN_OFF): Stage.FILED,
    (Stage.FILED, Action.CORRECT): Stage.FILED,
    (Stage.FILED, Action.MARK): Stage.FILED,
}
ONLY = {
    Action.SAVE: "only a draft can be changed",
    Action.SUBMIT: "only a draft is submitted",
    Action.SEND_BACK: "only a submitted return is sent back",
    Action.SIGN_OFF: "only a submitted return is signed off",
    Action.CORRECT: "only a filed return is corrected",
    Action.MARK: "only a filed return is verified",
}


class NotNow(ValueError):
    """The return is at a stage that does not allow it."""


def next_stage(stage: str, action: Action, *, stands: str) -> Stage:
    """Return the stage that ``action`` leads to. ``stands`` says in words where the return is.

    :raises NotNow: the procedure does not list it.
    """
    try:
        return PROCEDURE[Stage(stage), action]
    except KeyError:
        raise NotNow(f"{stands}; {ONLY[action]}") from None
