"""The shared phrases of `tests/data/phrases.py`: what people type, and what must come out."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.grammar import ParseContext, as_json, parse
from tests.data.phrases import NOW, ROWS, TZ

CONTEXT = ParseContext(now=datetime.fromisoformat(NOW), zone=ZoneInfo(TZ))
#: Of 531.
RIGHT = 525
_FIELDS = {
    "s": "seconds",
    "p": "identity",
    "d": "service_date",
    "b": "started_at",
    "e": "ended_at",
    "a": "activity",
}


def is_stored(plain: dict[str, Any]) -> bool:
    """True for what goes in without a question."""
    return bool(plain["ok"]) and not plain["questions"]


def is_as_wanted(plain: dict[str, Any], want: dict[str, Any]) -> bool:
    """True when every key of the row holds."""
    if want.get("bad"):
        return not plain["ok"]
    if want.get("ask"):
        return not is_stored(plain)
    if not is_stored(plain) or len(plain["entries"]) != 1:
        return False
    (entry,) = plain["entries"]
    note = entry["note"].lower()
    return (
        all(entry[_FIELDS[key]] == value for key, value in want.items() if key in _FIELDS)
        and all(word.lower() in note for word in want.get("n", ()))
        and not any(word.lower() in note for word in want.get("x", ()))
    )


def test_nearly_every_phrase_is_right_and_none_is_stored_wrong() -> None:
    """At least 525 of the 531 come out as wanted; the rest is asked about or refused."""
    outcomes = [(text, as_json(parse(text, CONTEXT)), want) for text, want in ROWS]
    assert len(outcomes) == 531
    wrong = [(text, plain) for text, plain, want in outcomes if not is_as_wanted(plain, want)]
    assert [text for text, plain in wrong if is_stored(plain)] == []
    assert len(outcomes) - len(wrong) >= RIGHT
