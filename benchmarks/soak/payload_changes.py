"""Changes a payload of Slack's as no Slack would: parts gone, doubled, of another kind, deep, huge, hostile."""

import copy
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from sandbox.model import JSON


def deep(depth: int) -> Any:
    """A list in a list, so many levels down."""
    found: Any = "end"
    for _ in range(depth):
        found = [found]
    return found


#: What stands in the place of something else.
JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False),
    st.text(max_size=12),
    st.sampled_from(
        [
            "",
            " ",
            "x" * 4_000,
            "\ud800",
            "\x00",
            "’; DROP TABLE act; --",
            "<@U0ANA|ana>",
            "P-7F3K",
            "P-7F3K:2026-11",
            "9" * 40,
            "-1",
            "2026-02-30",
            "0000-00-00",
            "9999-12-31",
            "2026-11",
            "25:00",
            "e-zzzz",
            "1:2:3:4",
            "receipt:1",
            "NaN",
            "🙂" * 30,
        ]
    ),
    st.builds(list),
    st.builds(dict),
    st.lists(st.integers(), max_size=3),
    st.dictionaries(st.text(max_size=4), st.text(max_size=4), max_size=2),
    st.integers(1, 90).map(deep),
)
#: Where, how, and with what.
CHANGE = st.tuples(
    st.integers(0, 2**31), st.sampled_from(["put", "put", "put", "gone", "twice", "add"]), JUNK
)
CHANGES = st.lists(CHANGE, min_size=0, max_size=4)


def changed(payload: JSON, changes: list[tuple[int, str, Any]]) -> JSON:
    """A copy with some of its parts changed."""
    made = copy.deepcopy(payload)
    for place, how, what in changes:
        places = list(_places(made))
        if not places:
            return made
        inside, key = places[place % len(places)]
        if how == "gone":
            del inside[key]
        elif how == "twice":
            inside[key] = [inside[key], inside[key]]
        elif how == "add" and isinstance(inside, dict):
            inside[str(what)[:20]] = what
        else:
            inside[key] = what
    return made


def _places(found: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in it: the container, and the key or index."""
    pairs: Any = ()
    if isinstance(found, dict):
        pairs = list(found.items())
    elif isinstance(found, list):
        pairs = list(enumerate(found))
    for key, value in pairs:
        yield found, key
        yield from _places(value)
