"""The working paper on which one line of a log is taken apart."""

from dataclasses import dataclass, field

from bot.grammar.parsed import ParseContext
from bot.grammar.problems import ProblemCode
from bot.grammar.scan import DATE, QUOTED, SEPARATOR, WORD, WORDS, Item, scan
from bot.grammar.text import Line
from bot.grammar.typos import mistyped_day

#: Marks across which a word still belongs to the figure behind it: `PHQ-9: 14`, `GAD-7 (12)`.
_BINDING = frozenset(":=(#~>")
_JOINERS = frozenset({"and", "plus", "&"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A problem before its example is known; offsets into the shown form of the line."""

    code: ProblemCode
    message: str = field(repr=False)
    start: int
    end: int


class Sheet:
    """One line, its items, and what the slots have taken, found and said so far."""

    def __init__(self, line: Line, context: ParseContext) -> None:
        self.line = line
        self.context = context
        self.now = context.local_now
        #: Day names that were mistyped: index of the item -> the word meant.
        self.respelled: dict[int, str] = {}
        self.items = self._joined(scan(line.plain, context.mrn_pattern))
        self.taken: set[int] = set()
        self.findings: list[Finding] = []
        self.remarks: list[str] = []
        #: What could be written for a time that is missing or wrong.
        self.time_hint: str | None = None
        #: What could be written for a patient that is missing or wrong.
        self.patient_hint: str | None = None

    def _joined(self, items: list[Item]) -> list[Item]:
        for index, item in enumerate(items):
            if item.kind != WORD:
                continue
            word = self.line.plain[item.start : item.end]
            if word in _JOINERS and 0 < index < len(items) - 1:
                if not {items[index - 1].kind, items[index + 1].kind} & {WORD, QUOTED, SEPARATOR}:
                    items[index] = item._replace(kind=SEPARATOR)
            elif meant := mistyped_day(word):
                self.respelled[index] = meant
                items[index] = item._replace(kind=DATE)
        return items

    # -- reading -----------------------------------------------------------------------------------------

    def of(self, *kinds: str) -> list[int]:
        """Indices of the items of those kinds that no slot has taken."""
        return [i for i, item in enumerate(self.items) if item.kind in kinds and i not in self.taken]

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
        return self.items[index].kind in WORDS

    def is_head(self, index: int) -> bool:
        """True when no word of the note comes before."""
        return not any(self.is_word(i) for i in range(index))

    def is_tail(self, index: int) -> bool:
        """True when no word of the note comes after."""
        return not any(self.is_word(i) for i in range(index + 1, len(self.items)))

    def is_anchored(self, index: int) -> bool:
        """True when nothing but slots and separators lies between it and something taken."""
        for step in (-1, 1):
            i = index + step
            while 0 <= i < len(self.items) and not self.is_word(i):
                if i in self.taken:
                    return True
                i += step
        return False

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
        """The last few words before an item that no comma, dash or slot cuts off, nearest first."""
        words: list[str] = []
        for i in range(index - 1, max(-1, index - count - 1), -1):
            if self.items[i].kind != WORD:
                break
            words.append(self.plain(i).rstrip("."))
        return words

    # -- writing -----------------------------------------------------------------------------------------

    def take(self, *indices: int) -> None:
        """Claim items for a slot."""
        self.taken.update(indices)

    def find(self, code: ProblemCode, message: str, *indices: int) -> None:
        """Note a problem at some items, or at the whole line."""
        if indices:
            start, end = self.items[indices[0]].start, self.items[indices[-1]].end
        else:
            stripped = self.line.shown.strip()
            start = self.line.shown.find(stripped)
            end = start + len(stripped)
        self.findings.append(Finding(code=code, message=message, start=start, end=end))

    def remark(self, sentence: str) -> None:
        """Note what the receipt must say."""
        if sentence not in self.remarks:
            self.remarks.append(sentence)
