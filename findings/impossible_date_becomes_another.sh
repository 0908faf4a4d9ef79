#!/usr/bin/env bash
# dateparser 1.5.0: saying that dates are month first turns a refused date into a wrong one, decades away.
#
# What one would expect: month first is the order for English anyway, so DATE_ORDER="MDY" changes nothing. June has no
# 31st, so "6/31" is no date, with it or without it.
# What happens: without the setting the answer is None, as it should be. With it, the 31 becomes a year and the 6 a day,
# and the month is that of today: on July 2, 2026, "6/31" is July 6, 2031. With PREFER_DATES_FROM="past" it is July 6,
# 1931. REQUIRE_PARTS=["day"] lets it through. The same date with its year, "6/31/2026", is refused in each case, so a
# check with full dates shows nothing.
# Whom it bites: a care manager who logs on July 2 for the last day of June, and types 6/31. The minutes land in another
# month, or the refusal speaks of a date that nobody typed.
# What to do instead: split numeric dates yourself and let datetime.date refuse them. Where dateparser must read them,
# ask for both parts, REQUIRE_PARTS=["day", "month"]: that refuses 6/31 and still reads 6/30 (but no "last friday").
set -euo pipefail
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -qq --disable-pip-version-check dateparser==1.5.0 tzdata==2026.6
cat > "$work/show.py" <<'PY'
import sys
from datetime import datetime
from importlib.metadata import version

from dateparser import parse

TODAY = datetime(2026, 7, 2, 9, 0)
MONTH_FIRST, PAST = {"DATE_ORDER": "MDY"}, {"PREFER_DATES_FROM": "past"}
SETTINGS = {
    "no setting": {},
    "month first": MONTH_FIRST,
    "past": PAST,
    "month first, past": MONTH_FIRST | PAST,
    "month first, past, day required": MONTH_FIRST | PAST | {"REQUIRE_PARTS": ["day"]},
    "month first, past, day and month required": MONTH_FIRST | PAST | {"REQUIRE_PARTS": ["day", "month"]},
}


def read(text: str, settings: dict[str, object]) -> str | None:
    found = parse(text, languages=["en"], settings={"RELATIVE_BASE": TODAY, **settings})
    return str(found.date()) if found else None


TYPED = ("6/30", "6/31", "2/30", "6/31/2026")
seen = {name: [read(text, settings) for text in TYPED] for name, settings in SETTINGS.items()}
print("dateparser", version("dateparser"), "on", TODAY.date(), "-", *TYPED, "are read as")
for name, dates in seen.items():
    print(f"  {name}: {dates}")
refused = ["2026-06-30", None, None, None]
future = ["2026-06-30", "2031-07-06", "2030-07-02", None]
past = ["2026-06-30", "1931-07-06", "1930-07-02", None]
if list(seen.values()) != [refused, future, refused, past, past, refused]:
    sys.exit("differs from what is stated")
print("as stated")
PY
"$work/venv/bin/python" "$work/show.py"
