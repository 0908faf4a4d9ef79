"""A supervisor's part of Home: who logs nothing, late and held time, months at risk, and coverage by person."""

from collections.abc import Iterator

from billing.durations import spoken
from billing.evaluate import LineStatus
from bot import kit
from bot.ids import ActionId, listed
from bot.replies import Block
from bot.screens.home.frame import Frame, Row, show_button, table
from bot.screens.lines import fitting, sections
from bot.screens.phrases import count, day_name, full_month
from services.home.supervision import PersonMonth, SupervisionHome

TITLE = "Your team"
NOBODY = (
    "*Nobody looks after patients yet.* Care managers and their patients appear here once they are members: "
    "`/cocm members` lists who is."
)
QUIET = "*Nothing logged on the last 3 working days*"
ALL_LOG = "Everybody with patients has logged time on the last 3 working days."
LATE = "*Late or held*"
CAPTION = "{month} by person, most patients at risk first"
_HEADER = (
    "Person",
    "Patients",
    "Reached",
    "Near",
    "Blocked",
    "No time",
    "Logged",
    "Late",
    "Held",
    "Last entry",
)
_QUIET_TEXT, _LATE_TEXT = 1_200, 1_200


def supervision_blocks(frame: Frame, home: SupervisionHome) -> Iterator[Block]:
    """The whole part."""
    yield kit.header(TITLE)
    if not home.people:
        yield kit.section(NOBODY)
        return
    yield kit.section(_summary(home))
    quiet = [_quiet(frame, one) for one in home.quiet]
    yield from sections([QUIET, *fitting(quiet, _QUIET_TEXT)] if quiet else [ALL_LOG])
    late = [_late(one) for one in home.people if one.late or one.held]
    if late:
        yield from sections([LATE, *fitting(late, _LATE_TEXT)])
    caption = CAPTION.format(month=full_month(home.month))
    yield from table(frame, caption, _HEADER, [_row(frame, one) for one in home.people], "member")
    if home.unassigned:
        yield kit.context(
            f"*{count(home.unassigned, 'patient')} in care without a care manager:* "
            "`/cocm assign MRN123 @ana` gives one to somebody."
        )
    yield kit.actions(
        [
            show_button(frame, 1, "Month report", "report"),
            kit.button("Charts by person", listed(ActionId.HOME_CHARTS, frame.place(0)), frame.part),
            show_button(frame, 2, "All members", "members"),
        ]
    )


def _summary(home: SupervisionHome) -> str:
    """`November 2026: 3 of 58 patients at risk`, and of what."""
    patients = sum(one.patients for one in home.people) + home.unassigned
    by_status = home.figures.totals.by_status
    untouched = sum(one.untouched for one in home.people)
    parts = [f"{by_status[LineStatus.BILLABLE]:,} billable"]
    parts += [f"{blocked:,} reached and blocked"] if (blocked := by_status[LineStatus.BLOCKED]) else []
    parts += [f"{untouched:,} without time"] if untouched else []
    parts.append(f"{count(home.working_days_left, 'working day')} left")
    return f"*{count(patients, 'patient')} in care in {full_month(home.month)}*\n{' · '.join(parts)}"


def _quiet(frame: Frame, one: PersonMonth) -> str:
    """`Ana Flores · 20 patients · last entry Mon Nov 9`."""
    last = _last(frame, one) or "nothing in the last two months"
    since = f"last entry {last}" if one.last_entry_on else last
    ended = "" if one.member.active else " · membership ended"
    name = kit.escape(one.member.display_name)
    return f"{name} · {count(one.patients, 'patient')} · {since}{ended}"


def _late(one: PersonMonth) -> str:
    """`Ana Flores · 3 late entries · 2 entries held, 25 min`."""
    parts = [kit.escape(one.member.display_name)]
    parts += [count(one.late, "late entry")] if one.late else []
    parts += [f"{count(one.held, 'entry')} held, {spoken(one.held_seconds)}"] if one.held else []
    return " · ".join(parts)


def _row(frame: Frame, one: PersonMonth) -> Row:
    last, name = _last(frame, one), one.member.display_name
    cells = (
        name,
        *(one.patients, one.reached, one.near, one.blocked, one.untouched),
        (one.seconds // 60, spoken(one.seconds)),
        *(one.late, one.held),
        last,
    )
    return Row(cells=cells, line=_line(one, last))


def _line(one: PersonMonth, last: str) -> str:
    parts = [f"*{kit.escape(one.member.display_name)}*", count(one.patients, "patient")]
    parts.append(f"{one.reached} reached")
    parts += [f"{one.near} near"] if one.near else []
    parts += [f"{one.blocked} blocked"] if one.blocked else []
    parts += [f"{one.untouched} without time"] if one.untouched else []
    parts.append(f"{spoken(one.seconds)} logged")
    parts += [f"last entry {last}"] if last else []
    return " · ".join(parts)


def _last(frame: Frame, one: PersonMonth) -> str:
    return "" if one.last_entry_on is None else day_name(one.last_entry_on, frame.today)
