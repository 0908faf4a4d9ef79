"""Stories of billing months, told by the real bot in front of a sandbox, with a clock that the story sets.

`python -m tests.support.stories` tells every story of `tests/months`, and of the rules' document, and shows where it
differs; `--accept` writes what was seen. Words that stand in a name choose single stories.
"""

import argparse
import asyncio
import difflib
import re
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from billing.clinical import OtherService
from billing.months import BillingMonth
from billing.people import Patient
from billing.references import entry_id_of
from billing.rules import PracticeRules, TimeRule
from bot.replies import Reply, Viewer
from bot.screens.morning import morning as morning_screen
from cocm.delivering import Outgoing
from cocm.import_undo_runs import told
from cocm.wiring import Application, open_program
from sandbox.config import ChannelSpec, InstalledApp, SandboxConfig, Team, User
from scheduler.due import safety_words
from services.checks import verify
from services.context import Context
from services.imports.load import LOADERS
from services.imports.obstacles import CannotUndoImport
from services.imports.request import ImportRequest
from services.imports.storing import take_in
from services.imports.undo import take_back
from services.messages.deliveries import deliveries_for, random_id
from services.messages.morning import morning
from services.messages.store import StoredRoster
from services.months.report import month_report
from services.people.members import named
from services.people.mrns import identity_of_mrn
from storage import Database
from tests.support.bot import MANIFEST, answering_in_time, settings_for
from tests.support.practice import SetClock
from tests.support.rule_examples import DOCUMENT, RuleExample, examples
from tests.support.slack import WAIT_SECONDS, LocalSlack, ManualClock, running_slack
from tests.support.story_people import AtSlack
from tests.support.story_report import USUAL, import_lines, reconciles, report_lines
from tests.support.story_text import Step, Story, StoryError, must, read_story

MONTHS = Path(__file__).parents[1] / "months"
#: What the bot says of a fault of its own; no story may hold it.
_FAULT = "give your administrator this reference"


async def tell(text: str, database_file: Path) -> str:
    """Live through a story on a migrated SQLite file, and return its text with what was seen.

    Raises:
        StoryError: when a step cannot be read or done, or leaves the database or a report unsound.
    """
    story = read_story(text)
    # A clock that stands: no machine is so slow that an answer comes too late.
    async with running_slack(_workspace(story), clock=ManualClock()) as slack:
        database = Database.open(f"sqlite:///{database_file}")
        try:
            async with _at_work(story, slack, database) as program:
                teller = _Teller(story, slack, program, database_file)
                seen = {step: await teller.live(step) for step in story.steps}
            if not teller.is_damaged:
                found = await program.practice.read(verify)
                faults = (*found.changed, *found.totals, *found.judged_otherwise)
                must(not faults, f"{story.title}: {faults}")
        finally:
            database.close()
        must(not slack.world.violations, f"{story.title}: {slack.world.violations}")
    return story.told(seen)


def _workspace(story: Story) -> SandboxConfig:
    people = story.people.values()
    return SandboxConfig(
        app=InstalledApp(manifest=MANIFEST),
        team=Team(id="T0CLINIC", domain="clinic", name="Clinic"),
        users=tuple(
            User(
                id=one.user_id,
                name=one.handle,
                real_name=one.name,
                display_name=one.name,
                tz=one.zone or story.zone,
            )
            for one in people
        ),
        channels=(ChannelSpec(id="C0GENERAL", name="general", members=tuple(one.user_id for one in people)),),
    )


@asynccontextmanager
async def _at_work(story: Story, slack: LocalSlack, database: Database) -> AsyncIterator[Application]:
    """The bot as the program builds it, but for the clock, and the story's people as its members."""
    program = await open_program(settings_for(slack, timezone=story.zone), database)
    program.practice.clock = SetClock()
    program.practice.settings = replace(
        program.practice.settings, rules=PracticeRules(time_rule=TimeRule(story.time_rule))
    )
    rows = ["slack_user_id,display_name,roles,time_zone,department"]
    rows += [
        f"{one.user_id},{one.name},{' '.join(one.roles)},{one.zone or story.zone},{one.department}"
        for one in story.people.values()
    ]
    outcome = await program.practice.write(
        take_in, LOADERS["members"], ImportRequest(data="\n".join(rows).encode()), _silent
    )
    must(outcome.stored, f"{story.title}: {outcome.problems}")
    detach = await slack.attach(program.app)
    try:
        with answering_in_time():
            yield program
    finally:
        await program.bot.background.close()
        detach()


def _silent(done: int, total: int) -> None:
    """Nobody watches an import of a few rows."""


class _Teller(AtSlack):
    """Does one step after another: what people do in Slack, and what happens beside it."""

    def __init__(self, story: Story, slack: LocalSlack, program: Application, database_file: Path) -> None:
        super().__init__(story, slack, program)
        self.is_damaged = False
        self._practice = program.practice
        self._file = database_file
        self._now: datetime | None = None

    async def live(self, step: Step) -> list[str]:
        """Let it be the step's instant, do it, and return what was seen."""
        for pattern, do in _STEPS:
            match = re.fullmatch(pattern, step.words)
            if match:
                self._set_clock(step, match.groupdict().get("who", ""))
                lines = await do(self, step, match)
                must(not any(_FAULT in line for line in lines), f"{step.lines[0]}: {lines}")
                return lines
        raise StoryError(f"This cannot be read: {step.lines[0]}")

    def _set_clock(self, step: Step, who: str) -> None:
        """Times are those of the person's own clock, else of the practice's; they never go back."""
        must(not who or who in self._story.people, f"Nobody goes by {who}: {step.lines[0]}")
        zone = (self._story.people[who].zone if who else "") or self._story.zone
        now = step.at.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
        must(self._now is None or now >= self._now, f"Time goes back: {step.lines[0]}")
        self._now = now
        clock = self._practice.clock
        assert isinstance(clock, SetClock)
        clock.at = now

    async def import_file(self, step: Step, match: re.Match[str]) -> list[str]:
        """`cocm import`."""
        data = "\n".join((*step.more, "")).encode()
        loader = LOADERS[match["kind"]]
        return import_lines(await self._practice.write(take_in, loader, ImportRequest(data=data), _silent))

    async def undo_import(self, step: Step, match: re.Match[str]) -> list[str]:
        """`cocm import undo`."""
        del step
        try:
            taken = await self._practice.write(take_back, int(match["number"]))
        except CannotUndoImport as refusal:
            return refusal.sentence.splitlines()
        return list(told(taken))

    async def report(self, step: Step, match: re.Match[str]) -> list[str]:
        """`cocm report`: some columns of the file, and all findings."""
        del step
        first = BillingMonth.parse(match["first"])
        last = BillingMonth.parse(match["last"] or match["first"])
        report = await self._practice.read(month_report, first, last)
        must(reconciles(report), f"The report of {first} does not add up: {report.completeness}")
        columns = [name.strip() for name in match["columns"].split(",")] if match["columns"] else USUAL
        return report_lines(report, columns)

    async def sent_scheduled(self, step: Step, match: re.Match[str]) -> list[str]:
        """What the bot sends a care manager by itself on that day, without waiting for the scheduler's minute."""
        del step
        make, look = _SCHEDULED[match["what"]]
        user_id = self._story.people[match["who"]].user_id

        def made(context: Context) -> Reply | None:
            member = named(context, user_id)
            content = make(context, member, context.today_of(member))
            if content is None:
                return None
            return look(content, Viewer(now=context.now, zone=context.zone_of(member), late=False))

        reply = await self._practice.read(made)
        return ["(nothing to say)"] if reply is None else await self.receive(user_id, reply)

    async def sent_at_once(self, step: Step, match: re.Match[str]) -> list[str]:
        """The safety notices that are owed, by the scheduler's own way."""
        del step, match
        outgoing = Outgoing(self._program, one_shot=True)

        async def send() -> None:
            now = self._practice.clock.now()
            audience = await StoredRoster(self._practice).audience()
            delivered = await outgoing.deliveries.delivered(now)
            # One after another: a sender begins where chance has it.
            for one in safety_words(audience.safety, audience.people, delivered):
                await outgoing.deliveries.add(deliveries_for(one, now, random_id))
                must(await outgoing.sender.drain(WAIT_SECONDS) == (), "A safety notice waits still.")

        return await self._watched(send) or ["(nothing to say)"]

    async def other_service(self, step: Step, match: re.Match[str]) -> list[str]:
        """A code on another claim of the patient."""
        del step
        service = OtherService(code=match["code"], service_on=date.fromisoformat(match["day"]))
        await self._practice.write(
            lambda context: _keep(
                context, lambda: context.uow.other_services.add(_patient(context, match).patient_id, service)
            )
        )
        return []

    async def episode_fact(self, step: Step, match: re.Match[str]) -> list[str]:
        """What the chart says of the patient's episode."""
        del step

        def note(context: Context) -> None:
            episode = context.uow.episodes.of_patient(_patient(context, match).patient_id)[-1]
            changes: dict[str, Any] = {_EPISODE_FACTS[match["fact"]]: True}
            context.uow.episodes.update(replace(episode, **changes))
            context.uow.commit()

        await self._practice.write(note)
        return []

    async def damage(self, step: Step, match: re.Match[str]) -> list[str]:
        """Somebody opens the database with another program."""
        del step
        entry_id = entry_id_of(match["entry"])
        must(entry_id is not None, f"{match['entry']} names no entry.")
        with sqlite3.connect(self._file) as connection:
            connection.execute(
                "UPDATE current_entry SET seconds = ? WHERE entry_id = ?",
                (int(match["minutes"]) * 60, entry_id),
            )
        connection.close()
        self.is_damaged = True
        return []


def _patient(context: Context, match: re.Match[str]) -> Patient:
    patient = context.uow.patients.by_identity(identity_of_mrn(match["mrn"]))
    must(patient is not None, f"Nobody is known as {match['mrn']}.")
    assert patient is not None
    return patient


def _keep(context: Context, work: Callable[[], None]) -> None:
    work()
    context.uow.commit()


_EPISODE_FACTS: Mapping[str, str] = {
    "is enrolled in APCM": "apcm",
    "has a record of substance use treatment": "part2_record",
    "needs an initiating visit": "initiating_visit_needed",
}
_SCHEDULED: Mapping[str, tuple[Callable[..., Any], Callable[[Any, Viewer], Reply]]] = {
    "morning message": (morning, morning_screen),
}
_WHO = r"(?P<who>\w+)"
_STEPS: tuple[tuple[str, Callable[[_Teller, Step, re.Match[str]], Awaitable[list[str]]]], ...] = (
    (rf"{_WHO}> (?P<text>.+)", _Teller.type),
    (rf"{_WHO} clicks (?P<label>.+)", _Teller.click),
    (rf"{_WHO} picks (?P<choice>.+)", _Teller.pick),
    (rf"{_WHO} submits(?: (?P<fields>.+))?", _Teller.submit),
    (r"import (?P<kind>\w+)", _Teller.import_file),
    (r"import undo (?P<number>\d+)", _Teller.undo_import),
    (
        r"report of (?P<first>[\d-]{7})(?: to (?P<last>[\d-]{7}))?(?:: (?P<columns>.+))?",
        _Teller.report,
    ),
    (rf"{_WHO} is sent the (?P<what>{'|'.join(_SCHEDULED)})", _Teller.sent_scheduled),
    (r"the safety notices are sent", _Teller.sent_at_once),
    (
        r"another claim: (?P<mrn>\w+) was billed (?P<code>\w+) on (?P<day>[\d-]{10})",
        _Teller.other_service,
    ),
    (rf"the chart: (?P<mrn>\w+) (?P<fact>{'|'.join(_EPISODE_FACTS)})", _Teller.episode_fact),
    (r"the database is changed by hand: (?P<entry>e-\w+) becomes (?P<minutes>-?\d+) minutes", _Teller.damage),
)


class _File:
    """A story of its own."""

    def __init__(self, path: Path) -> None:
        self.name, self._path = path.name, path
        self.text = path.read_text(encoding="utf-8")

    def accept(self, told: str) -> None:
        """Write what was seen into the file."""
        self._path.write_text(told, encoding="utf-8")


class _InDocument:
    """A rule's example."""

    def __init__(self, example: RuleExample) -> None:
        self.name, self.text = example.rule, example.text

    def accept(self, told: str) -> None:
        """Write what was seen into the document, in its place."""
        document = DOCUMENT.read_text(encoding="utf-8")
        assert document.count(self.text) == 1, f"The story of {self.name} stands there twice."
        DOCUMENT.write_text(document.replace(self.text, told), encoding="utf-8")


_Source = _File | _InDocument


def main(arguments: list[str]) -> int:
    """Tell stories; returns 1 when one differs from its file."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.stories", description=__doc__)
    parser.add_argument("--accept", action="store_true", help="write what was seen into the files")
    parser.add_argument("names", nargs="*", help="parts of file names")
    options = parser.parse_args(arguments)
    differ = 0
    sources: list[_Source] = [_File(path) for path in sorted(MONTHS.glob("*.txt"))]
    sources += [
        _InDocument(one) for one in examples(DOCUMENT.read_text(encoding="utf-8")) if one.kind == "story"
    ]
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "template.db"
        database = Database.open(f"sqlite:///{template}")
        database.migrate()
        database.close()
        for source in sources:
            if options.names and not any(name in source.name for name in options.names):
                continue
            copy = Path(folder) / f"{source.name}.db"
            shutil.copyfile(template, copy)
            written = source.text
            told = asyncio.run(tell(written, copy))
            if told == written:
                continue
            differ += 1
            if options.accept:
                source.accept(told)
            sys.stdout.writelines(
                difflib.unified_diff(
                    written.splitlines(keepends=True), told.splitlines(keepends=True), source.name, "as told"
                )
            )
    return 1 if differ and not options.accept else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
