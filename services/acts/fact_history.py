"""Reads every version of the care facts about a patient, and takes one back by its reference, however old."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any

from billing.people import Member, Patient
from services.acts.claims_together import claims_with, put_columns_back
from services.acts.enrollments import keep_one_at_a_time
from services.acts.inverses import TakingBack, put_as_before
from services.acts.references import FactReference
from services.acts.undo import told
from services.acts.ways import WAYS
from services.acts.went import TakenBack, values_of
from services.context import Context
from services.errors import CannotCorrect, NotAllowed, Refusal
from services.people import patients
from services.people.patient_ref import PatientRef
from services.people.rights import Action, allowed, check, needs
from storage import ActKind, Change, FactVersion


class UnknownFact(Refusal):
    """There is nothing on file by that reference. Copy it from `/cocm history` with the patient's MRN."""

    code = "unknown_fact"


@dataclass(frozen=True, slots=True, kw_only=True)
class FactVersionView:
    """One version of a care fact, beside what it was before."""

    #: `c-7fk.3`.
    reference: str
    kind: str
    #: None where it did not count, or there was none.
    before: Mapping[str, Any] | None = field(repr=False)
    after: Mapping[str, Any] | None = field(repr=False)
    #: What wrote it: the kind of an act, `import`, `upgrade`.
    act: str
    #: None where the program that wrote it did not keep that.
    author: Member | None
    at: datetime | None
    reason: str = field(repr=False)
    #: Whose it is from this version on, where a merge took it from another patient.
    moved_to: Patient | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FactHistory:
    """The care facts about a patient, version by version, the newest first."""

    patient: Patient = field(repr=False)
    versions: tuple[FactVersionView, ...]
    #: The local date it is for the person who asks.
    today: date


@needs(Action.SEE_PATIENTS)
def of_patient(context: Context, actor: Member, ref: PatientRef) -> FactHistory:
    """Every version of every care fact about a patient.

    Raises:
        UnknownPatient: when nobody is known by that name; near ones are named.
    """
    patient = patients.need(context, ref)
    return _history(context, actor, patient, context.uow.facts.of_patient(patient.patient_id))


@needs(Action.SEE_PATIENTS)
def of_fact(context: Context, actor: Member, reference: FactReference) -> FactHistory:
    """Every version of one care fact.

    Raises:
        UnknownFact: when there never was one.
    """
    versions = _versions(context, reference)
    return _history(context, actor, _patient(context, versions[0]), versions)


@needs(Action.CORRECT_OWN, Action.CORRECT_ANY)
def void_fact(context: Context, actor: Member, reference: FactReference, reason: str) -> TakenBack:
    """Take back a version of a care fact, or the fact itself, at any time; for its author or a supervisor.

    Raises:
        UnknownFact: when there is none.
        NotAllowed: when another person wrote it.
        CannotCorrect: without a reason, or when it is not said which of several changes goes.
        ChangedSince: when what it changed was changed again since.
        CannotTakeBack: when the patient would be enrolled twice on one day.
    """
    if not reason.strip():
        raise CannotCorrect("Taking a care fact back needs a reason. Add it: recorded for the wrong patient.")
    context.uow.episodes.hold()
    versions = _versions(context, reference)
    n = _meant(reference, versions)
    one = versions[n - 1]
    if one.by != actor.member_id and not allowed(context, actor, Action.CORRECT_ANY):
        raise NotAllowed("Only the person who recorded this, or a supervisor, can take it back.")
    if not allowed(context, actor, Action.CORRECT_ANY) and one.act in WAYS:
        check(context, actor, *WAYS[ActKind(one.act)].rights)
    if n == 1 and versions[-1].void:
        raise CannotCorrect("That was taken back already. Nothing was changed.")
    context.uow.acts.begin(ActKind.VOID, by=actor.member_id, at=context.now)
    taking = TakingBack(context=context, actor=actor, reason=reason.strip(), whole=True)
    before = n - 1 if n > 1 else None
    changed = Change(kind=one.kind, fact_id=one.fact_id, before=before, after=n)
    for change in (*claims_with(context, one, changed), changed):
        put_as_before(taking, change)
    put_columns_back(taking, one)
    keep_one_at_a_time(context)
    made = told(context, actor, ActKind.VOID, names=(f"`{reference}`",))
    context.uow.commit()
    return made


def _meant(reference: FactReference, versions: tuple[FactVersion, ...]) -> int:
    if reference.n is not None:
        if reference.n > len(versions):
            raise UnknownFact
        return reference.n
    if len(versions) > 1 and reference.kind == "episode":
        raise CannotCorrect(
            f"`{reference}` is an enrollment with {len(versions)} versions. Say which one is wrong: `{reference}.1` is "
            f"the enrollment itself, `{reference}.{len(versions)}` the last change. `/cocm history {reference}` lists "
            "them. Nothing was changed."
        )
    return 1


def _versions(context: Context, reference: FactReference) -> tuple[FactVersion, ...]:
    found = context.uow.facts.versions(reference.kind, reference.fact_id)
    if not found:
        raise UnknownFact
    return found


def _patient(context: Context, version: FactVersion) -> Patient:
    patient = context.uow.patients.by_id(version.patient_id) if version.patient_id is not None else None
    assert patient is not None, "what has a reference is about a patient"
    return patient


def _history(
    context: Context, actor: Member, patient: Patient, versions: Iterable[FactVersion]
) -> FactHistory:
    found: list[FactVersionView] = []
    for _, own in groupby(versions, key=lambda one: (one.kind, one.fact_id)):
        before: Mapping[str, Any] | None = None
        whose: int | None = None
        for version in own:
            after = values_of(context, version)
            view = _view(context, version, before, after)
            if whose is not None and version.patient_id not in {whose, None}:
                view = replace(
                    view, moved_to=context.uow.patients.many({version.patient_id})[version.patient_id]
                )
            found.append(view)
            before, whose = after, version.patient_id
    # Of the same moment, what was written later comes first; what is undated is the oldest.
    found.reverse()
    found.sort(key=lambda one: (one.at is not None, one.at), reverse=True)
    return FactHistory(patient=patient, versions=tuple(found), today=context.today_of(actor))


def _view(
    context: Context, version: FactVersion, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> FactVersionView:
    return FactVersionView(
        reference=str(FactReference(kind=version.kind, fact_id=version.fact_id, n=version.n)),
        kind=version.kind,
        before=before,
        after=after,
        act=version.act,
        author=context.uow.members.by_id(version.by) if version.by is not None else None,
        at=version.at,
        reason=version.reason,
    )
