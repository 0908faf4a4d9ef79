"""Where a date stands on its line, and the words that it hangs on."""

import re

from bot.grammar.log.contact import is_planned, only_contact
from bot.grammar.log.sheet import LineSheet
from bot.grammar.text.lexicon import BEGINNINGS, PLAN_WORDS
from bot.grammar.text.patterns import WEEKDAY
from bot.grammar.text.scan import DATE, QUOTED, SEPARATOR, WEAK_DATE, WORD
from bot.grammar.text.wordlists import words
from bot.grammar.when.dates import is_labeled, lead_of

PLAN_REACH = 4
#: Words of a clause that are looked at.
_CLAUSE = 16
_CLAUSE_ENDS = frozenset(",;.-")
_WEEKDAY = re.compile(WEEKDAY)

#: Contacts about these are told of with dates of their own: `safety plan for the weekend`.
TOPICS = words(
    """
    safety coping skills plan plans crisis school med meds medication medications refill refills referral referrals
    treatment tx care behavioral activation support back sure which did didn't intervention discussed re about regarding
    """
)
#: What is read may be of any date: `records from 2018`.
_PAPERS = words(
    "record records note notes lab labs result results report reports letter letters imaging data summary"
)


def is_of_papers(sheet: LineSheet, index: int) -> bool:
    """True for the `2018` of `records from 2018`, and for its `from`."""
    before = sheet.words_before(index, 2)
    if before[:1] and before[0] in {"from", "of"}:
        before = before[1:]
    elif not sheet.plain(index).startswith(("from", "of ")):
        return False
    return not _PAPERS.isdisjoint(before[:1])


class Place:
    """Where a date stands on its line, and the words that it hangs on."""

    __slots__ = ("after", "before", "index", "labeled", "lead", "marked", "sheet")

    def __init__(self, sheet: LineSheet, index: int) -> None:
        self.sheet, self.index = sheet, index
        plain = sheet.plain(index)
        self.before, self.after = sheet.word_before(index), sheet.word_after(index)
        self.lead = lead_of(plain)
        labeled = is_labeled(plain)
        #: `DOS: 11/3`; the `date` of `due date 11/3` is another's.
        self.labeled = labeled and (
            not self.lead.startswith(("date ", "date:", "date="))
            or self.lead.startswith("date of")
            or not self.before
            or only_contact([self.before])
        )
        #: `on 11/3` wherever it stands, and `for 11/3` that hangs on no other word than the kind of contact.
        named = _WEEKDAY.match(self.words) is not None
        self.marked = (
            self.labeled
            or self.lead.startswith("on")
            or (bool(self.lead) and not labeled and not self.before)
            or (self.lead.startswith("for") and not named and only_contact([self.before]))
        )

    @property
    def words(self) -> str:
        """The date itself, in plain form."""
        return self.sheet.plain(self.index)[len(self.lead) :]

    @property
    def first(self) -> bool:
        """True at the head and beside a slot."""
        return self.sheet.is_head(self.index) or self.sheet.is_anchored(self.index)

    @property
    def slot(self) -> bool:
        """True where slots stand, outside of brackets that hold other words."""
        return self.sheet.is_slot(self.index) and not self.sheet.is_in_brackets(self.index)

    @property
    def said(self) -> list[str]:
        """Every word of the note before it, in order, but for what is in double quotes."""
        sheet = self.sheet
        return [
            sheet.plain(i).rstrip(".")
            for i, item in enumerate(sheet.items[: self.index])
            if item.kind == WORD and i not in sheet.taken
        ]

    @property
    def told(self) -> list[str]:
        """Every word of the note behind it."""
        sheet = self.sheet
        return [
            sheet.plain(i).rstrip(".")
            for i in range(self.index + 1, len(sheet.items))
            if sheet.items[i].kind == WORD and i not in sheet.taken
        ]

    @property
    def closes(self) -> bool:
        """True at the end of the note, or of its first part, rather than beside a slot or at the head."""
        sheet, i = self.sheet, self.index - 1
        if not (
            sheet.is_tail(self.index) or (self.before and not self.after and sheet.is_anchored(self.index))
        ):
            return False
        while i >= 0 and i not in sheet.taken and sheet.items[i].kind in {SEPARATOR, DATE, WEAK_DATE}:
            i -= 1
        return i >= 0 and i not in sheet.taken and sheet.items[i].kind != QUOTED

    @property
    def stands_alone(self) -> bool:
        """True behind a comma or a dash, in a note that tells of no plan and no beginning."""
        said = self.said
        ahead = not BEGINNINGS.isdisjoint(said) or is_planned(said)
        asked = not self.marked and not PLAN_WORDS.isdisjoint(said)
        return not self.before and not ahead and not asked

    @property
    def ends_contact(self) -> bool:
        """True at the end of a clause that, with all before it, names nothing but the contact: `LVM friday, meds`."""
        ends = (
            bool(self.before) and ends_clause(self.sheet, self.index) and not self.sheet.is_tail(self.index)
        )
        return ends and only_contact(self.said)

    @property
    def clause(self) -> list[str]:
        """The words before it that no comma, dash or slot cuts off, nearest first."""
        return self.sheet.words_before(self.index, _CLAUSE)

    @property
    def planned(self) -> bool:
        """True when the words before it speak of what is to come or of a beginning."""
        clause = self.clause
        return (
            not PLAN_WORDS.isdisjoint(clause[:PLAN_REACH])
            or not BEGINNINGS.isdisjoint(clause)
            or is_planned(clause[::-1])
        )


def ends_clause(sheet: LineSheet, index: int) -> bool:
    """True for an item with a comma, a dash or a full stop directly behind it."""
    i = index + 1
    return i < len(sheet.items) and sheet.items[i].kind == SEPARATOR and sheet.plain(i) in _CLAUSE_ENDS
