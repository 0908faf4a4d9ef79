"""A roster says what claims are made of, and from when on."""

from datetime import date

import pytest

from billing.claim_days import claim_on
from billing.months import BillingMonth
from billing.people import Member
from services.context import Context
from services.imports.outcome import ImportOutcome
from services.months.judge import judge_month
from services.people import patients
from services.people.patient_ref import PatientRef
from storage import Database
from tests.support.files import csv_of, load, loaded
from tests.support.practice import TryPractice

START = "2026-10-05"
NPI, OTHER_NPI = "1234567893", "1306849450"
TODAY = date(2026, 11, 18)


@pytest.fixture
def practice(database: Database) -> TryPractice:
    return TryPractice(database)


def roster(*rows: dict[str, str]) -> bytes:
    """Patients in care since October 5, with what each row says."""
    full = [{"mrn": "123", "enrolled_on": START, **row} for row in rows]
    return csv_of(tuple(dict.fromkeys(name for row in full for name in row)), full)


def given(practice: TryPractice, *rows: dict[str, str]) -> ImportOutcome:
    return loaded(practice, "patients", roster(*rows))


def on(practice: TryPractice, day: date, kind: str = "payer", mrn: str = "123") -> object:
    """One fact of a patient's claim on a day."""

    def read(context: Context) -> object:
        patient = patients.need(context, PatientRef(text=mrn, identity=mrn))
        return getattr(claim_on(judge_month(context, patient, BillingMonth.of(day)).facts, day), kind)

    return practice.see(read)


def count_of_facts(practice: TryPractice) -> int:
    def read(context: Context) -> int:
        patient = patients.need(context, PatientRef(text="123", identity="123"))
        return len(context.uow.claim_facts.of_patient(patient.patient_id))

    return practice.see(read)


WITHOUT_RULES = "No rules on file for Cedar Health, so the practice's own rules judge their lines."


def test_a_new_patient_s_facts_hold_from_the_enrollment(practice: TryPractice) -> None:
    """And the file is told so."""
    told = given(practice, {"payer": "Cedar Health", "referring_npi": NPI})
    assert told.remarks == (
        "1 new patient: payer and referring NPI on file from the day of enrollment.",
        WITHOUT_RULES,
    )
    assert count_of_facts(practice) == 0
    assert on(practice, date(2026, 10, 5)) == "Cedar Health"
    assert on(practice, date(2026, 10, 5), "referring_npi") == NPI


def test_a_new_patient_s_facts_may_have_days(practice: TryPractice) -> None:
    """Before them nothing is on file."""
    told = given(
        practice,
        {
            "payer": "Cedar Health",
            "payer_from": "2026-11-03",
            "referring_npi": NPI,
            "referring_npi_from": "2026-10-20",
            "apcm": "yes",
            "apcm_from": "2026-11-10",
        },
    )
    assert told.remarks == (WITHOUT_RULES,)
    assert [on(practice, date(2026, 11, day)) for day in (2, 3)] == ["", "Cedar Health"]
    assert [on(practice, date(2026, 10, day), "referring_npi") for day in (19, 20)] == ["", NPI]
    assert [on(practice, date(2026, 11, day), "apcm") for day in (9, 10)] == [False, True]


def test_another_payer_without_a_day_holds_from_today(practice: TryPractice) -> None:
    """For a patient on file; how many and on which lines is said, and the same roster again changes nothing."""
    given(practice, {"payer": "Cedar Health"}, {"mrn": "98765", "payer": "Cedar Health"})
    rows = ({"payer": "Medicare"}, {"mrn": "98765", "payer": "Medicare"})
    told = given(practice, *rows)
    assert (told.changed, told.unchanged) == (2, 0)
    assert told.remarks == (
        (
            "Payer changed from today on for 2 patients (lines 2, 3): payer_from gives no day. Earlier days keep what "
            "was on file."
        ),
    )
    assert [on(practice, date(2026, 11, day)) for day in (17, 18)] == ["Cedar Health", "Medicare"]
    again = given(practice, *rows)
    assert (again.changed, again.unchanged, again.remarks) == (0, 2, ())
    assert count_of_facts(practice) == 2


def test_another_spelling_in_a_roster_changes_nothing(practice: TryPractice) -> None:
    """Nor does it with a day on which that payer held anyway."""
    given(practice, {"payer": "Cedar Health", "diagnosis_codes": "F32.1"})
    told = given(practice, {"payer": "CEDAR HEALTH ", "diagnosis_codes": "f32.1"})
    assert (told.unchanged, told.remarks) == (1, ())
    assert loaded(practice, "coverage", COVERAGE + b"123,cedar health,2026-10-05,\n").changed == 1
    assert on(practice, TODAY) == "cedar health"
    assert count_of_facts(practice) == 0


def test_every_fact_changes_from_today_without_a_day(practice: TryPractice) -> None:
    """Those that have days, and no others."""
    full = {
        "payer": "Cedar Health",
        "referring_npi": NPI,
        "billing_npi": NPI,
        "diagnosis_codes": "F32.1",
        "place_of_service": "11",
        "apcm": "yes",
        "care_manager": "Ana Flores",
    }
    given(practice, full)
    other = {
        "payer": "Medicare",
        "referring_npi": OTHER_NPI,
        "billing_npi": OTHER_NPI,
        "diagnosis_codes": "F33.1",
        "place_of_service": "10",
        "apcm": "no",
        "care_manager": "Ben Okoro",
    }
    told = given(practice, other)
    assert len(told.remarks) == 7
    for kind, before, after in (
        ("payer", "Cedar Health", "Medicare"),
        ("referring_npi", NPI, OTHER_NPI),
        ("billing_npi", NPI, OTHER_NPI),
        ("diagnosis_codes", ("F32.1",), ("F33.1",)),
        ("place_of_service", "11", "10"),
        ("apcm", True, False),
    ):
        assert [on(practice, date(2026, 11, day), kind) for day in (17, 18)] == [before, after]
    managers = [on(practice, date(2026, 11, day), "care_manager") for day in (17, 18)]
    assert [name_of(practice, number) for number in managers] == ["Ana Flores", "Ben Okoro"]
    again = given(practice, other)
    assert (again.changed, again.unchanged) == (0, 1)


def name_of(practice: TryPractice, number: object) -> str:
    def read(context: Context) -> Member | None:
        assert isinstance(number, int)
        return context.uow.members.by_id(number)

    member = practice.see(read)
    return member.display_name if member else ""


def test_what_was_missing_is_filled_in_from_the_start(practice: TryPractice) -> None:
    """Nothing on file is rewritten by that."""
    given(practice, {"payer": ""})
    told = given(practice, {"payer": "Medicare"})
    assert told.remarks == (
        "Payer filled in from the start of care for 1 patient (line 2): none was on file.",
    )
    assert on(practice, date(2026, 10, 5)) == "Medicare"
    assert count_of_facts(practice) == 0


def test_a_day_in_the_file_is_the_day(practice: TryPractice) -> None:
    """Past or to come; twice the same is once, and another day moves it."""
    given(practice, {"payer": "Cedar Health"})
    dated = {"payer": "Medicare", "payer_from": "2026-11-03"}
    assert given(practice, dated).remarks == ()
    assert [on(practice, date(2026, 11, day)) for day in (2, 3)] == ["Cedar Health", "Medicare"]
    assert given(practice, dated).unchanged == 1
    assert given(practice, {"payer": "Medicare"}).unchanged == 1
    assert given(practice, {**dated, "payer_from": "2026-11-16"}).changed == 1
    assert [on(practice, date(2026, 11, day)) for day in (15, 16)] == ["Cedar Health", "Medicare"]


def test_a_coverage_to_come_is_on_file(practice: TryPractice) -> None:
    """The roster without its day, of either payer, changes nothing."""
    given(practice, {"payer": "Cedar Health"})
    given(practice, {"payer": "Medicare", "payer_from": "2026-12-01"})
    assert given(practice, {"payer": "Medicare"}).unchanged == 1
    assert given(practice, {"payer": "Cedar Health"}).unchanged == 1
    assert [on(practice, day) for day in (TODAY, date(2026, 12, 1))] == ["Cedar Health", "Medicare"]


def test_a_day_without_its_fact_is_refused(practice: TryPractice) -> None:
    """With the column that lacks its value; a day that is none, too."""
    told = load(practice, "patients", roster({"payer_from": "2026-11-03", "billing_npi_from": "soon"}))
    assert [(one.column, one.message.split(".")[0]) for one in told.problems] == [
        ("billing_npi_from", "'soon' is not a date"),
        ("payer_from", "A day without its payer"),
    ]


def test_the_same_from_a_later_day_is_kept_from_the_start(practice: TryPractice) -> None:
    """And said, since days with a payer on file are not left without one."""
    given(practice, {"payer": "Cedar Health"})
    told = given(practice, {"payer": "Cedar Health", "payer_from": "2026-11-03"})
    assert told.unchanged == 1
    assert [one.column for one in told.warnings] == ["payer_from"]


def test_each_stretch_of_care_has_its_own_payer(practice: TryPractice) -> None:
    """In one file, again without change, and with another payer for the stretch that ended."""
    first = {"payer": "Cedar Health", "discharged_on": "2026-11-02"}
    second = {"payer": "Aetna", "enrolled_on": "2026-11-09", "initial_assessment_on": "2026-11-09"}
    given(practice, first, second)
    assert [on(practice, date(2026, 11, day)) for day in (8, 9)] == ["Cedar Health", "Aetna"]
    assert given(practice, first, second).unchanged == 1
    told = given(practice, {**first, "payer": "Medicare"}, second)
    assert told.unchanged == 1
    assert [(one.line, one.column) for one in told.warnings] == [(2, "payer")]
    given(practice, {**first, "payer": "Medicare", "payer_from": "2026-10-20"}, second)
    found = [on(practice, day) for day in (date(2026, 10, 19), date(2026, 10, 20), date(2026, 11, 9))]
    assert found == ["Cedar Health", "Medicare", "Aetna"]


def test_a_further_stretch_begins_with_its_own_payer(practice: TryPractice) -> None:
    """Also where the one before it had days; one without a payer goes on with the last."""
    given(practice, {"payer": "Cedar Health"})
    given(practice, {"payer": "Medicare", "payer_from": "2026-10-20", "discharged_on": "2026-11-02"})
    second = {"enrolled_on": "2026-11-09", "initial_assessment_on": "2026-11-09"}
    given(practice, {**second, "payer": "Aetna"})
    found = [on(practice, day) for day in (date(2026, 10, 19), date(2026, 11, 8), date(2026, 11, 9))]
    assert found == ["Cedar Health", "Medicare", "Aetna"]


def test_a_care_manager_whom_the_file_names_first_has_days(practice: TryPractice) -> None:
    """Ana until the day before, and Ben, added with the file, from then on."""
    given(practice, {"care_manager": "Ana Flores"})
    given(practice, {"care_manager": "Ben Okoro", "care_manager_from": "2026-11-03"})
    found = [on(practice, date(2026, 11, day), "care_manager") for day in (2, 3)]
    assert [name_of(practice, number) for number in found] == ["Ana Flores", "Ben Okoro"]


def test_an_npi_of_somebody_not_enrolled_has_no_days(practice: TryPractice) -> None:
    """Nothing is billed for them."""
    loaded(practice, "patients", b"mrn,referring_npi\n123,1234567893\n")
    assert loaded(practice, "patients", b"mrn,referring_npi\n123,1306849450\n").changed == 1
    assert on(practice, TODAY, "referring_npi") == OTHER_NPI


COVERAGE = b"mrn,payer,from,to\n"


def test_a_coverage_file_says_who_covers_which_days(practice: TryPractice) -> None:
    """After the last day of one none is on file, or the next; twice the same changes nothing."""
    given(practice, {"payer": "Cedar Health"})
    rows = COVERAGE + b"123,Medicare,2026-11-03,2026-11-20\n123,Cedar Health,2025-01-01,2026-10-31\n"
    told = loaded(practice, "coverage", rows)
    assert (told.changed, told.unchanged) == (2, 0)
    days = [date(2026, 10, 31), date(2026, 11, 2), date(2026, 11, 3), date(2026, 11, 20), date(2026, 11, 21)]
    assert [on(practice, day) for day in days] == ["Cedar Health", "", "Medicare", "Medicare", ""]
    again = loaded(practice, "coverage", rows)
    assert (again.changed, again.unchanged) == (0, 2)


def test_a_coverage_in_between_leaves_the_one_around_it(practice: TryPractice) -> None:
    """Cedar Health before and after; without a last day it goes on."""
    given(practice, {"payer": "Cedar Health"})
    loaded(practice, "coverage", COVERAGE + b"123,Aetna,2026-11-03,2026-11-09\n")
    assert [on(practice, date(2026, 11, day)) for day in (2, 3, 9, 10)] == [
        "Cedar Health",
        "Aetna",
        "Aetna",
        "Cedar Health",
    ]
    loaded(practice, "coverage", COVERAGE + b"123,Medicare,2026-11-16,\n")
    assert [on(practice, date(2026, 11, day)) for day in (15, 16, 30)] == [
        "Cedar Health",
        "Medicare",
        "Medicare",
    ]


def test_a_coverage_that_ended_before_care_began_is_nothing(practice: TryPractice) -> None:
    """And one on its last day is."""
    given(practice, {"payer": "Cedar Health"})
    assert loaded(practice, "coverage", COVERAGE + b"123,Aetna,2026-01-01,2026-10-04\n").unchanged == 1
    assert loaded(practice, "coverage", COVERAGE + b"123,Aetna,2026-01-01,2026-10-05\n").changed == 1
    assert [on(practice, date(2026, 10, day)) for day in (5, 6)] == ["Aetna", "Cedar Health"]


def test_a_coverage_needs_a_patient_in_care_and_days_in_order(practice: TryPractice) -> None:
    """Each row that cannot be taken is named, and nothing is stored."""
    given(practice, {"payer": "Cedar Health"})
    rows = b"98765,Aetna,2026-11-03,\n123,Aetna,2026-11-03,2026-11-02\n123,,2026-11-03,\n"
    told = load(practice, "coverage", COVERAGE + rows)
    assert [(one.line, one.column) for one in told.problems] == [(2, "mrn"), (3, "to"), (4, "payer")]
    assert on(practice, date(2026, 11, 3)) == "Cedar Health"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            b"123,Cedar Health,2026-10-05,2026-11-03\n123,Medicare,2026-11-03,\n",
            (3, "Line 2 goes up to 2026-11-03. Begin this row the day after, or end that one before."),
        ),
        (
            b"123,Medicare,2026-11-03,2026-11-09\n123,Aetna,2026-11-01,2026-11-30\n",
            (2, "Line 3 goes up to 2026-11-30. Begin this row the day after, or end that one before."),
        ),
        (
            b"123,Medicare,2026-11-03,\n123,Aetna,2026-11-03,\n",
            (3, "Line 2 begins on the same day. Keep one of the two."),
        ),
    ],
)
def test_two_payers_for_one_day_are_refused(
    practice: TryPractice, rows: bytes, said: tuple[int, str]
) -> None:
    """Whichever of them came last in the file would have won in silence."""
    given(practice, {"payer": "Cedar Health"})
    told = load(practice, "coverage", COVERAGE + rows)
    assert [(one.line, one.column, one.message) for one in told.problems] == [(said[0], "from", said[1])]
    assert on(practice, date(2026, 11, 3)) == "Cedar Health"


def test_a_coverage_without_an_end_goes_on_where_one_had_ended(practice: TryPractice) -> None:
    """That none was on file behind the earlier one is no coverage; one that is on file stays."""
    given(practice, {"payer": "Cedar Health"})
    loaded(practice, "coverage", COVERAGE + b"123,Cedar Health,2026-10-05,2026-11-10\n")
    assert on(practice, date(2026, 11, 11)) == ""
    assert loaded(practice, "coverage", COVERAGE + b"123,Medicare,2026-11-03,\n").changed == 1
    assert [on(practice, date(2026, 11, day)) for day in (2, 3, 11, 30)] == [
        "Cedar Health",
        *["Medicare"] * 3,
    ]
    loaded(practice, "coverage", COVERAGE + b"123,Aetna,2026-11-20,\n")
    loaded(practice, "coverage", COVERAGE + b"123,Oak Plan,2026-11-05,\n")
    assert [on(practice, date(2026, 11, day)) for day in (4, 5, 19, 20)] == [
        "Medicare",
        "Oak Plan",
        "Oak Plan",
        "Aetna",
    ]


def test_a_place_is_kept_in_two_digits(practice: TryPractice) -> None:
    """However a spreadsheet writes it; words alone are no place."""
    given(practice, {"place_of_service": "50 - FQHC"})
    assert on(practice, TODAY, "place_of_service") == "50"
    told = load(practice, "patients", b"mrn,place_of_service\n123,rural health clinic\n")
    assert [one.message for one in told.problems] == [
        "'rural health clinic' is not a place of service. Write its two digits, such as 11 for an office."
    ]


def test_two_rows_of_one_patient_are_taken_in_their_order(practice: TryPractice) -> None:
    """Whichever comes first in the file."""
    given(practice, {"payer": ""})
    rows = b"123,Medicare,2026-11-03,\n123,Cedar Health,2026-10-05,2026-11-02\n"
    loaded(practice, "coverage", COVERAGE + rows)
    assert [on(practice, date(2026, 11, day)) for day in (2, 3)] == ["Cedar Health", "Medicare"]


def test_a_coverage_file_names_whose_payer_changes_and_whose_rules_are_missing(practice: TryPractice) -> None:
    """A payer in another spelling is another payer: by line, with the one before."""
    given(practice, {"payer": "Medicare"})
    told = load(practice, "coverage", COVERAGE + b"123,Oak Mutual,2026-11-03,2026-11-09\n")
    assert told.news == (
        "Changes (1): 123 (line 2): Oak Mutual from 2026-11-03 to 2026-11-09, was Medicare.",
    )
    assert "No rules on file for Oak Mutual, so the practice's own rules judge their lines." in told.remarks
    loaded(practice, "coverage", COVERAGE + b"123,Oak Mutual,2026-11-03,2026-11-09\n")
    assert load(practice, "coverage", COVERAGE + b"123,Oak Mutual,2026-11-03,2026-11-09\n").news == ()
