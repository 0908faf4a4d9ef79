"""What the bot would understand of a text, without a database: `cocm parse`."""

import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import typer
from rich.console import Console

from bot.grammar import ParseContext, Parsed, as_json, parse
from bot.grammar.log.patients import patient_ref
from cocm.errors import CommandRefused
from cocm.parsed_lines import plain_lines
from cocm.settings import load
from services.clock import SystemClock

out = Console(soft_wrap=True, highlight=False)


def show(
    text: Sequence[str], *, now: str | None, tz: str | None, roster: Path | None, as_json_form: bool
) -> None:
    """Print how words are read; ends with the exit code of a refusal where they are not understood.

    Args:
        text: The words; `-` alone reads one text a line from standard input.
        now: Instant at which dates are read, ISO 8601.
        tz: The person's time zone.
        roster: File of MRNs that make a bare number a patient.
        as_json_form: One JSON object a text.
    """
    context = _parse_context(now, tz, roster)
    if list(text) == ["-"]:
        for line in sys.stdin:
            _show(parse(line.rstrip("\n"), context), as_json_form=as_json_form)
        return
    parsed = parse(" ".join(text), context)
    _show(parsed, as_json_form=as_json_form)
    if parsed.problems:
        sys.exit(CommandRefused.exit_code)


def _parse_context(now: str | None, tz: str | None, roster: Path | None) -> ParseContext:
    zone = _zone(tz) if tz else load().timezone
    return ParseContext(
        now=_instant(now, zone) if now else SystemClock().now(), zone=zone, roster=_roster(roster)
    )


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise typer.BadParameter(f"{name!r} is not a time zone; write it like America/New_York") from None


def _instant(text: str, zone: ZoneInfo) -> datetime:
    """An ISO instant; one without an offset is meant in the person's own zone."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} is not an instant; write it like 2026-11-18T14:00:00-05:00"
        ) from None
    return instant.replace(tzinfo=instant.tzinfo or zone).astimezone(UTC)


def _roster(path: Path | None) -> frozenset[str]:
    if path is None:
        return frozenset()
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise typer.BadParameter(f"{path} cannot be read: {error.strerror}") from None
    named = [line.strip() for line in lines if line.strip()]
    return frozenset(patient_ref(name.casefold(), name).identity or "" for name in named)


def _show(parsed: Parsed, *, as_json_form: bool) -> None:
    if as_json_form:
        sys.stdout.write(json.dumps(as_json(parsed), ensure_ascii=False) + "\n")
        return
    for line in plain_lines(parsed):
        out.print(line, markup=False)
