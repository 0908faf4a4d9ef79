"""What segments of an 837 professional claim are made of: elements with their words, and how long these may be."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from billing.service_lines import ClaimDraft, ServiceLine
from billing.x12_text import x12_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the table is read: a claim of a file, and a line of the claim."""

    claim: ClaimDraft
    #: Numbers of the practice's, the subscriber's and the patient's levels in the transaction.
    provider_level: int = 1
    subscriber_level: int = 0
    patient_level: int = 0
    #: Counted from 1.
    line_number: int = 0
    line: ServiceLine | None = None

    @property
    def own(self) -> ServiceLine:
        """The line that is being written."""
        assert self.line is not None, "rows of a line are read for lines alone"
        return self.line


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """One element of a segment: its words, and how long they may be."""

    of: Callable[[Place], str] = field(repr=False)
    least: int = 1
    most: int = 80
    #: True where a segment without it says nothing.
    needed: bool = False
    #: True where the words are made here, of parts that are fit each for itself.
    made: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One segment of a loop."""

    loop: str
    segment: str
    elements: tuple[Element, ...]
    when: Callable[[Place], bool] = field(default=lambda _: True, repr=False)


def fixed(word: str) -> Element:
    """An element that never differs."""
    return Element(of=lambda _: word, most=len(word) or 1, made=True)


NONE = fixed("")


def words(most: int, of: Callable[[Place], str], least: int = 1, *, needed: bool = True) -> Element:
    """An element of a length from `least` to `most`, of words that are made fit for it."""
    return Element(of=of, least=least, most=most, needed=needed)


def optional(most: int, of: Callable[[Place], str], least: int = 1) -> Element:
    """The same; without it the segment says less, and is written."""
    return words(most, of, least, needed=False)


def made(most: int, of: Callable[[Place], str], least: int = 1, *, needed: bool = True) -> Element:
    """An element whose words are fit as they are made: a code, a day, an amount, components."""
    return Element(of=of, least=least, most=most, needed=needed, made=True)


class Unfit(ValueError):  # noqa: N818 - a claim that cannot be written is no error of the program
    """Words that a claim has no room for, or none where it needs some; the message names the place, not the words."""


def segment(row: Row, at: Place) -> list[str] | None:
    """A segment's words, its name first; None where it is left out.

    Raises:
        Unfit: when an element is missing, too short or too long.
    """
    if not row.when(at):
        return None
    said = [row.segment]
    for element in row.elements:
        text = element.of(at)
        if text and not element.made:
            text = x12_text(text)
        if not element.least <= len(text) <= element.most and (text or element.needed):
            raise Unfit(_where(row, len(said), text, element))
        said.append(text)
    while len(said) > 1 and not said[-1]:
        said.pop()
    return said


def _where(row: Row, number: int, text: str, element: Element) -> str:
    """What is wrong with an element, by its place."""
    place = f"{row.loop} {row.segment}{number:02}"
    if not text:
        return f"{place} is empty"
    return f"{place} has {len(text)} characters, and takes from {element.least} to {element.most}"


def segments(rows: Iterable[Row], at: Place) -> list[list[str]]:
    """The segments of some rows in their order.

    Raises:
        Unfit: when an element is missing, too short or too long.
    """
    return [said for row in rows if (said := segment(row, at)) is not None]
