"""Every rule that looks at one month, in the order in which a biller reads findings."""

from billing.findings.addendum import addendum
from billing.findings.after_discharge import after_discharge
from billing.findings.apcm import apcm
from billing.findings.assessment_missing import assessment_missing
from billing.findings.before_assessment import before_assessment
from billing.findings.bhi_offered import bhi_offered
from billing.findings.capped import capped
from billing.findings.consent_incomplete import consent_incomplete
from billing.findings.consent_missing import consent_missing
from billing.findings.consultant_decisive import consultant_decisive
from billing.findings.correction_decisive import correction_decisive
from billing.findings.corrupt_entries import corrupt_entries
from billing.findings.diagnosis_missing import diagnosis_missing
from billing.findings.episode_lapsed import episode_lapsed
from billing.findings.finding import Finding, MonthCase, Rule
from billing.findings.held_activity import held_activity
from billing.findings.initiating_visit import initiating_visit
from billing.findings.last_day_decisive import last_day_decisive
from billing.findings.late_decisive import late_decisive
from billing.findings.late_entries import late_entries
from billing.findings.long_entries import long_entries
from billing.findings.modifier_25 import modifier_25
from billing.findings.necessity import necessity
from billing.findings.not_enrolled import not_enrolled
from billing.findings.npi import npi
from billing.findings.outside_therapist import outside_therapist
from billing.findings.overlapping_time import overlapping_time
from billing.findings.part2_record import part2_record
from billing.findings.payer_missing import payer_missing
from billing.findings.payer_unverified import payer_unverified
from billing.findings.phone_assessment_same_claim import phone_assessment_same_claim
from billing.findings.prior_authorization import prior_authorization
from billing.findings.psychotherapy_same_manager import psychotherapy_same_manager
from billing.findings.reenrolled_within_gap import reenrolled_within_gap
from billing.findings.repeated_words import repeated_words
from billing.findings.review_missing import review_missing
from billing.findings.scale_missing import scale_missing
from billing.findings.screening_same_claim import screening_same_claim
from billing.findings.time_without_consent import time_without_consent
from billing.findings.undocumented import undocumented
from billing.findings.yearly_limit import yearly_limit

RULES: tuple[Rule, ...] = (
    not_enrolled,
    after_discharge,
    consent_missing,
    consent_incomplete,
    time_without_consent,
    assessment_missing,
    before_assessment,
    scale_missing,
    review_missing,
    npi,
    diagnosis_missing,
    initiating_visit,
    payer_missing,
    payer_unverified,
    psychotherapy_same_manager,
    outside_therapist,
    prior_authorization,
    necessity,
    episode_lapsed,
    late_decisive,
    consultant_decisive,
    correction_decisive,
    last_day_decisive,
    held_activity,
    overlapping_time,
    corrupt_entries,
    long_entries,
    undocumented,
    repeated_words,
    screening_same_claim,
    phone_assessment_same_claim,
    apcm,
    part2_record,
    late_entries,
    addendum,
    reenrolled_within_gap,
    yearly_limit,
    capped,
    modifier_25,
    bhi_offered,
)


def find(case: MonthCase) -> tuple[Finding, ...]:
    """Everything that the rules find in a month."""
    return tuple(finding for rule in RULES if (finding := rule(case)) is not None)
