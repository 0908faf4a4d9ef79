"""Enrolls, discharges and assigns patients."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from billing.claim_facts import ClaimFactKind
from billing.clinical import Assessment, initial_assessment
from billing.episodes import Episode, Program
from billing.months import BillingMonth
from billing.people import Member, MemberRole, Patient
from services.care.claims import ClaimChange, Claims, first_day, keep, named
from services.care.episodes import DatesOutOfOrder, latest, need_open, spoken_day
from services.care.receipts import Assigned, Detail, Discharged, Done, Enrolled
from services.care.requests import Assign, Discharge, Enroll
from services.context import Context
from services.errors import NotAllowed, Refusal
from services.months.rule_book import RuleBook
from services.people import members, patients
from services.people.rights import Action, needs
from storage import Notice, NoticeOf

#: What is said of a claim, and what it is called in an enrollment's details.
_DETAILS = {
    ClaimFactKind.PAYER: Detail.PAYER,
    ClaimFactKind.REFERRING_NPI: Detail.NPI,
    ClaimFactKind.BILLING_NPI: Detail.BILLING_NPI,
    ClaimFactKind.DIAGNOSIS_CODES: Detail.DIAGNOSIS,
    ClaimFactKind.PLACE_OF_SERVICE: Detail.PLACE_OF_SERVICE,
    ClaimFactKind.APCM: Detail.APCM,
    ClaimFactKind.CARE_MANAGER: Detail.CARE_MANAGER,
}
#: What is true of a patient, or of how they are billed, beyond the end of one episode.
_STAYS = (
    *("payer", "care_manager", "diagnosis_codes", "billing_npi", "place_of_service"),
    *("outside_therapist", "apcm", "part2_record"),
)


class OtherProgram(Refusal):
    """The patient is enrolled in the other program."""

    code = "other_program"


@needs(Action.ENROLL)
def enroll(context: Context, actor: Member, asked: Enroll) -> Done:
    """Begin an episode, or bring the open one up to date; one never stands beside another.

    Raises:
        Refusal: when the dates or programs of two episodes would collide, or the person named is no care manager.
    """
    patient = patients.find(context, asked.patient) or patients.admit(context, asked.patient)
    manager = _care_manager(context, actor, asked.care_manager) if asked.care_manager else None
    earlier = context.uow.episodes.of_patient(patient.patient_id)
    last = latest(earlier)
    book = RuleBook(context)
    payer = book.payer(asked.payer)
    asked = replace(asked, payer=payer.name if payer else asked.payer)
    today = context.today_of(actor)
    before = last if last is not None and last.discharged_on is None else None
    if before is not None:
        asked = _dated(asked, before)
        base = _brought_up_to_date(patient, before, asked)
        others = [one for one in earlier if one != before]
    else:
        base = _new_episode(context, patient, last, asked, today)
        others = list(earlier)
        if manager is None and MemberRole.CARE_MANAGER in actor.roles:
            manager = actor
    claims = Claims(
        context.uow.claim_facts.of_patient(patient.patient_id), (*others, base), patient.referring_npi
    )
    usual = today if before is not None else base.starts_on
    said = tuple(
        claims.say(kind, value, usual=usual, asked=asked.claim_from) for kind, value in _said(asked, manager)
    )
    episode = claims.episode(base)
    if before is None:
        episode = context.uow.episodes.add(episode)
    elif episode != before:
        context.uow.episodes.update(episode)
        if episode.care_manager != before.care_manager:
            _tell(context, actor, before, NoticeOf.ASSIGNED, given_to=episode.care_manager)
    kept = replace(patient, on_roster=True, referring_npi=claims.referring_npi)
    if kept != patient:
        context.uow.patients.update(kept)
    keep(context.uow, claims, patient.patient_id, by=actor.member_id, at=context.now)
    told = tuple(one for one in said if one.is_new or before is None)
    _audit(context, actor, before, episode, told)
    return Done(
        patients=(kept,),
        outcome=Enrolled(
            episode=episode,
            before=before,
            again=before is None and last is not None,
            details=_details(before, episode, told),
            care_manager=context.uow.members.by_id(episode.care_manager) if episode.care_manager else None,
            npi=kept.referring_npi,
            payer_known=book.payer(asked.payer or episode.payer) is not None,
            claims=tuple(named(context, one) for one in said),
        ),
        months=_months(today, before, episode, told),
        since=_since(told, episode),
    )


def _dated(asked: Enroll, before: Episode) -> Enroll:
    """A day after the enrollment's, given to somebody in care, is that of what is said of their claims."""
    if asked.on is None or asked.claim_from is not None or asked.on <= before.starts_on:
        return asked
    return replace(asked, claim_from=asked.on)


def _since(told: Sequence[ClaimChange], episode: Episode) -> date | None:
    """The first day for which something that stood on file is otherwise."""
    days = (first_day(one, episode) for one in told if one.is_new and not one.fills)
    return min((day for day in days if day is not None), default=None)


def _said(asked: Enroll, manager: Member | None) -> list[tuple[ClaimFactKind, str]]:
    """What an enrollment says of the patient's claims."""
    apcm = {True: "yes", False: "no", None: ""}[asked.apcm]
    values = {
        ClaimFactKind.PAYER: asked.payer,
        ClaimFactKind.REFERRING_NPI: asked.npi,
        ClaimFactKind.BILLING_NPI: asked.billing_npi,
        ClaimFactKind.DIAGNOSIS_CODES: " ".join(asked.diagnosis_codes),
        ClaimFactKind.PLACE_OF_SERVICE: asked.place_of_service,
        ClaimFactKind.APCM: apcm,
        ClaimFactKind.CARE_MANAGER: str(manager.member_id) if manager else "",
    }
    return [(kind, value) for kind, value in values.items() if value]


def _details(before: Episode | None, episode: Episode, told: Sequence[ClaimChange]) -> frozenset[Detail]:
    """What is now otherwise, or was said with a new episode."""
    found = {_DETAILS[one.kind] for one in told}
    if before is None:
        found |= {Detail.PAYER} if episode.payer else set()
        found |= {Detail.CARE_MANAGER} if episode.care_manager is not None else set()
    if before is None or episode.enrolled_on != before.enrolled_on:
        found |= {Detail.BEGIN}
    return frozenset(found)


def _months(
    today: date, before: Episode | None, episode: Episode, told: Sequence[ClaimChange]
) -> tuple[BillingMonth, ...]:
    """The months to show: that of the enrollment, unless it is only brought up to date, and those of its changes."""
    days = [one.since for one in told]
    if before is None or episode.enrolled_on != before.enrolled_on or not told:
        days.append(episode.enrolled_on)
    return tuple(BillingMonth.of(day) for day in days if day is not None and day <= today)


def _new_episode(
    context: Context,
    patient: Patient,
    last: Episode | None,
    asked: Enroll,
    today: date,
) -> Episode:
    begins = asked.on or today
    if last is not None and last.discharged_on is not None and begins < last.discharged_on:
        raise DatesOutOfOrder(
            f"{patients.shown_mrn(patient.mrn)} was discharged on {spoken_day(last.discharged_on)}, after the "
            f"{spoken_day(begins)} given. Nothing was changed. Give the day on which care began again."
        )
    known = context.uow.scores.of_patients((patient.patient_id,), begins, today)
    scores = known.get(patient.patient_id, ())
    assessed = initial_assessment(Assessment(assessed_on=score.measured_on) for score in scores)
    written = [one.recorded_on for one in scores if one.measured_on == assessed and one.recorded_on]
    return Episode(
        episode_id=0,
        patient_id=patient.patient_id,
        program=asked.program or (last.program if last else Program.COCM),
        enrolled_on=begins,
        # Scores that were recorded before the enrollment was, of a day on which care had begun.
        initial_assessment_on=assessed,
        assessment_recorded_on=min(written, default=None),
        **({name: getattr(last, name) for name in _STAYS} if last else {}),
    )


def _brought_up_to_date(patient: Patient, episode: Episode, asked: Enroll) -> Episode:
    if asked.program is not None and asked.program is not episode.program:
        mrn = patients.shown_mrn(patient.mrn)
        raise OtherProgram(
            f"{mrn} is already enrolled in {episode.program}, and a patient is in one program at a time. Nothing "
            f"was changed. Discharge first, then enroll: /cocm discharge {mrn} changes to {asked.program}"
        )
    earlier = asked.on is not None and (episode.enrolled_on is None or asked.on < episode.enrolled_on)
    return replace(episode, enrolled_on=asked.on) if earlier else episode


def _care_manager(context: Context, actor: Member, name: str | None) -> Member:
    member = members.named(context, name) if name else actor
    if MemberRole.CARE_MANAGER not in member.roles:
        raise NotAllowed(
            f"{member.display_name} is not a care manager, and only a care manager looks after patients. Nothing was "
            "changed. Name another person, or ask an administrator to give them the role."
        )
    return member


@needs(Action.ASSIGN)
def assign(context: Context, actor: Member, asked: Assign) -> Done:
    """Give a patient to a care manager.

    Raises:
        NotEnrolled: when the patient is in nobody's care.
        NotAllowed: when the person named is no care manager.
    """
    patient = patients.need(context, asked.patient)
    episode = need_open(context, patient)
    manager = _care_manager(context, actor, asked.care_manager)
    before = context.uow.members.by_id(episode.care_manager) if episode.care_manager else None
    claims = Claims(
        context.uow.claim_facts.of_patient(patient.patient_id),
        context.uow.episodes.of_patient(patient.patient_id),
        patient.referring_npi,
    )
    change = claims.say(
        ClaimFactKind.CARE_MANAGER,
        str(manager.member_id),
        usual=context.today_of(actor),
        asked=asked.claim_from,
    )
    after = claims.episode(episode)
    if change.is_new:
        if after != episode:
            context.uow.episodes.update(after)
        keep(context.uow, claims, patient.patient_id, by=actor.member_id, at=context.now)
        _audit(context, actor, episode, after, (change,))
    if after.care_manager != episode.care_manager:
        _tell(context, actor, episode, NoticeOf.ASSIGNED, given_to=after.care_manager)
    return Done(
        patients=(patient,),
        outcome=Assigned(care_manager=manager, before=before, change=named(context, change)),
        since=_since((change,), after),
    )


@needs(Action.DISCHARGE)
def discharge(context: Context, actor: Member, asked: Discharge) -> Done:
    """End the patient's open episode; one that has ended is said, not ended again.

    Raises:
        NotEnrolled: when there never was one.
        DatesOutOfOrder: when it begins after the date given.
    """
    patient = patients.need(context, asked.patient)
    last = latest(context.uow.episodes.of_patient(patient.patient_id))
    if last is not None and last.discharged_on is not None:
        gone = Discharged(on=last.discharged_on, reason=last.discharge_reason, already=True)
        return Done(patients=(patient,), outcome=gone)
    episode = need_open(context, patient)
    _must_not_precede(patient, episode, asked.on)
    after = replace(episode, discharged_on=asked.on, discharge_reason=asked.reason)
    context.uow.episodes.update(after)
    _tell(context, actor, episode, NoticeOf.DISCHARGED)
    _audit(context, actor, episode, after)
    return Done(
        patients=(patient,),
        outcome=Discharged(on=asked.on, reason=asked.reason),
        months=(BillingMonth.of(asked.on),),
    )


def _must_not_precede(patient: Patient, episode: Episode, day: date) -> None:
    begun = max(filter(None, (episode.enrolled_on, episode.initial_assessment_on)), default=episode.starts_on)
    if day < begun:
        raise DatesOutOfOrder(
            f"{spoken_day(day)} is before {patients.shown_mrn(patient.mrn)}'s enrollment or initial assessment on "
            f"{spoken_day(begun)}. Nothing was changed. Check the date."
        )


def _tell(
    context: Context, actor: Member, before: Episode, what: NoticeOf, given_to: int | None = None
) -> None:
    """Whose patient it was is told, unless they did it themselves."""
    if before.care_manager is not None and before.care_manager != actor.member_id:
        context.uow.notices.add(
            [
                Notice(
                    member_id=before.care_manager,
                    at=context.now,
                    by=actor.member_id,
                    what=what,
                    patient_id=before.patient_id,
                    given_to=given_to,
                )
            ]
        )


def _audit(
    context: Context,
    actor: Member,
    before: Episode | None,
    after: Episode,
    told: Sequence[ClaimChange] = (),
) -> None:
    """Every change of an episode stands in the audit trail, without the words that may name somebody."""
    changed = {
        name: str(getattr(after, name))
        for name in (
            "program",
            "enrolled_on",
            "initial_assessment_on",
            "discharged_on",
            "payer",
            "care_manager",
        )
        if getattr(after, name) != getattr(before, name, None)
    }
    for one in told:
        changed[one.kind.value] = one.value
        if one.since is not None:
            changed[f"{one.kind.value}_from"] = one.since.isoformat()
    if before == after and not changed:
        return
    context.uow.audit.record(
        at=context.now,
        actor=actor.member_id,
        action="episode.begun" if before is None else "episode.changed",
        subject=f"episode:{after.episode_id}",
        details=changed,
    )
