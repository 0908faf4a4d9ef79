"""A whole import can be taken back, or nothing of it is."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing.people import Member, MemberRole
from services.acts import undo as acts_undo
from services.care import carry_out
from services.care.requests import Discharge
from services.context import Context
from services.entries import amend, log
from services.entries.changes import EntryEdit
from services.entries.void import void
from services.errors import CannotTakeBack
from services.imports.obstacles import CannotUndoImport
from services.imports.undo import all_imports, take_back, would_take_back
from services.messages import told
from services.messages.revisions import close_month
from services.months.close import reopen_month
from services.people.patient_ref import PatientRef
from storage import Database
from tests.support.files import csv_of, entries_csv, load, loaded
from tests.support.imports_undone import EARLIER_FEES, FILES, figures, peopled, sound, undone
from tests.support.practice import asked, draft
from tests.support.reporting import OCTOBER, ReportedPractice


@pytest.fixture
def practice(database: Database) -> ReportedPractice:
    return peopled(ReportedPractice(database))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def somewhere(request: pytest.FixtureRequest) -> Iterator[ReportedPractice]:
    database = Database.open(request.getfixturevalue(f"{request.param}_url"))
    yield peopled(ReportedPractice(database))
    database.close()


def refused(practice: ReportedPractice, number: int) -> str:
    """Why an import cannot be taken back; nothing was changed."""
    before = figures(practice)
    with pytest.raises(CannotUndoImport) as caught:
        practice.do(take_back, number)
    assert figures(practice) == before
    sound(practice)
    return str(caught.value)


def first_entry(practice: ReportedPractice, number: int = 0) -> int:
    """An entry that an import wrote, by its place in the file."""

    def find(context: Context) -> int:
        return context.uow.imports.entry_ids({f"k{number}"})[f"k{number}"]

    return practice.see(find)


def test_every_kind_of_import_is_undone_to_the_byte(somewhere: ReportedPractice) -> None:
    """After each the report, the roster, the members and the rates are as before, and the same file is new again."""
    practice = somewhere
    loaded(practice, "fees", EARLIER_FEES)
    for kind, data in FILES.items():
        before = figures(practice)
        first = loaded(practice, kind, data)
        assert first.number is not None
        after = figures(practice)
        assert after != before, kind
        undone(practice, first.number)
        assert figures(practice) == before, kind
        again = loaded(practice, kind, data)
        assert (again.added, again.changed, again.unchanged) == (
            first.added,
            first.changed,
            first.unchanged,
        ), kind
        assert again.number == first.number + 1
        assert figures(practice) == after, kind
        undone(practice, again.number)
        assert figures(practice) == before, kind


@settings(max_examples=5)
@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(FILES)), st.integers(1, 15)),
        min_size=1,
        max_size=4,
        unique_by=lambda one: one[0],
    )
)
def test_whatever_is_imported_in_whatever_order_goes_again(
    migrated_sqlite: Path, chosen: list[tuple[str, int]]
) -> None:
    """Some rows of some files, one file after the other, and back: each time the figures are those of before."""
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "cocm.db"
        shutil.copyfile(migrated_sqlite, copy)
        database = Database.open(f"sqlite:///{copy}")
        practice = peopled(ReportedPractice(database))
        stood = []
        for kind, mask in chosen:
            head, *rows = FILES[kind].splitlines(keepends=True)
            some = [row for place, row in enumerate(rows) if mask >> place & 1]
            before = figures(practice)
            number = loaded(practice, kind, b"".join((head, *some))).number
            stood += [(number, before)] if number is not None else []
        for number, before in reversed(stood):
            undone(practice, number)
            assert figures(practice) == before
        database.close()


def test_imports_on_each_other_go_in_turn(practice: ReportedPractice) -> None:
    """All kinds one after the other: an earlier one waits for those that need it, and the last first it all goes."""
    before = figures(practice)
    numbers = [loaded(practice, kind, data).number or 0 for kind, data in FILES.items()]
    assert numbers == list(range(1, len(FILES) + 1))
    said = refused(practice, 1)
    assert (
        "Import 5 (coverage, 2026-11-18) builds on it. Take that one back first: `cocm import undo 5`."
        in said
    )
    for number in reversed(numbers):
        undone(practice, number)
    assert figures(practice) == before


def test_an_import_is_undone_once(practice: ReportedPractice) -> None:
    """A second time is refused kindly, and so is one that there never was."""
    assert "There is no import 1." in refused(practice, 1)
    loaded(practice, "scores", FILES["scores"])
    undone(practice, 1)
    assert "Import 1 was taken back already, on 2026-11-18." in refused(practice, 1)
    (listed,) = practice.see(all_imports)
    assert (listed.imported.kind, listed.imported.rows, listed.undone_by) == ("scores", 2, None)


def test_what_stores_nothing_has_no_number(practice: ReportedPractice) -> None:
    """A file whose rows are all on file is no import to take back; that these bytes were one is said."""
    assert loaded(practice, "scores", FILES["scores"]).number == 1
    again = loaded(practice, "scores", FILES["scores"])
    assert again.number is None
    assert again.seen_before == "This very file was imported on 2026-11-18 already: it is import 1."
    undone(practice, 1)
    assert load(practice, "scores", FILES["scores"], dry_run=True).seen_before == ""


def test_a_dry_run_says_what_would_go(practice: ReportedPractice) -> None:
    """It counts the same, and leaves everything as it is."""
    loaded(practice, "entries", FILES["entries"])
    before = figures(practice)
    would = practice.do(would_take_back, 1)
    assert figures(practice) == before
    assert undone(practice, 1).went == would.went
    assert (would.went["entry"].gone, would.went["roster_patient"].gone, would.went["team_member"].gone) == (
        3,
        1,
        1,
    )


def test_a_closed_month_that_holds_entries_keeps_them(practice: ReportedPractice) -> None:
    """Until it is reopened; entries that came after the close are in no closed figure, and may go."""
    loaded(practice, "entries", FILES["entries"])
    practice.clock.pass_(minutes=1)
    practice.do(close_month, practice.sam, OCTOBER)
    said = refused(practice, 1)
    assert "October 2026 is closed and holds 1 of its entries. Reopen it first: `cocm reopen 2026-10" in said
    practice.clock.pass_(minutes=1)
    late = loaded(practice, "entries", entries_csv({"entry_key": "late", "service_date": "2026-10-21"}))
    undone(practice, late.number or 0)
    practice.do(reopen_month, practice.sam, OCTOBER, "a wrong file")
    undone(practice, 1)


@pytest.mark.parametrize("kind", ["patients", "scores", "services", "coverage", "payers", "fees"])
def test_a_closed_month_that_was_judged_with_it_keeps_it(practice: ReportedPractice, kind: str) -> None:
    """Whatever the file held, a line frozen with it stands in the way."""
    loaded(practice, kind, FILES[kind])
    practice.clock.pass_(minutes=1)
    practice.do(close_month, practice.sam, OCTOBER)
    assert "October 2026 is closed" in refused(practice, 1)


def test_an_entry_that_was_corrected_stands_in_the_way(practice: ReportedPractice) -> None:
    """Once the correction is undone, or the entry void, it does not."""
    loaded(practice, "entries", FILES["entries"])
    entry_id = first_entry(practice)
    practice.do(amend.edit, practice.ana, EntryEdit(entry_id=entry_id, seconds=600, reason="hold music"))
    said = refused(practice, 1)
    assert "1 of its entries was corrected since: e-" in said
    practice.do(acts_undo.undo_last, practice.ana)
    practice.do(void, practice.ana, entry_id, "typed twice")
    taken = undone(practice, 1)
    assert (taken.went["entry"].gone, taken.void_before) == (2, 1)


def test_a_new_patient_who_has_entries_since_stays(practice: ReportedPractice) -> None:
    """Time logged in chat is nobody's to take away with a file; the patient is named."""
    loaded(practice, "patients", FILES["patients"])
    practice.do(log.log, practice.ana, draft(asked("777")))
    said = refused(practice, 1)
    assert "1 patient that it added has entries or care on file that came later: MRN777." in said
    practice.do(acts_undo.undo_last, practice.ana)
    undone(practice, 1)


def test_an_enrollment_changed_since_stands_in_the_way(practice: ReportedPractice) -> None:
    """Of a patient on file only what the file changed counts; of a new one, everything does."""
    loaded(practice, "patients", FILES["patients"])
    for identity in ("123", "777"):
        request = Discharge(
            patient=PatientRef(text=identity, identity=identity), on=date(2026, 11, 17), reason="moved"
        )
        practice.do(carry_out.carry_out, practice.ana, request)
    said = refused(practice, 1)
    assert "1 thing that it stored was changed since: c-" in said
    practice.do(acts_undo.undo_last, practice.ana)
    undone(practice, 1)


def test_a_new_member_who_works_stays(practice: ReportedPractice) -> None:
    """Whoever logged, or was given other roles since, is named."""
    loaded(practice, "members", FILES["members"])

    def joined(context: Context) -> Member:
        member = context.uow.members.by_name("Newcomer Three")
        assert member is not None
        return member

    three = practice.see(joined)
    practice.do(log.log, three, draft(asked("123", minutes=7)))
    assert (
        "1 member that it added has work on file, or other roles than the file gave them: Newcomer Three."
        in refused(practice, 1)
    )


def test_a_member_who_went_leaves_their_addresses_to_others(somewhere: ReportedPractice) -> None:
    """The same file is new again, and somebody else may have the e-mail and the Slack user of who is gone."""
    practice = somewhere
    columns = ("slack_user_id", "display_name", "roles", "email")
    row = {"slack_user_id": "U0NEW12345", "roles": "consultant", "email": "kim@clinic.org"}
    for name in ("Kim Lee", "Kim Lee", "Jo Park"):
        number = loaded(practice, "members", csv_of(columns, [{**row, "display_name": name}])).number
        undone(practice, number or 0)


def test_somebody_may_do_it_in_their_name(practice: ReportedPractice) -> None:
    """It is an act of theirs, which `undo` in chat does not take back; others are told once, however many entries."""
    rows = [{"entry_key": f"k{number}", "minutes": f"{number + 1}"} for number in range(20)]
    loaded(practice, "entries", entries_csv(*rows))
    boss = practice.member("Boss", MemberRole.ADMIN, MemberRole.CARE_MANAGER)
    undone(practice, 1, by="Boss")
    (listed,) = practice.see(all_imports)
    assert listed.undone_by is not None
    assert listed.undone_by.display_name == "Boss"
    with pytest.raises(CannotTakeBack, match="send the file again"):
        practice.do(acts_undo.undo_last, boss)
    found = practice.see(told.told, practice.ana, practice.clock.at)
    assert found is not None
    (gone,) = found.imports
    assert (gone.number, gone.entries, gone.by and gone.by.display_name) == (1, 20, "Boss")
    assert found.entries == ()


def test_the_history_keeps_what_was_taken_back(practice: ReportedPractice) -> None:
    """Every version is there with its reason, and a patient who comes back has the handle of before."""
    loaded(practice, "entries", FILES["entries"])
    entry_id, seen = first_entry(practice, 2), practice.see(handles)
    undone(practice, 1)
    versions = practice.see(lambda context: context.uow.ledger.versions(entry_id))
    assert [one.reason for one in versions] == ["", "import 1 was taken back"]
    assert "888" not in practice.see(handles)
    practice.do(log.log, practice.ana, draft(asked("888")))
    assert practice.see(handles)["888"] == seen["888"]


def handles(context: Context) -> dict[str, str]:
    """The handle of each patient on file."""
    return {one.identity: one.handle for one in context.uow.patients.all()}
