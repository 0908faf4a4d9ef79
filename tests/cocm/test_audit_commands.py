"""`cocm audit head`, `seal` and `verify`, as whoever runs the bot types them."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.support.commands import Run

KEY, OTHER = "0123456789abcdef" * 4, "fedcba9876543210" * 4


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def audited(
    request: pytest.FixtureRequest, cocm: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Run:
    """The program on each database, with a patient that it imported without a key."""
    monkeypatch.setenv("COCM_DATABASE_URL", request.getfixturevalue(f"{request.param}_url"))
    imported(cocm, tmp_path, "MRN10200")
    return cocm


def imported(cocm: Run, folder: Path, mrn: str) -> None:
    """Something more in the chain."""
    file = folder / "patients.csv"
    file.write_text(f"mrn,first_name,last_name\n{mrn},Bo,Reyes\n", encoding="utf-8")
    cocm("import", "patients", str(file))


def head(cocm: Run) -> str:
    """The head alone, on the last line."""
    return cocm("audit", "head").stdout.decode().splitlines()[-1]


def test_a_head_that_was_noted_is_found_with_what_came_after_it(audited: Run, tmp_path: Path) -> None:
    """Whole, in short, in capitals, with blanks; one that this chain never had, and what is none, are refused."""
    before = head(audited)
    assert len(before) == 64
    assert b"Nothing came after it." in audited("audit", "verify", "--expect", before).stdout
    imported(audited, tmp_path, "MRN55731")
    now = head(audited)
    assert now != before
    for form in (before, before.upper(), f" {before} ", f"{before[:4]}-{before[4:8]}-{before[8:12]}"):
        assert b" came after it." in audited("audit", "verify", "--expect", form).stdout
    strange = "0123456789ab" + before[12:]
    assert b"is not in this chain" in audited("audit", "verify", "--expect", strange, code=1).stderr
    for garbage in ("head", "12", "", f"{before}0", before[:11]):
        assert (
            b"is no head of an audit chain" in audited("audit", "verify", "--expect", garbage, code=1).stderr
        )


def test_another_practices_head_and_an_earlier_state_are_refused(
    cocm: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, migrated_sqlite: Path
) -> None:
    """A file copied without its -wal is whole in itself; the head that was noted is not in it."""
    imported(cocm, tmp_path, "MRN10200")
    shutil.copyfile(migrated_sqlite, tmp_path / "other.db")
    monkeypatch.setenv("COCM_DATABASE_URL", f"sqlite:///{tmp_path}/other.db")
    imported(cocm, tmp_path, "MRN10200")
    foreign = head(cocm)
    monkeypatch.setenv("COCM_DATABASE_URL", f"sqlite:///{tmp_path}/cocm.db")
    assert b"is not in this chain" in cocm("audit", "verify", "--expect", foreign, code=1).stderr

    # Whoever has the file open keeps the -wal from being written back.
    reader = sqlite3.connect(tmp_path / "cocm.db")
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM patient").fetchall()
    imported(cocm, tmp_path, "MRN55731")
    noted = head(cocm)
    shutil.copyfile(tmp_path / "cocm.db", tmp_path / "restored.db")
    reader.close()
    monkeypatch.setenv("COCM_DATABASE_URL", f"sqlite:///{tmp_path}/restored.db")
    cocm("audit", "verify")
    said = cocm("audit", "verify", "--expect", noted, code=1).stderr.decode()
    assert "copied without its -wal file" in said


def test_a_chain_is_sealed_by_its_key_and_by_no_other(
    audited: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a key it cannot be; with one it is once; another needs the old one beside it, unless that is lost."""
    assert b"There is no key to seal with." in audited("audit", "seal", code=1).stderr
    assert b"It has no key" in audited("audit", "verify").stdout
    monkeypatch.setenv("COCM_AUDIT_KEY", KEY)
    assert b"run `cocm audit seal` once" in audited("audit", "verify", code=1).stderr
    assert b"Sealed up to event" in audited("audit", "seal").stdout
    assert b"sealed to its end already" in audited("audit", "seal").stdout
    said = audited("audit", "verify").stdout
    assert b"Sealed to its end" in said
    imported(audited, tmp_path, "MRN55731")
    assert b"Sealed to its end" in audited("audit", "verify").stdout

    monkeypatch.setenv("COCM_AUDIT_KEY", OTHER)
    assert b"which is not at hand" in audited("audit", "seal", code=1).stderr
    assert b"is not at hand" in audited("audit", "verify", code=1).stderr
    monkeypatch.setenv("COCM_AUDIT_KEY", f"{OTHER},{KEY}")
    assert b"Everything stands" in audited("audit", "verify").stdout
    monkeypatch.setenv("COCM_AUDIT_KEY", OTHER)
    assert b"Sealed up to event" in audited("audit", "seal", "--lost-key").stdout
    assert b"the seals hold them all the same" in audited("audit", "verify").stdout
    imported(audited, tmp_path, "MRN90817")
    monkeypatch.delenv("COCM_AUDIT_KEY")
    assert b"No key is set here" in audited("audit", "verify").stdout


def test_what_is_no_key_and_no_database_is_a_fault_of_the_environment(
    cocm: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit code 3, and one sentence that repeats no key."""
    monkeypatch.setenv("COCM_AUDIT_KEY", "short-secret")
    for words in (("verify",), ("head",), ("seal",)):
        said = cocm("audit", *words, code=3).stderr
        assert b"shorter than 32 characters" in said
        assert b"short-secret" not in said
    monkeypatch.setenv("COCM_AUDIT_KEY", KEY)
    monkeypatch.setenv("COCM_DATABASE_URL", f"sqlite:///{tmp_path}/nothing.db")
    for words in (("verify",), ("head",)):
        assert b"There is no database at" in cocm("audit", *words, code=3).stderr
    (tmp_path / "nothing.db").write_bytes(b"no database at all, and long enough to be looked at" * 100)
    cocm("audit", "verify", code=3)
