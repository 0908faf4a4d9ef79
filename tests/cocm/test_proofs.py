"""`cocm retention prove`: who holds a note that was removed has the program say that it stood there, or did not."""

import json
import sqlite3
import sys
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from billing.clinical import CaseReview
from billing.entries import TimeEntry
from billing.people import MemberRole, Patient
from billing.references import entry_reference
from services.care.merging import merge
from services.context import Context
from services.messages import old_notes
from services.messages.revisions import close_month
from services.people.patient_ref import PatientRef
from services.practice import retention
from services.practice.retention import NOTICE
from services.practice.settings import SettingRequest
from services.practice.settings import carry_out as set_setting
from storage import NO_DATA_KEYS, AuditKeys, Database, DataKeys, EntryChanges
from tests.support.commands import Done, Run
from tests.support.reporting import OCTOBER, ReportedPractice

KEY, OTHER = "0123456789abcdef" * 4, "fedcba9876543210" * 4
#: Ten years after the month, and a little.
LATER = datetime.fromisoformat("2036-11-15T15:00:00+00:00")
DAY = date(2026, 10, 6)
NOTE = "call of 2026-10-06 with 101"
ADVICE = "raise sertraline to 100 mg, look again in two weeks"


@dataclass
class Proving:
    """A practice in which notes of October 2026 were removed, and the program on its database."""

    cocm: Run
    monkeypatch: pytest.MonkeyPatch
    folder: Path
    entry: str
    corrected: str

    def prove(self, *words: str, text: str | bytes = NOTE, code: int = 0) -> str:
        """What the command says of a text from standard input, on both streams."""
        given = text if isinstance(text, bytes) else text.encode()
        self.monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(given)))
        done: Done = self.cocm("retention", "prove", *words, code=code)
        return (done.stdout + done.stderr).decode()

    def file(self, text: str) -> str:
        """A file that has a text."""
        (self.folder / "text.txt").write_text(text, encoding="utf-8")
        return "text.txt"


def removed_notes(url: str, keys: AuditKeys, data_keys: DataKeys = NO_DATA_KEYS) -> tuple[str, str]:
    """Let ten years pass after a month with notes, advice, a correction with its reason and a merged patient.

    Returns:
        The references of an entry whose note was removed, and of one that was corrected.
    """
    database = Database.open(url, keys, data_keys)
    house = ReportedPractice(database)
    admin = house.member("Kim Adams", MemberRole.ADMIN, slack="U0KIM")
    patient, twin = house.billable("101"), house.patient("102", assessed_on=None)
    house.works(twin, 7, DAY, note="of the same person under another MRN")
    first, second = entries_of(house, patient)
    house.do(corrects, house, second)
    house.do(advises, house, patient)
    house.do(merge, admin, ref(twin), ref(patient))
    house.do(close_month, house.sam, OCTOBER)
    house.works(patient, 10, date(2026, 11, 3), note="of a month that is open")
    house.at(LATER)
    house.do(set_setting, admin, SettingRequest(text="keep_notes_years 10 years"))
    house.do(old_notes.look)
    house.at(LATER + NOTICE)
    house.do(old_notes.look)
    while house.do(retention.remove_some):
        pass
    database.close()
    return entry_reference(first.entry_id), entry_reference(second.entry_id)


def ref(patient: Patient) -> PatientRef:
    return PatientRef(text=patient.mrn, identity=patient.identity)


def entries_of(house: ReportedPractice, patient: Patient) -> tuple[TimeEntry, ...]:
    """A patient's entries of October."""
    return house.see(
        lambda context: context.uow.ledger.patient_month(
            patient.patient_id, OCTOBER.first_day, OCTOBER.last_day
        )
    )


def corrects(context: Context, house: ReportedPractice, entry: TimeEntry) -> None:
    """Ana corrects a note, and says why."""
    context.uow.ledger.correct(
        entry.entry_id,
        1,
        EntryChanges(note="talked about sleep"),
        by=house.ana.member_id,
        at=context.now,
        source="chat",
        reason="wrong patient's note",
    )
    context.uow.commit()


def advises(context: Context, house: ReportedPractice, patient: Patient) -> None:
    """Dr. Cho gives advice."""
    review = CaseReview(
        review_id=0,
        patient_id=patient.patient_id,
        reviewed_on=date(2026, 10, 20),
        consultant=house.cho.member_id,
        recorded_by=house.ana.member_id,
        recorded_at=context.now,
    )
    context.uow.reviews.add(review, ADVICE)
    context.uow.commit()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def proving(
    request: pytest.FixtureRequest, cocm: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Proving:
    """The same on each of the two databases, under an audit key."""
    url = request.getfixturevalue(f"{request.param}_url")
    monkeypatch.setenv("COCM_DATABASE_URL", url)
    monkeypatch.setenv("COCM_AUDIT_KEY", KEY)
    return Proving(cocm, monkeypatch, tmp_path, *removed_notes(url, AuditKeys([KEY])))


@pytest.fixture
def proving_here(sqlite_url: str, cocm: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Proving:
    """The same on SQLite, for what no database does otherwise."""
    monkeypatch.setenv("COCM_AUDIT_KEY", KEY)
    return Proving(cocm, monkeypatch, tmp_path, *removed_notes(sqlite_url, AuditKeys([KEY])))


def test_a_removed_note_is_proven_by_its_words(proving: Proving) -> None:
    """What stood where, when it was removed and under what, and that a sealed chain says so; nothing names anybody."""
    proving.cocm("audit", "seal")
    said = proving.prove(proving.entry)
    assert f"Exactly this text stood in {proving.entry}, version 1, of patient P-" in said
    assert "Oct 6, 2026. It was written by event " in said
    assert "It was removed by event " in said
    assert "Dec 15, 2036, 10:00 am, under the practice's retention of 10 years (note_removal:1)." in said
    assert "The audit chain holds from its first event to its last" in said
    assert "Seal 1 of " in said
    assert NOTE not in said
    assert "MRN" not in said

    found = json.loads(proving.prove(proving.entry, "--json", "--file", proving.file(f"{NOTE}\n"), text=""))
    assert (found["matches"], found["chain"]["holds"]) == (True, True)
    (one,) = found["found"]
    assert (one["where"], one["to_the_letter"], one["keep_notes_years"]) == (
        f"{proving.entry}, version 1",
        True,
        10,
    )
    assert one["removed"]["at"].startswith("2036-12-15")
    assert one["removed"]["event"] > one["written"]["event"]
    assert found["chain"]["sealed_to"] > one["removed"]["event"]


@pytest.mark.parametrize("other", [NOTE + ".", NOTE.replace("call", "Call"), NOTE[:-1], "removed", ADVICE])
def test_any_other_text_is_not_what_stood_there(proving_here: Proving, other: str) -> None:
    """One letter more, less or another: exit 1, and nothing of either text is shown."""
    said = proving_here.prove(proving_here.entry, text=other, code=1)
    assert f"This is not the text that stood in {proving_here.entry}, version 1" in said
    assert NOTE not in said
    assert (
        json.loads(
            proving_here.cocm(
                *("retention", "prove", proving_here.entry, "--json", "--file", proving_here.file(other)),
                code=1,
            ).stdout
        )["matches"]
        is False
    )


def test_what_printing_does_to_a_text_is_said(proving_here: Proving) -> None:
    """Line ends and blanks around the words, and Windows' mark, are none of the words."""
    assert "Exactly this text stood" in proving_here.prove(proving_here.entry, text=f"\ufeff{NOTE}\r\n")
    broken = f"\n  {NOTE.replace(' with', chr(10) + '  with')} \n"
    said = proving_here.prove(proving_here.entry, text=broken)
    assert "This text, without the line ends and blanks around its words, stood in" in said


def test_a_patient_and_a_day_do_where_nobody_has_the_reference(proving: Proving) -> None:
    """Of entries and of a consultant's advice, also where the patient was merged; the wrong day has none."""
    assert f"stood in {proving.entry}, version 1" in proving.prove("MRN101", "--on", "2026-10-06")
    advice = proving.prove("MRN101", "--on", "2026-10-20", text=ADVICE)
    assert "stood in the advice of review 2, of patient P-" in advice
    assert "It was removed by event" in advice
    twin = proving.prove("MRN101", "--on", "2026-10-06", text="of the same person under another MRN")
    assert "Exactly this text stood in e-" in twin
    assert "There never was a note for P-" in proving.prove("MRN101", "--on", "2026-10-07", code=1)
    assert "No patient MRN999 is known" in proving.prove("MRN999", "--on", "2026-10-06", code=1)


def test_a_reason_that_stood_beside_the_note_is_given_as_well(proving: Proving) -> None:
    """The digest covers both; without it the refusal says what is missing."""
    said = proving.prove(proving.corrected, text="talked about sleep", code=1)
    assert f"Beside the note of {proving.corrected}, version 2 stood a reason" in said
    assert "--reason-file" in said
    reason = proving.file("wrong patient's note\n")
    said = proving.prove(proving.corrected, "--reason-file", reason, text="talked about sleep")
    assert f"Exactly this text stood in {proving.corrected}, version 2" in said
    wrong = proving.file("another reason")
    proving.prove(proving.corrected, "--reason-file", wrong, text="talked about sleep", code=1)


def test_a_note_that_still_stands_is_proven_likewise(proving_here: Proving) -> None:
    """Of a month that is open nothing was removed; what stands in a removed note's place is no note."""
    said = proving_here.prove("MRN101", "--on", "2026-11-03", text="of a month that is open")
    assert "It stands there still." in said
    assert "is not sealed yet; its MAC is right." in said


def test_without_the_key_of_the_digest_nothing_is_claimed(proving_here: Proving) -> None:
    """Exit 3, which key is missing, and what to do; named behind the new one, it is enough."""
    proving_here.monkeypatch.setenv("COCM_AUDIT_KEY", f"{OTHER},{KEY}")
    proving_here.cocm("audit", "seal")
    proving_here.monkeypatch.setenv("COCM_AUDIT_KEY", OTHER)
    said = proving_here.prove(proving_here.entry, code=3)
    assert "which is not at hand" in said
    assert "COCM_AUDIT_KEY" in said
    proving_here.monkeypatch.setenv("COCM_AUDIT_KEY", f"{OTHER},{KEY}")
    assert "Exactly this text" in proving_here.prove(proving_here.entry)


def test_a_chain_that_does_not_hold_proves_little(proving_here: Proving) -> None:
    """The text matches its digest, and somebody changed an event: exit 1, and where to look."""
    with sqlite3.connect(proving_here.folder / "cocm.db") as raw:
        (trigger,) = raw.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_event' "
            "AND sql LIKE '%BEFORE UPDATE%'"
        ).fetchone()
        raw.execute(f"DROP TRIGGER {trigger}")
        raw.execute("UPDATE audit_event SET actor = 1 WHERE action = 'notes.removed'")
    raw.close()
    said = proving_here.prove(proving_here.entry, code=1)
    assert "The text matches, and the audit chain does not hold" in said
    assert "cocm audit verify" in said
    assert "The audit chain holds" not in said


def test_without_any_key_the_proof_says_less(
    sqlite_url: str, cocm: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Plain digests match as well; whoever can write to the database could have made all of it again."""
    proving = Proving(cocm, monkeypatch, tmp_path, *removed_notes(sqlite_url, AuditKeys()))
    said = proving.prove(proving.entry)
    assert "Exactly this text stood" in said
    assert "It has no key" in said
    assert "--expect HEAD" in said


def test_notes_that_were_encrypted_are_proven_likewise(
    sqlite_url: str, cocm: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The digest is of the words as they were written."""
    monkeypatch.setenv("COCM_AUDIT_KEY", KEY)
    monkeypatch.setenv("COCM_DATA_KEYS", "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=")
    made = removed_notes(
        sqlite_url, AuditKeys([KEY]), DataKeys(["a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s="])
    )
    proving = Proving(cocm, monkeypatch, tmp_path, *made)
    assert "Exactly this text stood" in proving.prove(proving.entry)


def test_what_cannot_be_compared_is_refused_with_what_to_do(proving_here: Proving) -> None:
    """Nothing, bytes, a file that is not there, a reference that names no entry, a day that is none."""
    assert "There is no text to compare" in proving_here.prove(proving_here.entry, text=" \n", code=1)
    assert "not UTF-8" in proving_here.prove(proving_here.entry, text=b"\xff\xfe", code=1)
    assert "longer than any note" in proving_here.prove(proving_here.entry, text="a" * 1_000_001, code=1)
    assert "cannot be read" in proving_here.prove(proving_here.entry, "--file", "none.txt", code=3)
    assert "is not an entry's reference" in proving_here.prove("MRN101", code=1)
    assert "There is no entry" in proving_here.prove(entry_reference(4711), code=1)
    assert "write it as 2026-10-15" in proving_here.prove("MRN101", "--on", "Oct 6", code=2)


def test_a_proof_is_a_read_of_the_patient(proving_here: Proving) -> None:
    """The chain says that somebody asked, by the patient's number."""
    proving_here.prove(proving_here.entry)
    with sqlite3.connect(proving_here.folder / "cocm.db") as raw:
        (details,) = raw.execute(
            "SELECT details FROM audit_event WHERE action = 'data.read' ORDER BY seq DESC LIMIT 1"
        ).fetchone()
    raw.close()
    (read,) = json.loads(details)["reads"]
    assert (read["what"], read["patients"]) == ("practice.proving.prove", "1")
