"""Help, made from the registered commands, and the answer to a mention in a channel."""

from collections.abc import Collection

from bot import kit
from bot.grammar import COMMANDS, Command
from bot.replies import Reply
from bot.screens.lines import sections

HELP_PUSH = "How to log minutes."
HELP_START = (
    "*Type it as you would say it:* a duration, the patient, and what you did, in any order.\n"
    "`/cocm 15m MRN123 phone check-in` · `/cocm 2-2:25pm MRN123 chart review yesterday`\n"
    "One line for each entry. Send me the same words as a direct message, without the slash."
)
WELCOME_PUSH = "Hello."
WELCOME = (
    "Hello! I keep the minutes that you work for your patients. Tell me how long, for whom and what you did, like "
    "this:\n`/cocm 15m MRN123 phone check-in`\nHere you can leave out `/cocm`. To see everything I can do, say `help`."
)
HELP_MORE = "More on one of them: `/cocm help log`. Only you see these answers."
MENTIONED = (
    "Let's talk in private: patients are not named in channels. Send me a direct message, or type `/cocm help` "
    "anywhere; only you see the answer. Nothing of your message was stored."
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


def _line(spec: Command) -> str:
    return f"`/cocm {kit.escape(spec.usage)}` {kit.escape(spec.summary)}"
