"""Finds the member a cell names; unknown people are collected, to be added with the file."""

import re
from collections import defaultdict
from dataclasses import replace

from billing.people import Member, MemberRole
from services.context import Context

_SLACK_ID = re.compile(r"[UW][A-Z0-9]{7,}")
#: Writes down what comes in files when nobody in particular is named.
IMPORTER = "Import"


class Team:
    """The practice's members as a file names them: by Slack id, or by display name."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._known: dict[str, list[Member]] = defaultdict(list)
        for member in context.uow.members.all():
            self._keep(member)
        self._new: dict[str, Member] = {}

    def find(self, words: str) -> Member | None:
        """The member known by those words.

        Raises:
            ValueError: when more than one goes by that name.
        """
        found = self._known.get(_key(words), [])
        if len(found) > 1:
            raise ValueError(f"More than one member goes by {words}. Write the Slack user id.")
        return found[0] if found else None

    def expect(self, words: str, role: MemberRole) -> Member:
        """The member known by those words, or who will be added under them with that role.

        Raises:
            ValueError: when more than one goes by that name, or the practice takes only people it knows.
        """
        found = self.find(words)
        if found is not None:
            return found
        if self._context.settings.unknown_member == "refuse":
            raise ValueError(f"No member goes by {words}. Import the members first.")
        bare = words.removeprefix("@")
        key = _key(words)
        new = self._new.get(key) or Member(
            member_id=0,
            display_name=bare,
            roles=frozenset(),
            slack_user_id=bare if _SLACK_ID.fullmatch(bare) else None,
        )
        self._new[key] = replace(new, roles=new.roles | {role})
        return self._new[key]

    @property
    def introductions(self) -> tuple[str, ...]:
        """A sentence that names those who will be added, if any."""
        if not self._new:
            return ()
        names = ", ".join(member.display_name for member in self._new.values())
        return (f"Added as members, because the file is the first to name them: {names}.",)

    def welcome(self, context: Context) -> None:
        """Add the newcomers, in the unit of work that stores; from now on they are found."""
        for member in self._new.values():
            added = context.uow.members.add(
                display_name=member.display_name, roles=member.roles, slack_user_id=member.slack_user_id
            )
            self._keep(added)
        self._new.clear()

    def importer(self, context: Context) -> Member:
        """The member who stands for the import itself; not one of the people, so inactive."""
        found = next((member for member in self._known[_key(IMPORTER)] if not member.roles), None)
        if found is None:
            found = context.uow.members.add(display_name=IMPORTER, roles=frozenset(), active=False)
            self._keep(found)
        return found

    def _keep(self, member: Member) -> None:
        self._known[_key(member.display_name)].append(member)
        if member.slack_user_id and _key(member.slack_user_id) != _key(member.display_name):
            self._known[_key(member.slack_user_id)].append(member)


def _key(words: str) -> str:
    return words.strip().removeprefix("@").casefold()
