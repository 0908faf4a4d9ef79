"""Gives entries a note of its own field: nothing in it is read as anything else."""

from collections.abc import Callable
from dataclasses import replace

from billing.activities import ActivitySource
from billing.kinds_of_work import kind_of_work, outcome_of, plain_form
from bot.grammar.log.named import names_in
from services.entries.requests import DraftLine, LogRequest, Question


def with_own_note(line: DraftLine, note: str) -> DraftLine:
    """The line with that note, and the kind of work that it tells of unless one was stated."""
    words = note.strip()
    plain = plain_form(words)
    outcome = outcome_of(plain)

    def noted(request: LogRequest) -> LogRequest:
        stated = request.activity if request.activity_source is ActivitySource.STATED else None
        kind = kind_of_work(plain, stated=stated)
        return replace(
            request,
            note=words,
            whole_note=words if request.partners else "",
            named=names_in(words),
            activity=kind.activity,
            activity_source=kind.source,
            outcome=outcome,
        )

    return for_each_request(line, noted)


def for_each_request(line: DraftLine, change: Callable[[LogRequest], LogRequest]) -> DraftLine:
    """The line with every entry changed, also of every answer to its question."""
    return replace(
        line,
        requests=tuple(change(request) for request in line.requests),
        question=line.question and _changed(line.question, change),
    )


def _changed(question: Question, change: Callable[[LogRequest], LogRequest]) -> Question:
    choices = tuple(
        replace(choice, requests=tuple(change(request) for request in choice.requests))
        for choice in question.choices
    )
    return replace(question, choices=choices)
