"""Loads the facts of many patients' months in bulk: each kind of fact once for hundreds of patients.

One patient is a bulk of one. A receipt waits for it, so what can matter to none of the months is not asked for.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cached_property
from itertools import chain, groupby

from billing.claim_facts import ClaimFact
from billing.clinical import OtherService
from billing.closing import FrozenLine
from billing.entries import TimeEntry
from billing.episodes import Episode
from billing.evaluate import evaluate_month
from billing.facts import MonthFacts
from billing.findings.other_claim import FAMILY
from billing.history import may_reach_initial, takes_initial
from billing.months import BillingMonth
from billing.overlaps import Overlap
from billing.people import Patient
from billing.rules import RuleSet
from services.context import Context
from services.months.across import Across, Overlaps
from services.months.known import Known
from services.months.open_month import OpenMonth, looks_back_to
from services.months.rule_book import RuleBook
from services.people.members import consultants

#: Patients whose facts are held at a time.
_CHUNK = 500


class Everybody(Enum):
    """Stands for all patients."""

    EVERYBODY = "everybody"


EVERYBODY = Everybody.EVERYBODY


@dataclass(frozen=True, slots=True, kw_only=True)
class GatheredMonth:
    """One patient's month, before it is judged."""

    patient: Patient = field(repr=False)
    facts: MonthFacts
    rules: RuleSet


#: A patient's months, the oldest first.
Group = tuple[Patient, list[GatheredMonth]]


def gather(
    context: Context,
    patients: Collection[Patient] | Everybody,
    months: Collection[BillingMonth],
    book: RuleBook | None = None,
    *,
    words: bool = False,
) -> Iterator[GatheredMonth]:
    """What is known of some months of some patients; to be read before the unit of work ends.

    Args:
        context: Where the use case works.
        patients: Those asked about, in the order in which they come; each month of each is gathered. Of everybody,
            by MRN, only the months with time that can be read.
        months: Any months.
        book: The practice's rules, where they have been looked up before.
        words: Whether the same words in many patients' records are looked for. Only supervisors are told of them,
            and they are found in nothing less than everybody's month.
    """
    groups = groups_of(context, patients, months, book, words=words)
    return chain.from_iterable(gathered for _, gathered in groups)


def groups_of(
    context: Context,
    patients: Collection[Patient] | Everybody,
    months: Collection[BillingMonth],
    book: RuleBook | None = None,
    *,
    words: bool = False,
    beside: Collection[int] = (),
) -> Iterator[Group]:
    """The same patient by patient; `beside` are numbers of patients who come too, be there time of theirs or not."""
    gathering = _Gathering(
        context=context,
        months=tuple(sorted(set(months))),
        book=book or RuleBook(context),
        across=Across(context),
        words=words,
        everybody=isinstance(patients, Everybody),
    )
    for chunk in _chunks(context, patients, gathering.months, beside):
        yield from gathering.chunk(chunk)


def _chunks(
    context: Context,
    patients: Collection[Patient] | Everybody,
    months: Sequence[BillingMonth],
    beside: Collection[int],
) -> Iterator[Sequence[Patient]]:
    if not isinstance(patients, Everybody):
        given = tuple(patients)
        yield from (given[start : start + _CHUNK] for start in range(0, len(given), _CHUNK))
        return
    ids = set(beside)
    for month in months:
        ids |= context.uow.ledger.worked_for(month.first_day, month.last_day)
    ordered = context.uow.patients.by_mrn(ids)
    for start in range(0, len(ordered), _CHUNK):
        some = ordered[start : start + _CHUNK]
        known = context.uow.patients.many(some)
        yield [known[patient_id] for patient_id in some]


@dataclass(frozen=True, kw_only=True)
class _Gathering:
    """The same months of chunk after chunk of patients."""

    context: Context
    months: tuple[BillingMonth, ...]
    book: RuleBook
    across: Across
    words: bool
    everybody: bool

    @cached_property
    def consultants(self) -> frozenset[int]:
        """Members who are psychiatric consultants, or were when they left."""
        return consultants(self.context)

    def chunk(self, patients: Sequence[Patient]) -> Iterator[Group]:
        """Some patients' months."""
        if not self.months:
            yield from ((patient, []) for patient in patients)
            return
        ids = [patient.patient_id for patient in patients]
        episodes = self.context.uow.episodes.of_patients(ids)
        claims = self.context.uow.claim_facts.of_many(ids)
        asked = [
            [
                self._open(
                    patient, month, episodes.get(patient.patient_id, ()), claims.get(patient.patient_id, ())
                )
                for month in self.months
            ]
            for patient in patients
        ]
        entries = self._entries(asked)
        groups = [self._with_earlier(own, entries.get(own[0].patient.patient_id, {})) for own in asked]
        chunk = _Chunk(self, [one for group in groups for one in group])
        for patient, group in zip(patients, groups, strict=True):
            yield patient, chunk.gathered(group)

    def _open(
        self,
        patient: Patient,
        month: BillingMonth,
        episodes: tuple[Episode, ...],
        claim_facts: tuple[ClaimFact, ...],
    ) -> OpenMonth:
        last = month.last_day
        begun = tuple([episode for episode in episodes if episode.starts_on <= last])
        rules = self.book.rules(month, begun, claim_facts)
        return OpenMonth(
            patient=patient,
            month=month,
            rules=rules,
            episodes=episodes,
            begun=begun,
            begins=looks_back_to(month, episodes, rules),
            claim_facts=claim_facts,
        )

    def _open_beside(self, one: OpenMonth, month: BillingMonth) -> OpenMonth:
        """Another month of the same patient."""
        return self._open(one.patient, month, one.episodes, one.claim_facts)

    def _entries(
        self, asked: Sequence[Sequence[OpenMonth]]
    ) -> dict[int, dict[BillingMonth, list[TimeEntry]]]:
        """Each patient's entries by month, from where their months begin to matter."""
        first, last = self.months[0], self.months[-1]
        plain, back = [], {}
        for own in asked:
            begins = self._begins(own)
            if begins < first:
                back[own[0].patient.patient_id] = begins
            else:
                plain.append(own[0].patient.patient_id)
        ledger = self.context.uow.ledger
        found = ledger.of_patients(plain, first.first_day, last.last_day) if plain else {}
        if back:
            found |= ledger.of_patients(back, min(back.values()).first_day, last.last_day)
        if first == last and not back:
            return {patient_id: {first: entries} for patient_id, entries in found.items()}
        return {patient_id: _by_month(entries) for patient_id, entries in found.items()}

    def _begins(self, asked: Sequence[OpenMonth]) -> BillingMonth:
        """The first month that matters to those asked for; an earlier one may look back in its turn."""
        if not any(one.looks_back for one in asked):
            return asked[0].month
        begins, end = min(one.begins for one in asked), asked[0].month
        while end > begins:
            months = [begins.plus(step) for step in range(end.months_since(begins))]
            end = begins
            begins = min(self._open_beside(asked[0], month).begins for month in months)
        return begins

    def _with_earlier(
        self, asked: Sequence[OpenMonth], entries: Mapping[BillingMonth, list[TimeEntry]]
    ) -> list[OpenMonth]:
        """The months asked for with their entries, and earlier ones that decide their code; the oldest first."""
        for one in asked:
            one.entries = entries.get(one.month, ())
        group = [one for one in asked if one.entries or not self.everybody]
        begins = self._begins(asked)
        if begins is asked[0].month:
            return group
        known = {one.month for one in asked}
        earlier = [
            month
            for month in entries
            if begins <= month < self.months[-1] and month not in known and not self.across.revision(month)
        ]
        for month in earlier:
            one = self._open_beside(asked[0], month)
            one.entries, one.is_asked = entries[month], False
            group.append(one)
        return sorted(group, key=_month_of) if earlier else group


class _Chunk:
    """Some patients' months, those asked for and those that decide them, while their facts are put together."""

    def __init__(self, gathering: _Gathering, months: Sequence[OpenMonth]) -> None:
        self._gathering = gathering
        self._across = gathering.across
        self._known = Known(gathering.context.uow, months)
        # Everybody's clocks are looked at month by month, each month once for all chunks; those of an earlier month
        # only once its code hangs on them.
        alone = () if gathering.everybody else [one for one in months if one.is_asked]
        self._overlaps = self._across.overlaps_of(entry for one in alone for entry in one.entries)
        self._frozen = self._read_frozen([one for one in months if one.looks_back])

    def _read_frozen(self, months: Sequence[OpenMonth]) -> dict[BillingMonth, Mapping[int, FrozenLine]]:
        """The lines of closed months that those months look back to."""
        if not months:
            return {}
        ids = {one.patient.patient_id for one in months}
        begin, end = min(one.begins for one in months), max(one.month for one in months)
        earlier = (begin.plus(step) for step in range(end.months_since(begin)))
        closes = self._gathering.context.uow.closes
        return {
            month: closes.lines_of(month, revision, ids)
            for month in earlier
            if (revision := self._across.revision(month))
        }

    def gathered(self, group: Sequence[OpenMonth]) -> list[GatheredMonth]:
        """One patient's months, as far as they were asked for; the group has the oldest first."""
        found: list[GatheredMonth] = []
        took: dict[BillingMonth, bool] = {}
        decides = {one.month for one in group if not one.is_asked}
        if any(one.looks_back for one in group):
            decides |= {one.month for one in group[:-1]}
        for one in group:
            facts = self._facts(one, self._initial_months(one, took) if one.looks_back else ())
            if one.is_asked:
                found.append(GatheredMonth(patient=one.patient, facts=facts, rules=one.rules))
            if one.month in decides:
                took[one.month] = self._takes_initial(one, facts)
        return found

    def _takes_initial(self, one: OpenMonth, facts: MonthFacts) -> bool:
        """Whether a month leaves no 99492 to a later one. Few can: the others are not judged for it."""
        if not may_reach_initial(facts, one.rules):
            return False
        if not one.is_asked:
            facts = replace(facts, overlaps=_of(one, self._across.overlaps_in(one.month, one.entries)))
        return takes_initial(evaluate_month(facts, one.rules), one.rules)

    def _initial_months(self, one: OpenMonth, took: Mapping[BillingMonth, bool]) -> tuple[BillingMonth, ...]:
        """The earlier months that took 99492; a closed one as it was frozen, for that is what was billed."""
        found: list[BillingMonth] = []
        for step in range(one.month.months_since(one.begins)):
            month = one.begins.plus(step)
            lines = self._frozen.get(month)
            if lines is None:
                taken = took.get(month, False)
            else:
                line = lines.get(one.patient.patient_id)
                taken = line is not None and takes_initial(line.result, line.rules)
            if taken:
                found.append(month)
        return tuple(found)

    def _facts(self, one: OpenMonth, initial_months: tuple[BillingMonth, ...]) -> MonthFacts:
        known, patient = self._known, one.patient
        services = known.other_services.of(one)
        repeated: frozenset[str] = frozenset()
        if self._gathering.words and one.is_asked:
            repeated = self._across.repeated_words(one.month)
        return MonthFacts(
            patient_id=patient.patient_id,
            month=one.month,
            entries=tuple(one.entries),
            episodes=one.episodes,
            reviews=known.reviews(one),
            scores=known.scores.of(one),
            statements=known.statements.of(one),
            admissions=known.admissions.of(one),
            attestations=known.attestations(one),
            other_services=services,
            submitted_codes=self._submitted_codes(one, services),
            claim_facts=one.claim_facts_known,
            referring_npi=patient.referring_npi,
            problems_recorded=bool(patient.problems),
            active_months=known.active_months(one),
            care_before=known.care_before(one),
            initial_months=initial_months,
            overlaps=self._overlaps_of(one),
            repeated_words=_used(repeated, one.entries) if repeated else repeated,
            consultants=self._consultants(one.entries),
            closed_at=self._across.closed_at(one.month),
        )

    def _submitted_codes(self, one: OpenMonth, services: Sequence[OtherService]) -> tuple[str, ...]:
        """What the month was submitted with; asked for where another service may be that very claim."""
        if not any(service.code in FAMILY for service in services):
            return ()
        return self._across.submitted_codes(one.month, one.patient.patient_id)

    def _consultants(self, entries: Iterable[TimeEntry]) -> frozenset[int]:
        """Those among who took part; of most months nobody did."""
        there = {who for entry in entries if entry.participants for who in entry.participants}
        return self._gathering.consultants.intersection(there) if there else frozenset()

    def _overlaps_of(self, one: OpenMonth) -> tuple[Overlap, ...]:
        """Those of a month asked for."""
        overlaps = self._overlaps
        if self._gathering.everybody and one.is_asked:
            if not any(entry.started_at is not None for entry in one.entries):
                return ()
            overlaps = self._across.overlaps(one.month)
        return _of(one, overlaps) if overlaps else ()


def _of(one: OpenMonth, overlaps: Overlaps) -> tuple[Overlap, ...]:
    own = [overlaps[entry.entry_id] for entry in one.entries if entry.entry_id in overlaps]
    return tuple(chain.from_iterable(own)) if own else ()


def _used(repeated: frozenset[str], entries: Iterable[TimeEntry]) -> frozenset[str]:
    return repeated.intersection([entry.note_digest for entry in entries])


def _by_month(entries: Iterable[TimeEntry]) -> dict[BillingMonth, list[TimeEntry]]:
    """Entries in the order of their days, by month."""
    found: dict[BillingMonth, list[TimeEntry]] = {}
    for (year, month), own in groupby(
        entries, key=lambda one: (one.service_date.year, one.service_date.month)
    ):
        found[BillingMonth(year, month)] = list(own)
    return found


def _month_of(one: OpenMonth) -> BillingMonth:
    return one.month
