"""Which listener does each command that the grammar understands."""

from collections.abc import Mapping

from bot.listeners import care, log_form, log_time, status, today, undo
from bot.listeners import help as help_
from bot.office import Handler

COMMANDS: Mapping[str, Handler] = {
    "form": log_form.handle,
    "log": log_time.handle,
    "undo": undo.handle,
    "today": today.handle,
    "status": status.handle,
    "enroll": care.handle,
    "consent": care.handle,
    "assess": care.handle,
    "review": care.handle,
    "assign": care.handle,
    "admit": care.handle,
    "discharge": care.handle,
    "state": care.handle,
    "attest": care.handle,
    "help": help_.handle,
}
