"""One patient's month while its facts are gathered, and when each kind of fact can matter to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from billing.claim_facts import ClaimFact
from billing.entries import TimeEntry
from billing.episodes import Episode, Program
from billing.mirrored_reviews import may_be_mirrored
from billing.months import BillingMonth
from billing.people import Patient
from billing.rules import InitialPolicy, Limit99492, RuleSet

#: Reviews of so many months before are gathered too, so that the last one can be shown.
REVIEWS_SINCE_MONTHS = 6

#: Local dates, both included.
Days = tuple[date, date]


@dataclass(slots=True, kw_only=True)
class OpenMonth:
    """A patient's month; each question has the days on which an answer can matter, or None where none can."""

    patient: Patient
    month: BillingMonth
    rules: RuleSet
    #: All of the patient's.
    episodes: tuple[Episode, ...]
    #: Those begun by the month's end.
    begun: tuple[Episode, ...]
    #: The first month whose time decides this one's code; itself, unless the rules look back.
    begins: BillingMonth
    #: All that is known to have changed of the patient's claims, oldest first.
    claim_facts: tuple[ClaimFact, ...] = ()
    entries: Sequence[TimeEntry] = ()
    #: False for an earlier month that is looked at for another's sake.
    is_asked: bool = True

    @property
    def looks_back(self) -> bool:
        """Whether earlier months decide this one's code."""
        return self.begins is not self.month and self.begins != self.month

    @property
    def days(self) -> Days:
        """The month's own."""
        return self.month.first_day, self.month.last_day

    @property
    def claim_facts_known(self) -> tuple[ClaimFact, ...]:
        """What of the claim changed, as far as it can matter to the month: what begins after it is left out."""
        last = self.month.last_day
        if not self.claim_facts or self.claim_facts[-1].from_day <= last:
            return self.claim_facts
        return _known_by(self.claim_facts, last)

    @property
    def rules_by_day(self) -> tuple[RuleSet, ...]:
        """Every rule set that judges some day of the month."""
        return rules_by_day(self.rules)

    def reviews(self) -> Days | None:
        """For every month: a line shows the last one, whatever it bills."""
        return self.month.plus(-REVIEWS_SINCE_MONTHS).first_day, self.month.last_day

    def scores(self) -> Days | None:
        """For the month that may bill 99492, and for one of General BHI, since no other asks for them."""
        if any(episode.program is Program.BHI for episode in self.begun):
            return min(episode.starts_on for episode in self.begun), self.month.last_day
        cocm = [episode for episode in self.begun if episode.program is Program.COCM]
        opens = any(
            episode.initial_assessment_on is not None and episode.initial_assessment_on in self.month
            for episode in cocm
        )
        if not cocm or not (opens or self.rules.looks_back):
            return None
        return min(episode.starts_on for episode in cocm), self.month.last_day

    def statements(self) -> Days | None:
        """For a long episode, an outside therapist, a payer who wants authorizations, and reviews in two entries."""
        since = self.month.plus(-self.rules.practice.necessity_after_months)
        authorized = any(rules.prior_auth_after_months is not None for rules in self.rules_by_day)
        wanted = authorized or any(
            episode.outside_therapist
            or (episode.program is Program.COCM and episode.starts_on <= since.last_day)
            for episode in self.begun
        )
        if not wanted:
            # Whether two case reviews of a day are the same.
            return self.days if may_be_mirrored(self.entries) else None
        return since.first_day, self.month.last_day

    def admissions(self) -> Days | None:
        """For time, unless it counts in a facility too."""
        everywhere = all(rules.practice.inpatient_counts for rules in self.rules_by_day)
        return self.days if self.entries and not everywhere else None

    def attestations(self) -> Days | None:
        """Once a code can be reached at all: what earns nothing needs nobody's word."""
        least = min(
            rule.minimum_seconds
            for rules in self.rules_by_day
            for rule in (rules.initial, rules.subsequent, rules.half_hour, rules.general)
        )
        return self.days if sum(max(entry.seconds, 0) for entry in self.entries) >= least else None

    def other_services(self) -> Days | None:
        """For every month: what else is billed is noted, whatever the month bills."""
        return self.days

    def active_since(self) -> BillingMonth | None:
        """From when on it matters in which months there was time; None where a gap in care cannot matter.

        Before that month, only the last one with time does: see `_since_earlier` and `billing.month_kinds`.
        """
        gap = max(rules.practice.episode_gap_months for rules in self.rules_by_day)
        if not self.begun:
            return None
        wanted = [self._since_earlier(gap)] if len(self.begun) > 1 else []
        cocm = [one for one in self.begun if one.program is Program.COCM]
        if any(self.month.months_since(BillingMonth.of(one.starts_on)) > gap for one in cocm):
            # Within one episode, only how long ago the last time was.
            wanted.append(self.month)
        return min((one for one in wanted if one is not None), default=None)

    def _since_earlier(self, gap: int) -> BillingMonth | None:
        """A whole gap before the first month of an episode, unless the one before it ended earlier anyway."""
        cocm = sorted(
            (one for one in self.begun if one.program is Program.COCM),
            key=lambda one: (one.starts_on, one.episode_id),
        )
        found: list[BillingMonth] = []
        for place, newer in enumerate(cocm):
            opened = newer.initial_assessment_on
            month = self.month if opened is None else min(BillingMonth.of(opened), self.month)
            since = month.plus(-gap)
            if any(_lasts_to(earlier, newer) >= since for earlier in cocm[:place]):
                found.append(since)
        return min(found, default=None)


def _known_by(facts: tuple[ClaimFact, ...], day: date) -> tuple[ClaimFact, ...]:
    """Those begun by a local date; of each kind at least the first, which holds on every day before it."""
    firsts = {fact.kind: fact for fact in reversed(facts)}
    return tuple(fact for fact in facts if fact.from_day <= day or firsts[fact.kind] is fact)


def _lasts_to(earlier: Episode, newer: Episode) -> BillingMonth:
    """The last month that an earlier episode can have time in."""
    return BillingMonth.of(earlier.discharged_on or newer.starts_on)


def rules_by_day(rules: RuleSet) -> tuple[RuleSet, ...]:
    """Every rule set that judges some day of a month."""
    return tuple([covered.rules for covered in rules.by_coverage]) or (rules,)


def looks_back_to(month: BillingMonth, episodes: Sequence[Episode], rules: RuleSet) -> BillingMonth:
    """The first month whose time matters to this one: itself, unless the rules look back."""
    if not rules.looks_back:
        return month
    opened = [
        BillingMonth.of(episode.initial_assessment_on)
        for episode in episodes
        if episode.initial_assessment_on is not None
    ]
    found = [month]
    judging = rules_by_day(rules)
    waits = any(one.practice.initial_policy is InitialPolicy.FIRST_MONTH_REACHED for one in judging)
    if waits:
        found += opened
    # The yearly limit is asked about in a first month alone. An earlier month may have been closed billing 99492,
    # whatever became of its assessment since.
    if any(one.limit_99492 is Limit99492.PER_CALENDAR_YEAR for one in judging) and (waits or month in opened):
        found.append(BillingMonth(month.year, 1))
    return min(found)
