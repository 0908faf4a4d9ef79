"""Tells people what somebody else did to their entries and their patients."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final

from billing.people import Member, Patient
from services.care.episodes import latest
from services.context import Context
from services.entries.receipts import EntryView, views
from storage import EntryVersion, Notice, NoticeOf, VersionKind

#: Everything done within this time after the first thing makes one message.
BUNDLED_WITHIN: Final = timedelta(minutes=5)
#: What could not be told so long after it was done is told no more. Shorter than the message is of use, so that
#: whatever is looked at again has its delivery on file.
TELL_WITHIN: Final = timedelta(days=7)
#: How long the message is of use.
TOLD_USEFUL: Final = timedelta(days=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryByOther:
    """A version of a person's entry that somebody else wrote."""

    by: Member
    #: Whether that version made it void.
    voided: bool
    #: The entry as it was before that version; None for one that was written for them.
    before: EntryView | None
    after: EntryView
    reason: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientGone:
    """A person's patient whom somebody else discharged, or gave to another care manager."""

    by: Member
    patient: Patient = field(repr=False)
    #: The day of the discharge; None where the patient was given to somebody.
    discharged_on: date | None = None
    given_to: Member | None = None
    reason: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DoneByOthers:
    """What others did to a member's entries and patients within a few minutes, the first first."""

    entries: tuple[EntryByOther, ...]
    patients: tuple[PatientGone, ...]


def told(context: Context, member: Member, since: datetime) -> DoneByOthers | None:
    """What a member is to be told of the minutes from an instant on; None when none of it holds any more."""
    notices = context.uow.notices.of(member.member_id, since, since + BUNDLED_WITHIN)
    entries = tuple(_entry(context, one) for one in notices if one.what is NoticeOf.ENTRY)
    gone = (_patient(context, one) for one in notices if one.what is not NoticeOf.ENTRY)
    patients = tuple(one for one in gone if one is not None)
    return DoneByOthers(entries=entries, patients=patients) if entries or patients else None


def _entry(context: Context, notice: Notice) -> EntryByOther:
    assert notice.entry_id is not None, "a notice of an entry names its version"
    assert notice.n is not None, "a notice of an entry names its version"
    versions = context.uow.ledger.versions(notice.entry_id)[: notice.n]
    last = versions[-1]
    return EntryByOther(
        by=_member(context, notice.by),
        voided=last.kind is VersionKind.VOID,
        before=_view(context, versions[-2]) if len(versions) > 1 else None,
        after=_view(context, last),
        reason=last.reason,
    )


def _view(context: Context, version: EntryVersion) -> EntryView:
    (view,) = views(context, [version.entry], {})
    return replace(view, note=version.note)


def _patient(context: Context, notice: Notice) -> PatientGone | None:
    assert notice.patient_id is not None, "a notice of a patient names the patient"
    patient = context.uow.patients.many({notice.patient_id})[notice.patient_id]
    by = _member(context, notice.by)
    if notice.given_to is not None:
        return PatientGone(by=by, patient=patient, given_to=_member(context, notice.given_to))
    episode = latest(context.uow.episodes.of_patient(notice.patient_id))
    if episode is None or episode.discharged_on is None:
        # Taken back meanwhile.
        return None
    return PatientGone(
        by=by, patient=patient, discharged_on=episode.discharged_on, reason=episode.discharge_reason
    )


def _member(context: Context, member_id: int) -> Member:
    member = context.uow.members.by_id(member_id)
    assert member is not None, "notices refer to members, and members are never deleted"
    return member
