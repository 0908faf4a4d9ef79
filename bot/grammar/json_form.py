"""Writes a parsed message as JSON for `cocm parse --json`."""

from dataclasses import fields, is_dataclass
from datetime import date, datetime, time
from typing import Any

from billing.months import BillingMonth
from bot.grammar.parsed import Parsed
from bot.grammar.problems import ParseProblem
from services.entries.requests import LogRequest, Question
from services.people.patient_ref import PatientRef


def as_json(parsed: Parsed) -> dict[str, Any]:
    """One message as understood, in plain values.

    `held` of an entry is the code of the question that stands before it; or, where none does, why the entry is stored
    and counts nowhere until somebody says what kind of work it was: `90837 is psychotherapy, which is billed
    separately`.
    """
    lines = parsed.draft.lines if parsed.draft else ()
    doubted = parsed.doubted.lines if parsed.doubted else ()
    return {
        "ok": parsed.ok,
        "command": parsed.command,
        "entries": [
            {**_entry(request), "held": line.question.code if line.question else request.held_because or None}
            for line in lines
            for request in line.requests
        ],
        "questions": [
            *(_question(line.question) for line in (*lines, *doubted) if line.question is not None),
            *([_unlogged(parsed)] if parsed.not_logged and not doubted else []),
        ],
        "problems": [_problem(problem) for problem in parsed.problems],
        "left": [{"text": left.text, "reason": left.reason.value} for left in parsed.left],
        "arguments": arguments_of(parsed),
        "suggestion": parsed.suggestion,
        "intent": parsed.intent.value,
    }


def _entry(request: LogRequest) -> dict[str, Any]:
    return {
        **_patient(request.patient),
        "seconds": request.seconds,
        "service_date": request.service_date.isoformat(),
        "started_at": _clock(request.started_at),
        "ended_at": _clock(request.ended_at),
        "activity": request.activity.value,
        "activity_source": request.activity_source.value,
        "note": request.note,
        "performed_by": request.performed_by,
        "outcome": request.outcome,
        "next_contact": request.next_contact.isoformat() if request.next_contact else None,
        "other_date": request.other_date.isoformat() if request.other_date else None,
        "remarks": list(request.remarks),
    }


def _patient(ref: PatientRef) -> dict[str, Any]:
    return {"patient": ref.text, "identity": ref.identity, "handle": ref.handle}


def _clock(moment: datetime | None) -> str | None:
    return f"{moment:%H:%M}" if moment else None


def _question(question: Question) -> dict[str, Any]:
    return {
        "code": question.code,
        "message": question.message,
        "choices": [
            {"label": choice.label, "entries": [_entry(request) for request in choice.requests]}
            for choice in question.choices
        ],
    }


def _unlogged(parsed: Parsed) -> dict[str, Any]:
    """That figures were not logged, and nothing to choose: the answer is another command's."""
    return {"code": "meant_as_log", "message": parsed.not_logged, "choices": []}


def _problem(problem: ParseProblem) -> dict[str, Any]:
    return {
        "code": problem.code.value,
        "message": problem.message,
        "start": problem.start,
        "end": problem.end,
        "example": problem.example,
        "line": problem.line,
    }


def arguments_of(parsed: Parsed) -> dict[str, Any]:
    """What the command was given, field by field; a patient's three names stand side by side."""
    plain: dict[str, Any] = {} if parsed.arguments is None else _plain(parsed.arguments)
    patient = plain.pop("patient", None)
    return plain if patient is None else {**patient, **plain}


def _plain(value: Any) -> Any:
    """A value of the domain as JSON has it."""
    if isinstance(value, PatientRef):
        return _patient(value)
    if is_dataclass(value) and not isinstance(value, BillingMonth):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, date | time):
        return value.isoformat()
    return value if value is None or isinstance(value, str | int) else str(value)
