"""Scheduled messages as Slack takes them: within its limits for none and for four hundred, naming no one in a push."""

import json
import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from billing.charges import Charge
from billing.clinical import Scale, Score
from billing.closing import MonthStatus
from billing.evaluate import LineStatus, evaluate_month
from billing.findings import assessment_missing, consent_missing, review_missing
from billing.findings.finding import Severity
from billing.findings.registry import ROWS
from billing.months import BillingMonth
from billing.pace import Pace
from billing.payer import rules_for
from billing.people import Member, MemberRole, Patient
from billing.reliable_change import Rise
from billing.rules import PracticeRules
from billing.safety import SafetySignal
from billing.thresholds import Threshold
from billing.timers import Timer
from bot.composer import SCREENS, shown
from bot.kit import MESSAGE_BLOCKS
from bot.replies import Reply, Viewer
from bot.screens import month_end, morning
from bot.screens.morning_rows import line
from sandbox.blocks import is_too_long, message_problems
from services.care.safety import Addressee, Tie
from services.entries.receipts import EntryView
from services.entries.timer_requests import RunningTimer
from services.messages.kinds import KINDS, RETIRED
from services.messages.month_end import BlockedLines, CloseReminder, MonthPreview, MonthRevision, MonthSummary
from services.messages.morning import BeforeMonthEnds, Morning, Patients, Place
from services.messages.newcomers import Decision, Newcomer
from services.messages.office import Office
from services.messages.patient_month import PatientMonth, Untouched
from services.messages.reminders import (
    MemberWeek,
    MissingEntries,
    OddEntry,
    WeekAudit,
    WeekAuditSummary,
)
from services.messages.rows import Rest
from services.messages.safety import SafetyItem, SafetyNotice
from services.messages.timers import StillRunning
from services.messages.told import DoneByOthers, EntryByOther, PatientGone
from services.messages.trouble import Stuck
from services.months.state import MonthState
from services.months.totals import Completeness, FindingTotals, PayerTotals, Totals
from services.people.damaged import Damaged
from services.people.departures import Departure, LeftBehind, Why
from services.people.vain_reads import VainReads
from services.practice.retention import Announcement
from storage import DamagedRow
from tests.support.accessible import unclear
from tests.support.months import a_month, an_entry
from tests.support.practice import NEW_YORK, NOW

TODAY = date(2026, 11, 18)
NOVEMBER = BillingMonth(2026, 11)
ANA = Member(member_id=1, display_name="Ana Flores", roles=frozenset({MemberRole.CARE_MANAGER}))
CROWDS = [0, 1, 7, 15, 50, 400]
#: As long as an MRN of a roster can be, with what Slack would take for formatting.
LONG = "<&>" * 80

#: What a single entry shows.
ODD = tuple(row for row in ROWS if row.entry_title)


def patient(number: int) -> Patient:
    mrn = f"{LONG}{number}" if number % 2 else f"MRN{number}"
    return Patient(patient_id=number, handle=f"P-{number:04d}", mrn=mrn, identity=mrn.casefold())


def month_of(number: int) -> PatientMonth:
    """A patient with everything that can be said."""
    threshold = Threshold(
        counted_seconds=4_800,
        target_seconds=5_400,
        reached=(Charge(code="99493", units=1),),
        next_code="99494",
        remaining_seconds=600 + number,
    )
    return PatientMonth(
        patient=patient(number),
        result=replace(
            evaluate_month(a_month(80), rules_for(NOVEMBER, PracticeRules())), threshold=threshold
        ),
        told=tuple(
            row.finding() for row in (consent_missing.ROW, assessment_missing.ROW, review_missing.ROW)
        ),
        held=2,
        last_contact_on=TODAY - timedelta(days=3),
        contact_due_on=TODAY,
        review_due_since=TODAY - timedelta(days=40),
        unreviewed_since=TODAY - timedelta(days=60) if number % 3 == 0 else None,
        worse=Rise(before=score_of(number, 12, 21), last=score_of(number, 18, 2)),
        signal=SafetySignal(
            score_id=number,
            patient_id=number,
            scale=Scale.PHQ9,
            level=2,
            measured_on=TODAY - timedelta(days=2),
            recorded_at=NOW,
        )
        if number % 4 == 0
        else None,
        discharged_on=TODAY if number % 5 == 0 else None,
    )


def score_of(number: int, value: int, days_ago: int) -> Score:
    day = TODAY - timedelta(days=days_ago)
    return Score(score_id=value, patient_id=number, scale=Scale.PHQ9, value=value, measured_on=day)


def morning_of(crowd: int) -> Morning:
    """Everything that one person can be told."""
    months = tuple(map(month_of, range(crowd)))
    others = tuple(Untouched(patient=patient(number), last_contact_on=None) for number in range(crowd))
    monday, sunday = date(2026, 11, 9), date(2026, 11, 15)
    entries = [OddEntry(entry=an_entry(n + 1), patient=patient(n), oddities=ODD) for n in range(crowd)]
    members = tuple(map(week_of, range(crowd)))
    return Morning(
        today=TODAY,
        working_days_left=8,
        patients=Patients(first=months, near=months, missing=months, untouched=others, set_aside=crowd),
        pace=Pace(patients=58, will_reach=41, within_one_call=9, needed_seconds=22_800, left_seconds=32_400),
        reviews=months,
        month_end=BeforeMonthEnds(empty_days=(TODAY,) * min(crowd, 22)),
        week=WeekAudit(first=monday, last=sunday, entries=crowd, odd=tuple(entries)),
        team_week=WeekAuditSummary(first=monday, last=sunday, entries=crowd, members=members),
        office=Office(
            newcomers=(LONG[:80],) * crowd, stuck=(Stuck(code="not_in_channel", kinds=(("digest", crowd),)),)
        ),
    )


def totals_of(crowd: int) -> Totals:
    payers = tuple(
        PayerTotals(
            payer=f"{LONG[:60]} {number}",
            lines=9,
            billable_lines=4,
            units={"99492": 2, "99493": 3, "99494": 4},
            estimated_usd=Decimal("1234.50"),
        )
        for number in range(crowd)
    )
    findings = tuple(
        FindingTotals(
            code=f"kind_{n}", severity=Severity.BLOCKER, rule="R-1", lines=3, supervisors_only=False
        )
        for n in range(min(crowd, 40))
    )
    return Totals(
        patients=crowd,
        lines=crowd,
        by_status=dict.fromkeys(LineStatus, 3),
        counted_seconds=crowd * 3600,
        earned={"99493": 9},
        billable={"99493": 7},
        held={"99494": 1},
        estimated_usd=Decimal("98765.40"),
        without_rate=("99494",),
        late_entries=2,
        payers=payers,
        findings=findings,
    )


def summary_of(crowd: int, status: MonthStatus = MonthStatus.DRAFT) -> MonthSummary:
    blockers = tuple(BlockedLines(row=row, lines=3) for row in ROWS[: min(crowd, 40)])
    found = Completeness(
        patients=crowd,
        entries_read=10,
        entries_counted=9,
        entries_excluded={"held": 1},
        seconds_read=10,
        seconds_counted=9,
        seconds_excluded={"held": 1},
    )
    return MonthSummary(
        state=MonthState(month=NOVEMBER, status=status),
        made_at=NOW,
        totals=totals_of(crowd),
        completeness=found,
        blockers=blockers,
        corrected_entries=1,
        addenda=2,
    )


def week_of(number: int) -> MemberWeek:
    member = Member(member_id=number, display_name=f"{LONG[:80]}{number}", roles=frozenset())
    return MemberWeek(member=member, entries=40, odd=9, counts=dict.fromkeys(ODD, 3))


def told_of(crowd: int) -> DoneByOthers:
    """As many changes of entries, of each kind, and as many patients gone."""
    by = Member(member_id=1, display_name=LONG[:80], roles=frozenset())
    entries = []
    for number in range(crowd):
        view = EntryView(entry=an_entry(number + 1), patient=patient(number), performer=by, note=LONG)
        longer = replace(view, entry=replace(view.entry, seconds=1_500), note="short")
        entries += [
            EntryByOther(by=by, voided=False, before=None, after=view, reason=""),
            EntryByOther(by=by, voided=False, before=view, after=longer, reason=LONG),
            EntryByOther(by=by, voided=True, before=longer, after=longer, reason=LONG),
        ]
    gone = [PatientGone(by=by, patient=patient(number), given_to=by) for number in range(crowd)]
    gone += [PatientGone(by=by, patient=patient(1), discharged_on=TODAY, reason=LONG)]
    return DoneByOthers(entries=tuple(entries), patients=tuple(gone))


def contents(crowd: int) -> dict[str, Any]:
    """One of each message, about so many."""
    morning = morning_of(crowd)
    alone = Morning(today=TODAY, working_days_left=8)
    return {
        "digest": morning,
        **{
            f"{place} alone": replace(alone, patients=Patients(**{place: getattr(morning.patients, place)}))
            for place in ("first", "near", "missing", "untouched")
        },
        "reviews alone": replace(alone, reviews=morning.reviews),
        "missing_entries": MissingEntries(today=TODAY, seconds=900 * crowd, last_at=NOW),
        "month_end": summary_of(crowd),
        "closed": summary_of(crowd, MonthStatus.CLOSED),
        "preview": MonthPreview(summary=summary_of(crowd, MonthStatus.OPEN)),
        "revision": MonthRevision(
            summary=summary_of(crowd), revision=2, changed_lines=crowd, overpaid_lines=1
        ),
        "close_reminder": CloseReminder(
            month=NOVEMBER, status=MonthStatus.DRAFT, billable_lines=crowd, blocked_lines=crowd
        ),
        "trouble": Stuck(code="not_in_channel", kinds=(("month_end", crowd),)),
        "member_request": Newcomer(
            request_id=crowd, slack_user_id="U0NEW1", display_name="N<wt & " * crowd, has_namesake=crowd > 0
        ),
        "member_decision": Decision(roles=frozenset(MemberRole) if crowd else None),
        "told": told_of(max(1, crowd)),
        "timer": StillRunning(running=running_for(patient(crowd + 1) if crowd else None)),
        "member_left": Departure(member_id=7, name="N<wt & " * 4, why=Why.GUEST, left=left_by(crowd)),
        "unknown_reads": VainReads(member_id=7, name="N<wt & " * 4),
        "damaged": Damaged(
            rows=tuple(DamagedRow("entry_version", f"{number}/1") for number in range(max(1, crowd)))
        ),
        "old_notes": Announcement(years=10, last=NOVEMBER, notes=max(1, crowd), due_on=TODAY),
        "safety": SafetyNotice(at=NOW, items=tuple(safety_item(number + 1) for number in range(crowd))),
    }


def left_by(crowd: int) -> LeftBehind:
    """What somebody leaves behind: nothing, or patients, a timer and covers."""
    if not crowd:
        return LeftBehind()
    covers = tuple((f"Colleague {number}", TODAY) for number in range(crowd))
    return LeftBehind(patients=crowd, timer_since=NOW, covered=covers, covered_by=covers)


def running_for(whose: Patient | None) -> RunningTimer:
    """A timer, with a note of Slack's own marks, for somebody or for nobody yet."""
    timer = Timer(
        timer_id=1,
        member_id=ANA.member_id,
        patient_id=whose.patient_id if whose else None,
        started_at=NOW - timedelta(minutes=45),
        begun_at=NOW - timedelta(minutes=45),
        note="<&>" * 90 if whose else "",
    )
    return RunningTimer(timer=timer, patient=whose, zone=NEW_YORK)


def safety_item(number: int) -> SafetyItem:
    """A positive answer, sent to two others besides."""
    signal = SafetySignal(
        score_id=number,
        patient_id=number,
        scale=Scale.PHQ9,
        level=2,
        measured_on=TODAY,
        recorded_at=NOW,
        recorded_by=ANA.member_id,
    )
    others = (Addressee(member=ANA, tie=Tie.CARE_MANAGER), Addressee(member=ANA, tie=Tie.CONSULTANT))
    return SafetyItem(patient=patient(number), signal=signal, recorded_by=ANA, others=others)


def reply_to(content: object, *, late: bool = False) -> Reply:
    return shown(content, Viewer(now=NOW, zone=NEW_YORK, late=late))


def words_of(reply: Reply) -> str:
    return json.dumps(reply.blocks, ensure_ascii=False)


@pytest.mark.parametrize("crowd", CROWDS)
@pytest.mark.parametrize("name", contents(0))
def test_every_message_is_one_that_slack_takes(name: str, crowd: int) -> None:
    """For none and for four hundred: valid blocks, not too many, not too long, and a push text."""
    reply = reply_to(contents(crowd)[name], late=True)
    assert message_problems(list(reply.blocks)) == []
    assert unclear(reply.blocks) == []
    assert not is_too_long(list(reply.blocks))
    assert len(reply.blocks) <= MESSAGE_BLOCKS
    assert reply.text


def test_the_largest_caseload_fits_a_morning() -> None:
    """Five thousand patients under each heading."""
    reply = reply_to(morning_of(5_000))
    assert message_problems(list(reply.blocks)) == []
    assert unclear(reply.blocks) == []
    assert not is_too_long(list(reply.blocks))
    assert len(reply.blocks) <= MESSAGE_BLOCKS


def test_no_kind_of_message_is_left_out() -> None:
    """Whatever kind may become due, what it says is among the messages tried here, and so is each screen."""
    assert set(KINDS) - RETIRED <= set(contents(0))
    assert set(SCREENS) == {type(content) for content in contents(0).values()}


@pytest.mark.parametrize("name", contents(0))
def test_no_push_names_a_patient(name: str) -> None:
    """The notification on a locked phone says what kind of message it is, and nothing of whom."""
    push = reply_to(contents(7)[name]).text
    assert "MRN" not in push
    assert "P-" not in push
    assert "<" not in push


def values_of(reply: Reply) -> list[str]:
    """What the buttons of a message carry."""
    elements = (element for block in reply.blocks for element in block.get("elements", ()))
    return [element["value"] for element in elements if element.get("type") == "button"]


def test_buttons_carry_handles_alone() -> None:
    """What comes back from Slack names the patient by our own opaque handle."""
    values = values_of(reply_to(morning_of(3)))
    handle = r"P-000\d"
    kinds = rf"(log|review|consent|assess):{handle}|{handle}:2026-11|\d+:{handle}|{handle}"
    assert values
    assert [value for value in values if not re.fullmatch(kinds, value)] == []
    more = [value for value in values_of(reply_to(morning_of(50))) if value.startswith("near:")]
    assert more == ["near:3:P-0000.P-0001.P-0002"]


def test_what_a_list_leaves_out_is_counted_and_can_be_had() -> None:
    """Four hundred of each: some with buttons, and a button for the others."""
    labels = [
        element["text"]["text"]
        for block in reply_to(morning_of(400)).blocks
        for element in block.get("elements", ())
        if element.get("type") == "button"
    ]
    assert [label for label in labels if "more" in label] == ["394 more", "397 more", "797 more", "397 more"]
    alone = reply_to(contents(400)["near alone"])
    assert "388 more" in words_of(alone)


def test_a_page_of_the_others_counts_on() -> None:
    """Twenty with buttons, the number of all who are left, and who was shown before in the next button."""
    found = morning_of(50)
    rest = Rest(place=Place.NEAR, found=found, listed=found.patients.near[12:])
    page = morning.rest_of(rest, [f"P-{n:04d}" for n in range(12)], 12)
    assert message_problems(list(page.blocks)) == []
    assert unclear(page.blocks) == []
    assert not is_too_long(list(page.blocks))
    assert "38 more patients" in words_of(page)
    (more,) = [value for value in values_of(page) if value.startswith("near:32:")]
    assert more.count("P-") == 32


def test_a_page_of_very_many_only_counts() -> None:
    """What a button can hold is 2,000 characters."""
    found = morning_of(5_000)
    rest = Rest(place=Place.MISSING, found=found, listed=found.under(Place.MISSING)[400:])
    page = morning.rest_of(rest, [f"P-{n:04d}" for n in range(400)], 400)
    assert message_problems(list(page.blocks)) == []
    assert unclear(page.blocks) == []
    assert "missing:420:" in values_of(page)


def test_near_is_said_in_minutes_and_days() -> None:
    """What a care manager reads of one patient."""
    assert line(Place.NEAR, month_of(2), TODAY) == (
        "*MRN2* · 80 of 90 min · 99493 reached · 11 to 99494 · last contact Sun Nov 15 · "
        "consent missing, initial assessment missing, case review missing"
    )


def test_who_comes_first_comes_with_all_reasons() -> None:
    """What a care manager reads of one patient: the reasons, the month, and what is missing."""
    assert line(Place.FIRST, month_of(2), TODAY) == (
        "*MRN2* · PHQ-9 up 6, from 12 on Wed Oct 28 to 18 on Mon Nov 16 · contact planned for today · "
        "review overdue, last one Fri Oct 9 · 80 of 90 min · 99493 reached · 11 to 99494 · "
        "consent missing, initial assessment missing, case review missing"
    )
    assert "not marked as seen" in line(Place.FIRST, month_of(4), TODAY)
    assert "never reviewed since enrollment, Sat Sep 19" in line(Place.FIRST, month_of(3), TODAY)


def test_the_pace_is_said_and_asks_for_nothing() -> None:
    """How many will reach, what they lack, and what is usually left; without a usual day, what they lack."""
    pace = morning_of(1).pace
    assert pace is not None
    assert morning.pace_line(pace, "November") == (
        "41 of 58 patients will reach their code in November; 9 are within one call. About 6 h 20 min needed, 9 h left "
        "at your usual pace."
    )
    assert morning.pace_line(replace(pace, left_seconds=None, within_one_call=1), "November").endswith(
        "1 is within one call. About 6 h 20 min needed."
    )


def test_a_payer_of_whom_nothing_is_billable_has_no_figures() -> None:
    """No codes and no dollars stand there, so none are said."""
    payers = summary_of(1).totals.payers
    assert month_end.payer_line(replace(payers[0], payer="Cedar Health", billable_lines=0, units={})) == (
        "Cedar Health · 0 of 9 billable"
    )


@pytest.mark.parametrize(
    ("blocked", "heading"),
    [
        (1, "*To fix before 1 blocked line can be billed* · a line may need several"),
        (2, "*To fix before 2 blocked lines can be billed* · a line may need several"),
        (6, "*To fix before 6 blocked lines can be billed*"),
    ],
)
def test_blockers_that_add_up_to_more_than_the_lines_say_why(blocked: int, heading: str) -> None:
    """Two kinds of three lines each: six lines blocked, or fewer that need both."""
    summary = summary_of(2)
    totals = replace(summary.totals, by_status={LineStatus.BLOCKED: blocked})
    assert month_end.blockers_heading(replace(summary, totals=totals)) == heading


def test_a_late_month_end_says_so() -> None:
    """After downtime the summary comes, marked late; a closed month is not called provisional."""
    assert "late" in words_of(reply_to(summary_of(3), late=True))
    assert "late: it" not in words_of(reply_to(summary_of(3)))
    assert "provisional" in words_of(reply_to(summary_of(3)))
    assert "provisional" not in words_of(reply_to(summary_of(3, MonthStatus.CLOSED)))


def test_each_reason_comes_with_what_to_do() -> None:
    """Administrators read how to fix it, also for a word of Slack's that we do not know."""
    assert "/invite @cocm" in words_of(reply_to(Stuck(code="not_in_channel", kinds=(("digest", 2),))))
    assert "manifest.yml" in words_of(reply_to(Stuck(code="brand_new", kinds=(("digest", 2),))))


def test_what_is_no_message_is_an_error() -> None:
    """A content that nobody knows how to show is a fault of the program, not an empty message."""
    with pytest.raises(TypeError, match="str is no message"):
        reply_to("hello")
