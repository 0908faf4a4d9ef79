"""Parses typed text, given the present instant and a time zone, into a command or its problems."""

from bot.grammar.call.command import Command, Section
from bot.grammar.json_form import as_json
from bot.grammar.parsed import FORM, UNKNOWN, WELCOME, Arguments, Limits, ParseContext, Parsed
from bot.grammar.problems import ParseProblem, ProblemCode
from bot.grammar.reading import parse, roster_candidates, warm_up
from bot.grammar.registry import COMMANDS

__all__ = [
    "COMMANDS",
    "FORM",
    "UNKNOWN",
    "WELCOME",
    "Arguments",
    "Command",
    "Limits",
    "ParseContext",
    "ParseProblem",
    "Parsed",
    "ProblemCode",
    "Section",
    "as_json",
    "parse",
    "roster_candidates",
    "warm_up",
]
