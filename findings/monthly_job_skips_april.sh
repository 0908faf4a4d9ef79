#!/usr/bin/env bash
# APScheduler 3.11.3: "midnight on the first of the month" leaves out one month a year in US time zones.
#
# What one would expect: CronTrigger(day=1, hour=0) fires twelve times a year. Clocks in the US change at 2 a.m. on a
# Sunday in March and November. No first of the month at midnight is skipped or doubled by that, so nothing special
# should happen.
# What happens: April 1 is left out, every year. The trigger walks from the fire time on March 1 and adds days of 24
# hours, so that it arrives on April 1 at 1 a.m., finds hour 0 past, and moves on to May 1. A process that is restarted
# between the change and April 1 does fire, which hides the fault from whoever looks into it. By the same cause a
# daily or Monday job at hour 0 leaves out the day after the change (March 9, 2026), and 00:30 is no better. At hour 1
# no month is left out, but the job runs twice where clocks go back on the first, as on November 1, 2026.
# Whom it bites: a clinic whose month of March is closed, billed or reported by a job on April 1: it does not happen,
# with no error and no missed-job event, since to the scheduler nothing was due.
# What to do instead: ask the local calendar which months are due and not yet done, and use the scheduler only as the
# alarm clock that makes one look; or use CalendarIntervalTrigger(months=1), which counts calendar months.
set -euo pipefail
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -qq --disable-pip-version-check apscheduler==3.11.3 tzdata==2026.6
cat > "$work/show.py" <<'PY'
import sys
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import version
from zoneinfo import ZoneInfo

from apscheduler.triggers.calendarinterval import CalendarIntervalTrigger
from apscheduler.triggers.cron import CronTrigger

ZONES = ["America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Anchorage"]


def fired(trigger, start: datetime, end: datetime) -> list[date]:
    """The local dates on which a job fires, asked as a scheduler asks: after each run, at the time of the run."""
    previous, now, dates = None, start, []
    while (at := trigger.get_next_fire_time(previous, now)).astimezone(UTC) < end.astimezone(UTC):
        dates.append(at.date())
        previous = now = at
    return dates


def missing(zone: str, start: date = date(2026, 1, 1), end: date = date(2027, 1, 1), **fields: int) -> list[str]:
    """The days of a stretch of time that the fields name and on which the job does not fire."""
    tz = ZoneInfo(zone)
    begin, stop = (datetime(d.year, d.month, d.day, tzinfo=tz) for d in (start, end))
    days = {start + timedelta(days=n) for n in range((end - start).days)}
    wanted = {day for day in days if day.day == fields.get("day", day.day)}
    wanted = {day for day in wanted if day.weekday() == fields.get("day_of_week", day.weekday())}
    return [str(day) for day in sorted(wanted - set(fired(CronTrigger(timezone=tz, **fields), begin, stop)))]


new_york = ZoneInfo("America/New_York")
year = datetime(2026, 1, 1, tzinfo=new_york), datetime(2027, 1, 1, tzinfo=new_york)
march_20 = datetime(2026, 3, 20, tzinfo=new_york)
restarted = CronTrigger(day=1, hour=0, timezone=new_york).get_next_fire_time(None, march_20)
at_one = fired(CronTrigger(day=1, hour=1, timezone=new_york), *year)
firsts = fired(CalendarIntervalTrigger(months=1, start_date=date(2026, 1, 1), timezone=new_york), *year)
seen = {
    **{f"day=1 hour=0 in 2026, {zone}": missing(zone, day=1, hour=0) for zone in ZONES},
    "day=1 hour=0 in 2026, America/Phoenix (no change of clocks)": missing("America/Phoenix", day=1, hour=0),
    "day=1 hour=0 in 2020-2029, New York": missing(ZONES[0], date(2020, 1, 1), date(2030, 1, 1), day=1, hour=0),
    "day=1 hour=0 minute=30 in 2026, New York": missing(ZONES[0], day=1, hour=0, minute=30),
    "day=1 hour=1 in 2026, New York": missing(ZONES[0], day=1, hour=1),
    "hour=0 in 2026, New York": missing(ZONES[0], hour=0),
    "day_of_week=0 (Monday) hour=0 in 2026, New York": missing(ZONES[0], day_of_week=0, hour=0),
}
print("APScheduler", version("apscheduler"), "- days left out:")
for what, days in seen.items():
    print(f"  {what}: {', '.join(days) or 'none'}")
print("next run after a restart on 2026-03-20:", restarted.isoformat())
print("runs of day=1 hour=1 on 2026-11-01:", at_one.count(date(2026, 11, 1)))
print("CalendarIntervalTrigger(months=1) in 2026:", len(firsts), "firsts of the month")
april, monday = ["2026-04-01"], ["2026-03-09"]
stated = [*[april] * 5, [], [f"{y}-04-01" for y in range(2020, 2030)], april, [], monday, monday]
every_first = [date(2026, month, 1) for month in range(1, 13)]
others = [restarted.date(), at_one.count(date(2026, 11, 1)), firsts]
if list(seen.values()) != stated or others != [date(2026, 4, 1), 2, every_first]:
    sys.exit("differs from what is stated")
print("as stated")
PY
PYTHONTZPATH="" "$work/venv/bin/python" "$work/show.py"
