"""Weeks, months, caseloads, explanations, corrections and the month's close, through the real bot and a sandbox."""

import re
from collections.abc import AsyncIterator
from datetime import date
from typing import Any
from unittest.mock import patch

import pytest

from billing.months import BillingMonth
from billing.people import Member, MemberRole
from bot import slow_answers
from sandbox.blocks import characters
from sandbox.model import Message
from storage import Database
from tests.support.bot import ANA, BEN, SAM, Clinic, clinic_at_work
from tests.support.crowd import add_crowd, add_entries, add_member
from tests.support.reading import words
from tests.support.slack import Person

LINE = "/cocm log 15m MRN123 phone check-in"
#: What Slack takes in a message, and what we promise to stay under.
MOST_BLOCKS, MOST_CHARACTERS = 50, 12_000


@pytest.fixture
async def clinic(database: Database) -> AsyncIterator[Clinic]:
    async with clinic_at_work(database) as at_work:
        yield at_work


@pytest.fixture
async def ana(clinic: Clinic) -> Member:
    return await clinic.program.practice.write(add_member, ANA, "Ana Flores", MemberRole.CARE_MANAGER)


@pytest.fixture
async def sam(clinic: Clinic) -> Member:
    return await clinic.program.practice.write(add_member, SAM, "Sam Whitfield", MemberRole.BILLER)


def today(clinic: Clinic) -> date:
    zone = clinic.program.practice.settings.zone
    return clinic.program.practice.clock.now().astimezone(zone).date()


def last_month(clinic: Clinic) -> BillingMonth:
    return BillingMonth.of(today(clinic)).plus(-1)


async def told(person: Person, line: str) -> str:
    """All the words with which a command is answered; nothing of them reaches the notification."""
    (answer,) = await person.command(line)
    assert fits(answer)
    return words(answer)


def fits(answer: Message) -> bool:
    """Within Slack's limits, for one person's eyes, and with a notification that names no patient."""
    assert answer.blocks is not None
    assert len(answer.blocks) <= MOST_BLOCKS
    assert characters(answer.blocks) <= MOST_CHARACTERS
    assert not re.search(r"MRN|\bC0\d\d\d\b|P-\w{4}", answer.text)
    assert not re.search(r"MRN|\bC0\d\d\d\b", " ".join(sent_back(answer.blocks)))
    return True


def sent_back(shown: Any) -> list[str]:
    """What Slack keeps and sends back: values and ids."""
    if isinstance(shown, list):
        return [kept for part in shown for kept in sent_back(part)]
    if not isinstance(shown, dict):
        return []
    own = [str(value) for name, value in shown.items() if name in {"value", "action_id", "block_id"}]
    return own + sent_back(list(shown.values()))


def reference(said: str) -> str:
    """The entry that a receipt names."""
    found = re.search(r"e-\w+", said)
    assert found is not None
    return found.group()


# -- why -------------------------------------------------------------------------------------------------


async def test_why_lays_a_month_open(clinic: Clinic) -> None:
    """Each entry with the running total, what does not count and for which reason, what is missing."""
    ana = clinic.slack.person(ANA)
    await ana.command("/cocm log 40m MRN123 assessment")
    await ana.command("/cocm log 10m MRN123 #admin scheduling")
    await ana.command(LINE)
    said = await told(ana, "/cocm why MRN123")
    assert "15 of 70" not in said
    assert "55 of 70 min" in said
    assert "10 min not counted" in said
    assert "administrative work" in said
    assert (
        said.index("sum 40 min") < said.index("not counted*: administrative work") < said.index("sum 55 min")
    )
    assert "Blocks billing" in said
    assert "R-" in said


async def test_the_why_button_explains_the_status(clinic: Clinic) -> None:
    """One tap, and the status stays where it is."""
    ana = clinic.slack.person(ANA)
    await ana.command(LINE)
    (status,) = await ana.command("/cocm status MRN123")
    await ana.click(status, "Why")
    answer = await ana.sees("Judged by the rule set")
    assert "sum 15 min" in words(answer)
    assert fits(answer)


async def test_why_of_nobody_says_so(clinic: Clinic) -> None:
    """An MRN that nobody knows is refused plainly."""
    assert "No patient MRN404 is known" in await told(clinic.slack.person(ANA), "/cocm why MRN404")


async def test_why_holds_three_hundred_entries(clinic: Clinic, ana: Member) -> None:
    """What explains something is shown, runs of plain entries are summed, and nothing breaks Slack's limits."""
    practice = clinic.program.practice
    await practice.write(add_entries, ana, "123", 300, 2, today(clinic))
    said = await told(clinic.slack.person(ANA), "/cocm why MRN123")
    assert "300 entries" in said
    assert "all counted" in said
    assert "99492" in said


# -- own time --------------------------------------------------------------------------------------------


async def test_week_and_month_sum_a_persons_own_time(clinic: Clinic) -> None:
    """By day; the month also by kind of work and by patient."""
    ana = clinic.slack.person(ANA)
    await ana.command("/cocm log 15m MRN123 phone check-in\n20m MRN98765 chart review")
    assert "35 min" in await told(ana, "/cocm week")
    month = await told(ana, "/cocm month")
    assert "chart review · *20 min* in 1 entry for 1 patient" in month
    assert "MRN98765 · *20 min* in 1 entry" in month
    assert "open" in month
    assert "Nothing logged" in await told(ana, "/cocm month last month")


async def test_a_month_of_four_hundred_patients_fits(clinic: Clinic, ana: Member) -> None:
    """Those left out are counted."""
    await clinic.program.practice.write(add_crowd, ana, 400, 2, today(clinic))
    said = await told(clinic.slack.person(ANA), "/cocm month")
    assert "400 entries for 400 patients" in said
    assert "1 to 12 of 400 patients" in said


# -- caseload and near -----------------------------------------------------------------------------------


async def test_caseload_and_near_of_four_hundred_fit_and_are_shown_a_screen_at_a_time(
    clinic: Clinic, ana: Member
) -> None:
    """All are counted, the nearest come first, the others on a tap, and no dollars appear."""
    await clinic.program.practice.write(add_crowd, ana, 400, 52, today(clinic))
    person = clinic.slack.person(ANA)
    for command in ("caseload", "near"):
        (answer,) = await person.command(f"/cocm {command}")
        if "On its way" in words(answer):
            answer = await person.sees("400 patients")
        assert fits(answer)
        said = words(answer)
        assert "400 patients" in said
        assert "$" not in said
        assert "1 to 12 of 400 patients" in said
        await person.click(answer, "Show 12 more")
        turned = await person.sees("13 to 24 of 400 patients")
        assert fits(turned)
        await person.click(turned, "Show earlier")
        await person.sees("1 to 12 of 400 patients")


async def test_near_says_what_is_needed_and_how_long_there_is(clinic: Clinic, ana: Member) -> None:
    """Minutes to the next code, working days left, and no word for working towards the code."""
    await clinic.program.practice.write(add_crowd, ana, 1, 52, today(clinic))
    said = await told(clinic.slack.person(ANA), "/cocm near")
    assert "52 of 60 min · 8 to 99493" in said
    assert re.search(r"\d+ working days? left", said)
    assert "clinically appropriate" in said


async def test_who_has_nobody_near_is_told_so(clinic: Clinic) -> None:
    """A month below the threshold is a valid month."""
    ana = clinic.slack.person(ANA)
    assert "valid month" in await told(ana, "/cocm near")
    assert "No patients yet" in await told(ana, "/cocm caseload")


async def test_an_answer_that_takes_long_follows_as_a_message(clinic: Clinic, ana: Member) -> None:
    """Slack waits three seconds: past our patience the answer comes where the command was typed, refusals too."""
    await clinic.program.practice.write(add_crowd, ana, 1, 52, today(clinic))
    person = clinic.slack.person(ANA)
    with patch.object(slow_answers, "ANSWER_SECONDS", 0.0):
        assert "comes here" in await told(person, "/cocm near")
        assert fits(await person.sees("8 to 99493"))
        assert "comes here" in await told(person, "/cocm report")
        await person.sees("Only supervisors, billers and administrators can see")


# -- entries ---------------------------------------------------------------------------------------------


async def test_an_entry_is_edited_by_a_line_and_its_history_told(clinic: Clinic) -> None:
    """More minutes with a reason; both versions stay visible, with author and reason."""
    ana = clinic.slack.person(ANA)
    entry = reference(await told(ana, LINE))
    assert "need a reason" in await told(ana, f"/cocm edit {entry} 25m")
    edited = await told(ana, f"/cocm edit {entry} 25m because I typed 15")
    assert "Corrected: 25 min for MRN123" in edited
    assert "25 of 70 min" in edited
    history = await told(ana, f"/cocm history {entry}")
    assert "2 versions" in history
    assert "Reason: I typed 15" in history
    assert history.index("25 min for MRN123") < history.index("15 min for MRN123")


async def test_void_takes_an_entry_out_and_keeps_its_history(clinic: Clinic) -> None:
    """The sum falls back at once."""
    ana = clinic.slack.person(ANA)
    entry = reference(await told(ana, LINE))
    voided = await told(ana, f"/cocm void {entry} logged for the wrong patient")
    assert "Voided: 15 min for MRN123" in voided
    assert "0 of 70 min" in voided
    assert "voided" in await told(ana, f"/cocm history {entry}")
    assert "Nothing was changed" in await told(ana, f"/cocm void {entry}")


async def test_a_colleagues_entry_is_not_ones_own_to_void(clinic: Clinic) -> None:
    """The refusal is plain, and nothing changes."""
    entry = reference(await told(clinic.slack.person(ANA), LINE))
    ben = clinic.slack.person(BEN)
    assert "Only the person whose entry this is" in await told(ben, f"/cocm void {entry} not mine")
    assert "another person's entry" in await told(ben, f"/cocm history {entry}")


async def test_an_entry_is_split_between_patients(clinic: Clinic) -> None:
    """Two entries stand for one, and undo puts the one back without losing time."""
    ana = clinic.slack.person(ANA)
    await ana.command("/cocm log 20m MRN98765 chart review")
    entry = reference(await told(ana, LINE))
    said = await told(ana, f"/cocm split {entry} 10m MRN123 / 5m MRN98765")
    assert "Split into 2 entries" in said
    assert "25 of 70 min" in said
    undone = await told(ana, "/cocm undo")
    assert "Undone: the split" in undone
    assert f"*Back: 15 min for MRN123* · phone · today · `{entry}`" in undone


# -- the practice's month --------------------------------------------------------------------------------


@pytest.mark.usefixtures("sam")
async def test_a_month_is_reported_closed_and_reopened(clinic: Clinic, ana: Member) -> None:
    """Counts and estimates, what to fix and for whom; then the attestation, an addendum, and a second revision."""
    practice, month = clinic.program.practice, last_month(clinic)
    await practice.write(add_crowd, ana, 3, 65, month.first_day)
    biller, manager = clinic.slack.person(SAM), clinic.slack.person(ANA)
    report = await told(biller, "/cocm report")
    assert month.name in report
    assert "draft, not closed yet" in report
    assert "3 blocked" in report
    assert "estimated $" in report
    assert "case review missing* · 3 patients: C0001, C0002, C0003" in report
    assert "3 entries read: 3 counted, none left out" in report
    (asked,) = await biller.command("/cocm close last month")
    assert fits(asked)
    assert "they may be billed as shown" in words(asked)
    await biller.click(asked, f"Close {month.name} {month.year}")
    assert "Revision 1, 3 lines" in words(await biller.sees("is closed"))
    late = await told(manager, f"/cocm log 15m MRNC0001 phone check-in on {month.first_day}")
    assert "addendum" in late
    assert "After the close" in await told(manager, f"/cocm why MRNC0001 {month}")
    closed = await told(biller, f"/cocm report {month}")
    assert "1 entry written or changed since the close" in closed
    assert "Revision 1 closed by Sam Whitfield" in closed
    opened = await told(biller, f"/cocm reopen {month} a call was entered late")
    assert "is open again" in opened
    differing = "C0001 · 1 h 5 min → 1 h 20 min · blocked · nothing billable"
    assert differing in opened
    (again,) = await biller.command(f"/cocm report {month}")
    assert "1 line would differ from revision 1" in words(again)
    assert differing in words(again)
    await biller.click(again, f"Close {month.name} {month.year}")
    second = words(await biller.sees("Revision 2"))
    assert "1 line differs from revision 1" in second
    assert differing in second


@pytest.mark.usefixtures("sam")
async def test_a_month_that_changed_since_it_was_shown_is_not_closed(clinic: Clinic, ana: Member) -> None:
    """The button closes what its reader saw, and nothing else: both figures are said, with a fresh button."""
    practice, month = clinic.program.practice, last_month(clinic)
    await practice.write(add_crowd, ana, 1, 65, month.first_day)
    biller = clinic.slack.person(SAM)
    (asked,) = await biller.command("/cocm close last month")
    await practice.write(add_entries, ana, "777", 1, 15, month.first_day)
    await biller.click(asked, f"Close {month.name} {month.year}")
    refused = await biller.sees("has changed since you looked")
    assert "You confirmed 1 patient (0 billable), 1 h 5 min, 0 units." in words(refused)
    assert "It is now 2 patients (0 billable), 1 h 20 min, 0 units." in words(refused)
    assert "draft, not closed yet" in await told(biller, f"/cocm report {month}")
    await biller.click(refused, f"Close {month.name} {month.year}")
    assert "2 lines" in words(await biller.sees("Revision 1"))


@pytest.mark.usefixtures("sam")
async def test_the_report_of_four_hundred_blocked_patients_fits(clinic: Clinic, ana: Member) -> None:
    """Kinds with counts, some of the patients by name, the rest counted."""
    practice, month = clinic.program.practice, last_month(clinic)
    await practice.write(add_crowd, ana, 400, 65, month.first_day)
    biller = clinic.slack.person(SAM)
    (answer,) = await biller.command(f"/cocm report {month}")
    if "On its way" in words(answer):
        answer = await biller.sees("case review missing")
    assert fits(answer)
    assert "case review missing* · 400 patients" in words(answer)
    assert "and 375 more" in words(answer)
    assert (
        "And 1 more payer" in words(answer) or "more payers" in words(answer) or "Payer 59" in words(answer)
    )


async def test_care_managers_see_no_report_and_close_nothing(clinic: Clinic) -> None:
    """Each is refused with what they can do instead."""
    person = clinic.slack.person(ANA)
    assert "can see the practice's report" in await told(person, "/cocm report")
    for line in ("close last month", "reopen last month two reviews were late"):
        assert "Only billers and administrators can close" in await told(person, f"/cocm {line}")


async def test_every_problem_of_a_line_is_told_at_once(clinic: Clinic) -> None:
    """Each with its word marked and a line that works."""
    said = await told(clinic.slack.person(ANA), "/cocm why october 2199 foo")
    assert "»october 2199«" in said.replace("*", "")
    assert "No patient" in said
    assert "/cocm why MRN___" in said
