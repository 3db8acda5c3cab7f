"""Where an application stands, in words and with a look."""

from __future__ import annotations

from rulebooks.rules.joining import Stage

STAGE_WORDS = {
    Stage.CHECKED: "Being checked",
    Stage.COMMENTED: "Members comment",
    Stage.DECIDED_NEXT: "Waits for a decision",
    Stage.ADMITTED: "Admitted",
    Stage.REFUSED: "Refused, can be appealed",
    Stage.APPEALED: "Under appeal",
    Stage.FINAL: "Refused",
    Stage.WITHDRAWN: "Withdrawn",
}
LOOKS = {
    Stage.ADMITTED: "good",
    Stage.REFUSED: "none",
    Stage.FINAL: "none",
    Stage.WITHDRAWN: "none",
}


def stage_look(stage: Stage) -> str:
    """Return the kind of mark that goes with a stage."""
    return LOOKS.get(stage, "soon")
