"""Laws that hold for every month, whatever is in it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.activities import Activity, ActivitySource
from billing.charges import Charge, charges
from billing.clinical import Admission
from billing.closing import FrozenLine
from billing.counting import Exclusion, tally
from billing.entries import TimeEntry
from billing.episodes import Consent, Episode, Program
from billing.evaluate import MonthResult, evaluate_month
from billing.explain import explain
from billing.facts import MonthFacts
from billing.month_kinds import MonthKind
from billing.months import BillingMonth
from billing.overlaps import find_overlaps
from billing.payer import rules_for
from billing.people import Role
from billing.rules import Clinic, ConsultantMinutes, InitialPolicy, PracticeRules, TimeRule
from tests.support.coverage import changing
from tests.support.months import JUDGED_BY, NOVEMBER, a_month, an_entry, an_episode
from tests.support.payers import a_payer

DAYS = st.dates(date(2026, 10, 28), date(2026, 12, 3))


@st.composite
def some_entry(draw: st.DrawFn, entry_id: int) -> TimeEntry:
    day = draw(DAYS)
    start = None
    if draw(st.booleans()):
        start = datetime(day.year, day.month, day.day, 15, tzinfo=UTC)
        start += timedelta(seconds=draw(st.integers(0, 7200)))
    return an_entry(
        entry_id,
        day=day,
        seconds=draw(st.integers(-5, 7200)),
        activity=draw(st.sampled_from(Activity)),
        activity_source=draw(st.sampled_from(ActivitySource)),
        role=draw(st.sampled_from(Role)),
        performed_by=draw(st.integers(1, 3)),
        participants=tuple(draw(st.sets(st.integers(1, 3), max_size=2))),
        started_at=start,
        recorded_on=day + timedelta(days=draw(st.integers(0, 5))),
        first_seconds=draw(st.none() | st.integers(0, 7200)),
        patient_id=draw(st.integers(1, 2)),
    )


@st.composite
def some_entries(draw: st.DrawFn) -> tuple[TimeEntry, ...]:
    return tuple(draw(some_entry(number)) for number in range(1, draw(st.integers(0, 8)) + 1))


@st.composite
def some_episode(draw: st.DrawFn, number: int) -> Episode:
    maybe = st.none() | st.dates(date(2026, 1, 1), date(2027, 1, 1))
    consent = draw(st.none() | st.builds(Consent, given_on=DAYS, revoked_on=st.none() | DAYS))
    return an_episode(
        episode_id=number,
        program=draw(st.sampled_from(Program)),
        enrolled_on=draw(maybe),
        initial_assessment_on=draw(maybe),
        discharged_on=draw(maybe),
        consent=consent,
    )


@st.composite
def some_facts(draw: st.DrawFn) -> MonthFacts:
    everyone = draw(some_entries())
    stays = st.builds(Admission, admission_id=st.just(1), patient_id=st.just(1), admitted_on=DAYS)
    return a_month(
        entries=tuple(entry for entry in everyone if entry.patient_id == 1),
        episodes=tuple(draw(some_episode(number)) for number in range(draw(st.integers(0, 3)))),
        admissions=tuple(draw(st.lists(stays, max_size=1))),
        overlaps=find_overlaps(everyone),
        active_months=tuple(draw(st.sets(st.sampled_from([NOVEMBER.plus(-n) for n in range(9)])))),
    )


PRACTICES = st.builds(
    PracticeRules,
    time_rule=st.sampled_from(TimeRule),
    initial_policy=st.sampled_from(InitialPolicy),
    consultant_minutes=st.sampled_from(ConsultantMinutes),
    inpatient_counts=st.booleans(),
    review_required=st.booleans(),
    clinic=st.sampled_from(Clinic),
)
PAYERS = st.none() | st.builds(
    a_payer,
    name=st.just("Any"),
    covered_codes=st.frozensets(st.sampled_from(["99492", "99493", "99494", "G2214", "99484"])),
    max_99494=st.none() | st.integers(0, 5),
    g0512=st.booleans(),
    g2214_clinics=st.booleans(),
)
BOTH_COUNT = rules_for(NOVEMBER, PracticeRules())
RULES = st.builds(rules_for, st.just(NOVEMBER), PRACTICES, PAYERS)
#: Of payers, or of one payer's rules, that change within the month.
CHANGING = st.builds(
    lambda first, second, third, practice: changing(
        NOVEMBER,
        ((NOVEMBER.first_day, first), (date(2026, 11, 9), second), (date(2026, 11, 20), third)),
        practice,
    ),
    *[
        st.builds(
            a_payer,
            name=st.sampled_from(["A", "B"]),
            time_rule=st.sampled_from(TimeRule),
            max_99494=st.none() | st.integers(0, 2),
            inpatient_counts=st.booleans(),
        )
    ]
    * 3,
    PRACTICES,
)
KINDS = st.sampled_from(MonthKind)


def without_ids(found: MonthResult) -> MonthResult:
    return replace(
        found,
        verdicts=(),
        findings=tuple(replace(each, entries=tuple(sorted(each.entries))) for each in found.findings),
    )


@given(some_facts(), RULES | CHANGING)
def test_totals_reconcile_to_the_second(facts: MonthFacts, rules: object) -> None:
    """Read is counted and excluded together: by month, by entry, by role and by reason."""
    found = evaluate_month(facts, rules)  # type: ignore[arg-type]  # built by rules_for
    assert found.read_seconds == sum(max(entry.seconds, 0) for entry in facts.entries)
    assert found.read_seconds == found.counted_seconds + sum(seconds for _, seconds in found.excluded)
    roles = found.care_manager_seconds + found.consultant_seconds + found.treating_provider_seconds
    assert roles == found.counted_seconds == sum(verdict.counted for verdict in found.verdicts)
    for verdict in found.verdicts:
        assert verdict.counted >= 0
        assert verdict.seconds == verdict.counted + sum(part.seconds for part in verdict.excluded)


@given(some_facts(), RULES | CHANGING, st.randoms(use_true_random=False))
def test_the_order_of_entries_and_episodes_never_matters(
    facts: MonthFacts, rules: object, chance: object
) -> None:
    """Whatever the order of entries and episodes, the month comes out the same."""
    shuffled = list(facts.entries)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]  # a random.Random
    turned = replace(facts, entries=tuple(shuffled), episodes=facts.episodes[::-1])
    first, second = evaluate_month(facts, rules), evaluate_month(turned, rules)  # type: ignore[arg-type]
    assert without_ids(first) == without_ids(second)
    assert {verdict.entry_id: verdict for verdict in first.verdicts} == {
        verdict.entry_id: verdict for verdict in second.verdicts
    }


@given(some_facts(), RULES | CHANGING)
def test_codes_are_never_alone_or_together_that_must_not_be(facts: MonthFacts, rules: object) -> None:
    """99494 never without a base, one base at most, CoCM and 99484 never together, G2214 alone."""
    found = evaluate_month(facts, rules)  # type: ignore[arg-type]
    codes = [charge.code for charge in found.earned]
    assert codes in (
        [],
        ["99492"],
        ["99493"],
        ["G2214"],
        ["99484"],
        ["99492", "99494"],
        ["99493", "99494"],
    )
    assert all(charge.units == 1 or charge.code == "99494" for charge in found.earned)
    if found.billable:
        assert found.billable[0] == found.earned[0]
        assert worth(found.billable) <= worth(found.earned)
        assert worth((*found.held, *found.billable)) == worth(found.earned)
    if found.earned:
        assert found.threshold_met_on is not None
        assert found.date_of_service is not None
        assert found.threshold_met_on <= found.date_of_service


def worth(units: Sequence[Charge]) -> tuple[int, int]:
    """Codes in the order of more and more time."""
    rank = {"G2214": 1, "99484": 2, "99493": 2, "99492": 2, "99494": 0}
    return max((rank[each.code] for each in units), default=0), sum(
        each.units for each in units if each.code == "99494"
    )


@given(st.integers(0, 40_000), st.integers(0, 4_000), KINDS, RULES)
def test_more_counted_time_never_yields_less(seconds: int, more: int, kind: MonthKind, rules: object) -> None:
    """More seconds never reach a lesser code or fewer units."""
    cap = rules.max_99494  # type: ignore[attr-defined]
    few = charges(seconds, kind, rules, cap)  # type: ignore[arg-type]
    many = charges(seconds + more, kind, rules, cap)  # type: ignore[arg-type]
    assert worth(many) >= worth(few)


@given(some_facts(), RULES, some_entry(99))
def test_another_entry_that_counts_never_lowers_the_count(
    facts: MonthFacts, rules: object, extra: TimeEntry
) -> None:
    """Time kept is never lost to a further entry that itself counts, save consultant time to staff's."""
    extra = replace(extra, patient_id=1, started_at=None, participants=())
    before = evaluate_month(facts, rules)  # type: ignore[arg-type]
    after = evaluate_month(replace(facts, entries=(*facts.entries, extra)), rules)  # type: ignore[arg-type]
    assert after.counted_seconds >= before.counted_seconds


@given(some_facts(), RULES, st.data())
def test_splitting_an_entry_in_two_never_changes_the_month(
    facts: MonthFacts, rules: object, data: st.DataObject
) -> None:
    """Two entries of the halves, one after the other, count and bill as the whole did."""
    whole = [entry for entry in facts.entries if entry.seconds > 1 and not entry.participants]
    if not whole:
        return
    entry = data.draw(st.sampled_from(whole))
    first = data.draw(st.integers(1, entry.seconds - 1))
    later = entry.started_at and entry.started_at + timedelta(seconds=first)
    halves = (
        replace(entry, seconds=first),
        replace(entry, entry_id=99, seconds=entry.seconds - first, started_at=later),
    )
    rest = tuple(other for other in facts.entries if other is not entry)
    moved = tuple(
        replace(overlap, entry_id=number)
        for overlap in facts.overlaps
        for number in ((entry.entry_id, 99) if overlap.entry_id == entry.entry_id else (overlap.entry_id,))
    )
    split = replace(facts, entries=(*rest, *halves), overlaps=moved)
    before, after = evaluate_month(facts, rules), evaluate_month(split, rules)  # type: ignore[arg-type]
    assert after.read_seconds == before.read_seconds
    assert after.counted_seconds == before.counted_seconds
    assert after.excluded == before.excluded
    assert after.earned == before.earned


@given(some_facts(), RULES)
def test_a_frozen_month_reads_back_and_recomputes(facts: MonthFacts, rules: object) -> None:
    """Whatever is in a month, its frozen bytes give the same value and the same result."""
    line = FrozenLine.of(facts, rules, JUDGED_BY)  # type: ignore[arg-type]
    again = FrozenLine.from_bytes(line.to_bytes())
    assert again == line
    assert not again.judged_otherwise()


@given(some_facts(), RULES)
def test_why_tells_of_every_entry(facts: MonthFacts, rules: object) -> None:
    """Each entry stands in the explanation once, and the last running total is the month's."""
    found = evaluate_month(facts, rules)  # type: ignore[arg-type]
    told = explain(facts, found, rules)  # type: ignore[arg-type]
    assert sorted(each.entry_id for each in told.entries) == sorted(entry.entry_id for entry in facts.entries)
    if told.entries:
        assert told.entries[-1].running_seconds == found.counted_seconds


ZONES = [
    "America/New_York",
    "America/Los_Angeles",
    "America/Phoenix",
    "America/Anchorage",
    "Pacific/Honolulu",
    "America/St_Johns",
    "Europe/Berlin",
    "Asia/Kolkata",
    "Pacific/Auckland",
    "Pacific/Kiritimati",
]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    "last",
    [date(2026, 12, 31), date(2024, 2, 29), date(2026, 2, 28), date(2026, 3, 31), date(2026, 10, 31)],
)
def test_midnight_falls_in_the_right_month(zone: str, last: date) -> None:
    """The last second of a month and the first of the next lie apart in every zone and season."""
    midnight = datetime(last.year, last.month, last.day, tzinfo=ZoneInfo(zone)) + timedelta(days=1)
    before, after = midnight.astimezone(UTC) - timedelta(seconds=1), midnight.astimezone(UTC)
    local = [instant.astimezone(ZoneInfo(zone)).date() for instant in (before, after)]
    month = BillingMonth.of(last)
    assert [BillingMonth.of(each) for each in local] == [month, month.plus(1)]
    entries = tuple(
        an_entry(number, 1, each, started_at=instant)
        for number, (each, instant) in enumerate(zip(local, (before, after), strict=True), 1)
    )
    found = evaluate_month(
        a_month(month=month, entries=entries, episodes=()), rules_for(month, PracticeRules())
    )
    assert [verdict.counted for verdict in found.verdicts] == [60, 0]


@given(some_entries(), st.randoms(use_true_random=False))
def test_overlaps_do_not_depend_on_the_order(entries: tuple[TimeEntry, ...], chance: object) -> None:
    """The same entries in another order overlap alike, and nobody loses time they did not have."""
    shuffled = list(entries)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]  # a random.Random
    found = find_overlaps(entries)
    assert find_overlaps(shuffled) == found
    by_id = {entry.entry_id: entry for entry in entries}
    for overlap in found:
        lost, kept = by_id[overlap.entry_id], by_id[overlap.kept_by]
        assert lost.patient_id != kept.patient_id == overlap.kept_for
        assert overlap.started_at < overlap.ended_at


LATER = datetime(2026, 11, 9, 18, tzinfo=UTC)
#: Who works in which role, and the minutes of one hour.
TEAM = {11: Role.CARE_MANAGER, 12: Role.CARE_MANAGER, 13: Role.CONSULTANT}
HOUR = range(60)


@st.composite
def by_the_clock(draw: st.DrawFn, entry_id: int) -> TimeEntry:
    """Somebody's work for one of two patients within one hour, in whole minutes."""
    who, first = draw(st.sampled_from(sorted(TEAM))), draw(st.integers(0, 50))
    return an_entry(
        entry_id,
        draw(st.integers(1, 60 - first)),
        date(2026, 11, 3),
        patient_id=draw(st.integers(1, 2)),
        role=TEAM[who],
        performed_by=who,
        activity=draw(st.sampled_from([Activity.PHONE, Activity.CASE_REVIEW, Activity.ADMIN])),
        started_at=datetime(2026, 11, 3, 15, first, tzinfo=UTC),
        recorded_at=LATER + timedelta(seconds=draw(st.integers(0, 9))),
        participants=tuple(draw(st.sets(st.sampled_from(sorted(TEAM)), max_size=2)) - {who}),
    )


@st.composite
def an_hour(draw: st.DrawFn) -> tuple[TimeEntry, ...]:
    return tuple(draw(by_the_clock(number)) for number in range(1, draw(st.integers(2, 7)) + 1))


def there(entry: TimeEntry, minute: int) -> bool:
    assert entry.started_at is not None
    return entry.started_at.minute <= minute < entry.started_at.minute + entry.seconds // 60


def whose(who: int, minute: int, entries: Sequence[TimeEntry]) -> int | None:
    """The patient for whom somebody's minute was written down first."""
    own = [one for one in entries if who in {one.performed_by, *one.participants} and there(one, minute)]
    first = min(own, key=lambda one: (one.recorded_at, one.started_at, one.entry_id), default=None)
    return first and first.patient_id


@given(an_hour())
def test_of_time_worked_for_a_patient_each_minute_counts_once(entries: tuple[TimeEntry, ...]) -> None:
    """A minute counts if somebody worked in it who was with no other patient first, in something that can count."""
    overlaps = find_overlaps(entries)
    for patient in (1, 2):
        own = tuple(one for one in entries if one.patient_id == patient)
        counts = tally(a_month(entries=own, overlaps=overlaps), BOTH_COUNT, MonthKind.SUBSEQUENT)
        minutes = 0
        for minute in HOUR:
            at_work = [one for one in own if there(one, minute)]
            busy = {one.performed_by for one in at_work if one.activity is Activity.ADMIN}
            minutes += any(
                one.activity.billable
                and one.performed_by not in busy
                and whose(one.performed_by, minute, entries) == patient
                for one in at_work
            )
        assert counts.counted == minutes * 60


@given(an_hour())
def test_nobodys_minute_counts_twice(entries: tuple[TimeEntry, ...]) -> None:
    """What counts of one person's entries, for all patients together, is no more than the time they were at work."""
    overlaps = find_overlaps(entries)
    counted = dict.fromkeys(TEAM, 0)
    for patient in (1, 2):
        own = tuple(one for one in entries if one.patient_id == patient)
        counts = tally(a_month(entries=own, overlaps=overlaps), BOTH_COUNT, MonthKind.SUBSEQUENT)
        for entry, verdict in zip(own, counts.verdicts, strict=True):
            counted[entry.performed_by] += verdict.counted
    for who, seconds in counted.items():
        own = tuple(one for one in entries if one.performed_by == who)
        assert seconds <= 60 * sum(any(there(one, minute) for one in own) for minute in HOUR)


@given(some_facts(), RULES)
def test_an_entry_yields_only_time_that_counts_elsewhere(facts: MonthFacts, rules: object) -> None:
    """No entry that counts, less what its own author did otherwise, is longer than what counts of the month."""
    found = evaluate_month(facts, rules)  # type: ignore[arg-type]  # built by rules_for
    for verdict in found.verdicts:
        elsewhere = {Exclusion.JOINT, Exclusion.MIRRORED}
        there_for = verdict.counted + sum(
            part.seconds for part in verdict.excluded if part.reason in elsewhere
        )
        assert found.counted_seconds >= there_for
