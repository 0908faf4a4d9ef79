"""The sentences about a message that names no command or is too long. The point first, then what to do."""


def text_too_long(length: int, most: int) -> str:
    """A message over the limit."""
    return f"The message has {length:,} characters; {most:,} can be read at once. Send it in parts."


def too_many_lines(count: int, most: int) -> str:
    """More entries than one message may hold."""
    return f"The message has {count} lines; {most} can be logged at once. Send it in parts."


FILL_IN = "___ stands for what only you know. Write it in its place and send the line again."
UNKNOWN_NEAR = "{word} is not a command. Did you mean {near}?"
NOT_YET = "{word} is not available yet. help lists what is."
NOT_UNDERSTOOD = "That is not a command, and it has no time and patient to log. help lists the commands."
