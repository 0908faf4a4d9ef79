"""Recognizes figures of a scale, a dose or a vital sign: the 12 of `PHQ-9 12`, the 100 of `zoloft 50->100`."""

import re

from bot.grammar.log.sheet import LineSheet
from bot.grammar.text.lexicon import DRUGS, FIGURED, INSTRUMENTS
from bot.grammar.text.scan import NUMBER, WORD

_OWNERS = INSTRUMENTS | DRUGS | FIGURED
_DRUG_OR_DOSE = re.compile(
    r"\d+(?:mg|mcg|ml)|[a-z]{3,}(?:pram|oxetine|azepam|azolam|olol|pril|statin|apine|idone|piprazole|triptyline|traline"
    r"|zodone|faxine|zapine|spirone)"
)


def is_score(sheet: LineSheet, index: int) -> bool:
    """True for a number that hangs on the name of an instrument, or stands behind one that does."""
    if sheet.word_before(index) in INSTRUMENTS:
        return True
    before = index - 1
    return before >= 0 and sheet.items[before].kind == NUMBER and sheet.word_before(before) in INSTRUMENTS


def figure_owner(sheet: LineSheet, index: int) -> int | None:
    """The instrument, drug, dose, vital sign or attempt on the line that a bare number may belong to.

    Returns:
        The index of its word; None when there is none, or the number has a sheet's column of its own.
    """
    if is_column(sheet, index):
        return None
    return next((i for i in sheet.of(WORD) if _owns_figures(sheet.plain(i).rstrip("."))), None)


def _owns_figures(word: str) -> bool:
    return word in _OWNERS or _DRUG_OR_DOSE.fullmatch(word) is not None


def is_column(sheet: LineSheet, index: int) -> bool:
    """True for what fills a column of a sheet by itself, between tabs or upright strokes."""
    plain, tabs = sheet.line.plain, sheet.line.tabs
    marks = (
        sorted({*tabs, *(i for i, sign in enumerate(plain) if sign == "|")}) if tabs or "|" in plain else []
    )
    if len(marks) < 2:  # noqa: PLR2004 - three columns at the least
        return False
    item = sheet.items[index]
    begin = max((mark + 1 for mark in marks if mark < item.start), default=0)
    end = min((mark for mark in marks if mark >= item.end), default=len(plain))
    return plain[begin:end].strip() == plain[item.start : item.end]
