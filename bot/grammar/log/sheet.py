"""One line of a log while it is read: its items, what slots have taken, problems and remarks."""

from dataclasses import dataclass, field

from bot.grammar.parsed import ParseContext
from bot.grammar.problems import ProblemCode
from bot.grammar.text.lines import Line
from bot.grammar.text.scan import DATE, NUMBER, QUOTED, SEPARATOR, WORD, WORDS, Item, scan
from bot.grammar.text.typos import mistyped_day

#: Marks across which a word still belongs to the figure behind it: `PHQ-9: 14`, `GAD-7 (12)`.
_BINDING = frozenset(":=(#~>")
_BRACKETS_OPEN, _BRACKETS_CLOSE = frozenset("(["), frozenset(")]")
_JOINERS = frozenset({"and", "plus", "&"})
#: With these a joiner ends, and a day's name however mistyped that does not begin with a `y`.
_LAST_LETTERS = frozenset("ds&ya")


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotProblem:
    """A problem before its example is known; offsets into the shown form of the line."""

    code: ProblemCode
    message: str = field(repr=False)
    start: int
    end: int


class LineSheet:
    """One line, its items, and what the slots have taken, found and said so far."""

    __slots__ = (
        "_anchored",
        "_bracketed",
        "_by_kind",
        "_first_word",
        "_last_word",
        "_runs",
        "context",
        "findings",
        "items",
        "line",
        "now",
        "patient_hint",
        "remarks",
        "respelled",
        "stayed",
        "taken",
        "time_hint",
    )

    def __init__(self, line: Line, context: ParseContext) -> None:
        self.line = line
        self.context = context
        self.now = context.local_now
        self.items = scan(line.plain, context.mrn_pattern)
        #: Day names that were mistyped: index of the item -> the word meant.
        self.respelled: dict[int, str] = {}
        self._by_kind: dict[str, list[int]] = {}
        #: Number of the run of slots and separators that each item lies in; -1 for words.
        self._runs: list[int] = []
        self._first_word, self._last_word = len(self.items), -1
        self._sort()
        self.taken: set[int] = set()
        self._anchored: set[int] = set()
        self._bracketed: set[int] | None = None
        self.findings: list[SlotProblem] = []
        self.remarks: list[str] = []
        #: Lengths of time of which a remark says that they stay in the note.
        self.stayed: set[int] = set()
        #: What could be written for a time that is missing or wrong.
        self.time_hint: str | None = None
        #: What could be written for a patient that is missing or wrong.
        self.patient_hint: str | None = None

    def _sort(self) -> None:
        """Put every item in its kind and run; what joins two slots or is a mistyped day is no word."""
        run, runs, by_kind, plain = 0, self._runs, self._by_kind, self.line.plain
        for index, item in enumerate(self.items):
            kind = item.kind
            if kind == WORD and (plain[item.end - 1] in _LAST_LETTERS or plain[item.start] == "y"):
                kind = self._kind_of_word(index, item)
            if kind in WORDS:
                runs.append(-1)
                if self._last_word < 0:
                    self._first_word = index
                self._last_word = index
                run += 1
            else:
                runs.append(run)
            if kind in by_kind:
                by_kind[kind].append(index)
            else:
                by_kind[kind] = [index]

    def _kind_of_word(self, index: int, item: Item) -> str:
        word = self.line.plain[item.start : item.end]
        if word in _JOINERS and 0 < index < len(self.items) - 1:
            kinds = {self.items[index - 1].kind, self.items[index + 1].kind}
            kind = SEPARATOR if kinds.isdisjoint((WORD, QUOTED, SEPARATOR)) else WORD
        elif meant := mistyped_day(word):
            self.respelled[index] = meant
            kind = DATE
        else:
            return WORD
        self.items[index] = item._replace(kind=kind)
        return kind

    # -- reading -----------------------------------------------------------------------------------------

    def has(self, *kinds: str) -> bool:
        """True when the line holds an item of one of those kinds."""
        return not self._by_kind.keys().isdisjoint(kinds)

    def of(self, *kinds: str) -> list[int]:
        """Indices of the items of those kinds that no slot has taken."""
        found = [
            i for kind in kinds if kind in self._by_kind for i in self._by_kind[kind] if i not in self.taken
        ]
        return sorted(found) if len(kinds) > 1 and len(found) > 1 else found

    def plain(self, index: int) -> str:
        """An item's plain form."""
        item = self.items[index]
        return self.respelled.get(index) or self.line.plain[item.start : item.end]

    def shown(self, index: int) -> str:
        """An item as the person saw it."""
        item = self.items[index]
        return self.line.shown[item.start : item.end]

    def is_word(self, index: int) -> bool:
        """True for what is the person's own words and nothing else."""
        return self._runs[index] < 0

    def is_head(self, index: int) -> bool:
        """True when no word of the note comes before."""
        return index <= self._first_word

    def is_tail(self, index: int) -> bool:
        """True when no word of the note comes after."""
        return index >= self._last_word

    def is_anchored(self, index: int) -> bool:
        """True when nothing but slots and separators lies between it and something taken."""
        return self._runs[index] in self._anchored

    def touch(self, one: int, other: int) -> bool:
        """True when no word of the note lies between two items that are no words."""
        return self._runs[one] == self._runs[other]

    def is_slot(self, index: int) -> bool:
        """True at either end of what is left, or beside something taken."""
        return self.is_head(index) or self.is_tail(index) or self.is_anchored(index)

    def word_before(self, index: int) -> str:
        """The word that an item hangs on, or an empty text: a comma or a dash between them lets go."""
        i = index - 1
        while i >= 0 and self.items[i].kind == SEPARATOR and self.plain(i) in _BINDING:
            i -= 1
        return self.plain(i).rstrip(".") if i >= 0 and self.items[i].kind == WORD else ""

    def word_after(self, index: int) -> str:
        """The word directly behind an item, or an empty text."""
        i = index + 1
        return self.plain(i).rstrip(".") if i < len(self.items) and self.items[i].kind == WORD else ""

    def words_before(self, index: int, count: int) -> list[str]:
        """The last few words before an item that no comma, dash or slot cuts off, nearest first.

        Figures among them are passed over: `was 18 on 10/21` hangs on `was`.
        """
        found: list[str] = []
        i = index - 1
        while i >= 0 and len(found) < count:
            item = self.items[i]
            if item.kind == WORD:
                found.append(self.plain(i).rstrip("."))
            elif not (item.kind == NUMBER and i not in self.taken) and self.plain(i) not in _BINDING:
                break
            i -= 1
        return found

    def is_in_brackets(self, index: int) -> bool:
        """True within brackets that hold words of the note before it as well."""
        if self._bracketed is None:
            self._bracketed = self._brackets()
        return index in self._bracketed

    def _brackets(self) -> set[int]:
        found: set[int] = set()
        words = -1  # outside of brackets
        for index, item in enumerate(self.items):
            sign = self.plain(index) if item.kind == SEPARATOR else ""
            if sign in _BRACKETS_OPEN:
                words = 0
            elif sign in _BRACKETS_CLOSE:
                words = -1
            elif words > 0:
                found.add(index)
            if words >= 0 and self.is_word(index):
                words += 1
        return found

    # -- writing -----------------------------------------------------------------------------------------

    def take(self, *indices: int) -> None:
        """Claim items for a slot."""
        self.taken.update(indices)
        for index in indices:
            self._anchored.add(self._runs[index])

    def find(self, code: ProblemCode, message: str, *indices: int) -> None:
        """Note a problem at some items, or at the whole line."""
        if indices:
            start, end = self.items[indices[0]].start, self.items[indices[-1]].end
        else:
            start, end = self.line.words
        self.findings.append(SlotProblem(code=code, message=message, start=start, end=end))

    def remark(self, sentence: str) -> None:
        """Note what the receipt must say."""
        if sentence not in self.remarks:
            self.remarks.append(sentence)
