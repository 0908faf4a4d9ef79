"""Collects which listener answers each command, from the listeners' `HANDLERS`."""

from collections.abc import Sequence

from bot import grammar
from bot.context import Handler, Handlers
from bot.listeners import (
    acts,
    administration,
    care,
    claims,
    covers,
    entries,
    forms,
    merging,
    messages,
    months,
    people,
    practice,
    review_hour,
    timers,
)
from bot.listeners import help as help_


def gathered(handlers: Sequence[Handlers]) -> Handlers:
    """One handler for each command of the grammar and for the empty message, in the grammar's order.

    Args:
        handlers: what each listener answers, by the command's name.

    Raises:
        ValueError: when a command has no handler or two, or a handler no command.
    """
    found: dict[str, Handler] = {}
    for each in handlers:
        if twice := found.keys() & each.keys():
            raise ValueError(f"answered by two listeners: {', '.join(sorted(twice))}")
        found.update(each)
    names = (grammar.FORM, grammar.WELCOME, *(command.name for command in grammar.COMMANDS))
    if apart := found.keys() ^ set(names):
        raise ValueError(
            f"a command without a handler, or a handler without a command: {', '.join(sorted(apart))}"
        )
    return {name: found[name] for name in names}


COMMANDS = gathered(
    (
        administration.HANDLERS,
        forms.HANDLERS,
        entries.HANDLERS,
        acts.HANDLERS,
        timers.HANDLERS,
        months.HANDLERS,
        claims.HANDLERS,
        messages.HANDLERS,
        care.HANDLERS,
        review_hour.HANDLERS,
        merging.HANDLERS,
        people.HANDLERS,
        covers.HANDLERS,
        practice.HANDLERS,
        help_.HANDLERS,
    )
)
