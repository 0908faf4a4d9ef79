"""Months that could be claimed in more ways than one."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from billing.activities import Activity, ActivitySource
from billing.charges import Charge
from billing.clinical import Admission, Attestation, AttestationKind
from billing.counting import Exclusion
from billing.entries import TimeEntry
from billing.episodes import Consent, ConsentKind, Episode, Program
from billing.evaluate import LineStatus, MonthResult, evaluate_month
from billing.explain import explain
from billing.facts import MonthFacts
from billing.findings.registry import message_of
from billing.history import takes_initial
from billing.month_kinds import MonthKind
from billing.payer import Payer, rules_for
from billing.people import Role
from billing.rules import InitialPolicy, PracticeRules, RuleSet, TimeRule
from tests.support.coverage import changing
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
from tests.support.payers import CHECKED, a_payer

RULES = rules_for(NOVEMBER, PracticeRules(), TEST_PAYER)


def cedar(**terms: object) -> Payer:
    """Another payer, with rules of its own where they are given."""
    return a_payer("Cedar Health", verified_on=CHECKED, **terms)


CEDAR = cedar()
BIRCH = a_payer("Birch Health", verified_on=CHECKED, time_rule=TimeRule.MIDPOINT)


def day(number: int) -> date:
    return date(2026, 11, number)


def time(*worked: tuple[int, float], **changes: Any) -> tuple[TimeEntry, ...]:
    """Entries of so many minutes on those days of November."""
    return tuple(
        an_entry(number, minutes, day(on), **changes) for number, (on, minutes) in enumerate(worked, start=1)
    )


def consented(on: int) -> Consent:
    """A whole consent."""
    return Consent(given_on=day(on), kind=ConsentKind.VERBAL, recorded_by=ANA, cost_sharing_disclosed=True)


def collaborative(ended: int | None = None, **changes: Any) -> Episode:
    """CoCM since October."""
    return an_episode(discharged_on=day(ended) if ended else None, **changes)


def general(began: int, ended: int | None = None, **changes: Any) -> Episode:
    """General BHI from a day of November on."""
    own = {
        "episode_id": 2,
        "program": Program.BHI,
        "enrolled_on": day(began),
        "initial_assessment_on": None,
        "consent": consented(began),
        "discharged_on": day(ended) if ended else None,
    }
    return an_episode(**(own | changes))


def judged(facts: MonthFacts, rules: RuleSet = RULES) -> MonthResult:
    return evaluate_month(facts, rules)


def discharged_to_general(*worked: tuple[int, float], ended: int = 19, began: int = 20) -> MonthFacts:
    return a_month(entries=time(*worked), episodes=(collaborative(ended), general(began)))


def excluded(result: MonthResult) -> dict[Exclusion, int]:
    return {reason: seconds // 60 for reason, seconds in result.excluded}


def codes(result: MonthResult) -> list[str]:
    return [finding.code for finding in result.findings]


def said(result: MonthResult, code: str) -> str:
    return next(message_of(finding) for finding in result.findings if finding.code == code)


class TestPrograms:
    """A month in CoCM on some days, in General BHI on others (R-115)."""

    def test_time_before_a_change_to_general_bhi_is_billed_as_cocm(self) -> None:
        """110 minutes of CoCM, discharged to General BHI, no time since: 99493 and 99494, by the first episode."""
        found = judged(discharged_to_general((3, 60), (12, 50)))
        assert found.earned == found.billable == (Charge("99493"), Charge("99494"))
        assert (found.kind, found.episode_id, found.status) == (MonthKind.SUBSEQUENT, 1, LineStatus.BILLABLE)
        assert (found.threshold_met_on, found.date_of_service) == (day(3), day(12))
        assert found.findings == ()

    def test_the_program_earned_alone_is_billed(self) -> None:
        """50 minutes of CoCM and 25 of General BHI: 99484, by its own time alone."""
        found = judged(discharged_to_general((3, 50), (24, 25)))
        assert (found.earned, found.kind, found.episode_id) == ((Charge("99484"),), MonthKind.GENERAL_BHI, 2)
        assert (found.counted_seconds, excluded(found)) == (25 * 60, {Exclusion.OTHER_PROGRAM: 50})
        assert found.date_of_service == day(24)
        assert "both_programs" not in codes(found)

    def test_where_both_are_earned_cocm_is_billed_and_the_other_named(self) -> None:
        """60 minutes of CoCM and 25 of General BHI: 99493, never both, and a note says 99484."""
        found = judged(discharged_to_general((3, 60), (24, 25)))
        assert found.billable == (Charge("99493"),)
        assert excluded(found) == {Exclusion.OTHER_PROGRAM: 25}
        assert codes(found) == ["both_programs"]
        assert said(found, "both_programs") == (
            "Time in General BHI reaches 99484 too. A month bills one program: CoCM, which pays more."
        )

    def test_where_none_is_earned_the_latest_episode_names_the_program(self) -> None:
        """Time of two programs is never put together."""
        found = judged(discharged_to_general((3, 50), (24, 15)))
        assert (found.status, found.kind, found.earned) == (LineStatus.BELOW, MonthKind.GENERAL_BHI, ())
        assert (found.counted_seconds, excluded(found)) == (15 * 60, {Exclusion.OTHER_PROGRAM: 50})
        assert codes(found) == ["bhi_offered"]
        assert codes(judged(discharged_to_general((3, 19), (24, 15)))) == []
        unasked = discharged_to_general((3, 50), (24, 15))
        unasked = replace(unasked, episodes=(replace(unasked.episodes[0], consent=None), unasked.episodes[1]))
        assert codes(judged(unasked)) == []
        back = a_month(
            entries=time((3, 15), (24, 50)),
            episodes=(
                general(1, 9, episode_id=1),
                an_episode(episode_id=2, enrolled_on=day(10), initial_assessment_on=day(10)),
            ),
        )
        found = judged(back)
        assert (found.kind, found.episode_id, found.counted_seconds) == (MonthKind.INITIAL, 2, 3000)
        assert found.threshold.remaining_seconds == 20 * 60

    def test_the_latest_episode_is_the_last_begun_by_the_months_end(self) -> None:
        """Begun on the very last day; and the third of three."""
        assert judged(discharged_to_general((3, 5), began=30)).kind is MonthKind.GENERAL_BHI
        again = an_episode(episode_id=3, enrolled_on=day(25), initial_assessment_on=None)
        three = a_month(entries=time((3, 5)), episodes=(again, collaborative(9), general(10, 19)))
        assert judged(three).kind is MonthKind.SUBSEQUENT

    def test_time_of_a_shared_day_needs_the_consent_of_the_program_billed(self) -> None:
        """General BHI reaches 99484 by the day of the change alone, and has no consent on file."""
        facts = a_month(entries=time((20, 20)), episodes=(collaborative(20), general(20, consent=None)))
        found = judged(facts)
        assert (found.earned, found.status) == ((Charge("99484"),), LineStatus.BLOCKED)
        assert "consent_missing" in codes(found)

    def test_what_the_other_program_would_reach_is_capped_too(self) -> None:
        """160 minutes of CoCM, never assessed, under a cap of one: 99492 and one 99494 are named."""
        facts = discharged_to_general((3, 160), (24, 20))
        unassessed = replace(facts.episodes[0], initial_assessment_on=None)
        found = judged(replace(facts, episodes=(unassessed, facts.episodes[1])), replace(RULES, max_99494=1))
        assert said(found, "both_programs").startswith("Time in CoCM would reach 99492 + 99494, but")

    def test_cocm_without_an_assessment_does_not_hide_behind_general_bhi(self) -> None:
        """80 minutes of CoCM, never assessed, no time in General BHI: blocked, as without the change."""
        facts = discharged_to_general((3, 80))
        facts = replace(
            facts, episodes=(replace(facts.episodes[0], initial_assessment_on=None), facts.episodes[1])
        )
        found = judged(facts)
        assert (found.status, found.kind, found.episode_id) == (LineStatus.BLOCKED, MonthKind.UNASSESSED, 1)
        assert "assessment_missing" in codes(found)
        both = judged(replace(facts, entries=time((3, 80), (24, 20))))
        assert (both.earned, both.kind) == ((Charge("99484"),), MonthKind.GENERAL_BHI)
        assert said(both, "both_programs") == (
            "Time in CoCM would reach 99492, but CoCM bills nothing without an initial assessment: General BHI is "
            "billed instead."
        )

    def test_each_program_asks_for_what_it_needs_itself(self) -> None:
        """Without a review CoCM is blocked and General BHI is not; each goes by its own consent."""
        facts = replace(discharged_to_general((3, 60), (24, 10)), reviews=())
        assert codes(judged(facts)) == ["review_missing"]
        assert "review_missing" not in codes(judged(replace(facts, entries=time((3, 50), (24, 20)))))
        late = replace(facts.episodes[1], consent=Consent(given_on=day(25)))
        found = judged(replace(facts, episodes=(facts.episodes[0], late), entries=time((3, 9), (24, 20))))
        assert (found.earned, excluded(found)) == (
            (),
            {Exclusion.BEFORE_CONSENT: 20, Exclusion.OTHER_PROGRAM: 9},
        )

    def test_the_day_of_the_change_belongs_to_both(self) -> None:
        """Discharged and enrolled on one day: its time serves whichever program is billed."""
        facts = discharged_to_general((3, 30), (20, 30), ended=20)
        found = judged(facts)
        assert (found.earned, found.counted_seconds, codes(found)) == ((Charge("99493"),), 3600, [])
        more = judged(replace(facts, entries=time((3, 30), (20, 30), (24, 20))))
        assert said(more, "both_programs").startswith("Time in General BHI reaches 99484 too.")
        short = judged(replace(facts, entries=time((3, 20), (20, 20), (21, 5))))
        assert (short.earned, short.counted_seconds) == ((Charge("99484"),), 25 * 60)
        assert excluded(short) == {Exclusion.OTHER_PROGRAM: 20}
        unasked = replace(facts.episodes[1], consent=Consent(given_on=day(22)))
        kept = judged(replace(facts, episodes=(facts.episodes[0], unasked)))
        assert (kept.earned, kept.counted_seconds) == ((Charge("99493"),), 3600)

    def test_the_consultant_counts_for_cocm_alone(self) -> None:
        """The consultant's time of CoCM days counts for CoCM; that of General BHI days for none."""
        cho = {"role": Role.CONSULTANT, "performed_by": DR_CHO}
        facts = discharged_to_general()
        made = (an_entry(1, 50, day(3)), an_entry(2, 15, day(4), **cho), an_entry(3, 9, day(24), **cho))
        found = judged(replace(facts, entries=made))
        assert (found.counted_seconds, found.consultant_seconds) == (65 * 60, 15 * 60)
        assert excluded(found) == {Exclusion.OTHER_PROGRAM: 9}
        staff = (an_entry(1, 20, day(24)), an_entry(2, 15, day(25), **cho))
        assert excluded(judged(replace(facts, entries=staff))) == {Exclusion.CONSULTANT: 15}

    def test_what_never_counts_keeps_its_own_reason(self) -> None:
        """Clerical time of the other program is clerical; time between the two is after discharge."""
        admin = {"activity": Activity.ADMIN}
        facts = discharged_to_general(ended=9)
        made = (an_entry(1, 60, day(3)), an_entry(2, 5, day(24), **admin), an_entry(3, 7, day(15)))
        found = judged(replace(facts, entries=made))
        assert excluded(found) == {Exclusion.ADMIN: 5, Exclusion.AFTER_DISCHARGE: 7}

    @pytest.mark.parametrize(
        ("episodes", "kind"),
        [
            # Discharged before the month, or on its first day: no day, and one day, of CoCM.
            ((collaborative(), replace(general(1), enrolled_on=date(2026, 10, 20))), MonthKind.GENERAL_BHI),
            (
                (an_episode(discharged_on=date(2026, 10, 31)), general(20, consent=None)),
                MonthKind.GENERAL_BHI,
            ),
        ],
    )
    def test_a_program_left_before_the_month_takes_no_part(
        self, episodes: tuple[Episode, ...], kind: MonthKind
    ) -> None:
        """Time in the month is not looked at under a program whose days all lie before it."""
        found = judged(a_month(entries=time((25, 25)), episodes=episodes))
        assert (found.kind, found.earned) == (kind, (Charge("99484"),))
        assert Exclusion.OTHER_PROGRAM not in excluded(found)

    def test_one_day_of_a_program_is_enough(self) -> None:
        """Discharged on the month's first day: that day's hour is CoCM's. Begun on its last: that day's BHI."""
        found = judged(discharged_to_general((1, 60), (25, 5), ended=1, began=2))
        assert found.earned == (Charge("99493"),)
        last = judged(discharged_to_general((3, 5), (30, 20), ended=29, began=30))
        assert last.earned == (Charge("99484"),)

    def test_an_episode_of_a_later_month_takes_no_part(self) -> None:
        """General BHI from December on changes nothing in November."""
        later = replace(general(1), enrolled_on=date(2026, 12, 1), consent=None)
        found = judged(a_month(60, episodes=(collaborative(30), later)))
        assert (found.earned, found.excluded) == ((Charge("99493"),), ())

    def test_a_program_changed_twice_counts_all_its_days(self) -> None:
        """CoCM until the 9th and again from the 20th: 30 and 30 minutes are 99493."""
        again = an_episode(episode_id=3, enrolled_on=day(20), initial_assessment_on=None)
        facts = a_month(
            entries=time((3, 30), (12, 19), (22, 30)), episodes=(collaborative(9), general(10, 19), again)
        )
        found = judged(facts)
        assert (found.earned, excluded(found)) == ((Charge("99493"),), {Exclusion.OTHER_PROGRAM: 19})

    def test_decisive_time_is_weighed_within_the_program_billed(self) -> None:
        """Late time of General BHI decides nothing of a CoCM line; its own does, and why adds up its time alone."""
        late = {"recorded_on": day(28), "recorded_at": datetime(2026, 11, 28, tzinfo=UTC)}
        facts = discharged_to_general()
        made = (an_entry(1, 60, day(3)), an_entry(2, 25, day(24), **late))
        assert "late_decisive" not in codes(judged(replace(facts, entries=made)))
        made = (
            an_entry(1, 40, day(3)),
            an_entry(2, 10, day(4), started_at=datetime(2026, 11, 4, 15, tzinfo=UTC)),
            an_entry(
                3,
                10,
                day(4),
                started_at=datetime(2026, 11, 4, 15, 5, tzinfo=UTC),
                role=Role.TREATING_PROVIDER,
                performed_by=14,
            ),
            an_entry(4, 9, day(5), **late),
            an_entry(5, 30, day(24)),
        )
        facts = replace(facts, entries=made)
        found = judged(facts)
        assert "late_decisive" in codes(judged(replace(facts, entries=(*made[:4], an_entry(5, 19, day(24))))))
        assert found.earned == (Charge("99493"),)
        told = explain(facts, found, RULES)
        assert [entry.running_seconds // 60 for entry in told.entries] == [40, 50, 55, 64, 64]
        assert [entry.reached for entry in told.entries][3:] == [(Charge("99493"),), ()]


def covered(*stretches: tuple[int, Payer], practice: PracticeRules | None = None) -> RuleSet:
    return changing(NOVEMBER, [(day(first), payer) for first, payer in stretches], practice)


#: Cedar Health until the 15th, Birch Health from then on.
CHANGED = covered((1, CEDAR), (16, BIRCH))
STRICT_BIRCH = a_payer("Birch Health", verified_on=CHECKED, time_rule=TimeRule.STRICT)
ATTESTED = (
    Attestation(
        kind=AttestationKind.COVERAGE, attested_by=ANA, attested_at=datetime(2026, 12, 1, tzinfo=UTC)
    ),
)


class TestCoverage:
    """A month that payers share (R-119)."""

    def test_the_payer_whose_days_reach_a_code_alone_is_billed(self) -> None:
        """60 minutes before the change, 20 after it: the first payer's line, of its own days and rules."""
        found = judged(a_month(entries=time((5, 60), (20, 20))), CHANGED)
        assert (found.payer, found.rule_set, found.ruled_on) == (
            "Cedar Health",
            "strict 2021-01-01 · Cedar Health",
            day(1),
        )
        assert (found.billable, found.date_of_service) == ((Charge("99493"),), day(5))
        assert (found.counted_seconds, excluded(found)) == (3600, {Exclusion.OTHER_PAYER: 20})
        assert found.findings == ()

    def test_so_is_the_second_by_its_own_rules(self) -> None:
        """35 minutes after the change reach 99493 by the second payer's midpoint."""
        found = judged(a_month(entries=time((5, 50), (15, 5), (16, 35))), CHANGED)
        assert (found.payer, found.billable) == ("Birch Health", (Charge("99493"),))
        assert (found.counted_seconds, excluded(found)) == (35 * 60, {Exclusion.OTHER_PAYER: 55})
        assert (found.ruled_on, found.rules_of(CHANGED)) == (day(16), CHANGED.by_coverage[1].rules)
        assert found.rules_of(CHANGED).time_rule is TimeRule.MIDPOINT

    def test_what_only_all_days_reach_is_held_for_a_biller(self) -> None:
        """40 and 25 minutes under strict payers: 99493 of the payer on the date of service, held until attested."""
        rules = covered((1, CEDAR), (16, STRICT_BIRCH))
        facts = a_month(entries=time((5, 40), (20, 25)))
        found = judged(facts, rules)
        assert (found.payer, found.earned, found.billable) == ("Birch Health", (Charge("99493"),), ())
        assert (found.status, found.date_of_service) == (LineStatus.BLOCKED, day(20))
        assert (found.counted_seconds, found.excluded) == (65 * 60, ())
        assert codes(found) == ["coverage_split"]
        assert said(found, "coverage_split") == (
            "The payer changed within the month, and only the days of all payers together reach 99493. The line "
            "goes to the payer on its date of service: Birch Health."
        )
        attested = judged(replace(facts, attestations=ATTESTED), rules)
        assert (attested.billable, attested.findings) == ((Charge("99493"),), ())

    def test_together_each_payer_is_asked_by_its_own_rules(self) -> None:
        """40 minutes until the 15th, 20 on the 16th: by the second payer's midpoint 60 are 99493 on the 16th."""
        found = judged(a_month(entries=time((5, 40), (16, 20))), CHANGED)
        assert (found.payer, found.earned, found.date_of_service) == (
            "Birch Health",
            (Charge("99493"),),
            day(16),
        )
        assert codes(found) == ["coverage_split"]

    def test_what_no_payer_allows_on_its_date_of_service_is_not_claimed(self) -> None:
        """45 minutes before the change reach nothing of the first payer; the second was not there yet."""
        facts = a_month(entries=time((5, 45)))
        found = judged(facts, CHANGED)
        assert (found.earned, found.payer, found.status) == ((), "Cedar Health", LineStatus.BELOW)
        assert found.threshold.remaining_seconds == 15 * 60
        later = judged(replace(facts, entries=time((5, 45), (20, 5), (22, 3))), CHANGED)
        assert (later.payer, later.earned, later.status) == (
            "Birch Health",
            (Charge("99493"),),
            LineStatus.BLOCKED,
        )
        assert (later.threshold_met_on, later.date_of_service) == (day(20), day(20))

    def test_payers_that_both_reach_a_code_are_both_named(self) -> None:
        """60 minutes for the first, 61 + 30 for the second: the first date of service is shown, and held."""
        facts = a_month(entries=time((5, 60), (20, 61), (25, 30)))
        found = judged(facts, CHANGED)
        assert (found.payer, found.earned, found.status) == (
            "Cedar Health",
            (Charge("99493"),),
            LineStatus.BLOCKED,
        )
        assert excluded(found) == {Exclusion.OTHER_PAYER: 91}
        assert codes(found) == ["coverage_split"]
        assert said(found, "coverage_split") == (
            "The payer changed within the month, and the days of each reach a code: Cedar Health 99493; "
            "Birch Health 99493 + 99494. The line is Cedar Health's, which came first."
        )
        assert judged(replace(facts, attestations=ATTESTED), CHANGED).billable == (Charge("99493"),)

    def test_the_earlier_date_of_service_comes_first_whoever_covers_more(self) -> None:
        """A, B and A again: B reaches its code before A does."""
        rules = covered((1, CEDAR), (11, STRICT_BIRCH), (21, CEDAR))
        found = judged(a_month(entries=time((5, 30), (12, 60), (25, 30))), rules)
        assert (found.payer, found.date_of_service) == ("Birch Health", day(12))
        assert said(found, "coverage_split").startswith(
            "The payer changed within the month, and the days of each reach a code: Birch Health 99493; "
            "Cedar Health 99493."
        )

    def test_a_payer_that_comes_back_counts_all_its_days(self) -> None:
        """Both ends of the month are the first payer's; its last day and first are its own."""
        rules = covered((1, CEDAR), (11, STRICT_BIRCH), (21, CEDAR))
        found = judged(a_month(entries=time((10, 30), (11, 9), (20, 9), (21, 30))), rules)
        assert (found.payer, found.date_of_service) == ("Cedar Health", day(21))
        assert (found.counted_seconds, excluded(found)) == (3600, {Exclusion.OTHER_PAYER: 18})
        assert codes(found) == []

    def test_of_three_payers_each_has_its_own_days(self) -> None:
        """20, 20 and 60 minutes: the third payer's line alone."""
        rules = covered((1, CEDAR), (11, STRICT_BIRCH), (21, a_payer("Alder", verified_on=CHECKED)))
        found = judged(a_month(entries=time((5, 20), (15, 20), (25, 60))), rules)
        assert (found.payer, found.status, found.counted_seconds) == ("Alder", LineStatus.BILLABLE, 3600)

    def test_a_month_that_reaches_nothing_is_below(self) -> None:
        """All time counts towards the next code, by the rules of the last day, and nothing is held."""
        found = judged(a_month(entries=time((5, 10), (20, 12))), CHANGED)
        assert (found.status, found.payer, found.counted_seconds) == (
            LineStatus.BELOW,
            "Birch Health",
            22 * 60,
        )
        assert (found.threshold.remaining_seconds, codes(found)) == (9 * 60, ["bhi_offered"])

    def test_days_without_a_payer_are_a_coverage_of_their_own(self) -> None:
        """Nobody to bill until the 15th: said as such."""
        rules = covered((1, replace(CEDAR, name="")), (16, STRICT_BIRCH))
        found = judged(a_month(entries=time((5, 60), (20, 60))), rules)
        assert ": no payer on file 99493; Birch Health 99493." in said(found, "coverage_split")

    def test_a_month_that_bills_nothing_is_not_held_for_its_payer(self) -> None:
        """Not enrolled: blocked for that alone."""
        found = judged(a_month(entries=time((5, 60), (20, 60)), episodes=()), CHANGED)
        assert (found.status, codes(found)) == (LineStatus.BLOCKED, ["not_enrolled"])

    def test_each_payer_decides_itself_whether_facility_time_counts(self) -> None:
        """The second payer counts time in a facility: its days count, the first payer's do not."""
        stays = (Admission(admission_id=1, patient_id=1, admitted_on=day(3), left_on=day(28)),)
        rules = covered(
            (1, CEDAR),
            (
                16,
                a_payer(
                    "Birch Health", verified_on=CHECKED, time_rule=TimeRule.MIDPOINT, inpatient_counts=True
                ),
            ),
        )
        found = judged(a_month(entries=time((5, 60), (20, 40)), admissions=stays), rules)
        assert (found.payer, excluded(found)) == ("Birch Health", {Exclusion.OTHER_PAYER: 60})

    def test_both_programs_and_two_payers(self) -> None:
        """CoCM until the 10th, General BHI from the 11th, another payer from the 16th."""
        facts = a_month(entries=time((5, 60), (12, 15), (20, 10)), episodes=(collaborative(10), general(11)))
        found = judged(facts, CHANGED)
        assert (found.payer, found.earned) == ("Cedar Health", (Charge("99493"),))
        assert (codes(found), excluded(found)) == (["both_programs"], {Exclusion.OTHER_PROGRAM: 25})
        general_line = judged(replace(facts, entries=time((5, 40), (12, 15), (20, 10))), CHANGED)
        assert (general_line.payer, general_line.earned) == ("Birch Health", (Charge("99484"),))
        assert "coverage_split" in codes(general_line)
        alone = judged(replace(facts, entries=time((5, 40), (12, 20), (20, 10))), CHANGED)
        assert excluded(alone) == {Exclusion.OTHER_PROGRAM: 40, Exclusion.OTHER_PAYER: 10}

    def test_late_time_is_weighed_within_the_payer_billed(self) -> None:
        """Late time of the other payer's days decides nothing."""
        late = {"recorded_on": day(28), "recorded_at": datetime(2026, 11, 28, tzinfo=UTC)}
        clock = {"started_at": datetime(2026, 11, 5, 15, tzinfo=UTC)}
        made = (
            an_entry(1, 60, day(5), **clock),
            an_entry(2, 10, day(5), **clock, role=Role.TREATING_PROVIDER, performed_by=14),
            an_entry(3, 30, day(20)),
            an_entry(4, 5, day(21), **late),
        )
        assert "late_decisive" not in codes(
            judged(a_month(entries=made), covered((1, CEDAR), (16, STRICT_BIRCH)))
        )

    def test_why_adds_up_by_the_rules_that_judged(self) -> None:
        """31 minutes of the second payer reach its midpoint in the explanation too."""
        facts = a_month(entries=time((5, 9), (20, 20), (22, 15)))
        rules = covered((1, CEDAR), (16, BIRCH), (29, replace(CEDAR, name="Alder")))
        told = explain(facts, judged(facts, rules), rules)
        assert [entry.reached for entry in told.entries] == [(), (), (Charge("99493"),)]
        assert [entry.running_seconds // 60 for entry in told.entries] == [0, 20, 35]

    def test_looking_back_goes_by_the_rules_that_judged(self) -> None:
        """Where reaching 99492 is enough for one payer, a blocked month of that payer takes it."""
        waits = cedar(initial_policy=InitialPolicy.FIRST_MONTH_REACHED)
        rules = covered((1, waits), (16, STRICT_BIRCH))
        assert rules.looks_back
        assert not CHANGED.looks_back
        facts = a_first_month(entries=time((5, 70), (20, 5)), reviews=())
        found = judged(facts, rules)
        assert (found.earned, found.billable, takes_initial(found, rules)) == ((Charge("99492"),), (), True)
        other = judged(replace(facts, entries=time((5, 5), (20, 70))), rules)
        assert (other.earned, takes_initial(other, rules)) == ((Charge("99492"),), False)


class TestChangedRules:
    """A payer whose rules change within the month: those of the line's own date of service."""

    #: Full times until the 15th, midpoints from then on.
    LAXER = covered((1, CEDAR), (16, cedar(time_rule=TimeRule.MIDPOINT)))
    STRICTER = covered((1, cedar(time_rule=TimeRule.MIDPOINT)), (16, CEDAR))

    def test_all_time_is_judged_by_the_rules_of_its_date_of_service(self) -> None:
        """20 minutes before and 15 after laxer rules began: reached on the 20th, by the laxer rules, and not held."""
        found = judged(a_month(entries=time((5, 20), (20, 15))), self.LAXER)
        assert (found.billable, found.date_of_service, found.ruled_on) == (
            (Charge("99493"),),
            day(20),
            day(16),
        )
        assert found.findings == ()
        at_once = judged(a_month(entries=time((5, 20), (16, 15))), self.LAXER)
        assert (at_once.billable, at_once.date_of_service) == ((Charge("99493"),), day(16))

    def test_the_earliest_rules_that_hold_on_their_own_date_of_service(self) -> None:
        """Reached by midpoint on the 15th, and by full time on the 16th: the 15th's."""
        found = judged(a_month(entries=time((15, 31), (16, 29))), self.STRICTER)
        assert (found.date_of_service, found.ruled_on) == (day(15), day(1))
        assert found.rule_set == "midpoint 2021-01-01 · Cedar Health"

    def test_rules_that_end_before_they_are_reached_do_not_apply(self) -> None:
        """20 and 15 minutes with midpoints until the 15th alone: nothing yet, by the rules of the last day."""
        found = judged(a_month(entries=time((5, 20), (20, 15))), self.STRICTER)
        assert (found.earned, found.ruled_on, found.status) == ((), day(16), LineStatus.BELOW)
        early = judged(a_month(entries=time((5, 40))), self.LAXER)
        assert (early.earned, early.ruled_on) == ((), day(1))
        idle = time((20, 10), activity=Activity.ADMIN)
        early = judged(a_month(entries=(*time((5, 40)), replace(idle[0], entry_id=9))), self.LAXER)
        assert (early.earned, early.ruled_on) == ((), day(1))

    def test_nothing_reached_goes_by_the_last_day(self) -> None:
        """Ten minutes are shown against the month's last rules."""
        found = judged(a_month(10), self.LAXER)
        assert (found.ruled_on, found.threshold.target_seconds) == (day(16), 31 * 60)

    def test_new_rules_are_met_on_the_first_day_with_time_on_which_they_hold(self) -> None:
        """A cap from the 16th: without it the last unit is of the 20th, so the cap holds, and the 20th is the date."""
        capped = covered((1, CEDAR), (16, cedar(max_99494=1)))
        found = judged(a_month(entries=time((5, 90), (20, 30))), capped)
        assert (found.earned, found.ruled_on) == ((Charge("99493"), Charge("99494")), day(16))
        assert (found.threshold_met_on, found.date_of_service) == (day(20), day(20))

    def test_rules_that_are_all_met_elsewhere_still_give_a_date(self) -> None:
        """The first count a stay's day after they end, the last do not count it: the last, on the day they were met."""
        stay = Admission(admission_id=1, patient_id=1, admitted_on=day(20), left_on=day(21))
        rules = covered((1, cedar(inpatient_counts=True)), (16, CEDAR))
        found = judged(a_month(entries=time((5, 60), (20, 30)), admissions=(stay,)), rules)
        assert (found.earned, found.ruled_on, found.date_of_service) == ((Charge("99493"),), day(16), day(5))

    def test_spelling_is_no_other_payer(self) -> None:
        """The same payer in other letters shares its days."""
        rules = covered((1, CEDAR), (16, replace(CEDAR, name=" CEDAR HEALTH")))
        found = judged(a_month(entries=time((5, 30), (20, 30))), rules)
        assert (found.billable, found.excluded) == ((Charge("99493"),), ())


class TestEnrolledAgainInOneMonth:
    """The first stretch keeps its own consent and discharge (R-208, R-209, R-303)."""

    @staticmethod
    def again(began: int, consent: Consent | None, ended: int = 10) -> tuple[Episode, ...]:
        second = an_episode(episode_id=2, enrolled_on=day(began), initial_assessment_on=None, consent=consent)
        return collaborative(ended), second

    def test_time_of_the_first_stretch_is_judged_by_its_own_consent(self) -> None:
        """Consented in October, discharged on the 10th, enrolled again and consented on the 20th."""
        episodes = self.again(20, Consent(given_on=day(21)))
        made = time((9, 30), (10, 10), (15, 7), (20, 9), (21, 20))
        found = judged(a_month(entries=made, episodes=episodes))
        assert found.counted_seconds == 3600
        assert excluded(found) == {Exclusion.BEFORE_CONSENT: 9, Exclusion.AFTER_DISCHARGE: 7}

    def test_on_the_day_of_the_change_either_consent_will_do(self) -> None:
        """Discharged and enrolled again on the 10th, consented anew on the 12th: the 10th counts."""
        found = judged(a_month(entries=time((10, 60)), episodes=self.again(10, Consent(given_on=day(12)))))
        assert found.counted_seconds == 3600
        earlier = judged(
            a_month(entries=time((10, 60)), episodes=self.again(10, Consent(given_on=day(12)), ended=9))
        )
        assert excluded(earlier) == {Exclusion.BEFORE_CONSENT: 60}
        neither = an_episode(
            discharged_on=day(10),
            consent=replace(an_episode().consent, revoked_on=day(9)),  # type: ignore[type-var]
        )
        episodes = (neither, self.again(10, Consent(given_on=day(12)))[1])
        found = judged(a_month(entries=time((10, 60)), episodes=episodes))
        assert excluded(found) == {Exclusion.BEFORE_CONSENT: 60}

    def test_a_stretch_without_consent_blocks_what_counts_of_it(self) -> None:
        """Time under either episode without a consent blocks; a new episode nobody worked in yet does not."""
        episodes = self.again(20, None)
        again = "reenrolled_within_gap"
        assert codes(judged(a_month(entries=time((3, 60)), episodes=episodes))) == [again]
        blocked = judged(a_month(entries=time((3, 60), (21, 5)), episodes=episodes))
        assert codes(blocked) == ["consent_missing", again]
        assert codes(judged(a_month(entries=(), episodes=episodes))) == ["consent_missing", again]
        first, second = self.again(20, Consent(given_on=day(20)))
        unasked = (replace(first, consent=None), second)
        found = judged(a_month(entries=time((3, 50), (21, 10)), episodes=unasked))
        assert "consent_missing" in codes(found)
        later = judged(a_month(entries=time((21, 60)), episodes=unasked))
        assert "consent_missing" not in codes(later)

    def test_a_consent_of_the_other_program_is_not_missed(self) -> None:
        """General BHI without a consent, its time not counted: CoCM is not blocked for it."""
        facts = a_month(
            entries=time((3, 60), (24, 5)), episodes=(collaborative(19), general(20, consent=None))
        )
        assert codes(judged(facts)) == []
        shared = replace(facts, episodes=(collaborative(20), general(20, consent=None)))
        assert codes(judged(replace(shared, entries=time((20, 60))))) == []


def test_held_time_stays_held_in_every_way() -> None:
    """Time that waits for an answer is held, whoever's day it is."""
    held = {"activity": Activity.PSYCHOTHERAPY, "activity_source": ActivitySource.INFERRED}
    found = judged(a_month(entries=(an_entry(1, 60, day(5)), an_entry(2, 9, day(20), **held))), CHANGED)
    assert excluded(found) == {Exclusion.HELD: 9}
    assert found.kind is MonthKind.SUBSEQUENT
    assert a_review() in a_month().reviews
