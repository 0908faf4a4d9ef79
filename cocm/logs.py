"""Logging: structured, to standard error, and never a message body.

slack_sdk prints whole bodies at DEBUG and slack_bolt those of badly signed requests at INFO, so both
stay at WARNING whatever else is asked for.
"""

import logging
import sys
from typing import Literal

import structlog

#: Libraries that would print what people wrote, or drown the rest. Bolt gives its loggers levels of its own,
#: so they are kept quiet where lines leave the program, not by level.
_QUIET = (
    "slack_sdk",
    "slack_bolt",
    "aiohttp",
    "uvicorn.access",
    "sqlalchemy",
    "alembic",
    "apscheduler",
    "httpx",
)


def configure(form: Literal["console", "json"], level: int = logging.INFO) -> None:
    """Set logging up for one program.

    Args:
        form: `console` for people, `json` for machines; one event a line.
        level: the lowest level of our own events.
    """
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if form == "json"
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    )
    # The json form carries tracebacks as text; values of local variables never go to a log.
    tail = [structlog.processors.format_exc_info] if form == "json" else []
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *tail, renderer],
        )
    )
    handler.addFilter(_fit_to_print)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    # A log stream that is gone must not make logging print what it was about to say.
    logging.raiseExceptions = False


def _fit_to_print(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING or not record.name.startswith(_QUIET)
