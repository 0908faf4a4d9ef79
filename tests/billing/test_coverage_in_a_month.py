"""Months in which the payer, or its rules, change."""

from dataclasses import replace
from datetime import UTC, datetime

from billing.activities import Activity
from billing.charges import Charge
from billing.clinical import Admission
from billing.counting import Exclusion
from billing.evaluate import LineStatus
from billing.explain import explain
from billing.history import takes_initial
from billing.people import Role
from billing.rules import InitialPolicy, TimeRule
from tests.support.months import (
    a_first_month,
    a_month,
    an_entry,
)
from tests.support.payers import CHECKED, a_payer
from tests.support.programs import (
    ATTESTED,
    BIRCH,
    CEDAR,
    CHANGED,
    STRICT_BIRCH,
    cedar,
    codes,
    collaborative,
    covered,
    day,
    excluded,
    general,
    judged,
    said,
    time,
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
