"""Requests to change roles, as understood from a person's words."""

from enum import StrEnum

from billing.people import MemberRole


class RoleEdit(StrEnum):
    """How roles named in words change those that somebody has."""

    SET = "set"
    ADD = "add"
    REMOVE = "remove"

    def applied(self, before: frozenset[MemberRole], named: frozenset[MemberRole]) -> frozenset[MemberRole]:
        """The roles afterwards."""
        if self is RoleEdit.SET:
            return named
        return before | named if self is RoleEdit.ADD else before - named
