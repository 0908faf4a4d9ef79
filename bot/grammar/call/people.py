"""Takes the one person that a command about members names: picked with Slack's @ list, or by display name."""

import re

from bot.grammar.call import sentences
from bot.grammar.call.leftovers import refuse_leftovers
from bot.grammar.call.line import CallLine
from bot.grammar.problems import ProblemCode
from bot.grammar.text.phrases import all_quoted

_MENTION = re.compile(r"@\s?[\w.'\uf8ff-]+")


def person(line: CallLine) -> str | None:
    """Who is named by all that is left of a line: a Slack user id, a display name, `me`; None when nobody is."""
    mentions = line.line.mentions
    if len(mentions) > 1:
        shown = all_quoted(line.line.shown[start:end] for start, (end, _) in mentions.items())
        message = sentences.TWO_MEMBERS.format(words=shown, command=line.call.command.name)
        line.find(ProblemCode.TWO_MEMBERS, message)
        return None
    if not mentions:
        return line.rest().removeprefix("@").strip() or None
    ((_, user_id),) = mentions.values()
    line.take_all(_MENTION)
    # Beside somebody picked with @, every word means something.
    refuse_leftovers(line)
    return user_id
