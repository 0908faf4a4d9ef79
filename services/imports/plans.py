"""The patients of a roster as stored and as they will be, and what its rows say of their claims."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from billing.claim_days import text_of, value_of
from billing.claim_facts import ClaimFactKind
from billing.episodes import Episode
from billing.people import Patient
from services.care.claims import Claims, is_same
from services.imports.care import Care, claim_values
from services.imports.claim_columns import ClaimNews, Days, StretchSaid
from services.imports.team import Team
from storage import StoredClaimFact


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row as it was read."""

    line: int
    #: Under no number yet.
    patient: Patient = field(repr=False)
    care: Care | None
    days: Days
    #: Columns in which nothing is to be on file any more.
    cleared: frozenset[str] = frozenset()

    @property
    def says_npi(self) -> bool:
        """Whether the row gives a referring NPI, or takes it away."""
        return bool(self.patient.referring_npi) or "referring_npi" in self.cleared


@dataclass(slots=True, kw_only=True)
class Stretch:
    """An episode as stored (None: not yet) and as it will be, with a care manager who is not yet known."""

    before: Episode | None
    after: Episode
    newcomer: str = ""
    newcomer_from: date | None = None


@dataclass(slots=True, kw_only=True)
class Plan:
    """A patient of the file: as stored, and as they will be."""

    before: Patient | None = field(repr=False)
    after: Patient = field(repr=False)
    #: Of its rows.
    lines: tuple[int, ...] = ()
    stretches: list[Stretch] = field(default_factory=list)
    #: What the file says of the claims of somebody on file, or with days; None where the columns say all of it.
    claims: Claims | None = None

    @property
    def changed(self) -> list[Stretch]:
        """The stretches that are to be stored."""
        return [one for one in self.stretches if one.before != one.after or one.newcomer]

    @property
    def becomes(self) -> str:
        """What the file does to the patient, in a word."""
        if self.before is None:
            return "new"
        dated = self.claims is not None and any(self.claims.rows(0))
        return "changed" if self.before != self.after or self.changed or dated else "as it is"


#: A row with the stretch of care that it is about; none where it says nothing of care.
Said = tuple[Row, Stretch | None]
#: The same with what the row says of the patient's claims.
_Values = tuple[Row, Stretch | None, Mapping[ClaimFactKind, str]]


def add_claims(
    plan: Plan, said: Sequence[Said], stored: Sequence[StoredClaimFact], team: Team, news: ClaimNews
) -> None:
    """What the rows say of the patient's claims; with days, where the columns cannot say all of it."""
    values = [(row, stretch, _values(row, stretch, team)) for row, stretch in said]
    if plan.before is None:
        values = [
            (row, stretch, {kind: text for kind, text in own.items() if text}) for row, stretch, own in values
        ]
    npi = next((row for row, _ in reversed(said) if row.says_npi), None)
    has_days = any(row.days for row, _ in said)
    if plan.before is None and not has_days and (npi is not None or any(own for *_, own in values)):
        kinds = {kind for *_, own in values for kind in own}
        news.new(said[0][0].line, kinds | {ClaimFactKind.REFERRING_NPI} if npi is not None else kinds)
    is_plain = plan.before is None and len(plan.stretches) == 1 and not has_days
    if is_plain or not plan.stretches:
        for _, stretch, own in values:
            if stretch is not None:
                stretch.after = _filled_in(stretch.after, own)
        if npi is not None:
            plan.after = replace(plan.after, referring_npi=npi.patient.referring_npi)
    elif stored or len(plan.stretches) > 1 or not _is_on_file(plan, values, npi):
        claims = Claims(stored, [one.after for one in plan.stretches], plan.after.referring_npi)
        _add_dated(plan, values, npi, claims, news)


def _add_dated(
    plan: Plan, values: Sequence[_Values], npi: Row | None, claims: Claims, news: ClaimNews
) -> None:
    ordered = sorted(plan.stretches, key=lambda one: one.after.starts_on)
    for row, stretch, own in values:
        if stretch is not None and own:
            news.say(claims, _about(row, stretch, ordered, own, is_known=stretch.before is not None))
    if npi is not None:
        own = {ClaimFactKind.REFERRING_NPI: npi.patient.referring_npi}
        news.say(claims, _about(npi, ordered[-1], ordered, own, is_known=plan.before is not None))
    for stretch in plan.stretches:
        stretch.after = claims.episode(stretch.after)
    plan.after = replace(plan.after, referring_npi=claims.referring_npi)
    plan.claims = claims


def _values(row: Row, stretch: Stretch | None, team: Team) -> dict[ClaimFactKind, str]:
    if row.care is None:
        return {}
    manager = team.find(row.care.care_manager) if row.care.care_manager else None
    if stretch is not None and stretch.newcomer:
        stretch.newcomer_from = row.days.get(ClaimFactKind.CARE_MANAGER)
    return claim_values(row.care, manager.member_id if manager else None)


def _filled_in(episode: Episode, values: Mapping[ClaimFactKind, str]) -> Episode:
    columns: dict[str, Any] = {kind.value: value_of(kind, text) for kind, text in values.items()}
    return replace(episode, **columns)


def _is_on_file(
    plan: Plan,
    values: Sequence[_Values],
    npi: Row | None,
) -> bool:
    """Whether the rows say only what the columns say already: most of a roster that is imported again."""
    if any(row.days for row, *_ in values):
        return False
    if npi is not None and npi.patient.referring_npi != plan.after.referring_npi:
        return False
    return all(
        stretch is None or all(is_same(text_of(kind, stretch.after, ""), text) for kind, text in own.items())
        for _, stretch, own in values
    )


def _about(
    row: Row,
    stretch: Stretch,
    ordered: Sequence[Stretch],
    values: Mapping[ClaimFactKind, str],
    *,
    is_known: bool,
) -> StretchSaid:
    later = ordered[ordered.index(stretch) + 1 :]
    return StretchSaid(
        line=row.line,
        values=values,
        days=row.days,
        episode=stretch.after,
        next_start=later[0].after.starts_on if later else None,
        is_known=is_known,
    )
