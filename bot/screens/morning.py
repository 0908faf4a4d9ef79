"""The morning digest and the true-up list, within Slack's limits however many patients there are."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import TypeVar

from billing.charges import codes_of
from billing.durations import minutes_up, whole_minutes
from billing.findings.registry import row_of
from bot import kit
from bot.ids import ActionId
from bot.replies import Block, Reply, Screens, Viewer
from bot.screens.finding_lines import titles, to_dos
from bot.screens.lines import fitting, sections
from bot.screens.phrases import count, counts_as_base, counts_early, day_name
from services.messages.morning import Digest, TrueUp
from services.messages.nearness import PatientMonth, Untouched
from services.people.patients import shown_mrn

DIGEST_PUSH = "Your morning digest."
TRUE_UP_PUSH = "Before the month ends."
SET_ASIDE_PUSH = "Noted."
DUE = "*Due for contact or review*"
NEAR = "*Near the next code*"
MISSING = "*Something is missing*"
UNTOUCHED = "*Nothing logged this month*"
LOG_TIME = "Log time"
NOT_INDICATED = "Not indicated this month"
DIGEST_FOOT = (
    "Reach out only if clinically appropriate; a month below the threshold is a valid month. "
    "`/cocm remind 8:30` moves this, `/cocm remind snooze 1h` puts it off."
)
HELD = "*Held until you confirm what it was*"
EMPTY_DAYS = "*Working days without an entry*"
TRUE_UP_FOOT = (
    "Days off are fine. If you worked, log it with its date: `/cocm 15m MRN123 phone check-in yesterday`. "
    "`/cocm month` shows what was confirmed and what is held."
)
NAME_AGAIN = "List again"
T = TypeVar("T")
#: Patients with buttons; a patient near a code takes two blocks of Slack's fifty, one who is due one.
NEAR_LISTED = 12
DUE_LISTED = 8
#: Patients of a list without buttons, and its characters: all lists together stay within Slack's 12,000.
LISTED = 15
_LIST_TEXT = 2_000
_LINE_TEXT = 400
#: Characters of what to do.
_TO_DOS_TEXT = 1_500


def digest(found: Digest, _viewer: Viewer) -> Reply:
    """A care manager's morning."""
    blocks = [kit.header(_digest_heading(found)), *_due(found), *_near(found)]
    blocks += _list(MISSING, found.missing, _missing_line)
    blocks += _list(UNTOUCHED, found.untouched, lambda one: _untouched_line(one, found.today))
    blocks += _to_dos((*found.due, *found.near, *found.missing))
    return Reply(text=DIGEST_PUSH, blocks=(*blocks, kit.context(DIGEST_FOOT)))


def true_up(found: TrueUp, _viewer: Viewer) -> Reply:
    """What can still be put right before the month ends."""
    blocks = [kit.header(_true_up_heading(found))]
    blocks += _list(MISSING, found.missing, _missing_line)
    blocks += _to_dos(found.missing)
    blocks += _list(HELD, found.held, _held_line)
    if found.empty_days:
        blocks.append(kit.section(f"{EMPTY_DAYS}\n{_days(found.empty_days, found.today)}"))
    return Reply(text=TRUE_UP_PUSH, blocks=(*blocks, kit.context(TRUE_UP_FOOT)))


def set_aside(mrn: str, month: str) -> str:
    """That digests do not name a patient as near."""
    return (
        f"{kit.escape(shown_mrn(mrn))}: not clinically indicated in {month}. Your digests will not list this "
        "patient as near a code until the month ends. What is due or missing is still shown, and logged time "
        "counts as always."
    )


def named_again(mrn: str, month: str) -> str:
    """That it was taken back."""
    return f"{kit.escape(shown_mrn(mrn))}: your digests will list this patient again when a code is near in {month}."


def due_line(one: PatientMonth, today: date) -> str:
    """`MRN123 · review due, last one Wed Oct 14 · 99493 reached by minutes · case review missing`."""
    reasons = []
    if one.contact_due_on is not None:
        reasons.append(f"contact planned for {day_name(one.contact_due_on, today)}")
    if one.review_due_since is not None:
        reasons.append(f"review due, last one {day_name(one.review_due_since, today)}")
    if one.worse is not None:
        before, last = one.worse.scores[-2:]
        reasons.append(f"{one.worse.scale} went from {before.value} to {last.value}")
    return f"*{_mrn(one)}* · {' · '.join(reasons)}{_reached_and_missing(one)}"


def near_line(one: PatientMonth, today: date) -> str:
    """`MRN123 · 52 of 60 min · 8 more reach 99493 · last contact Tue Nov 17`."""
    threshold = one.threshold
    more = minutes_up(threshold.remaining_seconds)
    again = "another " if any(charge.code == threshold.next_code for charge in threshold.reached) else ""
    progress = (
        f"{whole_minutes(threshold.counted_seconds)} of {whole_minutes(threshold.target_seconds or 0)} min"
    )
    reach = f"{more} more {'reaches' if more == 1 else 'reach'} {again}{threshold.next_code}"
    early = counts_early(threshold, one.result.payer)
    if early:
        reached = f"{codes_of(threshold.reached)}, " if counts_as_base(threshold) else ""
        reach += f" ({reached}{early})"
    return f"*{_mrn(one)}* · {progress} · {reach} · {_last(one.last_contact_on, today)}{_also_missing(one)}"


def _due(found: Digest) -> Iterator[Block]:
    if found.due:
        yield kit.section(DUE)
    for place, one in enumerate(found.due[:DUE_LISTED]):
        yield kit.section(_line(due_line(one, found.today)), accessory=_log(one, f"due_{place}"))
    yield from _more(len(found.due) - DUE_LISTED)


def _near(found: Digest) -> Iterator[Block]:
    if found.near:
        yield kit.section(NEAR)
    for place, one in enumerate(found.near[:NEAR_LISTED]):
        yield kit.section(_line(near_line(one, found.today)))
        value = f"{one.patient.handle}:{found.month}"
        not_indicated = kit.button(NOT_INDICATED, f"{ActionId.SET_ASIDE}_{place}", value)
        yield kit.actions([_log(one, f"near_{place}"), not_indicated])
    yield from _more(len(found.near) - NEAR_LISTED)


def _to_dos(months: Sequence[PatientMonth]) -> list[Block]:
    """What to do about whatever the lines say is missing."""
    found = to_dos((row_of(finding), one.patient, one.result.month) for one in months for finding in one.told)
    return [kit.context("\n".join(fitting(found, _TO_DOS_TEXT)))] if found else []


def _list(title: str, found: Sequence[T], line: Callable[[T], str]) -> Iterator[Block]:
    if not found:
        return
    lines = fitting([_line(line(one)) for one in found[:LISTED]], _LIST_TEXT)
    yield from sections([title, *lines])
    yield from _more(len(found) - len(lines))


def _more(number: int) -> Iterator[Block]:
    if number > 0:
        yield kit.context(_more_patients(number))


def _line(text: str) -> str:
    return kit.clip(text, _LINE_TEXT)


def _log(one: PatientMonth, place: str) -> Block:
    return kit.button(LOG_TIME, f"{ActionId.LOG_FOR}_{place}", one.patient.handle)


def _digest_heading(digest: Digest) -> str:
    """`Wednesday, November 18 · 8 working days left in November`."""
    today = digest.today
    left = count(digest.working_days_left, "working day")
    return f"{today:%A}, {today:%B} {today.day} · {left} left in {digest.month.name}"


def _true_up_heading(true_up: TrueUp) -> str:
    """`Before November ends: 2 working days left`."""
    return f"Before {true_up.month.name} ends · {count(true_up.working_days_left, 'working day')} left"


def _missing_line(one: PatientMonth) -> str:
    """`MRN123 · 99493 reached by minutes · case review missing`."""
    return f"*{_mrn(one)}*{_reached_and_missing(one)}"


def _untouched_line(one: Untouched, today: date) -> str:
    """`MRN123 · last contact Mon Oct 5`."""
    return f"*{kit.escape(shown_mrn(one.patient.mrn))}* · {_last(one.last_contact_on, today)}"


def _held_line(one: PatientMonth) -> str:
    """`MRN123 · 2 entries`."""
    return f"*{_mrn(one)}* · {count(one.held, 'entry')}"


def _more_patients(number: int) -> str:
    """What a list left out."""
    return f"And {number:,} more: `/cocm caseload` has them all."


def _days(found: Iterable[date], today: date) -> str:
    """Dates in a row."""
    return ", ".join(day_name(day, today) for day in found)


def _mrn(one: PatientMonth) -> str:
    return kit.escape(shown_mrn(one.patient.mrn))


def _last(day: date | None, today: date) -> str:
    return "no contact yet" if day is None else f"last contact {day_name(day, today)}"


def _also_missing(one: PatientMonth) -> str:
    return f" · {', '.join(titles(one.told))}" if one.told else ""


def _reached_and_missing(one: PatientMonth) -> str:
    """What is missing, after the codes that wait for it."""
    if not (one.told and one.threshold.reached):
        return _also_missing(one)
    return f" · {codes_of(one.threshold.reached)} reached by minutes{_also_missing(one)}"


SCREENS: Screens = {Digest: digest, TrueUp: true_up}
