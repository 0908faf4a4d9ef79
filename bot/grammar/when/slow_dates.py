"""Asks dateparser about the few short phrases that our own reading does not know."""

from datetime import date, datetime

#: Nothing longer is ever handed over; the patterns make nothing longer.
MAX_PHRASE = 40


def slow_date(phrase: str, now: datetime) -> date | None:
    """The past date that a phrase such as `2026 nov 3` names, or None.

    Args:
        phrase: A few words in plain form, at most `MAX_PHRASE` characters.
        now: The present instant in the person's own zone.
    """
    if len(phrase) > MAX_PHRASE:
        return None
    # Imported on first use: it takes a tenth of a second, and most messages never need it.
    from dateparser import parse  # noqa: PLC0415

    found = parse(
        phrase,
        languages=["en"],
        settings={
            "RELATIVE_BASE": now.replace(tzinfo=None),
            "PREFER_DATES_FROM": "past",
            "DATE_ORDER": "MDY",
            "RETURN_AS_TIMEZONE_AWARE": False,
            "STRICT_PARSING": False,
            "PARSERS": ["relative-time", "absolute-time"],
        },
    )
    return found.date() if found is not None else None
