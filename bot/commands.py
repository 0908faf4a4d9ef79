"""Which listener does each command that the grammar understands."""

from collections.abc import Mapping

from bot.context import Handler
from bot.listeners import (
    care,
    caseload,
    close_month,
    edit_entry,
    history,
    log_form,
    log_time,
    month,
    near,
    remind,
    reopen,
    report,
    split,
    status,
    today,
    undo,
    void,
    week,
    why,
)
from bot.listeners import help as help_

COMMANDS: Mapping[str, Handler] = {
    "form": log_form.handle,
    "log": log_time.handle,
    "undo": undo.handle,
    "edit": edit_entry.handle,
    "void": void.handle,
    "split": split.handle,
    "history": history.handle,
    "today": today.handle,
    "week": week.handle,
    "month": month.handle,
    "status": status.handle,
    "why": why.handle,
    "caseload": caseload.handle,
    "near": near.handle,
    "remind": remind.handle,
    "enroll": care.handle,
    "consent": care.handle,
    "assess": care.handle,
    "review": care.handle,
    "assign": care.handle,
    "admit": care.handle,
    "discharge": care.handle,
    "state": care.handle,
    "attest": care.handle,
    "report": report.handle,
    "close": close_month.handle,
    "reopen": reopen.handle,
    "help": help_.handle,
}
