"""The ways in which a month's time can be claimed, and which of them is the patient's line.

Most months can be claimed in one way only. A month in two programs (R-115), or one in which the payer (R-119) or a
payer's rules change, can be claimed in several.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import accumulate

from billing.charges import Charge, seconds_needed
from billing.counting import Tally, tally
from billing.episodes import Program, in_order
from billing.facts import MonthFacts
from billing.month_kinds import MonthPlace, place_month
from billing.portions import WHOLE, Portion
from billing.quick import quick
from billing.rules import CoveredDays, RuleSet
from billing.sites import rules_at, same_places
from billing.thresholds import Threshold, progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One way in which a month's time can be claimed."""

    #: The time that this claim may count, and the rules that judge it.
    portion: Portion
    rules: RuleSet
    #: A local date on which those rules hold, where others hold on other days of the month.
    ruled_on: date | None
    place: MonthPlace
    tally: Tally
    threshold: Threshold
    #: Codes as earned by minutes; none in a month of a kind that bills nothing.
    earned: tuple[Charge, ...]
    #: Local dates on which the first code and the last unit were reached.
    first_reached_on: date | None
    last_reached_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitCoverage:
    """A month whose time, by the payers of its days, does not belong to one claim alone: a biller has to look."""

    #: Each payer whose own days reach codes, with these; none where only all days together do.
    claims: tuple[tuple[str, tuple[Charge, ...]], ...]
    #: The payer whose line it is.
    payer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The candidate that is the patient's line, and what a biller should know of the others."""

    line: Candidate
    #: That of the other program, in a month in both; it bills nothing beside this line.
    other_program: Candidate | None = None
    split: SplitCoverage | None = None


_choice = quick(Choice)
_candidate = quick(Candidate)


def choose(facts: MonthFacts, rules: RuleSet) -> Choice:
    """The one way in which a month is claimed.

    In a month in both programs it is the one earned by its own time under its own consent; CoCM where both are, for
    it pays more; that of the latest episode where none is (R-115).
    """
    begun = [episode for episode in facts.episodes if episode.starts_on <= facts.month.last_day]
    if len({episode.program for episode in begun}) < 2:  # noqa: PLR2004 - two programs
        return _by_coverage(facts, rules, None)
    collaborative = _by_coverage(facts, rules, Program.COCM)
    general = _by_coverage(facts, rules, Program.BHI)
    is_general = in_order(begun)[-1].program is Program.BHI
    if collaborative.line.earned:
        is_general = False
    elif general.line.earned:
        is_general = True
    elif collaborative.line.threshold.reached:
        # What is missing is said of the program that only lacks it.
        is_general = False
    chosen, other = (general, collaborative) if is_general else (collaborative, general)
    return replace(chosen, other_program=other.line)


def _by_coverage(facts: MonthFacts, rules: RuleSet, program: Program | None) -> Choice:
    """The claim by payers: that of the one payer whose own days reach a code; else a biller has to look (R-119)."""
    portion = WHOLE if program is None else Portion(program=program)
    covered = rules.by_coverage
    if not covered:
        return _choice(line=_weighed(facts, rules, portion))
    payers = list(dict.fromkeys(_name(one) for one in covered))
    if len(payers) == 1:
        return _choice(line=_dated(facts, covered, portion))
    alone = [
        _dated(facts, own, replace(portion, days=_days(own)))
        for own in ([one for one in covered if _name(one) == payer] for payer in payers)
    ]
    reaching = sorted((one for one in alone if one.earned), key=_date_of_service)
    if len(reaching) == 1:
        return _choice(line=reaching[0])
    line = reaching[0] if reaching else _dated(facts, covered, portion)
    if not line.earned:
        return _choice(line=line)
    claims = tuple((_payer(covered, one), one.earned) for one in reaching)
    return _choice(line=line, split=SplitCoverage(claims=claims, payer=_payer(covered, line)))


def _name(covered: CoveredDays) -> str:
    return covered.payer.strip().casefold()


def _days(stretches: Sequence[CoveredDays]) -> frozenset[date]:
    return frozenset(
        one.first_day + timedelta(days=day)
        for one in stretches
        for day in range((one.last_day - one.first_day).days + 1)
    )


def _date_of_service(one: Candidate) -> date:
    return one.last_reached_on or date.max


def _payer(covered: Sequence[CoveredDays], line: Candidate) -> str:
    """The payer's name, as the patient's record has it, of the stretch whose rules judged a claim."""
    return next(one.payer for one in covered if one.first_day == line.ruled_on)


def _dated(facts: MonthFacts, stretches: Sequence[CoveredDays], portion: Portion) -> Candidate:
    """All of a claim's time under the rules in force on its own date of service.

    The time is judged under each set of rules. Where none reaches a code on a day on which it is in force, no rule
    allows a claim: the rules of the last day do not, or the last ones that do not.
    """
    found = [_weighed(facts, one.rules, portion, one.first_day) for one in stretches]
    return _in_force(found, [(one.first_day, one.last_day) for one in stretches])


def _in_force(found: Sequence[Candidate], stretches: Sequence[tuple[date, date]]) -> Candidate:
    """The first that reaches its codes on a day on which its rules are in force; else the last that reaches none."""
    for one, (first_day, last_day) in zip(found, stretches, strict=True):
        if one.last_reached_on is not None and first_day <= one.last_reached_on <= last_day:
            return one
    short = [one for one in found if not one.earned]
    return (short or found)[-1]


def _weighed(facts: MonthFacts, rules: RuleSet, portion: Portion, ruled_on: date | None = None) -> Candidate:
    """Weigh the time of one claim by the codes that the payer asks of the place where care was given (R-114)."""
    if rules.clinic is None:
        return _settled(facts, rules, portion, ruled_on, ruled_on)
    stretches = same_places(rules, facts)
    if len(stretches) == 1:
        return _settled(facts, rules_at(rules, facts, facts.month.last_day), portion, ruled_on, ruled_on)
    # The place of service counts that is in force on the date of service, which hangs on the codes.
    found = [
        _settled(facts, rules_at(rules, facts, first), portion, ruled_on, max(first, ruled_on or first))
        for first, _ in stretches
    ]
    return _in_force(found, stretches)


def _settled(
    facts: MonthFacts, rules: RuleSet, portion: Portion, ruled_on: date | None, since: date | None
) -> Candidate:
    """Count and weigh the time of one claim by rules whose codes are settled, and that hold since some day."""
    episodes = facts.episodes
    if portion.program is not None:
        episodes = tuple(episode for episode in episodes if episode.program is portion.program)
    place = place_month(
        facts.month, episodes, rules, facts.active_months, facts.initial_months, facts.care_before
    )
    counts = tally(facts, rules, place.kind, portion=portion)
    threshold = progress(counts.counted, place.kind, rules, rules.max_99494)
    earned = threshold.reached if place.kind.bills else ()
    first, last = None, None
    if earned:
        first, last = _reached_on(facts, counts, seconds_needed(earned, place.kind, rules), since)
    return _candidate(
        portion=portion,
        rules=rules,
        ruled_on=ruled_on,
        place=place,
        tally=counts,
        threshold=threshold,
        earned=earned,
        first_reached_on=first,
        last_reached_on=last,
    )


def _reached_on(
    facts: MonthFacts, counts: Tally, at: tuple[int, int], since: date | None
) -> tuple[date, date]:
    """The local dates on which the first code and the last earned unit were reached (R-601).

    Rules that came into force within the month are met on the first day with time on which they are.
    """
    days: dict[date, int] = {}
    for entry, verdict in zip(facts.entries, counts.verdicts, strict=True):
        if verdict.counted:
            days[entry.service_date] = days.get(entry.service_date, 0) + verdict.counted
    ordered = sorted(days)
    sums = list(accumulate(days[day] for day in ordered))
    first_at, last_at = (ordered[bisect_left(sums, seconds)] for seconds in at)
    if since is not None:
        later = [day for day in ordered if day >= since]
        first_at, last_at = (max(day, *later[:1]) if later else day for day in (first_at, last_at))
    return first_at, last_at
