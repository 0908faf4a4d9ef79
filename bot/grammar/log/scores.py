"""Recognizes figures that belong to a scale: the 12 of `PHQ-9 12`, the 9 and the 12 of `PHQ 9 12`."""

from bot.grammar.log.sheet import LineSheet
from bot.grammar.text.lexicon import INSTRUMENTS
from bot.grammar.text.scan import NUMBER


def is_score(sheet: LineSheet, index: int) -> bool:
    """True for a number that hangs on the name of an instrument, or stands behind one that does."""
    if sheet.word_before(index) in INSTRUMENTS:
        return True
    before = index - 1
    return before >= 0 and sheet.items[before].kind == NUMBER and sheet.word_before(before) in INSTRUMENTS
