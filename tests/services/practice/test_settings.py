"""What the practice sets holds from a day on; no closed month is ever judged otherwise."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from billing.months import BillingMonth
from billing.people import Member, MemberRole
from billing.practice_settings import ELSEWHERE, SETTINGS
from billing.rules import ConsultantMinutes, PracticeRules, TimeRule
from services.acts import undo
from services.checks import verify
from services.context import Context
from services.entries import log
from services.errors import CannotTakeBack, NotAllowed
from services.months.close import freeze_month
from services.practice.settings import (
    CannotSet,
    SettingDone,
    SettingRequest,
    SettingStanding,
    Source,
    carry_out,
    carry_out_unnamed,
    listed,
    shown,
)
from storage import Database
from tests.support.practice import TryPractice, asked, draft
from tests.support.reporting import NOVEMBER, OCTOBER, ReportedPractice

ROOT = Path(__file__).parents[3]
SEPTEMBER, DECEMBER = BillingMonth(2026, 9), BillingMonth(2026, 12)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def practice(request: pytest.FixtureRequest) -> Iterator[ReportedPractice]:
    """The same practice on each of the two databases."""
    database = Database.open(request.getfixturevalue(f"{request.param}_url"))
    yield ReportedPractice(database)
    database.close()


@pytest.fixture
def on_sqlite(database: Database) -> ReportedPractice:
    return ReportedPractice(database)


@pytest.fixture
def kim(on_sqlite: ReportedPractice) -> Member:
    return on_sqlite.member("Kim Adams", MemberRole.ADMIN, MemberRole.BILLER, slack="U0KIM")


def put(practice: TryPractice, by: Member | None, text: str, day: date | None = None) -> SettingDone:
    request = SettingRequest(text=text, from_day=day)
    if by is None:
        return practice.do(carry_out_unnamed, request)
    return practice.do(carry_out, by, request)


def rules(practice: TryPractice, month: BillingMonth) -> PracticeRules:
    return practice.see(lambda context: context.rules_of(month))


def standing(practice: TryPractice, name: str) -> SettingStanding:
    found = practice.see(listed)
    return next(one for one in found.settings if one.setting.name == name)


def close(practice: TryPractice, by: Member, month: BillingMonth) -> None:
    def freeze(context: Context) -> None:
        freeze_month(context, by, month)
        context.uow.commit()

    practice.do(freeze)


def test_a_setting_holds_from_the_first_of_this_month_and_leaves_the_one_before(
    practice: ReportedPractice,
) -> None:
    """Lines of November are judged by it, lines of October as before; and the chain holds."""
    kim = practice.member("Kim Adams", MemberRole.ADMIN, slack="U0KIM")
    patient = practice.billable(minutes=62)
    practice.works(patient, 40, date(2026, 11, 5))
    done = put(practice, kim, "Time Rule: midpoint")
    assert (done.before, done.value, done.from_day) == ("strict", "midpoint", date(2026, 11, 1))
    assert done.from_was_supplied
    assert done.earlier == ()
    report = practice.report(OCTOBER, NOVEMBER)
    assert [(line.month, line.rules.time_rule) for line in report.lines] == [
        (NOVEMBER, TimeRule.MIDPOINT),
        (OCTOBER, TimeRule.STRICT),
    ]
    assert report.time_rule is TimeRule.MIDPOINT
    assert practice.see(verify).changed == ()


def test_who_may_set_and_who_may_look(on_sqlite: ReportedPractice, kim: Member) -> None:
    """Everybody sees what is set and by whom; an administrator sets it."""
    for other in (on_sqlite.ana, on_sqlite.cho, on_sqlite.sam):
        with pytest.raises(NotAllowed, match="Only administrators can change the practice's settings"):
            put(on_sqlite, other, "time rule midpoint")
        assert on_sqlite.see(shown, other) == on_sqlite.see(listed)
    put(on_sqlite, kim, "time rule midpoint")
    found = standing(on_sqlite, "time_rule")
    assert (found.value, found.default, found.source) == ("midpoint", "strict", Source.SET)
    assert found.since is not None
    assert found.since.by == kim
    assert found.since.at == on_sqlite.clock.at


def test_a_day_within_a_month_judges_that_month_as_a_whole(on_sqlite: ReportedPractice, kim: Member) -> None:
    """The settings of its last day are the month's."""
    put(on_sqlite, kim, "gap 9", date(2026, 12, 20))
    assert [rules(on_sqlite, month).episode_gap_months for month in (NOVEMBER, DECEMBER)] == [6, 9]
    assert on_sqlite.see(lambda context: context.rules_on(date(2026, 12, 1))).episode_gap_months == 9
    found = standing(on_sqlite, "episode_gap_months")
    assert (found.value, found.source) == ("6", Source.DEFAULT)
    assert [(one.value, one.from_day, one.by) for one in found.later] == [("9", date(2026, 12, 20), kim)]


def test_earlier_open_months_are_named_with_their_patients(on_sqlite: ReportedPractice, kim: Member) -> None:
    """Whoever dates a setting back is told what it judges anew; months without time are not worth a word."""
    on_sqlite.billable("123")
    on_sqlite.billable("124")
    done = put(on_sqlite, kim, "review not required", date(2026, 8, 15))
    assert [(one.month, one.patients) for one in done.earlier] == [(OCTOBER, 2)]
    assert not rules(on_sqlite, BillingMonth(2026, 8)).review_required
    assert rules(on_sqlite, BillingMonth(2026, 7)).review_required


def test_a_closed_month_is_never_judged_otherwise(on_sqlite: ReportedPractice, kim: Member) -> None:
    """The refusal names it, the first day that can be, and the way to open it; other settings of it are as closed."""
    on_sqlite.billable()
    close(on_sqlite, kim, SEPTEMBER)
    close(on_sqlite, kim, OCTOBER)
    with pytest.raises(CannotSet) as refused:
        put(on_sqlite, kim, "gap 7", date(2026, 10, 31))
    assert str(refused.value) == (
        "October 2026 is closed and keeps the settings that judged it. Nothing was changed. To set episode_gap_months "
        "for later months, add: from 2026-11-01. To change a closed month, reopen it first: `/cocm reopen 2026-10` and "
        "a reason."
    )
    with pytest.raises(CannotSet, match=r"^September 2026 and October 2026 are closed and keep the settings"):
        put(on_sqlite, kim, "gap 7", date(2026, 8, 1))
    close(on_sqlite, kim, BillingMonth(2026, 8))
    with pytest.raises(CannotSet, match=r"^September 2026 and October 2026 and 1 earlier are closed"):
        put(on_sqlite, kim, "gap 7", date(2026, 8, 1))
    assert rules(on_sqlite, OCTOBER).episode_gap_months == 6
    put(on_sqlite, kim, "gap 7", date(2026, 11, 1))
    # It was so already in each month that is closed.
    assert put(on_sqlite, kim, "gap 6", date(2026, 10, 1)).unchanged


def test_what_is_set_again_replaces_what_was_set_for_the_same_day(
    on_sqlite: ReportedPractice, kim: Member
) -> None:
    """The last word of a day holds; what is the same already is not stored twice."""
    put(on_sqlite, kim, "gap 7")
    done = put(on_sqlite, kim, "gap 8")
    assert (done.before, done.value, done.unchanged) == ("7", "8", False)
    assert rules(on_sqlite, NOVEMBER).episode_gap_months == 8
    again = put(on_sqlite, kim, "gap 8")
    assert (again.unchanged, again.act_id) == (True, None)
    assert len(on_sqlite.see(lambda context: context.uow.setting_changes.all())) == 2


def test_what_is_set_now_goes_before_what_was_set_for_later_this_month(
    on_sqlite: ReportedPractice, kim: Member
) -> None:
    """A month goes by its last day: without a date it begins where it counts, with an earlier one it is refused."""
    put(on_sqlite, kim, "gap 7", date(2026, 11, 20))
    done = put(on_sqlite, kim, "gap 8")
    assert done.from_day == date(2026, 11, 20)
    assert rules(on_sqlite, NOVEMBER).episode_gap_months == 8
    with pytest.raises(CannotSet, match=r"is set from 2026-11-20 on already.* write from 2026-11-20"):
        put(on_sqlite, kim, "gap 9", date(2026, 11, 2))


def test_a_later_change_stays_and_is_named(on_sqlite: ReportedPractice, kim: Member) -> None:
    """What is set for January is still to come when November's is set."""
    put(on_sqlite, kim, "consultant minutes exclude", date(2027, 1, 1))
    done = put(on_sqlite, kim, "consultant minutes exclude", date(2026, 12, 1))
    assert rules(on_sqlite, NOVEMBER).consultant_minutes is ConsultantMinutes.COUNT
    assert [(one.value, one.from_day) for one in done.standing.later] == [("exclude", date(2026, 12, 1))]


def test_default_is_what_holds_where_nothing_is_set(on_sqlite: ReportedPractice, kim: Member) -> None:
    """The environment's value where it gives one, else the program's; and both are told apart."""
    on_sqlite.set(
        rules=PracticeRules(time_rule=TimeRule.MIDPOINT), from_environment={"time_rule": "COCM_TIME_RULE"}
    )
    found = standing(on_sqlite, "time_rule")
    assert (found.value, found.default, found.source, found.variable) == (
        "midpoint",
        "strict",
        Source.ENVIRONMENT,
        "COCM_TIME_RULE",
    )
    put(on_sqlite, kim, "time rule strict")
    assert rules(on_sqlite, NOVEMBER).time_rule is TimeRule.STRICT
    assert put(on_sqlite, kim, "time rule default").value == "midpoint"
    assert rules(on_sqlite, NOVEMBER).time_rule is TimeRule.MIDPOINT


@pytest.mark.parametrize(
    ("text", "day", "said"),
    [
        ("time rule midpont", None, "“midpont” is not a value of time_rule. Write strict or midpoint."),
        ("time rule", None, "time_rule needs a value. Write strict or midpoint."),
        ("tme_rule midpoint", None, "Did you mean time_rule?"),
        ("near minutes 20", None, "the environment variable COCM_NEAR_MINUTES of the server"),
        ("gap 7", date(2017, 12, 31), "2017-12-31 is before 2018"),
        ("gap 7", date(2032, 1, 1), "more than 5 years ahead"),
    ],
)
def test_what_cannot_be_set_is_refused_with_the_way(
    on_sqlite: ReportedPractice, kim: Member, text: str, day: date | None, said: str
) -> None:
    """Nothing is stored, and the sentence says what to write."""
    with pytest.raises(CannotSet) as refused:
        put(on_sqlite, kim, text, day)
    assert said in str(refused.value)
    assert str(refused.value).endswith("Nothing was changed.")
    assert on_sqlite.see(lambda context: context.uow.setting_changes.all()) == ()


def test_the_command_line_sets_without_a_name(on_sqlite: ReportedPractice) -> None:
    """It is on file and in the history as the command line's, and nobody's act."""
    done = put(on_sqlite, None, "gap 7")
    assert done.act_id is None
    found = standing(on_sqlite, "episode_gap_months")
    assert found.since is not None
    assert found.since.by is None
    change = on_sqlite.see(lambda context: context.uow.setting_changes.all())[0]
    (version,) = on_sqlite.see(
        lambda context: context.uow.facts.versions("practice_setting", change.setting_id)
    )
    assert (version.act, version.by, version.at) == ("command line", None, on_sqlite.clock.at)


def test_every_setting_of_the_environment_is_listed(on_sqlite: ReportedPractice) -> None:
    """With its value and its variable; days off that have passed are not worth a word."""
    days = frozenset({date(2026, 11, 1), date(2026, 12, 24), date(2026, 11, 27)})
    on_sqlite.set(rules=PracticeRules(days_off=days))
    found = on_sqlite.see(listed)
    assert {one.name: one.variable for one in found.elsewhere} == dict(ELSEWHERE)
    values = {one.name: one.value for one in found.elsewhere}
    assert values["days_off"] == "2026-11-27, 2026-12-24"
    assert (values["near_minutes"], values["timezone"]) == ("15", "America/New_York")
    assert [one.setting.name for one in found.settings] == list(SETTINGS)


def test_undo_takes_a_setting_back_unless_a_month_was_closed_by_it(
    on_sqlite: ReportedPractice, kim: Member
) -> None:
    """A closed month keeps what judged it, whichever way the setting would turn."""
    on_sqlite.billable()
    on_sqlite.at(datetime(2026, 11, 30, 20, tzinfo=UTC))
    done = put(on_sqlite, kim, "gap 7", date(2026, 11, 1))
    assert done.act_id is not None
    taken = on_sqlite.do(undo.undo_act, kim, done.act_id)
    assert rules(on_sqlite, NOVEMBER).episode_gap_months == 6
    back = on_sqlite.do(undo.put_back, kim, taken.act_id)
    assert rules(on_sqlite, NOVEMBER).episode_gap_months == 7
    on_sqlite.at(datetime(2026, 12, 1, 14, tzinfo=UTC))
    close(on_sqlite, kim, NOVEMBER)
    with pytest.raises(
        CannotTakeBack, match=r"^November 2026 is closed and keeps the settings that judged it"
    ):
        on_sqlite.do(undo.undo_act, kim, back.act_id)
    assert rules(on_sqlite, NOVEMBER).episode_gap_months == 7


def test_a_setting_put_back_judges_no_closed_month_either(on_sqlite: ReportedPractice, kim: Member) -> None:
    """Taken back, the month closed, put back: refused."""
    on_sqlite.at(datetime(2026, 11, 30, 20, tzinfo=UTC))
    done = put(on_sqlite, kim, "gap 7")
    assert done.act_id is not None
    taken = on_sqlite.do(undo.undo_act, kim, done.act_id)
    on_sqlite.at(datetime(2026, 12, 1, 14, tzinfo=UTC))
    close(on_sqlite, kim, NOVEMBER)
    with pytest.raises(CannotTakeBack, match="To go back to the earlier value for later months"):
        on_sqlite.do(undo.put_back, kim, taken.act_id)
    assert rules(on_sqlite, NOVEMBER).episode_gap_months == 6


def test_who_is_an_administrator_no_more_takes_no_setting_back(
    on_sqlite: ReportedPractice, kim: Member
) -> None:
    """As with everything else that one may do no more."""
    done = put(on_sqlite, kim, "gap 7")
    assert done.act_id is not None
    biller = replace(kim, roles=frozenset({MemberRole.BILLER}))
    with pytest.raises(NotAllowed):
        on_sqlite.do(undo.undo_act, biller, done.act_id)


def test_entries_are_late_by_the_practices_days_of_their_month(
    on_sqlite: ReportedPractice, kim: Member
) -> None:
    """Written two business days later: late where one is allowed, in time where two are."""
    on_sqlite.enrolled()
    late = asked(service_date=date(2026, 11, 16))
    first = on_sqlite.do(log.log, on_sqlite.ana, draft(late))
    assert any("more than one business day" in said for said in first.entries[0].remarks)
    put(on_sqlite, kim, "late days 2")
    on_sqlite.clock.pass_(hours=1)
    second = on_sqlite.do(log.log, on_sqlite.ana, draft(replace(late, note="another call")))
    assert not any("business day" in said for said in second.entries[0].remarks)
    put(on_sqlite, kim, "late days 0")
    on_sqlite.set(rules=PracticeRules(days_off=frozenset({date(2026, 11, 18)})))
    on_sqlite.clock.pass_(hours=1)
    last = on_sqlite.do(log.log, on_sqlite.ana, draft(replace(late, note="a third call")))
    assert any("more than 0 business days" in said for said in last.entries[0].remarks)
    free = asked(service_date=date(2026, 11, 17), note="the day after is off")
    on_sqlite.clock.pass_(hours=1)
    in_time = on_sqlite.do(log.log, on_sqlite.ana, draft(free))
    assert not any("business day" in said for said in in_time.entries[0].remarks)


def test_use_cases_ask_for_the_rules_of_a_month() -> None:
    """What the environment gives is the base alone: reading it would pass over what the practice has set."""
    reads = re.compile(r"settings\.rules\b")
    found = {
        str(path.relative_to(ROOT))
        for room in ("services", "bot", "scheduler", "cocm")
        for path in (ROOT / room).rglob("*.py")
        if reads.search(path.read_text(encoding="utf-8"))
    }
    assert found == {
        "services/context.py",
        "services/practice/judged_months.py",
        "services/practice/rules_diff.py",
        "services/practice/settings.py",
    }
