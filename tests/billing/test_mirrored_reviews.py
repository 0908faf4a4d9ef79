"""A case review that the care manager and the consultant both wrote down counts once until somebody says it was two."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from billing.activities import Activity
from billing.clinical import StatementKind
from billing.counting import Excluded, Exclusion
from billing.entries import TimeEntry
from billing.evaluate import evaluate_month
from billing.findings.mirrored_review import ROW
from billing.mirrored_reviews import answers, may_be_mirrored, mirrors
from billing.month_kinds import MonthKind
from billing.overlaps import find_overlaps
from billing.payer import rules_for
from billing.people import Role
from billing.rules import ConsultantMinutes, PracticeRules
from tests.support.counting import DAY, at, count, entries, reasons, timed
from tests.support.findings import statement
from tests.support.months import ANA, BEN, DR_CHO, NOVEMBER, an_entry


def ana_wrote(entry_id: int = 1, minutes: float = 20, **changes: Any) -> TimeEntry:
    """A care manager's entry of a case review."""
    return an_entry(entry_id, minutes, DAY, **{"activity": Activity.CASE_REVIEW, **changes})


def cho_wrote(entry_id: int = 2, minutes: float = 15, **changes: Any) -> TimeEntry:
    """A consultant's entry of a case review."""
    values = {"role": Role.CONSULTANT, "performed_by": DR_CHO, "activity": Activity.CASE_REVIEW, **changes}
    return an_entry(entry_id, minutes, DAY, **values)


def test_a_review_in_two_entries_counts_once_until_answered() -> None:
    """Twenty minutes of Ana's and fifteen of Dr. Cho's are twenty; hers keep the time, whoever wrote first."""
    for pair in ((ana_wrote(1), cho_wrote(2)), (cho_wrote(1), ana_wrote(2))):
        found = count(entries(*pair))
        assert (found.care_manager, found.consultant, reasons(found)) == (1200, 0, {"mirrored": 900})


def test_the_longer_of_the_two_counts() -> None:
    """Fifteen minutes of Ana's and twenty of Dr. Cho's are twenty."""
    found = count(entries(ana_wrote(minutes=15), cho_wrote(minutes=20)))
    assert (found.care_manager, found.consultant) == (900, 300)
    assert found.verdicts[1].excluded == (Excluded(Exclusion.MIRRORED, 900, kept_by=1),)


@pytest.mark.parametrize(
    "pair",
    [
        (ana_wrote(activity=Activity.MEDICATION, participants=(DR_CHO,)), cho_wrote()),
        (ana_wrote(), cho_wrote(activity=Activity.OTHER, participants=(ANA,))),
        (ana_wrote(participants=(DR_CHO,)), cho_wrote()),
        (ana_wrote(), cho_wrote(participants=(ANA,))),
        (ana_wrote(started_at=at(10)), cho_wrote()),
        (ana_wrote(), cho_wrote(started_at=at(10))),
    ],
)
def test_one_review_and_the_name_of_who_wrote_it_are_enough(pair: tuple[TimeEntry, TimeEntry]) -> None:
    """Both are reviews, or one is and the other names its author; and not both say when it was."""
    assert mirrors(pair) == (pair,)


@pytest.mark.parametrize(
    "pair",
    [
        (ana_wrote(activity=Activity.PHONE), cho_wrote()),
        (ana_wrote(activity=Activity.PHONE, participants=(BEN,)), cho_wrote()),
        (ana_wrote(), cho_wrote(activity=Activity.PHONE)),
        (ana_wrote(), cho_wrote(activity=Activity.PHONE, participants=(BEN,))),
        (ana_wrote(activity=Activity.PHONE), cho_wrote(participants=(ANA,))),
        (ana_wrote(participants=(DR_CHO,)), cho_wrote(activity=Activity.PHONE)),
        (
            ana_wrote(activity=Activity.PHONE, participants=(DR_CHO,)),
            cho_wrote(activity=Activity.PHONE),
        ),
        (ana_wrote(service_date=date(2026, 11, 4)), cho_wrote()),
        (ana_wrote(started_at=at(10)), cho_wrote(started_at=at(14))),
        (ana_wrote(role=Role.TREATING_PROVIDER), cho_wrote()),
        (ana_wrote(), cho_wrote(role=Role.CARE_MANAGER)),
        (ana_wrote(performed_by=DR_CHO), cho_wrote()),
    ],
)
def test_nothing_else_is_asked_about(pair: tuple[TimeEntry, TimeEntry]) -> None:
    """Other kinds of work, days, roles and clock times apart, and one person in both roles are two entries."""
    assert mirrors(pair) == ()


def test_a_month_has_both_on_one_day_or_nothing_to_ask() -> None:
    """Without a consultant's and a care manager's entry of one day there is nothing to look at."""
    assert may_be_mirrored([ana_wrote(), cho_wrote()])
    assert not may_be_mirrored([ana_wrote(), ana_wrote(2)])
    assert not may_be_mirrored([cho_wrote(), cho_wrote(3)])
    assert not may_be_mirrored([ana_wrote(service_date=date(2026, 11, 4)), cho_wrote()])
    assert not may_be_mirrored([ana_wrote(role=Role.TREATING_PROVIDER), cho_wrote()])


def test_each_entry_is_in_one_pair() -> None:
    """Two of Ana's and one of Dr. Cho's: one pair, and thirty-five minutes."""
    found = count(entries(ana_wrote(1), ana_wrote(3, 15), cho_wrote(2, 15)))
    assert (found.counted, reasons(found)) == (35 * 60, {"mirrored": 900})
    assert found.verdicts[2].excluded[0].kept_by == 3


def test_a_pair_that_is_named_comes_first_then_one_of_the_same_length_then_the_earlier() -> None:
    """Ben's fifteen minutes are as long as Dr. Cho's, but Ana's name her; without the name his come first."""
    ana, ben = ana_wrote(1, participants=(DR_CHO,)), ana_wrote(3, 15, performed_by=BEN)
    cho, other = cho_wrote(4), cho_wrote(5)
    assert mirrors([ben, ana, cho]) == ((ana, cho),)
    nameless = ana_wrote(1)
    assert mirrors([nameless, ben, cho]) == ((ben, cho),)
    assert mirrors([other, cho, nameless]) == ((nameless, cho),)
    again = ana_wrote(6)
    assert mirrors([again, nameless, cho]) == ((nameless, cho),)
    assert mirrors([ben, nameless, cho, other]) == ((ben, cho), (nameless, other))
    named_by_her = cho_wrote(7, participants=(ANA,))
    assert mirrors([nameless, cho, named_by_her]) == ((nameless, named_by_her),)


def test_joint_time_that_says_so_is_not_asked_about() -> None:
    """Each names the other: linked, and another review of Dr. Cho's that day is not a third of theirs."""
    ana, cho = ana_wrote(participants=(DR_CHO,)), cho_wrote(participants=(ANA,))
    found = count(entries(ana, cho, cho_wrote(3)))
    assert (found.counted, reasons(found)) == (35 * 60, {"joint": 900})


def test_names_alone_make_no_pair_of_an_entry() -> None:
    """Somebody named who wrote nothing down leaves the entry to be asked about."""
    found = count(entries(ana_wrote(participants=(BEN,)), cho_wrote()))
    assert reasons(found) == {"mirrored": 900}


def test_the_consultant_keeps_what_the_care_manager_lost_elsewhere() -> None:
    """Ana's review lies in another patient's call: Dr. Cho's fifteen minutes count."""
    elsewhere, ana = timed(9, at(10), 30, patient_id=2), ana_wrote(10, started_at=at(10))
    found = count(entries(ana, cho_wrote(2), overlaps=find_overlaps([elsewhere, ana])))
    assert (found.counted, reasons(found)) == (900, {"overlap": 1200})


def test_what_does_not_count_is_not_asked_about() -> None:
    """Where the consultant's minutes do not count, and in a General BHI month, there is nothing to answer."""
    pair = entries(ana_wrote(), cho_wrote())
    assert reasons(count(pair, consultant_minutes=ConsultantMinutes.EXCLUDE)) == {"consultant": 900}
    assert reasons(count(pair, MonthKind.GENERAL_BHI)) == {"consultant": 900}


def said(kind: StatementKind, day: date = DAY) -> dict[str, Any]:
    return {"statements": (statement(kind, day),)}


def test_two_reviews_both_count() -> None:
    """Answered, both entries count whole."""
    found = count(entries(ana_wrote(), cho_wrote(), **said(StatementKind.TWO_REVIEWS)))
    assert (found.counted, found.excluded) == (35 * 60, ())


def test_the_same_review_is_joint_time() -> None:
    """Answered, the consultant's entry yields as joint time does."""
    found = count(entries(ana_wrote(), cho_wrote(), **said(StatementKind.SAME_REVIEW)))
    assert (found.counted, reasons(found)) == (1200, {"joint": 900})
    assert found.verdicts[1].excluded[0].kept_by == 1


def test_an_answer_is_about_its_day() -> None:
    """What was said of another day, or of something else, answers nothing."""
    for kind, day in ((StatementKind.TWO_REVIEWS, date(2026, 11, 4)), (StatementKind.NECESSITY, DAY)):
        assert reasons(count(entries(ana_wrote(), cho_wrote(), **said(kind, day)))) == {"mirrored": 900}


def test_the_last_word_stands() -> None:
    """Answered twice, the later answer holds, in whichever order they are read."""
    two = statement(StatementKind.TWO_REVIEWS, DAY)
    same = replace(statement(StatementKind.SAME_REVIEW, DAY), statement_id=2)
    assert answers([same, two]) == {DAY: True}
    assert answers([two, same]) == {DAY: True}
    assert answers([]) == {}


def test_the_finding_names_each_day() -> None:
    """Pairs of two days are one finding, and the days stand in their order."""
    later = date(2026, 11, 12)
    pairs = (
        ana_wrote(3, service_date=later),
        cho_wrote(4, service_date=later),
        ana_wrote(1),
        cho_wrote(2),
        ana_wrote(5, service_date=date(2026, 11, 20)),
    )
    found = evaluate_month(entries(*pairs), rules_for(NOVEMBER, PracticeRules()))
    asked = [one for one in found.findings if one.code == ROW.code]
    assert [(one.entries, one.parameters) for one in asked] == [
        ((3, 4, 1, 2), (("days", "Nov 3 and Nov 12"),))
    ]


def test_the_finding_names_both_entries() -> None:
    """A warning with the two entries, the care manager's first; none once it is answered."""
    facts = entries(cho_wrote(1), ana_wrote(2))
    found = evaluate_month(facts, rules_for(NOVEMBER, PracticeRules()))
    asked = [one for one in found.findings if one.code == ROW.code]
    assert [(one.severity.value, one.entries) for one in asked] == [("warning", (2, 1))]
    answered = entries(cho_wrote(1), ana_wrote(2), **said(StatementKind.SAME_REVIEW))
    again = evaluate_month(answered, rules_for(NOVEMBER, PracticeRules()))
    assert ROW.code not in {one.code for one in again.findings}


def test_each_entry_is_paired_once() -> None:
    """Two reviews of equal lengths pair; a third of the consultant's stands by itself."""
    found = count(
        entries(ana_wrote(1, 20), ana_wrote(2, 25), cho_wrote(3, 20), cho_wrote(4, 25), cho_wrote(5, 15))
    )
    assert found.counted == (20 + 25 + 15) * 60


def test_a_talk_of_two_that_is_linked_by_name_is_no_second_review() -> None:
    """What is left of the longer entry counts: both say themselves that they were together."""
    pair = (ana_wrote(1, 20, participants=(DR_CHO,)), cho_wrote(2, 30, participants=(ANA,)))
    found = count(entries(*pair))
    assert (found.counted, reasons(found)) == (30 * 60, {"joint": 20 * 60})
