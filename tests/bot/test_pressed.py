"""What a button holds is read whole, or refused with a sentence that says where to go on."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from billing.months import BillingMonth
from billing.people import MemberRole
from billing.references import entry_reference
from bot import pressed
from bot.pressed import Held, OldButton

READERS: dict[str, Callable[[Held], Any]] = {
    "text": pressed.text,
    "parts": lambda held: pressed.parts(held, 2),
    "number": pressed.number,
    "last number": pressed.last_number,
    "entry": pressed.entry_id,
    "choice": lambda held: pressed.choice(MemberRole, held),
    "name": lambda held: pressed.name({"ends"}, held),
    "month": pressed.month,
    "day": pressed.day,
    "instant": pressed.instant,
}


def refused(read: Callable[[Held], Any], held: Held) -> bool:
    """Whether a reader says that the button is from another version."""
    try:
        read(held)
    except OldButton as refusal:
        return "another version of the program" in refusal.sentence
    return False


def test_what_a_button_holds_is_read() -> None:
    """Of a button, of an option picked from a menu, and of a part of either."""
    assert pressed.text({"value": "a:b"}) == "a:b"
    assert pressed.text({"selected_option": {"value": "roles:12"}}) == "roles:12"
    assert pressed.parts({"value": "a:b:c:d"}, 3) == ["a", "b", "c:d"]
    assert pressed.parts({"value": "17"}, 2, least=1) == ["17", ""]
    assert pressed.parts("3.4.5", 3, sep=".") == ["3", "4", "5"]
    assert pressed.last_number({"value": "month:2026-10:2"}) == ("month:2026-10", 2)
    assert pressed.number({"value": "0"}) == 0
    assert pressed.number(str(2**31 - 1)) == 2**31 - 1
    assert pressed.entry_id({"value": entry_reference(36)}) == 36
    assert pressed.choice(MemberRole, {"value": "biller"}) is MemberRole.BILLER
    assert pressed.name({"ends"}, "ends") == "ends"
    assert pressed.month({"value": "2026-11"}) == BillingMonth(2026, 11)
    assert pressed.day("2026-02-28") == date(2026, 2, 28)
    east = timezone(timedelta(hours=2))
    assert pressed.instant("2026-11-03T09:00:00+02:00") == datetime(2026, 11, 3, 9, tzinfo=east)
    assert pressed.instant("1795000000") == datetime.fromtimestamp(1_795_000_000, UTC)


@pytest.mark.parametrize(
    "held", [{}, {"value": None}, {"value": ""}, {"selected_option": None}, "", "\x00", "\ud800"]
)
def test_a_value_that_is_missing_is_told(held: Held) -> None:
    """By every reader, so that none of them fails instead."""
    for name, read in READERS.items():
        assert refused(read, held), name


STRANGE = [
    *(
        "zanthorn",
        "-1",
        "1.5",
        "٣",
        "²",
        str(2**31),
        "9" * 5_000,
        ":",
        "a:",
        ":1",
        "e-zzzzzzzzzzzzzz",
        "e-zzzz",
    ),
    *(
        "2026-13",
        "0001-01",
        "9999-12",
        "2026-02-30",
        "9999-12-31",
        "0001-01-01",
        "2026-11-03T09:00:00",
        "true",
    ),
]


@pytest.mark.parametrize("held", STRANGE)
def test_a_value_of_another_form_is_told(held: str) -> None:
    """Of another kind, out of the range of what is stored, and without its offset."""
    for name in ("number", "entry", "choice", "name", "month", "day", "instant"):
        assert refused(READERS[name], {"value": held}), name


@pytest.mark.parametrize("held", ["1", ":1", "a:", "a:b", "a:-1"])
def test_a_place_in_a_list_needs_both_its_parts(held: str) -> None:
    """Which list, and which page."""
    assert refused(pressed.last_number, held)


@pytest.mark.parametrize("held", ["a", "a:", ":b", ":"])
def test_no_part_that_must_be_there_is_empty(held: str) -> None:
    """Neither of two."""
    assert refused(READERS["parts"], held)
