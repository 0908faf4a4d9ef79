"""The shapes of the slots, as pieces of one regular expression over the plain form of a line.

Each shape is tried where a word could begin, never inside one, so that `sertraline50` or `PHQ-9` hold no
number. Repetition is bounded or runs over disjoint characters: reading takes time in proportion to length.
"""

import re

from bot.grammar.text.lexicon import COUNTED
from bot.grammar.text.numbers import ORDINAL

#: Nothing may follow that would make the figure part of something longer: `15mg`, `1:15:00`, `30 min/day`.
END = r"(?![\w½¼¾%°]|[/.:]\d|-\d|/\w)"

WEEKDAY = (
    r"(?:monday|mon|tuesday|tues|tue|wednesday|weds|wed|thursday|thurs|thur|thu|friday|fri|saturday|sat|sunday"
    r"|sun)"
)
MONTH = (
    r"(?:january|jan|february|feb|march|mar|april|apr|may|june|jun|july|jul|august|aug|september|sept|sep"
    r"|october|oct|november|nov|december|dec)"
)
NUMBER = r"(?:\d+(?:[.,]\d+)?|\d*[½¼¾]|\.\d+)"
#: Between a figure and its unit.
GAP = r"(?:-| {0,3})"
HOURS = r"(?:hours?|hrs?|houres|huors?|horus|hous|h)"
#: With the usual slips of the pen: any jumble of the letters of `minutes` that is no other word.
MINUTES = (
    r"(?:minutes?|mins?|m(?!(?:ints?|enus?|ines?|utes?|ites?|ists?|issus|useum|ist|eets?|inis?|uses?|ess)\b)[inuetsm]{3,9}"
    r"|mns?|m)"
)
SECONDS = r"(?:seconds?|secs?)"
_ANY_UNIT = rf"(?:{HOURS}|{MINUTES}|{SECONDS})"

ONES = "zero|one|two|three|four|five|six|seven|eight|nine"
_TEENS = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
_TENS = "twenty|thirty|forty|fourty|fifty|sixty|seventy|eighty|ninety"
_BELOW_HUNDRED = rf"(?:(?:{_TENS})(?:[ -](?:{ONES}))?|{_TEENS}|{ONES})"
#: One word of a spelled-out number.
NUMBER_WORDS = rf"(?:(?:{_TENS})(?:-(?:{ONES}))?|{_TEENS}|{ONES}|hundred)"
WORD_NUMBER = (
    rf"(?:(?:(?:an?|one|two|three|four)[ -])?hundred(?:(?:\s+and)?[ -]{_BELOW_HUNDRED})?|{_BELOW_HUNDRED})"
)
COUNT = rf"(?:{NUMBER}|{WORD_NUMBER})"

_ABOUT = r"(?:~\s?|(?:about|around|approx\.?|approximately|roughly|circa|ca\.)\s+)"
_SPENT = (
    r"(?:(?:for|spent|spending|took|lasted|lasting|total(?:ing)?(?:\s+of)?|duration|length"
    r"|(?:total\s+)?time(?:\s+spent)?)\s?[:=]?\s+|x\s?)"
)
_LEAD = rf"{_SPENT}?{_ABOUT}?"
_AND = r"\s*(?:,\s*)?(?:and\s+|&\s*|\+\s*)?"

#: `half`, `3/4`, `two thirds`: a part of an hour or a minute.
PART = (
    r"(?:(?:an?[ -]+|one[ -]+)?half|(?:three|3)[ -]+quarters?|(?:an?[ -]+|one[ -]+)?quarter|(?:an?|one)[ -]+third"
    r"|(?:two|2)[ -]+thirds|(?<![\d/])(?:[13]/4|1/2|[12]/3)(?![\d/]))"
)
#: The same behind a whole number, where a bare `half` may belong to what follows: `15 half-hour calls`.
_PART_OF_MORE = (
    r"(?:an?\s+half|one\s+half|an?\s+quarter|an?\s+third|(?:two|2)\s+thirds|(?:three|3)[ -]+quarters?"
    r"|(?:[13]/4|1/2|[12]/3)(?![\d/]))"
)
_LONG_UNIT = r"(?:hours?|hrs?|minutes?|mins?)"
_FRACTION = rf"{PART}(?:\s+of)?(?:[ -]+an?)?(?:[ -]*{_LONG_UNIT}|(?<=\d)\s?h)"
#: `two and a half hours`, `1-1/2 hr`, `two and a half minutes`.
_MIXED = (
    rf"(?:(?:{COUNT}(?:\s+(?:and|n(?=\s+a\s))\s+|\s*&\s*|\s*\+\s*|\s+)|\d{{1,2}}-(?=\d/)){_PART_OF_MORE}"
    rf"|{COUNT}\s+and\s+{PART})(?:\s+of)?(?:[ -]*{_LONG_UNIT}|(?<=\d)\s?h)"
)
_HALVES = r"(?:\s+(?:(?:and|n|&)\s+)?(?:a\s+)?(?:half|quarter)|\s+(?:and\s+)?three[ -]quarters)"
_SECONDS_TOO = rf"(?:{_AND}{COUNT}{GAP}(?:{SECONDS}|s))?"
_TEN_AND_UP = rf"(?:(?:twenty|thirty|forty|fourty|fifty)(?:[ -](?:{ONES}))?|{_TEENS})"
#: The `fifteen` of `an hour fifteen`, unless it counts what follows.
_REMAINDER = (
    rf"\s+{_TEN_AND_UP}(?![ -]+(?:{ONES})\b)"
    rf"(?!{GAP}{_ANY_UNIT}\b|[ -]+[a-z/-]+s\b|[ -]*[%/]|\s+(?:percent|mg|mcg|of|to|or|and)\b)"
)
#: `an hour`, `an hour and a half`, `an hour and ten minutes`, `an hour fifteen`.
_SPOKEN_HOURS = (
    rf"(?:(?:(?:an?|{COUNT})\s+)?(?:hours?|hrs?)(?:{_HALVES}|\.?{_AND}{COUNT}{GAP}{MINUTES}{_SECONDS_TOO}|[ -]long)"
    rf"|(?:an?|{COUNT})[ -](?:hours?|hrs?)(?:{_REMAINDER})?)"
)
_SPOKEN_MINUTES = rf"(?:a|{WORD_NUMBER})[ -]{{1,3}}{MINUTES}{_SECONDS_TOO}"
_ADDEND = rf"(?:{NUMBER}{GAP}{HOURS}\s*)?{NUMBER}{GAP}(?:{HOURS}|{MINUTES})"
_FIGURES = (
    rf"(?:{_ADDEND}(?:\s*\+\s*{_ADDEND}\b)+"
    rf"|{NUMBER}{GAP}{HOURS}\.?{_AND}{NUMBER}{GAP}{MINUTES}{_SECONDS_TOO}"
    rf"|\d+\s?{HOURS}[0-5]?\d"
    rf"|{NUMBER}{GAP}{HOURS}"
    rf"|{NUMBER}{GAP}{MINUTES}{_AND}\d+\s?(?:{SECONDS}|s)"
    rf"|{NUMBER}{GAP}{MINUTES}"
    rf"|{NUMBER}{GAP}{SECONDS})"
)
_TAIL = r"(?:\s+or\s+so\b|-?ish\b|-long\b|'s?(?!\w))"
#: As `END`, but for a slash before a word that is no unit: `15m/phone`.
_LENGTH_END = (
    r"(?![\w½¼¾%°]|[/.:]\d|-\d"
    r"|/(?:d|day|days|night|wk|week|mo|month|yr|year|h|hr|hour|min|m|session|visit|time|x|pt)\b)"
)
DURATION = (
    rf"{_LEAD}(?:{_FRACTION}|{_MIXED}|{_SPOKEN_HOURS}|{_FIGURES}|{_SPOKEN_MINUTES})\b{_TAIL}?"
    rf"{_LENGTH_END}(?!\s+ago\b)"
)
#: `1:15` and `0:20`: hours and minutes, unless the words around it make it a time of day; `0:15:30` with seconds.
CLOCK = rf"{_LEAD}\d{{1,2}}:[0-5]\d(?::[0-5]\d)?(?:\s?{HOURS}\b)?(?!\s?[ap]\.?m|\s?{MINUTES}\b|\s?-\s?:|\.\.){END}"

_UNIT = rf"(?:{HOURS}|{MINUTES})"
_LOOSE = (
    r"(?:almost|nearly|over|under|less\s+than|more\s+than|at\s+least|at\s+most|up\s+to"
    r"|just\s+(?:over|under)|within|max(?:imum)?\.?|minimum|no\s+more\s+than|fewer\s+than)"
)
_ONCE = rf"(?:{_FRACTION}|an?\s+{HOURS}|{COUNT}{GAP}{_UNIT}(?:\s*{NUMBER}{GAP}{MINUTES})?)"
_PART_OF = r"(?:out\s+)?of\s+(?:the\s+|an?\s+|my\s+|our\s+|this\s+)?"
#: `15m (x2)`, `15m twice`, `10 min x 2 days`; more weeks or years than days are how long a complaint lasts.
_TIMES = (
    r"(?:\s*[(\[]?\s?(?:[x×*]\s?\d{1,2}(?!\d|\s?(?:wks?|weeks?|months?|yrs?|years?|/))(?:\s?days?\b)?"
    r"|[2-9]\s?[x×](?!\w|\s?(?:/|daily|a\s|per\s|weekly)))[)\]]?"
    r"|,?\s+[(\[]?(?:twice|thrice|(?:two|three|four|[2-9])\s+times|times\s+(?:two|three|four|[2-9]))"
    r"(?!\s+(?:a|per|daily|weekly|each|every)\b|/)[)\]]?)"
)
#: A length and what leaves it open: `10 min-15 min`, `15m x2`, `15 min of 60 min`, `5 min per call`, `20 min+`.
_LEFT_OPEN = (
    rf"{_ONCE}(?:(?:-|\s*(?:to|or)\s+|\s+{_PART_OF}){COUNT}{GAP}{_UNIT}\b|{_TIMES}"
    r"|\s+(?:per\s+(?:call|visit|session|attempt|contact|voicemail|vm)|ea|apiece)\b"
    rf"|(?:\+|\s\+(?=\s*(?:$|[,;)]|mrn|#)))(?!\s*{NUMBER}{GAP}{_UNIT}\b))"
)
#: Two figures with one unit: `15-20 min`, `15 to 20 min`, `15 of 60 min`.
_TWO_FIGURES = rf"{COUNT}(?:-(?=[\d.½¼¾])|\s+(?:to|or)\s+|\s+{_PART_OF}){COUNT}{GAP}{_UNIT}"
_BETWEEN = rf"between\s+{COUNT}(?:{GAP}{_UNIT})?\s+and\s+{COUNT}{GAP}{_UNIT}"
#: `2x15m`; `10+15 min`, whose first figure has no unit; `20+ min`.
_COUNTED = rf"(?<!\S)[2-9]\s?[x×]\s?{_ONCE}"
_SUM = rf"(?<!\S)\d{{1,3}}(?:\s?\+\s?\d{{1,3}})*\s?\+\s?\d{{1,3}}{GAP}{_UNIT}\b|\d+\s?\+{GAP}{_UNIT}"
#: `1h 75m`, `1.5h 20m`, `10m 90s`, `2d 3h`.
_UNEVEN = (
    rf"(?:\d+{GAP}{HOURS}{_AND}(?:[6-9]\d|\d{{3,}}){GAP}{MINUTES}|\d*\.\d+{GAP}{HOURS}{_AND}{NUMBER}{GAP}{MINUTES}"
    rf"|\d+{GAP}{MINUTES}{_AND}[6-9]\d{GAP}(?:{SECONDS}|s)|{COUNT}{GAP}(?:days?|d){_AND}{COUNT}{GAP}{_UNIT})\b"
)
#: Hours and a figure that lacks its unit: `1h 30`, `an hour and twenty`, `an hour five`, `an hour fifteen calls`.
_UNIT_SHORT = (
    rf"(?:an?\s+|{COUNT}\s?){HOURS}(?:\s+(?:(?:and\s+)?[0-5]?\d|and\s+(?!three[ -]quarters){WORD_NUMBER})"
    rf"(?![\s-]*(?:{MINUTES}|days?|d|weeks?|wks?|mg|[ap]\.?m|{MONTH})\b)"
    r"|,\s+[0-5]?\d(?=\s*$|\s+(?:mrn|#)|\s*[,;])"
    rf"|\s+(?:{ONES})\b(?![ -]+(?:on|to|of|or|in|{_ANY_UNIT}|[a-z/-]+s)\b)"
    rf"|\s+{_TEN_AND_UP}(?=[ -]+(?!(?:{_ANY_UNIT}|days?|weeks?)\b)[a-z/-]+s\b|\s+(?:to|or)\s+{COUNT}\b))"
)
#: Not one figure: `15-20 min`, `over an hour`, `1h 30` (a unit short), `15:30 min`, `a few minutes`.
VAGUE = (
    rf"{_LEAD}(?:{_LEFT_OPEN}|{_TWO_FIGURES}|{_COUNTED}|{_SUM}|{_UNEVEN}|{_UNIT_SHORT}|{_BETWEEN}"
    rf"|(?:{_LOOSE}\s+|[<>≤≥]=?\s?)(?:an?|{COUNT}){GAP}{_UNIT}|(?<!\S),\d+{GAP}{HOURS}\b|(?<![\d,])\d{{1,2}}(?:(?:,\d{{1,2}}){{2,}}|,\d\d){GAP}{MINUTES}\b|\d+:\d\d\s?{MINUTES}"
    rf"|(?:a\s+few|some|several|a\s+couple(?:\s+of)?)\s+(?:minutes|mins|hours|hrs))(?![\w/]|[.:,-]\d)"
)
NEGATIVE = rf"(?<!\S)(?:-|minus\s+|negative\s+){NUMBER}{GAP}{_UNIT}\b{END}"
NOT_A_NUMBER = rf"[-+]?(?:nan|inf|infinity|∞)(?:{GAP}{_UNIT})?(?!\w){END}"

_MERIDIEM = r"(?:\s?[ap]\.?m\b\.?|[ap]\b)"
#: A time of day that cannot be mistaken for a count.
_TIME_OF_DAY = (
    rf"(?:\d{{1,2}}(?:[:.]?[0-5]\d)?{_MERIDIEM}|\d{{1,2}}\s?o'?\s?clock\b(?:{_MERIDIEM})?|noon\b|midnight\b)"
)
TIME = rf"(?:{_TIME_OF_DAY}|\d{{1,2}}:[0-5]\d)"
_HOUR_ONLY = r"(?:[01]?\d|2[0-4])"
_TO = r"(?:\s*(?:-+>?|→|=>)\s*|\s+(?:to|until|till|til|thru|through)\s+)"
_TIGHT_TO = r"(?:-|→|\s+(?:to|until|till|til)\s+)"
_HHMM = r"(?:[01]\d|2[0-3])[0-5]\d"
#: Four figures each are clock times, unless they are years or an amount of something.
_MILITARY = (
    rf"{_HHMM}\s?(?:-|→|to)\s?{_HHMM}\s?(?:h|hrs|hours)\b"
    rf"|(?!(?:19|20)\d\d\s?-)(?<![\d-]){_HHMM}(?:-|→|\s-\s|\s+to\s+){_HHMM}(?!\s?(?:k?cals?|calories|mg|ml|steps|dollars|x|times)\b)"
)
_H_TIME = r"(?:0?[7-9]|1\d|2[0-3])h[0-5]\d"
_SECONDS_TIME = rf"\d{{1,2}}:[0-5]\d:[0-5]\d(?:{_MERIDIEM})?"
_HOUR_WORD = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_PAST = (
    r"(?:(?:a\s+)?quarter|half|twenty[ -]five|twenty|ten|five|\d{1,2})"
    r"(?:\s+min(?:ute)?s?)?\s+(?:past|after|til|till|to|before)"
)
#: A time of day in words: `quarter past two`, `two fifteen`, `two o'clock`, `ten to 3`.
_SPOKEN_TIME = (
    rf"(?:{_PAST}\s+(?:{_HOUR_WORD}|\d{{1,2}}(?!:))|{_HOUR_WORD}\s+o'?\s?clock"
    rf"|{_HOUR_WORD}[ -](?:oh?[ -]five|ten|fifteen|(?:twenty|thirty|forty|fifty)(?:[ -]five)?)"
    rf"|{_HOUR_WORD}(?={_MERIDIEM}))"
    rf"(?:{_MERIDIEM})?"
)
_SPOKEN_END = (
    rf"(?:{_SPOKEN_TIME}|(?:a\s+)?(?:half|quarter|ten|twenty|five)\s+(?:past|after)\b"
    rf"|{TIME}|{_HOUR_WORD}\b(?:{_MERIDIEM})?)(?!{GAP}{_ANY_UNIT}\b)"
)
_SPOKEN_RANGE = (
    rf"(?:(?:from\s+)?{_SPOKEN_TIME}{_TO}{_SPOKEN_END}|from\s+{_HOUR_WORD}{_TO}{_SPOKEN_TIME}"
    rf"|between\s+{_SPOKEN_TIME}\s+and\s+{_SPOKEN_END})"
)
_ANY_TIME = rf"(?:{TIME}|{_HHMM}(?!\d))"
_AT_MARK = r"(?:\s+(?:time|at))?\s*[:=@]?\s*"
_NEXT_MARK = r"\s*[,;/|-]?\s*(?:and\s+)?"
#: `start: 2:00 pm, end time 2:25 pm`, `in 2:00pm out 2:25pm`.
_LABELED = (
    rf"(?:start(?:ed|ing)?|began|begin|beg\.?){_AT_MARK}{_ANY_TIME}{_NEXT_MARK}"
    rf"(?:end(?:ed|ing)?|stop(?:ped)?|finish(?:ed)?){_AT_MARK}{_ANY_TIME}"
    rf"|(?:time\s+)?in{_AT_MARK}{_ANY_TIME}{_NEXT_MARK}(?:time\s+)?out{_AT_MARK}{_ANY_TIME}"
)
#: Two columns of a sheet; a range behind a date, else asked about.
_COLUMNS = rf"\d{{1,2}}:[0-5]\d(?:{_MERIDIEM})?(?:\s*[|,]\s*|\s+)\d{{1,2}}:[0-5]\d(?:{_MERIDIEM}|(?![:\d]))"
RANGE = (
    rf"(?:between\s+(?:{TIME}|{_HOUR_ONLY})\s+and\s+{TIME}"
    rf"|(?:from\s+)?(?:{TIME}(?:{_TO}(?:{TIME}|(?:now|present)\b|{_SPOKEN_TIME})|{_TIGHT_TO}{_HOUR_ONLY})"
    rf"|{_HOUR_ONLY}(?:{_TO}{TIME}|\s+(?:to|until|till|til)\s+now\b)|\d{{1,2}}\.?[0-5]\d{_TIGHT_TO}{_TIME_OF_DAY}"
    rf"|{_H_TIME}{_TO}{_H_TIME}|{_SECONDS_TIME}{_TO}{_SECONDS_TIME}|{_MILITARY})"
    rf"|{_SPOKEN_RANGE}|{_LABELED}|{_COLUMNS}){END}"
    r"(?:\s+in\s+the\s+(?:morning|afternoon|evening)\b|\s+at\s+night\b)?"
)

_DAY_NUMBER = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?"
#: What makes `may` a verb: `2 may need refills`.
_VERB = (
    r"(?:also|be|benefit|call|change|come|consider|decline|get|go|have|help|increase|miss|move|need|not|require|return"
    r"|see|start|still|stop|switch|take|try|use|want)"
)
#: No calendar has such a day, and `nov 33` is said to be no date rather than passed over.
_NO_DAY = r"(?:3[2-9]|[4-9]\d|00?)"
_YEAR = r"(?:19|20)\d\d"
_SHORT_YEAR = rf"(?:{_YEAR}|'?[23]\d)"
#: `11/3`, `11/3/26`, `2026-11-03`, `3.11.2026`: three parts may use any of the marks, two only the slash.
_NUMERIC = (
    r"(?:\d{4}-\d{1,2}-\d{1,2}|\d{4}/\d{1,2}/\d{1,2}|\d{4}\.\d{1,2}\.\d{1,2}|\d{1,2}/\d{1,2}/(?:\d{4}|'?\d{2})"
    r"|\d{1,2}-\d{1,2}-(?:\d{4}|\d{2})|\d{1,2}\.\d{1,2}\.(?:\d{4}|\d{2})|\d{1,4}/\d{1,4}/\d{1,4}"
    r"|\d{1,2} ?/ ?\d{1,2}(?: ?/ ?(?:\d{4}|\d{2}))?)"
)
#: Behind month and day: `, 2026`, `-2026`, `/26`, `'26`.
_ITS_YEAR = rf"(?:(?:,\s?|\s+){_YEAR}|[-/]{_SHORT_YEAR}|,?\s+'[23]\d)?"
_MONTH_DAY = (
    rf"{MONTH}\.?[ /-]?(?:the\s+)?{_DAY_NUMBER}(?!\d|:\d|[\s-]?{_UNIT}\b){_ITS_YEAR}(?!\w)"
    rf"|{MONTH}\b(?<!may)(?<!mar)\.?[ -]{_NO_DAY}(?![\w/%-]|[.:]\d|\s?(?:{_UNIT}|mg|mcg|%))"
)
_DAY_MONTH = (
    rf"(?:the\s+)?{_DAY_NUMBER}(?:\s+of)?[ /-]?{MONTH}\b(?<!may(?=\s{_VERB}\b))\.?"
    rf"(?:(?:,\s?|[ /-]){_YEAR}|[-/]{_SHORT_YEAR}|\s'[23]\d)?(?!\w)"
)
_NTH = rf"the\s+(?:(?:3[01]|[12]\d|[1-9])(?:st|nd|rd|th)\b|{ORDINAL}\b)"
NEAR_MONTH = r"(?:the\s+)?(?:(?:last|past|previous|this|current)\s+)?month"
#: `first monday of november`, `the last friday in october`.
_OF_MONTH = (
    rf"(?:the\s+)?(?:first|second|third|fourth|fifth|last|1st|2nd|3rd|4th|5th)\s+{WEEKDAY}\s+(?:of|in)\s+{MONTH}\b"
    rf"(?:,?\s+{_YEAR})?"
    rf"|(?:the\s+)?(?:first|second|third|fourth|fifth|last|1st|2nd|3rd|4th|5th)\s+{WEEKDAY}\s+(?:of|in)\s+{NEAR_MONTH}\b"
)
_SOME_DAY = (
    rf"(?:last\s+week\s+(?:on\s+)?{WEEKDAY}\b|{WEEKDAY}\s+(?:of\s+)?(?:last|this)\s+week\b"
    rf"|(?:(?:this\s+)?(?:last|past|previous|prev|this|next|coming)\s+)?{WEEKDAY}\b\.?)"
)
#: Days with a name; the calendar says when they were.
HOLIDAY = (
    r"(?:new\s+year'?s'?(?:\s+(?:day|eve))?|(?:mlk|martin\s+luther\s+king,?(?:\s+jr\.?)?)(?:\s+day)?"
    r"|president'?s'?\s+day|washington'?s\s+birthday|memorial\s+day|juneteenth|independence\s+day|labor\s+day"
    r"|(?:columbus|indigenous\s+people'?s'?)\s+day|halloween|veteran'?s'?\s+day"
    r"|(?:day\s+after\s+|the\s+day\s+after\s+)?thanksgiving(?:\s+day)?|black\s+friday"
    r"|(?:christmas|xmas)(?:\s+(?:day|eve))?)\b"
)
_NEAR_DAY = (
    r"(?:(?:the\s+)?day\s+before\s+yesterday|(?:(?:late|early)\s+)?yesterday|yest\b\.?|yday|today|tomorrow|tmrw|tonight|last\s+night"
    r"|tonite|(?:(?:earlier|early|late|later)\s+)?(?:this\s+(?:morning|afternoon|evening|am\b|pm\b))|earlier\s+today)"
)
_DISTANCE = rf"(?:an?|(?:a\s+)?couple(?:\s+of)?|{WORD_NUMBER}|\d+)\s?"
#: `two days before yesterday`, `1 month and 21 days ago`.
FAR_BACK = (
    rf"(?:{_DISTANCE}(?:days?|weeks?|wks?|months?)\s+before\s+(?:yesterday|today)"
    rf"|{_DISTANCE}(?:months?|weeks?|wks?)(?:\s*,\s*|\s+)(?:and\s+)?{_DISTANCE}(?:days?|weeks?|wks?)\s+ago)\b"
)
_AGO = (
    rf"{FAR_BACK}|{_DISTANCE}"
    r"(?:days?|d|weeks?|wks?|wk|months?|fortnights?|hours?|hrs?|minutes?|mins?)\s+ago"
)
_SPELLED = rf"(?:{MONTH}\s+(?:the\s+)?{ORDINAL}|(?:the\s+)?{ORDINAL}\s+of\s+{MONTH})\b"
#: What our own reading does not know and dateparser does; each shape is short by its make.
SLOW_DATE = rf"(?:{_YEAR}\s+{MONTH}\s+\d{{1,2}}|{_YEAR}-{MONTH}-\d{{1,2}})\b"
_NAMED_DAY = rf"{_OF_MONTH}|{_NTH}|{_AGO}|{_SOME_DAY}|{_NEAR_DAY}|{HOLIDAY}"
_ANY_DATE = rf"(?:{_NUMERIC}|{_MONTH_DAY}|{_DAY_MONTH}|{_SPELLED}|{_NAMED_DAY})"
_PART_OF_DAY = (
    r"(?:\s+(?:(?:in\s+the\s+)?(?:early\s+|late\s+)?(?:morning|afternoon|evening|night|am|pm)"
    r"|(?:before|after)\s+lunch)\b)?"
)
_NO_RANGE = r"(?!\s*(?:-|to\b|until\b|till\b|til\b|and\b)\s*\d|\s+\d{1,2}:\d\d\s?[ap]m)"
_BARE_HOUR = r"\d{1,2}(?![\w:/.%-]|\s?[%/])"
_AT = rf"(?:(?:(?:\s+at\s+|\s*@\s?|t(?=\d\d:))(?:{TIME}|{_BARE_HOUR})|,?\s+{_TIME_OF_DAY})(?!\d){_NO_RANGE})?"
#: `T09:15:00Z`, ` 09:15:00`: a program's time of day, with seconds or a zone.
_OFFSET = r"(?:z\b|[-+]\d\d:?\d\d(?![\d:]))"
_STAMP = (
    rf"(?:t\d{{1,2}}:[0-5]\d(?::[0-5]\d(?:\.\d{{1,9}})?)?{_OFFSET}|t\d{{1,2}}:[0-5]\d:[0-5]\d(?:\.\d{{1,9}})?"
    rf"|,?\s+\d{{1,2}}:[0-5]\d:[0-5]\d(?:\.\d{{1,9}})?(?:\s?[ap]m\b|\s?{_OFFSET})?)"
)
DATE_END = r"(?![\w½¼¾%°]|[/:]\d|-\w|[.,]\d|/\w)"
#: A list's comma may stand behind a date: `11/3,15m,MRN5`.
_LISTED_END = r"(?![\w½¼¾%°]|[/:]\d|-\w|\.\d|/\w)"
#: The surest marks there are: what stands behind them is the date of service.
DATE_LABEL = (
    r"(?:(?:d\.?o\.?s\b\.?|d/o/s\b|(?:service|svc)[ -]date\b|date[ -]of[ -](?:service|contact|call|session|encounter)\b"
    r"|dated?\b(?=\s?[:=]))\s?(?:[:=]|-(?=\s?\d))?\s*(?:is\s+|was\s+)?(?:on\s+)?|date\s+(?=\d))"
)
#: Words that lead up to a date of service: `on 11/3`, `for yesterday`, `DOS: 11/3`.
DATE_LEAD = rf"(?:(?:on|for)\s+|{DATE_LABEL})"
_DIGITS = r"20[23]\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
DATE = (
    rf"(?:(?:{DATE_LABEL}|on\s+){_DIGITS}|{DATE_LEAD}?(?:(?:{SLOW_DATE}|{_ANY_DATE})(?:{_STAMP}|{_PART_OF_DAY}{_AT})))"
    rf"{_LISTED_END}"
)
#: A year, a month and a day in eight figures; a patient when the roster has that number.
DATE_IN_DIGITS = rf"{_DIGITS}|(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])20[23]\d"
#: `11-3` and `11.3` may as well count or rate.
WEAK_DATE = rf"{DATE_LEAD}?(?:\d{{1,2}}[-.]\d{{1,2}}|(?:3[01]|[12]\d|[1-9])(?:st|nd|rd|th)){DATE_END}"
_MONTH_NAME = r"(?:january|february|september|sept|october|oct|november|nov|december)"
_RANGE_MARK = r"(?:\s*[-/&]\s*|\s+(?:to|thru|through|until|and|or)\s+)"
_FEW = r"(?:(?:a\s+)?few|several|a\s+couple(?:\s+of)?|some)"
_WEEKS = r"(?:an?|one|two|three|\d)\s+w(?:ee)?ks?\s+ago"
_SHORT_DATE = rf"\d{{1,2}}/\d{{1,2}}(?:/(?:{_YEAR}|\d\d))?"
_DAY_NAME = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_VAGUE_LEAD = rf"(?:(?:on|over|in|during|for|sometime|one\s+day)\s+)?(?:{DATE_LABEL})?(?:the\s+)?"
#: Several days, or one of several: `11/2-11/6`, `nov 3-4`, `the 3rd and 4th`, `mon/tues`, `week of 11/2`.
SEVERAL_DAYS = (
    rf"{_VAGUE_LEAD}(?:(?:from\s+|between\s+)?(?:{_SHORT_DATE}{_RANGE_MARK}{_SHORT_DATE}|\d{{1,2}}/\d{{1,2}}(?:-|\s?&\s?)\d{{1,2}}(?![\d/:]|\s?{_UNIT}\b)"
    rf"|{MONTH}\.?\s?{_DAY_NUMBER}(?:{_RANGE_MARK}|,\s?)(?:{MONTH}\.?\s?)?{_DAY_NUMBER}(?!\d|/\d|\s?{_UNIT}\b)"
    rf"|\d{{1,2}}(?:st|nd|rd|th){_RANGE_MARK}(?:the\s+)?\d{{1,2}}(?:st|nd|rd|th)"
    rf"|{WEEKDAY}s?\.?(?:\s?[-/&]\s?|\s+(?:or|thru|through|to)\s+){WEEKDAY}s?(?:[/,&-]\s?{WEEKDAY}s?){{0,5}})"
    r"|\d{1,2}\s?(?:-|or|to)\s?\d{1,2}\s+(?:days|weeks|wks|months)\s+ago"
    rf"|{_DAY_NAME}s\b(?!\s+ago)|a\s+{_DAY_NAME}\b"
    r"|(?:0?[1-9]|1[0-2])/20[23]\d|20[23]\d-(?:0[1-9]|1[0-2])"
    rf"|(?:week|weekend|{WEEKDAY})\s+before\s+last|{WEEKDAY}\s+{_WEEKS}|{_WEEKS}\s+(?:on\s+)?{WEEKDAY}"
    rf"|(?:week|wk|weekend)\s+(?:of|ending|beginning|starting)\s+(?:{_NUMERIC}|{MONTH}\.?\s{_DAY_NUMBER}))"
    rf"\b{DATE_END}"
)
#: Near a date, and no day: asked about where the date of service stands, else said to be left in the note.
VAGUE_DATE = (
    rf"{_VAGUE_LEAD}(?:(?:(?:late|early|mid|later|earlier)[ -])?(?:last|this|past|previous|prior|other)\s+"
    r"(?:(?:few|several|couple(?:\s+of)?|\d+)\s+)?"
    r"(?:weekend|weeks?|wk|months?|year|(?:business\s+|work(?:ing)?\s?)?days?)"
    rf"|{_FEW}\s+(?:days|weeks|wks|months)\s+(?:ago|back)|(?:some\s+time|a\s+while)\s+(?:ago|back)|(?<=the )weekend"
    rf"|(?:an?|(?:a\s+)?couple(?:\s+of)?|{WORD_NUMBER}|\d{{1,2}})\s+(?:days?|weeks?|wks?|months?)\s+(?:back|prior)"
    rf"|month\s+before\s+last|(?:an?|{WORD_NUMBER}|\d{{1,2}})\s+{WEEKDAY}s?\s+ago"
    r"|(?:(?:late|early|mid|middle\s+of|end\s+of|beginning\s+of|start\s+of|sometime\s+in|in|during)"
    rf"[ -]{MONTH}|{_MONTH_NAME}(?!\s[a-z]))"
    rf"\b(?!\.?\s?\d{{1,2}}(?:st|nd|rd|th|,|\s|$))(?:,?\s+(?:of\s+)?{_YEAR})?)\b{DATE_END}"
)

_IDENTITY = r"[a-z]{0,4}\d+(?:[a-z]{1,2}\d+){0,4}[a-z]{0,2}(?:-(?:\d+(?![\dhms])|[a-z]\d{0,3}(?!\w)))*"
_UUID = r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"
#: Written without 0/O, 1/I/L and U.
_HANDLE = r"p-[2-9a-hjkmnp-tv-z]{4}"
_NOT_A_TIME = rf"(?!{NUMBER}{GAP}{_UNIT}{END})"
MRN_WORD = r"(?:mrns?|m[. ]\s?r[. ]\s?n\b\.?|medical\s+record(?=\s?#|\s+n))"
#: `MRN#: 123`, `MRN no. 123`, `M R N 123`.
MRN_GAP = r"(?:\s?[#:.=-]{1,2}\s?#?\s?|#|\s+(?:is:?\s+|(?:no|num|number)\b\.?:?\s*#?\s*)?)"
_MRN = rf"{MRN_WORD}(?:{MRN_GAP}{_NOT_A_TIME}|(?=[a-z]{{0,4}}\d)){_IDENTITY}"
_COUNTED_NEXT = "|".join(re.escape(noun) for noun in sorted(COUNTED, key=len, reverse=True))
#: A figure by itself that is not a length of time and counts nothing: of `4 1 7`, `4 1 7 min` and `4 1 7 calls`.
_LONE_DIGIT = rf"(?!\d{GAP}{_UNIT}\b)\d(?![\w½¼¾%°.:/-])(?!\s+(?:{_COUNTED_NEXT})(?!\w))"
DIGIT_WORD = rf"(?:{ONES}|oh)"
_LONE_WORD = rf"(?!{DIGIT_WORD}{GAP}{_UNIT}\b){DIGIT_WORD}\b(?!\s+(?:{_COUNTED_NEXT})(?!\w))"
#: `MRN 4 1 7` and `MRN four one seven`, as people read a number out; `four seventeen` is left to be asked about.
_MRN_READ_OUT = (
    rf"{MRN_WORD}{MRN_GAP}(?:{_LONE_DIGIT}(?: {_LONE_DIGIT}){{2,19}}(?! \d)"
    rf"|{_LONE_WORD}(?:[ -]{{1,2}}{_LONE_WORD}){{0,19}}"
    rf"(?![ -]{{1,2}}(?!{WORD_NUMBER}{GAP}{_UNIT}\b)(?:{_TEENS}|{_TENS}|hundred)\b))"
)
_HASH = rf"#\s?{_IDENTITY}"
_PATIENT_LEAD = r"(?:(?:for|with|re|regarding|to|of|on|patient|pt)[.:]?\s+|w/\s*){0,3}"
#: `CUSTOM` is replaced by the practice's own form of an MRN, when it has one.
PATIENT = rf"{_PATIENT_LEAD}(?:CUSTOM{_UUID}|{_MRN_READ_OUT}|{_MRN}|{_HASH}|{_HANDLE})(?:'s\b)?(?!\w|\.\d)"
NUMBER_ALONE = (
    r"(?<!\d[:/.])"
    r"(?:(?:for|with|re|patient|pt)[.:]?\s+|w/\s*){0,2}"
    r"(?:(?:(?<!\S)[-+])?\d+(?:\.\d+)?|(?<!\S)\.\d+)(?:'s\b)?(?![\w½¼¾%°]|[/.:]\d|,\d{3}(?!\d)|-\w|/\w)"
    rf"(?!{GAP}{_UNIT}\b)"
)
#: What may stand before a shape that begins with a figure.
LEADS = (_LEAD, f"{DATE_LEAD}?", _PATIENT_LEAD, r"(?:from\s+)?")
PERSON = r"@\s?(?:dr\.?\s+)?[\w.'\uf8ff-]+"
MEMBER = rf"for\s+{PERSON}"
PARTNER = rf"(?:with\s+|w/\s*){PERSON}(?:\s*(?:,|and|&)\s*{PERSON})*"
_CONTACT = (
    r"(?:\s+(?:contact|call|phone\s+call|visit|appt|appointment|f/u|follow[ -]?up|session|check[ -]?in|outreach"
    r"|touch))?"
)
NEXT = (
    rf"next{_CONTACT}(?:\s+(?:on|is|is\s+on|due|set\s+for|scheduled\s+for|for)|:)?\s+"
    rf"(?:(?:(?:{WEEKDAY}\.?,?\s+)?(?:{_NUMERIC}|{_MONTH_DAY}|{_DAY_MONTH})|{WEEKDAY}\b|tomorrow)|in\s+(?:an?|{WORD_NUMBER}|\d+)\s+(?:days?|weeks?|wks?))"
    rf"(?:,?\s+(?:at\s+|@\s?)?{TIME})?{DATE_END}"
)
#: `Note: call with mom`.
LABEL = r"(?:notes?|comments?|activity|reason)\s?[:=](?=\s)"
TAG = r"#[a-z][a-z_-]+[a-z](?!\w)"
SHARE = r"(?:each|apiece|split(?:\s+evenly)?|in\s+total|total|altogether|combined|per\s+(?:patient|pt))\b"
#: `1:60`, `1:1`: no time of day and no length, and its parts are no numbers.
RATIO = r"\d+:\d+[\w:]*"
#: Slack's emoji by name, `:phone:`.
EMOJI = r":[a-z][a-z0-9_+'-]*:"
QUOTED = r'"[^"]*"'
SEPARATOR = r"[-,;:/&+|·•*()\[\]{}.!?~=>\"'`…_]"
WORD = r"[^\s,;:()\[\]{}\"|·…`]+"
