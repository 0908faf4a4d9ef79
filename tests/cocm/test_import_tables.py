"""The command line takes in any table a practice has, lists what there is, and keeps how a file was read."""

import io
import json
import sys
from pathlib import Path

import pytest

from cocm.import_commands import ImportKind
from services.imports.load import KINDS
from tests.support.commands import Run
from tests.support.sheets import HEADER, OTHER_ROW, ROW, lines, saved, workbook_of

TRACKED = lines(
    ("Entry ID", "Project", "DOS", "Minutes spent", "User", "Email", "Tags"),
    ("1", "MRN7123 - Doe", "11/3/2026", "25", "Ana Flores", "ana@clinic.example", "phone"),
    ("2", "Internal", "11/3/2026", "5", "Ana Flores", "ana@clinic.example", ""),
)


def test_kinds_columns_and_mappings_are_listed(cocm: Run) -> None:
    """`cocm import` alone names every kind, column and mapping; with a kind, only its own."""
    said = cocm("import").stdout.decode()
    assert [name for name in KINDS if f"cocm import {name} FILE:" not in said] == []
    assert "the patient's medical record number" in said
    assert "clockify" in said
    told = json.loads(cocm("import", "entries", "--json").stdout)
    assert [one["kind"] for one in told["kinds"]] == ["entries"]
    mrn = next(one for one in told["kinds"][0]["columns"] if one["name"] == "mrn")
    assert mrn["needed"]
    assert "patient_id" in mrn["synonyms"]
    assert {one["name"] for one in told["mappings"]} == {"clockify", "toggl", "harvest", "kimai", "tempo"}


def test_a_template_is_written_once_and_takes_rows(cocm: Run, tmp_path: Path) -> None:
    """It goes to the terminal, or to a file that is not there yet; rows typed below its example are read."""
    printed = cocm("import", "--template", "members").stdout.decode()
    cocm("import", "--template", "members", "--output", "members.csv")
    file = tmp_path / "members.csv"
    assert file.read_bytes().decode() == printed
    assert (
        b"is there already"
        in cocm("import", "--template", "members", "--output", "members.csv", code=3).stderr
    )
    header = next(row for row in printed.splitlines() if row.startswith("slack_user_id"))
    row = {"display_name": "Ana Flores", "roles": "care_manager"}
    typed = ",".join(row.get(name, "") for name in header.split(","))
    file.write_text(printed + typed + "\r\n")
    assert b"Imported 1 row of members: 1 new" in cocm("import", "members", "members.csv").stdout


@pytest.mark.parametrize("word", list(ImportKind))
def test_only_kinds_of_files_have_templates(cocm: Run, word: ImportKind) -> None:
    """Other words in a kind's place are refused as such."""
    cocm("import", "--template", word.value, code=0 if word.value in KINDS else 2)


def test_a_file_in_the_place_of_its_kind_is_answered_with_the_command(cocm: Run) -> None:
    """What a stranger types first; a slip is answered with the word that is meant."""
    said = " ".join(cocm("import", "toggl.csv", code=2).stderr.decode().replace("│", " ").split())
    assert "Say what the file holds: cocm import entries toggl.csv." in said
    said = " ".join(cocm("import", "entrys", "x.csv", code=2).stderr.decode().replace("│", " ").split())
    assert "'entrys' is no kind of file. Did you mean entries?" in said


def test_one_kind_lists_other_names_and_all_kinds_do_not(cocm: Run) -> None:
    """The list of all is long enough; names stand in the same order each time."""
    assert b"Also known as" not in cocm("import").stdout
    said = cocm("import", "members").stdout
    assert b"Also known as" in said
    assert b"name, user, staff, member, ..." in said


def test_a_workbook_and_standard_input_are_taken_in(
    cocm: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same table as a workbook and through a pipe: the second time nothing is new."""
    (tmp_path / "time.xlsx").write_bytes(saved(workbook_of(("Time of November",), HEADER, ROW, OTHER_ROW)))
    first = cocm("import", "entries", "time.xlsx", "--sheet", "Time")
    assert b"Imported 2 rows of entries: 2 new" in first.stdout
    assert b"The header is on row 2" in first.stderr
    assert not first.stderr.startswith(b"\n"), "no bar is drawn where nobody sees it move"
    piped = io.TextIOWrapper(io.BytesIO(lines(HEADER, ROW, OTHER_ROW).encode()))
    monkeypatch.setattr(sys, "stdin", piped)
    assert b"0 new" in cocm("import", "entries", "-").stdout


def test_a_mapping_is_said_saved_used_replaced_and_forgotten(cocm: Run, tmp_path: Path) -> None:
    """What was said once reads the next file; a dry run keeps nothing, and the audit chain knows of each."""
    (tmp_path / "time.csv").write_text(TRACKED)
    refused = cocm("import", "entries", "time.csv", "--map", "mrn=Project", code=1).stderr.decode()
    assert "'Internal' in 'Project' holds no MRN" in refused
    said = ("entries", "time.csv", "--map", 'mrn="Project"', "--skip", "Project=internal")
    assert b"It would keep" in cocm("import", *said, "--save-as", "ours", "--dry-run").stdout
    assert b"no mapping 'ours'" in cocm("import", "entries", "time.csv", "--as", "ours", code=1).stderr
    done = cocm("import", *said, "--save-as", "ours")
    assert b"1 new" in done.stdout
    assert b"kept as ours" in done.stdout
    assert b"Left out 2 columns that are not known here: 'Email', 'Tags'" in done.stderr
    assert b"0 new" in cocm("import", "entries", "time.csv", "--as", "Ours").stdout
    assert b"in place of the one" in cocm("import", *said, "--save-as", "OURS").stdout
    assert "your own" in cocm("import", "entries").stdout.decode()
    assert b"is for files of entries" in cocm("import", "scores", "time.csv", "--as", "ours", code=1).stderr
    cocm("import", "--forget", "ours")
    assert b"no mapping 'ours'" in cocm("import", "--forget", "ours", code=1).stderr
    cocm("audit", "verify")


def test_a_mapping_may_be_a_file(cocm: Run, tmp_path: Path) -> None:
    """A TOML file beside the export, as the shipped ones are written."""
    (tmp_path / "time.csv").write_text(TRACKED)
    (tmp_path / "own.toml").write_text(
        'kind = "entries"\n[columns]\nentry_key = "Entry ID"\nmrn = { header = "Project", pattern = "patient" }\n'
        'service_date = "DOS"\nminutes = "Minutes spent"\nperformed_by = "User"\n[skip]\nProject = ["Internal"]\n'
    )
    assert b"1 new" in cocm("import", "entries", "time.csv", "--as", "own.toml").stdout
    (tmp_path / "own.toml").write_text("kind = ")
    assert b"is not TOML" in cocm("import", "entries", "time.csv", "--as", "own.toml", code=1).stderr
    cocm("import", "entries", "time.csv", "--as", "none.toml", code=3)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--map", "mrn"), 2),
        (("--map", "=Project"), 2),
        (("--unit", "weeks"), 2),
        (("--dates", "ymd"), 2),
        (("--save-as", "clockify"), 1),
        (("--save-as", "my own!"), 1),
        (("--sheet", "Time"), 1),
        (("--strict",), 1),
    ],
)
def test_what_cannot_be_meant_is_refused(
    cocm: Run, tmp_path: Path, words: tuple[str, ...], code: int
) -> None:
    """Before anything is stored."""
    (tmp_path / "time.csv").write_text(TRACKED.replace("Internal", "MRN7124"))
    mapped = () if words[0] == "--map" else ("--map", "mrn=Project")
    cocm("import", "entries", "time.csv", *mapped, *words, code=code)
    assert b"2 new" in cocm("import", "entries", "time.csv", "--map", "mrn=Project").stdout


@pytest.mark.parametrize("kind", list(KINDS))
def test_what_is_left_out_is_said_for_every_kind(cocm: Run, tmp_path: Path, kind: str) -> None:
    """No kind of file takes a table without saying which of its columns it does not know."""
    (tmp_path / "file.csv").write_text(lines((*KINDS[kind].columns, "Shoe size"), ()))
    assert b"'Shoe size'" in cocm("import", kind, "file.csv", "--dry-run").stderr
