"""Every sentence that a biller reads, as it stands."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from billing.activities import Activity, ActivitySource
from billing.claim_facts import ClaimFact, ClaimFactKind
from billing.clinical import OtherService
from billing.entries import TimeEntry
from billing.episodes import Consent, Program
from billing.evaluate import evaluate_month
from billing.facts import MonthFacts
from billing.findings import rate_missing, timely_filing
from billing.findings.finding import Finding, Severity
from billing.findings.just_above import just_above, margin
from billing.findings.registry import ROWS, message_of
from billing.findings.row import Fix, Row, When
from billing.months import BillingMonth
from billing.overlaps import find_overlaps
from billing.payer import Payer
from billing.people import MemberRole, Role
from billing.rules import Limit99492, Modifier, PracticeRules
from tests.support.coverage import changing
from tests.support.findings import THERAPY, enrolled, result
from tests.support.months import (
    ANA,
    DR_CHO,
    NOVEMBER,
    TEST_PAYER,
    a_first_month,
    a_month,
    a_review,
    an_entry,
    an_episode,
)
from tests.support.payers import lakeside

START = date(2026, 11, 2)
LATE = {"recorded_on": date(2026, 11, 9)}
INFERRED = {"activity": Activity.CRISIS, "activity_source": ActivitySource.INFERRED}
NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
VISIT_PAYER = lakeside(modifiers=(Modifier(code="E/M", modifier="25"),))


def bare() -> MonthFacts:
    """A first month that lacks everything but its assessment."""
    episode = an_episode(
        enrolled_on=START,
        initial_assessment_on=START,
        consent=None,
        payer="",
        initiating_visit_on=None,
        diagnosis_codes=(),
        outside_therapist=True,
        apcm=True,
        part2_record=True,
    )
    given = ("96127", "98966", "99213", "99484", "G0323", "90834")
    services = tuple(OtherService(code=code, service_on=START) for code in given)
    services += (OtherService(code="90837", service_on=START, performed_by=ANA),)
    return a_month(
        100,
        episodes=(episode,),
        reviews=(),
        scores=(),
        referring_npi="",
        problems_recorded=False,
        other_services=services,
    )


def odd() -> MonthFacts:
    """A month of odd entries."""
    consent = Consent(given_on=date(2026, 11, 3))
    other = an_entry(90, 10, date(2026, 11, 3), patient_id=2, started_at=NOON)
    made = (
        an_entry(1, 5, date(2026, 11, 2)),
        an_entry(2, 10, date(2026, 11, 3), started_at=NOON, recorded_at=NOON + timedelta(hours=9)),
        an_entry(3, 125, date(2026, 11, 4), note_digest=""),
        an_entry(4, 5, date(2026, 11, 5), note_digest="same"),
        an_entry(5, 5, date(2026, 11, 5), **INFERRED),
        an_entry(6, 0, date(2026, 11, 5)),
        an_entry(7, 20, date(2026, 11, 5), **THERAPY),
        an_entry(8, 5, date(2026, 11, 5), **LATE),
        an_entry(9, 5, date(2026, 11, 5), recorded_at=NOON + timedelta(days=40)),
        an_entry(10, 5, date(2026, 11, 5), activity_source=ActivitySource.REPEATED),
        an_entry(11, 5, date(2026, 11, 5), activity_source=ActivitySource.WITHOUT_ROLE),
    )
    return a_month(
        entries=made,
        episodes=enrolled(consent=consent, billing_npi="1", diagnosis_codes=("F33", "F41.1")),
        overlaps=find_overlaps([other, made[1]]),
        repeated_words=frozenset({"same"}),
        closed_at=NOON + timedelta(days=30),
        referring_npi="1",
    )


def long_ago() -> MonthFacts:
    """The second year of care after a pause, with a first episode before it."""
    start = date(2025, 10, 1)
    episodes = enrolled(
        enrolled_on=start, initial_assessment_on=start, initiating_visit_needed=True, initiating_visit_on=None
    )
    return a_month(10, 20, episodes=episodes, active_months=(BillingMonth(2026, 1),))


def mirrored() -> tuple[TimeEntry, ...]:
    """A case review that Ana and Dr. Cho both wrote down."""
    cho = an_entry(2, activity=Activity.CASE_REVIEW, role=Role.CONSULTANT, performed_by=DR_CHO)
    return an_entry(1, activity=Activity.CASE_REVIEW), cho


def said(facts: MonthFacts, payer: Payer | None = TEST_PAYER) -> dict[str, str]:
    return {each.code: message_of(each) for each in result(facts, payer).findings}


def everything_said() -> dict[str, str]:
    """All findings of some months that have every fault between them."""
    old = an_episode(
        episode_id=9,
        enrolled_on=date(2026, 1, 5),
        initial_assessment_on=date(2026, 1, 5),
        discharged_on=date(2026, 9, 5),
    )
    new = a_first_month(60)
    unknown_visit = replace(new.episodes[0], initiating_visit_on=None)
    words = said(bare(), VISIT_PAYER) | said(odd()) | said(long_ago(), lakeside(prior_auth_after_months=6))
    words |= said(long_ago(), lakeside(prior_auth_after_months=6, authorized_months=6))
    practitioners = (("1679576722", START), ("1306849450", date(2026, 11, 3)))
    billing = [
        ClaimFact(kind=ClaimFactKind.BILLING_NPI, value=npi, from_day=day) for npi, day in practitioners
    ]
    words |= said(a_month(60, claim_facts=tuple(billing)))
    words |= said(a_month(60, episodes=()))
    words |= said(a_month(entries=mirrored()))
    words |= said(a_month(60, episodes=enrolled(discharged_on=date(2026, 10, 9))))
    words |= said(a_month(60, episodes=enrolled(initial_assessment_on=None)))
    words |= said(a_month(60, episodes=enrolled(initial_assessment_on=date(2026, 12, 9))))
    words |= said(replace(new, episodes=(old, *new.episodes)))
    words |= said(replace(new, episodes=(unknown_visit,)))
    yearly = lakeside(limit_99492=Limit99492.PER_CALENDAR_YEAR)
    words |= said(replace(new, initial_months=(BillingMonth(2026, 2),)), yearly)
    words |= said(a_month(120), lakeside(max_99494=1))
    words |= said(
        a_month(entries=(an_entry(1, 50), an_entry(2, 10, role=Role.CONSULTANT, performed_by=DR_CHO)))
    )
    words |= said(a_month(entries=(an_entry(1, 50), an_entry(2, 10, **LATE))))
    words |= said(a_month(entries=(an_entry(1, 60, first_seconds=9),)))
    words |= said(a_month(entries=(an_entry(1, 60, NOVEMBER.last_day),)))
    general = an_episode(
        episode_id=2,
        program=Program.BHI,
        enrolled_on=date(2026, 11, 20),
        initial_assessment_on=None,
        consent=Consent(given_on=date(2026, 11, 20)),
    )
    both = (an_episode(discharged_on=date(2026, 11, 19)), general)
    words |= said(a_month(entries=(an_entry(1, 60), an_entry(2, 20, date(2026, 11, 24))), episodes=both))
    shared = changing(
        NOVEMBER, [(NOVEMBER.first_day, TEST_PAYER), (date(2026, 11, 4), replace(TEST_PAYER, name="B"))]
    )
    words |= {each.code: message_of(each) for each in evaluate_month(a_month(30, 30), shared).findings}
    words |= said(a_month(20, episodes=enrolled(program=Program.BHI)))
    words |= said(a_month(60), lakeside(verified_on=None))
    words |= said(a_month(60), lakeside(covered_codes=frozenset({"99484"})))
    words |= said(a_month(60, reviews=(a_review(START, recorded_on=date(2026, 11, 9)),)))
    bhi = an_episode(
        program=Program.BHI,
        enrolled_on=START,
        initial_assessment_on=None,
        initiating_visit_on=None,
    )
    words |= said(a_month(20, episodes=(bhi,), scores=()))
    words |= said(a_month(20, episodes=(replace(bhi, initiating_visit_needed=True),)))
    cluster = just_above([margin(result(a_month(61)).threshold)] * 5, PracticeRules())
    assert cluster is not None
    return words | {cluster.code: message_of(cluster)}


WORDS = {
    "addendum": "Written after the month was closed: an addendum, in no total until the month is "
    "closed again.",
    "after_discharge": "The patient was discharged before this month.",
    "apcm": "Enrolled in APCM: bill either 99492 and 99494, or G0568 with G0556-G0558 (none is on file) by the same "
    "practitioner in the month, never both. Held until a biller chooses.",
    "assessment_missing": "Initial assessment missing: CoCM codes rest on one.",
    "beyond_authorized": "Month 14 of the episode: this payer pays for 12 months and no more, authorized or not.",
    "before_assessment": "The initial assessment came in a later month. Months before it bill nothing.",
    "bhi_assessment_missing": "Initial assessment missing: 99484 rests on one, as the CoCM codes do.",
    "bhi_scale_missing": "Validated scale missing: 99484 asks for one (PHQ-9, GAD-7 ...), and no score since care "
    "began is on file.",
    "bhi_visit_missing": "Initiating visit missing: 99484 needs one for this patient, and no visit within a year is "
    "on file.",
    "bhi_visit_unknown": "No initiating visit on file for 99484, and no record that none was needed.",
    "bhi_offered": "No CoCM code is reached, but staff time would reach 99484 (General BHI) instead.",
    "both_programs": "Time in General BHI reaches 99484 too. A month bills one program: CoCM, which pays more.",
    "capped": "The minutes would give 1 more of 99494 than this payer pays in a month.",
    "code_not_covered": "The minutes reach 99493, which Lakeside Health does not take by the rules on file.",
    "consent_incomplete": "The consent on file does not say whether it was verbal or written or that "
    "cost-sharing was disclosed.",
    "consent_missing": "Consent missing: nothing is billed without one on file.",
    "consultant_decisive": "Only the consultant's minutes carry this month over its threshold.",
    "correction_decisive": "Corrections that made entries longer carry this month over a threshold.",
    "corrupt_entries": "Entries with an impossible length or a date outside the month are not counted.",
    "coverage_split": "The payer changed within the month, and only the days of all payers together reach 99493. The "
    "line goes to the payer on its date of service: B.",
    "diagnosis_missing": "No diagnosis and no problem list on file.",
    "entered_twice": "5 min held, not counted: it looks like another entry of the same person, patient and day.",
    "episode_lapsed": "No CoCM time for 6 months in a row before this one: that ends an episode.",
    "held_activity": "5 min held, not counted: the notes read like crisis care.",
    "initiating_visit_missing": "Initiating visit missing: one is needed, and no visit within a year is on file.",
    "initiating_visit_unknown": "No initiating visit on file, and no record that none was needed.",
    "just_above": "5 of 5 months lie just above a threshold.",
    "last_day_decisive": "Time on the last day carries this month over a threshold.",
    "late_decisive": "Late entries carry this month over a threshold.",
    "late_entries": "Late entries: written more than 1 business day after the date of service.",
    "late_record_decides": "This line depends on what was recorded late: case review of Nov 2, 2026 (recorded Nov 9, "
    "2026).",
    "late_recorded": "Recorded more than 1 business day after its date: case review of Nov 2, 2026 (recorded Nov 9, "
    "2026).",
    "long_entries": "Entries over 2 h are unusually long.",
    "modifier_25": "A visit was billed on the day care began: this payer asks for modifier 25 on it.",
    "mirrored_review": "The care manager and the consultant each logged a case review on Nov 3. It counts once until "
    "someone says that these are two reviews.",
    "necessity": "Month 14 of the episode: no recent statement says why care is still medically necessary.",
    "new_practitioner": "The billing practitioner changed on Nov 3, 2026, and no consent since then is on file: "
    "the patient must consent again.",
    "not_enrolled": "Not enrolled: no episode of care had begun by this month.",
    "billing_npi_invalid": "The billing NPI on file is not valid: an NPI has 10 digits, the last of which is a check "
    "digit.",
    "diagnosis_incomplete": "Not a complete code of ICD-10-CM: F33. Payers deny a claim with it.",
    "npi_invalid": "The NPI on file is not valid: an NPI has 10 digits, the last of which is a check digit.",
    "npi_missing": "NPI missing: a claim names the treating or referring practitioner by it.",
    "other_claim_on_file": "Another claim of these codes is on file for this month: 99484 on Nov 2. A patient's "
    "month is billed once.",
    "outside_therapist": "The patient sees an outside therapist: no statement says that care "
    "management does not duplicate that work.",
    "overlapping_time": "Clock times overlap another entry of the same person: the time counts once.",
    "part2_record": "The record holds substance use treatment (42 CFR Part 2): disclose only with "
    "that consent.",
    "payer_missing": "No payer on file.",
    "payer_unverified": "This payer's rules are unverified.",
    "phone_assessment_same_claim": "A phone assessment (98966-98968) is billed in the same month: its minutes may "
    "not count twice.",
    "prior_authorization": "Prior authorization missing: this payer asks for it after 6 months.",
    "psychologists_claim": "General BHI by a psychologist or social worker is on file as billed: G0323 on Nov 2. It "
    "is not known whether both may be billed in one month.",
    "psychotherapist_unknown": "Psychotherapy is on file as billed: 90834 on Nov 2, but not who gave it. If a care "
    "manager of this month did, the line cannot be billed.",
    "psychotherapy_billed": "A care manager of this month billed psychotherapy: 90837 on Nov 2. This payer accepts "
    "one or the other.",
    "psychotherapy_same_manager": "Psychotherapy by the same care manager in the month: this payer accepts one or "
    "the other.",
    "reenrolled_within_gap": "Enrolled again within 6 months of earlier care: the episode's months bill "
    "99493.",
    "repeated_words": "The same words were written for several patients: each record needs its own.",
    "review_missing": "Case review missing: the psychiatric consultant has not reviewed this case in "
    "the month.",
    "scale_missing": "Validated scale missing: no score (PHQ-9, GAD-7 ...) of the initial "
    "assessment is on file.",
    "screening_same_claim": "96127 is billed in the same month: some payers see the scale as part of CoCM.",
    "time_without_consent": "Time before consent was given, or after it was revoked, is not counted.",
    "time_without_role": "5 min held, not counted: whoever did it had no role here when the file came in.",
    "undocumented": "Entries without a note: undocumented time does not stand up to an audit.",
    "yearly_limit": "This payer pays 99492 once in a calendar year, and it was earned earlier: 99493 "
    "instead.",
}


def test_every_finding_says_its_sentence() -> None:
    """The words of each finding, as a biller reads them."""
    assert everything_said() == WORDS


def test_every_row_speaks() -> None:
    """No row is left without a sentence here; a missing rate and the last day for filing are no matter of the month."""
    assert {row.code for row in ROWS} == {*WORDS, rate_missing.ROW.code, timely_filing.ROW.code}


@pytest.mark.parametrize("row", ROWS, ids=[row.code for row in ROWS])
def test_each_row_says_what_is_the_matter_and_what_to_do(row: Row) -> None:
    """A title of a few words; something to do exactly where somebody can do it, as one or more sentences."""
    assert 0 < len(row.title) <= 40
    assert not row.title.endswith(".")
    assert bool(row.to_do) == bool(row.fixed_by)
    assert row.to_do == "" or (row.to_do[0].isupper() and row.to_do.endswith("."))
    assert row.told is When.WHEN_ASKED or row.to_do
    assert set(row.supervisors_only) <= set(row.severities)
    assert not _NOT_PLAIN.search(f"{row.title} {row.to_do} {WORDS.get(row.code, '')}")


@pytest.mark.parametrize("row", ROWS, ids=[row.code for row in ROWS])
def test_each_row_has_a_tap_that_settles_it_or_says_who_does_and_where(row: Row) -> None:
    """What an attestation answers is attested, what a statement settles is stated; notes may have nothing to settle."""
    assert (row.fix is Fix.ATTEST) == (row.answered_by is not None)
    assert (row.fix is Fix.STATE) == (row.states is not None)
    if row.fix is Fix.ELSEWHERE:
        assert row.to_do or row.severities == (Severity.NOTE,)
    else:
        assert row.fixed_by


@pytest.mark.parametrize("row", ROWS, ids=[row.code for row in ROWS])
def test_who_cannot_type_it_learns_who_can(row: Row) -> None:
    """What a care manager cannot fix names in words the role that can."""
    if row.fixed_by and MemberRole.CARE_MANAGER not in row.fixed_by:
        assert any(role.value.replace("admin", "administrator") in row.to_do for role in row.fixed_by)


def test_a_finding_kept_without_its_parameters_still_says_what_it_is() -> None:
    """A month closed before parameters were kept shows the title."""
    for row in ROWS:
        said = row.message(Finding(code=row.code, severity=row.severities[0]))
        assert said.endswith(".")
        assert "{" not in said


#: Words of no clinic.
_NOT_PLAIN = re.compile(r"\b(?:mend|anew|programme|enrolment|on record|tell)\b")
