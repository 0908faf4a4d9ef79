"""Marks what is missing from a line that is suggested, so that nothing is made up for the person."""

from dataclasses import dataclass

#: Stands where the person has to write something.
GAP = "___"


@dataclass(frozen=True, slots=True)
class Blank:
    """A part of a line that only the person knows."""

    #: What is shown, a gap in it.
    shown: str
    #: What would be understood in its place; never shown to anybody.
    sample: str


PATIENT = Blank("MRN___", "MRN1")
ENTRY = Blank("e-___", "e-36")
MONTH = Blank("___", "last month")
REASON = Blank("because ___", "because it was wrong")
DAY = Blank("on ___", "on yesterday")

#: Either the person's own words or a gap.
Part = str | Blank


def shown(parts: list[Part]) -> str:
    """The line as it is suggested."""
    return " ".join(part.shown if isinstance(part, Blank) else part for part in parts if part)


def sampled(parts: list[Part]) -> str:
    """The line as it is tried, to know that it is understood once the gaps are filled."""
    return " ".join(part.sample if isinstance(part, Blank) else part for part in parts if part)
