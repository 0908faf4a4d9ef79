"""Timers: one runs for each person, nothing of it counts until it is stopped, and every act has a way back."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from billing.activities import Activity
from billing.people import Member, MemberRole
from services.acts import undo
from services.acts.went import TakenBack
from services.care import carry_out, merging
from services.care.requests import Discharge
from services.entries import amend, log, overviews, timers
from services.entries.changes import EntryEdit
from services.entries.pending import Asked, NotLogged
from services.entries.receipts import Receipt
from services.entries.requests import LogRequest
from services.entries.timer_requests import (
    NoTimer,
    RunningTimer,
    SaidTime,
    TimerAsked,
    TimerBegun,
    TimerCanceled,
    TimerShort,
    TimerStands,
    TimerWords,
)
from services.entries.timer_stops import LONG, WHOSE, TimerGone, TimerTooLong
from services.entries.timer_times import TimerTime
from services.errors import NoSuchAnswer
from services.people.patient_ref import PatientRef
from services.people.rights import TABLE, Action
from storage import Database
from tests.support.practice import NEW_YORK, TryPractice, asked, draft

REF = PatientRef(text="MRN123", identity="123")
OTHER = PatientRef(text="MRN124", identity="124")
NOW = TimerWords()


@pytest.fixture
def practice(database: Database) -> TryPractice:
    made = TryPractice(database)
    made.patient("123")
    made.patient("124")
    return made


def begin(practice: TryPractice, who: Member, words: TimerWords | None = None) -> RunningTimer:
    made = practice.do(timers.start, who, words or TimerWords(patient=REF, note="phone check-in"))
    assert isinstance(made, TimerBegun)
    return made.running


def about(mrn: str = "123", note: str = "phone check-in", activity: Activity = Activity.PHONE) -> LogRequest:
    return asked(mrn, minutes=1, note=note, activity=activity)


def stop(
    practice: TryPractice, who: Member, running: RunningTimer, words: TimerWords = NOW, *requests: LogRequest
) -> Receipt | Asked | TimerAsked | TimerShort:
    return practice.do(timers.stop, who, running.timer.timer_id, words, requests or (about(),))


def receipt(outcome: object) -> Receipt:
    assert isinstance(outcome, Receipt)
    return outcome


def shown(practice: TryPractice, who: Member) -> RunningTimer | NoTimer:
    return practice.do(timers.show, who)


def test_what_a_timer_measured_is_logged_to_the_second(practice: TryPractice) -> None:
    """With the times at which the work began and ended, and said to be timed."""
    ana = practice.member()
    running = begin(practice, ana)
    practice.clock.pass_(minutes=25, seconds=13)
    made = receipt(stop(practice, ana, running))
    (view,) = made.entries
    assert view.entry.seconds == 25 * 60 + 13
    assert view.entry.started_at == running.timer.started_at
    assert view.entry.ended_at is not None
    assert view.entry.ended_at - running.timer.started_at == timedelta(minutes=25, seconds=13)
    (share,) = made.timed
    assert share is not None
    assert (share.timed_seconds, share.seconds) == (1513, 1513)
    found = shown(practice, ana)
    assert isinstance(found, NoTimer)
    assert found.last is not None
    assert found.last.timer.receipt_id == made.receipt_id


def test_a_running_timer_counts_nowhere(practice: TryPractice) -> None:
    """Only stopping brings an entry."""
    ana = practice.member()
    begin(practice, ana)
    practice.clock.pass_(hours=1)
    assert practice.do(overviews.today, ana).total_seconds == 0
    assert practice.do(overviews.status, ana, REF).standing.result.threshold.counted_seconds == 0


def test_one_timer_runs_for_a_person(practice: TryPractice) -> None:
    """A second start begins nothing; for another patient it can be switched to."""
    ana, ben = practice.member("Ana"), practice.member("Ben")
    begin(practice, ana)
    again = practice.do(timers.start, ana, TimerWords(patient=REF))
    assert isinstance(again, TimerStands)
    assert again.pending_id is None
    other = practice.do(timers.start, ana, TimerWords(patient=OTHER))
    assert isinstance(other, TimerStands)
    assert other.wanted == "MRN124"
    assert other.pending_id is not None
    begin(practice, ben)
    assert isinstance(shown(practice, ben), RunningTimer)


def test_switching_logs_the_first_and_begins_the_next_at_the_same_moment(practice: TryPractice) -> None:
    """No second is lost and none counts twice; one undo takes both back."""
    ana = practice.member()
    running = begin(practice, ana)
    practice.clock.pass_(minutes=20)
    made = receipt(
        practice.do(
            timers.stop, ana, running.timer.timer_id, NOW, (about(),), following=TimerWords(patient=OTHER)
        )
    )
    assert made.entries[0].entry.seconds == 20 * 60
    assert made.running is not None
    assert made.running.patient is not None
    assert made.running.patient.identity == "124"
    assert made.running.timer.started_at == made.entries[0].entry.ended_at
    practice.clock.pass_(minutes=2)
    back = practice.do(undo.undo_last, ana)
    assert isinstance(back, TakenBack)
    found = shown(practice, ana)
    assert isinstance(found, RunningTimer)
    assert found.timer.timer_id == running.timer.timer_id
    assert found.timer.started_at == running.timer.started_at
    practice.do(undo.put_back, ana, back.act_id)
    found = shown(practice, ana)
    assert isinstance(found, RunningTimer)
    assert found.timer.timer_id == made.running.timer.timer_id


def test_undoing_a_stop_takes_the_entry_back_and_the_timer_runs_on(practice: TryPractice) -> None:
    """By the word and by the receipt's button alike."""
    ana = practice.member()
    running = begin(practice, ana)
    practice.clock.pass_(minutes=20)
    made = receipt(stop(practice, ana, running))
    practice.do(undo.undo_receipt, ana, made.receipt_id)
    found = shown(practice, ana)
    assert isinstance(found, RunningTimer)
    assert found.timer.started_at == running.timer.started_at
    practice.clock.pass_(minutes=5)
    again = receipt(stop(practice, ana, found))
    assert again.entries[0].entry.seconds == 25 * 60
    assert again.standings[0].result.threshold.counted_seconds == 25 * 60


def test_a_stop_undone_beside_another_timer_or_late_starts_none(practice: TryPractice) -> None:
    """The entry goes, whatever runs; a timer of yesterday is not let run on unseen."""
    ana = practice.member()
    running = begin(practice, ana)
    practice.clock.pass_(minutes=20)
    made = receipt(stop(practice, ana, running))
    second = begin(practice, ana, TimerWords(patient=OTHER))
    practice.do(undo.undo_receipt, ana, made.receipt_id)
    found = shown(practice, ana)
    assert isinstance(found, RunningTimer)
    assert found.timer.timer_id == second.timer.timer_id
    practice.clock.pass_(minutes=20)
    last = receipt(stop(practice, ana, second, NOW, about("124")))
    practice.clock.pass_(hours=9)
    practice.do(undo.undo_receipt, ana, last.receipt_id)
    assert isinstance(shown(practice, ana), NoTimer)


def test_canceling_logs_nothing_and_is_taken_back(practice: TryPractice) -> None:
    """What was dropped by mistake runs again as if nothing had been."""
    ana = practice.member()
    running = begin(practice, ana)
    practice.clock.pass_(minutes=20)
    dropped = practice.do(timers.cancel, ana)
    assert isinstance(dropped, TimerCanceled)
    assert dropped.seconds == 20 * 60
    assert isinstance(shown(practice, ana), NoTimer)
    practice.clock.pass_(minutes=1)
    practice.do(undo.undo_act, ana, dropped.act_id)
    found = shown(practice, ana)
    assert isinstance(found, RunningTimer)
    assert found.timer.started_at == running.timer.started_at


def test_a_start_is_taken_back_and_put_back(practice: TryPractice) -> None:
    """As every act."""
    ana = practice.member()
    running = begin(practice, ana)
    back = practice.do(undo.undo_last, ana)
    assert isinstance(back, TakenBack)
    assert isinstance(shown(practice, ana), NoTimer)
    practice.do(undo.put_back, ana, back.act_id)
    found = shown(practice, ana)
    assert isinstance(found, RunningTimer)
    assert found.timer.timer_id == running.timer.timer_id


def test_a_timer_of_another_patient_is_not_canceled(practice: TryPractice) -> None:
    """Whoever names a patient means that one's."""
    ana = practice.member()
    begin(practice, ana)
    kept = practice.do(timers.cancel, ana, patient=OTHER)
    assert isinstance(kept, TimerStands)
    assert isinstance(shown(practice, ana), RunningTimer)


def test_a_very_long_time_is_asked_about(practice: TryPractice) -> None:
    """A forgotten timer never becomes billed time in silence; until the answer it runs on."""
    ana, ran = practice.member(), timedelta(hours=4, seconds=1)
    running = begin(practice, ana)
    practice.clock.at += ran
    outcome = stop(practice, ana, running)
    assert isinstance(outcome, Asked)
    assert outcome.question.code == LONG
    assert isinstance(shown(practice, ana), RunningTimer)
    kept = practice.do(log.answer, ana, outcome.pending_id, 1)
    assert kept == NotLogged(left=(), timer_runs=True)
    assert isinstance(shown(practice, ana), RunningTimer)
    outcome = stop(practice, ana, running)
    assert isinstance(outcome, Asked)
    practice.clock.pass_(minutes=3)
    made = receipt(practice.do(log.answer, ana, outcome.pending_id, 0))
    assert made.entries[0].entry.seconds == int(ran.total_seconds())
    assert isinstance(shown(practice, ana), NoTimer)


@pytest.mark.parametrize("ran", [0, 1, 59])
def test_under_a_minute_nothing_is_worth_logging_and_the_timer_runs_on(
    practice: TryPractice, ran: int
) -> None:
    """Whether it is stopped or switched away from; nobody is offered to log 0 s."""
    ana = practice.member()
    running = begin(practice, ana)
    practice.clock.at += timedelta(seconds=ran)
    outcome = stop(practice, ana, running)
    assert isinstance(outcome, TimerShort)
    assert (outcome.seconds, outcome.wanted) == (ran, "")
    assert isinstance(shown(practice, ana), RunningTimer)
    practice.do(timers.cancel, ana, timer_id=running.timer.timer_id)
    assert isinstance(shown(practice, ana), NoTimer)


def test_an_answer_that_there_is_not_leaves_the_question_waiting(practice: TryPractice) -> None:
    """A number beyond the last one, or before the first, stores nothing and uses nothing up."""
    ana = practice.member()
    running = begin(practice, ana)
    practice.clock.pass_(hours=5)
    outcome = stop(practice, ana, running)
    assert isinstance(outcome, Asked)
    for number in (2, 9, -1):
        with pytest.raises(NoSuchAnswer):
            practice.do(log.answer, ana, outcome.pending_id, number)
    receipt(practice.do(log.answer, ana, outcome.pending_id, 0))


def test_four_hours_and_a_minute_are_logged_at_once(practice: TryPractice) -> None:
    """The question begins beyond four hours, and below one minute."""
    ana = practice.member()
    running = begin(practice, ana)
    practice.clock.pass_(minutes=1)
    receipt(stop(practice, ana, running))
    running = begin(practice, ana)
    practice.clock.pass_(hours=4)
    receipt(stop(practice, ana, running))


def test_longer_than_an_entry_may_be_is_refused_and_can_have_ended_earlier(practice: TryPractice) -> None:
    """The timer goes on until somebody says when the work ended."""
    ana = practice.member()
    running = begin(practice, ana)
    began = running.timer.started_at.astimezone(practice.settings.zone)
    practice.clock.pass_(hours=9)
    with pytest.raises(TimerTooLong, match="9 h"):
        stop(practice, ana, running)
    later = (began + timedelta(minutes=25)).time()
    at = TimerWords(at=SaidTime(text="then", at=time(later.hour, later.minute)))
    made = receipt(stop(practice, ana, running, at))
    assert 24 * 60 < made.entries[0].entry.seconds <= 25 * 60


def test_who_else_was_named_is_asked_about(practice: TryPractice) -> None:
    """Time measured for one patient becomes another's only by the person's word."""
    ana = practice.member()
    running = begin(practice, ana)
    practice.clock.pass_(minutes=20)
    outcome = stop(practice, ana, running, NOW, about("123"), about("124"))
    assert isinstance(outcome, Asked)
    assert outcome.question.code == WHOSE
    made = receipt(practice.do(log.answer, ana, outcome.pending_id, 1))
    assert made.entries[0].patient.identity == "124"


def test_work_across_midnight_is_two_entries_of_one_receipt(practice: TryPractice) -> None:
    """A month is cut by dates; both go with one undo, and the timer runs again."""
    ana = practice.member()
    practice.clock.at = datetime.combine(date(2026, 11, 30), time(23, 45), NEW_YORK).astimezone(UTC)
    running = begin(practice, ana)
    practice.clock.pass_(minutes=30)
    made = receipt(stop(practice, ana, running))
    assert [(one.entry.service_date, one.entry.seconds) for one in made.entries] == [
        (date(2026, 11, 30), 900),
        (date(2026, 12, 1), 900),
    ]
    practice.do(undo.undo_receipt, ana, made.receipt_id)
    assert isinstance(shown(practice, ana), RunningTimer)


def test_elapsed_time_counts_when_clocks_go_back(practice: TryPractice) -> None:
    """An hour that comes twice is two hours of work."""
    ana = practice.member()
    practice.clock.at = datetime.combine(date(2026, 11, 1), time(0, 30), NEW_YORK).astimezone(UTC)
    running = begin(practice, ana)
    practice.clock.pass_(hours=2)
    made = receipt(stop(practice, ana, running))
    assert made.entries[0].entry.seconds == 7200


def test_start_and_stop_at_a_time(practice: TryPractice) -> None:
    """The last such time before now, and the first after the start; others are refused and change nothing."""
    ana = practice.member()
    practice.clock.at = datetime.combine(date(2026, 11, 18), time(9, 35), NEW_YORK).astimezone(UTC)
    running = begin(
        practice, ana, TimerWords(patient=REF, at=SaidTime(text="9:10", at=time(9, 10), sure=False))
    )
    practice.clock.pass_(minutes=5)
    before = TimerWords(at=SaidTime(text="9:05", at=time(9, 5), sure=False))
    with pytest.raises(TimerTime, match="not between the timer's start, 9:10 am"):
        stop(practice, ana, running, before)
    ahead = TimerWords(at=SaidTime(text="9:50 am", at=time(9, 50)))
    with pytest.raises(TimerTime, match="has not come yet"):
        stop(practice, ana, running, ahead)
    at = TimerWords(at=SaidTime(text="9:30", at=time(9, 30), sure=False))
    made = receipt(stop(practice, ana, running, at))
    assert made.entries[0].entry.seconds == 20 * 60


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (SaidTime(text="9:50", at=time(9, 50), sure=False), "has not come yet"),
        (SaidTime(text="4pm yesterday", at=time(16), day=date(2026, 11, 17)), "too long ago"),
        (SaidTime(text="10 hours ago", ago=36_000), "too long ago"),
    ],
)
def test_a_timer_begins_now_or_a_little_earlier(practice: TryPractice, said: SaidTime, why: str) -> None:
    """The future is refused, and what was over yesterday is logged, not timed."""
    ana = practice.member()
    practice.clock.at = datetime.combine(date(2026, 11, 18), time(9, 35), NEW_YORK).astimezone(UTC)
    with pytest.raises(TimerTime, match=why):
        practice.do(timers.start, ana, TimerWords(patient=REF, at=said))
    assert isinstance(shown(practice, ana), NoTimer)


def test_last_night_goes_on_over_midnight(practice: TryPractice) -> None:
    """`start at 11:50`, said at ten past twelve."""
    ana = practice.member()
    practice.clock.at = datetime.combine(date(2026, 11, 18), time(0, 10), NEW_YORK).astimezone(UTC)
    running = begin(
        practice, ana, TimerWords(patient=REF, at=SaidTime(text="11:50", at=time(11, 50), sure=False))
    )
    assert running.timer.seconds(practice.clock.now()) == 20 * 60


def test_an_mrn_one_typo_away_is_asked_about_before_it_starts(practice: TryPractice) -> None:
    """As a log would ask."""
    ana = practice.member()
    practice.patient("98765")
    outcome = practice.do(
        timers.start, ana, TimerWords(patient=PatientRef(text="MRN98766", identity="98766"), note="phone")
    )
    assert isinstance(outcome, TimerAsked)
    assert isinstance(shown(practice, ana), NoTimer)
    wanted = practice.do(timers.chosen, ana, outcome.pending_id, 0).start
    assert wanted is not None
    begun = practice.do(timers.start_chosen, ana, wanted)
    assert isinstance(begun, TimerBegun)
    assert begun.running.patient is not None
    assert begun.running.patient.identity == "98765"
    assert begun.running.note == "phone"


def test_the_same_delivery_again_does_nothing_twice(practice: TryPractice) -> None:
    """Slack delivers events again."""
    ana = practice.member()
    words = TimerWords(patient=REF)
    practice.do(timers.start, ana, words, request_key="one")
    again = practice.do(timers.start, ana, words, request_key="one")
    assert isinstance(again, TimerBegun)
    assert again.repeated
    timer_id = again.running.timer.timer_id
    practice.clock.pass_(minutes=20)
    first = receipt(practice.do(timers.stop, ana, timer_id, NOW, (about(),), request_key="two"))
    second = receipt(practice.do(timers.stop, ana, timer_id, NOW, (about(),), request_key="two"))
    assert second.repeated
    assert second.receipt_id == first.receipt_id
    begin(practice, ana)
    practice.do(timers.cancel, ana, request_key="three")
    dropped = practice.do(timers.cancel, ana, request_key="three")
    assert isinstance(dropped, TimerCanceled)
    assert dropped.repeated


def test_a_timer_that_was_stopped_meanwhile_is_not_stopped_again(practice: TryPractice) -> None:
    """Of two buttons for the same timer, one works."""
    ana = practice.member()
    running = begin(practice, ana)
    practice.clock.pass_(minutes=20)
    receipt(stop(practice, ana, running))
    with pytest.raises(TimerGone):
        stop(practice, ana, running)
    with pytest.raises(TimerGone):
        practice.do(timers.cancel, ana, timer_id=running.timer.timer_id)


def test_the_share_that_was_timed_is_of_all_that_was_logged(practice: TryPractice) -> None:
    """Typed time counts beside it; what was corrected since is measured no more."""
    ana = practice.member()
    running = begin(practice, ana)
    practice.clock.pass_(minutes=38)
    receipt(stop(practice, ana, running))
    made = receipt(practice.do(log.log, ana, draft(asked(minutes=14, note="chart review"))))
    (share,) = made.timed
    assert share is not None
    assert (share.timed_seconds, share.seconds) == (38 * 60, 52 * 60)


def test_whoever_has_no_minutes_has_no_timer() -> None:
    """The rights of a timer are those of a log."""
    assert TABLE[Action.RUN_TIMER].roles == TABLE[Action.LOG_OWN].roles
    assert MemberRole.BILLER not in TABLE[Action.RUN_TIMER].roles


def test_a_patient_merged_meanwhile_has_the_time_under_the_other_mrn(practice: TryPractice) -> None:
    """The timer follows whoever has everything now."""
    ana, boss = practice.member(), practice.member("Bea Boss", MemberRole.SUPERVISOR)
    practice.patient("200", assessed_on=None)
    ref = PatientRef(text="MRN200", identity="200")
    running = begin(practice, ana, TimerWords(patient=ref))
    practice.do(merging.merge, boss, ref, OTHER)
    practice.clock.pass_(minutes=20)
    found = shown(practice, ana)
    assert isinstance(found, RunningTimer)
    assert found.patient is not None
    assert found.patient.identity == "124"
    made = receipt(stop(practice, ana, running, NOW, about("200")))
    assert made.entries[0].patient.identity == "124"


def test_a_timer_of_a_discharged_patient_is_logged_and_judged_like_all_time(practice: TryPractice) -> None:
    """What does not count is said, not lost."""
    ana = practice.member()
    running = begin(practice, ana)
    request = Discharge(patient=REF, on=date(2026, 11, 17), reason="moved away")
    practice.do(carry_out.carry_out, ana, request)
    practice.clock.pass_(minutes=20)
    made = receipt(stop(practice, ana, running))
    assert made.entries[0].entry.seconds == 1200
    assert made.standings[0].result.threshold.counted_seconds == 0


def test_correcting_the_length_of_timed_work_makes_it_no_longer_timed(practice: TryPractice) -> None:
    """The note or the kind of work may change; what was measured may not."""
    ana = practice.member()
    running = begin(practice, ana)
    practice.clock.pass_(minutes=38)
    made = receipt(stop(practice, ana, running))
    entry_id = made.entries[0].entry.entry_id
    practice.do(amend.set_activity, ana, entry_id, Activity.CHART_REVIEW)
    (share,) = receipt(practice.do(log.log, ana, draft(asked(minutes=2, note="notes")))).timed
    assert share is not None
    assert share.timed_seconds == 38 * 60
    practice.do(amend.edit, ana, EntryEdit(entry_id=entry_id, seconds=1800, reason="a break"))
    (share,) = receipt(practice.do(log.log, ana, draft(asked(minutes=3, note="call")))).timed
    assert share is None
