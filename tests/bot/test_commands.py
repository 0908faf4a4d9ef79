"""Each command is answered by one listener, which says so itself."""

from collections.abc import Sequence

import pytest

from bot.commands import COMMANDS, gathered
from bot.context import BotContext, Handlers, Request
from bot.grammar import COMMANDS as UNDERSTOOD
from bot.grammar import FORM, WELCOME, Section
from bot.listeners import care
from bot.replies import Reply


async def answer(_bot: BotContext, _request: Request) -> Reply:
    """Stands where a listener's own function stands."""
    return Reply(text="")


ALL: Handlers = {FORM: answer, WELCOME: answer, **{command.name: answer for command in UNDERSTOOD}}


def test_every_command_is_answered_in_the_order_of_help() -> None:
    """What is understood is answered, the empty message and a greeting first."""
    assert list(COMMANDS) == [FORM, WELCOME, *(command.name for command in UNDERSTOOD)]


def test_every_command_about_care_is_recorded_by_the_same_function() -> None:
    """A new one needs no line in the listener; `review`, which opens its hour besides, has a listener of its own."""
    about_care = {command.name for command in UNDERSTOOD if command.section is Section.CARE}
    assert set(care.HANDLERS) == about_care - {"review"}


@pytest.mark.parametrize(
    ("handlers", "why"),
    [
        ([{name: answer for name in ALL if name != "near"}], "without a handler.*: near$"),
        ([ALL, {"nearby": answer}], "without a command: nearby$"),
        ([ALL, {"near": answer, "why": answer}], "by two listeners: near, why$"),
    ],
)
def test_a_handler_too_few_or_too_many_is_refused_at_start(handlers: Sequence[Handlers], why: str) -> None:
    """Nobody finds out by typing the command."""
    with pytest.raises(ValueError, match=why):
        gathered(handlers)
