"""What `cocm parse --json` prints."""

from datetime import datetime
from typing import Any

from bot.grammar.parsed import HelpArguments, Parsed, StatusArguments
from bot.grammar.problems import ParseProblem
from services.requests import LogRequest, PatientRef, Question


def as_json(parsed: Parsed) -> dict[str, Any]:
    """One message as understood, in plain values."""
    lines = parsed.draft.lines if parsed.draft else ()
    return {
        "ok": parsed.ok,
        "command": parsed.command,
        "entries": [_entry(request) for line in lines for request in line.requests],
        "questions": [_question(line.question) for line in lines if line.question is not None],
        "problems": [_problem(problem) for problem in parsed.problems],
        "arguments": _arguments(parsed),
        "suggestion": parsed.suggestion,
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


def _problem(problem: ParseProblem) -> dict[str, Any]:
    return {
        "code": problem.code.value,
        "message": problem.message,
        "start": problem.start,
        "end": problem.end,
        "example": problem.example,
        "line": problem.line,
    }


def _arguments(parsed: Parsed) -> dict[str, Any]:
    match parsed.arguments:
        case StatusArguments(patient=ref):
            return _patient(ref)
        case HelpArguments(topic=topic):
            return {"topic": topic}
        case None:
            return {}
