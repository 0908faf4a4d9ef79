"""The sentences about a line that does not say that work was done, and the answers offered."""

from billing.durations import spoken
from bot.grammar.intent.verdicts import Verdict
from bot.grammar.text.phrases import listed, quoted
from services.entries.requests import LogRequest

_READS = {
    Verdict.QUESTION: "{line} reads as a question, so nothing was logged.",
    Verdict.STANDING: "{line} reads as what a patient has or still needs, so nothing was logged.",
    Verdict.CORRECTION: "{line} reads as a correction, so nothing was logged.",
    Verdict.NEGATION: "{line} reads as work that was not done or is not to be logged, so nothing was logged.",
    Verdict.PLAN: "{line} reads as a plan, so nothing was logged. Was it done?",
    Verdict.TEST: "{line} reads as a test, so nothing was logged.",
    Verdict.REMARK: "{time} reads as something you mention, not as the time you spent, so nothing was logged.",
}
_NOT = {
    Verdict.QUESTION: "Log nothing",
    Verdict.STANDING: "Log nothing",
    Verdict.CORRECTION: "It corrects another entry",
    Verdict.NEGATION: "Right, log nothing",
    Verdict.PLAN: "Still to come, log nothing",
    Verdict.TEST: "A test, log nothing",
    Verdict.REMARK: "Not the time spent",
}


def reads_as(verdict: Verdict, line: str, time: str) -> str:
    """Why nothing was logged."""
    return _READS[verdict].format(line=quoted(line), time=quoted(time))


def log_it(requests: tuple[LogRequest, ...]) -> str:
    """The button that logs it after all."""
    who = listed(list(dict.fromkeys(request.patient.text for request in requests)))
    return f"Log {spoken(sum(request.seconds for request in requests))} for {who}"


def leave_it(verdict: Verdict) -> str:
    """The button that says what it is instead."""
    return _NOT[verdict]
