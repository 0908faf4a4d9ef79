"""Closes and reopens months: what is frozen, in which revision, and what changed since the last one."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from billing.canonical import from_bytes, to_bytes
from billing.charges import Charge
from billing.claims import Claim
from billing.entries import TimeEntry
from billing.evaluate import LineStatus, MonthResult, evaluate_month
from billing.facts import MonthFacts
from billing.months import BillingMonth
from billing.rules import RuleSet


class MonthStatus(StrEnum):
    """Where a practice's month stands."""

    OPEN = "open"
    DRAFT = "draft"
    CLOSED = "closed"
    REOPENED = "reopened"


class Aspect(StrEnum):
    """In what two judgments of the same facts by the same rules can differ."""

    CODES = "codes"
    SECONDS = "seconds"
    FINDINGS = "findings"
    DATES = "dates"


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedBy:
    """What judged a month, besides its rule set, whose name the result carries."""

    #: Version of this program, `0.2.0`.
    program: str
    #: Versions of what says which days are holidays and what time it was where, `holidays 0.109, tzdata 2026.6`.
    calendar: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenLine:
    """One patient's month as it was closed: facts and rules in, result out, and what judged it (R-502).

    The result is what was decided, whatever another version of this program would decide of the same facts. Its
    findings are codes and parameters; their words are those of the program that shows them.
    """

    facts: MonthFacts
    rules: RuleSet
    result: MonthResult
    #: None for a line frozen before version 0.2.0, whose findings carried no parameters either.
    judged_by: JudgedBy | None = None

    @classmethod
    def of(cls, facts: MonthFacts, rules: RuleSet, judged_by: JudgedBy) -> "FrozenLine":
        """Freeze a patient's month: entries in the order of their ids, evaluated as they stand."""
        ordered = replace(facts, entries=tuple(sorted(facts.entries, key=_by_id)))
        return cls(facts=ordered, rules=rules, result=evaluate_month(ordered, rules), judged_by=judged_by)

    def to_bytes(self) -> bytes:
        """The line as it is stored."""
        return to_bytes(self)

    @classmethod
    def from_bytes(cls, data: bytes) -> "FrozenLine":
        """Read a stored line.

        Raises:
            ValueError: when the bytes are no frozen line.
        """
        return from_bytes(cls, _without_prose(data))

    def judged_otherwise(self) -> frozenset[Aspect]:
        """In what this program would judge the frozen facts otherwise by the frozen rules; news, not a fault."""
        now = evaluate_month(self.facts, self.rules)
        if self.judged_by is None:
            now = replace(now, findings=tuple(replace(each, parameters=()) for each in now.findings))
        return frozenset(aspect for aspect, of in _ASPECTS.items() if of(now) != of(self.result))


def _without_prose(data: bytes) -> bytes:
    """A line as stored, without the words that its findings carried before their registry rows had them.

    Raises:
        ValueError: when the bytes are no JSON object with findings.
    """
    if b'"message":' not in data:
        return data
    try:
        line = json.loads(data)
        for finding in line["result"]["findings"]:
            for word in ("message", "rule", "supervisors_only"):
                finding.pop(word, None)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ValueError("These bytes are not a FrozenLine.") from error
    return json.dumps(line).encode()


def _by_id(entry: TimeEntry) -> int:
    return entry.entry_id


#: What of a result each aspect is; together, everything but the names of things.
_ASPECTS: dict[Aspect, Callable[[MonthResult], object]] = {
    Aspect.CODES: lambda result: (result.kind, result.earned, result.billable, result.status),
    Aspect.SECONDS: lambda result: (result.counted_seconds, result.verdicts, result.threshold),
    Aspect.FINDINGS: lambda result: frozenset(result.findings),
    Aspect.DATES: lambda result: (result.threshold_met_on, result.date_of_service),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthClose:
    """One revision of a closed month."""

    month: BillingMonth
    #: 1 for the first close, one more each time it is closed again.
    revision: int
    closed_by: int
    #: Aware instant (UTC).
    closed_at: datetime
    #: The sentence the closer put their name to.
    attestation: str
    #: Why the month was closed again; empty for the first revision.
    reason: str = ""
    #: Claims of this revision went to payers.
    submitted_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopening:
    """A closed month opened again."""

    month: BillingMonth
    reopened_by: int
    #: Aware instant (UTC).
    reopened_at: datetime
    reason: str


class CloseRefused(ValueError):  # noqa: N818 - a refusal is no error of the program
    """The month cannot be closed or reopened like this; the message says how to fix it."""


def month_status(
    month: BillingMonth, today: date, closes: Sequence[MonthClose], reopenings: Sequence[Reopening]
) -> MonthStatus:
    """The status of a month: open while it runs, a draft until it is closed (R-501).

    Args:
        month: The month asked about.
        today: The practice's local date.
        closes: All revisions of that month.
        reopenings: All times it was opened again.
    """
    if not closes:
        return MonthStatus.DRAFT if today > month.last_day else MonthStatus.OPEN
    last_close = max(close.closed_at for close in closes)
    if any(reopening.reopened_at > last_close for reopening in reopenings):
        return MonthStatus.REOPENED
    return MonthStatus.CLOSED


def next_close(wanted: MonthClose, status: MonthStatus, closes: Sequence[MonthClose]) -> MonthClose:
    """Number a close, or refuse it (R-503).

    Raises:
        CloseRefused: while the month runs, without an attestation, when it is closed already, or when a
            further revision gives no reason.
    """
    if status is MonthStatus.OPEN:
        raise CloseRefused(f"{wanted.month} is not over. Close it from {wanted.month.plus(1).first_day} on.")
    if status is MonthStatus.CLOSED:
        raise CloseRefused(
            f"{wanted.month} is closed. To close it again, reopen it with a reason: reopen {wanted.month} WHY."
        )
    if not wanted.attestation.strip():
        raise CloseRefused("Closing needs your attestation: confirm that the month was reviewed.")
    if closes and not wanted.reason.strip():
        raise CloseRefused("Closing again needs a reason. Say what changed.")
    revision = max((close.revision for close in closes), default=0) + 1
    return replace(wanted, revision=revision)


def check_reopening(wanted: Reopening, status: MonthStatus) -> None:
    """Refuse to open what is not closed, or without a reason.

    Raises:
        CloseRefused: with the sentence to show.
    """
    if status is not MonthStatus.CLOSED:
        raise CloseRefused(f"{wanted.month} is not closed, so there is nothing to reopen.")
    if not wanted.reason.strip():
        raise CloseRefused("Reopening needs a reason. Write why after the month.")


class Change(StrEnum):
    """What became of a patient's line between two revisions."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One patient's line in two revisions; what is absent counts as nothing."""

    patient_id: int
    change: Change
    seconds_before: int
    seconds_after: int
    status_before: LineStatus | None
    status_after: LineStatus | None
    billable_before: tuple[Charge, ...]
    billable_after: tuple[Charge, ...]

    @property
    def decreases(self) -> bool:
        """Whether something billed before is billed no more: after submission, an overpayment."""
        after = {charge.code: charge.units for charge in self.billable_after}
        return any(after.get(charge.code, 0) < charge.units for charge in self.billable_before)


def differences(before: Iterable[MonthResult], after: Iterable[MonthResult]) -> tuple[Difference, ...]:
    """Lines whose time, status or codes differ between two revisions of a month, by patient (R-504)."""
    old = {result.patient_id: result for result in before}
    new = {result.patient_id: result for result in after}
    pairs = ((patient, old.get(patient), new.get(patient)) for patient in sorted(old.keys() | new.keys()))
    return tuple(_difference(*pair) for pair in pairs if _shown(pair[1]) != _shown(pair[2]))


def _shown(result: MonthResult | None) -> object:
    """What of a line a revision is about."""
    if result is None:
        return None
    return result.counted_seconds, result.status, result.earned, result.billable


def _difference(patient_id: int, old: MonthResult | None, new: MonthResult | None) -> Difference:
    change = Change.ADDED if old is None else Change.REMOVED if new is None else Change.CHANGED
    return Difference(
        patient_id=patient_id,
        change=change,
        seconds_before=old.counted_seconds if old else 0,
        seconds_after=new.counted_seconds if new else 0,
        status_before=old.status if old else None,
        status_after=new.status if new else None,
        billable_before=old.billable if old else (),
        billable_after=new.billable if new else (),
    )


def overpayments(found: Iterable[Difference], claims: Mapping[int, Claim]) -> tuple[Difference, ...]:
    """Differences by which a line bills less than before, and less than was submitted of it (R-504)."""
    lower = (difference for difference in found if difference.decreases)
    return tuple(
        difference
        for difference in lower
        if difference.patient_id in claims
        and claims[difference.patient_id].lowered_by(difference.billable_after)
    )
