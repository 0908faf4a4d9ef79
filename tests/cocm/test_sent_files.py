"""Files that people send to the bot: looked at, answered about, imported as shown, and taken back."""

import io
from collections.abc import AsyncIterator

import pytest
from openpyxl import Workbook

from billing.people import MemberRole
from services.context import Context
from storage import Database
from tests.support.bot import ANA, BEN, Clinic, clinic_at_work
from tests.support.slack import Person, words

ENTRIES = (
    b"mrn,date,minutes,performed_by,note\n"
    b"MRN123,11/3/2026,15,Ben Okoro,phone check-in\n"
    b"MRN9,11/4/2026,20,Ben Okoro,phone\n"
)
PATIENTS = (
    b"mrn,first_name,last_name,enrolled_on\nMRN123,Zelda,Quimby,2026-10-01\nMRN9,Otis,Fenwick,2026-10-02\n"
)


@pytest.fixture
async def clinic(database: Database) -> AsyncIterator[Clinic]:
    async with clinic_at_work(database) as at_work:
        await at_work.program.practice.write(people_of_the_practice)
        yield at_work


def people_of_the_practice(context: Context) -> None:
    """Ana administers the practice, Ben manages care."""
    context.uow.members.add(slack_user_id=ANA, display_name="Ana Flores", roles=frozenset({MemberRole.ADMIN}))
    context.uow.members.add(
        slack_user_id=BEN, display_name="Ben Okoro", roles=frozenset({MemberRole.CARE_MANAGER})
    )
    context.uow.commit()


def workbook_of(text: bytes) -> bytes:
    """The same table as a spreadsheet."""
    book = Workbook()
    assert book.active is not None
    for line in text.decode().splitlines():
        book.active.append(line.split(","))
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


async def last(person: Person, said: str) -> str:
    """The words of the newest message that says so."""
    return words(await person.sees(said))


@pytest.mark.parametrize("is_workbook", [False, True])
async def test_a_file_is_shown_imported_and_taken_back(clinic: Clinic, *, is_workbook: bool) -> None:
    """Nothing is stored before Import is pressed, and Undo takes all of it back."""
    ana, ben = clinic.slack.person(ANA), clinic.slack.person(BEN)
    data = workbook_of(ENTRIES) if is_workbook else ENTRIES
    ana.share_file("t.xlsx" if is_workbook else "t.csv", content=data)
    shown = await ana.sees("Nothing is stored yet")
    assert "2 rows of entries" in words(shown)
    assert "2 new, 0 changed, 0 as they were" in words(shown)
    [status] = await ben.command("/cocm status MRN123")
    assert "15 of" not in words(status)
    await ana.click(shown, "Import 2 rows")
    done = await ana.sees("This is import 1")
    [status] = await ben.command("/cocm status MRN123")
    assert "15" in words(status)
    [refused] = await ana.command("/cocm undo")
    assert "Undo the import" in words(refused)
    await ana.click(done, "Undo the import")
    gone = await last(ana, "Import 1 was taken back")
    assert "2 entries" in gone


async def test_the_names_of_patients_are_not_shown(clinic: Clinic) -> None:
    """Their MRNs stand alone, in the preview and in what changes."""
    ana = clinic.slack.person(ANA)
    ana.share_file("roster.csv", content=PATIENTS)
    shown = await ana.sees("2 rows of patients")
    await ana.click(shown, "Import 2 rows")
    await ana.sees("This is import 1")
    ana.share_file("roster.csv", content=PATIENTS.replace(b"Zelda", b"Griselda"))
    again = await ana.sees("1 changed")
    for name in ("Zelda", "Griselda", "Quimby", "Otis", "Fenwick"):
        assert name not in words(shown) + words(again)
    assert "first name" in words(again)


async def test_whoever_may_not_import_is_told_so_calmly(clinic: Clinic) -> None:
    """The file is not even brought."""
    ben = clinic.slack.person(BEN)
    ben.share_file("t.csv", content=ENTRIES)
    assert "I did not read the file" in await last(ben, "brought in by administrators")


async def test_a_file_that_may_be_two_things_is_asked_about(clinic: Clinic) -> None:
    """The kinds that its columns fit are buttons; the one that was pressed is shown."""
    ana = clinic.slack.person(ANA)
    ana.share_file("t.csv", content=b"mrn,payer,admitted_on\nMRN123,Medicare,2026-11-02\n")
    asked = await ana.sees("What does this file hold?")
    await ana.click(asked, "Stays")
    shown = await ana.sees("Read as a file of stays")
    await ana.click(shown, "It holds something else")
    kinds = await ana.sees("What does this file hold?")
    await ana.click(kinds, "Patients")
    assert "Read as a file of patients" in await last(ana, "Read as a file of patients")


async def test_questions_are_answered_by_menus(clinic: Clinic) -> None:
    """What is answered is not asked again, and then the file can be imported."""
    ana = clinic.slack.person(ANA)
    ana.share_file(
        "t.csv", content=ENTRIES.replace(b"MRN9,11/4/2026,20,Ben Okoro", b"MRN9,11/4/2026,20,Ben Okor")
    )
    asked = await ana.sees("1 question before it can be imported")
    await ana.pick(asked, "pick_file_answer_0", "0:0")
    await ana.click(asked, "Use these answers")
    shown = await ana.sees("2 rows of entries")
    await ana.click(shown, "Import 2 rows")
    await ana.sees("This is import 1")


async def test_the_order_of_dates_is_said_by_a_button(clinic: Clinic) -> None:
    """In the place of the command line's option; the preview says how they are read now."""
    ana = clinic.slack.person(ANA)
    ana.share_file("t.csv", content=ENTRIES)
    shown = await ana.sees("press “Dates are day/month”")
    assert "--dates" not in words(shown)
    await ana.click(shown, "Dates are day/month")
    assert "March 11, 2026" in await last(ana, "March 11")


async def test_problems_are_named_by_line_and_nothing_can_be_imported(clinic: Clinic) -> None:
    """The file is corrected and sent again."""
    ana = clinic.slack.person(ANA)
    ana.share_file("t.csv", content=ENTRIES.replace(b",15,", b",abc,"))
    shown = await last(ana, "1 problem before it can be imported")
    assert "line 2, `minutes`" in shown
    assert "Import 2 rows" not in shown


async def test_what_would_do_something_else_by_now_is_shown_again(clinic: Clinic) -> None:
    """Nothing is imported that was not shown."""
    ana = clinic.slack.person(ANA)
    ana.share_file("t.csv", content=ENTRIES)
    first = await ana.sees("2 rows of entries")
    ana.share_file("t.csv", content=ENTRIES + b"MRN9,11/5/2026,20,Ben Okoro,phone\n")
    second = await ana.sees("3 rows of entries")
    await ana.click(second, "Import 3 rows")
    await ana.sees("This is import 1")
    await ana.click(first, "Import 2 rows")
    refused = await ana.sees("Something else was stored since")
    await ana.click(refused, "Look at it again")
    await ana.sees("2 rows of entries in your file are on file already")


async def test_words_beside_a_file_say_what_it_holds(clinic: Clinic) -> None:
    """Other words are named as left, unless they are a line that can be carried out."""
    ana = clinic.slack.person(ANA)
    ana.share_file("t.csv", "import patients", content=b"mrn\nMRN123\n")
    await ana.sees("1 row of patients")
    ana.share_file("t.csv", "our time of November", content=ENTRIES)
    await ana.sees("not the words beside it")
    await ana.sees("2 rows of entries")


async def test_what_is_no_table_is_said_to_be_none(clinic: Clinic) -> None:
    """By what it is, whatever its name."""
    ana = clinic.slack.person(ANA)
    ana.share_file("t.csv", content=b"%PDF-1.7 ...")
    await ana.sees("The file is a PDF")
    ana.share_file("t.csv", content=b"a,b\n1,2\n")
    await ana.sees("no row of it names columns")


async def test_a_preview_is_decided_about_once(clinic: Clinic) -> None:
    """Cancel lets go of it."""
    ana = clinic.slack.person(ANA)
    ana.share_file("t.csv", content=ENTRIES)
    shown = await ana.sees("2 rows of entries")
    await ana.click(shown, "Cancel")
    await ana.sees("Nothing of the file was stored")
