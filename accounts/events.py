"""What the record holds of users: their number and their roles, never who they are."""

from __future__ import annotations

from typing import ClassVar

from ledger.rules import Code, Event


class UserCreated(Event):
    code: ClassVar[str] = "accounts.user.created"


class PasswordSet(Event):
    code: ClassVar[str] = "accounts.password.set"


class RoleGranted(Event):
    code: ClassVar[str] = "accounts.role.granted"
    role: Code


class RoleEnded(Event):
    code: ClassVar[str] = "accounts.role.ended"
    role: Code
