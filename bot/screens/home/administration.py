"""An administrator's part of Home: people, payers, settings, and messages that cannot be delivered."""

from collections.abc import Iterator

from bot import kit
from bot.ids import ActionId, listed
from bot.replies import Block
from bot.screens.home.frame import Frame, show_button
from bot.screens.lines import fitting, sections
from bot.screens.people import APPROVE, REFUSE
from bot.screens.phrases import count, day_name, full_day
from bot.screens.trouble import how_to_fix
from services.home.administration import AdministrationHome, Asking, ChangedSetting
from services.messages.kinds import title_of
from services.messages.trouble import Stuck
from services.people.rights import ROLE_NAMES

TITLE = "Your practice"
WAITS = "*Waits for you: who takes part*"
ALL_DELIVERED = "Every message is delivered."
NO_CHANNEL = "No billing channel is set, so nobody is sent the month end: set `COCM_BILLING_CHANNEL`."
NO_CHANGES = "No setting was changed; `/cocm settings` lists them."
_REQUESTS_LISTED, _TROUBLE_LISTED = 5, 5
_NAMES_TEXT = 600


def administration_blocks(frame: Frame, home: AdministrationHome) -> Iterator[Block]:
    """The whole part: what waits first."""
    yield kit.header(TITLE)
    yield from _requests(frame, home)
    yield from _trouble(home)
    yield kit.section(_members(home))
    yield kit.section(_payers(home))
    yield from sections(["*Settings*", *fitting([_setting(frame, one) for one in home.settings])])
    if not home.settings:
        yield kit.context(NO_CHANGES)
    yield kit.actions(
        [
            show_button(frame, 1, "Members", "members"),
            show_button(frame, 2, "Roles", "roles"),
            show_button(frame, 3, "Payers", "payers"),
            show_button(frame, 4, "Settings", "settings"),
        ]
    )


def _requests(frame: Frame, home: AdministrationHome) -> Iterator[Block]:
    if home.requests:
        yield kit.section(WAITS)
    for number, one in enumerate(home.requests[:_REQUESTS_LISTED]):
        yield kit.section(_request(frame, one))
        value, name = f"{one.request_id}", one.display_name
        place = frame.place(number)
        action = listed(ActionId.APPROVE_MEMBER, place)
        approve = kit.button(APPROVE, action, value, about=name, style="primary")
        refuse = kit.button(REFUSE, listed(ActionId.REFUSE_MEMBER, place), value, about=name)
        yield kit.actions([approve, refuse])
    left = len(home.requests) - _REQUESTS_LISTED
    if left > 0:
        yield kit.context(f"And {count(left, 'more request')}: `/cocm members` names who asked.")


def _request(frame: Frame, one: Asking) -> str:
    """Who asked to take part, and when."""
    day = day_name(one.asked_at.astimezone(frame.zone).date(), frame.today)
    when = day if day in {"today", "yesterday"} else f"on {day}"
    return f"<@{one.slack_user_id}> ({kit.escape(one.display_name)} in Slack) asked to take part {when}."


def _trouble(home: AdministrationHome) -> Iterator[Block]:
    for one in home.trouble[:_TROUBLE_LISTED]:
        yield kit.section(_stuck(one))
    lines = [] if home.trouble else [ALL_DELIVERED]
    lines += [] if home.has_billing_channel else [NO_CHANNEL]
    if lines:
        yield kit.context(*lines)


def _stuck(one: Stuck) -> str:
    waiting = ", ".join(f"{number} × {title_of(kind)}" for kind, number in one.kinds)
    return f"*Not delivered:* {waiting}. {how_to_fix(one.code)} Error code: `{kit.escape(one.code)}`."


def _members(home: AdministrationHome) -> str:
    """`*12 members* · 8 care managers · 1 consultant`."""
    by_role = [count(home.roles[role], name) for role, name in ROLE_NAMES.items() if home.roles.get(role)]
    lines = [" · ".join([f"*{count(home.members, 'member')}*", *by_role])]
    if home.without_role:
        names = kit.clip(", ".join(map(kit.escape, home.without_role)), _NAMES_TEXT)
        lines.append(
            f"Without a role, so they can do nothing: {names}. `/cocm roles @ana care_manager` gives one."
        )
    return "\n".join(lines)


def _payers(home: AdministrationHome) -> str:
    said = f"*Payers:* rules of {home.payers} on file."
    if not home.unverified:
        return said
    names = kit.clip(", ".join(map(kit.escape, home.unverified)), _NAMES_TEXT)
    return f"{said} *In use and never verified:* {names}. Check them with the payer and import them with the date."


def _setting(frame: Frame, one: ChangedSetting) -> str:
    """`time_rule`: midpoint from Jan 1, 2027 · Sam Whitfield, today."""
    change = one.change
    who = kit.escape(one.by.display_name) if one.by is not None else "on the command line"
    day = day_name(change.set_at.astimezone(frame.zone).date(), frame.today)
    return f"`{change.name}`: `{kit.escape(change.value)}` from {full_day(change.from_day)} · {who}, {day}"
