"""The registry: every command the bot understands, and those it will. `help` is made from it."""

from bot.grammar.call.command import Command
from bot.grammar.commands import (
    admit,
    assess,
    assign,
    attest,
    caseload,
    close,
    consent,
    discharge,
    edit,
    enroll,
    history,
    log,
    month,
    near,
    remind,
    reopen,
    report,
    review,
    split,
    state,
    status,
    today,
    undo,
    void,
    week,
    why,
)
from bot.grammar.commands import help as help_
from bot.grammar.text.wordlists import words

#: In the order in which `help` lists them. A new command is a file in `verbs` and a name here.
COMMANDS: tuple[Command, ...] = (
    log.COMMAND,
    undo.COMMAND,
    edit.COMMAND,
    void.COMMAND,
    split.COMMAND,
    history.COMMAND,
    today.COMMAND,
    week.COMMAND,
    month.COMMAND,
    status.COMMAND,
    why.COMMAND,
    caseload.COMMAND,
    near.COMMAND,
    remind.COMMAND,
    enroll.COMMAND,
    consent.COMMAND,
    assess.COMMAND,
    review.COMMAND,
    assign.COMMAND,
    admit.COMMAND,
    discharge.COMMAND,
    state.COMMAND,
    attest.COMMAND,
    report.COMMAND,
    close.COMMAND,
    reopen.COMMAND,
    help_.COMMAND,
)

#: Words kept for commands to come: never read as a note, so that nobody logs time by asking for something else.
RESERVED = words(
    """
    start stop switch cancel timer export team payers roles import settings
    """
)

BY_WORD = {word: command for command in COMMANDS for word in command.words}
