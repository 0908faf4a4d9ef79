"""What a row of the roster says of a patient's claims, from when on it holds, and what is said about that."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from billing.claim_facts import ClaimFactKind
from billing.episodes import Episode
from billing.months import BillingMonth
from services.care.claims import ClaimChange, Claims
from services.context import Context
from services.imports.cells import Cells
from services.imports.outcome import RowProblem
from services.imports.wording import capital, counted, joined, lines_of
from services.months.after_close import closed_remark

#: The column of each kind of fact, and the one with the local date from which it holds.
_COLUMNS = {
    ClaimFactKind.PAYER: ("payer", "payer_from"),
    ClaimFactKind.REFERRING_NPI: ("referring_npi", "referring_npi_from"),
    ClaimFactKind.BILLING_NPI: ("billing_npi", "billing_npi_from"),
    ClaimFactKind.DIAGNOSIS_CODES: ("diagnosis_codes", "diagnosis_from"),
    ClaimFactKind.PLACE_OF_SERVICE: ("place_of_service", "place_of_service_from"),
    ClaimFactKind.APCM: ("apcm", "apcm_from"),
    ClaimFactKind.CARE_MANAGER: ("care_manager", "care_manager_from"),
}
FROM_COLUMNS = tuple(column for _, column in _COLUMNS.values())
#: What each is called in a sentence about many patients.
_NAMES = {
    ClaimFactKind.PAYER: "payer",
    ClaimFactKind.REFERRING_NPI: "referring NPI",
    ClaimFactKind.BILLING_NPI: "billing NPI",
    ClaimFactKind.DIAGNOSIS_CODES: "diagnosis codes",
    ClaimFactKind.PLACE_OF_SERVICE: "place of service",
    ClaimFactKind.APCM: "APCM",
    ClaimFactKind.CARE_MANAGER: "care manager",
}

Days = Mapping[ClaimFactKind, date]


def read_days(cells: Cells, cleared: frozenset[str] = frozenset()) -> Days:
    """From when on what the row says holds, where it says so.

    Args:
        cells: The row.
        cleared: Its columns that say that nothing holds.
    """
    found: dict[ClaimFactKind, date] = {}
    for kind, (column, day_column) in _COLUMNS.items():
        day = cells.day(day_column)
        if day is None:
            continue
        if not cells.text(column) and column not in cleared:
            cells.refuse(day_column, f"A day without its {column}. Fill in {column}, or leave this empty.")
        found[kind] = day
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class StretchSaid:
    """What a row says of one stretch of care, or of the patient."""

    line: int
    #: As `ClaimFact` has it, by kind; what the row leaves empty is not there.
    values: Mapping[ClaimFactKind, str]
    days: Days
    #: The stretch as it is about to be, and the first day of the one after it.
    episode: Episode
    next_start: date | None
    #: True where the stretch (of an NPI: the patient) was on file before.
    is_known: bool


class ClaimNews:
    """What a file changes of the claims of patients, and the sentences about that."""

    def __init__(self, context: Context, today: date) -> None:
        self._context = context
        self._today = today
        self._since_today: dict[ClaimFactKind, list[int]] = defaultdict(list)
        self._filled: dict[ClaimFactKind, list[int]] = defaultdict(list)
        self._from_enrollment: set[int] = set()
        self._new_kinds: set[ClaimFactKind] = set()
        self._earliest: date | None = None
        self.warnings: list[RowProblem] = []
        #: What changes of patients on file, by line: `payer Cigna -> Medicare from today`.
        self.changes: dict[int, list[str]] = defaultdict(list)

    def new(self, line: int, kinds: Iterable[ClaimFactKind]) -> None:
        """A new patient whose rows give these facts and no day."""
        self._from_enrollment.add(line)
        self._new_kinds.update(kinds)

    def say(self, claims: Claims, said: StretchSaid) -> None:
        """Let what a row says hold, each fact from its day."""
        for kind, value in said.values.items():
            asked = said.days.get(kind)
            if asked is None and not self._differs(claims, kind, value, said):
                continue
            if asked is None and self._keeps(claims, kind, value, said):
                continue
            usual = said.episode.starts_on
            if said.is_known and said.next_start is None:
                usual = max(self._today, usual)
            held = claims.value(kind, usual if asked is None else asked)
            change = claims.say(kind, value, usual=usual, asked=asked, until=said.next_start)
            self._note(kind, change, said)
            if said.is_known and change.is_new:
                since = "" if change.since is None else f" from {self._day(change.since)}"
                words = f"{_NAMES[kind]} {self._spoken(kind, held)} -> {self._spoken(kind, value)}{since}"
                self.changes[said.line].append(words)

    def _day(self, day: date) -> str:
        return "today" if day == self._today else f"{day}"

    def _spoken(self, kind: ClaimFactKind, value: str) -> str:
        """A value as people know it: a care manager by name."""
        if kind is ClaimFactKind.CARE_MANAGER and value:
            member = self._context.uow.members.by_id(int(value))
            return member.display_name if member is not None else "somebody"
        return value or "none"

    def _differs(self, claims: Claims, kind: ClaimFactKind, value: str, said: StretchSaid) -> bool:
        """Whether a row without a day says anything new; what begins on a day to come is on file, too."""
        if said.next_start is not None:
            return not claims.holds(kind, value, said.episode.starts_on, said.next_start)
        day = max(self._today, said.episode.starts_on) if said.is_known else said.episode.starts_on
        return not claims.holds(kind, value, day, None)

    def _keeps(self, claims: Claims, kind: ClaimFactKind, value: str, said: StretchSaid) -> bool:
        """Whether an ended stretch, after which care went on, keeps what is on file of it."""
        if not said.is_known or said.next_start is None or not claims.value(kind, said.episode.starts_on):
            return False
        column, day_column = _COLUMNS[kind]
        self._warn(
            said.line,
            column,
            f"Another {_NAMES[kind]} is on file for this earlier stretch of care, and is kept. To change it, give the "
            f"first day of {value!r} in the column {day_column}.",
        )
        return True

    def _note(self, kind: ClaimFactKind, change: ClaimChange, said: StretchSaid) -> None:
        asked = said.days.get(kind)
        if not change.is_new:
            if asked is not None and change.since is None and asked > said.episode.starts_on:
                self._warn(
                    said.line,
                    _COLUMNS[kind][1],
                    f"The same {_NAMES[kind]} is on file from the start of care on, and is kept for the days before.",
                )
            return
        if said.is_known and asked is None:
            (self._filled if change.fills else self._since_today)[kind].append(said.line)
        if said.is_known and not change.fills:
            day = change.since or said.episode.starts_on
            self._earliest = day if self._earliest is None else min(day, self._earliest)

    def _warn(self, line: int, column: str, message: str) -> None:
        self.warnings.append(RowProblem(line=line, column=column, message=message))

    @property
    def remarks(self) -> tuple[str, ...]:
        """Since when what the file says holds, where it names no day; and which closed months keep their figures."""
        said = []
        if self._from_enrollment:
            of = counted(len(self._from_enrollment), "new patient")
            what = joined([_NAMES[kind] for kind in _NAMES if kind in self._new_kinds])
            said.append(f"{of}: {what} on file from the day of enrollment.")
        for kind, lines in self._since_today.items():
            whose = f"{counted(len(lines), 'patient')} ({lines_of(lines)})"
            said.append(
                f"{capital(_NAMES[kind])} changed from today on for {whose}: {_COLUMNS[kind][1]} gives no day. "
                "Earlier days keep what was on file."
            )
        for kind, lines in self._filled.items():
            said.append(
                f"{capital(_NAMES[kind])} filled in from the start of care for {counted(len(lines), 'patient')} "
                f"({lines_of(lines)}): none was on file."
            )
        return (*said, *self._closed())

    def _closed(self) -> Iterable[str]:
        if self._earliest is None:
            return
        first, present = BillingMonth.of(self._earliest), BillingMonth.of(self._today)
        for step in range(present.months_since(first) + 1):
            remark = closed_remark(self._context, first.plus(step).first_day)
            if remark is not None:
                yield remark
