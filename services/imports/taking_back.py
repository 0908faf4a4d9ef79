"""Makes everything that an import stored be as it was before; what stands in the way is gathered, and refused."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from services.acts.enrollments import keep_one_at_a_time
from services.acts.inverses import ChangedSince, TakingBack, entry_state, put_as_before
from services.context import Context
from services.errors import CannotTakeBack
from services.imports.obstacles import (
    ClosedSince,
    ImportedFact,
    Obstacles,
    built_on,
    contents_changed,
    entries_changed,
    facts_changed,
    first_day_of,
    people_needed,
)
from services.people.members import administrators
from services.people.patients import shown_mrn
from storage import (
    ENTRY,
    FACT_KINDS,
    MEMBER_CONTENT,
    PATIENT_CONTENT,
    RECEIPT,
    SERVICE_CONTENT,
    AlreadyExists,
    Change,
    FileImport,
    ImportChange,
    Leftover,
    Notice,
    NoticeOf,
)

_NO_ADMINISTRATOR = (
    "Without it the practice has no administrator. Make somebody else one first: `cocm import members FILE`."
)
_TAKEN_ID = (
    "A Slack user id or e-mail that it changed belongs to another member by now. Give that member another one first: "
    "`cocm import members FILE`."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Went:
    """What became of one kind of thing: how many were new and went, and how many are as they were before."""

    gone: int = 0
    put_back: int = 0


class TakingImportBack:
    """Taking one import back, in the unit of work of its context."""

    def __init__(self, taking: TakingBack, imported: FileImport) -> None:
        self._taking = taking
        self._context: Context = taking.context
        self._imported = imported
        self._changes = taking.context.uow.import_log.changes_of(imported.number)
        taking.context.uow.import_log.hold(self._changes)
        self._entries = {
            one.number: taking.context.uow.imports.written(one.number, one.after or one.number)
            for one in self._changes
            if one.kind == RECEIPT
        }
        self._gone = Counter[str]()
        self._put_back = Counter[str]()
        #: Later imports that need what this one stored.
        self._later = set(taking.context.uow.import_log.built_on(imported.number))

    @property
    def went(self) -> Mapping[str, Went]:
        """What became of each kind of thing."""
        kinds = dict.fromkeys((*self._gone, *self._put_back))
        return {kind: Went(gone=self._gone[kind], put_back=self._put_back[kind]) for kind in kinds}

    @property
    def void_before(self) -> int:
        """How many of its entries had been void."""
        return sum(entries.written - entries.standing for entries in self._entries.values())

    def carry_out(self) -> None:
        """Do all of it.

        Raises:
            CannotUndoImport: when something stands in the way; the caller keeps nothing.
        """
        obstacles = Obstacles()
        obstacles.add(*self._closed())
        obstacles.add(*self._take_entries_back())
        obstacles.add(*self._put_facts_back())
        needed = [*self._patients_needed(), *self._members_needed()]
        if not obstacles.sentences and not needed and not self._later:
            obstacles.add(*self._put_contents_back())
        # In the order in which a person goes about it: the last import first.
        sentences = [*built_on(self._context, self._later), *obstacles.sentences, *needed]
        Obstacles(sentences=sentences).refuse(self._imported.number)

    # -- entries -----------------------------------------------------------------------------------------

    def _take_entries_back(self) -> Iterator[str]:
        """Make its entries void, and have those told whose work it was, once."""
        uow, actor = self._context.uow, self._taking.actor
        touched = [one for entries in self._entries.values() for one in entries.touched]
        yield from entries_changed([one for one in touched if self._is_changed(one)])
        performers = Counter[int]()
        for receipt_id, last in [(one.number, one.after) for one in self._changes if one.kind == RECEIPT]:
            entries = self._entries[receipt_id]
            performers.update(entries.by_performer)
            self._gone[ENTRY] += entries.standing
            uow.imports.take_back(
                receipt_id,
                last or receipt_id,
                by=actor.member_id,
                at=self._context.now,
                reason=self._taking.reason,
            )
        uow.notices.add(
            Notice(
                member_id=member_id,
                at=self._context.now,
                by=actor.member_id,
                what=NoticeOf.IMPORT_UNDONE,
                n=self._imported.number,
            )
            for member_id in sorted(performers)
            if member_id != actor.member_id
        )

    def _is_changed(self, entry_id: int) -> bool:
        """Whether an entry says something else than the file did; a merge, or a change taken back, does not."""
        return entry_state(self._context.uow.ledger.versions(entry_id)) != (False, 1)

    # -- facts with versions -----------------------------------------------------------------------------

    def _put_facts_back(self) -> Iterator[str]:
        """Make each fact be what it was before, the last first."""
        clashes: list[str] = []
        for one in reversed(self._changes):
            if one.kind not in FACT_KINDS:
                continue
            change = Change(kind=one.kind, fact_id=one.number, before=one.before, after=one.after or 1)
            try:
                put_as_before(self._taking, change)
            except ChangedSince as since:
                # Where nobody in particular did it, it was a later import, which is named by its number.
                if since.by is not None or not self._later:
                    clashes.append(since.reference)
            self._count(one, is_new=one.before is None)
        yield from facts_changed(clashes)
        if not clashes and not self._later:
            try:
                keep_one_at_a_time(self._context)
            except CannotTakeBack as refusal:
                yield refusal.sentence

    # -- what has no versions ----------------------------------------------------------------------------

    @property
    def _contents(self) -> list[ImportChange]:
        return [one for one in self._changes if one.kind not in FACT_KINDS and one.kind != RECEIPT]

    def _new(self, kind: str) -> list[int]:
        return [one.number for one in self._contents if one.kind == kind and one.stood is None]

    def _put_contents_back(self) -> Iterator[str]:
        """Let patients, members, payers, rates and services be what they were before."""
        log, actor = self._context.uow.import_log, self._taking.actor
        had_administrator = bool(administrators(self._context))
        yield from contents_changed([one.kind for one in self._contents if log.clashes(one)])
        try:
            for one in reversed(self._contents):
                log.put_content_back(self._imported.number, one, by=actor.member_id, at=self._context.now)
                self._count(one, is_new=one.stood is None)
        except AlreadyExists:
            yield _TAKEN_ID
            return
        self._context.uow.patients.forget()
        self._context.uow.members.forget_all()
        someone = any(one.active and one.roles for one in self._context.uow.members.all())
        if had_administrator and someone and not administrators(self._context):
            yield _NO_ADMINISTRATOR

    def _patients_needed(self) -> Iterator[str]:
        """What is said of patients whom it added and of whom something else is on file."""
        ids = self._new(PATIENT_CONTENT.kind)
        if not ids:
            return
        uow = self._context.uow
        needed = self._not_of_imports(uow.leftovers.of_patients(ids))
        if needed:
            named = [shown_mrn(one.mrn) for one in uow.patients.many(needed).values()]
            yield people_needed(
                ("patient", "patients"),
                named,
                "have entries or care on file that came later",
                "`/cocm history` with the MRN shows it. Take that back first (`/cocm void`), or keep the import.",
            )

    def _members_needed(self) -> Iterator[str]:
        """What is said of members whom it added and who have done something, or are named by something."""
        ids = self._new(MEMBER_CONTENT.kind)
        if not ids:
            return
        uow = self._context.uow
        log = uow.import_log
        needed = self._not_of_imports(uow.leftovers.of_members(ids))
        needed |= {
            one.number
            for one in self._contents
            if one.kind == MEMBER_CONTENT.kind and one.stood is None and log.clashes(one)
        }
        if needed:
            named = [one.display_name for one in uow.members.all() if one.member_id in needed]
            yield people_needed(
                ("member", "members"),
                named,
                "have work on file, or other roles than the file gave them",
                "Leave the import as it is, and end the membership of who is wrong: `/cocm members @NAME ends`.",
            )

    def _not_of_imports(self, found: Collection[Leftover]) -> frozenset[int]:
        """Who is referred to by what people wrote; of what later imports wrote, the imports are kept in mind."""
        own = {(one.kind, one.key) for one in self._changes}
        found = [one for one in found if (one.kind, one.key) not in own]
        if not found:
            return frozenset()
        later = self._context.uow.import_log.written_later(self._imported.number)
        self._later |= {later[one.kind, one.key] for one in found if (one.kind, one.key) in later}
        return frozenset(one.whose for one in found if (one.kind, one.key) not in later)

    # -- both --------------------------------------------------------------------------------------------

    def _closed(self) -> Iterator[str]:
        """What is said of closed months that hold something of it."""
        closed = ClosedSince(self._context, self._imported)
        by_day = Counter[date]()
        for entries in self._entries.values():
            by_day.update(entries.by_day)
        yield from closed.holding_entries(by_day)
        yield from closed.judged_with(self._facts())
        yield from closed.priced_with(self._changes)

    def _facts(self) -> Iterator[ImportedFact]:
        facts = self._context.uow.facts
        for one in self._changes:
            if one.kind in FACT_KINDS:
                versions = facts.versions(one.kind, one.number)
                version = versions[(one.after or 1) - 1]
                yield ImportedFact(
                    patient_id=versions[-1].patient_id, first_day=first_day_of(one.kind, version.values)
                )
            elif one.kind in {PATIENT_CONTENT.kind, SERVICE_CONTENT.kind}:
                row = ((one.left or one.stood or [[]])[0] or [{}])[0]
                yield ImportedFact(patient_id=one.number, first_day=first_day_of(one.kind, row))

    def _count(self, change: ImportChange, *, is_new: bool) -> None:
        (self._gone if is_new else self._put_back)[change.kind] += 1
