"""Months that could be claimed in more ways than one."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from billing.activities import Activity, ActivitySource
from billing.charges import Charge
from billing.counting import Exclusion
from billing.episodes import Consent, Episode
from billing.evaluate import LineStatus
from billing.explain import explain
from billing.month_kinds import MonthKind
from billing.people import Role
from tests.support.months import (
    DR_CHO,
    a_month,
    a_review,
    an_entry,
    an_episode,
)
from tests.support.programs import (
    CHANGED,
    RULES,
    codes,
    collaborative,
    day,
    discharged_to_general,
    excluded,
    general,
    judged,
    said,
    time,
)


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
