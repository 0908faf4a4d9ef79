"""Opens a report's files with pandas, polars and DuckDB, and compares what they read with what docs/reports.md says.

    make readers        installs the pinned programs into a temporary folder; a minute or two, 500 MB

No test: the programs are large, and nothing else here needs them.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ("pandas==3.1.1", "openpyxl==3.1.5", "polars==2.1.0", "fastexcel==0.21.0", "duckdb==2.0.1")
#: DuckDB reads workbooks by an extension that PyPI has for this release.
WITH_EXTENSION = ("duckdb==1.4.4", "duckdb-ext-excel==1.4.4.20260205")

PATIENTS = """\
mrn,first_name,last_name,program,payer,referring_npi,enrolled_on,consent_on,initial_assessment_on,place_of_service
00123,Zoë,Núñez,CoCM,Cedar Health,1234567893,2026-08-03,2026-08-03,2026-08-03,02
00456,Bo,Reyes,CoCM,Cedar Health,1234567893,2026-09-05,2026-09-05,2026-09-05,11
00789,Al,Stone,CoCM,Cedar Health,1234567893,2026-08-03,2026-08-03,2026-08-03,11
"""
MEMBERS = """\
display_name,roles
Ana Flores,care_manager
Dr. Cho,consultant
"""
ENTRIES = """\
entry_key,mrn,service_date,minutes,activity,performed_by,role,note
1,00123,2026-10-05,92.5,phone,Ana Flores,care_manager,first call
2,00456,2026-10-07,64,phone,Ana Flores,care_manager,second call
3,00789,2026-10-08,30,phone,Ana Flores,care_manager,third call
4,00123,2026-10-09,10,case_review,Dr. Cho,consultant,reviewed
"""
#: Of the first line; of a sheet also how many lines it has.
READ = """\
import importlib.metadata, json, sys, warnings
from pathlib import Path
warnings.simplefilter("ignore")
COLUMNS = ["MRN", "Place of service", "Date", "Consent on", "Minutes", "99493"]
def plain(value):
    value = value.item() if hasattr(value, "item") else value
    return str(value)[:10] if hasattr(value, "year") else value
def first(row):
    return [plain(value) for value in row]
"""
WITH_TOOLS = """\
import duckdb, pandas as pd, polars as pl
def by_pandas(frame):
    return first(frame[COLUMNS].iloc[0])
def by_polars(frame):
    return first(frame.select(COLUMNS).row(0))
def by_duckdb(source):
    return first(duckdb.sql("SELECT " + ", ".join(f'"{c}"' for c in COLUMNS) + f" FROM {source}").fetchall()[0])
text = {"MRN": str, "Place of service": str}
strings = {name: pl.String for name in text}
print(json.dumps({
    "pandas, CSV": by_pandas(pd.read_csv("us.csv")),
    "pandas, CSV, named": by_pandas(pd.read_csv("us.csv", dtype=text, parse_dates=["Date", "Consent on"])),
    "pandas, workbook": by_pandas(pd.read_excel("book.xlsx", sheet_name="All lines")),
    "pandas, workbook, named": by_pandas(pd.read_excel("book.xlsx", sheet_name="All lines", dtype=text)),
    "polars, CSV": by_polars(pl.read_csv("us.csv", try_parse_dates=True)),
    "polars, ISO, named": by_polars(pl.read_csv("iso.csv", try_parse_dates=True, schema_overrides=strings)),
    "polars, workbook": by_polars(pl.read_excel("book.xlsx", sheet_name="All lines")),
    "DuckDB, CSV": by_duckdb("'us.csv'"),
    "DuckDB, CSV, named": by_duckdb("read_csv('us.csv', dateformat='%m/%d/%Y')"),
    "DuckDB, ISO": by_duckdb("'iso.csv'"),
}))
"""
WITH_WORKBOOK = """\
import duckdb, duckdb_ext
connection = duckdb.connect(config={"allow_unsigned_extensions": "true"})
(extension,) = Path(duckdb_ext.__path__[0]).glob("extensions/*/*/excel.duckdb_extension")
connection.execute(f"LOAD '{extension}'")
rows = {}
for sheet in ("All lines", "Ready to bill"):
    source = f"read_xlsx('book.xlsx', sheet='{sheet}', ignore_errors=true)"
    found = connection.sql("SELECT " + ", ".join(f'"{c}"' for c in COLUMNS) + f" FROM {source}").fetchall()
    rows[f"DuckDB, {sheet}"] = [*first(found[0]), len(found)]
print(json.dumps(rows))
"""
_TEXT, _RIGHT, _JANUARY = ["00123", "02"], ["2026-10-01", "2026-08-03"], ["2026-01-10", "2026-03-08"]
_TYPED, _WORDS = [102.5, True], [102.5, "TRUE"]
#: What the page says. A column with both TRUE and 0 is text in CSV; a truth of a workbook is 1 to some.
STATED: dict[str, list[object]] = {
    "pandas, CSV": [123, 2, "10/1/2026", "8/3/2026", *_WORDS],
    "pandas, CSV, named": [*_TEXT, *_RIGHT, *_WORDS],
    "pandas, workbook": [123, 2, *_RIGHT, *_TYPED],
    "pandas, workbook, named": [*_TEXT, *_RIGHT, *_TYPED],
    "polars, CSV": [123, 2, *_JANUARY, *_WORDS],
    "polars, ISO, named": [*_TEXT, *_RIGHT, *_WORDS],
    "polars, workbook": [*_TEXT, *_RIGHT, *_TYPED],
    "DuckDB, CSV": [*_TEXT, *_JANUARY, *_WORDS],
    "DuckDB, CSV, named": [*_TEXT, *_RIGHT, *_WORDS],
    "DuckDB, ISO": [*_TEXT, *_RIGHT, *_WORDS],
    "DuckDB, All lines": [*_TEXT, *_RIGHT, *_TYPED, 3],
    "DuckDB, Ready to bill": [*_TEXT, *_RIGHT, *_TYPED, 1],
}


def main() -> None:
    """Make the files, read them with each program, print what it read, and fail where the page says otherwise."""
    with tempfile.TemporaryDirectory(prefix="cocm-readers-") as name:
        folder = Path(name)
        _make_files(folder)
        found = {
            **_read(folder, TOOLS, WITH_TOOLS),
            **_read(folder, WITH_EXTENSION, WITH_WORKBOOK),
        }
    for how, row in found.items():
        print(f"{how}: {row}{'' if row == STATED[how] else f', and not {STATED[how]}'}")
    if found != STATED:
        raise SystemExit("differs from docs/reports.md")
    print("as docs/reports.md says")


def _make_files(folder: Path) -> None:
    for kind, text in (("members", MEMBERS), ("patients", PATIENTS), ("entries", ENTRIES)):
        (folder / f"{kind}.csv").write_text(text, encoding="utf-8")
        _cocm(folder, "import", kind, str(folder / f"{kind}.csv"))
    for file, *options in (("us.csv", "csv"), ("iso.csv", "csv", "--dates", "iso"), ("book.xlsx", "xlsx")):
        _cocm(folder, "report", "2026-10", "--output", str(folder / file), "--format", *options)


def _cocm(folder: Path, *words: str) -> None:
    environment = os.environ | {"COCM_DATABASE_URL": f"sqlite:///{folder / 'cocm.db'}"}
    subprocess.run(
        [sys.executable, "-m", "cocm", *words],
        cwd=ROOT,
        env=environment,
        check=True,
        stdout=subprocess.DEVNULL,
    )


def _read(folder: Path, packages: tuple[str, ...], program: str) -> dict[str, list[object]]:
    python = folder / packages[0] / "bin" / "python"
    subprocess.run([sys.executable, "-m", "venv", str(python.parents[1])], check=True)
    install = ("-m", "pip", "install", "-qq", "--disable-pip-version-check")
    subprocess.run([str(python), *install, *packages], check=True)
    done = subprocess.run([str(python), "-c", READ + program], cwd=folder, check=True, stdout=subprocess.PIPE)
    read: dict[str, list[object]] = json.loads(done.stdout)
    return read


if __name__ == "__main__":
    main()
