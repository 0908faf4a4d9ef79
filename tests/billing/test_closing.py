"""Closing a month freezes it; what comes later is a revision with its differences."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from billing.activities import Activity
from billing.canonical import from_bytes, to_bytes
from billing.charges import Charge
from billing.claims import Claim
from billing.clinical import Admission, Attestation, AttestationKind, OtherService, Statement, StatementKind
from billing.closing import (
    Aspect,
    Change,
    CloseRefused,
    Difference,
    FrozenLine,
    MonthClose,
    MonthStatus,
    Reopening,
    check_reopening,
    differences,
    month_status,
    next_close,
    overpayments,
)
from billing.episodes import Consent
from billing.evaluate import LineStatus, MonthResult
from billing.facts import MonthFacts
from billing.findings.finding import Finding, Severity
from billing.findings.registry import message_of, open_to_all
from billing.months import BillingMonth
from billing.overlaps import Overlap
from billing.payer import rules_for
from billing.people import Role
from billing.rules import Modifier, PracticeRules
from tests.support.findings import result
from tests.support.months import (
    BEN,
    JUDGED_BY,
    NOVEMBER,
    TEST_PAYER,
    a_first_month,
    a_month,
    a_review,
    an_entry,
    an_episode,
)
from tests.support.payers import lakeside

NOON = datetime(2026, 12, 2, 12, tzinfo=UTC)
RULES = rules_for(NOVEMBER, PracticeRules(), TEST_PAYER)


def a_close(**changes: Any) -> MonthClose:
    close = MonthClose(
        month=NOVEMBER, revision=1, closed_by=BEN, closed_at=NOON, attestation="I reviewed this month."
    )
    return replace(close, **changes)


def a_reopening(**changes: Any) -> Reopening:
    opened = Reopening(
        month=NOVEMBER, reopened_by=BEN, reopened_at=NOON + timedelta(days=1), reason="late review"
    )
    return replace(opened, **changes)


def test_a_month_is_open_until_it_ends_then_a_draft() -> None:
    """On the 30th November is open, on 1 December it is a draft."""
    assert month_status(NOVEMBER, date(2026, 11, 30), (), ()) is MonthStatus.OPEN
    assert month_status(NOVEMBER, date(2026, 12, 1), (), ()) is MonthStatus.DRAFT


def test_a_closed_month_is_closed_until_it_is_reopened() -> None:
    """Closed, reopened, closed again: the last of them holds."""
    day = date(2026, 12, 9)
    again = a_close(revision=2, closed_at=NOON + timedelta(days=2), reason="late review")
    assert month_status(NOVEMBER, day, (a_close(),), ()) is MonthStatus.CLOSED
    assert month_status(NOVEMBER, day, (a_close(),), (a_reopening(),)) is MonthStatus.REOPENED
    assert month_status(NOVEMBER, day, (again, a_close()), (a_reopening(),)) is MonthStatus.CLOSED
    third = a_reopening(reopened_at=NOON + timedelta(days=3))
    assert month_status(NOVEMBER, day, (a_close(), again), (third, a_reopening())) is MonthStatus.REOPENED
    at_once = a_reopening(reopened_at=NOON)
    assert month_status(NOVEMBER, day, (a_close(),), (at_once,)) is MonthStatus.CLOSED


def test_closes_are_numbered() -> None:
    """The first is revision 1; after a reopening the next gives its reason and is revision 2."""
    assert next_close(a_close(revision=0), MonthStatus.DRAFT, ()).revision == 1
    again = a_close(revision=0, reason="late review")
    assert next_close(again, MonthStatus.REOPENED, (a_close(),)) == replace(again, revision=2)


@pytest.mark.parametrize(
    ("wanted", "status", "closes", "words"),
    [
        (a_close(), MonthStatus.OPEN, (), "2026-11 is not over. Close it from 2026-12-01 on."),
        (
            a_close(reason="x"),
            MonthStatus.CLOSED,
            (a_close(),),
            "2026-11 is closed. To close it again, reopen it with a reason: reopen 2026-11 WHY.",
        ),
        (
            a_close(attestation=" "),
            MonthStatus.DRAFT,
            (),
            "Closing needs your attestation: confirm",
        ),
        (
            a_close(reason=" "),
            MonthStatus.REOPENED,
            (a_close(),),
            "Closing again needs a reason. Say what changed.",
        ),
    ],
)
def test_a_close_is_refused(
    wanted: MonthClose, status: MonthStatus, closes: tuple[MonthClose, ...], words: str
) -> None:
    """While the month runs, when closed already, without attestation, or again without a reason."""
    with pytest.raises(CloseRefused, match=f"^{words}"):
        next_close(wanted, status, closes)


def test_reopening_needs_a_closed_month_and_a_reason() -> None:
    """A draft cannot be reopened, nor a closed month in silence."""
    check_reopening(a_reopening(), MonthStatus.CLOSED)
    with pytest.raises(CloseRefused, match=r"^2026-11 is not closed, so there is nothing to reopen.$"):
        check_reopening(a_reopening(), MonthStatus.REOPENED)
    with pytest.raises(CloseRefused, match=r"^Reopening needs a reason. Write why after the month.$"):
        check_reopening(a_reopening(reason=" "), MonthStatus.CLOSED)


def everything() -> MonthFacts:
    """Facts that use every kind of value."""
    start = datetime(2026, 11, 4, 15, tzinfo=UTC)
    facts = a_first_month(
        20,
        60,
        15,
        admissions=(Admission(admission_id=1, patient_id=1, admitted_on=date(2026, 11, 20)),),
        attestations=(Attestation(kind=AttestationKind.LATE_TIME, attested_by=BEN, attested_at=NOON),),
        statements=(
            Statement(
                statement_id=1,
                patient_id=1,
                kind=StatementKind.NON_DUPLICATION,
                made_on=date(2026, 11, 9),
                made_by=BEN,
            ),
        ),
        other_services=(OtherService(code="96127", service_on=date(2026, 11, 3)),),
        active_months=(BillingMonth(2026, 10), NOVEMBER),
        initial_months=(BillingMonth(2025, 1),),
        overlaps=(
            Overlap(
                entry_id=2,
                kept_by=77,
                kept_for=8,
                started_at=start,
                ended_at=start + timedelta(minutes=5),
            ),
        ),
        repeated_words=frozenset({"words 1", "b"}),
        closed_at=NOON,
        reviews=(a_review(sent_on=date(2026, 11, 11)),),
    )
    changed = replace(facts.entries[1], started_at=start, participants=(BEN,), first_seconds=600)
    admin = replace(facts.entries[2], activity=Activity.ADMIN, role=Role.CONSULTANT)
    consent = Consent(given_on=date(2026, 11, 2), revoked_on=date(2026, 11, 28))
    episode = replace(facts.episodes[0], consent=consent, earlier_consents=(consent,), apcm=True)
    return replace(facts, entries=(admin, changed, facts.entries[0]), episodes=(episode,))


def test_a_frozen_line_reads_back_as_it_was_and_judges_alike() -> None:
    """Bytes out, the same value in, the same bytes again, and the same result from the frozen facts."""
    payer = lakeside(modifiers=(Modifier(code="E/M", modifier="25"),), episode_gap_months=3)
    rules = rules_for(NOVEMBER, PracticeRules(days_off=frozenset({date(2026, 11, 27)})), payer)
    line = FrozenLine.of(everything(), rules, JUDGED_BY)
    again = FrozenLine.from_bytes(line.to_bytes())
    assert again == line
    assert again.to_bytes() == line.to_bytes()
    assert not again.judged_otherwise()
    assert [entry.entry_id for entry in again.facts.entries] == [1, 2, 3]


@pytest.mark.parametrize(
    ("change", "aspect"),
    [
        ({"counted_seconds": 3601}, Aspect.SECONDS),
        ({"status": LineStatus.BLOCKED}, Aspect.CODES),
        ({"findings": (Finding(code="not_found_any_more", severity=Severity.NOTE),)}, Aspect.FINDINGS),
        ({"date_of_service": date(2026, 11, 1)}, Aspect.DATES),
    ],
)
def test_what_this_program_would_judge_otherwise_is_named(change: dict[str, Any], aspect: Aspect) -> None:
    """A frozen result that the rules of today do not give differs in just what was judged otherwise."""
    line = FrozenLine.of(a_first_month(75), RULES, JUDGED_BY)
    assert not line.judged_otherwise()
    assert replace(line, result=replace(line.result, **change)).judged_otherwise() == {aspect}


def test_findings_frozen_in_another_order_are_the_same() -> None:
    """The order in which rules look at a month says nothing."""
    line = FrozenLine.of(a_first_month(75, referring_npi="", reviews=()), RULES, JUDGED_BY)
    assert len(line.result.findings) > 1
    turned = replace(line.result, findings=line.result.findings[::-1])
    assert not replace(line, result=turned).judged_otherwise()


def test_a_finding_of_another_version_is_said_by_its_code() -> None:
    """A closed month may hold a finding that today's program has no row for: it is named, to supervisors only."""
    old = Finding(code="moon_phase", severity=Severity.WARNING)
    assert message_of(old) == (
        'Found by the version that closed the month: "moon phase". This version has no words for it.'
    )
    assert not open_to_all(old)


def test_the_order_of_entries_does_not_change_the_bytes() -> None:
    """Entries read in another order freeze to the same bytes."""
    facts = everything()
    turned = replace(facts, entries=facts.entries[::-1])
    assert (
        FrozenLine.of(turned, RULES, JUDGED_BY).to_bytes()
        == FrozenLine.of(facts, RULES, JUDGED_BY).to_bytes()
    )


def test_canonical_bytes_are_plain_and_short() -> None:
    """Sorted keys, what is absent left out, instants in UTC, letters as they are."""
    eastern = NOON.astimezone(datetime.strptime("-0500", "%z").tzinfo)
    close = a_close(closed_at=eastern, attestation="Geprüft.")
    assert to_bytes(close).decode() == (
        '{"attestation":"Geprüft.","closed_at":"2026-12-02T12:00:00+00:00","closed_by":12,'
        '"month":{"month":11,"year":2026},"revision":1}'
    )
    assert from_bytes(MonthClose, to_bytes(close)) == close


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"{", b"null", b'"x"', b'{"month":1}', b'{"nothing":1}', b'{"revision":"x"}', b"\xff"],
)
def test_bytes_that_are_no_value_are_refused(data: bytes) -> None:
    """Damaged bytes are an error with a name, never a half-read value."""
    with pytest.raises(ValueError, match="These bytes are not a MonthClose"):
        from_bytes(MonthClose, data)


def test_what_has_no_canonical_form_is_refused() -> None:
    """A live object cannot be frozen."""
    with pytest.raises(TypeError, match="object has no canonical form"):
        to_bytes(object())
    with pytest.raises(TypeError, match="type has no canonical form"):
        to_bytes(MonthClose)


def line(patient: int, *minutes: float, **changes: Any) -> MonthResult:
    return result(a_month(*minutes, patient_id=patient, **changes))


def test_differences_between_revisions() -> None:
    """Unchanged lines are left out; added, removed and changed ones are told by patient."""
    before = [line(4, 60), line(1, 60), line(2, 59), line(3, 90)]
    after = [line(1, 60), line(3, 60), line(2, 60), line(5, 10)]
    found = differences(before, after)
    assert [(each.patient_id, each.change) for each in found] == [
        (2, Change.CHANGED),
        (3, Change.CHANGED),
        (4, Change.REMOVED),
        (5, Change.ADDED),
    ]
    assert found[0] == Difference(
        patient_id=2,
        change=Change.CHANGED,
        seconds_before=3540,
        seconds_after=3600,
        status_before=LineStatus.BELOW,
        status_after=LineStatus.BILLABLE,
        billable_before=(),
        billable_after=(Charge("99493"),),
    )
    assert (found[2].seconds_before, found[2].seconds_after) == (3600, 0)
    assert (found[2].status_before, found[2].status_after) == (LineStatus.BILLABLE, None)
    assert (found[3].seconds_before, found[3].seconds_after) == (0, 600)
    assert (found[3].status_before, found[3].status_after) == (None, LineStatus.BELOW)
    assert (found[2].billable_after, found[3].billable_before) == ((), ())
    assert [each.decreases for each in found] == [False, True, True, False]


def test_a_mended_blocker_is_a_difference() -> None:
    """The same minutes, blocked before and billable now."""
    blocked = line(1, 60, episodes=(an_episode(consent=None),))
    found = differences([blocked], [line(1, 60)])
    assert [(each.status_before, each.status_after) for each in found] == [
        (LineStatus.BLOCKED, LineStatus.BILLABLE)
    ]


def test_fewer_units_after_submission_are_an_overpayment() -> None:
    """What was claimed and is billed no more is owed back, once claims went out."""
    found = differences(
        [line(1, 90), line(2, 60), line(3, 120), line(4, 90)], [line(1, 60), line(2, 90), line(3, 90)]
    )
    claims = {
        patient: Claim(month=NOVEMBER, patient_id=patient, revision=1, claimed=claimed)
        for patient, claimed in (
            (1, (Charge("99493"), Charge("99494"))),
            (2, (Charge("99493"),)),
            # Less than before, and still all that was submitted.
            (3, (Charge("99493"), Charge("99494"))),
            (4, (Charge("99493"), Charge("99494"))),
        )
    }
    assert overpayments(found, {}) == ()
    assert [each.patient_id for each in overpayments(found, claims)] == [1, 4]
    raised = differences([line(1, 60)], [line(1, 90)])
    more = {1: Claim(month=NOVEMBER, patient_id=1, revision=1, claimed=(Charge("99494", 2),))}
    assert overpayments(raised, more) == ()


def test_a_note_digest_is_frozen_but_no_words_are() -> None:
    """The frozen bytes hold fingerprints, and no field for a name, an MRN or a note."""
    text = FrozenLine.of(a_month(entries=(an_entry(1, 60),)), RULES, JUDGED_BY).to_bytes().decode()
    assert '"note_digest":"words 1"' in text
    assert not any(f'"{word}"' in text for word in ("mrn", "name", "first_name", "note", "problems"))


def test_a_line_that_bills_nothing_freezes_too() -> None:
    """Not enrolled, no target, never verified: what is absent reads back as absent."""
    unverified = replace(RULES, verified_on=None, max_99494=0)
    for facts in (a_month(60, episodes=()), a_month(100)):
        line = FrozenLine.of(facts, unverified, JUDGED_BY)
        assert FrozenLine.from_bytes(line.to_bytes()) == line


def test_defaults_are_written_too() -> None:
    """A closed month holds its rules whole: what a default becomes in a later version does not reach it."""
    written = to_bytes(replace(RULES, practice=PracticeRules()))
    assert b'"late_after_business_days":1' in written
    assert b'"review_required":' in written


def test_a_pair_of_the_wrong_length_is_refused() -> None:
    """A reason with two figures is damage."""
    data = to_bytes(result(a_month(entries=(an_entry(1, 10, activity=Activity.ADMIN),))))
    assert b'"excluded":[["admin",600]]' in data
    with pytest.raises(ValueError, match="These bytes are not a MonthResult"):
        from_bytes(MonthResult, data.replace(b'["admin",600]', b'["admin",600,1]'))
