"""Decides which seconds of a month count, and why the others do not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from billing.activities import HELD_SOURCES, Activity, ActivitySource
from billing.clinical import Admission
from billing.entries import TimeEntry
from billing.episodes import Episode, holding_on, in_order
from billing.facts import MonthFacts
from billing.mirrored_reviews import answers
from billing.month_kinds import MonthKind
from billing.months import BillingMonth
from billing.overlaps import LONGEST_SECONDS
from billing.people import Role
from billing.portions import WHOLE, Portion
from billing.quick import quick
from billing.rules import ConsultantMinutes, RuleSet
from billing.sharing import Cut, Shared, cut_shared_time, may_be_shared


class Exclusion(StrEnum):
    """Why time does not count."""

    CORRUPT = "corrupt"
    OTHER_MONTH = "other_month"
    BEFORE_CONSENT = "before_consent"
    CONSENT_REVOKED = "consent_revoked"
    AFTER_DISCHARGE = "after_discharge"
    INPATIENT = "inpatient"
    REPEATED = "repeated"
    WITHOUT_ROLE = "without_role"
    HELD = "held"
    ADMIN = "admin"
    PSYCHOTHERAPY = "psychotherapy"
    CRISIS = "crisis"
    BILLED_SEPARATELY = "billed_separately"
    OTHER_PROGRAM = "other_program"
    OTHER_PAYER = "other_payer"
    CONSULTANT = "consultant"
    JOINT = "joint"
    MIRRORED = "mirrored"
    OVERLAP = "overlap"

    @property
    def label(self) -> str:
        """The words on the screen."""
        return _LABELS[self]

    @property
    def rule(self) -> str:
        """Id of the rule in docs/billing-rules.md."""
        return _RULES[self]


_LABELS = {
    Exclusion.CORRUPT: "not a possible length of time",
    Exclusion.OTHER_MONTH: "date of service in another month",
    Exclusion.BEFORE_CONSENT: "before consent",
    Exclusion.CONSENT_REVOKED: "after consent was revoked",
    Exclusion.AFTER_DISCHARGE: "after discharge",
    Exclusion.INPATIENT: "inpatient or facility stay",
    Exclusion.REPEATED: "held: the same as another entry",
    Exclusion.WITHOUT_ROLE: "held: by somebody without a role",
    Exclusion.HELD: "held until its activity is confirmed",
    Exclusion.ADMIN: "administrative work",
    Exclusion.PSYCHOTHERAPY: "psychotherapy is billed separately",
    Exclusion.CRISIS: "crisis care is billed separately",
    Exclusion.BILLED_SEPARATELY: "billed separately",
    Exclusion.OTHER_PROGRAM: "on a day of the other program (CoCM or General BHI)",
    Exclusion.OTHER_PAYER: "on a day that another payer covers",
    Exclusion.CONSULTANT: "consultant minutes do not count here",
    Exclusion.JOINT: "joint time, counted once",
    Exclusion.MIRRORED: "may be one case review in two entries: counted once until answered",
    Exclusion.OVERLAP: "overlaps another entry of the same person",
}

_RULES = {
    Exclusion.CORRUPT: "R-212",
    Exclusion.OTHER_MONTH: "R-212",
    Exclusion.BEFORE_CONSENT: "R-207",
    Exclusion.CONSENT_REVOKED: "R-208",
    Exclusion.AFTER_DISCHARGE: "R-209",
    Exclusion.INPATIENT: "R-206",
    Exclusion.REPEATED: "R-216",
    Exclusion.WITHOUT_ROLE: "R-217",
    Exclusion.HELD: "R-205",
    Exclusion.ADMIN: "R-203",
    Exclusion.PSYCHOTHERAPY: "R-204",
    Exclusion.CRISIS: "R-204",
    Exclusion.BILLED_SEPARATELY: "R-204",
    Exclusion.OTHER_PROGRAM: "R-115",
    Exclusion.OTHER_PAYER: "R-119",
    Exclusion.CONSULTANT: "R-202",
    Exclusion.JOINT: "R-210",
    Exclusion.MIRRORED: "R-215",
    Exclusion.OVERLAP: "R-211",
}

_NOT_BILLABLE = {
    Activity.ADMIN: Exclusion.ADMIN,
    Activity.PSYCHOTHERAPY: Exclusion.PSYCHOTHERAPY,
    Activity.CRISIS: Exclusion.CRISIS,
    Activity.BILLED_SEPARATELY: Exclusion.BILLED_SEPARATELY,
}


@dataclass(frozen=True, slots=True)
class Excluded:
    """Seconds that do not count, and why."""

    reason: Exclusion
    seconds: int
    #: The entry that keeps shared time.
    kept_by: int | None = None


@dataclass(frozen=True, slots=True)
class EntryVerdict:
    """What became of one entry's seconds: `seconds` is `counted` and all of `excluded` together."""

    entry_id: int
    #: Seconds read; a negative length reads as none.
    seconds: int
    counted: int
    excluded: tuple[Excluded, ...] = ()


@dataclass(frozen=True, slots=True)
class Tally:
    """A month's seconds: `read` is `counted` and all of `excluded` together, to the second (R-213)."""

    #: One for each entry, in the same order.
    verdicts: tuple[EntryVerdict, ...]
    read: int
    counted: int
    #: Seconds by reason, in the order of the reasons.
    excluded: tuple[tuple[Exclusion, int], ...]
    care_manager: int
    consultant: int
    treating_provider: int

    @property
    def staff(self) -> int:
        """Counted seconds without the consultant's, as 99484 needs them (R-108)."""
        return self.counted - self.consultant


def tally(
    facts: MonthFacts,
    rules: RuleSet,
    kind: MonthKind,
    entries: Sequence[TimeEntry] | None = None,
    portion: Portion = WHOLE,
) -> Tally:
    """Count a month's entries, or others in its light.

    Args:
        facts: The patient's month.
        rules: Decides on consultant minutes and inpatient days.
        kind: In a General BHI month only staff time counts.
        entries: Instead of all of the month's entries.
        portion: The days whose time one claim may count, where the month could be claimed in more ways.
    """
    taken = facts.entries if entries is None else entries
    reasons = _Screen.of(facts, rules, kind, portion).reasons(taken)
    cuts: Mapping[int, Sequence[Cut]] = {}
    if may_be_shared(taken, facts.overlaps):
        pairs = [pair for pair in zip(taken, reasons, strict=True) if pair[1] is not Exclusion.OTHER_MONTH]
        countable = {entry.entry_id for entry, reason in pairs if reason is None}
        own = [entry for entry, _ in pairs]
        cuts = cut_shared_time(own, countable, facts.overlaps, answers(facts.statements))
    if not cuts and not any(reasons):
        return _all_counted(taken)
    verdicts = [
        _verdict(entry, reason, cuts.get(entry.entry_id, ()))
        for entry, reason in zip(taken, reasons, strict=True)
    ]
    return _sum(taken, tuple(verdicts))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Screen:
    """What each entry of a month is held against."""

    month: BillingMonth
    #: Oldest first; empty when every day of the month lies within consent and care.
    episodes: Sequence[Episode]
    admissions: Sequence[Admission]
    staff_only: bool
    portion: Portion

    @classmethod
    def of(cls, facts: MonthFacts, rules: RuleSet, kind: MonthKind, portion: Portion) -> "_Screen":
        excluded = rules.practice.consultant_minutes is ConsultantMinutes.EXCLUDE
        episodes: Sequence[Episode] = ()
        if portion.program is not None or not _open_throughout(facts.month, facts.episodes):
            episodes = in_order(facts.episodes)
        return cls(
            month=facts.month,
            episodes=episodes,
            admissions=() if rules.practice.inpatient_counts else facts.admissions,
            staff_only=excluded or kind is MonthKind.GENERAL_BHI,
            portion=portion,
        )

    def reasons(self, entries: Sequence[TimeEntry]) -> list[Exclusion | None]:
        """Why none of each entry counts."""
        first, last = self.month.first_day, self.month.last_day
        if self.episodes or self.admissions or self.portion is not WHOLE:
            return [self._reason(entry) for entry in entries]
        # Of most months every day is open, and only a few entries need a closer look.
        return [
            None
            if 0 < entry.seconds <= LONGEST_SECONDS
            and first <= entry.service_date <= last
            and entry.activity not in _NOT_BILLABLE
            and entry.activity_source not in HELD_SOURCES
            and entry.role is Role.CARE_MANAGER
            else self._reason(entry)
            for entry in entries
        ]

    def _reason(self, entry: TimeEntry) -> Exclusion | None:
        """Why none of an entry counts; the first reason that holds."""
        if not 0 < entry.seconds <= LONGEST_SECONDS:
            return Exclusion.CORRUPT
        day = entry.service_date
        if day not in self.month:
            return Exclusion.OTHER_MONTH
        holding = self._holding_on(day)
        outside = self._outside(day, holding)
        if outside is not None:
            return outside
        unpaid = _held(entry) or _NOT_BILLABLE.get(entry.activity)
        if unpaid is not None:
            return unpaid
        elsewhere = self._elsewhere(day, holding)
        if elsewhere is None and self.staff_only and entry.role is Role.CONSULTANT:
            return Exclusion.CONSULTANT
        return elsewhere

    def _holding_on(self, day: date) -> Sequence[Episode]:
        """The episodes to which a day belongs, those of the claim's own program where there are any."""
        holding = holding_on(day, self.episodes)
        own = [episode for episode in holding if episode.program is self.portion.program]
        return own or holding

    def _outside(self, day: date, holding: Sequence[Episode]) -> Exclusion | None:
        """Whether a day lies outside care, or in a stay at a facility."""
        outside = outside_care(day, holding) if holding else None
        if outside is None and self.admissions and any(one.holds_on(day) for one in self.admissions):
            return Exclusion.INPATIENT
        return outside

    def _elsewhere(self, day: date, holding: Sequence[Episode]) -> Exclusion | None:
        """Whether a day's time belongs to another claim of the month."""
        wanted = self.portion.program
        if wanted is not None and all(episode.program is not wanted for episode in holding):
            return Exclusion.OTHER_PROGRAM
        days = self.portion.days
        return Exclusion.OTHER_PAYER if days is not None and day not in days else None


def _held(entry: TimeEntry) -> Exclusion | None:
    """Why an entry waits for a person's answer."""
    if not entry.is_held:
        return None
    return _HELD.get(entry.activity_source, Exclusion.HELD)


_HELD = {
    ActivitySource.REPEATED: Exclusion.REPEATED,
    ActivitySource.WITHOUT_ROLE: Exclusion.WITHOUT_ROLE,
}


def _open_throughout(month: BillingMonth, episodes: Sequence[Episode]) -> bool:
    """Whether a patient's only episode, with a consent where there is one, spans the whole month."""
    if len(episodes) != 1:
        return not episodes
    episode = episodes[0]
    first, last = month.first_day, month.last_day
    if episode.discharged_on is not None and episode.discharged_on < last:
        return False
    consents = episode.consents
    return not consents or any(consent.covers(first) and consent.covers(last) for consent in consents)


def outside_care(day: date, holding: Sequence[Episode]) -> Exclusion | None:
    """Whether a day lies before consent, after its revocation, or after discharge, in every episode it belongs to."""
    reasons = [_outside_episode(day, episode) for episode in holding]
    return None if None in reasons else reasons[-1]


def _outside_episode(day: date, episode: Episode) -> Exclusion | None:
    if episode.discharged_on is not None and day > episode.discharged_on:
        return Exclusion.AFTER_DISCHARGE
    consents = episode.consents
    if not consents or any(consent.covers(day) for consent in consents):
        return None
    if all(day < consent.given_on for consent in consents):
        return Exclusion.BEFORE_CONSENT
    return Exclusion.CONSENT_REVOKED


_counted = quick(EntryVerdict)
_SHARED = {
    Shared.JOINT: Exclusion.JOINT,
    Shared.OVERLAP: Exclusion.OVERLAP,
    Shared.MIRRORED: Exclusion.MIRRORED,
}


def _verdict(entry: TimeEntry, reason: Exclusion | None, cuts: Sequence[Cut]) -> EntryVerdict:
    if reason is None and not cuts:
        return _counted(entry.entry_id, entry.seconds, entry.seconds)
    seconds = max(entry.seconds, 0)
    if reason is not None:
        return EntryVerdict(entry.entry_id, seconds, 0, (Excluded(reason, seconds),))
    excluded = tuple(Excluded(_SHARED[cut.why], cut.seconds, cut.kept_by) for cut in cuts)
    return EntryVerdict(entry.entry_id, seconds, seconds - sum(part.seconds for part in excluded), excluded)


#: The order in which reasons are listed.
_PLACES = {reason: place for place, reason in enumerate(Exclusion)}


def _in_order(part: tuple[Exclusion, int]) -> int:
    return _PLACES[part[0]]


def _all_counted(entries: Sequence[TimeEntry]) -> Tally:
    """The sum of a month of which every second counts, as of most."""
    verdicts = tuple([_counted(entry.entry_id, entry.seconds, entry.seconds) for entry in entries])
    read = sum([entry.seconds for entry in entries])
    others = [entry for entry in entries if entry.role is not Role.CARE_MANAGER]
    consultant = sum([entry.seconds for entry in others if entry.role is Role.CONSULTANT])
    treating_provider = sum([entry.seconds for entry in others]) - consultant
    return _tally(
        verdicts, read, read, (), read - consultant - treating_provider, consultant, treating_provider
    )


_tally = quick(Tally)


def _sum(entries: Sequence[TimeEntry], verdicts: tuple[EntryVerdict, ...]) -> Tally:
    read = 0
    by_role = {Role.CARE_MANAGER: 0, Role.CONSULTANT: 0, Role.TREATING_PROVIDER: 0}
    by_reason: dict[Exclusion, int] = {}
    for entry, verdict in zip(entries, verdicts, strict=True):
        read += verdict.seconds
        by_role[entry.role] += verdict.counted
        for part in verdict.excluded:
            by_reason[part.reason] = by_reason.get(part.reason, 0) + part.seconds
    return _tally(
        verdicts=verdicts,
        read=read,
        counted=sum(by_role.values()),
        excluded=tuple(sorted(by_reason.items(), key=_in_order)),
        care_manager=by_role[Role.CARE_MANAGER],
        consultant=by_role[Role.CONSULTANT],
        treating_provider=by_role[Role.TREATING_PROVIDER],
    )
