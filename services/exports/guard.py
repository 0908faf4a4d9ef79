"""Keeps text from being run as a formula by a spreadsheet."""

#: A cell that begins with one of these, even after spaces, is a formula to one program or another.
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_CONTROL = ("\t", "\r", "\n")


def inert(text: str) -> str:
    """The text, with an apostrophe before it where it could be taken for a formula."""
    if text[:1].isalnum():
        return text
    if text.startswith(_CONTROL) or text.lstrip().startswith(_FORMULA):
        return f"'{text}"
    return text
