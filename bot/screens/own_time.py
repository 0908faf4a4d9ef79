"""A person's own day, week and month."""

from datetime import date

from billing.activities import Activity
from billing.durations import spoken
from billing.months import BillingMonth
from billing.people import Patient
from bot import kit
from bot.replies import Block, Reply
from bot.screens.entry_lines import newest_first
from bot.screens.lines import sections
from bot.screens.pages import Page
from bot.screens.phrases import count, day_name, full_month, month_state
from services.entries.overviews import DayView
from services.months.own_time import OwnTime, Sum
from services.people.patients import shown_mrn

DAY_PUSH = "Your day."
WEEK_PUSH = "Your week."
MONTH_PUSH = "Your month."
KINDS = "By kind of work"
PATIENTS = "By patient"
NOTHING_LOGGED = "Nothing logged."


def day(view: DayView, page: int = 0) -> Reply:
    """What the person logged today, a screen at a time."""
    blocks = [kit.section(day_heading(view)), *newest_first(view.entries, view.day, page, "today")]
    return Reply(text=DAY_PUSH, blocks=tuple(blocks))


def week(own: OwnTime) -> Reply:
    """Day by day."""
    return Reply(text=WEEK_PUSH, blocks=(*_by_day(own), *_held(own)))


def month(own: OwnTime, page: int = 0) -> Reply:
    """By day, by kind of work, by patient; the further patients a screen at a time."""
    blocks = _by_day(own) if page == 0 else [kit.section(_heading(own))]
    if own.total.entries and page == 0:
        kinds = [_kind_line(activity, each) for activity, each in own.activities]
        blocks += sections([f"*{KINDS}*", *kinds])
    if own.total.entries:
        blocks += _patients(own, page)
    return Reply(text=MONTH_PUSH, blocks=(*blocks, *_held(own)))


def day_heading(day: DayView) -> str:
    """`Today: 2 h 5 min in 7 entries`."""
    if not day.entries:
        return "*Today: nothing logged yet.* Type it as you would say it: `/cocm 15m MRN123 phone check-in`."
    return f"*Today: {spoken(day.total_seconds)}* in {count(len(day.entries), 'entry')}"


def _by_day(own: OwnTime) -> list[Block]:
    days = [_day_line(day, each, own.today) for day, each in own.days]
    return [kit.section(_heading(own)), *sections(days)]


def _patients(own: OwnTime, page: int) -> list[Block]:
    shown = Page.of_list(own.patients, page)
    lines = [_patient_line(patient, each) for patient, each in shown.here]
    month = BillingMonth.of(own.first)
    return [*sections([f"*{PATIENTS}*", *lines]), *shown.turners(f"month:{month}", "patient")]


def _held(own: OwnTime) -> list[Block]:
    return [kit.context(_held_sentence(own.held))] if own.held else []


def _sum(own: Sum) -> str:
    return f"*{spoken(own.seconds)}* in {count(own.entries, 'entry')} for {count(own.patients, 'patient')}"


def _heading(own: OwnTime) -> str:
    """`*October 2026* · draft, not closed yet`, and the sum."""
    if own.state is not None:
        title = f"*{full_month(own.state.month)}* · {month_state(own.state)}"
    else:
        title = f"*{day_name(own.first, own.today)} to {day_name(own.last, own.today)}*"
    return f"{title}\n{_sum(own.total) if own.total.entries else NOTHING_LOGGED}"


def _day_line(day: date, own: Sum, today: date) -> str:
    """`Tue Nov 3 · 2 h 5 min in 7 entries for 5 patients`."""
    return f"{day_name(day, today)} · {_sum(own)}"


def _kind_line(activity: Activity, own: Sum) -> str:
    """`phone · 2 h 5 min in 7 entries for 5 patients`."""
    counted = "" if activity.billable else " · not billable"
    return f"{activity.label} · {_sum(own)}{counted}"


def _patient_line(patient: Patient, own: Sum) -> str:
    """`MRN123 · 45 min in 3 entries`."""
    return f"{kit.escape(shown_mrn(patient.mrn))} · *{spoken(own.seconds)}* in {count(own.entries, 'entry')}"


def _held_sentence(entries: int) -> str:
    """Entries that wait for a word of their author."""
    if entries == 1:
        return "1 entry is held until you say what it was: `/cocm confirm` shows it with its buttons."
    return f"{count(entries, 'entry')} are held until you say what they were: `/cocm confirm` lists them."
