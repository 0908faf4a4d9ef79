#!/usr/bin/env bash
# DuckDB 2.0.1 and polars 2.1.0: a year of months, written as US first days, is read as the first twelve days of January.
#
# What one would expect: a CSV file has two columns of US dates, the first day of the billing month (11/1/2026) and the
# date of service (11/24/2026). There is no 24th month, so the file is month first. Either both columns are read so, or
# the reader leaves them as text.
# What happens: each column is judged by itself, and one that fits both orders is read day first. A first of the month
# always fits both: 11/1/2026 is January 11, and the twelve months of a year are January 1 to 12. The column beside it,
# which shows the order, stays text, so that no date in it looks wrong. DuckDB does so by itself; polars does with
# try_parse_dates=True. Nothing warns. A sum by month puts a year's billing into January.
# Whom it bites: whoever joins or sums a billing report by month. That the days of both columns are 12 or less early in
# a month makes it worse: then both are dates, and both are wrong.
# What to do instead: name the format (dateformat in DuckDB, str.to_date in polars), or have the file written with ISO
# dates; do not trust that a column with a day over 12 gives the order away for its neighbor.
set -euo pipefail
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -qq --disable-pip-version-check duckdb==2.0.1 polars==2.1.0
cat > "$work/show.py" <<'PY'
import sys
from datetime import date
from importlib.metadata import version
from pathlib import Path

import duckdb
import polars as pl

work = Path(sys.argv[1])


def written(name: str, form: str, days: tuple[int, ...]) -> str:
    """A file with a row for each month and day: the month's first day, and the day."""
    rows = [
        f"{form.format(m=month, d=1)},{form.format(m=month, d=day)},60" for month in range(1, 13) for day in days
    ]
    file = work / name
    file.write_text("\n".join(["month,service,minutes", *rows]) + "\n")
    return str(file)


def by_duckdb(file: str, options: str = "") -> list[tuple[object, ...]]:
    return duckdb.sql(f"SELECT month, service FROM read_csv('{file}'{options})").fetchall()


def by_polars(file: str) -> list[tuple[object, ...]]:
    return pl.read_csv(file, try_parse_dates=True).select("month", "service").rows()


def told(rows: list[tuple[object, ...]]) -> tuple[str, str, str]:
    """The month of November's rows as it was read, in how many months the year lies, and what service dates are."""
    month, service = rows[-len(rows) // 12 - 1]
    return str(month), f"months: {len({row[0].month for row in rows})}", type(service).__name__


US, ISO = "{m}/{d}/2026", "2026-{m:02}-{d:02}"
late, early, iso = written("late.csv", US, (24,)), written("early.csv", US, (5,)), written("iso.csv", ISO, (24,))
named = pl.read_csv(late).with_columns(pl.col("month", "service").str.to_date("%m/%d/%Y"))
seen = {
    "DuckDB, days of service over 12": told(by_duckdb(late)),
    "polars, days of service over 12": told(by_polars(late)),
    "DuckDB, all days 12 or less": told(by_duckdb(early)),
    "polars, all days 12 or less": told(by_polars(early)),
    "DuckDB, format named": told(by_duckdb(late, ", dateformat='%m/%d/%Y'")),
    "polars, format named": told(named.select("month", "service").rows()),
    "DuckDB, ISO dates": told(by_duckdb(iso)),
    "polars, ISO dates": told(by_polars(iso)),
}
print("DuckDB", version("duckdb"), "and polars", version("polars"), "- November 2026, the year, dates of service:")
for how, found in seen.items():
    print(f"  {how}: {', '.join(found)}")
wrong, right = str(date(2026, 1, 11)), str(date(2026, 11, 1))
stated = [
    *[(wrong, "months: 1", "str")] * 2,
    *[(wrong, "months: 1", "date")] * 2,
    *[(right, "months: 12", "date")] * 4,
]
if list(seen.values()) != stated:
    sys.exit("differs from what is stated")
print("as stated")
PY
"$work/venv/bin/python" "$work/show.py" "$work"
