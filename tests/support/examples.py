"""Tells a suggested line that can be sent as it stands from one with a gap, or from none."""


def is_whole(example: str) -> bool:
    """True for a line without a gap; an empty one suggests nothing."""
    return bool(example) and "___" not in example
