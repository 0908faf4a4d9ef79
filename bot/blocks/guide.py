"""Help, made from the registry of commands."""

from collections.abc import Collection

from bot import kit, words
from bot.blocks.lines import sections
from bot.grammar import COMMANDS, Command
from bot.replies import Reply


def overview(available: Collection[str]) -> Reply:
    """Every command that works today, one line each, and how time is written."""
    lines = [_line(spec) for spec in COMMANDS if spec.name in available]
    return Reply(
        text=words.HELP_PUSH,
        blocks=(kit.section(words.HELP_START), *sections(lines), kit.context(words.HELP_MORE)),
    )


def topic(name: str) -> Reply:
    """One command in full."""
    spec = next(command for command in COMMANDS if command.name == name)
    return Reply(
        text=words.HELP_PUSH,
        blocks=(
            kit.section(
                f"*{kit.escape(spec.name)}* — {kit.escape(spec.summary)}\n`/cocm {kit.escape(spec.usage)}`"
            ),
            kit.section(kit.escape(spec.topic)),
            kit.context(f"For example: `/cocm {kit.escape(spec.example)}`"),
        ),
    )


def _line(spec: Command) -> str:
    return f"`/cocm {kit.escape(spec.usage)}` {kit.escape(spec.summary)}"
