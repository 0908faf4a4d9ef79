"""Encryption at rest from the command line: on, from key to key, and without the key."""

from pathlib import Path

import pytest

from storage import DataKeys, new_key
from tests.support.commands import Run

#: Stands in the note and in the name of a patient, and nowhere else.
WORD = b"wolverine"
PATIENTS = b"mrn,first_name,last_name,program,enrolled_on\nMRN1,Bo Wolverine,Reyes,cocm,2026-01-05\n"
ENTRIES = (
    b"entry_key,mrn,service_date,minutes,activity,performed_by,note,recorded_on\n"
    b"a1,MRN1,2026-11-02,20,phone,Ana Reyes,talked about a wolverine,2026-11-02\n"
)
MEMBERS = b"slack_user_id,display_name,roles\nU0ANA,Ana Reyes,care_manager\nU0KIM,Kim Adams,admin\n"


@pytest.fixture
def practice(cocm: Run, tmp_path: Path) -> Path:
    """A practice with a note and a named patient, written without keys; its folder."""
    for kind, rows in (("members", MEMBERS), ("patients", PATIENTS), ("entries", ENTRIES)):
        (tmp_path / f"{kind}.csv").write_bytes(rows)
        cocm("import", kind, f"{kind}.csv")
    return tmp_path


def at_rest(folder: Path) -> bytes:
    """Every byte of the database."""
    return b"".join(file.read_bytes() for file in sorted(folder.glob("*.db*"))).lower()


def test_keys_are_counted_by_their_ids(cocm: Run, practice: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Plain, then under one key, then under another; no key is printed, and no plain word stays in the file."""
    assert cocm("keys", "check").stdout == b"Plain: 5 values.\n"
    assert b"no key to encrypt under" in cocm("keys", "rotate", code=1).stderr
    assert WORD in at_rest(practice)
    old, new = new_key(), new_key()
    monkeypatch.setenv("COCM_DATA_KEYS", old)
    done = cocm("keys", "rotate").stdout.decode()
    old_id = DataKeys([old]).current_id
    assert f"5 values encrypted under key {old_id}, 5 of which had been plain." in done
    assert old not in done
    assert WORD not in at_rest(practice)
    assert b"Wolverine" in cocm("report", "2026-11", "--format", "csv").stdout
    (practice / "keys").write_text(f"# since November\n{new}\n{old}\n", encoding="utf-8")
    monkeypatch.delenv("COCM_DATA_KEYS")
    monkeypatch.setenv("COCM_DATA_KEYS_FILE", "keys")
    assert f"Key {old_id} is no longer needed" in cocm("keys", "rotate").stdout.decode()
    (practice / "keys").write_text(new, encoding="utf-8")
    assert b"Wolverine" in cocm("report", "2026-11", "--format", "csv").stdout
    counted = cocm("keys", "check").stdout.decode()
    assert f"Key 1, {DataKeys([new]).current_id} (encrypts): 5 values.\nPlain: 0 values." in counted
    assert b"Everything stands" in cocm("audit", "verify").stdout


def test_a_program_without_the_key_does_nothing_until_the_key_is_given_up(
    cocm: Run, practice: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is reported or stored; given up, figures stand and words are said to be unreadable."""
    assert practice
    key = new_key()
    monkeypatch.setenv("COCM_DATA_KEYS", key)
    cocm("keys", "rotate")
    key_id = DataKeys([key]).current_id
    monkeypatch.delenv("COCM_DATA_KEYS")
    for words in (("report", "2026-11"), ("import", "members", "members.csv"), ("retention",)):
        assert f"encrypted under key {key_id}" in cocm(*words, code=3).stderr.decode()
    without = cocm("audit", "verify").stdout
    assert b"rows could not be compared" in without
    monkeypatch.setenv("COCM_DATA_KEYS", key)
    assert b"is at hand" in cocm("keys", "lost", key_id, "--yes", code=1).stderr
    monkeypatch.delenv("COCM_DATA_KEYS")
    assert b"5 values under it stay unreadable" in cocm("keys", "lost", key_id, "--yes").stdout
    report = cocm("report", "2026-11", "--format", "csv").stdout
    assert b"MRN1,[these words cannot be read" in report
    assert b",20," in report
    monkeypatch.setenv("COCM_DATA_KEYS", key)
    assert b"Wolverine" in cocm("report", "2026-11", "--format", "csv").stdout


def test_what_is_no_key_is_said(cocm: Run, practice: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is written without one, and the word itself is not repeated."""
    assert practice
    monkeypatch.setenv("COCM_DATA_KEYS", "swordfish")
    found = cocm("report", "2026-11", code=3).stderr
    assert b"COCM_DATA_KEYS holds a word that is no data key. Make one: cocm keys new" in found
    assert b"swordfish" not in found
    monkeypatch.setenv("COCM_DATA_KEYS_FILE", "keys")
    assert b"are both set" in cocm("report", "2026-11", code=3).stderr
    monkeypatch.delenv("COCM_DATA_KEYS")
    assert b"COCM_DATA_KEYS_FILE names keys, which cannot be read" in cocm("report", "2026-11", code=3).stderr


def test_notes_on_hold_are_listed(cocm: Run, practice: Path) -> None:
    """With who said so and why, until they are released."""
    assert practice
    assert b"Notes are kept forever." in cocm("retention").stdout
    done = cocm("retention", "hold", "MRN1", "a lawsuit", "--by", "Kim Adams").stdout
    assert b"are on hold" in done
    assert b"by Kim Adams: a lawsuit" in cocm("retention").stdout
    assert b"Only administrators" in cocm("retention", "release", "MRN1", "--by", "Ana Reyes", code=1).stderr
    assert b"no longer on hold" in cocm("retention", "release", "MRN1", "--by", "Kim Adams").stdout
    assert b"lawsuit" not in cocm("retention").stdout
    assert b"Everything stands" in cocm("audit", "verify").stdout
