"""Tells people what somebody else did to their entries and their patients."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final

from billing.covers import Cover
from billing.people import Member, Patient
from services.acts.said import said_in
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
    #: The entry as it was before that version; None for one that was written for them, or was void.
    before: EntryView | None
    after: EntryView
    reason: str = field(repr=False)
    #: Whether it was void before, and counts again.
    was_void: bool = False


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
class ImportGone:
    """An import that was taken back, and with it entries of a person's work."""

    #: None where nobody in particular did it.
    by: Member | None
    number: int
    #: How many entries were made void.
    entries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverNews:
    """A caseload that somebody put into other hands for some days, or gave back."""

    by: Member
    cover: Cover
    away: Member
    covered_by: Member
    #: The cover was ended, or had been taken back: it holds no more.
    ended: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DoneByOthers:
    """What others did to a member's entries and patients within a few minutes, the first first."""

    entries: tuple[EntryByOther, ...]
    patients: tuple[PatientGone, ...]
    imports: tuple[ImportGone, ...] = ()
    covers: tuple[CoverNews, ...] = ()


def told(context: Context, member: Member, since: datetime) -> DoneByOthers | None:
    """What a member is to be told of the minutes from an instant on; None when none of it holds any more."""
    notices = context.uow.notices.of(member.member_id, since, since + BUNDLED_WITHIN)
    # What one person did to one entry or patient within that time is one thing, as it came out.
    entries_of: dict[tuple[int | None, int], list[Notice]] = {}
    patients_of: dict[tuple[NoticeOf, int | None, int], Notice] = {}
    imports: list[ImportGone] = []
    covers: dict[int, Notice] = {}
    for one in notices:
        if one.what is NoticeOf.IMPORT_UNDONE:
            imports.append(_import(context, member, one))
        elif one.what is NoticeOf.COVER:
            covers[one.n or 0] = one
        elif one.what is NoticeOf.ENTRY:
            entries_of.setdefault((one.entry_id, one.by), []).append(one)
        else:
            patients_of[one.what, one.patient_id, one.by] = one
    changed = (_entry(context, each) for each in entries_of.values())
    gone = (_patient(context, member, one) for one in patients_of.values())
    entries = tuple(one for one in changed if one is not None)
    patients = tuple(one for one in gone if one is not None)
    handed = tuple(news for one in covers.values() if (news := _cover(context, one)) is not None)
    if not (entries or patients or imports or handed):
        return None
    return DoneByOthers(entries=entries, patients=patients, imports=tuple(imports), covers=handed)


def _cover(context: Context, notice: Notice) -> CoverNews | None:
    found = context.uow.covers.by_id(notice.n or 0)
    if found is None:
        return None
    cover, counts = found
    return CoverNews(
        by=_member(context, notice.by),
        cover=cover,
        away=_member(context, cover.away),
        covered_by=_member(context, cover.covered_by),
        ended=not counts or cover.last_day < context.today,
    )


def _import(context: Context, member: Member, notice: Notice) -> ImportGone:
    assert notice.n is not None, "a notice of an import names its number"
    by = _member(context, notice.by)
    return ImportGone(
        by=by if by.active or by.roles else None,
        number=notice.n,
        entries=context.uow.imports.taken_back_of(notice.n, member.member_id),
    )


def _entry(context: Context, notices: Sequence[Notice]) -> EntryByOther | None:
    """What one person did to an entry, from before the first version to after the last; None where that is nothing."""
    first, last = notices[0], notices[-1]
    assert first.entry_id is not None, "a notice of an entry names its version"
    assert first.n is not None, "a notice of an entry names its version"
    assert last.n is not None, "a notice of an entry names its version"
    versions = context.uow.ledger.versions(first.entry_id)
    before, after = versions[: first.n - 1], versions[: last.n]
    if _standing(before) == _standing(after):
        return None
    return EntryByOther(
        by=_member(context, first.by),
        voided=after[-1].kind is VersionKind.VOID,
        before=_view(context, before[-1]) if _standing(before) is not None else None,
        after=_view(context, after[-1]),
        reason=(said_in(after) if after[-1].restores else after[-1]).reason,
        was_void=bool(before) and _standing(before) is None,
    )


def _standing(versions: Sequence[EntryVersion]) -> tuple[int, int] | None:
    """What stands of an entry by its last version, and whose it is; None where nothing does."""
    if not versions or versions[-1].kind is VersionKind.VOID:
        return None
    return said_in(versions).entry.version, versions[-1].entry.patient_id


def _view(context: Context, version: EntryVersion) -> EntryView:
    (view,) = views(context, [version.entry], {})
    return replace(view, note=version.note)


def _patient(context: Context, member: Member, notice: Notice) -> PatientGone | None:
    assert notice.patient_id is not None, "a notice of a patient names the patient"
    patient = context.uow.patients.many({notice.patient_id})[notice.patient_id]
    by = _member(context, notice.by)
    episode = latest(context.uow.episodes.of_patient(patient.patient_id))
    if notice.given_to is not None:
        if episode is None or episode.care_manager in {member.member_id, None}:
            # Given back meanwhile.
            return None
        return PatientGone(by=by, patient=patient, given_to=_member(context, episode.care_manager))
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
