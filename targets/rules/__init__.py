"""What is owed when, and how far along it is."""

from targets.rules.courses import RECORDS, Course, Recording, course, say_day, say_days_in
from targets.rules.progress import NothingDue, Progress, progress, share_of_change
from targets.rules.windows import Phase, Window, files_return, return_obligations
from targets.rules.words import in_days, things

__all__ = [
    "RECORDS",
    "Course",
    "NothingDue",
    "Phase",
    "Progress",
    "Recording",
    "Window",
    "course",
    "files_return",
    "in_days",
    "progress",
    "return_obligations",
    "say_day",
    "say_days_in",
    "share_of_change",
    "things",
]
