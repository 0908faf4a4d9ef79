"""Decides by what Slack says of an account whether it may take part at all, whoever its member was."""

from dataclasses import dataclass

from services.errors import BotAccount, ClosedAccount, GuestAccount, OutsideAccount, UnfitAccount


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A Slack account, as Slack itself describes it."""

    #: What people call them, and their IANA zone; empty and None where Slack does not say.
    name: str = ""
    time_zone: str | None = None
    #: A restricted account: it sees some channels only, and is not of the practice.
    is_guest: bool = False
    is_bot: bool = False
    #: Of another workspace: through a shared channel.
    is_outside: bool = False
    is_deactivated: bool = False

    @property
    def fault(self) -> type[UnfitAccount] | None:
        """Why the account may not take part; None for a person of this workspace."""
        if self.is_bot:
            return BotAccount
        if self.is_outside:
            return OutsideAccount
        if self.is_deactivated:
            return ClosedAccount
        return GuestAccount if self.is_guest else None
