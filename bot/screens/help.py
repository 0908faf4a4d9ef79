"""Help, made from the registered commands: groups by role, one group, one command, everything."""

from collections.abc import Collection, Sequence
from collections.abc import Set as AbstractSet
from types import MappingProxyType
from typing import Final

from billing.people import MemberRole
from bot import kit
from bot.grammar import COMMANDS, Command, Section
from bot.ids import ActionId, listed
from bot.replies import Block, Reply
from bot.screens.lines import sections
from services.people.rights import TABLE, Action

HELP_PUSH = "How to log minutes."
HELP_START = (
    "*Type it as you would say it:* a duration, the patient, and what you did, in any order.\n"
    "`/cocm 15m MRN123 phone check-in` · `/cocm 2-2:25pm MRN123 chart review yesterday`\n"
    "One line for each entry. Send me the same words as a direct message, without the slash."
)
WELCOME_PUSH = "Hello."
WELCOME = (
    "Hello! I keep the minutes that you work for your patients. Tell me how long, for whom and what you did, like "
    "this:\n`/cocm 15m MRN123 phone check-in`\nHere you can leave out `/cocm`. To see what you can do, say `help`."
)
HELP_MORE = "In full: `/cocm help log`. Every command: `/cocm help all`. Only you see these answers."
MENTIONED = (
    "Let's talk in private: patients are not named in channels. Send me a direct message, or type `/cocm help` "
    "anywhere; only you see the answer. Nothing of your message was stored."
)
OPEN_GROUP = "Show"
ALL_GROUPS = "Back to all groups"
#: What the button back holds, instead of a group's name.
EVERY_GROUP = "all"
TITLES: Final = MappingProxyType(
    {
        Section.ENTRIES: "Log and correct",
        Section.OVERVIEWS: "See where things stand",
        Section.MESSAGES: "Your messages",
        Section.CARE: "A patient's care",
        Section.CLOSING: "Month end and billing",
        Section.PEOPLE: "The practice",
    }
)
_USUAL = (Section.ENTRIES, Section.OVERVIEWS, Section.CARE)
#: What each role does most, in this order before all else.
_FIRST: Final = MappingProxyType(
    {
        MemberRole.CARE_MANAGER: _USUAL,
        MemberRole.CONSULTANT: (Section.CARE, Section.OVERVIEWS, Section.ENTRIES),
        MemberRole.TREATING_PROVIDER: (Section.OVERVIEWS, Section.CARE, Section.ENTRIES),
        MemberRole.SUPERVISOR: (Section.OVERVIEWS, Section.CLOSING, Section.CARE),
        MemberRole.BILLER: (Section.CLOSING, Section.OVERVIEWS, Section.PEOPLE),
        MemberRole.ADMIN: (Section.PEOPLE, Section.CLOSING, Section.OVERVIEWS),
    }
)


def groups(available: Collection[str], roles: AbstractSet[MemberRole], own: AbstractSet[Action]) -> Reply:
    """What a member can do: one line and one button for each group, those of their roles first.

    Args:
        available: names of the commands that work today.
        roles: what the member is.
        own: the actions that they may take.
    """
    blocks: list[Block] = [kit.section(HELP_START)]
    for place, section in enumerate(_in_order(roles)):
        names = [f"`{spec.name}`" for spec in _own_of(section, available, own)]
        if names:
            action = listed(ActionId.HELP_TOPIC, place)
            button = kit.button(OPEN_GROUP, action, section.name, about=TITLES[section])
            blocks.append(kit.section(f"*{TITLES[section]}*\n{' · '.join(names)}", accessory=button))
    return Reply(text=HELP_PUSH, blocks=(*blocks, kit.context(HELP_MORE)))


def group(section: Section, available: Collection[str], own: AbstractSet[Action]) -> Reply:
    """One group: each of its commands that the member may use, with a line to copy."""
    lines = [
        f"*{kit.escape(spec.name)}* {kit.escape(spec.summary)}\n`/cocm {kit.escape(spec.example)}`"
        for spec in _own_of(section, available, own)
    ]
    back = kit.button(ALL_GROUPS, ActionId.HELP_TOPIC, EVERY_GROUP)
    return Reply(
        text=HELP_PUSH,
        blocks=(
            kit.section(f"*{TITLES[section]}*"),
            *sections(lines),
            kit.actions([back]),
            kit.context(HELP_MORE),
        ),
    )


def overview(available: Collection[str]) -> Reply:
    """Every command that works today, one line each, and how time is written."""
    lines = [_line(spec) for spec in COMMANDS if spec.name in available]
    return Reply(
        text=HELP_PUSH,
        blocks=(kit.section(HELP_START), *sections(lines), kit.context(HELP_MORE)),
    )


def welcome() -> Reply:
    """The answer to a greeting, and to the first words of somebody who has logged nothing yet."""
    return Reply(text=WELCOME_PUSH, blocks=(kit.section(WELCOME),))


def topic(name: str) -> Reply:
    """One command in full."""
    spec = next(command for command in COMMANDS if command.name == name)
    return Reply(
        text=HELP_PUSH,
        blocks=(
            kit.section(
                f"*{kit.escape(spec.name)}* — {kit.escape(spec.summary)}\n`/cocm {kit.escape(spec.usage)}`"
            ),
            kit.section(kit.escape(spec.topic)),
            kit.context(f"For example: `/cocm {kit.escape(spec.example)}`"),
        ),
    )


def _in_order(roles: AbstractSet[MemberRole]) -> Sequence[Section]:
    first = [section for role, own in _FIRST.items() if role in roles for section in own]
    return tuple(dict.fromkeys((*first, *TITLES)))


def _own_of(section: Section, available: Collection[str], own: AbstractSet[Action]) -> list[Command]:
    return [
        spec
        for spec in COMMANDS
        if spec.section is section and spec.name in available and _may(spec.name, own)
    ]


def _may(name: str, own: AbstractSet[Action]) -> bool:
    """Whether one of the actions is typed with that command; a command that needs no right is everybody's."""
    needed = {action for action, right in TABLE.items() if name in {one.split()[0] for one in right.typed}}
    return not needed or not needed.isdisjoint(own)


def _line(spec: Command) -> str:
    return f"`/cocm {kit.escape(spec.usage)}` {kit.escape(spec.summary)}"
