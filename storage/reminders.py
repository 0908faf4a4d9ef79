"""Stores what people chose about scheduled messages, their Slack addresses, and whom digests leave out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from types import MappingProxyType
from typing import Any

from sqlalchemy import bindparam, delete, select

from billing.months import BillingMonth
from storage.facts import CHOICE_FACTS, PRACTICE_CHOICE_FACTS, Facts
from storage.statements import PreparedStatement, Wire, inserting
from storage.tables import (
    DirectMessageRow,
    PracticeReminderChoiceRow,
    ReminderChoiceRow,
    SetAsideRow,
    table_of,
)

_CHOICE = table_of(ReminderChoiceRow)
_DIRECT = table_of(DirectMessageRow)
_ASIDE = table_of(SetAsideRow)
_PRACTICE = table_of(PracticeReminderChoiceRow)
_CHOSEN = ("off", "times", "quiet_from", "quiet_to", "snoozed_until")
_CHOICES = PreparedStatement(
    select(_CHOICE.c.member_id, *(_CHOICE.c[name] for name in _CHOSEN)).where(
        _CHOICE.c.tenant_id == bindparam("tenant_id")
    )
)
_CHOICE_OF = PreparedStatement(
    select(*(_CHOICE.c[name] for name in _CHOSEN)).where(
        _CHOICE.c.tenant_id == bindparam("tenant_id"), _CHOICE.c.member_id == bindparam("member_id")
    )
)
_PRACTICE_CHOICE = PreparedStatement(
    select(*(_PRACTICE.c[name] for name in _CHOSEN)).where(_PRACTICE.c.tenant_id == bindparam("tenant_id"))
)
_ADD_PRACTICE_CHOICE = PreparedStatement(inserting(PracticeReminderChoiceRow))
_DROP_PRACTICE_CHOICE = PreparedStatement(
    delete(_PRACTICE).where(_PRACTICE.c.tenant_id == bindparam("tenant_id"))
)
_ADD_CHOICE = PreparedStatement(inserting(ReminderChoiceRow))
_DROP_CHOICE = PreparedStatement(
    delete(_CHOICE).where(
        _CHOICE.c.tenant_id == bindparam("tenant_id"), _CHOICE.c.member_id == bindparam("member_id")
    )
)
_CHANNEL = PreparedStatement(
    select(_DIRECT.c.channel_id).where(
        _DIRECT.c.tenant_id == bindparam("tenant_id"),
        _DIRECT.c.member_id == bindparam("member_id"),
        _DIRECT.c.slack_user_id == bindparam("slack_user_id"),
    )
)
_ADD_CHANNEL = PreparedStatement(inserting(DirectMessageRow))
_DROP_CHANNEL = PreparedStatement(
    delete(_DIRECT).where(
        _DIRECT.c.tenant_id == bindparam("tenant_id"), _DIRECT.c.member_id == bindparam("member_id")
    )
)
_ASIDE_IN = PreparedStatement(
    select(_ASIDE.c.patient_id).where(
        _ASIDE.c.tenant_id == bindparam("tenant_id"),
        _ASIDE.c.month == bindparam("month", type_=_ASIDE.c.month.type),
    )
)
_ADD_ASIDE = PreparedStatement(inserting(SetAsideRow))
_DROP_ASIDE = PreparedStatement(
    delete(_ASIDE).where(
        _ASIDE.c.tenant_id == bindparam("tenant_id"),
        _ASIDE.c.month == bindparam("month", type_=_ASIDE.c.month.type),
        _ASIDE.c.patient_id == bindparam("patient_id"),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderChoice:
    """What a member, or the practice for everybody, chose about scheduled messages."""

    #: Names of kinds of message that are switched off.
    off: frozenset[str] = frozenset()
    #: Local times to the minute, by name of kind.
    times: Mapping[str, time] = field(default_factory=lambda: MappingProxyType({}))
    #: Local hours without messages; both or neither.
    quiet_from: time | None = None
    quiet_to: time | None = None
    #: Aware instant up to which nothing is wanted.
    snoozed_until: datetime | None = None


class ReminderChoices:
    """The choices of one tenant's members, and of the tenant for all of them."""

    def __init__(self, wire: Wire, tenant_id: int, facts: Facts) -> None:
        self._wire = wire
        self._tenant_id = tenant_id
        self._facts = facts

    def all(self) -> dict[int, ReminderChoice]:
        """Every member's choice, by member; members who chose nothing are left out."""
        rows = self._wire.rows(_CHOICES, tenant_id=self._tenant_id)
        return {member_id: _choice(*chosen) for member_id, *chosen in rows}

    def of(self, member_id: int) -> ReminderChoice:
        """What a member chose."""
        row = self._wire.row(_CHOICE_OF, tenant_id=self._tenant_id, member_id=member_id)
        return ReminderChoice() if row is None else _choice(*row)

    def put(self, member_id: int, choice: ReminderChoice) -> None:
        """Keep a member's choice in place of the one before."""
        before = {"member_id": member_id, **_values(self.of(member_id))}
        after = {"member_id": member_id, **_values(choice)}
        self._wire.run(_DROP_CHOICE, tenant_id=self._tenant_id, member_id=member_id)
        self._wire.run(_ADD_CHOICE, tenant_id=self._tenant_id, **after)
        self._facts.chosen(CHOICE_FACTS, before, after)

    def of_practice(self) -> ReminderChoice:
        """What was chosen for everybody."""
        row = self._wire.row(_PRACTICE_CHOICE, tenant_id=self._tenant_id)
        return ReminderChoice() if row is None else _choice(*row)

    def put_for_practice(self, choice: ReminderChoice) -> None:
        """Keep what was chosen for everybody in place of the choice before."""
        before = {"tenant_id": self._tenant_id, **_values(self.of_practice())}
        after = {"tenant_id": self._tenant_id, **_values(choice)}
        self._wire.run(_DROP_PRACTICE_CHOICE, tenant_id=self._tenant_id)
        self._wire.run(_ADD_PRACTICE_CHOICE, **after)
        self._facts.chosen(PRACTICE_CHOICE_FACTS, before, after)


def _choice(
    off: tuple[str, ...],
    times: dict[str, time],
    quiet_from: time | None,
    quiet_to: time | None,
    snoozed_until: datetime | None,
) -> ReminderChoice:
    return ReminderChoice(
        off=frozenset(off),
        times=times,
        quiet_from=quiet_from,
        quiet_to=quiet_to,
        snoozed_until=snoozed_until,
    )


def _values(choice: ReminderChoice) -> dict[str, Any]:
    return {
        "off": tuple(sorted(choice.off)),
        "times": dict(choice.times),
        "quiet_from": choice.quiet_from,
        "quiet_to": choice.quiet_to,
        "snoozed_until": choice.snoozed_until,
    }


class DirectMessages:
    """The direct messages between one tenant's members and the bot."""

    def __init__(self, wire: Wire, tenant_id: int) -> None:
        self._wire = wire
        self._tenant_id = tenant_id

    def channel_of(self, member_id: int, slack_user_id: str) -> str | None:
        """The D-id of a member's direct message; None while it is not known."""
        row = self._wire.row(
            _CHANNEL, tenant_id=self._tenant_id, member_id=member_id, slack_user_id=slack_user_id
        )
        return None if row is None else row[0]

    def keep(self, member_id: int, slack_user_id: str, channel_id: str) -> None:
        """Keep the D-id that Slack gave."""
        self.forget(member_id)
        self._wire.run(
            _ADD_CHANNEL,
            tenant_id=self._tenant_id,
            member_id=member_id,
            slack_user_id=slack_user_id,
            channel_id=channel_id,
        )

    def forget(self, member_id: int) -> None:
        """Drop the D-id of a member's direct message, if one is known."""
        self._wire.run(_DROP_CHANNEL, tenant_id=self._tenant_id, member_id=member_id)


class SetAside:
    """Patients for whom reaching out is not clinically indicated, month by month."""

    def __init__(self, wire: Wire, tenant_id: int) -> None:
        self._wire = wire
        self._tenant_id = tenant_id

    def of(self, month: BillingMonth) -> frozenset[int]:
        """The patients set aside in a month."""
        rows = self._wire.rows(_ASIDE_IN, tenant_id=self._tenant_id, month=month)
        return frozenset(patient_id for (patient_id,) in rows)

    def put(self, month: BillingMonth, patient_id: int, *, by: int, at: datetime) -> None:
        """Set a patient aside; the last to say so is the one on file."""
        self.take_back(month, patient_id)
        self._wire.run(
            _ADD_ASIDE,
            tenant_id=self._tenant_id,
            month=month,
            patient_id=patient_id,
            decided_by=by,
            decided_at=at,
        )

    def take_back(self, month: BillingMonth, patient_id: int) -> None:
        """Have digests name a patient again."""
        self._wire.run(_DROP_ASIDE, tenant_id=self._tenant_id, month=month, patient_id=patient_id)
