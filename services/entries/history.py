"""Reads every version of an entry."""

from dataclasses import dataclass, field
from datetime import date

from billing.people import Member, Patient
from services.context import Context
from services.entries.amend import is_theirs
from services.errors import NotAllowed, UnknownEntry
from services.people.rights import Action, allowed, needs
from storage import EntryVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionView:
    """One version with the people it names."""

    version: EntryVersion
    patient: Patient = field(repr=False)
    #: Who wrote this version, and whose work the entry says it was.
    author: Member
    performer: Member


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryHistory:
    """An entry from its first version to its last."""

    entry_id: int
    versions: tuple[VersionView, ...]
    #: The local date it is for the person who asks.
    today: date


@needs(Action.SEE_OWN_TIME, Action.SEE_ANY_HISTORY)
def history(context: Context, actor: Member, entry_id: int) -> EntryHistory:
    """All versions of an entry, the first first, void ones too.

    Raises:
        UnknownEntry: when there never was one.
        NotAllowed: when it is another person's, for anybody but supervisors, billers and administrators.
    """
    versions = context.uow.ledger.versions(entry_id)
    if not versions:
        raise UnknownEntry("There is no entry by that reference. Copy it from the receipt or from today.")
    if not any(is_theirs(actor, version.entry) for version in versions) and not allowed(
        context, actor, Action.SEE_ANY_HISTORY
    ):
        raise NotAllowed(
            "That is another person's entry. They, a supervisor or a biller can see its history."
        )
    patients = context.uow.patients.many({version.entry.patient_id for version in versions})
    return EntryHistory(
        entry_id=entry_id,
        versions=tuple(
            VersionView(
                version=version,
                patient=patients[version.entry.patient_id],
                author=_member(context, version.by),
                performer=_member(context, version.entry.performed_by),
            )
            for version in versions
        ),
        today=context.today_of(actor),
    )


def _member(context: Context, member_id: int) -> Member:
    member = context.uow.members.by_id(member_id)
    assert member is not None, "entries refer to members, and members are never deleted"
    return member
