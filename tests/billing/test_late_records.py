"""Reviews, consents, scores and assessments that were written down late."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from billing.activities import Activity
from billing.claim_facts import ClaimFact, ClaimFactKind
from billing.clinical import Attestation, AttestationKind
from billing.episodes import Consent, Program
from billing.evaluate import LineStatus
from billing.facts import MonthFacts
from billing.findings.finding import Finding, Severity
from billing.findings.registry import message_of, row_of
from billing.people import Role
from tests.support.findings import codes, enrolled, only, result
from tests.support.months import (
    ANA,
    BEN,
    DR_CHO,
    a_first_month,
    a_month,
    a_review,
    a_score,
    an_entry,
    an_episode,
)
from tests.support.payers import lakeside

MONDAY, TUESDAY, THURSDAY = date(2026, 11, 2), date(2026, 11, 3), date(2026, 11, 5)
LATE_REVIEW = a_review(TUESDAY, recorded_on=THURSDAY)
NOTED, HELD = "late_recorded", "late_record_decides"


def attested(kind: AttestationKind = AttestationKind.LATE_RECORD) -> dict[str, Any]:
    made = Attestation(kind=kind, attested_by=BEN, attested_at=datetime(2026, 12, 1, tzinfo=UTC))
    return {"attestations": (made,)}


def first_month(*minutes: float, consent: dict[str, Any] | None = None, **changes: Any) -> MonthFacts:
    """A first month, begun on Monday the 2nd, with something else about its consent or its episode."""
    facts = a_first_month(*minutes)
    episode = facts.episodes[0]
    if consent is not None:
        assert episode.consent is not None
        episode = replace(episode, consent=replace(episode.consent, **consent))
    return replace(facts, episodes=(replace(episode, **changes),))


def held(facts: MonthFacts, **practice: Any) -> Finding | None:
    return next((one for one in result(facts, **practice).findings if one.code == HELD), None)


def test_a_late_review_is_marked_and_holds_the_line() -> None:
    """Tuesday's review recorded on Thursday is the only one: a supervisor looks at it."""
    facts = a_month(60, reviews=(LATE_REVIEW,))
    assert codes(facts) == [HELD, NOTED]
    assert result(facts).status is LineStatus.BLOCKED
    found = held(facts)
    assert found is not None
    assert (found.severity, row_of(found).rule, found.entries) == (Severity.BLOCKER, "R-402", ())
    noted = result(facts).findings[-1]
    assert (noted.severity, row_of(noted).rule) == (Severity.NOTE, "R-401")
    assert message_of(noted) == (
        "Recorded more than 1 business day after its date: case review of Nov 3, 2026 (recorded Nov 5, 2026)."
    )


def test_what_is_attested_is_held_no_more() -> None:
    """A supervisor's word for what was recorded late, and for nothing else; it stays marked."""
    facts = a_month(60, reviews=(LATE_REVIEW,))
    assert codes(replace(facts, **attested())) == [NOTED]
    assert result(replace(facts, **attested())).status is LineStatus.BILLABLE
    assert held(replace(facts, **attested(AttestationKind.LATE_TIME))) is not None


@pytest.mark.parametrize("recorded_on", [None, MONDAY, TUESDAY, date(2026, 11, 4)])
def test_a_review_in_time_is_not_marked(recorded_on: date | None) -> None:
    """Recorded by the next business day, or before the day of writing was asked for."""
    assert codes(a_month(60, reviews=(a_review(TUESDAY, recorded_on=recorded_on),))) == []


def test_the_practices_days_count() -> None:
    """More business days, or a day off between, make it in time."""
    facts = a_month(60, reviews=(LATE_REVIEW,))
    assert codes(facts, late_after_business_days=2) == []
    assert codes(facts, days_off=frozenset({date(2026, 11, 4)})) == []
    later = a_month(60, reviews=(a_review(TUESDAY, recorded_on=date(2026, 11, 6)),))
    noted = result(later, late_after_business_days=2).findings[-1]
    assert "more than 2 business days after" in message_of(noted)


def test_another_review_in_time_leaves_the_line_alone() -> None:
    """The late one is marked, and decides nothing."""
    facts = a_month(60, reviews=(LATE_REVIEW, a_review(date(2026, 11, 10), review_id=2)))
    assert codes(facts) == [NOTED]


def test_where_no_review_is_required_a_late_one_is_nothing() -> None:
    """It decides no money there; nor in a month that is not judged by reviews."""
    facts = a_month(60, reviews=(LATE_REVIEW,))
    assert codes(facts, review_required=False) == []
    bhi = enrolled(program=Program.BHI)
    assert codes(replace(facts, episodes=bhi, reviews=(LATE_REVIEW,))) == []
    unassessed = enrolled(initial_assessment_on=None)
    assert NOTED not in codes(replace(facts, episodes=unassessed))


def test_a_late_review_of_another_month_is_not_this_months() -> None:
    """October's, recorded in November, is missing here as it ever was."""
    october = a_review(date(2026, 10, 30), recorded_on=THURSDAY)
    assert codes(a_month(60, reviews=(october,))) == ["review_missing"]


def test_the_consultants_late_time_is_a_late_review() -> None:
    """Their own time for a case review, written late, is the only review: held, though its minutes decide nothing."""
    late = an_entry(
        2,
        10,
        TUESDAY,
        role=Role.CONSULTANT,
        performed_by=DR_CHO,
        activity=Activity.CASE_REVIEW,
        recorded_on=THURSDAY,
    )
    facts = a_month(entries=(an_entry(1, 60), late), reviews=())
    assert codes(facts) == [HELD, "late_entries"]
    found = held(facts)
    assert found is not None
    assert found.entries == (2,)
    said = "This line depends on what was recorded late: case review of Nov 3, 2026 (recorded Nov 5, 2026)."
    assert message_of(found) == said
    by_instant = replace(late, recorded_on=None, recorded_at=datetime(2026, 11, 5, 18, tzinfo=UTC))
    again = held(replace(facts, entries=(an_entry(1, 60), by_instant)))
    assert again is not None
    assert message_of(again) == said
    # Recorded as a review too, it is named once.
    both = held(replace(facts, reviews=(LATE_REVIEW,)))
    assert both is not None
    assert message_of(both) == said
    in_time = replace(late, recorded_on=TUESDAY)
    assert codes(a_month(entries=(an_entry(1, 60), in_time), reviews=())) == []
    call = replace(late, activity=Activity.PHONE)
    assert held(a_month(entries=(an_entry(1, 60), call))) is None


def test_the_consultants_time_in_time_is_a_review_beside_the_late_one() -> None:
    """Of two case reviews by their own time, one is late: nothing hangs on it."""
    review = an_entry(
        2, 10, TUESDAY, role=Role.CONSULTANT, performed_by=DR_CHO, activity=Activity.CASE_REVIEW
    )
    late = replace(review, entry_id=3, recorded_on=THURSDAY, note_digest="words 3")
    assert codes(a_month(entries=(an_entry(1, 60), review, late), reviews=())) == ["late_entries"]


def test_an_episode_without_consent_has_its_late_review() -> None:
    """Both are said: the consent is missing, and the review is late."""
    facts = a_month(60, episodes=enrolled(consent=None), reviews=(LATE_REVIEW,))
    assert codes(facts) == ["consent_missing", HELD, NOTED]


def test_the_payers_cap_holds_without_the_late_consent_too() -> None:
    """170 minutes, and 140 of them later, are two units of 99494 at most: nothing is lost."""
    facts = first_month(consent={"recorded_on": THURSDAY})
    made = (an_entry(1, 30, date(2026, 11, 4)), an_entry(2, 140, THURSDAY))
    capped = result(replace(facts, entries=made), lakeside(max_99494=2))
    assert HELD not in [one.code for one in capped.findings]


def test_a_consent_in_time_counts_from_its_own_day() -> None:
    """Recorded a day after it was given, it covers that day, whatever else was late."""
    facts = first_month(consent={"recorded_on": TUESDAY})
    scores = (a_score(MONDAY, recorded_on=THURSDAY), a_score(MONDAY, score_id=2))
    made = (an_entry(1, 70, MONDAY),)
    assert codes(replace(facts, entries=made, scores=scores)) == [NOTED]


def test_the_consultant_does_not_carry_general_bhi_under_a_late_consent() -> None:
    """12 of 20 staff minutes lie before it was on file, and the consultant's 15 do not make up for them."""
    consent = Consent(given_on=MONDAY, recorded_on=THURSDAY)
    bhi = enrolled(program=Program.BHI, consent=consent)
    made = (
        an_entry(1, 12, TUESDAY),
        an_entry(2, 8, THURSDAY),
        an_entry(3, 15, THURSDAY, role=Role.CONSULTANT, performed_by=DR_CHO),
    )
    assert held(a_month(entries=made, episodes=bhi)) is not None


def test_a_late_consent_counts_from_when_it_was_on_file() -> None:
    """70 minutes on the 4th under a consent of the 2nd that was recorded on the 5th."""
    facts = first_month(consent={"recorded_on": THURSDAY})
    early = replace(facts, entries=(an_entry(1, 70, date(2026, 11, 4)),))
    assert codes(early) == [HELD, NOTED]
    assert held(early) is not None
    assert message_of(result(early).findings[-1]).endswith("consent of Nov 2, 2026 (recorded Nov 5, 2026).")
    after = replace(facts, entries=(an_entry(1, 70, THURSDAY),))
    assert codes(after) == [NOTED]


def test_a_late_consent_that_adds_units_is_told_to_supervisors() -> None:
    """30 of 100 minutes lie before it was on file: 99494 is lost, 99492 is not."""
    facts = first_month(consent={"recorded_on": THURSDAY})
    made = (an_entry(1, 30, date(2026, 11, 4)), an_entry(2, 70, THURSDAY))
    found = held(replace(facts, entries=made))
    assert found is not None
    assert (found.severity, row_of(found).is_for_supervisors_only(found)) == (Severity.WARNING, True)
    assert result(replace(facts, entries=made)).status is LineStatus.BILLABLE


def test_time_of_the_other_program_does_not_stand_in_for_late_consent() -> None:
    """10 of 60 minutes lie before the consent was on file, and 15 of General BHI are no minutes of the line."""
    care = enrolled(consent=Consent(given_on=MONDAY, recorded_on=date(2026, 11, 9)))
    left = replace(care[0], discharged_on=date(2026, 11, 20))
    began = {"enrolled_on": date(2026, 11, 20), "initial_assessment_on": None}
    bhi = replace(care[0], episode_id=99, program=Program.BHI, **began)
    made = (
        an_entry(1, 10, TUESDAY),
        an_entry(2, 50, date(2026, 11, 10)),
        an_entry(3, 15, date(2026, 11, 25)),
    )
    found = held(a_month(entries=made, episodes=(left, bhi)))
    assert found is not None
    assert found.severity is Severity.BLOCKER


def test_a_late_consent_to_a_new_practitioner_holds_the_line() -> None:
    """Given on the day from which somebody else bills, and on file only after the date of service."""
    day, on_file = date(2026, 11, 10), date(2026, 11, 20)
    facts = a_month(
        entries=(an_entry(1, 60, date(2026, 11, 12)),),
        episodes=enrolled(
            consent=Consent(given_on=day, recorded_on=on_file),
            earlier_consents=(Consent(given_on=date(2026, 9, 1)),),
        ),
        claim_facts=(
            ClaimFact(kind=ClaimFactKind.BILLING_NPI, value="1679576722", from_day=date(2026, 9, 1)),
            ClaimFact(kind=ClaimFactKind.BILLING_NPI, value="1245319599", from_day=day),
        ),
    )
    assert held(facts) is not None
    assert result(facts).billable == ()
    in_time = replace(facts, entries=(an_entry(1, 60, date(2026, 11, 25)),))
    assert held(in_time) is None


def test_a_consent_that_is_another_base_code_holds_the_line() -> None:
    """60 minutes that become 10 leave no code at all."""
    facts = first_month(consent={"recorded_on": THURSDAY})
    made = (an_entry(1, 60, date(2026, 11, 4)), an_entry(2, 10, THURSDAY))
    found = held(replace(facts, entries=made))
    assert found is not None
    assert found.severity is Severity.BLOCKER


def test_an_earlier_consent_in_time_still_covers() -> None:
    """A consent of September, revoked after the month, covers what the late one covers too."""
    late = Consent(given_on=MONDAY, recorded_on=date(2026, 11, 20))
    earlier = Consent(given_on=date(2026, 9, 1), recorded_on=date(2026, 9, 1))
    facts = a_month(60, episodes=enrolled(consent=late, earlier_consents=(earlier,)))
    assert (held(facts), NOTED in codes(facts)) == (None, True)
    late_earlier = replace(late, given_on=date(2026, 11, 1))
    both = a_month(60, episodes=enrolled(consent=late, earlier_consents=(late_earlier,)))
    assert held(both) is not None


@pytest.mark.parametrize(
    ("given", "recorded", "marked"),
    [
        (date(2026, 10, 5), date(2026, 10, 30), False),
        (date(2026, 10, 5), date(2026, 11, 1), False),
        (date(2026, 10, 5), date(2026, 11, 2), True),
        (date(2026, 11, 30), date(2026, 12, 9), True),
        (date(2026, 12, 1), date(2026, 12, 9), False),
    ],
)
def test_what_was_on_file_on_the_first_is_in_time_for_the_month(
    given: date,
    recorded: date,
    marked: bool,  # noqa: FBT001 - a parameter of the table
) -> None:
    """A late consent matters while it was not on file; one of a later day is no matter of this month."""
    facts = a_month(60, episodes=enrolled(consent=Consent(given_on=given, recorded_on=recorded)))
    assert (NOTED in codes(facts)) is marked


def test_a_late_score_holds_a_first_month() -> None:
    """The only PHQ-9 of the first month, recorded three days on."""
    score = a_score(MONDAY, recorded_on=THURSDAY)
    facts = replace(first_month(70), scores=(score,))
    assert codes(facts) == [HELD, NOTED]
    assert "score of Nov 2, 2026" in message_of(result(facts).findings[-1])
    second = replace(facts, scores=(score, a_score(date(2026, 11, 9), score_id=2)))
    assert codes(second) == [NOTED]
    # A later month asks for no score.
    assert codes(a_month(60, scores=(a_score(MONDAY, recorded_on=THURSDAY),))) == []


def test_a_late_assessment_holds_its_month() -> None:
    """Without it the month is not assessed."""
    facts = first_month(70, assessment_recorded_on=THURSDAY)
    assert codes(facts) == [HELD, NOTED]
    assert "initial assessment of Nov 2, 2026" in message_of(result(facts).findings[-1])
    assert codes(first_month(70, assessment_recorded_on=TUESDAY)) == []
    # By December it was on file.
    earlier = enrolled(initial_assessment_on=date(2026, 10, 5), assessment_recorded_on=date(2026, 10, 30))
    assert codes(a_month(60, episodes=earlier)) == []


def test_a_late_assessment_within_the_gap_decides_nothing() -> None:
    """Enrolled again sooner than the gap, a month bills 99493 with or without it."""
    old = an_episode(
        episode_id=9,
        enrolled_on=date(2026, 1, 5),
        initial_assessment_on=date(2026, 1, 5),
        discharged_on=date(2026, 9, 5),
    )
    facts = first_month(70, assessment_recorded_on=THURSDAY)
    again = replace(facts, episodes=(old, *facts.episodes))
    assert codes(again) == [NOTED, "reenrolled_within_gap"]


def test_several_are_named_in_their_order() -> None:
    """Consent, assessment, score, review; each kind by its day."""
    consent = {"recorded_on": THURSDAY}
    facts = replace(
        first_month(70, consent=consent, assessment_recorded_on=THURSDAY),
        scores=(a_score(TUESDAY, recorded_on=date(2026, 11, 9)), a_score(MONDAY, recorded_on=THURSDAY)),
        reviews=(LATE_REVIEW,),
    )
    noted = result(facts).findings[-1]
    assert message_of(noted) == (
        "Recorded more than 1 business day after its date: consent of Nov 2, 2026 (recorded Nov 5, 2026), initial "
        "assessment of Nov 2, 2026 (recorded Nov 5, 2026), score of Nov 2, 2026 (recorded Nov 5, 2026), score of Nov "
        "3, 2026 (recorded Nov 9, 2026), case review of Nov 3, 2026 (recorded Nov 5, 2026)."
    )


def test_nothing_earned_hangs_on_nothing() -> None:
    """10 minutes and a late review: marked, not held."""
    assert codes(a_month(10, reviews=(LATE_REVIEW,))) == [NOTED]


def test_what_is_missing_anyway_is_not_held_twice() -> None:
    """A late consent that counts nothing, in a month without a review: the review alone is missing."""
    facts = replace(first_month(70, consent={"recorded_on": TUESDAY}), reviews=())
    assert codes(facts) == ["review_missing"]
    late = replace(facts, scores=(), episodes=first_month(70, consent={"recorded_on": THURSDAY}).episodes)
    made = replace(late, entries=(an_entry(1, 70, THURSDAY),))
    assert codes(made) == ["scale_missing", "review_missing", NOTED]


def test_general_bhi_hangs_on_its_own_records() -> None:
    """99484 rests on assessment and scale, and no review."""
    bhi = enrolled(
        program=Program.BHI, enrolled_on=MONDAY, initial_assessment_on=MONDAY, assessment_recorded_on=THURSDAY
    )
    facts = a_month(20, episodes=bhi, scores=(a_score(MONDAY),), reviews=())
    assert codes(facts) == [HELD, NOTED]
    scored = replace(bhi[0], assessment_recorded_on=None)
    late = replace(facts, episodes=(scored,), scores=(a_score(MONDAY, recorded_on=THURSDAY),))
    assert codes(late) == [HELD, NOTED]
    led = an_episode(episode_id=9, discharged_on=date(2026, 11, 1))
    assert codes(replace(facts, episodes=(led, *bhi))) == [NOTED]


def test_general_bhi_knows_a_late_assessment_of_what_led_up_to_it() -> None:
    """The Collaborative Care before it was assessed late: marked, and held while nothing else stands."""
    led = an_episode(
        episode_id=9,
        enrolled_on=MONDAY,
        initial_assessment_on=MONDAY,
        assessment_recorded_on=THURSDAY,
        discharged_on=TUESDAY,
    )
    bhi = an_episode(program=Program.BHI, enrolled_on=date(2026, 11, 4), initial_assessment_on=None)
    facts = a_month(entries=(an_entry(1, 20, date(2026, 11, 9), performed_by=ANA),), episodes=(led, bhi))
    facts = replace(facts, scores=(a_score(MONDAY),))
    assert codes(facts) == [HELD, NOTED]


def test_a_finding_names_what_it_marks() -> None:
    """One finding, with the days in its parameters."""
    noted = only(replace(a_month(60, reviews=(LATE_REVIEW,)), **attested()))
    assert noted.parameters == (("days", "1"), ("records", "review 2026-11-03 2026-11-05"))


def test_an_earlier_episodes_assessment_is_not_this_ones() -> None:
    """A month of Collaborative Care rests on the assessment of the episode that governs it."""
    old = an_episode(
        episode_id=9,
        enrolled_on=date(2026, 10, 30),
        initial_assessment_on=date(2026, 10, 30),
        assessment_recorded_on=THURSDAY,
        discharged_on=TUESDAY,
    )
    new = an_episode(enrolled_on=date(2026, 11, 4), initial_assessment_on=date(2026, 11, 4))
    assert NOTED not in codes(a_month(60, episodes=(old, new)))


def test_time_of_another_program_does_not_stand_in_for_time_under_a_late_consent() -> None:
    """An hour of CoCM under a consent recorded late, beside an hour of General BHI before it: the line is held."""
    late = Consent(given_on=THURSDAY, recorded_on=date(2026, 11, 20))
    general = enrolled(program=Program.BHI, discharged_on=date(2026, 11, 4))
    began = an_episode(episode_id=2, enrolled_on=THURSDAY, initial_assessment_on=THURSDAY, consent=late)
    facts = a_month(
        entries=(an_entry(1, 70, MONDAY), an_entry(2, 70, date(2026, 11, 10))),
        episodes=(*general, began),
        scores=(a_score(THURSDAY),),
        reviews=(a_review(THURSDAY),),
    )
    assert [charge.code for charge in result(facts).earned] == ["99492"]
    assert held(facts) is not None
    prompt = replace(began, consent=replace(late, recorded_on=THURSDAY))
    assert held(replace(facts, episodes=(*general, prompt))) is None
