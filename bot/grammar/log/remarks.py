"""Remarks on a line's reading: what the lines around it say of it, for the receipt or as a question."""

from dataclasses import replace

from bot.grammar.log import sentences
from bot.grammar.log.columns import in_their_words
from bot.grammar.log.line import LogLine
from bot.grammar.log.own_notes import for_each_request
from bot.grammar.text.phrases import day as said_day
from bot.grammar.text.phrases import quoted
from services.entries.requests import Choice, LogRequest, Question


def of_which_day(today: LogLine, dated: LogLine) -> LogLine:
    """The reading with the question whether it is of the day that another entry of its line names."""
    if today.draft is None or dated.draft is None:
        return today
    here, there = today.draft.requests, dated.draft.requests
    labels = [said_day(there[0].service_date), f"Today, {said_day(here[0].service_date)}"]
    question = Question(
        code="which_date",
        message=sentences.ASK_DATE.format(first=labels[0], second=labels[1]),
        choices=(Choice(label=labels[0], requests=there), Choice(label=labels[1], requests=here)),
    )
    if today.draft.question is None and there[0].service_date != here[0].service_date:
        today.draft = replace(today.draft, question=question)
    return today


def without_reading(reading: LogLine, heading: str) -> LogLine:
    """The reading without the sentence on how its heading's words were read: another says so."""
    reading = in_their_words(reading, heading)
    if reading.draft is not None:
        took = f"Took {quoted(heading)}"
        reading.draft = for_each_request(
            reading.draft,
            lambda one: replace(one, remarks=tuple(r for r in one.remarks if not r.startswith(took))),
        )
    return reading


def dated_by(reading: LogLine, heading: str) -> LogLine:
    """The reading, which says that a heading dates it; whoever is asked for the day says it themselves."""
    draft = reading.draft
    if draft is None:
        return reading
    said = sentences.dated_by(heading, said_day(draft.requests[0].service_date))
    if draft.question is None or draft.question.code != "which_date":
        return remarked(reading, said)
    reading.draft = replace(draft, requests=_said_once(draft.requests, said))
    return reading


def remarked(reading: LogLine, sentence: str) -> LogLine:
    """The reading with one more sentence for the receipt, said once."""
    draft = reading.draft
    if draft is None:
        return reading
    question = draft.question and replace(
        draft.question,
        choices=tuple(
            replace(one, requests=_said_once(one.requests, sentence)) for one in draft.question.choices
        ),
    )
    reading.draft = replace(draft, requests=_said_once(draft.requests, sentence), question=question)
    return reading


def _said_once(requests: tuple[LogRequest, ...], sentence: str) -> tuple[LogRequest, ...]:
    first, *others = requests
    return (replace(first, remarks=(*first.remarks, sentence)), *others)
