"""What a body is asked about an application for membership."""

from __future__ import annotations

from governance.rules import Question
from rulebooks.rules.joining import OUTCOMES

ADMISSION = Question("admission", OUTCOMES["admission"], True, "admit", "refuse")
APPEAL = Question("appeal", OUTCOMES["appeal"], False, "overturned", "upheld")
