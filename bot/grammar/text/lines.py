"""Turns typed text into lines that can be read: escapes, look-alike characters and lower case, offsets kept.

A `Line` has three forms. *Typed* is what arrived, and what problems point into. *Shown* is what the person
saw themselves type: Slack's escapes and links resolved, every kind of blank a space, invisible and control
characters gone; notes are cut from it. *Plain* is as long as shown, character for character, in lower case with
one kind of dash, quote and digit; the patterns read it. A blank in plain is one in shown, so that a stretch found
in one form holds in the other.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

#: Longer messages are refused before they are read.
MAX_TEXT = 4_000

#: Stands in the plain form for text that no slot may be read from: links, channel names, mentions.
OPAQUE = "\uf8ff"

_BREAKS = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")
_ESCAPES = re.compile(
    r"&(?:amp|lt|gt);"
    r"|<(?P<mark>[@#!])(?P<id>[^<>|\s]+)(?:\|(?P<name>[^<>]*))?>"
    r"|<(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):(?P<rest>[^<>|]+)(?:\|(?P<label>[^<>]*))?>"
)
_SLANTED = re.compile(r"(?<![\w:])_(?=[^\s_])([^_]{1,40})(?<=\S)_(?![\w:])")
_ENTITIES = {"&amp;": "&", "&lt;": "<", "&gt;": ">"}
#: Join emoji and letters of some scripts; kept between such, dropped between ASCII.
_JOINERS = frozenset("\u200c\u200d")
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\ufe58\ufe63\uff0d"
_SINGLE = "\u2018\u2019\u201a\u201b\u2032\u02bc\u00b4"
_DOUBLE = "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb"
_ALIKE = {
    **dict.fromkeys(_DASHES, "-"),
    **dict.fromkeys(_SINGLE, "'"),
    **dict.fromkeys(_DOUBLE, '"'),
    "\u2044": "/",
    "\u2215": "/",
    "\u2236": ":",
    "\u2248": "~",
}
_KEPT = frozenset("½¼¾")
#: Letters and signs that are seen as nothing but a blank.
_SEEN_AS_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_DROPPED_CATEGORIES = frozenset({"Cc", "Cf", "Cs"})


@dataclass(slots=True, kw_only=True)
class Line:
    """One typed line in its shown and plain forms."""

    #: 1 for the first typed line; blank lines count.
    number: int
    shown: str = field(repr=False)
    plain: str = field(repr=False)
    #: Where the line begins in the whole typed text.
    base: int = 0
    #: Typed offset of each shown character, and of the end; None when they are the same.
    offsets: tuple[int, ...] | None = None
    #: Slack's mentions: index of `@` in the shown form -> (end, user id).
    mentions: Mapping[int, tuple[int, str]] = field(default_factory=dict)
    #: Indices of blanks that were typed as tabs.
    tabs: frozenset[int] = frozenset()
    #: Of a line put together from others: where each shown character begins and ends in the whole typed text.
    spans: tuple[tuple[int, int], ...] | None = None

    def typed(self, start: int, end: int) -> tuple[int, int]:
        """Offsets into the whole typed text of a stretch of the shown form."""
        if self.spans is not None:
            covered = self.spans[start : max(end, start + 1)] or self.spans[-1:]
            # What was supplied stands nowhere in the typed text.
            covered = tuple(span for span in covered if span[1] > span[0]) or covered
            return min(first for first, _ in covered), max(last for _, last in covered)
        if self.offsets is None:
            return self.base + start, self.base + end
        last = self.offsets[start] if end <= start else max(self.offsets[end], self.offsets[end - 1] + 1)
        return self.base + self.offsets[start], self.base + last

    @property
    def words(self) -> tuple[int, int]:
        """From the first to the last character of the shown form that is no blank; (0, 0) of blanks alone."""
        words = self.shown.strip()
        start = self.shown.find(words)
        return start, start + len(words)

    def cut(self, start: int, end: int | None = None) -> "Line":
        """The line from `start` to `end`; offsets go on pointing to the same characters."""
        if start == 0 and end is None:
            return self
        last = len(self.shown) if end is None else end
        return Line(
            number=self.number,
            shown=self.shown[start:last],
            plain=self.plain[start:last],
            base=self.base if self.offsets is not None else self.base + start,
            offsets=None if self.offsets is None else self.offsets[start : last + 1],
            mentions={at - start: (stop - start, who) for at, (stop, who) in self.mentions.items()}
            if self.mentions
            else self.mentions,
            tabs=frozenset(at - start for at in self.tabs if start <= at < last) if self.tabs else self.tabs,
            spans=None if self.spans is None else self.spans[start:last],
        )


def lines_of(text: str) -> list[Line]:
    """Every line that holds more than blanks."""
    if text.isprintable() or _BREAKS.search(text) is None:  # whatever ends a line cannot be printed
        line = _line(text, number=1, base=0)
        return [line] if line.plain.strip() else []
    return [line for line in _each_line(text) if line.plain.strip()]


def put_together(parts: Iterable["Line | str"]) -> Line:
    """One line of several, in that order, with words supplied between them; at least one part is a line.

    Problems in it still point into the typed text; supplied words point to the line that they stand before.
    """
    shown, plain = "", ""
    spans: list[tuple[int, int]] = []
    mentions: dict[int, tuple[int, str]] = {}
    supplied, number = 0, 0
    for part in parts:
        if isinstance(part, str):
            shown, plain, supplied = shown + part, plain + part.lower(), supplied + len(part)
            continue
        own = [part.typed(at, at + 1) for at in range(len(part.shown))]
        spans += [(own[0][0], own[0][0]) if own else part.typed(0, 0)] * supplied + own
        mentions |= {at + len(shown): (end + len(shown), who) for at, (end, who) in part.mentions.items()}
        shown, plain, supplied = shown + part.shown, plain + part.plain, 0
        number = number or part.number
    spans += [(spans[-1][1], spans[-1][1])] * supplied
    return Line(number=number, shown=shown, plain=plain, spans=tuple(spans), mentions=mentions)


def line_of(text: str) -> Line:
    """The whole text as one line."""
    return _line(text, number=1, base=0)


def _each_line(text: str) -> Iterator[Line]:
    start = 0
    number = 1
    for match in _BREAKS.finditer(text):
        yield _line(text[start : match.start()], number=number, base=start)
        start = match.end()
        number += 1
    yield _line(text[start:], number=number, base=start)


def _line(text: str, *, number: int, base: int) -> Line:
    if text.isascii() and text.isprintable() and "&" not in text and "<" not in text:
        plain = text.lower()
        return Line(number=number, shown=text, plain=_unslanted(plain) if "_" in plain else plain, base=base)
    return _Typesetter(text).line(number, base)


class _Typesetter:
    """Builds the shown and plain forms of one typed line, character by character."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._shown: list[str] = []
        self._plain: list[str] = []
        self._offsets: list[int] = []
        self._mentions: dict[int, tuple[int, str]] = {}
        self._tabs: set[int] = set()

    def line(self, number: int, base: int) -> Line:
        position = 0
        for match in _ESCAPES.finditer(self._text):
            self._put_each(self._text[position : match.start()], position)
            self._put_escape(match)
            position = match.end()
        self._put_each(self._text[position:], position)
        self._offsets.append(len(self._text))
        return Line(
            number=number,
            shown="".join(self._shown),
            plain=_unslanted("".join(self._plain)),
            base=base,
            offsets=tuple(self._offsets),
            mentions=self._mentions,
            tabs=frozenset(self._tabs),
        )

    def _put_each(self, run: str, offset: int) -> None:
        for index, char in enumerate(run):
            if (char.isascii() and char.isprintable()) or not self._dropped(char, run[index + 1 : index + 2]):
                self._put(char, offset + index)

    def _dropped(self, char: str, following: str) -> bool:
        if char.isspace():
            return False
        if char in _JOINERS:
            before = self._shown[-1] if self._shown else ""
            return before.isascii() or following.isascii()
        return unicodedata.category(char) in _DROPPED_CATEGORIES

    def _put_escape(self, match: re.Match[str]) -> None:
        whole, at = match.group(), match.start()
        if whole in _ENTITIES:
            self._put(_ENTITIES[whole], at)
        elif match["mark"]:
            self._put_mark(match)
        else:
            label = match["label"] or f"{match['scheme']}:{match['rest']}"
            for char in _unescaped(label):
                # A telephone link is often a number that Slack took for one: an MRN, say.
                self._put_clean(char, at, opaque=match["scheme"].lower() != "tel")

    def _put_mark(self, match: re.Match[str]) -> None:
        mark, at = match["mark"], match.start()
        label = match["name"] or (match["id"] if mark != "!" else match["id"].partition("^")[0])
        start = len(self._shown)
        self._put_clean("@" if mark == "!" else mark, at, opaque=mark != "@")
        for char in _unescaped(label.removeprefix(mark)):
            self._put_clean(char, at, opaque=True)
        if mark == "@":
            self._mentions[start] = (len(self._shown), match["id"])

    def _put_clean(self, char: str, offset: int, *, opaque: bool) -> None:
        if not self._dropped(char, ""):
            self._put(char, offset, OPAQUE if opaque else None)

    def _put(self, char: str, offset: int, plain: str | None = None) -> None:
        if char == "\t":
            self._tabs.add(len(self._shown))
        if char.isspace() or char in _SEEN_AS_BLANK:
            char = " "
        self._shown.append(char)
        self._plain.append(plain or _plain_char(char))
        self._offsets.append(offset)


def _unslanted(plain: str) -> str:
    """`_15m_` as `*15m*`: an underscore is a letter to a pattern, and Slack's mark for slanted type to people."""
    return _SLANTED.sub(r"*\1*", plain)


def _unescaped(text: str) -> str:
    return re.sub(r"&(?:amp|lt|gt);", lambda match: _ENTITIES[match.group()], text)


def _plain_char(char: str) -> str:
    if char in _ALIKE:
        return _ALIKE[char]
    if char.isascii():
        return char.lower()
    if char in _KEPT:
        return char
    figure = unicodedata.decimal(char, None)
    if figure is not None:
        return str(figure)
    folded = unicodedata.normalize("NFKC", char)
    lowered = (folded if len(folded) == 1 else char).lower()
    return lowered if len(lowered) == 1 else char
