"""The errors that end a command, each with its sentence and its exit code."""


class CommandFault(Exception):  # noqa: N818 - it ends a command with a sentence, not a traceback
    """The command cannot be done."""

    exit_code = 1


class CommandRefused(CommandFault):
    """The data or the words are wrong; the sentence says how to fix them."""

    exit_code = 1


class EnvironmentFault(CommandFault):
    """The database, Slack, the disk or a setting stands in the way; the sentence says what to do."""

    exit_code = 3
