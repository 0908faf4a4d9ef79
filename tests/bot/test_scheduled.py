"""Scheduled messages as Slack takes them: within its limits for none and for four hundred, naming no one in a push."""

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from billing.charges import Charge
from billing.clinical import Scale, Score, Trend
from billing.closing import MonthStatus
from billing.evaluate import LineStatus, evaluate_month
from billing.findings import assessment_missing, consent_missing, review_missing
from billing.findings.finding import Severity
from billing.findings.registry import ROWS
from billing.months import BillingMonth
from billing.payer import rules_for
from billing.people import Member, MemberRole, Patient
from billing.rules import PracticeRules
from billing.thresholds import Threshold
from bot.composer import SCREENS, shown
from bot.kit import MESSAGE_BLOCKS
from bot.replies import Reply, Viewer
from bot.screens import month_end, morning
from sandbox.blocks import is_too_long, message_problems
from services.entries.receipts import EntryView
from services.messages.kinds import KINDS
from services.messages.month_end import BlockedLines, CloseReminder, MonthPreview, MonthRevision, MonthSummary
from services.messages.morning import Digest, TrueUp
from services.messages.nearness import PatientMonth, Untouched
from services.messages.newcomers import Decision, Newcomer
from services.messages.reminders import (
    MemberWeek,
    MissingEntries,
    OddEntry,
    WeekAudit,
    WeekAuditSummary,
)
from services.messages.told import DoneByOthers, EntryByOther, PatientGone
from services.messages.trouble import Stuck
from services.months.state import MonthState
from services.months.totals import Completeness, FindingTotals, PayerTotals, Totals
from tests.support.months import a_month, an_entry
from tests.support.practice import NEW_YORK, NOW

TODAY = date(2026, 11, 18)
NOVEMBER = BillingMonth(2026, 11)
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
        worse=Trend(
            scale=Scale.PHQ9,
            scores=tuple(
                Score(score_id=n, patient_id=number, scale=Scale.PHQ9, value=12 + n, measured_on=TODAY)
                for n in range(2)
            ),
        ),
    )


def digest_of(crowd: int) -> Digest:
    months = tuple(map(month_of, range(crowd)))
    idle = tuple(Untouched(patient=patient(number), last_contact_on=None) for number in range(crowd))
    return Digest(today=TODAY, working_days_left=8, due=months, near=months, missing=months, untouched=idle)


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
    entries = [
        OddEntry(entry=an_entry(number + 1), patient=patient(number), oddities=ODD) for number in range(crowd)
    ]
    members = tuple(map(week_of, range(crowd)))
    monday, sunday = date(2026, 11, 9), date(2026, 11, 15)
    months = tuple(map(month_of, range(crowd)))
    digest = digest_of(crowd)
    return {
        "digest": digest,
        "all near": replace(digest, due=(), missing=(), untouched=()),
        "true_up": TrueUp(
            today=TODAY,
            working_days_left=2,
            held=months,
            missing=months,
            empty_days=(TODAY,) * min(crowd, 22),
        ),
        "missing_entries": MissingEntries(today=TODAY, seconds=900 * crowd, last_at=NOW),
        "audit": WeekAudit(first=monday, last=sunday, entries=crowd, odd=tuple(entries)),
        "audit_summary": WeekAuditSummary(first=monday, last=sunday, entries=crowd, members=members),
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
    }


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
    assert not is_too_long(list(reply.blocks))
    assert len(reply.blocks) <= MESSAGE_BLOCKS
    assert reply.text


def test_no_kind_of_message_is_left_out() -> None:
    """Whatever kind may become due, what it says is among the messages tried here, and so is each screen."""
    assert set(KINDS) <= set(contents(0))
    assert set(SCREENS) == {type(content) for content in contents(0).values()}


@pytest.mark.parametrize("name", contents(0))
def test_no_push_names_a_patient(name: str) -> None:
    """The notification on a locked phone says what kind of message it is, and nothing of whom."""
    push = reply_to(contents(7)[name]).text
    assert "MRN" not in push
    assert "P-" not in push
    assert "<" not in push


def test_buttons_carry_handles_alone() -> None:
    """What comes back from Slack names the patient by our own opaque handle."""
    blocks = reply_to(digest_of(3)).blocks
    values = [
        element["value"]
        for block in blocks
        for element in (*block.get("elements", ()), block.get("accessory", {}))
        if element.get("type") == "button"
    ]
    assert set(values) == {f"P-000{n}" for n in range(3)} | {f"P-000{n}:2026-11" for n in range(3)}


def test_what_a_list_leaves_out_is_counted() -> None:
    """Four hundred near patients: twelve with buttons, and word of the others."""
    said = words_of(reply_to(digest_of(400)))
    assert "And 388 more" in said
    assert "And 392 more" in said


def test_near_is_said_in_minutes_and_days() -> None:
    """What a care manager reads of one patient."""
    assert morning.near_line(month_of(2), TODAY) == (
        "*MRN2* · 80 of 90 min · 11 more reach 99494 · last contact Sun Nov 15 · "
        "consent missing, initial assessment missing, case review missing"
    )


def test_who_is_due_comes_with_all_reasons() -> None:
    """What a care manager reads of one patient, with the code that waits for what is missing."""
    assert morning.due_line(month_of(2), TODAY) == (
        "*MRN2* · contact planned for today · review due, last one Fri Oct 9 · PHQ-9 went from 12 to 13 · "
        "99493 reached by minutes · consent missing, initial assessment missing, case review missing"
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
