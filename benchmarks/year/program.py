"""The practice's program, in a process of its own that can be killed: `python -m benchmarks.year.program URL`.

It takes one request a line on standard input, as JSON, and answers each with one line.
"""

import asyncio
import json
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from resource import RLIM_INFINITY, RLIMIT_FSIZE, getrlimit, setrlimit
from typing import Any

from billing.months import BillingMonth
from billing.people import Member
from services.acts import undo
from services.acts.went import EntryWent, TakenBack
from services.checks import verify
from services.context import Context, Practice, PracticeSettings
from services.entries import amend, log, void
from services.entries.changes import EntryEdit
from services.entries.receipts import Receipt
from services.errors import Refusal, StorageError
from services.imports.load import LOADERS
from services.imports.request import ImportRequest
from services.imports.running import run_import
from services.imports.undo import take_back
from services.messages.revisions import close_month
from services.months.close import reopen_month
from services.once import run as once
from services.people import arrivals
from storage import NO_TENANT, Database
from tests.support.practice import NEW_YORK, SetClock, asked, draft

JSON = dict[str, Any]


class Program:
    """Carries out requests as the bot does: once for each key."""

    def __init__(self, url: str) -> None:
        self.path = url.removeprefix("sqlite:///")
        self.database = Database.open(url)
        self.clock = SetClock()
        tenant = self.database.read(lambda uow: uow.tenants.default(), tenant_id=NO_TENANT).result()
        settings = PracticeSettings(zone=NEW_YORK, unknown_member="welcome")
        self.practice = Practice(self.database, self.clock, settings, tenant.tenant_id)

    async def answer(self, asked_for: JSON) -> JSON:
        """What becomes of one request."""
        self.clock.at = datetime.fromisoformat(asked_for["at"])
        try:
            return await _KINDS[asked_for["kind"]](self, asked_for)
        except Refusal as refusal:
            return {"refused": refusal.sentence}
        except StorageError as fault:
            return {"fault": type(fault).__name__}

    async def by_person(self, asked_for: JSON) -> JSON:
        """What somebody in Slack asks for: what was done for the delivery before is answered again."""
        with once.carrying_out(asked_for["key"]):
            run = once.current()
            assert run is not None
            with once.apart():
                member, steps = await self.practice.read(arrivals.met, asked_for["user"], run.key)
            run.take_up(steps)
            assert member is not None
            done = await self._do(member, asked_for)
        if isinstance(done, Receipt):
            gone = asked_for["kind"] == "void"
            return {
                "entries": [[one.entry.entry_id, 0 if gone else one.entry.seconds] for one in done.entries]
            }
        if isinstance(done, TakenBack):
            return {"entries": [_went(one) for one in done.went if isinstance(one, EntryWent)]}
        return {"asked": type(done).__name__}

    async def _do(self, member: Member, said: JSON) -> Any:
        write = self.practice.write
        match said["kind"]:
            case "log":
                day = date.fromisoformat(said["day"])
                request = asked(said["patient"], 1, said["note"], seconds=said["seconds"], service_date=day)
                return await write(log.log, member, draft(request), request_key=said["key"])
            case "undo":
                return await write(undo.undo_last, member, request_key=said["key"])
            case "edit":
                change = EntryEdit(entry_id=said["entry"], seconds=said["seconds"], reason="a slip")
                return await write(amend.edit, member, change)
            case "void":
                return await write(void.void, member, said["entry"], "logged twice")
            case "close":
                return await write(close_month, member, _month(said), reason=said.get("reason", ""))
            case _:
                return await write(reopen_month, member, _month(said), "two calls came late")

    async def take_in(self, said: JSON) -> JSON:
        """An operator's file; a second time it changes nothing."""
        request = ImportRequest(data=said["data"].encode(), kind="entries")
        outcome = await asyncio.to_thread(run_import, self.practice, LOADERS["entries"], request, _unseen)
        problems = [one.message for one in outcome.problems]
        return {
            "stored": outcome.stored,
            "number": outcome.number,
            "added": outcome.added,
            "problems": problems,
        }

    async def take_out(self, said: JSON) -> JSON:
        """That file taken back."""
        await self.practice.write(take_back, said["number"])
        return {"stored": True}

    async def look(self, said: JSON) -> JSON:
        """What is on file: seconds by patient of a month, frozen ones where it is closed, and whether all is sound."""
        month = _month(said)

        def found(context: Context) -> JSON:
            uow = context.uow
            names = {one.patient_id: one.identity for one in uow.patients.all()}
            closes = uow.closes.of(month)
            lines = uow.closes.lines(month, max(one.revision for one in closes)) if closes else ()
            frozen = {
                names[line.facts.patient_id]: sum(one.seconds for one in line.facts.entries) for line in lines
            }
            sums = uow.ledger.totals(month.first_day, month.last_day)
            return {"sums": {names[key]: value for key, value in sums.items()}, "frozen": frozen}

        report = await self.practice.read(verify) if said["verified"] else None
        sound = report is None or (report.changed, report.totals) == ((), ())
        return await self.practice.read(found) | {"sound": sound}

    async def notes(self, _: JSON) -> JSON:
        """Every note with the entries that it was logged with, void ones too."""

        def found(context: Context) -> JSON:
            notes: dict[str, list[int]] = {}
            entry_id = 1
            while versions := context.uow.ledger.versions(entry_id):
                notes.setdefault(versions[0].note, []).append(entry_id)
                entry_id += 1
            return {"notes": notes}

        return await self.practice.read(found)

    async def disk(self, said: JSON) -> JSON:
        """The disk has room for so many bytes more, then writes are cut short, whatever connection they come from."""
        _leave_room(Path(f"{self.path}-wal"), said["room"])
        return {}


def _leave_room(log: Path, room: int | None) -> None:
    """Bound every file that this process writes to what the database's log has now and so many bytes more."""
    most = RLIM_INFINITY if room is None else log.stat().st_size + room
    setrlimit(RLIMIT_FSIZE, (most, getrlimit(RLIMIT_FSIZE)[1]))


def _month(said: JSON) -> BillingMonth:
    return BillingMonth.of(date.fromisoformat(said["month"]))


def _went(one: EntryWent) -> list[int]:
    view = one.after or one.before
    assert view is not None
    return [view.entry.entry_id, one.after.entry.seconds if one.after is not None else 0]


def _unseen(_done: int, _of: int) -> None:
    """Nobody watches."""


_KINDS: dict[str, Callable[[Program, JSON], Any]] = {
    **dict.fromkeys(("log", "undo", "edit", "void", "close", "reopen"), Program.by_person),
    "import": Program.take_in,
    "import undo": Program.take_out,
    "look": Program.look,
    "notes": Program.notes,
    "disk": Program.disk,
}


async def main(url: str) -> None:
    """Answer until there is nothing more to answer."""
    program = Program(url)
    for line in sys.stdin:
        answer = await program.answer(json.loads(line))
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
    program.database.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
