"""Who is who in the demo, once they exist."""

from __future__ import annotations

from datetime import date
from random import Random

from accounts import services as accounts
from accounts.models import User
from accounts.rules import Role
from accounts.selectors import system_user
from members.models import Member
from members.rules import Post
from msi_platform.demo import world


class Cast:
    """The people who sign in, and the members by name."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self.people: dict[str, User] = {}
        self.members: dict[str, Member] = {}

    def create(self, person: world.Person, on: date) -> User:
        """Create somebody who signs in, with the role of their own if they have one."""
        system = system_user()
        user = accounts.create_user(
            email=person.email, name=person.name, password=world.PASSWORD, by=system, on=on
        )
        if person.role is not None:
            accounts.grant_role(user=user, role=person.role, by=system, on=on)
        self.people[person.email] = user
        return user

    def staff(self, role: Role) -> User:
        """Return the user who holds a role of their own."""
        return next(self.people[person.email] for person in world.PEOPLE if person.role == role)

    @property
    def secretariat(self) -> User:
        return self.staff(Role.SECRETARIAT)

    @property
    def officer(self) -> User:
        return self.staff(Role.CASE_OFFICER)

    def holder(self, company: str, post: Post, on: date) -> User:
        """Return who is to hold a post at a member: somebody who signs in, or somebody drawn."""
        for person in world.PEOPLE:
            if (person.member, person.post) == (company, post):
                return self.people[person.email]
        first = company.split()[0].lower().strip(",'")
        return accounts.create_user(
            email=f"{post}-{len(self.members)}@{first}.example",
            name=world.person_name(self._random),
            password=None,
            by=system_user(),
            on=on,
        )

    def acting(self, company: str, post: Post) -> User:
        """Return who holds a post at a member."""
        return self.members[company].mandates.get(post=post, until_on=None).user
