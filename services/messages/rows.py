"""The rows of the morning message: what follows those that are shown, and what became of those that are."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from billing.months import BillingMonth
from billing.people import Member, Patient
from services.acts.ways import WAYS
from services.acts.went import EntryWent, Went, went_of
from services.context import Context
from services.messages.headings import MESSAGE
from services.messages.morning import Listed, Morning, Place, morning, places_of
from services.messages.nearness import months_of
from services.messages.patient_month import PatientMonth
from services.months.rule_book import RuleBook
from services.people.rights import Action, needs
from storage import Act, ActKind

#: Kinds of acts that change what is on file of patients.
_OF_PATIENTS = (
    frozenset(ActKind)
    - {ActKind.CLOSE, ActKind.REOPEN, ActKind.SUBMIT, ActKind.UNSUBMIT, ActKind.OVERPAID}
    - {ActKind.MERGE, ActKind.UNMERGE, ActKind.MEMBERSHIP, ActKind.IMPORT_UNDO}
    - {ActKind.REMIND, ActKind.SETTING}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What the reader did for one patient in one act."""

    act_id: int
    #: How people call it: `the time logged`.
    name: str
    #: Whether it took something back, and can be put back.
    is_undo: bool
    #: What it changed of this patient.
    went: tuple[Went, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RowNow:
    """One row as it is to be shown now."""

    place: Place
    patient: Patient = field(repr=False)
    month: PatientMonth = field(repr=False)
    #: Whether the patient still belongs under the heading.
    belongs: bool
    #: What the reader did since the message was sent and has not taken back, the newest first; an undo only where it
    #: is the last thing that they did.
    done: tuple[Done, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """Who stands under a heading after those who were shown."""

    place: Place
    found: Morning
    listed: tuple[Listed, ...] = field(repr=False)


@needs(Action.SEE_PATIENTS)
def rest(context: Context, actor: Member, place: Place, shown: Collection[str], after: int) -> Rest | None:
    """Who else stands under a heading of a member's morning now; None when nobody does.

    Args:
        context: where the use case works.
        actor: whose morning it is.
        place: the heading.
        shown: handles of those whom the message shows that was clicked.
        after: how many were shown before that message.
    """
    found = morning(context, actor, context.today_of(actor))
    if found is None:
        return None
    left = tuple(one for one in found.under(place)[after:] if one.patient.handle not in shown)
    return Rest(place=place, found=found, listed=left) if left else None


@needs(Action.SEE_PATIENTS)
def rows_now(
    context: Context, actor: Member, asked: Sequence[tuple[Place, str]], since: datetime
) -> tuple[RowNow, ...]:
    """Rows of a message as they are now; those whose patient is not known any more are left out.

    Args:
        context: where the use case works.
        actor: whose message it is.
        asked: the heading and the patient's handle of each.
        since: aware instant at which the message was sent.
    """
    patients = {handle: context.uow.patients.by_handle(handle) for _, handle in asked}
    ids = {one.patient_id for one in patients.values() if one is not None}
    today = context.today_of(actor)
    months = {one.patient.patient_id: one for one in months_of(context, actor, ids, today, RuleBook(context))}
    aside = context.uow.set_aside.of(BillingMonth.of(today))
    done = _done(context, actor, ids, since)
    rows = []
    for place, handle in asked:
        patient = patients[handle]
        if patient is None or patient.patient_id not in months:
            continue
        month = months[patient.patient_id]
        places = places_of(context, month, set_aside=patient.patient_id in aside)
        rows.append(
            RowNow(
                place=place,
                patient=patient,
                month=month,
                belongs=place in places,
                done=done.get(patient.patient_id, ()),
            )
        )
    return tuple(rows)


def done_since(context: Context, actor: Member, patient_id: int, since: datetime) -> tuple[Done, ...]:
    """What a member did for a patient since an instant and has not taken back, the newest first."""
    return _done(context, actor, {patient_id}, since).get(patient_id, ())


def _done(
    context: Context, actor: Member, ids: Collection[int], since: datetime
) -> Mapping[int, tuple[Done, ...]]:
    """What a member did for some patients, by patient, the newest first."""
    found: dict[int, list[Done]] = {}
    for act in context.uow.acts.since(actor.member_id, since):
        if act.undone_by is not None or act.kind not in _OF_PATIENTS:
            continue
        for patient_id, went in _by_patient(context, act).items():
            is_undo = act.kind is ActKind.UNDO
            if patient_id in ids and not (is_undo and found.get(patient_id)):
                done = Done(act_id=act.act_id, name=WAYS[act.kind].name, is_undo=is_undo, went=went)
                found.setdefault(patient_id, []).append(done)
    return {patient_id: tuple(done) for patient_id, done in found.items()}


def _by_patient(context: Context, act: Act) -> dict[int, tuple[Went, ...]]:
    found: dict[int, tuple[Went, ...]] = {}
    for went in went_of(context, act.changes):
        patient = _patient_of(went)
        if patient is not None:
            found[patient.patient_id] = (*found.get(patient.patient_id, ()), went)
    return found


def _patient_of(went: Went) -> Patient | None:
    if not isinstance(went, EntryWent):
        return went.patient
    view = went.after or went.before
    return view.patient if view else None


@needs(Action.SEE_PATIENTS)
def touched_since(context: Context, actor: Member, since: datetime, after: int) -> tuple[frozenset[str], int]:
    """The handles of patients for whom a member acted, and the number of the last act looked at.

    Args:
        context: where the use case works.
        actor: whose acts.
        since: aware instant from which on acts count.
        after: number of the last act that was looked at before.
    """
    acts = [act for act in context.uow.acts.since(actor.member_id, since) if act.act_id > after]
    patients = {
        patient.patient_id: patient
        for act in acts
        if act.kind in _OF_PATIENTS
        for patient in map(_patient_of, went_of(context, act.changes))
        if patient is not None
    }
    handles = frozenset(patient.handle for patient in patients.values())
    return handles, max((act.act_id for act in acts), default=after)


@needs(Action.SEE_PATIENTS)
def message_of(context: Context, actor: Member, day: date) -> tuple[str, str] | None:
    """Channel and time of a member's morning message of a day; None while none was sent."""
    return context.uow.deliveries.place_of(f"{MESSAGE}:{day}", f"member:{actor.member_id}")
