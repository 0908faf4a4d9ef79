"""Which listener does each command that the grammar understands."""

from collections.abc import Mapping

from bot.listeners import help as help_
from bot.listeners import log_form, log_time, status, today, undo
from bot.office import Handler

COMMANDS: Mapping[str, Handler] = {
    "form": log_form.handle,
    "log": log_time.handle,
    "undo": undo.handle,
    "today": today.handle,
    "status": status.handle,
    "help": help_.handle,
}
