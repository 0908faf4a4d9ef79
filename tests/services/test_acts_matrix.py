"""Every act, taken back and put back: what stands and what is billed is as before, and the history is longer."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, time
from typing import Any, get_args

import pytest

from billing.activities import Activity
from billing.clinical import Attestation, AttestationKind, Scale, StatementKind
from billing.episodes import ConsentKind
from billing.months import BillingMonth
from billing.people import Member, MemberRole
from services.acts import undo
from services.acts.inverses import INVERSES
from services.acts.ways import WAYS
from services.acts.went import TakenBack, TurnedRound
from services.care import carry_out, set_aside
from services.care.receipts import Assessed, CareReceipt
from services.care.requests import (
    Admit,
    Assess,
    Assign,
    CareRequest,
    Discharge,
    Enroll,
    GiveConsent,
    MakeStatement,
    Measured,
    Review,
    RevokeConsent,
)
from services.care.safety import see
from services.checks import verify
from services.context import Context
from services.entries import amend, log, split, timers, void
from services.entries.changes import EntryEdit, EntrySplit, SplitPart
from services.entries.timer_requests import TimerBegun, TimerWords
from services.errors import CannotTakeBack
from services.messages import choices
from services.messages.audience import QuietHours
from services.messages.requests import ReminderRequest
from services.months.close import freeze_month, reopen_month
from services.months.judge import judge_month
from services.people import covering
from services.people.covering import CoverRequest
from services.people.patient_ref import PatientRef
from services.practice import settings
from services.practice.settings import SettingRequest
from services.taking_back import UNDO_WITHIN
from storage import ENTRY, FACT_KINDS, SET_ASIDE, ActKind, Database
from tests.support.practice import TryPractice, asked, draft

TODAY = date(2026, 11, 18)
NOVEMBER = BillingMonth(year=2026, month=11)
OCTOBER = BillingMonth(year=2026, month=10)
REF = PatientRef(text="MRN123", identity="123")
OTHER = PatientRef(text="MRN124", identity="124")
NEW = PatientRef(text="MRN555", identity="555")


@dataclass
class Scene:
    """A practice with two patients in care, one of them with time, and people of every role."""

    practice: TryPractice
    ana: Member
    doc: Member
    boss: Member
    entry_id: int = 0
    facts: dict[str, Any] = field(default_factory=dict)

    def care(self, actor: Member, request: CareRequest) -> object:
        return self.practice.do(carry_out.carry_out, actor, request)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A migrated database of the test's own, on each of the two."""
    opened = Database.open(request.getfixturevalue(f"{request.param}_url"))
    yield opened
    opened.close()


def founded(practice: TryPractice) -> Scene:
    """Three people, two patients, and a first entry an hour ago."""
    scene = Scene(
        practice=practice,
        ana=practice.member("Ana Flores", slack="U0ANA"),
        doc=practice.member("Doc Cho", MemberRole.CONSULTANT, slack="U0DOC"),
        boss=practice.member(
            "Bea Boss", MemberRole.SUPERVISOR, MemberRole.BILLER, MemberRole.ADMIN, slack="U0BEA"
        ),
    )
    practice.patient("123")
    practice.patient("124")
    receipt = practice.do(log.log, scene.ana, draft(asked("123", 25, "first call")))
    assert hasattr(receipt, "entries")
    scene.entry_id = receipt.entries[0].entry.entry_id
    practice.clock.pass_(hours=1)
    return scene


@pytest.fixture
def scene(database: Database) -> Scene:
    return founded(TryPractice(database))


def logged(scene: Scene) -> Member:
    scene.practice.do(log.log, scene.ana, draft(asked("123", 40), asked("124", 20, "two lines")))
    return scene.ana


def logged_for_a_stranger(scene: Scene) -> Member:
    scene.practice.do(log.log, scene.ana, draft(asked("777", 40)))
    return scene.ana


def edited(scene: Scene) -> Member:
    wanted = EntryEdit(entry_id=scene.entry_id, seconds=3000, note="longer", patient=OTHER, reason="was more")
    scene.practice.do(amend.edit, scene.ana, wanted)
    return scene.ana


def activity_chosen(scene: Scene) -> Member:
    scene.practice.do(amend.set_activity, scene.ana, scene.entry_id, Activity.ADMIN)
    return scene.ana


def voided(scene: Scene) -> Member:
    scene.practice.do(void.void, scene.ana, scene.entry_id, "wrong patient")
    return scene.ana


def shared_out(scene: Scene) -> Member:
    parts = (SplitPart(patient=REF), SplitPart(patient=OTHER))
    scene.practice.do(split.split, scene.ana, EntrySplit(entry_id=scene.entry_id, parts=parts))
    return scene.ana


def enrolled(scene: Scene) -> Member:
    scene.care(scene.ana, Enroll(patient=NEW, payer="Cedar Health", npi="1234567893"))
    return scene.ana


def enrollment_updated(scene: Scene) -> Member:
    scene.care(scene.ana, Enroll(patient=REF, payer="Cedar Health", on=date(2026, 9, 1), npi="1234567893"))
    return scene.ana


def consented(scene: Scene) -> Member:
    scene.care(scene.ana, GiveConsent(patient=REF, on=TODAY, kind=ConsentKind.WRITTEN))
    return scene.ana


def revoked(scene: Scene) -> Member:
    scene.care(scene.ana, RevokeConsent(patient=REF, on=date(2026, 11, 2)))
    return scene.ana


def assessed(scene: Scene) -> Member:
    request = Assess(patient=REF, on=date(2026, 11, 3), scores=(Measured(scale=Scale.PHQ9, value=14),))
    scene.care(scene.doc, request)
    better = replace(request, on=date(2026, 10, 2), scores=(Measured(scale=Scale.PHQ9, value=15),))
    scene.practice.clock.pass_(minutes=5)
    scene.care(scene.ana, better)
    return scene.ana


def assessment_put_right(scene: Scene) -> Member:
    request = Assess(patient=REF, on=date(2026, 11, 3), scores=(Measured(scale=Scale.PHQ9, value=14),))
    scene.care(scene.doc, request)
    scene.facts.clear()
    scene.care(scene.ana, replace(request, scores=(Measured(scale=Scale.PHQ9, value=4),)))
    return scene.ana


def marked_as_seen(scene: Scene) -> Member:
    positive = Measured(scale=Scale.PHQ9, value=14, answer=2)
    receipt = scene.care(scene.doc, Assess(patient=REF, on=date(2026, 11, 3), scores=(positive,)))
    assert isinstance(receipt, CareReceipt)
    assert isinstance(receipt.outcome, Assessed)
    scene.facts.clear()
    scene.practice.do(see, scene.ana, receipt.outcome.scores[0].score_id)
    return scene.ana


def reviewed(scene: Scene) -> Member:
    request = Review(
        patients=(REF,), on=TODAY, by="U0DOC", recommendation="sertraline 50", entries=(asked("123", 20),)
    )
    scene.care(scene.ana, request)
    return scene.ana


def review_voided(scene: Scene) -> Member:
    """Its time is voided, and the review goes with it."""
    reviewed(scene)
    scene.practice.clock.pass_(minutes=5)
    scene.practice.do(void.void, scene.ana, scene.entry_id + 1, "wrong patient")
    return scene.ana


def review_sent(scene: Scene) -> Member:
    scene.care(scene.doc, Review(patients=(REF,), on=TODAY))
    scene.facts.clear()
    scene.care(scene.ana, Review(patients=(REF,), on=TODAY, sent_on=TODAY))
    return scene.ana


def discharged(scene: Scene) -> Member:
    scene.care(scene.ana, Discharge(patient=REF, on=date(2026, 11, 10), reason="moved away"))
    return scene.ana


def assigned(scene: Scene) -> Member:
    scene.care(scene.boss, Assign(patient=REF, care_manager="U0ANA"))
    return scene.boss


def admitted(scene: Scene) -> Member:
    scene.care(scene.ana, Admit(patient=REF, admitted_on=date(2026, 11, 17)))
    return scene.ana


def left(scene: Scene) -> Member:
    scene.care(scene.doc, Admit(patient=REF, admitted_on=date(2026, 11, 12)))
    scene.care(scene.ana, Admit(patient=REF, admitted_on=None, left_on=TODAY))
    return scene.ana


def stated(scene: Scene) -> Member:
    scene.care(scene.ana, MakeStatement(patient=REF, kind=StatementKind.NECESSITY, on=TODAY))
    return scene.ana


def attested(scene: Scene) -> Member:
    """A word for a month, kept as the use case keeps it once a finding asks for it."""

    def keep(context: Context) -> None:
        context.uow.acts.begin(ActKind.ATTEST, by=scene.boss.member_id, at=context.now)
        word = Attestation(
            kind=AttestationKind.LATE_TIME, attested_by=scene.boss.member_id, attested_at=context.now
        )
        patient = context.uow.patients.by_identity("123")
        assert patient is not None
        context.uow.attestations.add(patient.patient_id, NOVEMBER, word)
        context.uow.commit()

    scene.practice.do(keep)
    return scene.boss


def reminded(scene: Scene) -> Member:
    scene.practice.do(choices.carry_out, scene.ana, ReminderRequest(at=time(7, 15)))
    return scene.ana


def quieted_for_all(scene: Scene) -> Member:
    quiet = QuietHours(start=time(18), end=time(7))
    scene.practice.do(choices.carry_out, scene.boss, ReminderRequest(for_practice=True, quiet=quiet))
    return scene.boss


def set_for_the_practice(scene: Scene) -> Member:
    scene.practice.do(settings.carry_out, scene.boss, SettingRequest(text="time rule midpoint"))
    return scene.boss


def handed_over(scene: Scene) -> Member:
    ben = scene.practice.member("Ben Okoro", slack="U0BEN")
    today = scene.practice.see(lambda context: context.today)
    asked_for = CoverRequest(covered_by=ben.display_name, first_day=today, last_day=today)
    scene.practice.do(covering.hand_over, scene.ana, asked_for)
    return scene.ana


def timer_started(scene: Scene) -> Member:
    scene.practice.do(timers.start, scene.ana, TimerWords(patient=REF, note="phone"))
    return scene.ana


def timer_canceled(scene: Scene) -> Member:
    timer_started(scene)
    scene.practice.clock.pass_(minutes=5)
    scene.practice.do(timers.cancel, scene.ana)
    return scene.ana


def timer_stopped(scene: Scene, following: TimerWords | None = None) -> Member:
    begun = scene.practice.do(timers.start, scene.ana, TimerWords(patient=REF, note="phone"))
    assert isinstance(begun, TimerBegun)
    scene.practice.clock.pass_(minutes=20)
    scene.practice.do(
        timers.stop,
        scene.ana,
        begun.running.timer.timer_id,
        TimerWords(),
        (asked("123", 20),),
        following=following,
    )
    return scene.ana


def timer_switched(scene: Scene) -> Member:
    return timer_stopped(scene, TimerWords(patient=OTHER))


def left_out(scene: Scene) -> Member:
    handle = scene.practice.see(lambda context: context.uow.patients.by_identity("123").handle)
    scene.practice.do(set_aside.set_aside, scene.ana, handle, NOVEMBER)
    return scene.ana


ACTS: dict[str, tuple[ActKind, Callable[[Scene], Member]]] = {
    "log": (ActKind.LOG, logged),
    "log for a stranger": (ActKind.LOG, logged_for_a_stranger),
    "edit": (ActKind.EDIT, edited),
    "activity": (ActKind.EDIT, activity_chosen),
    "void": (ActKind.VOID, voided),
    "split": (ActKind.SPLIT, shared_out),
    "enroll": (ActKind.ENROLL, enrolled),
    "enroll again": (ActKind.ENROLL, enrollment_updated),
    "consent": (ActKind.CONSENT, consented),
    "revoke": (ActKind.REVOKE, revoked),
    "assess": (ActKind.ASSESS, assessed),
    "assess right": (ActKind.ASSESS, assessment_put_right),
    "review": (ActKind.REVIEW, reviewed),
    "review voided": (ActKind.VOID, review_voided),
    "review sent": (ActKind.REVIEW_SENT, review_sent),
    "discharge": (ActKind.DISCHARGE, discharged),
    "assign": (ActKind.ASSIGN, assigned),
    "admit": (ActKind.ADMIT, admitted),
    "left": (ActKind.ADMIT, left),
    "state": (ActKind.STATE, stated),
    "attest": (ActKind.ATTEST, attested),
    "remind": (ActKind.REMIND, reminded),
    "remind practice": (ActKind.REMIND, quieted_for_all),
    "set aside": (ActKind.SET_ASIDE, left_out),
    "seen": (ActKind.SEEN, marked_as_seen),
    "setting": (ActKind.SETTING, set_for_the_practice),
    "cover": (ActKind.COVER, handed_over),
    "start": (ActKind.START, timer_started),
    "cancel": (ActKind.CANCEL, timer_canceled),
    "stop": (ActKind.STOP, timer_stopped),
    "switch": (ActKind.SWITCH, timer_switched),
}


def stands(context: Context) -> dict[str, Any]:
    """Everything that counts, whatever the number of its version: facts, choices, and how months are judged."""
    uow = context.uow
    people = uow.patients.all()
    ids = [one.patient_id for one in people]
    known = [one for one in people if one.on_roster]
    entries = uow.ledger.of_patients(ids, date.min, date.max)
    judged = {
        (one.patient_id, month): judge_month(context, one, month).result
        for one in known
        for month in (OCTOBER, NOVEMBER)
    }
    return {
        "roster": [(one.patient_id, one.referring_npi) for one in known],
        "entries": {key: [replace(one, version=0) for one in found] for key, found in entries.items()},
        "notes": uow.ledger.notes([one.entry_id for found in entries.values() for one in found]),
        "episodes": uow.episodes.of_patients(ids),
        "reviews": uow.reviews.of_patients(ids, date.min, date.max),
        "scores": uow.scores.of_patients(ids, date.min, date.max),
        "signals": uow.signals.unseen(ids),
        "statements": uow.statements.of_patients(ids, date.min, date.max),
        "stays": uow.admissions.of_patients(ids, date.min, date.max),
        "settings": [(one.name, one.value, one.from_day) for one in uow.setting_changes.all()],
        "attested": uow.attestations.of_patients(ids, NOVEMBER),
        "choices": {
            who: found
            for who, found in uow.reminder_choices.all().items()
            if found != uow.reminder_choices.of(0)
        },
        "practice": uow.reminder_choices.of_practice(),
        "mornings": [(one.member_id, one.digest_at) for one in uow.members.all()],
        "set aside": uow.set_aside.of(NOVEMBER),
        "timers": uow.timers.all_running(),
        "covers": [(one.away, one.covered_by, one.first_day) for one in uow.covers.since(date.min)],
        "judged": judged,
    }


def written(context: Context) -> int:
    """How many versions there are of everything."""
    uow = context.uow
    facts = sum(len(uow.facts.of_patient(one.patient_id)) for one in uow.patients.all())
    entries = sum(len(uow.ledger.versions(entry_id)) for entry_id in range(1, 60))
    acts = sum(len(uow.acts.since(one.member_id, context.now - UNDO_WITHIN)) for one in uow.members.all())
    return facts + entries + acts


def is_sound(practice: TryPractice) -> None:
    found = practice.see(verify)
    assert (found.changed, found.totals) == ((), ())


@pytest.mark.parametrize("name", ACTS)
def test_what_is_undone_is_as_if_it_had_not_been(scene: Scene, name: str) -> None:
    """Undo brings back what stood before, down to what is billed; putting back brings back what stood after."""
    kind, act = ACTS[name]
    practice = scene.practice
    actor = act(scene)
    # What the scene prepared on the way belongs to others, or to an earlier moment.
    last = practice.see(lambda context: context.uow.acts.since(actor.member_id, context.now - UNDO_WITHIN)[0])
    assert last.kind is kind
    after, length = practice.see(stands), practice.see(written)

    practice.clock.pass_(minutes=2)
    undone = practice.do(undo.undo_last, actor)
    assert isinstance(undone, TakenBack)
    assert undone.names == (WAYS[kind].name,)
    assert undone.went
    before = practice.see(stands)
    assert before != after
    assert practice.see(written) > length
    is_sound(practice)

    length = practice.see(written)
    back = practice.do(undo.put_back, actor, undone.act_id)
    assert back.how is TurnedRound.PUT_BACK
    assert practice.see(stands) == after
    assert practice.see(written) > length

    practice.clock.pass_(minutes=2)
    again = practice.do(undo.undo_last, actor)
    assert isinstance(again, TakenBack)
    assert practice.see(stands) == before
    is_sound(practice)


#: Those that themselves do more than one act.
PREPARED = {
    "cover",
    "assess",
    "assess right",
    "review voided",
    "review sent",
    "left",
    "cancel",
    "stop",
    "switch",
    "seen",
}
UNPREPARED = [name for name in ACTS if name not in PREPARED]


@pytest.mark.parametrize("name", UNPREPARED)
def test_what_stood_before_an_act_stands_again_after_its_undo(scene: Scene, name: str) -> None:
    """The same from the other side: everything that counts is as it was before the act."""
    before = scene.practice.see(stands)
    actor = ACTS[name][1](scene)
    scene.practice.do(undo.undo_last, actor)
    assert scene.practice.see(stands) == before


def test_a_month_is_not_undone(scene: Scene) -> None:
    """A close and a reopening are said, with what does it instead, and nothing changes."""
    practice = scene.practice

    def close(context: Context) -> None:
        freeze_month(context, scene.boss, OCTOBER)
        context.uow.commit()

    steps: list[tuple[ActKind, Callable[[], object]]] = [
        (ActKind.CLOSE, lambda: practice.do(close)),
        (ActKind.REOPEN, lambda: practice.do(reopen_month, scene.boss, OCTOBER, "two reviews came late")),
    ]
    for kind, step in steps:
        step()
        length = practice.see(written)
        with pytest.raises(CannotTakeBack) as refused:
            practice.do(undo.undo_last, scene.boss)
        assert str(refused.value) == WAYS[kind].refusal
        assert practice.see(written) == length
        practice.clock.pass_(minutes=1)


def test_every_act_has_its_way_back() -> None:
    """No kind of act is without a row in the table; each that undo takes back is tried here."""
    assert set(WAYS) == set(ActKind)
    undoable = {kind for kind, way in WAYS.items() if not way.refusal} - {ActKind.UNDO, ActKind.PUT_BACK}
    assert {kind for kind, _ in ACTS.values()} == undoable


def test_every_fact_has_its_inverse() -> None:
    """No kind of fact that is kept in versions is without one."""
    assert set(INVERSES) == {ENTRY, SET_ASIDE, *FACT_KINDS}


def test_every_request_about_care_is_an_act() -> None:
    """Each request that can be made about care is known by the kind of act that it is."""
    assert set(carry_out.KINDS) == set(get_args(CareRequest))
