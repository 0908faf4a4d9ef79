"""Findings about time entries as evidence."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from billing.charges import Charge
from billing.clinical import Attestation, AttestationKind
from billing.entries import TimeEntry
from billing.episodes import Program
from billing.evaluate import LineStatus
from billing.facts import MonthFacts
from billing.findings.consultant_decisive import held_units
from billing.findings.finding import Severity
from billing.findings.just_above import just_above, margin
from billing.findings.registry import message_of, row_of
from billing.overlaps import find_overlaps
from billing.people import Role
from billing.repetition import repeated_words
from billing.rules import PracticeRules
from tests.support.findings import codes, enrolled, only, result
from tests.support.months import ANA, BEN, DR_CHO, a_month, an_entry
from tests.support.payers import lakeside

#: Tuesday; the 11th is Veterans Day.
TUESDAY = date(2026, 11, 3)


def late(entry_id: int, minutes: float, **changes: Any) -> TimeEntry:
    """Done on Tuesday, keyed on Thursday."""
    return an_entry(entry_id, minutes, TUESDAY, recorded_on=date(2026, 11, 5), **changes)


def entries(*made: TimeEntry, **changes: Any) -> MonthFacts:
    return a_month(entries=made, **changes)


def attested(kind: AttestationKind) -> dict[str, Any]:
    return {
        "attestations": (
            Attestation(kind=kind, attested_by=BEN, attested_at=datetime(2026, 12, 1, tzinfo=UTC)),
        )
    }


def test_late_entries_are_marked() -> None:
    """Keyed two business days later: marked late, and billable when not decisive."""
    found = only(entries(an_entry(1, 60), late(2, 5)))
    assert (found.code, found.severity, row_of(found).rule) == ("late_entries", Severity.NOTE, "R-401")
    assert found.entries == (2,)
    assert "1 business day after" in message_of(found)


def test_what_is_late_is_a_setting() -> None:
    """With two business days allowed, Thursday is in time for Tuesday; Friday is not."""
    facts = entries(an_entry(1, 60), late(2, 5))
    assert codes(facts, late_after_business_days=2) == []
    friday = entries(an_entry(1, 60), late(2, 5), an_entry(3, 5, TUESDAY, recorded_on=date(2026, 11, 6)))
    assert "2 business days" in message_of(only(friday, late_after_business_days=2))
    assert only(friday, late_after_business_days=2).entries == (3,)
    assert codes(facts, days_off=frozenset({date(2026, 11, 4)})) == []


def test_without_a_local_date_of_keying_the_utc_date_stands_in() -> None:
    """An entry that does not know its local date of keying is judged by the UTC date."""
    keyed = datetime(2026, 11, 5, 1, tzinfo=UTC)
    facts = entries(an_entry(1, 60), an_entry(2, 5, TUESDAY, recorded_on=None, recorded_at=keyed))
    assert codes(facts) == ["late_entries"]


def test_late_time_that_decides_a_line_is_held() -> None:
    """55 minutes in time and 5 late reach 60: held until a supervisor attests."""
    facts = entries(an_entry(1, 55), late(2, 5))
    weighed = result(facts)
    held = next(each for each in weighed.findings if each.code == "late_decisive")
    assert (weighed.status, held.severity, row_of(held).rule) == (
        LineStatus.BLOCKED,
        Severity.BLOCKER,
        "R-402",
    )
    assert (held.entries, row_of(held).is_for_supervisors_only(held)) == ((2,), False)
    done = entries(an_entry(1, 55), late(2, 5), **attested(AttestationKind.LATE_TIME))
    assert (result(done).status, codes(done)) == (LineStatus.BILLABLE, ["late_entries"])
    other = entries(an_entry(1, 55), late(2, 5), **attested(AttestationKind.CONSULTANT_TIME))
    assert result(other).status is LineStatus.BLOCKED


def test_late_time_that_adds_units_is_told_to_supervisors() -> None:
    """60 minutes in time, 30 late: 99494 rests on late time; the line stands, supervisors are told."""
    facts = entries(an_entry(1, 60), late(2, 30))
    told = next(each for each in result(facts).findings if each.code == "late_decisive")
    assert (told.severity, row_of(told).is_for_supervisors_only(told)) == (Severity.WARNING, True)
    assert result(facts).status is LineStatus.BILLABLE


def test_late_time_below_the_threshold_decides_nothing() -> None:
    """Nothing earned, nothing decided."""
    assert codes(entries(an_entry(1, 10), late(2, 5))) == ["late_entries"]


def test_late_joint_time_takes_nothing_from_time_kept() -> None:
    """Without the late joint entry its twin would count: the late one decides nothing."""
    start = datetime(2026, 11, 3, 15, tzinfo=UTC)
    twin = an_entry(2, 10, TUESDAY, started_at=start, performed_by=BEN, recorded_at=start + timedelta(days=9))
    facts = entries(an_entry(1, 55), late(3, 10, started_at=start), twin)
    assert codes(facts) == ["late_entries"]


def test_a_line_that_rests_on_consultant_minutes_is_held() -> None:
    """50 minutes of care manager and 10 of consultant: held until a biller attests."""
    cho = an_entry(2, 10, role=Role.CONSULTANT, performed_by=DR_CHO)
    found = only(entries(an_entry(1, 50), cho))
    assert (found.code, found.severity, row_of(found).rule) == (
        "consultant_decisive",
        Severity.BLOCKER,
        "R-403",
    )
    assert (found.entries, row_of(found).is_for_supervisors_only(found)) == ((2,), False)
    assert codes(entries(an_entry(1, 50), cho, **attested(AttestationKind.CONSULTANT_TIME))) == []
    assert codes(entries(an_entry(1, 50), cho, **attested(AttestationKind.LATE_TIME))) == [
        "consultant_decisive"
    ]


@pytest.mark.parametrize(
    ("manager", "consultant"),
    [(60, 10), (60, 29), (90, 29), (59, 0.5)],
)
def test_consultant_minutes_that_do_not_decide_the_line_hold_nothing(
    manager: float, consultant: float
) -> None:
    """Where every unit stands without them, or nothing is earned, nothing is held."""
    cho = an_entry(2, consultant, role=Role.CONSULTANT, performed_by=DR_CHO)
    assert "consultant_decisive" not in codes(entries(an_entry(1, manager), cho))


@pytest.mark.parametrize(
    ("manager", "consultant", "held", "billable"),
    [
        (60, 45, 1, (Charge("99493"),)),
        (60, 90, 3, (Charge("99493"),)),
        (90, 30, 1, (Charge("99493"), Charge("99494"))),
        (100, 90, 3, (Charge("99493"), Charge("99494"))),
    ],
)
def test_units_that_rest_on_consultant_minutes_are_held(
    manager: float, consultant: float, held: int, billable: tuple[Charge, ...]
) -> None:
    """The line is billed without the units that only the consultant's time carries, until a biller attests."""
    cho = an_entry(2, consultant, role=Role.CONSULTANT, performed_by=DR_CHO)
    facts = entries(an_entry(1, manager), cho)
    found = only(facts)
    assert (found.code, found.severity, found.entries, held_units(found)) == (
        "consultant_decisive",
        Severity.WARNING,
        (2,),
        held,
    )
    assert not row_of(found).is_for_supervisors_only(found)
    judged = result(facts)
    assert (judged.status, judged.billable, judged.held) == (
        LineStatus.BILLABLE,
        billable,
        (Charge("99494", held),),
    )
    after = result(replace(facts, **attested(AttestationKind.CONSULTANT_TIME)))
    assert (after.findings, after.billable, after.held) == ((), judged.earned, ())


def test_a_line_that_is_held_whole_holds_no_units_apart() -> None:
    """Where the base itself needs the consultant, the whole line waits, with its units."""
    cho = an_entry(2, 60, role=Role.CONSULTANT, performed_by=DR_CHO)
    judged = result(entries(an_entry(1, 50), cho))
    assert (judged.status, judged.billable, judged.held) == (LineStatus.BLOCKED, (), ())
    assert [held_units(one) for one in judged.findings] == [0]


def test_a_cap_that_staff_time_reaches_holds_nothing() -> None:
    """With a cap of one unit, reached without the consultant, more of their time holds nothing."""
    cho = an_entry(2, 60, role=Role.CONSULTANT, performed_by=DR_CHO)
    capped = lakeside(max_99494=1)
    judged = result(entries(an_entry(1, 90), cho), capped)
    assert (judged.billable, judged.held) == (judged.earned, ())


def test_other_findings_hold_no_units() -> None:
    """A line with another warning bills all that it earns."""
    judged = result(entries(an_entry(1, 125)))
    assert [held_units(one) for one in judged.findings] == [0]
    assert (judged.billable, judged.held) == (judged.earned, ())


def test_how_many_units_are_held_is_said() -> None:
    """One unit and several, each in its own words."""
    sentences = [
        message_of(only(entries(an_entry(1, 60), an_entry(2, minutes, role=Role.CONSULTANT))))
        for minutes in (45, 60)
    ]
    assert sentences == [
        "Only the consultant's minutes carry a unit of 99494: it is held, and not billed, until that time is attested.",
        (
            "Only the consultant's minutes carry 2 units of 99494: they are held, and not billed, until that time is "
            "attested."
        ),
    ]


def test_a_correction_that_reaches_a_code_is_told() -> None:
    """50 minutes became 60 afterwards: supervisors are told, the line stands."""
    facts = entries(an_entry(1, 60, first_seconds=3000))
    found = only(facts)
    assert (found.code, found.severity, row_of(found).rule) == (
        "correction_decisive",
        Severity.WARNING,
        "R-404",
    )
    assert (found.entries, row_of(found).is_for_supervisors_only(found)) == ((1,), True)
    assert result(facts).status is LineStatus.BILLABLE
    assert (
        codes(entries(an_entry(1, 60, first_seconds=3000), **attested(AttestationKind.CORRECTED_TIME))) == []
    )


@pytest.mark.parametrize("first", [None, 3600, 3700, 3601])
def test_other_corrections_are_not_told(first: int | None) -> None:
    """A correction that keeps or shortens the time decides nothing."""
    assert codes(entries(an_entry(1, 60, first_seconds=first))) == []


def test_a_correction_that_reaches_nothing_new_is_not_told() -> None:
    """61 minutes became 62: the code stood before."""
    assert codes(entries(an_entry(1, 62, first_seconds=61 * 60))) == []


def test_a_corrected_entry_still_counts_as_first_keyed() -> None:
    """59 of 60 minutes stood before the correction; with other time the code stands anyway."""
    assert codes(entries(an_entry(1, 60, first_seconds=59 * 60), an_entry(2, 1))) == []


def test_time_on_the_last_day_that_decides_is_told() -> None:
    """55 minutes before and 5 on the 30th: supervisors are told, the line stands."""
    last = an_entry(2, 5, date(2026, 11, 30))
    facts = entries(an_entry(1, 55), last)
    found = only(facts)
    assert (found.code, found.severity, row_of(found).rule) == (
        "last_day_decisive",
        Severity.WARNING,
        "R-405",
    )
    assert (found.entries, row_of(found).is_for_supervisors_only(found)) == ((2,), True)
    assert result(facts).status is LineStatus.BILLABLE
    assert codes(entries(an_entry(1, 55), last, **attested(AttestationKind.LAST_DAY_TIME))) == []
    assert codes(entries(an_entry(1, 60), last)) == []
    assert codes(entries(an_entry(1, 55), an_entry(2, 5, date(2026, 11, 27)))) == []


def test_long_entries_are_looked_at() -> None:
    """Over two hours warns; exactly two hours does not; the limit is a setting."""
    found = only(entries(an_entry(1, seconds=7201)))
    assert (found.code, found.severity, row_of(found).rule) == ("long_entries", Severity.WARNING, "R-406")
    assert (found.entries, "2 h" in message_of(found)) == ((1,), True)
    assert codes(entries(an_entry(1, seconds=7200))) == []
    assert codes(entries(an_entry(1, seconds=7201)), long_entry_seconds=7201) == []


def test_words_repeated_for_many_patients_are_told() -> None:
    """One person's same words for three patients: each month shows it, to supervisors only."""
    same = [an_entry(number, 60, patient_id=number, note_digest="same") for number in (1, 2, 3)]
    own = an_entry(9, 5)
    repeated = repeated_words([*same, own], 3)
    assert repeated == {"same"}
    found = only(entries(same[0], own, repeated_words=repeated))
    assert (found.code, found.severity, row_of(found).rule) == ("repeated_words", Severity.WARNING, "R-407")
    assert (found.entries, row_of(found).is_for_supervisors_only(found)) == ((1,), True)
    assert codes(entries(an_entry(1, 60), repeated_words=repeated)) == []


def test_repetition_needs_one_person_and_different_patients() -> None:
    """Two patients, three entries of one patient, three people, or no words: no repetition."""

    def made(number: int, patient: int, person: int = ANA, words: str = "same") -> TimeEntry:
        return an_entry(number, 5, patient_id=patient, performed_by=person, note_digest=words)

    assert repeated_words([made(1, 1), made(2, 2)], 3) == frozenset()
    assert repeated_words([made(1, 1), made(2, 1), made(3, 1)], 3) == frozenset()
    assert repeated_words([made(1, 1, 1), made(2, 2, 2), made(3, 3, 3)], 3) == frozenset()
    assert repeated_words([made(n, n, words="") for n in (1, 2, 3)], 3) == frozenset()
    assert repeated_words([made(1, 1), made(2, 2)], 2) == {"same"}


def test_overlapping_time_is_flagged() -> None:
    """Time of the same person in another patient's entry is not counted, and flagged."""
    start = datetime(2026, 11, 3, 15, tzinfo=UTC)
    other = an_entry(1, 10, TUESDAY, patient_id=2, started_at=start)
    mine = an_entry(2, 70, TUESDAY, started_at=start)
    found = only(entries(mine, overlaps=find_overlaps([other, mine])))
    assert (found.code, found.severity, row_of(found).rule) == ("overlapping_time", Severity.WARNING, "R-211")
    assert found.entries == (2,)


def test_entries_without_words_are_flagged() -> None:
    """Time without a note warns."""
    found = only(entries(an_entry(1, 60, note_digest=""), an_entry(2, 1)))
    assert (found.code, found.severity, row_of(found).rule) == ("undocumented", Severity.WARNING, "R-411")
    assert found.entries == (1,)


def test_damaged_entries_are_named() -> None:
    """An impossible length or another month's date is named; the rest of the month stands."""
    facts = entries(an_entry(1, 60), an_entry(2, 0), an_entry(3, 5, date(2026, 12, 1)))
    found = only(facts)
    assert (found.code, found.severity, row_of(found).rule) == ("corrupt_entries", Severity.WARNING, "R-212")
    assert found.entries == (2, 3)
    assert result(facts).status is LineStatus.BILLABLE


CLOSED = datetime(2026, 12, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"recorded_at": CLOSED}, []),
        ({"recorded_at": CLOSED + timedelta(seconds=1)}, ["addendum"]),
        ({"corrected_at": CLOSED}, []),
        ({"corrected_at": CLOSED + timedelta(seconds=1)}, ["addendum"]),
    ],
)
def test_what_is_written_after_the_close_is_an_addendum(changes: dict[str, Any], expected: list[str]) -> None:
    """Keyed or corrected after the instant of closing: an addendum."""
    facts = entries(an_entry(1, 60), an_entry(2, 1, **changes), closed_at=CLOSED)
    assert codes(facts) == expected
    for each in result(facts).findings:
        assert (each.severity, row_of(each).rule, each.entries) == (Severity.NOTE, "R-413", (2,))
    assert codes(entries(an_entry(1, 60), an_entry(2, 1, **changes))) == []


def months(*minutes: float) -> list[int]:
    """How far those months that earn a code lie above it."""
    results = [result(a_month(each)) for each in minutes]
    return [margin(each.threshold) for each in results if each.earned]


def test_totals_that_cluster_just_above_a_threshold_are_told() -> None:
    """Five of ten months at most two minutes above their code: supervisors are told."""
    near, far, below = (60, 61, 62, 90, 92), (65, 70, 80, 63, 95), (10, 59)
    found = just_above(months(*near, *far, *below), PracticeRules())
    assert found is not None
    assert (found.code, found.severity, row_of(found).rule) == ("just_above", Severity.WARNING, "R-408")
    assert row_of(found).is_for_supervisors_only(found)
    assert "5 of 10 months" in message_of(found)


@pytest.mark.parametrize(
    "minutes",
    [
        (60, 60, 60, 60),
        (60, 60, 60, 60, 62.05, 80),
        (60, 60, 60, 60, 60, 70, 70, 70, 70, 70, 70),
        (59, 59, 59, 59, 59, 59),
    ],
)
def test_few_or_scattered_totals_are_no_cluster(minutes: tuple[float, ...]) -> None:
    """Fewer than five, less than half, or below the threshold: nothing to tell."""
    assert just_above(months(*minutes), PracticeRules()) is None


def test_how_near_is_near_is_a_setting() -> None:
    """Within ten minutes, totals of 65 to 70 are near."""
    assert just_above(months(65, 66, 67, 68, 70), PracticeRules(just_above_seconds=600)) is not None
    assert just_above(months(65, 66, 67, 68, 70.02), PracticeRules(just_above_seconds=600)) is None


def test_late_staff_time_decides_a_general_bhi_month() -> None:
    """15 minutes in time, 5 late, 30 of the consultant: 99484 rests on the late ones."""
    facts = entries(
        an_entry(1, 15),
        late(2, 5),
        an_entry(3, 30, role=Role.CONSULTANT, performed_by=DR_CHO),
        episodes=enrolled(program=Program.BHI),
    )
    assert codes(facts) == ["late_decisive", "late_entries"]


def test_late_units_above_the_cap_decide_nothing() -> None:
    """One unit is paid and stands without the late time."""
    capped = lakeside(max_99494=1)
    assert codes(entries(an_entry(1, 90), late(2, 30)), capped) == ["late_entries", "capped"]
