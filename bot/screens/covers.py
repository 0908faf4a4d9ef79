"""Caseloads handed over for some days."""

from datetime import date

from bot import kit
from bot.replies import Reply
from bot.screens.acts import undo_button
from bot.screens.lines import fitting, sections
from bot.screens.phrases import count, day_name
from services.people.covering import CoverDone, Covers, CoverView

PUSH = "Who looks after whose patients."
NOTHING_SET = "*Nobody is covering for a colleague.* Before you are away: `/cocm cover @ben 12/1 to 12/8`."
_FOOT = (
    "`/cocm cover end` ends yours. Supervisors and administrators: `/cocm cover @ana by @ben 12/1 to 12/8`."
)


def covers(found: Covers) -> Reply:
    """What is set, from today on."""
    if not found.views:
        return Reply(text=PUSH, blocks=(kit.section(NOTHING_SET),))
    lines = fitting([_line(one, found.today) for one in found.views])
    return Reply(text=PUSH, blocks=(*sections(lines), kit.context(_FOOT)))


def handed_over(done: CoverDone) -> Reply:
    """A cover as it is now, what that means, and the way back."""
    view = done.view
    away, by = kit.escape(view.away.display_name), kit.escape(view.covered_by.display_name)
    their = count(done.patients, "patient")
    if done.ended:
        said = f"*Ended:* {away}'s patients ({their} today) are back with {away}."
    else:
        said = (
            f"*{by} looks after {away}'s patients {_days(view, done.today)}* ({their} today). Morning message, Home, "
            "lists and safety notices follow, and come back by themselves. The care manager on file does not change."
        )
    blocks = [kit.section(said)]
    if done.act_id is not None:
        blocks.append(kit.actions([undo_button(done.act_id)]))
    return Reply(text=PUSH, blocks=tuple(blocks))


def away_line(view: CoverView, today: date) -> str:
    """What somebody who is away reads in the place of their patients."""
    return (
        f"{kit.escape(view.covered_by.display_name)} looks after your patients {_days(view, today)}. "
        "Back early? `/cocm cover end`."
    )


def _line(one: CoverView, today: date) -> str:
    said = f"*{kit.escape(one.covered_by.display_name)}* for {kit.escape(one.away.display_name)}"
    who = "" if one.recorded_by == one.away else f" · set by {kit.escape(one.recorded_by.display_name)}"
    left = (
        ""
        if one.away.active
        else " · membership ended: `/cocm assign` gives the patients to somebody for good"
    )
    return f"{said} · {_days(one, today)}{who}{left}"


def _days(view: CoverView, today: date) -> str:
    first, last = view.cover.first_day, view.cover.last_day
    if first == last:
        return f"on {day_name(first, today)}"
    start = "from today" if first <= today else f"from {day_name(first, today)}"
    return f"{start} to {day_name(last, today)}"
