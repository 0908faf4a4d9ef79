"""Every finding there is, in the order in which a biller reads them."""

from billing.clinical import AttestationKind
from billing.findings import (
    addendum,
    after_discharge,
    apcm,
    assessment_missing,
    before_assessment,
    bhi_offered,
    capped,
    consent_incomplete,
    consent_missing,
    consultant_decisive,
    correction_decisive,
    corrupt_entries,
    diagnosis_missing,
    episode_lapsed,
    held_activity,
    initiating_visit,
    just_above,
    last_day_decisive,
    late_decisive,
    late_entries,
    long_entries,
    modifier_25,
    necessity,
    not_enrolled,
    npi,
    outside_therapist,
    overlapping_time,
    part2_record,
    payer_missing,
    payer_unverified,
    phone_assessment_same_claim,
    prior_authorization,
    psychotherapy_same_manager,
    rate_missing,
    reenrolled_within_gap,
    repeated_words,
    review_missing,
    scale_missing,
    screening_same_claim,
    time_without_consent,
    undocumented,
    unknown,
    yearly_limit,
)
from billing.findings.finding import Finding, MonthCase, Rule
from billing.findings.row import Row

ROWS: tuple[Row, ...] = (
    not_enrolled.ROW,
    after_discharge.ROW,
    consent_missing.ROW,
    consent_incomplete.ROW,
    time_without_consent.ROW,
    assessment_missing.ROW,
    before_assessment.ROW,
    scale_missing.ROW,
    review_missing.ROW,
    npi.NPI_MISSING,
    npi.NPI_INVALID,
    diagnosis_missing.ROW,
    initiating_visit.INITIATING_VISIT_MISSING,
    initiating_visit.INITIATING_VISIT_UNKNOWN,
    payer_missing.ROW,
    payer_unverified.ROW,
    psychotherapy_same_manager.ROW,
    outside_therapist.ROW,
    prior_authorization.ROW,
    necessity.ROW,
    episode_lapsed.ROW,
    late_decisive.ROW,
    consultant_decisive.ROW,
    correction_decisive.ROW,
    last_day_decisive.ROW,
    held_activity.ROW,
    overlapping_time.ROW,
    corrupt_entries.ROW,
    long_entries.ROW,
    undocumented.ROW,
    repeated_words.ROW,
    screening_same_claim.ROW,
    phone_assessment_same_claim.ROW,
    apcm.ROW,
    part2_record.ROW,
    late_entries.ROW,
    addendum.ROW,
    reenrolled_within_gap.ROW,
    yearly_limit.ROW,
    capped.ROW,
    modifier_25.ROW,
    bhi_offered.ROW,
    just_above.ROW,
    rate_missing.ROW,
)

#: The rules that look at one month, each once.
RULES: tuple[Rule, ...] = tuple(dict.fromkeys(row.find for row in ROWS if row.find is not None))

_BY_CODE = {row.code: row for row in ROWS}


def find(case: MonthCase) -> tuple[Finding, ...]:
    """Everything that the rules find in a month."""
    return tuple(finding for rule in RULES if (finding := rule(case)) is not None)


def row_of(finding: Finding) -> Row:
    """What a finding means; of a code that this version does not find any more, as little as is known of it."""
    return _BY_CODE.get(finding.code) or unknown.row(finding)


def answered_by(kind: AttestationKind) -> Row:
    """The finding that an attestation answers."""
    return next(row for row in ROWS if row.answered_by is kind)


def title_of(finding: Finding) -> str:
    """A few words for a list."""
    return row_of(finding).title


def message_of(finding: Finding) -> str:
    """A finding's sentence, its parameters filled in."""
    return row_of(finding).message(finding)


def open_to_all(finding: Finding) -> bool:
    """Whether others than supervisors see a finding too."""
    return not row_of(finding).is_for_supervisors_only(finding)
