"""Decides whether a calendar month is the first or a later month of an episode, and so which code opens it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from billing.episodes import Episode, Program
from billing.months import BillingMonth
from billing.rules import InitialPolicy, Limit99492, RuleSet


class MonthKind(StrEnum):
    """The first two bill CoCM codes, `general_bhi` bills 99484; the others bill nothing."""

    INITIAL = "initial"
    SUBSEQUENT = "subsequent"
    GENERAL_BHI = "general_bhi"
    BEFORE_ASSESSMENT = "before_assessment"
    UNASSESSED = "unassessed"
    NOT_ENROLLED = "not_enrolled"
    AFTER_DISCHARGE = "after_discharge"

    @property
    def bills(self) -> bool:
        """Whether such a month can bill a code at all."""
        return self in _BILLING


_BILLING = frozenset({MonthKind.INITIAL, MonthKind.SUBSEQUENT, MonthKind.GENERAL_BHI})


class WhySubsequent(StrEnum):
    """Why an assessment's month does not bill 99492."""

    WITHIN_GAP = "within_gap"
    CALENDAR_YEAR = "calendar_year"


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthPlace:
    """The month's kind, the episode that governs it, and why it is not a first month where one expects it."""

    kind: MonthKind
    episode: Episode | None = None
    why_subsequent: WhySubsequent | None = None


def episode_of(month: BillingMonth, episodes: Sequence[Episode]) -> Episode | None:
    """The newest episode begun by the end of the month, whose payer's rules the month is judged by."""
    started = _started(month, episodes)
    return started[-1] if started else None


def month_kind(
    month: BillingMonth,
    episodes: Sequence[Episode],
    rules: RuleSet,
    active_months: Sequence[BillingMonth] = (),
    initial_months: Sequence[BillingMonth] = (),
    care_before: Sequence[date] = (),
) -> MonthKind:
    """The kind of a patient's month; see `place_month`."""
    return place_month(month, episodes, rules, active_months, initial_months, care_before).kind


def place_month(
    month: BillingMonth,
    episodes: Sequence[Episode],
    rules: RuleSet,
    active_months: Sequence[BillingMonth] = (),
    initial_months: Sequence[BillingMonth] = (),
    care_before: Sequence[date] = (),
) -> MonthPlace:
    """Find a month's place in a patient's episodes.

    The first month is the assessment's (R-251), or the first that reaches 99492 (R-252), by setting. Only
    episodes that had begun by then are looked at, so a newer one never rewrites an older month (R-254).

    Args:
        month: The month asked about.
        episodes: All of the patient's episodes, in any order.
        rules: Gives the initial policy, the gap between episodes and the limit on 99492.
        active_months: Months with CoCM time, for the gap; without them an episode lasts to its discharge.
        initial_months: Earlier months that took 99492, see `billing.history.takes_initial`.
        care_before: Last days with CoCM time before an episode began, of months in which one began.
    """
    started = _started(month, episodes)
    if not started:
        return MonthPlace(kind=MonthKind.NOT_ENROLLED)
    latest = started[-1]
    if latest.program is Program.BHI:
        return MonthPlace(kind=_while_open(latest, month, MonthKind.GENERAL_BHI), episode=latest)
    cocm = [episode for episode in started if episode.program is Program.COCM]
    for position, episode in enumerate(cocm):
        first_here = _assessed_in(episode, month) and _fresh(
            month, cocm[: position + 1], rules, active_months, care_before
        )
        if first_here and rules.practice.initial_policy is InitialPolicy.ASSESSMENT_MONTH:
            return _first_month(episode, month, rules, initial_months)
    return _later_month(month, cocm, rules, active_months, initial_months, care_before)


def _started(month: BillingMonth, episodes: Sequence[Episode]) -> list[Episode]:
    """Episodes begun by the end of the month, oldest first."""
    if len(episodes) == 1:
        return list(episodes) if episodes[0].starts_on <= month.last_day else []
    begun = [episode for episode in episodes if episode.starts_on <= month.last_day]
    return sorted(begun, key=lambda episode: (episode.starts_on, episode.episode_id))


def _while_open(episode: Episode, month: BillingMonth, kind: MonthKind) -> MonthKind:
    return MonthKind.AFTER_DISCHARGE if _has_ended(episode, month) else kind


def _has_ended(episode: Episode, month: BillingMonth) -> bool:
    return episode.discharged_on is not None and episode.discharged_on < month.first_day


def _assessed_in(episode: Episode, month: BillingMonth) -> bool:
    return episode.initial_assessment_on is not None and episode.initial_assessment_on in month


def _later_month(
    month: BillingMonth,
    cocm: Sequence[Episode],
    rules: RuleSet,
    active_months: Sequence[BillingMonth],
    initial_months: Sequence[BillingMonth],
    care_before: Sequence[date],
) -> MonthPlace:
    """A month that no new initial assessment opens."""
    episode = cocm[-1]
    if _has_ended(episode, month):
        return MonthPlace(kind=MonthKind.AFTER_DISCHARGE, episode=episode)
    assessed = episode.initial_assessment_on
    opened = BillingMonth.of(assessed) if assessed else None
    if not _fresh(opened or month, cocm, rules, active_months, care_before):
        return MonthPlace(kind=MonthKind.SUBSEQUENT, episode=episode, why_subsequent=WhySubsequent.WITHIN_GAP)
    if opened is None:
        return MonthPlace(kind=MonthKind.UNASSESSED, episode=episode)
    if month < opened:
        return MonthPlace(kind=MonthKind.BEFORE_ASSESSMENT, episode=episode)
    waits = rules.practice.initial_policy is InitialPolicy.FIRST_MONTH_REACHED
    if waits and not any(opened <= earlier < month for earlier in initial_months):
        return _first_month(episode, month, rules, initial_months)
    return MonthPlace(kind=MonthKind.SUBSEQUENT, episode=episode)


def _first_month(
    episode: Episode, month: BillingMonth, rules: RuleSet, initial_months: Sequence[BillingMonth]
) -> MonthPlace:
    """A first month, unless the payer's yearly limit on 99492 is used up."""
    same_year = any(earlier.year == month.year and earlier < month for earlier in initial_months)
    if rules.limit_99492 is Limit99492.PER_CALENDAR_YEAR and same_year:
        return MonthPlace(
            kind=MonthKind.SUBSEQUENT, episode=episode, why_subsequent=WhySubsequent.CALENDAR_YEAR
        )
    return MonthPlace(kind=MonthKind.INITIAL, episode=episode)


def _fresh(
    month: BillingMonth,
    cocm: Sequence[Episode],
    rules: RuleSet,
    active_months: Sequence[BillingMonth],
    care_before: Sequence[date],
) -> bool:
    """Whether the last of these episodes, opened in `month`, lies a whole gap after the ones before it."""
    if len(cocm) == 1:
        return True
    newest = cocm[-1]
    return all(
        month.months_since(_last_month(earlier, newest, active_months, care_before))
        > rules.practice.episode_gap_months
        for earlier in cocm[:-1]
        if earlier.initial_assessment_on is not None
    )


def _last_month(
    earlier: Episode, newer: Episode, active_months: Sequence[BillingMonth], care_before: Sequence[date]
) -> BillingMonth:
    """The last month with Collaborative Care in an earlier episode; its end, where no time of it is on file.

    Time in the month in which the newer one began is the earlier one's on the days before that.
    """
    ends = min(earlier.discharged_on or newer.starts_on, newer.starts_on)
    begun, ended, newer_begun = (BillingMonth.of(day) for day in (earlier.starts_on, ends, newer.starts_on))
    last = min(ended, newer_begun.plus(-1))
    found = [month for month in active_months if begun <= month <= last]
    found += [
        newer_begun
        for day in care_before
        if day in newer_begun and earlier.starts_on <= day <= ends and day < newer.starts_on
    ]
    return max(found, default=ended)
