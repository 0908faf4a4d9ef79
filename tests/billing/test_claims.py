"""What became of submitted lines, which of them owe money back, and by when; and the last day for filing."""

from datetime import UTC, date, datetime, timedelta

import pytest

from billing.charges import Charge
from billing.claims import (
    Claim,
    ClaimEvent,
    ClaimEventKind,
    began_late,
    claims_after,
    is_federal,
    last_day_to_file,
    return_by,
    units_by_code,
)
from billing.findings.finding import Severity
from billing.findings.registry import message_of
from billing.findings.timely_filing import timely_filing
from tests.support.months import NOVEMBER

BOTH = (Charge("99493"), Charge("99494", 2))
BASE = (Charge("99493"),)
SENT = date(2026, 12, 1)
FOUND = date(2026, 12, 10)


def said(
    kind: ClaimEventKind,
    day: date = SENT,
    *,
    revision: int = 1,
    claimed: tuple[Charge, ...] = (),
    patient: int = 1,
) -> ClaimEvent:
    return ClaimEvent(
        month=NOVEMBER,
        patient_id=patient,
        kind=kind,
        revision=revision,
        claimed=claimed,
        day=day,
        by=7,
        at=datetime(day.year, day.month, day.day, 12, tzinfo=UTC),
    )


SUBMITTED = said(ClaimEventKind.SUBMITTED, claimed=BOTH)
IDENTIFIED = said(ClaimEventKind.IDENTIFIED, FOUND)


def of(*events: ClaimEvent) -> Claim:
    """Where patient 1's claim stands after some words."""
    return claims_after(events, {})[1]


def test_a_submitted_line_is_claimed_as_it_was_sent() -> None:
    """With its revision, its day and its codes; nothing is owed."""
    claim = of(SUBMITTED)
    assert (claim.is_submitted, claim.owes, claim.revision, claim.submitted_on) == (True, False, 1, SENT)
    assert (claim.month, claim.patient_id, claim.claimed) == (NOVEMBER, 1, BOTH)
    assert not Claim(month=NOVEMBER, patient_id=1).is_submitted


@pytest.mark.parametrize(
    ("now", "lower"),
    [
        (BOTH, False),
        ((*BOTH, Charge("G2214")), False),
        ((Charge("99493"), Charge("99494", 3)), False),
        ((Charge("99493"), Charge("99494", 1)), True),
        (BASE, True),
        ((Charge("99492"), Charge("99494", 2)), True),
        ((), True),
    ],
)
def test_fewer_units_or_other_codes_are_less(now: tuple[Charge, ...], lower: bool) -> None:  # noqa: FBT001
    """Whatever was claimed and is billed no more; more is no overpayment."""
    assert of(SUBMITTED).lowered_by(now) is lower


def test_what_was_said_by_mistake_is_gone_but_for_the_words() -> None:
    """Taken back, nothing is submitted and nothing owed; said again, it is."""
    back = said(ClaimEventKind.TAKEN_BACK)
    assert of(SUBMITTED, IDENTIFIED, back) == Claim(month=NOVEMBER, patient_id=1)
    assert of(SUBMITTED, back, SUBMITTED) == of(SUBMITTED)


def test_an_overpayment_is_open_from_its_identification_until_it_is_returned() -> None:
    """What was claimed then is remembered; settled, only what stands is claimed."""
    owed = of(SUBMITTED, IDENTIFIED)
    assert (owed.owes, owed.identified_on, owed.overpaid, owed.claimed) == (True, FOUND, BOTH, BOTH)
    returned = said(ClaimEventKind.RETURNED, date(2027, 1, 5), claimed=BASE)
    looked_into = (said(ClaimEventKind.INVESTIGATING, FOUND), said(ClaimEventKind.INVESTIGATED, FOUND))
    settled = of(SUBMITTED, IDENTIFIED, *looked_into, returned)
    assert (settled.owes, settled.returned_on, settled.claimed) == (False, date(2027, 1, 5), BASE)
    assert (settled.investigating_from, settled.investigated_on, settled.overpaid) == (None, None, BOTH)
    assert not settled.lowered_by(BASE)
    assert settled.lowered_by(())
    none = of(SUBMITTED, said(ClaimEventKind.DISMISSED, claimed=BASE))
    assert (none.owes, none.claimed, none.overpaid) == (False, BASE, BOTH)


def test_a_later_day_takes_the_earlier_ones_place() -> None:
    """Identified again, the right day counts; after a mistaken return, what was claimed is back."""
    later = said(ClaimEventKind.IDENTIFIED, date(2026, 12, 15))
    again = of(SUBMITTED, IDENTIFIED, later)
    assert (again.identified_on, again.overpaid) == (date(2026, 12, 15), BOTH)
    back = of(SUBMITTED, IDENTIFIED, said(ClaimEventKind.RETURNED, claimed=BASE), later)
    assert (back.owes, back.returned_on, back.claimed, back.overpaid) == (True, None, BOTH, BOTH)


def test_a_corrected_claim_returns_nothing_by_itself() -> None:
    """Sent again with less, the overpayment of the first claim stays open."""
    sent_again = said(ClaimEventKind.SUBMITTED, date(2026, 12, 20), revision=2, claimed=BASE)
    claim = of(SUBMITTED, IDENTIFIED, sent_again)
    assert (claim.revision, claim.claimed, claim.owes, claim.overpaid) == (2, BASE, True, BOTH)
    later = of(SUBMITTED, IDENTIFIED, sent_again, said(ClaimEventKind.IDENTIFIED, date(2026, 12, 21)))
    assert later.overpaid == BOTH


def test_what_was_settled_before_is_not_owed_again() -> None:
    """A second overpayment is of what was claimed after the first, also where the second was dismissed at first."""
    first = (said(ClaimEventKind.RETURNED, claimed=BASE),)
    second = said(ClaimEventKind.IDENTIFIED, date(2027, 2, 1), claimed=BASE)
    owed = of(SUBMITTED, IDENTIFIED, *first, second)
    assert (owed.owes, owed.claimed, owed.overpaid, owed.returned_on) == (True, BASE, BASE, None)
    none = of(SUBMITTED, IDENTIFIED, *first, said(ClaimEventKind.DISMISSED))
    assert (none.owes, none.claimed, none.overpaid) == (False, (), BASE)
    assert of(SUBMITTED, IDENTIFIED, *first, said(ClaimEventKind.DISMISSED), IDENTIFIED).overpaid == BASE


def test_each_patients_claim_stands_by_itself() -> None:
    """And goes on from what was submitted before lines had words of their own."""
    whole = Claim(month=NOVEMBER, patient_id=2, revision=1, submitted_on=SENT, claimed=BASE)
    found = claims_after([SUBMITTED, said(ClaimEventKind.IDENTIFIED, FOUND, patient=2)], {2: whole})
    assert (found[1], found[2].identified_on, found[2].overpaid) == (of(SUBMITTED), FOUND, BASE)
    assert claims_after([], {2: whole}) == {2: whole}


def owed(*events: ClaimEvent) -> date | None:
    return return_by(of(SUBMITTED, IDENTIFIED, *events))


def begun(day: date) -> ClaimEvent:
    return said(ClaimEventKind.INVESTIGATING, day)


def ended(day: date) -> ClaimEvent:
    return said(ClaimEventKind.INVESTIGATED, day)


def test_sixty_days_from_the_day_of_identification() -> None:
    """Nothing open, no day."""
    assert owed() == FOUND + timedelta(days=60) == date(2027, 2, 8)
    assert return_by(of(SUBMITTED)) is None
    assert owed(said(ClaimEventKind.RETURNED, claimed=BASE)) is None


@pytest.mark.parametrize(
    ("events", "further"),
    [
        # From its first day to its last the sixty days stand still.
        ((begun(FOUND + timedelta(days=10)), ended(FOUND + timedelta(days=30))), 20),
        ((begun(FOUND), ended(FOUND)), 0),
        # While it runs, until the 180th day after the identification.
        ((begun(FOUND),), 180),
        ((begun(FOUND + timedelta(days=10)),), 170),
        ((begun(FOUND + timedelta(days=60)),), 120),
        ((begun(FOUND), ended(FOUND + timedelta(days=180))), 180),
        ((begun(FOUND), ended(FOUND + timedelta(days=200))), 180),
        # Begun before the overpayment was identified: from that day.
        ((begun(FOUND - timedelta(days=20)),), 180),
        ((begun(FOUND - timedelta(days=20)), ended(FOUND - timedelta(days=5))), 0),
        # Begun after the sixty days: too late to suspend anything.
        ((begun(FOUND + timedelta(days=61)),), 0),
    ],
)
def test_an_investigation_suspends_the_sixty_days(events: tuple[ClaimEvent, ...], further: int) -> None:
    """As 42 CFR 401.305(b)(3) has it since 2025."""
    assert owed(*events) == FOUND + timedelta(days=60 + further)


def test_an_investigation_after_the_sixty_days_is_known() -> None:
    """The sixtieth day is in time."""
    last = FOUND + timedelta(days=60)
    assert not began_late(of(SUBMITTED, IDENTIFIED))
    assert not began_late(of(SUBMITTED, begun(last)))
    assert not began_late(of(SUBMITTED, IDENTIFIED, begun(last)))
    assert began_late(of(SUBMITTED, IDENTIFIED, begun(last + timedelta(days=1))))


def test_a_second_investigation_begins_anew() -> None:
    """The end of the one before does not end it."""
    first = (begun(FOUND), ended(FOUND + timedelta(days=5)))
    claim = of(SUBMITTED, IDENTIFIED, *first, begun(FOUND + timedelta(days=20)))
    assert (claim.investigating_from, claim.investigated_on) == (FOUND + timedelta(days=20), None)


@pytest.mark.parametrize(
    ("payer", "federal"),
    [
        ("Medicare", True),
        ("MEDICARE  Part B", True),
        ("NC Medicaid", True),
        ("Texas Medicaid managed care", True),
        ("Virginia DMAS", True),
        ("dmas", True),
        ("Humana Medicare Advantage", False),
        ("Lakeside Health", False),
        ("BCBS ND", False),
        ("", False),
    ],
)
def test_federal_programs_are_known_by_name(payer: str, federal: bool) -> None:  # noqa: FBT001
    """A plan that pays by contract is none of them."""
    assert is_federal(payer) is federal


def test_units_are_added_up_by_code() -> None:
    """Two charges of one code are their units together."""
    assert units_by_code([Charge("99494"), Charge("99493"), Charge("99494", 2)]) == {"99494": 3, "99493": 1}


@pytest.mark.parametrize(
    ("service_on", "months", "last"),
    [
        (date(2025, 11, 28), 12, date(2026, 11, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 1, 31), 3, date(2026, 4, 30)),
        (date(2026, 10, 31), 6, date(2027, 4, 30)),
    ],
)
def test_the_last_day_for_filing(service_on: date, months: int, last: date) -> None:
    """So many months on, or the month's last day."""
    assert last_day_to_file(service_on, months) == last


LAST = date(2026, 12, 31)


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (date(2026, 12, 1), "is Dec 31, 2026: 30 days left."),
        (date(2026, 12, 30), "is Dec 31, 2026: 1 day left."),
        (date(2026, 12, 31), "is Dec 31, 2026: today."),
        (date(2027, 1, 1), "was Dec 31, 2026: it may be denied as late."),
    ],
)
def test_a_line_near_its_last_day_is_named(today: date, said: str) -> None:
    """From thirty days before on, and after it too."""
    found = timely_filing(LAST, today, "Medicare")
    assert found is not None
    assert (found.code, found.severity) == ("timely_filing", Severity.WARNING)
    assert message_of(found) == f"Not marked as submitted. The last day to send it to Medicare {said}"


def test_a_line_with_time_left_is_not_named() -> None:
    """Thirty-one days before; and a payer without a name is the payer."""
    assert timely_filing(LAST, date(2026, 11, 30), "Medicare") is None
    nameless = timely_filing(LAST, LAST, "")
    assert nameless is not None
    assert "The last day to send it to the payer is" in message_of(nameless)
