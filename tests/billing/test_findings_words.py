"""Every sentence that a biller reads, as it stands."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from billing.activities import Activity, ActivitySource
from billing.clinical import OtherService
from billing.clusters import just_above
from billing.episodes import Consent, Program
from billing.facts import MonthFacts
from billing.findings.registry import RULES
from billing.months import BillingMonth
from billing.overlaps import find_overlaps
from billing.payers import Payer
from billing.people import Role
from billing.rules import Limit99492, Modifier, PracticeRules
from tests.billing.test_findings_care import THERAPY, enrolled, result
from tests.support.months import DR_CHO, NOVEMBER, TEST_PAYER, a_first_month, a_month, an_entry, an_episode

START = date(2026, 11, 2)
LATE = {"recorded_on": date(2026, 11, 9)}
INFERRED = {"activity": Activity.CRISIS, "activity_source": ActivitySource.INFERRED}
NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
VISIT_PAYER = replace(TEST_PAYER, modifiers=(Modifier(code="E/M", modifier="25"),))


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
    services = tuple(OtherService(code=code, service_on=START) for code in ("96127", "98966", "99213"))
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
    )
    return a_month(
        entries=made,
        episodes=enrolled(consent=consent),
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


def said(facts: MonthFacts, payer: Payer | None = TEST_PAYER) -> dict[str, str]:
    return {each.code: each.message for each in result(facts, payer).findings}


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
    words = (
        said(bare(), VISIT_PAYER)
        | said(odd())
        | said(long_ago(), replace(TEST_PAYER, prior_auth_after_months=6))
    )
    words |= said(a_month(60, episodes=()))
    words |= said(a_month(60, episodes=enrolled(discharged_on=date(2026, 10, 9))))
    words |= said(a_month(60, episodes=enrolled(initial_assessment_on=None)))
    words |= said(a_month(60, episodes=enrolled(initial_assessment_on=date(2026, 12, 9))))
    words |= said(replace(new, episodes=(old, *new.episodes)))
    words |= said(replace(new, episodes=(unknown_visit,)))
    yearly = replace(TEST_PAYER, limit_99492=Limit99492.PER_CALENDAR_YEAR)
    words |= said(replace(new, initial_months=(BillingMonth(2026, 2),)), yearly)
    words |= said(a_month(120), replace(TEST_PAYER, max_99494=1))
    words |= said(
        a_month(entries=(an_entry(1, 50), an_entry(2, 10, role=Role.CONSULTANT, performed_by=DR_CHO)))
    )
    words |= said(a_month(entries=(an_entry(1, 50), an_entry(2, 10, **LATE))))
    words |= said(a_month(entries=(an_entry(1, 60, first_seconds=9),)))
    words |= said(a_month(entries=(an_entry(1, 60, NOVEMBER.last_day),)))
    words |= said(a_month(20, episodes=enrolled(program=Program.BHI)))
    words |= said(a_month(60), replace(TEST_PAYER, verified_on=None))
    cluster = just_above([result(a_month(61)) for _ in range(5)], PracticeRules())
    assert cluster is not None
    return words | {cluster.code: cluster.message}


WORDS = {
    "addendum": "Written after the month was closed: an addendum, in no total until the month is "
    "closed again.",
    "after_discharge": "The patient was discharged before this month. Enroll again if care goes on.",
    "apcm": "Enrolled in APCM: hold until it is clear whether G0568-G0570 replace these codes.",
    "assessment_missing": "Initial assessment missing: record its date, with the scale used and its score.",
    "before_assessment": "The initial assessment came in a later month. Months before it bill nothing.",
    "bhi_offered": "No CoCM code is reached, but staff time would reach 99484 (General BHI) instead.",
    "capped": "The minutes would give 1 more of 99494 than this payer pays in a month.",
    "consent_incomplete": "The consent on record does not say whether it was verbal or written or that "
    "cost-sharing was disclosed.",
    "consent_missing": "Consent missing: record whether it was verbal or written, its date and who took it.",
    "consultant_decisive": "Only the consultant's minutes carry this month over its threshold: a biller "
    "attests them.",
    "correction_decisive": "Corrections that made entries longer carry this month over a threshold.",
    "corrupt_entries": "Entries with an impossible length or a date outside the month are not counted: "
    "correct them.",
    "diagnosis_missing": "No diagnosis and no problem list on record.",
    "episode_lapsed": "No CoCM time for 6 months in a row before this one: that ends an episode. "
    "Enroll again.",
    "held_activity": "Time is held until someone says whether it was care management: confirm its activity.",
    "initiating_visit_missing": "Initiating visit missing: it is recorded as needed, and no visit within a year "
    "is.",
    "initiating_visit_unknown": "No initiating visit on record. Record its date, or that none was needed.",
    "just_above": "5 of 5 months lie just above a threshold: look at how time is kept.",
    "last_day_decisive": "Time on the last day carries this month over a threshold.",
    "late_decisive": "Late entries carry this month over a threshold: a supervisor looks at them and "
    "attests.",
    "late_entries": "Late entries: keyed more than 1 business day after the date of service.",
    "long_entries": "Entries over 2 h: check that the time is right.",
    "modifier_25": "A visit was billed on the day care began: this payer asks for modifier 25 on it.",
    "necessity": "Month 14 of the episode: record why care is still medically necessary.",
    "not_enrolled": "Not enrolled: no episode of care had begun by this month. Enroll the patient to "
    "bill it.",
    "npi_invalid": "The NPI on record is not valid: an NPI has 10 digits, the last of which is a "
    "check digit.",
    "npi_missing": "NPI missing: record the treating or referring practitioner's NPI.",
    "outside_therapist": "The patient sees an outside therapist: record that care management does not "
    "duplicate that work.",
    "overlapping_time": "Clock times overlap another entry of the same person: the time counts once. "
    "Correct the times.",
    "part2_record": "The record holds substance use treatment (42 CFR Part 2): disclose only with "
    "that consent.",
    "payer_missing": "No payer on record.",
    "payer_unverified": "This payer's rules are unverified. Check them with the payer, then record the date.",
    "phone_assessment_same_claim": "A phone assessment (98966-98968) is billed in the same month: its minutes may "
    "not count twice.",
    "prior_authorization": "Prior authorization missing: this payer asks for it after 6 months.",
    "psychotherapy_same_manager": "Psychotherapy by the same care manager in the month: this payer accepts one or "
    "the other.",
    "reenrolled_within_gap": "Enrolled again within 6 months of earlier care: the episode's months bill "
    "99493.",
    "repeated_words": "The same words were written for several patients: each record needs its own.",
    "review_missing": "Case review missing: the psychiatric consultant has not reviewed this case in "
    "the month.",
    "scale_missing": "Validated scale missing: record the score (PHQ-9, GAD-7 ...) of the initial "
    "assessment.",
    "screening_same_claim": "96127 is billed in the same month: some payers see the scale as part of CoCM.",
    "time_without_consent": "Time before consent was given, or after it was revoked, is not counted.",
    "undocumented": "Entries without a note: undocumented time does not stand up to an audit.",
    "yearly_limit": "This payer pays 99492 once in a calendar year, and it was earned earlier: 99493 "
    "instead.",
}


def test_every_finding_says_its_sentence() -> None:
    """The words of each finding, as a biller reads them."""
    assert everything_said() == WORDS


def test_every_rule_speaks() -> None:
    """No rule is left without a sentence here: rules and codes are as many, where some have two."""
    two = {"npi": 2, "initiating_visit": 2}
    assert sum(two.get(rule.__name__, 1) for rule in RULES) + 1 == len(WORDS)
