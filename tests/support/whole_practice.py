"""A practice with something in every table: what people did, corrected, took back, closed, merged, and are owed."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    Boolean,
    Connection,
    Date,
    Integer,
    LargeBinary,
    String,
    Table,
    Time,
    func,
    insert,
    select,
)
from sqlalchemy.types import TypeDecorator, TypeEngine

from billing.claim_facts import ClaimFactKind
from billing.claims import ClaimEvent, ClaimEventKind
from billing.clinical import Attestation, AttestationKind, OtherService, Scale, StatementKind
from billing.money import FeeSchedule, Rate
from billing.months import BillingMonth
from billing.people import Member, MemberRole, Patient
from services.acts import undo
from services.care import carry_out, merging, set_aside
from services.care.requests import Admit, Assess, Enroll, MakeStatement, Measured, Review
from services.context import Context
from services.entries import amend, log, void
from services.entries.changes import EntryEdit
from services.messages import choices
from services.messages.audience import QuietHours
from services.messages.requests import ReminderRequest
from services.months.close import freeze_month, reopen_month
from services.people.patient_ref import PatientRef
from services.practice import settings
from services.practice.settings import SettingRequest
from services.sealing import keep, look
from storage import ActKind, Database, StoredClaimFact
from storage.billing_types import Dollars, Month
from storage.deliveries import StoredDelivery
from storage.hashes import HASHED
from storage.tables import TableRow
from storage.types import EncryptedDay, Instant, Lines, Numbers, Times, Words
from tests.support.payers import a_payer
from tests.support.practice import TryPractice, asked, draft
from tests.support.storing import NOW, TODAY

OCTOBER = BillingMonth(year=2026, month=10)
NOVEMBER = BillingMonth(year=2026, month=11)
BO, CY, STRANGER = (PatientRef(text=f"MRN{number}", identity=number) for number in ("123", "124", "777"))
#: Every state that a delivery may be in.
STATES = ("new", "sending", "ambiguous", "failed", "sent", "expired")


@dataclass
class WholePractice:
    """The practice, and who is in it."""

    practice: TryPractice
    ana: Member
    boss: Member
    patients: tuple[Patient, ...]


def whole_practice(database: Database) -> WholePractice:
    """Found it, and have it live a little."""
    practice = TryPractice(database)
    ana = practice.member("Ana Flores", slack="U0ANA")
    doc = practice.member("Doc Cho", MemberRole.CONSULTANT, slack="U0DOC")
    boss = practice.member(
        "Bea Boss", MemberRole.SUPERVISOR, MemberRole.BILLER, MemberRole.ADMIN, slack="U0BEA"
    )
    patients = (practice.patient("123", assessed_on=date(2026, 9, 1)), practice.patient("124"))
    whole = WholePractice(practice=practice, ana=ana, boss=boss, patients=patients)
    practice.do(_bind)
    _log(whole)
    _care(whole, doc)
    practice.do(_decide, whole)
    _close(whole)
    practice.do(_owe, whole)
    practice.do(_fill_the_rest)
    if database.is_keyed:
        looked = practice.do(look)
        assert looked is not None
        practice.do(keep, looked)
    return whole


def _bind(context: Context) -> None:
    context.uow.tenants.bind(None, "T0CLINIC")
    context.uow.commit()


def _log(whole: WholePractice) -> None:
    """Entries of two months: corrected, void, merged from a stranger's MRN, and taken back."""
    do, ana = whole.practice.do, whole.ana
    do(log.log, ana, draft(asked("123", 45, service_date=date(2026, 10, 20))))
    made = do(
        log.log, ana, draft(asked("123", 25, "first call é ☎"), asked("124", 20)), request_key="request-1"
    )
    first, second = (line.entry.entry_id for line in made.entries)  # type: ignore[union-attr]
    do(amend.edit, ana, EntryEdit(entry_id=first, seconds=3000, note="longer", reason="was more"))
    do(void.void, ana, second, "wrong patient")
    do(log.log, ana, draft(asked("777", 10)))
    whole.practice.clock.pass_(minutes=2)
    do(merging.merge, whole.boss, STRANGER, CY, "one person")
    do(log.log, ana, draft(asked("124", 5)))
    whole.practice.clock.pass_(minutes=2)
    do(undo.undo_last, ana)


def _care(whole: WholePractice, doc: Member) -> None:
    def care(actor: Member, request: Any) -> None:
        whole.practice.do(carry_out.carry_out, actor, request)

    care(whole.ana, Enroll(patient=BO, payer="Cedar Health", npi="1234567893"))
    care(
        whole.ana,
        Assess(patient=BO, on=date(2026, 11, 3), scores=(Measured(scale=Scale.PHQ9, value=14),)),
    )
    care(doc, Review(patients=(BO,), on=TODAY, recommendation="sertraline 50"))
    care(whole.ana, Admit(patient=BO, admitted_on=date(2026, 11, 17)))
    care(whole.ana, MakeStatement(patient=BO, kind=StatementKind.NECESSITY, on=TODAY))
    whole.practice.do(choices.carry_out, whole.ana, ReminderRequest(at=time(7, 15)))
    quiet = QuietHours(start=time(18), end=time(7))
    whole.practice.do(choices.carry_out, whole.boss, ReminderRequest(for_practice=True, quiet=quiet))
    whole.practice.do(settings.carry_out, whole.boss, SettingRequest(text="time rule midpoint"))
    whole.practice.do(set_aside.set_aside, whole.ana, whole.patients[0].handle, NOVEMBER)


def _decide(context: Context, whole: WholePractice) -> None:
    """What files bring, and a word for a month."""
    uow, bo = context.uow, whole.patients[0].patient_id
    uow.acts.begin(ActKind.ATTEST, by=whole.boss.member_id, at=context.now)
    word = Attestation(
        kind=AttestationKind.LATE_TIME, attested_by=whole.boss.member_id, attested_at=context.now
    )
    uow.attestations.add(bo, NOVEMBER, word)
    uow.payers.put(a_payer("Cedar Health", aliases=("Cedar",)))
    rate = Rate(code="99493", first_day=date(2026, 1, 1), last_day=None, amount=Decimal("144.96"))
    uow.fee_schedules.put(FeeSchedule(name="Own", rates=(rate,)))
    uow.other_services.add(bo, OtherService(code="90834", service_on=TODAY))
    payer = StoredClaimFact(
        fact_id=0, patient_id=bo, kind=ClaimFactKind.PAYER, value="Cedar Health", from_day=TODAY
    )
    uow.claim_facts.add_many([payer])
    uow.commit()


def _close(whole: WholePractice) -> None:
    def close(context: Context, reason: str = "") -> None:
        freeze_month(context, whole.boss, OCTOBER, reason=reason)
        context.uow.commit()

    def reopen(context: Context) -> None:
        reopen_month(context, whole.boss, OCTOBER, "one more call")

    def submit(context: Context) -> None:
        context.uow.closes.submit(OCTOBER, 2, by=whole.boss.member_id, at=context.now)
        said = ClaimEvent(
            month=OCTOBER,
            patient_id=whole.patients[0].patient_id,
            kind=ClaimEventKind.SUBMITTED,
            revision=2,
            day=TODAY,
            by=whole.boss.member_id,
            at=context.now,
        )
        context.uow.claim_events.add([said])
        context.uow.commit()

    for step in (close, reopen, lambda context: close(context, "counted again"), submit):
        whole.practice.clock.pass_(minutes=1)
        whole.practice.do(step)


def _owe(context: Context, whole: WholePractice) -> None:
    """Deliveries in every state: of those that somebody was sending, the lease still runs."""
    made = [
        StoredDelivery(
            delivery_id=f"delivery-{state}-{part}",
            job="digest",
            period=f"digest:2026-11-{18 + place}",
            recipient=f"member:{whole.ana.member_id}",
            part=part,
            # A file goes into the thread of its message, which comes later in the order of their ids.
            thread_of=f"delivery-{state}-text" if part == "file" else None,
            due_at=NOW,
            useful_until=NOW + timedelta(hours=9),
            planned_at=NOW,
            state=state,
            version=1 + place,
            changed_at=NOW,
            wait_seconds=60 * place,
            attempts=place,
            looks=0,
            code="ratelimited" if state == "failed" else None,
            channel="D0ANA" if state == "sent" else None,
            ts="1700000000.000100" if state == "sent" else None,
            file_id=None,
            uploaded=False,
        )
        for place, state in enumerate(STATES)
        for part in ("text", "file")
    ]
    context.uow.deliveries.add(made)
    context.uow.commit()


def _fill_the_rest(context: Context) -> None:
    """One row in every table that is still empty, so that none is forgotten, however late it came."""
    connection = context.uow.audit._wire._connection
    for table in TableRow.metadata.sorted_tables:
        # A seal that is none of the program's would show: the program makes its own, where it has a key.
        if (
            table.name == "audit_seal"
            or connection.execute(select(func.count()).select_from(table)).scalar_one()
        ):
            continue
        row = _a_row(connection, table)
        connection.execute(insert(table).values(row))
        if table.name in HASHED:
            hashed = HASHED[table.name]
            context.uow.audit.touched(hashed, *(row[name] for name in hashed.key))
    context.uow.commit()


def _a_row(connection: Connection, table: Table) -> dict[str, Any]:
    """A row that refers to rows that there are."""
    row = {column.name: _a_value(column.type) for column in table.columns if not column.nullable}
    if table.name == "data_key":
        # One that is lost: nobody here has it.
        row["lost_at"] = _a_value(table.c.lost_at.type)
    for constraint in table.foreign_key_constraints:
        there = [element.column for element in constraint.elements]
        found = connection.execute(select(*there).limit(1)).one()
        row |= dict(zip(constraint.column_keys, found, strict=True))
    return row


def _a_value(kind: TypeEngine[Any]) -> Any:
    """Some value that a column of a type takes."""
    known: dict[type[TypeEngine[Any]], Any] = {
        Month: NOVEMBER,
        Dollars: Decimal("1.50"),
        Instant: NOW,
        Times: {"digest": time(8, 30)},
        Words: ("a", "b"),
        Lines: ("a b", "c"),
        Numbers: (1, 2),
        EncryptedDay: TODAY,
        TypeDecorator: "something",
        Boolean: True,
        Date: TODAY,
        Time: time(8, 30),
        LargeBinary: b"\0\xff",
        Integer: 1,
        String: "something",
    }
    return next(value for known_kind, value in known.items() if isinstance(kind, known_kind))
