"""Tells names of people from what a file writes where it names nobody."""

_NOBODY_WORDS = """
    total totals subtotal grandtotal sum average count all none null nil nan na unknown unk tbd tba pending missing
    blank empty same ditto various multiple several unassigned notassigned vacant anonymous nobody noone other true
    false yes no notapplicable notavailable user username staff provider employee name deleted void x xx xxx
"""
_NOBODY = frozenset(_NOBODY_WORDS.split())


def person_name(text: str) -> str:
    """The name of a person, as it stands.

    Raises:
        ValueError: when it is a number or a word for nobody.
    """
    if names_nobody(text):
        raise ValueError(f"{text!r} names nobody. Write the person's name, e-mail or Slack user id.")
    return text


def names_nobody(text: str) -> bool:
    """Whether words can be no person's name: they have no letters, or stand for somebody unknown."""
    letters = "".join(filter(str.isalpha, text.casefold()))
    return not letters or (letters in _NOBODY and not any(map(str.isdecimal, text)))
