"""Answers a line that does not say that work was done: with the thing asked about, or with two buttons."""

import re
from dataclasses import replace

from billing.months import BillingMonth
from bot.grammar.call.search import SearchArguments, search_of
from bot.grammar.commands import correct, log, status, why
from bot.grammar.commands.status import StatusArguments
from bot.grammar.commands.why import WhyArguments
from bot.grammar.intent import sentences
from bot.grammar.intent.verdicts import Verdict
from bot.grammar.log.length_doubts import WHICH_LENGTH
from bot.grammar.log.line import LogLine
from bot.grammar.parsed import ParseContext, Parsed
from bot.grammar.text.scan import CLOCK, DURATION, NUMBER, RANGE, VAGUE
from bot.grammar.when.months import first_month
from services.entries.requests import Choice, DraftLine, LogDraft, Question

#: Asks about entries, and not about where a patient stands.
_ABOUT_ENTRIES = re.compile(
    r"\b(?:log|logs|logged|enter|entered|entry|entries|record|recorded|save|saved|go through|went through|put|add"
    r"|added|duplicate|twice)\b"
)
_WHY = re.compile(
    r"(?:[a-z]+[\s,]+){0,2}why\b|.*\b(?:not|n't|isn't|aren't|doesn't)\b.*\b(?:count|bill|billable|billed|counted)"
)
#: Asks whether to log, which only the person can say.
_ASKS_LEAVE = re.compile(
    r"(?:can|could|should|shall|may|must|do) (?:i|we) (?:(?:need|have|get|want) to |still |now |just |also )*"
    r"(?:log|add|record|enter|put|bill|count|document|track)\b"
)
CODE = "meant_as_log"


def answered(reading: LogLine, verdict: Verdict, context: ParseContext) -> Parsed | None:
    """What answers the line; None where nothing does, and nothing in it could be logged either."""
    thing, draft = _thing(reading, verdict, context), doubted(reading, verdict)
    if thing is not None:
        kept = None if draft is None else LogDraft(lines=(draft,))
        return replace(thing, intent=verdict.intent, doubted=kept, not_logged=_not_logged(reading, verdict))
    if draft is None:
        return None
    return Parsed(command=log.NAME, draft=LogDraft(lines=(draft,)), intent=verdict.intent)


def _not_logged(reading: LogLine, verdict: Verdict) -> str:
    """The sentence for a line that speaks of time; nothing to say of any other."""
    if not reading.sheet.has(DURATION, CLOCK, RANGE, VAGUE, NUMBER):
        return ""
    return sentences.reads_as(verdict, reading.sheet.line.shown.strip(), "")


def doubted(reading: LogLine, verdict: Verdict) -> DraftLine | None:
    """The line's entries behind the question whether they are to be logged at all; None when it holds none."""
    draft = reading.draft
    if draft is None:
        return None
    time = reading.slots.time
    shown = " ".join(reading.sheet.shown(i) for i in time.items) if time else ""
    message = sentences.reads_as(verdict, reading.sheet.line.shown.strip(), shown)
    if draft.question is None or _only_confirms(draft.question):
        choices: tuple[Choice, ...] = (
            Choice(label=sentences.log_it(draft.requests), requests=draft.requests),
        )
    else:
        message = f"{message} {draft.question.message}"
        choices = draft.question.choices
    leave = Choice(label=sentences.leave_it(verdict), requests=())
    return replace(draft, question=Question(code=CODE, message=message, choices=(*choices, leave)))


def _only_confirms(question: Question) -> bool:
    """True for a doubt about a length that is the same as whether it is time spent at all."""
    return question.code == WHICH_LENGTH and len(question.choices) == 1


def _thing(reading: LogLine, verdict: Verdict, context: ParseContext) -> Parsed | None:
    patients = reading.slots.patients
    plain = reading.sheet.line.plain
    if verdict is Verdict.CORRECTION:
        return Parsed(command=correct.COMMAND.name, arguments=SearchArguments(search=search_of(reading)))
    if verdict not in {Verdict.QUESTION, Verdict.STANDING} or _ASKS_LEAVE.match(plain.lstrip()):
        return None
    if verdict is Verdict.QUESTION and _ABOUT_ENTRIES.search(plain) and (patients or reading.has_time):
        search = search_of(reading, asks=patients is not None)
        return Parsed(command=correct.COMMAND.name, arguments=SearchArguments(search=search))
    if patients is None:
        return None
    if _WHY.match(plain):
        today = context.local_now.date()
        found = first_month(plain, today)
        month = found.month if found and found.month and found.month <= BillingMonth.of(today) else None
        return Parsed(
            command=why.COMMAND.name, arguments=WhyArguments(patient=patients.patients[0], month=month)
        )
    return Parsed(command=status.COMMAND.name, arguments=StatusArguments(patient=patients.patients[0]))
