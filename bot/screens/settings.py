"""The practice's settings: what holds, since when, who set it, what is set for later, and the answer to a change."""

from collections.abc import Sequence
from datetime import date

from billing.practice_settings import SETTINGS
from bot import kit
from bot.ids import ActionId, listed
from bot.replies import Block, Reply
from bot.screens.acts import undo_button
from bot.screens.lines import fitting, sections
from bot.screens.phrases import count, more
from services.practice.settings import (
    DatedValue,
    OpenBefore,
    PracticeStanding,
    SetElsewhere,
    SettingDone,
    SettingStanding,
    Source,
)

SETTINGS_PUSH = "The practice's settings."
SET_PUSH = "A setting was changed."
_FOOT = (
    "A month is judged as a whole by the settings of its last day; closed months stay as they are. Administrators: "
    "`/cocm settings set time_rule midpoint`, or `... from january`."
)
#: Changes shown that are set for later.
_LATER = 5
#: Characters of the settings that have no button.
_LIST = 5_000
_PAYER_FIRST = "Where a payer has a rule of its own, that rule is used instead."


def settings(found: PracticeStanding, name: str = "") -> Reply:
    """All settings, or one of them."""
    shown = [one for one in found.settings if name in {"", one.setting.name}]
    blocks = sections([f"*Settings for {found.month.name} {found.month.year}*"])
    lines = [_line(one) for one in shown]
    if found.may_change:
        blocks += [kit.section(line, accessory=_change(one)) for line, one in zip(lines, shown, strict=True)]
        lines = []
    if not name:
        lines += ["*Set on the server:*", *(_elsewhere(one) for one in found.elsewhere)]
    kept = fitting(lines, _LIST)
    left = len(lines) - len(kept)
    blocks += [*sections(kept), *([kit.context(more(left, "setting"))] if left else []), kit.context(_FOOT)]
    return Reply(text=SETTINGS_PUSH, blocks=tuple(blocks))


def _change(one: SettingStanding) -> Block:
    """Opens the form for a setting."""
    name = one.setting.name
    place = list(SETTINGS).index(name)
    return kit.button("Change", listed(ActionId.CHANGE_SETTING, place), name, about=name)


def changed(done: SettingDone) -> Reply:
    """What a setting is now, from when on, which months that touches, and the way back."""
    name, value = f"`{done.standing.setting.name}`", kit.escape(done.value)
    if done.unchanged:
        said = f"{name} is already {value}{_on(done)}. Nothing was changed."
    else:
        said = (
            f"*Set:* {name} is {value} from {full_day(done.from_day)} on. Before: {kit.escape(done.before)}."
        )
    lines = [said, done.standing.setting.words, *remarks(done)]
    blocks = [kit.section(lines[0]), kit.context(*map(kit.escape, lines[1:]))]
    if done.act_id is not None:
        blocks.append(kit.actions([undo_button(done.act_id)]))
    return Reply(text=SETTINGS_PUSH if done.unchanged else SET_PUSH, blocks=tuple(blocks))


#: Of how long notes are kept, the one setting that judges no month.
_NOT_JUDGING = (
    "No month is judged by it. Administrators get a message thirty days before notes are removed, and until then "
    "nothing is lost: a longer time, or forever, keeps them."
)


def remarks(done: SettingDone) -> list[str]:
    """What else a change means, in plain sentences."""
    said: list[str] = []
    if not done.unchanged:
        said.append(_judged(done))
        said += _earlier(done.earlier)
    said += [
        f"Set for later already: {one.value} from {full_day(one.from_day)} on."
        for one in done.standing.later
        if one.from_day > done.from_day
    ]
    if done.standing.setting.of_payers:
        said.append(_PAYER_FIRST)
    return said


def full_day(day: date) -> str:
    """`Nov 1, 2026`."""
    return f"{day:%b} {day.day}, {day.year}"


def _judged(done: SettingDone) -> str:
    if not done.standing.setting.judges:
        return _NOT_JUDGING
    month = f"{done.from_day:%B %Y}"
    if done.from_day.day == 1:
        start = "No date was given, so it holds from this month on: " if done.from_was_supplied else ""
        said = f"{start}{month} and later months are judged by it, earlier ones as before."
        return said[0].upper() + said[1:]
    return f"A month is judged as a whole, so all of {month} and later months are judged by it."


def _earlier(months: Sequence[OpenBefore]) -> list[str]:
    if not months:
        return []
    named = ", ".join(
        f"{one.month.name} {one.month.year} ({count(one.patients, 'patient')})" for one in months
    )
    why = "it is not closed" if len(months) == 1 else "they are not closed"
    return [f"Judged by it, too, since {why}: {named}."]


def _on(done: SettingDone) -> str:
    return f" on {full_day(done.from_day)}" if not done.from_was_supplied else ""


def _line(one: SettingStanding) -> str:
    """`time_rule`: midpoint · since ..., set by ... · default strict, and what it does."""
    parts = [f"`{one.setting.name}`: `{kit.escape(one.value)}`", kit.escape(origin(one))]
    if one.value != one.default:
        parts.append(f"default {one.default}")
    parts += [
        kit.escape(f"from {full_day(each.from_day)} on {each.value}{_by(each)}")
        for each in one.later[:_LATER]
    ]
    if len(one.later) > _LATER:
        parts.append(f"and {count(len(one.later) - _LATER, 'later change')}")
    return f"{' · '.join(parts)}\n{kit.escape(one.setting.words)} ({one.setting.rule})"


def origin(one: SettingStanding) -> str:
    """Where a value comes from: `the default`, `since Nov 1, 2026, set by Ana Flores`."""
    if one.source is Source.SET and one.since is not None:
        return f"since {full_day(one.since.from_day)}{_by(one.since)}"
    if one.source is Source.ENVIRONMENT:
        return f"from the environment ({one.variable})"
    return "the default"


def _by(value: DatedValue) -> str:
    return f", set by {value.by.display_name}" if value.by else ", set on the command line"


def _elsewhere(one: SetElsewhere) -> str:
    return f"`{one.name}`: `{kit.escape(one.value)}` · {one.variable}\n{kit.escape(one.words)}"
