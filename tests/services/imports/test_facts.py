"""What findings ask for besides time, brought in as files."""

from datetime import date

import pytest

from billing.months import BillingMonth
from services.months.judge import judge_month
from services.people import patients
from services.people.patient_ref import PatientRef
from storage import Database
from tests.support.files import load, loaded
from tests.support.practice import TryPractice

OCTOBER = BillingMonth(2026, 10)
ROSTER = (
    b"mrn,payer,enrolled_on,initial_assessment_on,consent_on,initiating_visit_needed,apcm,part2_record\n"
    b"MRN123,Lakeside,2026-10-02,2026-10-02,2026-10-02,%b,%b,%b\n"
)
ENTRIES = (
    b"entry_key,mrn,service_date,minutes,performed_by,role,activity\n"
    b"k1,123,2026-10-06,75,Ana Flores,care_manager,phone\n"
)


@pytest.fixture
def practice(database: Database) -> TryPractice:
    return TryPractice(database)


def found(practice: TryPractice) -> set[str]:
    """Codes of the findings of MRN123's October."""
    patient = practice.see(patients.need, PatientRef(text="123", identity="123"))
    result = practice.see(judge_month, patient, OCTOBER).result
    return {finding.code for finding in result.findings}


def test_the_roster_answers_what_findings_ask_of_an_episode(practice: TryPractice) -> None:
    """Whether an initiating visit was needed, APCM and Part 2 each have a column; an empty cell keeps the answer."""
    loaded(practice, "patients", ROSTER % (b"", b"", b""))
    loaded(practice, "entries", ENTRIES)
    asked = {"apcm", "part2_record"}
    assert "initiating_visit_unknown" in found(practice)
    loaded(practice, "patients", ROSTER % (b"yes", b"yes", b"yes"))
    assert {"initiating_visit_missing", *asked} <= found(practice)
    loaded(practice, "patients", ROSTER % (b"", b"", b""))
    assert {"initiating_visit_missing", *asked} <= found(practice)
    loaded(practice, "patients", ROSTER % (b"no", b"no", b"no"))
    # APCM has days: without one the answer holds from today on, and October keeps what was on file.
    assert {"initiating_visit_unknown", "initiating_visit_missing", *asked} & found(practice) == {"apcm"}
    ended = (
        (ROSTER % (b"no", b"no", b"no"))
        .replace(b"apcm,", b"apcm,apcm_from,")
        .replace(b"no,no,no", b"no,no,2026-10-02,no")
    )
    loaded(practice, "patients", ended)
    assert not {"initiating_visit_unknown", "initiating_visit_missing", *asked} & found(practice)


def test_imported_scores_free_an_imported_first_month(practice: TryPractice) -> None:
    """A score within the first month ends its blocker; the same row again adds nothing."""
    loaded(practice, "patients", ROSTER % (b"no", b"no", b"no"))
    loaded(practice, "entries", ENTRIES)
    assert "scale_missing" in found(practice)
    scores = b"mrn,scale,value,measured_on\nMRN123,phq9,14,2026-10-02\n"
    assert loaded(practice, "scores", scores).added == 1
    assert "scale_missing" not in found(practice)
    again = loaded(practice, "scores", scores)
    assert (again.added, again.unchanged) == (0, 1)


def test_other_claims_come_from_a_file(practice: TryPractice) -> None:
    """96127 and a phone assessment in the month are warned of."""
    loaded(practice, "patients", ROSTER % (b"no", b"no", b"no"))
    loaded(practice, "entries", ENTRIES)
    services = b"mrn,code,service_on\n123,96127,2026-10-05\n123,98967,10/6/2026\n123,96127,2026-10-05\n"
    outcome = loaded(practice, "services", services)
    assert (outcome.rows, outcome.added, outcome.unchanged) == (3, 2, 1)
    assert {"screening_same_claim", "phone_assessment_same_claim"} <= found(practice)


def test_a_score_is_taken_as_written_down_on_its_own_day(practice: TryPractice) -> None:
    """As an entry is, unless the file says on which day it was."""
    loaded(practice, "patients", ROSTER % (b"no", b"no", b"no"))
    loaded(practice, "entries", ENTRIES)
    loaded(
        practice, "scores", b"mrn,scale,value,measured_on,recorded_on\nMRN123,phq9,14,2026-10-02,10/20/2026\n"
    )
    assert "late_recorded" in found(practice)
    loaded(practice, "scores", b"mrn,scale,value,measured_on\nMRN123,gad7,4,2026-10-02\n")
    assert "late_record_decides" not in found(practice)
    patient = practice.see(patients.need, PatientRef(text="123", identity="123"))
    kept = practice.see(judge_month, patient, OCTOBER).facts.scores
    assert [one.recorded_on for one in kept] == [date(2026, 10, 20), date(2026, 10, 2)]


def test_the_roster_says_when_consent_and_assessment_were_written_down(practice: TryPractice) -> None:
    """A column each; without it they are taken as written down on their own day, and what is on file stays."""
    roster = b"mrn,payer,enrolled_on,initial_assessment_on,consent_on%b\nMRN123,Lakeside,%b\n"
    days = b"2026-10-02,2026-10-02,2026-10-02"
    loaded(practice, "patients", roster % (b"", days))
    loaded(practice, "entries", ENTRIES)
    assert (recorded(practice), "late_recorded" in found(practice)) == ([date(2026, 10, 2)] * 2, False)
    more = b",consent_recorded_on,assessment_recorded_on"
    loaded(practice, "patients", roster % (more, days + b",2026-10-20,2026-10-21"))
    late = [date(2026, 10, 20), date(2026, 10, 21)]
    assert (recorded(practice), "late_recorded" in found(practice)) == (late, True)
    loaded(practice, "patients", roster % (b"", days))
    assert recorded(practice) == late
    loaded(practice, "patients", roster % (b"", b"2026-09-01,2026-09-01,2026-09-01"))
    assert recorded(practice) == [date(2026, 9, 1)] * 2
    refused = load(
        practice, "patients", b"mrn,enrolled_on,consent_recorded_on\nMRN987,2026-10-02,2026-10-20\n"
    )
    assert [one.message for one in refused.problems] == [
        "A consent needs its date. Fill in consent_on, or leave this empty."
    ]


def recorded(practice: TryPractice) -> list[date | None]:
    """The days on which MRN123's consent and assessment were written down."""
    patient = practice.see(patients.need, PatientRef(text="123", identity="123"))
    (episode,) = practice.see(judge_month, patient, OCTOBER).facts.episodes
    assert episode.consent is not None
    return [episode.consent.recorded_on, episode.assessment_recorded_on]


def test_who_gave_a_service_may_be_said_later(practice: TryPractice) -> None:
    """Not said, it is asked about; said by the care manager, it blocks; by somebody else, it is no matter."""
    loaded(practice, "patients", ROSTER % (b"no", b"no", b"no"))
    loaded(practice, "entries", ENTRIES)
    asked = loaded(practice, "services", b"mrn,code,service_on\n123,90837,2026-10-05\n")
    assert (asked.added, "psychotherapist_unknown" in found(practice)) == (1, True)
    row = b"mrn,code,service_on,performed_by\n123,90837,2026-10-05,%b\n"
    said = loaded(practice, "services", row % b"Ana Flores")
    assert (said.added, said.changed, said.unchanged) == (0, 1, 0)
    assert "psychotherapy_billed" in found(practice)
    assert loaded(practice, "services", row % b"").unchanged == 1
    assert "psychotherapy_billed" in found(practice)
    assert loaded(practice, "services", row % b"Other").changed == 1
    assert loaded(practice, "services", row % b"other").unchanged == 1
    assert not {"psychotherapy_billed", "psychotherapist_unknown"} & found(practice)
    refused = load(practice, "services", row % b"Sam Who")
    assert "No member goes by Sam Who." in refused.problems[0].message
    once = b"mrn,code,service_on,performed_by\n123,90834,2026-10-06,other\n123,90834,2026-10-06,\n"
    assert (loaded(practice, "services", once).added, found(practice) & {"psychotherapist_unknown"}) == (
        1,
        set(),
    )


@pytest.mark.parametrize(
    ("kind", "data", "said"),
    [
        ("scores", b"mrn,scale,value,measured_on\n1,PHQ-9,28,2026-10-02\n", "PHQ-9 goes up to 27"),
        ("scores", b"mrn,scale,value,measured_on\n1,mood,3,2026-10-02\n", "not a scale known"),
        ("scores", b"mrn,scale,value,measured_on\n1,PHQ-9,-1,2026-10-02\n", "not a score"),
        ("scores", b"mrn,scale,value,measured_on\n1,PHQ-9,3,2026-12-02\n", "has not come yet"),
        ("scores", b"mrn,scale,value,measured_on\n1,PHQ-9,3,\n", "The cell is empty"),
        ("services", b"mrn,code,service_on\n1,9612,2026-10-02\n", "not a code"),
        ("services", b"mrn,code\n1,96127\n", "service_on is missing"),
    ],
)
def test_what_cannot_be_taken_is_named_and_nothing_is_stored(
    practice: TryPractice, kind: str, data: bytes, said: str
) -> None:
    """Each with a sentence that says how to fix it."""
    outcome = load(practice, kind, data)
    assert not outcome.stored
    assert any(said in problem.message for problem in outcome.problems), outcome.problems
    assert practice.see(lambda context: context.uow.patients.by_identity("1")) is None


def test_two_values_of_one_scale_and_day_are_pointed_out(practice: TryPractice) -> None:
    """In one file, and beside what is on file: both are kept, and whoever imports them is told."""
    header = b"mrn,scale,value,measured_on\n"
    first = loaded(practice, "scores", header + b"MRN123,phq9,14,2026-10-02\n123,PHQ-9,4,2026-10-02\n")
    again = loaded(practice, "scores", header + b"MRN123,phq9,15,2026-10-02\nMRN123,gad7,4,2026-10-02\n")
    told = [[one for one in outcome.remarks if "More than one value" in one] for outcome in (first, again)]
    assert [len(one) for one in told] == [1, 1]
    assert "PHQ-9 on 2026-10-02 of MRN 123 (14, 4)" in told[0][0]
    assert "PHQ-9 on 2026-10-02 of MRN 123 (14, 15, 4)" in told[1][0]
