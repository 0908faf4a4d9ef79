"""Closed months: revisions, reopenings, submissions and frozen lines, on both databases."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text

from billing.charges import Charge
from billing.claims import ClaimEvent, ClaimEventKind
from billing.clinical import Attestation, AttestationKind
from billing.closing import FrozenLine, MonthClose, MonthStatus, Reopening, month_status
from billing.months import BillingMonth
from billing.rules import STRICT
from storage import ActKind, AlreadyExists, ClaimFile, Database, NotFound, StorageError, UnitOfWork, triggers
from storage.statements import PreparedStatement, inserting
from storage.tables import FrozenLineRow
from tests.support.keeping import kept, read
from tests.support.months import JUDGED_BY, a_first_month
from tests.support.storing import NOW, SmallPractice

NOVEMBER = BillingMonth(2026, 11)
DECEMBER = NOVEMBER.plus(1)
CLOSED_AT = datetime(2026, 12, 5, 17, 0, tzinfo=UTC)


@pytest.fixture
def first(practice: SmallPractice) -> MonthClose:
    """November's first close."""
    return MonthClose(
        month=NOVEMBER,
        revision=1,
        closed_by=practice.ana.member_id,
        closed_at=CLOSED_AT,
        attestation="I have reviewed this month.",
    )


@pytest.fixture
def second(first: MonthClose) -> MonthClose:
    """November closed again."""
    return replace(
        first, revision=2, closed_at=CLOSED_AT + timedelta(days=2), reason="A late entry for Ms. Ng came in"
    )


@pytest.fixture
def reopening(practice: SmallPractice) -> Reopening:
    """November opened again."""
    return Reopening(
        month=NOVEMBER,
        reopened_by=practice.ana.member_id,
        reopened_at=CLOSED_AT + timedelta(days=1),
        reason="Ms. Ng's call was forgotten",
    )


def a_line(practice: SmallPractice, *minutes: float) -> FrozenLine:
    """A frozen November of the practice's patient."""
    facts = a_first_month(*minutes)
    return FrozenLine.of(
        replace(facts, patient_id=practice.patient.patient_id, month=NOVEMBER), STRICT, JUDGED_BY
    )


def closing(close: MonthClose, *lines: FrozenLine) -> Callable[[UnitOfWork], int]:
    """Keep a revision with its lines."""
    return lambda uow: uow.closes.close(close, lines)


def test_a_month_never_closed_has_nothing(database: Database, practice: SmallPractice) -> None:
    """Before the first close there is no revision, no reopening and no line."""

    def look(uow: UnitOfWork) -> list[object]:
        closes = uow.closes
        line = closes.line(NOVEMBER, 1, practice.patient.patient_id)
        return [closes.of(NOVEMBER), closes.reopenings(NOVEMBER), list(closes.lines(NOVEMBER, 1)), line]

    assert read(database, look, practice.tenant_id) == [(), (), [], None]


def test_a_month_goes_through_its_states(
    database: Database, practice: SmallPractice, first: MonthClose, second: MonthClose, reopening: Reopening
) -> None:
    """What is handed out says where the month stands: draft, closed, reopened, closed again."""

    def status() -> MonthStatus:
        return read(
            database,
            lambda uow: month_status(
                NOVEMBER, date(2026, 12, 9), uow.closes.of(NOVEMBER), uow.closes.reopenings(NOVEMBER)
            ),
            practice.tenant_id,
        )

    seen = [status()]
    for step in (closing(first), lambda uow: uow.closes.reopen(reopening), closing(second)):
        kept(database, step, practice.tenant_id)
        seen.append(status())

    assert seen == [MonthStatus.DRAFT, MonthStatus.CLOSED, MonthStatus.REOPENED, MonthStatus.CLOSED]
    assert read(database, lambda uow: uow.closes.of(NOVEMBER), practice.tenant_id) == (first, second)
    assert read(database, lambda uow: uow.closes.reopenings(NOVEMBER), practice.tenant_id) == (reopening,)
    assert read(database, lambda uow: uow.closes.of(DECEMBER), practice.tenant_id) == ()
    assert read(database, lambda uow: uow.closes.of(NOVEMBER), practice.tenant_id + 1) == ()


def test_frozen_lines_come_back_to_the_byte(
    database: Database, practice: SmallPractice, first: MonthClose, second: MonthClose
) -> None:
    """Each revision keeps its own lines; they read back as the same values and the same bytes, and recompute."""
    before, after = a_line(practice, 30, 45), a_line(practice, 30, 45, 5)
    mine = practice.patient.patient_id

    assert kept(database, closing(first, before), practice.tenant_id) == 1
    assert kept(database, closing(second, after), practice.tenant_id) == 1

    def lines(revision: int) -> Callable[[UnitOfWork], list[object]]:
        return lambda uow: [
            *uow.closes.lines(NOVEMBER, revision),
            *uow.closes.line_bytes(NOVEMBER, revision),
            uow.closes.line(NOVEMBER, revision, mine),
        ]

    for revision, line in ((1, before), (2, after)):
        found = read(database, lines(revision), practice.tenant_id)
        assert found == [line, (mine, line.to_bytes()), line]
    stored = read(database, lambda uow: uow.closes.line(NOVEMBER, 1, mine), practice.tenant_id)
    assert stored is not None
    assert not stored.judged_otherwise()
    assert read(database, lambda uow: list(uow.closes.lines(NOVEMBER, 1)), practice.tenant_id + 1) == []


def test_many_lines_are_frozen_as_they_come(
    database: Database, practice: SmallPractice, first: MonthClose
) -> None:
    """More lines than are held at a time are all kept, in patient order, while the use case still reads."""
    count = 1_203
    roster = [replace(practice.patient, identity=f"{n}", mrn=f"MRN{n}") for n in range(1000, 1000 + count)]
    patients = kept(database, lambda uow: uow.patients.add_many(roster), practice.tenant_id)
    line = a_line(practice, 5)

    def close(uow: UnitOfWork) -> int:
        def made() -> Iterator[FrozenLine]:
            for patient in reversed(patients):
                seen = uow.patients.by_handle(patient.handle)
                assert seen is not None
                yield replace(line, facts=replace(line.facts, patient_id=seen.patient_id))

        return uow.closes.close(first, made())

    assert kept(database, close, practice.tenant_id) == count
    found = read(
        database,
        lambda uow: [patient_id for patient_id, _ in uow.closes.line_bytes(NOVEMBER, 1)],
        practice.tenant_id,
    )
    assert found == sorted(patient.patient_id for patient in patients)


def test_a_damaged_line_is_said_to_be_damaged(
    database: Database, practice: SmallPractice, first: MonthClose
) -> None:
    """Bytes that are no frozen line raise ValueError where they are read, never another line or a guess."""
    mine = practice.patient.patient_id
    damaged = PreparedStatement(inserting(FrozenLineRow))
    key = {"tenant_id": practice.tenant_id, "month": NOVEMBER, "revision": 1, "patient_id": mine}

    def work(uow: UnitOfWork) -> None:
        uow.closes.close(first, [])
        uow.closes._wire.run(damaged, **key, line=b"not packed")

    kept(database, work, practice.tenant_id)

    with pytest.raises(ValueError, match="not a frozen line"):
        read(database, lambda uow: uow.closes.line(NOVEMBER, 1, mine), practice.tenant_id)
    with pytest.raises(ValueError, match="not a frozen line"):
        read(database, lambda uow: list(uow.closes.lines(NOVEMBER, 1)), practice.tenant_id)


def test_a_line_of_another_month_is_refused(
    database: Database, practice: SmallPractice, first: MonthClose
) -> None:
    """A close with a line of another month keeps nothing at all."""
    strange = a_line(practice, 5)
    strange = replace(strange, facts=replace(strange.facts, month=DECEMBER))

    with pytest.raises(ValueError, match="another month"):
        kept(database, closing(first, a_line(practice, 5), strange), practice.tenant_id)

    assert read(database, lambda uow: uow.closes.of(NOVEMBER), practice.tenant_id) == ()


def test_a_revision_is_written_once(database: Database, practice: SmallPractice, first: MonthClose) -> None:
    """Of two who close the same month at once, the second is refused and nothing of theirs stays."""
    kept(database, closing(first, a_line(practice, 5)), practice.tenant_id)

    with pytest.raises(AlreadyExists):
        kept(database, closing(first, a_line(practice, 50)), practice.tenant_id)

    found = read(database, lambda uow: list(uow.closes.lines(NOVEMBER, 1)), practice.tenant_id)
    assert found == [a_line(practice, 5)]


def test_only_a_closed_month_is_opened_again_and_once(
    database: Database, practice: SmallPractice, first: MonthClose, reopening: Reopening
) -> None:
    """A month never closed cannot be reopened, and a revision is reopened once."""

    def reopen(uow: UnitOfWork) -> None:
        uow.closes.reopen(reopening)

    with pytest.raises(NotFound):
        kept(database, reopen, practice.tenant_id)
    kept(database, closing(first), practice.tenant_id)
    kept(database, reopen, practice.tenant_id)
    with pytest.raises(AlreadyExists):
        kept(database, reopen, practice.tenant_id)

    assert read(database, lambda uow: uow.closes.reopenings(NOVEMBER), practice.tenant_id) == (reopening,)


def test_a_revision_is_submitted_once(database: Database, practice: SmallPractice, first: MonthClose) -> None:
    """That claims went to payers is said of one revision, afterwards, and once."""
    sent_at = CLOSED_AT + timedelta(hours=1)

    def submit(revision: int) -> Callable[[UnitOfWork], None]:
        return lambda uow: uow.closes.submit(NOVEMBER, revision, by=practice.ana.member_id, at=sent_at)

    kept(database, closing(first), practice.tenant_id)
    with pytest.raises(NotFound):
        kept(database, submit(2), practice.tenant_id)
    kept(database, submit(1), practice.tenant_id)
    with pytest.raises(AlreadyExists):
        kept(database, submit(1), practice.tenant_id)

    found = read(database, lambda uow: uow.closes.of(NOVEMBER), practice.tenant_id)
    assert found == (replace(first, submitted_at=sent_at),)
    with pytest.raises(ValueError, match="after it is closed"):
        kept(database, closing(replace(first, month=DECEMBER, submitted_at=sent_at)), practice.tenant_id)


def test_what_is_closed_cannot_be_changed(
    database: Database, practice: SmallPractice, first: MonthClose, reopening: Reopening
) -> None:
    """The database itself refuses to change or delete what is append-only, whoever asks."""
    ana = practice.ana.member_id

    def fill(uow: UnitOfWork) -> None:
        uow.acts.begin(ActKind.LOG, by=ana, at=NOW)
        uow.ledger.append([practice.entry()], by=ana, at=NOW, source="chat")
        word = Attestation(kind=AttestationKind.LATE_TIME, attested_by=ana, attested_at=NOW)
        uow.attestations.add(practice.patient.patient_id, NOVEMBER, word)
        uow.closes.close(first, [a_line(practice, 75)])
        uow.closes.submit(NOVEMBER, 1, by=ana, at=CLOSED_AT)
        uow.claim_events.add([a_word(practice, NOVEMBER)])
        uow.claim_files.add(a_file(NOVEMBER))
        uow.closes.reopen(reopening)
        uow.audit.record(at=NOW, actor=ana, action="month.closed", subject="month:2026-11")

    def bring_in(uow: UnitOfWork) -> None:
        uow.import_log.begin(NOW)
        uow.imports.append({"k1": practice.entry()}, by=ana, at=NOW)
        uow.import_log.finish("entries", sha256="ab", size=2, counts=(1, 1, 0, 0))
        uow.import_log.undone(1, by=ana, at=NOW)

    def take_back(uow: UnitOfWork) -> None:
        uow.acts.begin(ActKind.UNDO, by=ana, at=NOW)
        uow.acts.takes_back([1])
        uow.ledger.void([1], by=ana, at=NOW, reason="undone")

    kept(database, fill, practice.tenant_id)
    kept(database, bring_in, practice.tenant_id)
    kept(database, take_back, practice.tenant_id)
    # Without a key nothing is sealed by itself.
    seal = "1, 1, 'ab', '2026-12-01 12:00:00', '', 'k.n.t'"
    kept(
        database, saying(f"INSERT INTO audit_seal VALUES ({practice.tenant_id}, {seal})"), practice.tenant_id
    )

    for table in triggers.APPEND_ONLY:
        before = read(database, asking(f"SELECT * FROM {table}"), practice.tenant_id)
        assert before
        for change in (f"UPDATE {table} SET tenant_id = tenant_id", f"DELETE FROM {table}"):
            with pytest.raises(StorageError):
                kept(database, saying(change), practice.tenant_id)
        assert read(database, asking(f"SELECT * FROM {table}"), practice.tenant_id) == before


def saying(sql: str) -> Callable[[UnitOfWork], int]:
    """Carry out SQL that no repository says."""
    return lambda uow: uow.closes._wire.run(PreparedStatement(text(sql)))


def asking(sql: str) -> Callable[[UnitOfWork], list[tuple[object, ...]]]:
    """Ask what no repository asks."""
    return lambda uow: uow.closes._wire.rows(PreparedStatement(text(sql)))


def a_file(month: BillingMonth) -> ClaimFile:
    """The first file of claims."""
    return ClaimFile(
        number=1,
        month=month,
        revision=1,
        form="x12",
        claims=1,
        lines=2,
        total=Decimal("150.00"),
        sha256="ab",
        is_test=False,
        written_at=CLOSED_AT,
    )


def a_word(
    practice: SmallPractice, month: BillingMonth, kind: ClaimEventKind = ClaimEventKind.SUBMITTED
) -> ClaimEvent:
    """Something said of the patient's claim."""
    return ClaimEvent(
        month=month,
        patient_id=practice.patient.patient_id,
        kind=kind,
        revision=1,
        claimed=(Charge("99493"), Charge("99494", 2)),
        day=CLOSED_AT.date(),
        by=practice.ana.member_id,
        at=CLOSED_AT,
    )


def test_what_is_said_of_claims_comes_back_in_its_order(
    database: Database, practice: SmallPractice, first: MonthClose
) -> None:
    """By month and patient, the first first; months of which nothing was said are not among them."""
    words = [a_word(practice, NOVEMBER), a_word(practice, NOVEMBER, ClaimEventKind.TAKEN_BACK)]
    kept(database, closing(first), practice.tenant_id)
    kept(database, lambda uow: uow.claim_events.add(words), practice.tenant_id)
    kept(database, lambda uow: uow.claim_events.add([replace(words[0], claimed=())]), practice.tenant_id)
    found = read(database, lambda uow: uow.claim_events.of(NOVEMBER), practice.tenant_id)
    assert found == (*words, replace(words[0], claimed=()))
    assert read(database, lambda uow: uow.claim_events.of(DECEMBER), practice.tenant_id) == ()
    assert read(database, lambda uow: uow.claim_events.months(), practice.tenant_id) == (NOVEMBER,)
    kept(database, lambda uow: uow.claim_events.add([]), practice.tenant_id)
