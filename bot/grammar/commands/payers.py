"""`payers Medicare`: whose rules are on file, and what they say."""

import re
from dataclasses import dataclass

from bot.grammar.call.command import Call, Command, Section
from bot.grammar.call.leftovers import refuse_times
from bot.grammar.call.line import CallLine
from bot.grammar.parsed import Arguments, Parsed
from bot.grammar.text.wordlists import words

_JOINTS = re.compile(r"(?:\s*\b(?:rules?|for|of|the|list|show|all|please)\b)*\s*")
_NAME = re.compile(r".*\S")


@dataclass(frozen=True, slots=True, kw_only=True)
class PayersArguments(Arguments):
    """`payers` for all, `payers Medicare` for one."""

    #: As typed; empty asks for all.
    name: str = ""


def read(call: Call) -> Parsed:
    """A payer's name, whatever it is."""
    line = CallLine(call)
    if more := line.refuse_more_lines():
        return more
    refuse_times(line)
    if line.problems:
        return line.refused(())
    lead = _JOINTS.match(line.plain)
    if lead is not None and lead.end():
        line.cut(lead)
    start = lead.end() if lead is not None else 0
    found = _NAME.search(line.plain, start)
    name = "" if found is None else line.cut(found).shown
    return Parsed(
        command=call.command.name, arguments=PayersArguments(name=" ".join(name.strip('"“”?!. ').split()))
    )


COMMAND = Command(
    name="payers",
    section=Section.PEOPLE,
    place=35,
    usage="payers [<name>]",
    summary="Show the payers whose rules are on file, and what each rule says",
    example="payers Medicare",
    keywords=words("payer insurance insurer medicare medicaid rule rules policy"),
    topic=(
        "Every payer with rules on file: each rule in words, from when to when it holds, where it comes from and how "
        "sure that is, who verified it when, and whether it is built in or the practice's own. Unverified rules are "
        "marked. A payer that is not listed is judged by the practice's own rules.\n"
        "payers Medicare shows one payer, under any of its names, with the rules of other times too."
    ),
    read=read,
)
