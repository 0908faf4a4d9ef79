"""The note of a line: the words that no slot took, and a warning when they seem to identify somebody."""

import re
from collections.abc import Collection

from bot.grammar.log import sentences
from bot.grammar.log.sheet import LineSheet
from bot.grammar.text.scan import SEPARATOR
from bot.grammar.text.wordlists import words

#: Marks around a slot go with it, and so do the dashes and commas that parted it from the note.
_CLOSING = ")]}*`_~'\u2019\"+&"
_OPENING = "([{*`_~'\u2018\""
_BLANKS = " \u00a0\u2007\u2009\u202f\u3000"
_PARTING = _BLANKS + ",;:.-\u2010\u2011\u2012\u2013\u2014\u2015\u2212·|/"
_TRAILING = _BLANKS + ",;:-\u2010\u2011\u2012\u2013\u2014\u2015\u2212·|/&+"
_NOTHING = _TRAILING + _OPENING + _CLOSING + ".!?>=\u2026\u2022\u2192"
#: `15m -> call`, `15m ... call`.
_ARROW = re.compile(r"[-=]*[>\u2026\u2022\u2192](?=\s)\s*")
#: Slack's emoji by name begin and end with a mark that is not to be stripped.
_EMOJI = re.compile(r":[a-z][a-z0-9_+'-]*:$")
_EMOJI_TAIL = re.compile(r"[a-z][a-z0-9_+'-]*:")
_TIGHT = frozenset(",;.:!?")
_KEPT_BETWEEN = frozenset(",;.:-\u2013\u2014")


def note_spans(sheet: LineSheet, taken: Collection[int]) -> list[tuple[int, int]]:
    """The stretches of the shown form that make the note, given the items that slots have claimed."""
    shown, items = sheet.line.shown, sheet.items
    claimed = [
        item
        for i, item in enumerate(items)
        # The `and` of `MRN1 and MRN2` goes with them.
        if i in taken or (item.kind == SEPARATOR and i - 1 in taken and i + 1 in taken)
    ]
    spans: list[tuple[int, int]] = []
    start = 0
    for item in claimed:
        _add(shown, spans, start, item.start, cut_right=True)
        start = item.end
    _add(shown, spans, start, len(shown), cut_right=False)
    if spans and claimed and spans[-1][1] <= claimed[-1].start:
        first, last = spans.pop()
        if not shown[first:last].endswith(":") or not _EMOJI.search(shown, first, last):
            last = first + len(shown[first:last].rstrip(_TRAILING))
        spans.append((first, last))
    return spans


def _add(shown: str, spans: list[tuple[int, int]], start: int, end: int, *, cut_right: bool) -> None:
    if end - start <= 1 and shown[start:end] in _BLANKS:
        return
    left = shown[start:end].lstrip(_CLOSING).lstrip(_PARTING) if start else shown[:end].lstrip(_BLANKS)
    if start and _EMOJI_TAIL.match(left) and shown[end - len(left) - 1] == ":":
        left = ":" + left
    if start and (arrow := _ARROW.match(left)):
        left = left[arrow.end() :]
    if not left.strip(_NOTHING):
        return
    begin = end - len(left)
    if spans and shown[spans[-1][1] - 1].isalnum():
        # A comma that stood behind a slot goes on parting what stood around it.
        kept = shown[start:begin].lstrip(_CLOSING + _BLANKS)
        begin -= len(kept) if kept[:1] in _KEPT_BETWEEN and kept else 0
    right = shown[begin:end].rstrip(_OPENING) if cut_right else shown[begin:end]
    spans.append((begin, begin + len(right.rstrip(_BLANKS))))


def note_of(sheet: LineSheet, taken: Collection[int] | None = None) -> tuple[str, str]:
    """The note as shown and in plain form."""
    spans = note_spans(sheet, sheet.taken if taken is None else taken)
    shown, plain = sheet.line.shown, sheet.line.plain
    if len(spans) == 1 and "(" not in shown and ")" not in shown and "[" not in shown and "]" not in shown:
        start, end = spans[0]
        return shown[start:end], plain[start:end]
    note, plain_note = "", ""
    for start, end in spans:
        gap = "" if not note or shown[start] in _TIGHT else " "
        note += gap + shown[start:end]
        plain_note += gap + plain[start:end]
    return _balanced(note, plain_note)


def _balanced(note: str, plain_note: str) -> tuple[str, str]:
    """Without a bracket whose other half went with a slot."""
    for opening, closing in ("()", "[]"):
        if note.count(opening) == note.count(closing) + 1:
            at = note.rindex(opening)
            note, plain_note = note[:at] + note[at + 1 :], plain_note[:at] + plain_note[at + 1 :]
    return note.strip(_BLANKS), plain_note.strip(_BLANKS)


#: Without any of these a note holds no number, date or address.
_SUSPECT = re.compile(r"[\d@]|dob|d\.o\.b|born|birth|ssn", re.IGNORECASE)
_PHONE = re.compile(r"(?<![\d-])(?:\+?1[-. ]?)?\(?\d{3}\)?[-. ]?\d{3}[-. ]?\d{4}(?![\d-])")
_SSN = re.compile(r"(?<![\d-])\d{3}[- ]\d{2}[- ]\d{4}(?![\d-])|\bssn\b", re.IGNORECASE)
_BIRTH = re.compile(
    r"\b(?:dob|d\.o\.b|born|birth ?da(?:te|y)|date of birth)\b|\b\d{1,2}[/-]\d{1,2}[/-](?:19\d\d|200\d|201\d)\b",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[A-Za-z]{2,}")
_TITLE = re.compile(r"\b(?:Mr|Mrs|Ms|Miss)\b\.? [A-Z][a-z]+")
_TWO_CAPITALS = re.compile(r"(?<![.\w])([A-Z][a-z]{1,15}) ([A-Z][a-z]{1,15}(?:-[A-Z][a-z]+)?)\b")
#: Capitalized words that are no names when two of them meet.
_NO_NAMES = words(
    """
    phone call check review reviewed chart care plan treatment safety crisis case video visit home office clinic patient
    pt left voicemail no answer discussed called spoke met psych psychiatric consult consultant primary follow up
    medication med meds behavioral activation problem solving motivational interviewing intake assessment assess
    screening january february march april may june july august september october november december monday tuesday
    wednesday thursday friday saturday sunday mom mother dad father wife husband sister brother son daughter team
    social worker work nurse doctor therapist pharmacy coordination collaborative mental health new initial session
    outreach attempt attempted updated completed completing administered will next on in at the with to for re and or of
    prior dr auth authorization insurance medicaid medicare blue cross shield side effects dose refill labs results
    thanksgiving christmas telehealth zoom my chart in person face group sleep hygiene support supportive counseling
    """
)


#: A positive answer about suicide, as people write it into a note.
_ABOUT_SUICIDE = re.compile(
    r"\b(?:(?:item|question|itm|q)[\s.#-]*(?:9|10|nine|ten)|(?:c[\s-]?ssrs|columbia)(?:\s+screen(?:er|ing)?)?)"
    r"(?:\s*[:=(>,]\s*|\s+(?:scored?|was|is|of|at|level)\b)*\s*(?:[1-6](?![\d.:a-z])|pos(?:itive)?\b|yes\b|endorsed\b|\+)",
    re.IGNORECASE,
)


def warnings(note: str) -> list[str]:
    """Sentences for a note that seems to identify somebody, or holds an answer that others must be told of."""
    found = []
    if _SUSPECT.search(note):
        if _SSN.search(note):
            found.append("a social security number")
        elif _PHONE.search(note):
            found.append("a phone number")
        if _BIRTH.search(note):
            found.append("a date of birth")
        if _EMAIL.search(note):
            found.append("an e-mail address")
    if note and not note.islower() and _names_somebody(note):
        found.append("a name")
    said = [sentences.looks_like(what) for what in found]
    return [*said, sentences.ANSWER_IN_NOTE] if _ABOUT_SUICIDE.search(note) else said


def _names_somebody(note: str) -> bool:
    if _TITLE.search(note):
        return True
    return any(
        match[1].lower() not in _NO_NAMES and match[2].lower() not in _NO_NAMES
        for match in _TWO_CAPITALS.finditer(note)
    )
