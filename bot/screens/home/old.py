"""Home while the database does not answer: what was shown last, and that it may be out of date."""

from typing import Any

from bot import kit

_OLD = "*As of {at}.* The database does not answer; this may be out of date. It comes back by itself."
_NOTHING = (
    "*The database does not answer*, so I cannot show your Home now. It comes back by itself. "
    "What was answered as stored is stored."
)
#: Slack's limit for a view.
_MOST_BLOCKS = 100


def old_view(shown: dict[str, Any] | None, at: str) -> dict[str, Any]:
    """What was shown last with a word above it.

    Args:
        shown: the view; None where this program has shown none.
        at: the clock time at which it was true.
    """
    if shown is None:
        return {"type": "home", "blocks": [kit.section(_NOTHING)]}
    said = kit.section(_OLD.format(at=at))
    return {**shown, "blocks": [said, *shown["blocks"][: _MOST_BLOCKS - 1]]}
