"""Words that say when something was, is or will be, by what they do in a phrase such as `end of next week`."""

import re
from enum import IntEnum

from bot.grammar.log.left_reasons import is_number_word
from bot.grammar.text import patterns
from bot.grammar.text.numbers import ORDINAL
from bot.grammar.text.wordlists import words


class Part(IntEnum):
    """What a word does in a phrase that says when."""

    #: Nothing: it is another word of the note.
    OTHER = 0
    #: Part of such a phrase, and of many others: `of`, `the`, `and`.
    JOINT = 1
    #: `15`, `two`, `third`.
    NUMBER = 2
    #: `am`, `noon`, `evening`.
    TIME = 3
    #: `week`, `months`: says when beside a direction.
    UNIT = 4
    #: `next`, `ago`, `end`: where the unit lies.
    DIRECTION = 5
    #: `march`, `tomorrow`, `easter`, `2014`: says when by itself.
    NAME = 6


_JOINTS = words(
    """
    the a an of on at to and or for my our me about around approximately exactly right just almost nearly more
    less than not only so th st nd rd s is are it's its business working work w/c
    """
)
_TIMES = words(
    """
    am pm a.m a.m. p.m p.m. noon midnight midday morning mornings afternoon evening evenings night nights
    tonight o'clock oclock lunch lunchtime dinner breakfast pst est edt cst mst pdt gmt utc jst hour hours hr
    hrs minute minutes second seconds bst ist cet est. z ce ad bc bce a.d a.d. b.c b.c. hour-long
    """
)
_UNITS = words(
    """
    day days week-end week-ends wkend wknd wkends week weeks wk wks w month months mo mos mon year years yr
    yrs y quarter quarters qtr qtrs weekend weekends fortnight fortnights season seasons spring summer summers
    autumn fall winter winters workweek workweeks time times semester term
    """
)
_DIRECTIONS = words(
    """
    next last past previous prev prior this that these those current present coming upcoming following recent
    ago later hence back from since until till til through thru during before after in within by between
    beginning begin start starting starts early earlier mid middle end ending ends late close closest rest
    remainder all whole entire first other same commencing untill now today future right-now turn few several
    couple some over under past-due half nth
    """
)
_MONTHS = words(
    """
    january jan february feb march mar april apr may june jun july jul august aug september sept sep october
    oct november nov december dec
    """
)
_DAYS = words(
    """
    monday mondays tuesday tuesdays tue tues wednesday wednesdays wed weds thursday thursdays thu thur thurs
    friday fridays fri saturday saturdays sunday sundays tomorrow tomorrow's tomorrows tmrw tmw tmr tmrow
    yesterday yesterdays yest yday weekday weekdays overmorrow
    """
)
_PERIODS = words(
    """
    bom eom boy eoy bow eow ytd mtd wtd lastmonth lastweek lastyear nextmonth nextweek nextyear twenties
    thirties forties fifties sixties seventies eighties nineties thousand thousands tens y2k ides noughties
    twenty-tens century centuries decade decades
    """
)
#: Days and seasons with a name: the United States' own, and those of its patients' faiths and homes.
_FEASTS = words(
    """
    christmas xmas x-mas thanksgiving easter halloween juneteenth valentine's valentines valentine mlk presidents'
    hanukkah chanukah hanuka hanukah hannukah passover pesach purim sukkot sukkos shavuot shavuos rosh hashanah hashana
    kippur simchat torah shemini atzeret b'av b'omer tisha haatzmaut hashoah shabbat sabbath yom kwanzaa ramadan
    ramadhan ramazan ramzan ramathan eid eidul al-fitr al-adha al-azha ul-adha ul-fitr azha adha fitr mawlid muharram
    ashura ashoura laylat lailat qadr shab-e-barat diwali deepavali divali navratri navaratri ramnavami dussehra
    dasara vijayadashami puja pooja pongal onam ugadi yugadi vaisakhi baisakhi vasakhi vesak vesakha wesak lohri maghi
    sankranti sankranthi shivaratri janmashtami chaturthi navami jayanti raksha rakhi bhai dooj chhath dhanteras
    dhanatrayodashi nowruz navroz songkran epiphany pentecost whitsun whit whitsunday pascha maundy shrove candlemas
    michaelmas martinmas lammas hogmanay mardi gras cinco bastille anzac patrick's patricks groundhog veteran's
    veterans' solstice equinox yuandan oktoberfest pargat diwas ravidas ravidass hijri jumu'atul-wida jamat ul-vida
    jamaat-ul-vida koningsdag
    """
)
_NAMES = _MONTHS | _DAYS | _PERIODS | _FEASTS
_ORDINAL = re.compile(rf"\d{{1,3}}(?:st|nd|rd|th)|{ORDINAL}")
_NUMBER = re.compile(r"[-+~]?\d+(?:[.,:/-]\d+)*")
_YEAR = re.compile(
    r"['-]?(?:1[5-9]|20)\d\d(?:'?s|[-/.](?:(?:1[5-9]|20)\d\d|\d{1,2}))?|\d{1,2}[-/.](?:19|20)\d\d"
    r"|\d0'?s|(?:(?:20)?\d\d)?[qh][1-4](?:-?(?:20)?\d\d)?|(?:20)?\d\d-?[qh][1-4]"
)
_COUNTED_UNIT = re.compile(r"[-+~]?\d+(?:d|w|wk|wks|mo|mos|mth|mths|y|yr|yrs|days?|weeks?|months?|years?)")
_DATED = re.compile(
    rf"(?:\d{{1,4}}[/.-])?{patterns.MONTH}[/.-]?\d{{1,4}}(?:st|nd|rd|th)?|\d{{1,2}}/\d{{1,2}}/(?:\d\d|\d{{4}})[^\d/].*"
)
_CLOCK = re.compile(r"@?\d{1,2}(?:h\d{0,2}|[:.]\d\d(?::\d\d)?)(?:[ap]\.?m?\.?)?|\d{1,2}[ap]\.?m?\.?")

#: About the hour that they stand beside: `afternoonish`.
_ROUGH = re.compile(r"\w*ish")
#: The last word of a day that we may not know by name: `Lakshmi puja`, `boss's day`.
CLOSED_BY = _FEASTS | words("day eve birthday festival feast hence")
#: Without one of these, or a figure, no phrase says when.
TELLING = _NAMES | _UNITS | CLOSED_BY
_SPELLED = words(patterns.NUMBER_WORDS.translate(str.maketrans("(?:|)-", "      "))) | words(
    ORDINAL.translate(str.maketrans("(?:|)[]-", "        "))
)
#: What each word does that is letters and nothing else.
_PARTS = {
    word: part
    for part, known in (
        (Part.JOINT, _JOINTS),
        (Part.NUMBER, _SPELLED),
        (Part.TIME, _TIMES),
        (Part.UNIT, _UNITS),
        (Part.DIRECTION, _DIRECTIONS),
        (Part.NAME, _NAMES),
    )
    for word in known
}
#: Behind `check` and the like this is no direction: `phone check in`.
GO_IN = words("check checked checking walk drop sign stop follow logged call come came brought")


def part_of(word: str) -> Part:  # noqa: PLR0911 - a table of shapes
    """What a word in plain form may do in a phrase that says when."""
    bare = word.rstrip(".,'")
    if bare.isalpha() and not bare.endswith("ish"):
        return _PARTS.get(bare, Part.OTHER)
    if bare in _NAMES or _YEAR.fullmatch(bare) or _DATED.fullmatch(bare):
        return Part.NAME
    if bare in _DIRECTIONS:
        return Part.DIRECTION
    if bare in _UNITS or _COUNTED_UNIT.fullmatch(bare):
        return Part.UNIT
    if bare in _TIMES or word in _TIMES or _CLOCK.fullmatch(bare) or _ROUGH.fullmatch(bare):
        return Part.TIME
    if is_number_word(bare) or _NUMBER.fullmatch(bare) or _ORDINAL.fullmatch(bare):
        return Part.NUMBER
    return Part.JOINT if bare in _JOINTS else Part.OTHER
