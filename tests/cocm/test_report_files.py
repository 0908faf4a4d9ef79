"""Where `cocm report` writes: whole files that only their owner reads, named after their edition, never by accident."""

import io
import os
import pty
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import openpyxl
import pytest

from cocm import output_files
from tests.cocm.test_billing_commands import imported
from tests.support.commands import Run
from tests.support.files import rows_of

OCTOBER = ("report", "2026-10", "--format")
CSV, XLSX = (*OCTOBER, "csv"), (*OCTOBER, "xlsx")


@contextmanager
def terminal(monkeypatch: pytest.MonkeyPatch, typed: str) -> Iterator[None]:
    """Standard input and errors at a terminal, where somebody types."""
    keyboard, screen = pty.openpty()
    os.write(keyboard, typed.encode())
    with open(screen, encoding="utf-8", closefd=False) as given:
        monkeypatch.setattr(sys, "stdin", given)
        monkeypatch.setattr(type(sys.stderr), "isatty", lambda _: True, raising=False)
        yield
    for side in (keyboard, screen):
        os.close(side)


def test_in_a_folder_a_file_is_named_after_its_edition(cocm: Run, tmp_path: Path) -> None:
    """Draft until the month is closed, then its revision; several months are a draft while one is open."""
    imported(cocm, tmp_path)
    (tmp_path / "out").mkdir()
    assert (
        cocm(*CSV, "--output", "out/").stdout.decode()
        == f"Written to {tmp_path}/out/cocm-2026-10-draft.csv.\n"
    )
    cocm("import", "members", _members(tmp_path))
    cocm("close", "2026-10", "--by", "Sam")
    cocm(*XLSX, "--output", "out")
    cocm(*CSV, "--to", "2026-11", "--output", "out")
    cocm("report", "2026-10", "--output", "out")
    assert sorted(one.name for one in (tmp_path / "out").iterdir()) == [
        "cocm-2026-10-draft.csv",
        "cocm-2026-10-revision-1.txt",
        "cocm-2026-10-revision-1.xlsx",
        "cocm-2026-10-to-2026-11-draft.csv",
    ]


def _members(folder: Path) -> str:
    (folder / "members.csv").write_text(
        "slack_user_id,display_name,roles,time_zone,digest_at\nU0SAM,Sam,biller,,\n"
    )
    return "members.csv"


@pytest.mark.parametrize("form", ["table", "csv", "xlsx", "json"])
def test_nothing_is_replaced_unless_it_is_said(cocm: Run, tmp_path: Path, form: str) -> None:
    """Without a terminal it is refused with the option that does it; what is replaced is private from then on."""
    kept = tmp_path / "kept"
    kept.write_text("mine")
    kept.chmod(0o644)
    said = cocm(*OCTOBER, form, "--output", "kept", code=1).stderr.decode()
    assert "kept exists. Add --overwrite to replace it" in said
    assert (kept.read_text(), kept.stat().st_mode & 0o777) == ("mine", 0o644)
    cocm(*OCTOBER, form, "--output", "kept", "--overwrite")
    assert (kept.read_bytes() != b"mine", kept.stat().st_mode & 0o777) == (True, 0o600)
    assert sorted(one.name for one in tmp_path.iterdir() if "cocm.db" not in one.name) == ["kept"]


@pytest.mark.parametrize(("typed", "code"), [("y\n", 0), ("n\n", 1), ("\n", 1)])
def test_on_a_terminal_it_is_asked(
    cocm: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: str, code: int
) -> None:
    """Only a yes replaces a file."""
    (tmp_path / "kept").write_text("mine")
    with terminal(monkeypatch, typed):
        said = cocm(*CSV, "--output", "kept", code=code).stderr.decode()
    assert "kept exists. Replace it?" in said
    assert ((tmp_path / "kept").read_text() == "mine") == bool(code)


def test_a_file_is_whole_or_as_it_was(cocm: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk and Ctrl-C leave what was there, and nothing beside it."""
    (tmp_path / "kept").write_text("mine")
    for error, code in ((OSError(28, "No space left on device"), 3), (KeyboardInterrupt(), 130)):

        def fail(_: int, error: BaseException = error) -> None:
            raise error

        monkeypatch.setattr(output_files.os, "fsync", fail)
        said = cocm(*CSV, "--output", "kept", "--overwrite", code=code).stderr.decode()
        assert ("kept cannot be written: No space left on device." in said) == (code == 3)
        assert (tmp_path / "kept").read_text() == "mine"
        assert not list(tmp_path.glob(".cocm-*"))


def test_a_link_leads_to_what_is_written(cocm: Run, tmp_path: Path) -> None:
    """The link stays one."""
    (tmp_path / "link").symlink_to(tmp_path / "far")
    cocm(*CSV, "--output", "link")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "far").read_bytes().startswith(b"Date,")


def test_places_that_take_no_report_are_named(cocm: Run, tmp_path: Path) -> None:
    """A folder that is not there, a name that is too long, no name, a full device, a database."""
    for output, code, said in (
        ("no/such/", 3, "The folder no/such/ does not exist."),
        ("no/such/file", 3, "cannot be written: No such file or directory."),
        ("x" * 300, 3, "cannot be written: File name too long."),
        ("", 1, "--output names no file."),
        ("/dev/full", 3, "/dev/full cannot be written: No space left on device."),
    ):
        for form in ("csv", "xlsx", "table", "json"):
            assert said in cocm(*OCTOBER, form, "--output", output, code=code).stderr.decode(), output
    (tmp_path / "copy.db").write_bytes((tmp_path / "cocm.db").read_bytes())
    said = cocm(*CSV, "--output", "copy.db", "--overwrite", code=1).stderr.decode()
    assert "copy.db is a database" in said
    cocm(*CSV, "--output", "/dev/null")
    assert Path("/dev/null").is_char_device()


def test_a_workbook_goes_into_a_pipe_and_never_to_a_terminal(
    cocm: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By whatever name the terminal goes."""
    assert openpyxl.load_workbook(io.BytesIO(cocm(*XLSX).stdout)).active is not None
    assert openpyxl.load_workbook(io.BytesIO(cocm(*XLSX, "--output", "-").stdout)).active is not None
    with terminal(monkeypatch, ""):
        said = cocm(*XLSX, "--output", os.ttyname(sys.stdin.fileno()), code=1)
        assert "nothing for a terminal to show" in said.stderr.decode()
        monkeypatch.setattr(type(sys.stdout), "isatty", lambda _: True, raising=False)
        assert "--output november.xlsx" in cocm(*XLSX, code=1).stderr.decode()


def test_csv_takes_iso_dates_and_the_mark_of_utf_8(cocm: Run, tmp_path: Path) -> None:
    """Days of both forms in every column of days; M/D/YYYY and no mark unless asked."""
    imported(cocm, tmp_path)
    usual, iso = cocm(*CSV).stdout, cocm(*CSV, "--dates", "iso", "--bom").stdout
    assert cocm(*CSV, "--dates", "us").stdout == usual
    assert not usual.startswith(b"\xef\xbb\xbf")
    assert iso.startswith(b"\xef\xbb\xbfDate,")
    (us_row,), (iso_row,) = rows_of(usual), rows_of(iso.removeprefix(b"\xef\xbb\xbf"))
    changed = {name: (cell, iso_row[name]) for name, cell in us_row.items() if cell != iso_row[name]}
    assert changed == {
        "Date": ("10/1/2026", "2026-10-01"),
        "Initial Assessment": ("8/3/2026", "2026-08-03"),
        "Threshold met on": ("10/6/2026", "2026-10-06"),
        "Date of service": ("10/6/2026", "2026-10-06"),
        "Consent on": ("8/3/2026", "2026-08-03"),
        "Last review": ("10/7/2026", "2026-10-07"),
    }
    book = openpyxl.load_workbook(io.BytesIO(cocm(*XLSX, "--dates", "iso").stdout))
    assert book["All lines"]["A2"].number_format == "yyyy-mm-dd"


@pytest.mark.parametrize(
    "options", [("table", "--dates", "iso"), ("json", "--dates", "us"), ("json", "--bom"), ("xlsx", "--bom")]
)
def test_options_that_a_form_cannot_follow_are_refused(cocm: Run, options: tuple[str, ...]) -> None:
    """Rather than left out in silence."""
    cocm(*OCTOBER, *options, code=2)
    cocm(*OCTOBER, "json", "--dates", "iso")
