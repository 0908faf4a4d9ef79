"""The one message of a person's morning, within Slack's limits however many patients there are."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from billing.durations import spoken
from billing.findings.registry import row_of
from billing.pace import Pace
from bot import kit
from bot.ids import ActionId, listed
from bot.replies import Block, Reply, Screens, Viewer
from bot.screens.finding_lines import to_dos
from bot.screens.lines import fitting, sections
from bot.screens.morning_rows import RowKey, row
from bot.screens.phrases import count, day_name
from bot.screens.reminders import week_blocks, week_summary_blocks
from bot.screens.trouble import trouble_text
from services.messages.morning import Morning, Place
from services.messages.office import Office
from services.messages.patient_month import PatientMonth
from services.messages.rows import Rest

PUSH = "Your morning message."
REST_PUSH = "The others of your morning message."
NOBODY_LEFT = "Nobody else stands under this heading any more."
TITLES: Mapping[Place, str] = {
    Place.FIRST: "Today first",
    Place.NEAR: "Near",
    Place.MISSING: "Missing",
    Place.REVIEW: "Waiting for your review",
}
#: What a heading is about, in small letters beside it.
ABOUT: Mapping[Place, str] = {
    Place.FIRST: "safety, scores that rose, contacts and reviews overdue",
    Place.NEAR: "within reach of the next code",
    Place.MISSING: "blocks billing and can still be fixed, or nothing logged this month",
    Place.REVIEW: "never reviewed, overdue, or a score that rose",
}
PACE = "*At this pace*"
FOOT = (
    "Reach out only if clinically appropriate; a month below the threshold is a valid month. "
    "`/cocm remind` shows what comes when, and moves or switches it."
)
FOOT_WITHOUT_PATIENTS = "`/cocm remind` shows what comes when, and moves or switches it."
DAYS_OFF_ARE_FINE = (
    "Days off are fine. If you worked, log it with its date: `/cocm 15m MRN123 phone check-in yesterday`."
)
#: Patients of one heading in the message, and of a page of those that follow.
LISTED = 12
REST_LISTED = 20
#: A heading shows so many, whatever the others have.
_LEAST = 3
#: Blocks of a patient: the line and its buttons; of a heading: itself, and the button for more.
_ROW_BLOCKS, _HEADING_BLOCKS = 2, 2
#: Slack takes 50; two are left for what a row may gain.
_BLOCKS = kit.MESSAGE_BLOCKS - 2
#: Characters of what to do, of last week's entries, and of everybody's.
_TO_DOS_TEXT, _WEEK_TEXT, _TEAM_TEXT, _OFFICE_TEXT = 1_200, 1_500, 1_200, 900
#: What a button for more can hold of handles; beyond it, it only counts.
_HANDLES = 230


def morning(found: Morning, viewer: Viewer) -> Reply:
    """A person's morning."""
    head = [kit.header(_heading(found))]
    rest = list(_rest_of_message(found, viewer))
    shown = _shown(found, _BLOCKS - len(head) - len(rest))
    rows = list(_rows(found, shown))
    return Reply(text=PUSH, blocks=(*head, *rows, *rest))


def rest_of(found: Rest, shown: Collection[str], before: int) -> Reply:
    """Those under a heading who come after the ones that were shown.

    Args:
        found: who they are.
        shown: handles of all shown before, as far as they are known.
        before: how many were shown before.
    """
    place, today = found.place, found.found.today
    listed_now = found.listed[:REST_LISTED]
    blocks: list[Block] = [kit.section(f"*{TITLES[place]}* · {count(len(found.listed), 'more patient')}")]
    for number, one in enumerate(listed_now):
        blocks += row(RowKey(place, number), one, today)
    left = len(found.listed) - len(listed_now)
    if left:
        handles = [*shown, *(one.patient.handle for one in listed_now)]
        blocks.append(_more(place, left, handles, before + len(listed_now)))
    return Reply(text=REST_PUSH, blocks=tuple(blocks))


def nobody_left() -> Reply:
    """All of the others were dealt with meanwhile."""
    return Reply(text=REST_PUSH, blocks=(kit.section(NOBODY_LEFT),))


def pace_line(pace: Pace, month: str) -> str:
    """`41 of 58 patients will reach their code in November; 9 are within one call. About 6 h 20 min needed, ...`."""
    reach = f"{pace.will_reach} of {count(pace.patients, 'patient')} will reach their code in {month}"
    if pace.needed_seconds == 0:
        return f"{reach}."
    if pace.within_one_call:
        reach += f"; {pace.within_one_call} {'is' if pace.within_one_call == 1 else 'are'} within one call"
    needed = f"About {spoken(_to_minutes(pace.needed_seconds))} needed"
    left = (
        f"{needed}."
        if pace.left_seconds is None
        else f"{needed}, {spoken(_to_minutes(pace.left_seconds))} left at your usual pace."
    )
    return f"{reach}. {left}"


def _heading(found: Morning) -> str:
    """`Wednesday, November 18 · 8 working days left in November`."""
    today = found.today
    left = count(found.working_days_left, "working day")
    return f"{today:%A}, {today:%B} {today.day} · {left} left in {found.month.name}"


def _shown(found: Morning, room: int) -> dict[Place, int]:
    """How many patients each heading shows: a few of each, and then of the first headings as many as there is room."""
    wanted = {place: min(LISTED, len(found.under(place))) for place in Place}
    present = [place for place, number in wanted.items() if number]
    left = (room - _HEADING_BLOCKS * len(present)) // _ROW_BLOCKS
    shown = {place: min(_LEAST, wanted[place]) for place in present}
    left -= sum(shown.values())
    for place in present:
        more = max(0, min(wanted[place] - shown[place], left))
        shown[place] += more
        left -= more
    return shown


def _rows(found: Morning, shown: Mapping[Place, int]) -> Iterator[Block]:
    number = 0
    for place, many in shown.items():
        all_of_them = found.under(place)
        yield kit.section(f"*{TITLES[place]}* · {_about(found, place, len(all_of_them))}")
        for one in all_of_them[:many]:
            yield from row(RowKey(place, number), one, found.today)
            number += 1
        left = len(all_of_them) - many
        if left:
            yield _more(place, left, [one.patient.handle for one in all_of_them[:many]], many)


def _about(found: Morning, place: Place, number: int) -> str:
    aside = found.patients.set_aside if place is Place.NEAR else 0
    without = f" · {count(aside, 'patient')} marked as not indicated left out" if aside else ""
    return f"{count(number, 'patient')} · {ABOUT[place]}{without}"


def _more(place: Place, left: int, handles: Sequence[str], shown: int) -> Block:
    """The button for those who follow: it names who was shown, so that nobody is skipped when the list has changed."""
    named = ".".join(handles) if len(handles) <= _HANDLES else ""
    label = f"{left:,} more"
    action = listed(ActionId.MORE_ROWS, list(Place).index(place))
    button = kit.button(label, action, f"{place}:{shown}:{named}", about=TITLES[place])
    return kit.actions([button])


def _rest_of_message(found: Morning, viewer: Viewer) -> Iterator[Block]:
    if found.pace is not None:
        yield kit.section(f"{PACE}\n{pace_line(found.pace, found.month.name)}")
    if found.month_end is not None:
        days = ", ".join(day_name(day, found.today) for day in found.month_end.empty_days)
        ends = f"*Before {found.month.name} ends* · working days without an entry of yours"
        yield kit.section(f"{ends}\n{days}\n{DAYS_OFF_ARE_FINE}")
    if found.week is not None:
        yield from week_blocks(found.week, viewer, _WEEK_TEXT)
    if found.team_week is not None:
        yield from week_summary_blocks(found.team_week, _TEAM_TEXT)
    if found.office is not None:
        yield from _office(found.office)
    patients = found.patients
    yield from _to_dos((*patients.first, *patients.near, *patients.missing))
    yield kit.context(FOOT if patients.are_named else FOOT_WITHOUT_PATIENTS)


def _office(office: Office) -> Iterator[Block]:
    lines = ["*For administrators*"]
    if office.newcomers:
        names = ", ".join(fitting([kit.escape(name) for name in office.newcomers], _OFFICE_TEXT // 3))
        ask = "asks" if len(office.newcomers) == 1 else "ask"
        people = "person" if len(office.newcomers) == 1 else "people"
        lines.append(
            f"{len(office.newcomers):,} {people} {ask} to take part: {names}. `/cocm members` lists them."
        )
    lines += fitting([trouble_text(one) for one in office.stuck], _OFFICE_TEXT)
    yield from sections(lines)


def _to_dos(months: Iterable[PatientMonth]) -> list[Block]:
    """What to do about whatever the lines say is missing."""
    found = to_dos((row_of(finding), one.patient, one.result.month) for one in months for finding in one.told)
    return [kit.context("\n".join(fitting(found, _TO_DOS_TEXT)))] if found else []


def _to_minutes(seconds: int) -> int:
    """To the nearest five minutes: an estimate has no seconds."""
    return round(seconds / 300) * 300


SCREENS: Screens = {Morning: morning}
