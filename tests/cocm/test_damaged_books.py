"""One damaged row of what billing reads (closed lines, payers, rates, merges, files, the outbox) stops only itself."""

import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from billing.clinical import Attestation, AttestationKind
from billing.months import BillingMonth
from billing.people import Member, MemberRole
from billing.rules import TimeRule
from cocm.delivering import Outgoing
from services.checks import verify
from services.context import Context
from services.messages.deliveries import BILLING, DueDelivery, deliveries_for, random_id
from services.messages.kinds import REVISION
from services.messages.revisions import close_month
from services.messages.store import put_in
from services.months.report import month_report
from storage import Database, damage
from tests.cocm.test_joining import practice_at_work
from tests.support.bot import ANA, BEN, SAM, Clinic
from tests.support.crowd import add_member
from tests.support.payers import a_payer
from tests.support.reading import words
from tests.support.slack import WAIT_SECONDS

_ONE = "WHERE delivery_id = (SELECT min(delivery_id) FROM delivery)"
#: Rows changed past the program, each with the table that is named for it; None where what it says is wrong and stops
#: nobody, so that only `cocm audit verify` names it.
DAMAGES: dict[str, tuple[str | None, str]] = {
    "a member who was taken back": (
        None,
        "UPDATE member SET taken_back = 'never' WHERE display_name = 'Gil Gone'",
    ),
    "a patient merged into words": (
        None,
        "UPDATE patient SET merged_into = 'somebody' WHERE merged_into IS NOT NULL",
    ),
    "a patient merged into nobody": (
        None,
        "UPDATE patient SET merged_into = 4711 WHERE merged_into IS NOT NULL",
    ),
    "a patient merged into herself": (
        None,
        "UPDATE patient SET merged_into = patient_id WHERE merged_into IS NOT NULL",
    ),
    "a closed line": ("frozen_line", "UPDATE frozen_line SET line = x'00ff' WHERE patient_id = 1"),
    "a closed line of text": ("frozen_line", "UPDATE frozen_line SET line = 'gone' WHERE patient_id = 1"),
    "when a month was closed": ("month_close", "UPDATE month_close SET closed_at = 'then'"),
    "a message's hour": ("delivery", f"UPDATE delivery SET due_at = 'soon' {_ONE}"),
    "a message's recipient": (
        "delivery",
        f"UPDATE delivery SET recipient = 'member:ana' {_ONE}",
    ),
    "an import's instant": ("file_import", "UPDATE file_import SET at = 'then'"),
    "an import's kind": (None, "UPDATE file_import SET kind = 'gossip'"),
    "a rate": ("fee_rate", "UPDATE fee_rate SET amount = 'much'"),
    "a rate's day": ("fee_rate", "UPDATE fee_rate SET first_day = 'spring'"),
    "a payer's rule": ("payer_rule", "UPDATE payer_rule SET value = 'sometimes' WHERE field = 'time_rule'"),
    "a payer's rule's day": ("payer_rule", "UPDATE payer_rule SET first_day = 'spring'"),
    "an attestation's kind": ("attestation", "UPDATE attestation SET kind = 'oath'"),
    "an attestation's instant": ("attestation", "UPDATE attestation SET attested_at = 'then'"),
}


@pytest.fixture(autouse=True)
def _from_now_on() -> Iterator[None]:
    damage.forget()
    yield
    damage.forget()


def change(path: Path, statement: str) -> None:
    """Do what somebody does past the program, its triggers and its references."""
    table = statement.split()[1]
    raw = sqlite3.connect(path)
    triggers = raw.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", (table,)
    ).fetchall()
    with raw:
        for name, _ in triggers:
            raw.execute(f"DROP TRIGGER {name}")
        assert raw.execute(statement).rowcount, statement
        for _, sql in triggers:
            raw.execute(sql)
    raw.close()


def last_month(context: Context) -> BillingMonth:
    return BillingMonth.of(context.today).plus(-1)


def kept_books(context: Context) -> None:
    """A payer with a rule of its own, a rate, a word for a month, a merge, somebody whom an import added, a close."""
    sam = by_name(context, "Sam Whitfield")
    context.uow.payers.put(a_payer("Cedar Health", verified_on=date(2026, 1, 2), time_rule=TimeRule.MIDPOINT))
    month = last_month(context)
    patient = context.uow.patients.by_identity("123")
    assert patient is not None
    word = Attestation(kind=AttestationKind.LATE_TIME, attested_by=sam.member_id, attested_at=context.now)
    context.uow.attestations.add(patient.patient_id, month, word)
    due = DueDelivery(
        kind=REVISION.name,
        period=f"{REVISION.name}:{month.plus(-1)}:1",
        recipient=BILLING,
        due_at=context.now,
        useful_until=context.now + REVISION.useful,
    )
    put_in(context, deliveries_for(due, context.now, random_id))
    context.uow.commit()


def by_name(context: Context, name: str) -> Member:
    found = context.uow.members.by_name(name)
    assert found is not None
    return found


async def a_practice(clinic: Clinic) -> None:
    """Two care managers with a patient each, time this month and last, and everything that billing reads."""
    run = clinic.program.practice
    for who, name in ((ANA, "Ana Flores"), (BEN, "Ben Okoro"), ("U0GIL", "Gil Gone")):
        await run.write(add_member, who, name, MemberRole.CARE_MANAGER, MemberRole.SUPERVISOR)
    await run.write(add_member, SAM, "Sam Whitfield", MemberRole.ADMIN, MemberRole.BILLER)
    ana, ben, sam = (clinic.slack.person(one) for one in (ANA, BEN, SAM))
    month = await run.read(last_month)
    for person, mrn, minutes in ((ana, "MRN123", 15), (ben, "MRN456", 20)):
        await person.command(f"/cocm enroll {mrn} payer Cedar Health")
        await person.command(f"/cocm {minutes}m {mrn} phone check-in")
        await person.command(f"/cocm log 70m {mrn} on {month.first_day:%m/%d/%Y} phone check-in")
    await ben.command("/cocm 5m MRN789 call")
    await ben.command("/cocm merge MRN789 into MRN456 because of a slip")
    await run.write(kept_books)
    sam.share_file("fees.csv", content=b"schedule,code,from,usd\nown,99493,1/1/2026,150.00\n")
    await sam.click(await sam.sees("Nothing is stored yet"), "Import 1 row")
    await sam.sees("This is import 1")
    await run.write(closes_last_month)
    await Outgoing(clinic.program, one_shot=True).planner.plan()


def closes_last_month(context: Context) -> None:
    close_month(context, by_name(context, "Sam Whitfield"), last_month(context))


@pytest.mark.parametrize("what", DAMAGES)
async def test_a_damaged_row_of_the_books_stops_nothing_but_itself(
    database: Database, sqlite_url: str, what: str
) -> None:
    """Everybody else's screens, months, reports, closes and messages go on; what is damaged is named."""
    table, statement = DAMAGES[what]
    async with practice_at_work(database, admins=frozenset({SAM}), billing_channel="C0BILLING") as clinic:
        await a_practice(clinic)
        change(Path(sqlite_url.removeprefix("sqlite:///")), statement)
        ben, sam = clinic.slack.person(BEN), clinic.slack.person(SAM)
        homes = [words(await person.home()) for person in (ben, sam)]
        wrong = [home[:300] for home in homes if "could not be" in home]
        for line, wanted in LINES:
            said = wanted
            (answer,) = await (sam if line.split()[0] in SAMS else ben).command(f"/cocm {line}")
            failed = any(one in words(answer) for one in ("Something went wrong", "this reference"))
            if table == "frozen_line" and line in OF_THAT_MONTH:
                said, failed = "was closed with a line that is damaged now", False
            if failed or said not in words(answer):
                wrong.append(f"{line}: {words(answer)[:300]}")
        assert not wrong, "\n".join(wrong)
        if table != "frozen_line":
            assert "MRN456" in await clinic.program.practice.read(reported)
        outgoing = Outgoing(clinic.program, one_shot=True)
        await outgoing.tick()
        await outgoing.sender.drain(WAIT_SECONDS)
        found = {one.table for one in damage.found()}
        assert found == ({table} if table else set()), found
        await outgoing.tick()
        await outgoing.sender.drain(WAIT_SECONDS)
        if table is None:
            assert (await clinic.program.practice.read(verify)).changed
        else:
            told = await sam.sees("damaged")
            assert table in words(told)
            assert "MRN" not in words(told)


def reported(context: Context) -> set[str]:
    """The MRNs of the report of both months."""
    month = last_month(context)
    return {one.patient.mrn for one in month_report(context, month, month.plus(1)).lines}


#: What is asked, and what the answer says at least.
LINES = (
    ("near", ""),
    ("caseload", ""),
    ("report", "2 patients"),
    ("report last month", ""),
    ("today", "20 min"),
    ("status MRN456", "25 of"),
    ("why MRN456", ""),
    ("why MRN456 last month", ""),
    ("10m MRN456 chart review", "35 of"),
    ("payers", ""),
    ("imports", ""),
    ("members", "Ana"),
    ("settings", ""),
    ("status MRN123", ""),
    ("why MRN123 last month", ""),
    ("reopen last month two entries came late", ""),
    ("close last month", ""),
)
#: What of a month with a damaged closed line is refused by a sentence: short of that line it would look whole.
OF_THAT_MONTH = {
    "report last month",
    "why MRN123 last month",
    "reopen last month two entries came late",
    "close last month",
}
#: What a biller who administers asks.
SAMS = {"report", "payers", "imports", "members", "settings", "reopen", "close"}
