"""Makes two patients one who turned out to be the same person, and takes them apart again.

The MRN that is merged still finds the patient. Entries are moved by a further version each, so that history shows
it; facts of care are moved as they are, and what may never change is read with the rest. Two enrollments at once are
refused: which one counts is for a person to say.
"""

from dataclasses import dataclass, field
from datetime import date

from billing.entries import TimeEntry
from billing.months import BillingMonth
from billing.people import Member, Patient
from services.care.claims import make_whole
from services.care.episodes import overlap
from services.context import Context
from services.errors import Refusal, UnknownPatient
from services.months.after_close import closed_remark
from services.months.standing import Standing, standing
from services.people import patients
from services.people.patient_ref import PatientRef
from services.people.rights import Action, needs
from storage import ENTRY, MERGE_SOURCE, ActKind, MovedRow, PatientMerge


class CannotMerge(Refusal):
    """These two cannot be made one, or not taken apart. Nothing was changed."""

    code = "cannot_merge"


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientsMerged:
    """Two patients made one, or taken apart again."""

    #: Whose MRN is an alias, or its own again.
    gone: Patient = field(repr=False)
    kept: Patient = field(repr=False)
    #: How many entries and facts of care were moved.
    entries: int
    facts: int
    #: Where they stand now: this month, of each patient who has one.
    standings: tuple[Standing, ...]
    today: date
    is_apart: bool = False
    #: Sentences about months that are closed.
    remarks: tuple[str, ...] = ()


@needs(Action.MERGE)
def merge(
    context: Context, actor: Member, gone: PatientRef, kept: PatientRef, reason: str = ""
) -> PatientsMerged:
    """Give everything of one patient to another; the first one's MRN names the second from then on.

    Raises:
        NotAllowed: for anybody but supervisors and administrators.
        UnknownPatient: when one of them is not known.
        CannotMerge: when they are the same already, or both are enrolled at the same time.
    """
    context.uow.episodes.hold()
    into = patients.need(context, kept)
    old = _as_written(context, gone)
    _refuse_the_same(context, old, gone, into)
    _refuse_two_enrollments(context, old, into)
    context.uow.merges.hold(old.patient_id)
    context.uow.acts.begin(ActKind.MERGE, by=actor.member_id, at=context.now)
    said = reason.strip() or f"{patients.shown_mrn(old.mrn)} is {patients.shown_mrn(into.mrn)}"
    entries = _entries(context, old)
    _move(context, actor, entries, into, f"merged: {said}")
    # What is void may be put back, and is theirs then.
    numbers = [entry.entry_id for entry in entries] + context.uow.ledger.voided_of(old.patient_id)
    moved = [MovedRow(kind=ENTRY, row_id=number) for number in numbers]
    _write_claims_down(context, old, into)
    facts = context.uow.merges.move_facts(old.patient_id, into.patient_id)
    moved += facts + context.uow.merges.point(old.patient_id, into.patient_id)
    number = context.uow.merges.add(
        old.patient_id, into.patient_id, moved, by=actor.member_id, at=context.now, reason=said
    )
    _audit(context, actor, "patients.merged", old, into, number)
    context.uow.patients.forget()
    made = _made(context, actor, old, into, entries, len(facts), is_apart=False)
    context.uow.commit()
    return made


@needs(Action.MERGE)
def unmerge(context: Context, actor: Member, ref: PatientRef) -> PatientsMerged:
    """Take a patient apart from the one they were merged into: everything that came from them goes back.

    What was written after the merge stays with the patient it was written for.

    Raises:
        NotAllowed: for anybody but supervisors and administrators.
        UnknownPatient: when nobody is known by that MRN.
        CannotMerge: when they were merged into nobody, or the other one was merged since.
    """
    context.uow.episodes.hold()
    old = _as_written(context, ref)
    found = _merge_of(context, old, ref)
    context.uow.acts.begin(ActKind.UNMERGE, by=actor.member_id, at=context.now)
    moved = context.uow.merges.moved(found.merge_id)
    into = context.uow.patients.many({found.kept})[found.kept]
    standing_ones = (context.uow.ledger.entry(one.row_id) for one in moved if one.kind == ENTRY)
    entries = tuple(one for one in standing_ones if one is not None and one.patient_id == found.kept)
    context.uow.merges.point_back(found.gone, moved)
    _move(
        context, actor, entries, old, f"taken apart: {patients.shown_mrn(old.mrn)} is a patient of their own"
    )
    context.uow.merges.move_back(moved, found.gone, found.kept)
    context.uow.merges.end(found.merge_id, by=actor.member_id, at=context.now)
    _audit(context, actor, "patients.taken_apart", old, into, found.merge_id)
    context.uow.patients.forget()
    facts = sum(1 for one in moved if one.kind != ENTRY)
    made = _made(context, actor, old, into, entries, facts, is_apart=True)
    context.uow.commit()
    return made


def _as_written(context: Context, ref: PatientRef) -> Patient:
    """The patient first kept under an MRN, whoever has everything now."""
    found = context.uow.patients.as_written(ref.identity) if ref.identity else None
    if found is None:
        if ref.handle is not None:
            raise UnknownPatient("Name the patient to be merged by the MRN. Nothing was changed.")
        return patients.need(context, ref)
    return found


def _refuse_the_same(context: Context, old: Patient, ref: PatientRef, into: Patient) -> None:
    if old.patient_id == into.patient_id:
        raise CannotMerge(f"{ref.text} and {patients.shown_mrn(into.mrn)} are the same patient already.")
    already = next(
        (one for one in context.uow.merges.standing(old.patient_id) if one.gone == old.patient_id), None
    )
    if already is not None:
        other = context.uow.patients.many({already.kept})[already.kept]
        raise CannotMerge(
            f"{ref.text} was merged into {patients.shown_mrn(other.mrn)} before. Nothing was changed. "
            f"To take that apart: /cocm unmerge {patients.shown_mrn(old.mrn)}"
        )


def _refuse_two_enrollments(context: Context, old: Patient, into: Patient) -> None:
    theirs = context.uow.episodes.of_patient(into.patient_id)
    for one in context.uow.episodes.of_patient(old.patient_id):
        for other in theirs:
            if overlap(one, other):
                mrn, kept = patients.shown_mrn(old.mrn), patients.shown_mrn(into.mrn)
                raise CannotMerge(
                    f"{mrn} and {kept} are both enrolled on {_day(max(one.starts_on, other.starts_on))}, and one "
                    "patient has one enrollment at a time. Nothing was changed. Take back the enrollment that was "
                    "recorded by mistake, or discharge one of the two by the day on which the other begins; "
                    f"then: /cocm merge {mrn} into {kept}"
                )


def _entries(context: Context, patient: Patient) -> tuple[TimeEntry, ...]:
    return tuple(context.uow.ledger.patient_month(patient.patient_id, date.min, date.max))


def _write_claims_down(context: Context, old: Patient, into: Patient) -> None:
    """Where what one of two patients' claims are made of has days, that of the other has, too, before they are one."""
    both = (old.patient_id, into.patient_id)
    dated = {one.kind for patient_id in both for one in context.uow.claim_facts.of_patient(patient_id)}
    for patient_id in both:
        make_whole(context.uow, patient_id, sorted(dated))


def _move(context: Context, actor: Member, entries: tuple[TimeEntry, ...], to: Patient, reason: str) -> None:
    for entry in entries:
        context.uow.ledger.correct(
            entry.entry_id,
            entry.version,
            {"patient_id": to.patient_id},
            by=actor.member_id,
            at=context.now,
            reason=reason,
            source=MERGE_SOURCE,
        )


def _merge_of(context: Context, old: Patient, ref: PatientRef) -> PatientMerge:
    found = next(
        (one for one in context.uow.merges.standing(old.patient_id) if one.gone == old.patient_id), None
    )
    if found is None:
        raise CannotMerge(f"{ref.text} was not merged into another patient. Nothing was changed.")
    later = next((one for one in context.uow.merges.standing(found.kept) if one.gone == found.kept), None)
    if later is not None:
        both = context.uow.patients.many({found.kept, later.kept})
        kept, last = (patients.shown_mrn(both[one].mrn) for one in (found.kept, later.kept))
        raise CannotMerge(
            f"{kept}, which {ref.text} was merged into, was merged into {last} after that. Nothing was changed. "
            f"Take that apart first: /cocm unmerge {kept}"
        )
    return found


def _made(
    context: Context,
    actor: Member,
    gone: Patient,
    kept: Patient,
    entries: tuple[TimeEntry, ...],
    facts: int,
    *,
    is_apart: bool,
) -> PatientsMerged:
    today = context.today_of(actor)
    closed = dict.fromkeys(
        closed_remark(context, day) for day in sorted({one.service_date for one in entries})
    )
    shown = (kept, gone) if is_apart else (kept,)
    return PatientsMerged(
        gone=gone,
        kept=kept,
        entries=len(entries),
        facts=facts,
        standings=tuple(standing(context, actor, patient, BillingMonth.of(today)) for patient in shown),
        today=today,
        is_apart=is_apart,
        remarks=tuple(remark for remark in closed if remark is not None),
    )


def _audit(context: Context, actor: Member, action: str, gone: Patient, kept: Patient, number: int) -> None:
    context.uow.audit.record(
        at=context.now,
        actor=actor.member_id,
        action=action,
        subject=f"patient:{gone.patient_id}",
        details={"into": kept.patient_id, "merge": number},
    )


def _day(day: date) -> str:
    return f"{day:%b} {day.day}, {day.year}"
