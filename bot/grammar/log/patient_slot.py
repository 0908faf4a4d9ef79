"""Finds the patient of a line, or several in a list."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from billing.uncounted_codes import is_service_code
from bot.grammar.log import sentences
from bot.grammar.log.patients import bounds, is_read_out, patient_ref
from bot.grammar.log.scores import is_score
from bot.grammar.log.sheet import LineSheet
from bot.grammar.problems import ProblemCode
from bot.grammar.text.lexicon import (
    ACTIVITY_NOUNS,
    COUNTED,
    HIGHEST_ORDINAL,
    NOT_MINUTES_AFTER,
    NUMBERED,
    NUMBERED_BY_HASH,
)
from bot.grammar.text.phrases import listed, quoted
from bot.grammar.text.scan import DURATION, NUMBER, PATIENT, SEPARATOR, WORD, scan
from services.people.patient_ref import PatientRef

_DIGITS = re.compile(r"\d+")
#: `#12`: whoever is counted so is rarely a hundred.
_LONGEST_COUNT = 3
#: So many figures are an MRN whatever word stands before them.
_LONG_NUMBER = 4
#: So many figures right behind an MRN are hardly a count.
_AN_MRN = 3
_LISTING = frozenset(",;/&+|") | {"and", "plus"}
#: `MR123`, `MNR123`, `MRN_123`, `ID#123`.
_ALMOST_MRN = re.compile(r"(?:[mnr]{1,4}|mrm|mrb|id|pt|patient)[#_./\\]?\d{1,20}(?:\.0+)?")
_DAY_IN_FIGURES = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_HOTLINES = frozenset({"211", "411", "911", "988"})
_MRN_ALONE = re.compile(r"mrns?\.?:?")


@dataclass(slots=True, kw_only=True)
class PatientSlot:
    """The patients of a line, in the order typed, each once."""

    patients: tuple[PatientRef, ...]
    #: True when another patient is named apart from the first ones, in what is otherwise the note.
    apart: bool = False
    #: Items of bare numbers that were read as patients because they are listed with one, and are on no roster.
    guessed: tuple[int, ...] = ()
    #: The patients without those.
    sure: tuple[PatientRef, ...] = ()
    #: Where a number stands right behind the MRN: the two as one MRN, and the number's items.
    joined: PatientRef | None = None
    joined_items: tuple[int, ...] = ()


def take_named(sheet: LineSheet) -> PatientSlot | None:
    """Claim patients written as such: by MRN, `#`, UUID, handle or the practice's own form."""
    named = sheet.of(PATIENT)
    if named and "#" in sheet.line.plain:
        named = [i for i in named if not _counts_something(sheet, i, named)]
    if not named:
        return None
    if len(named) == 1 and not sheet.has(NUMBER):
        sheet.take(named[0])
        return PatientSlot(patients=(_ref(sheet, named[0]),))
    anchor = next((i for i in named if _is_plainly_named(sheet, i)), named[0])
    listed = _list_around(sheet, anchor)
    sheet.take(*listed)
    patients = _unique([_ref(sheet, i) for i in listed])
    guessed = _guessed(sheet, listed)
    if guessed or len(listed) == len(named):
        sure = _unique([_ref(sheet, i) for i in listed if i not in guessed]) if guessed else ()
        return PatientSlot(patients=patients, guessed=guessed, sure=sure)
    others = [_ref(sheet, i) for i in named if i not in listed and _is_plainly_named(sheet, i)]
    everyone = _unique([*patients, *others])
    return PatientSlot(patients=everyone, apart=len(everyone) > len(patients))


def _guessed(sheet: LineSheet, listed: Sequence[int]) -> tuple[int, ...]:
    """The numbers of a list that may belong to the words behind them: `MRN417, 302 petition call`.

    `total`, `split` and `each` do not make them patients; the roster does, or an end of the list: `MRN1, 2, 3 20m`.
    """
    numbers = [i for i in listed if sheet.items[i].kind == NUMBER]
    if not numbers or not sheet.word_after(numbers[-1]) or sheet.plain(listed[0]).startswith("mrns"):
        return ()
    return tuple(i for i in numbers if _digits(sheet, i) not in sheet.context.roster)


def _counts_something(sheet: LineSheet, index: int, named: Sequence[int]) -> bool:
    """True for the `#3` of `LVM #3` where a patient is named beside it, and of `attempt #3` wherever it stands."""
    plain, before = sheet.plain(index), sheet.word_before(index)
    if not plain.startswith("#") or not before:
        return False
    if before in NUMBERED_BY_HASH or (before in NUMBERED and len(plain) <= _LONGEST_COUNT):
        return True
    return any(not sheet.plain(other)[slice(*bounds(sheet.plain(other)))].startswith("#") for other in named)


def _is_plainly_named(sheet: LineSheet, index: int) -> bool:
    """`#1` in the middle of a note is a first point, not a patient."""
    plain = sheet.plain(index)
    if "#" not in plain or not plain[slice(*bounds(plain))].startswith("#"):
        return True
    return sheet.is_head(index) or sheet.is_tail(index)


def _list_around(sheet: LineSheet, anchor: int) -> list[int]:
    """The patients listed with one: `MRN1, MRN2 & 3`."""
    width = len(_digits(sheet, anchor))
    return [
        i
        for i, item in enumerate(sheet.items)
        if i == anchor
        or (item.kind == PATIENT and sheet.touch(i, anchor))
        or (
            item.kind == NUMBER
            and i > anchor
            and sheet.touch(i, anchor)
            and _is_listed_number(sheet, i, width)
        )
    ]


def _is_listed_number(sheet: LineSheet, index: int, width: int) -> bool:
    """True for the `124` of `MRN123, 124`: as long as the first, or on the roster."""
    before = index - 1
    if sheet.items[before].kind != SEPARATOR or sheet.plain(before) not in _LISTING:
        return False
    digits = _digits(sheet, index)
    if digits not in sheet.context.roster and sheet.word_after(index) in COUNTED:
        return False
    return bool(digits) and (len(digits) == width or digits in sheet.context.roster)


def take_bare(sheet: LineSheet, *, has_duration: bool) -> PatientSlot | None:
    """Claim bare numbers that are on the roster; only where a slot can stand, unless one stands alone."""
    numbers = [i for i in sheet.of(NUMBER) if _may_be_patient(sheet, i)]
    on_roster = [i for i in numbers if _digits(sheet, i) in sheet.context.roster]
    slots = [i for i in on_roster if sheet.is_slot(i)]
    if not slots:
        return None
    others = [i for i in numbers if i not in slots and sheet.is_slot(i)]
    if len(slots) > 1 and not has_duration and not others:
        words = listed([quoted(sheet.shown(i)) for i in slots])
        sheet.find(
            ProblemCode.UNCLEAR_PATIENT, sentences.PATIENT_OR_MINUTES.format(words=words), slots[0], slots[-1]
        )
        sheet.take(*slots)
        sheet.time_hint, sheet.patient_hint = (
            f"{_digits(sheet, slots[0])}m",
            f"MRN{_digits(sheet, slots[-1])}",
        )
        return None
    chosen = slots if len(slots) == 1 else [i for i in slots if sheet.is_head(i)] or slots[:1]
    sheet.take(*chosen)
    return PatientSlot(patients=_unique([_ref(sheet, i) for i in chosen]))


def _may_be_patient(sheet: LineSheet, index: int) -> bool:
    """True unless the words beside a number make it a score, a dose or a count."""
    digits, before = _digits(sheet, index), sheet.word_before(index)
    if not digits or before in NOT_MINUTES_AFTER or is_score(sheet, index):
        return False
    if sheet.word_after(index) in COUNTED or (before in NUMBERED and int(digits) < HIGHEST_ORDINAL):
        return False
    return len(digits) >= _LONG_NUMBER or not before or before in ACTIVITY_NOUNS


def bare_numbers(plain: str) -> list[str]:
    """Bare numbers of a line that would be patients if they were on the roster."""
    names = (plain[item.start : item.end] for item in scan(plain) if item.kind == NUMBER)
    return [digits for name in names if _DIGITS.fullmatch(digits := name[slice(*bounds(name))])]


def _digits(sheet: LineSheet, index: int) -> str:
    """The number itself; empty when it has a sign or a fraction."""
    plain = sheet.plain(index)
    start, end = bounds(plain)
    name = plain[start:end]
    if sheet.items[index].kind == NUMBER:
        return name if _DIGITS.fullmatch(name) else ""
    return "".join(_DIGITS.findall(name))


def _ref(sheet: LineSheet, index: int) -> PatientRef:
    plain = sheet.plain(index)
    found = patient_ref(plain, sheet.shown(index), sheet.context.mrn_pattern)
    if " " not in plain:
        return found
    start, end = bounds(plain)
    if " " in plain[start:end] and is_read_out(plain[start:end]):
        sheet.remark(sentences.read_as(sheet.shown(index)[start:end], found.text))
    return found


def _unique(refs: Sequence[PatientRef]) -> tuple[PatientRef, ...]:
    if len(refs) == 1:
        return (refs[0],)
    return tuple({(ref.identity, ref.handle): ref for ref in reversed(refs)}.values())[::-1]


def with_number_behind(sheet: LineSheet, slot: PatientSlot) -> PatientSlot:
    """The slot with its other reading where a number that nothing took stands right behind the MRN: `MRN 123 456`."""
    if len(slot.patients) != 1 or slot.patients[0].identity is None:
        return slot
    at = next((i for i, item in enumerate(sheet.items) if item.kind == PATIENT and i in sheet.taken), None)
    if at is None:
        return slot
    items: list[int] = []
    first = at + 1
    if (
        first + 1 < len(sheet.items)
        and sheet.plain(first) == "-"
        and len(_digits(sheet, first + 1)) >= _AN_MRN
    ):
        first += 1  # `MRN 123 - 456`
    for i in range(first, len(sheet.items)):
        if sheet.items[i].kind != NUMBER or i in sheet.taken or not _digits(sheet, i):
            break
        items.append(i)
    if items and _counts_what_follows(sheet, items[-1]):
        items.pop()
    if not items or not _may_belong_to_mrn(sheet, at, items):
        return slot
    identity = slot.patients[0].identity + "".join(_digits(sheet, i) for i in items)
    joined = PatientRef(text=f"MRN{identity}", identity=identity)
    return replace(slot, joined=joined, joined_items=tuple(items))


def _counts_what_follows(sheet: LineSheet, index: int) -> bool:
    """True for the number of `12 drinks/wk` and of `20261103`."""
    after, digits = sheet.word_after(index).partition("/")[0], _digits(sheet, index)
    end = sheet.items[index].end
    glued = sheet.line.plain[end : end + 1].strip(" ,;:.)")
    several = after.endswith("s") and len(digits) < _AN_MRN
    return bool(after in COUNTED or several or glued or _DAY_IN_FIGURES.fullmatch(digits))


def _may_belong_to_mrn(sheet: LineSheet, at: int, items: Sequence[int]) -> bool:
    """False for what counts, is called or billed: `MRN123 2 attempts`, `MRN123 988 call`, `MRN123 90837`."""
    digits = _digits(sheet, items[0])
    if len(items) > 1 or len(digits) > 1:
        return digits not in _HOTLINES and not is_service_code(digits)
    return " " in sheet.plain(at)[slice(*bounds(sheet.plain(at)))]


def is_in_groups(sheet: LineSheet, number: int) -> bool:
    """True for the `456` of `MRN 123 456`: as long as an MRN, and right behind one that was typed apart."""
    before = number - 1
    return (
        before >= 0
        and sheet.items[before].kind == PATIENT
        and len(_digits(sheet, number)) >= _AN_MRN
        and " " in sheet.plain(before)[slice(*bounds(sheet.plain(before)))]
    )


def numbers_left(sheet: LineSheet) -> list[str]:
    """Numbers right behind a patient that stay in the note: an MRN typed with a blank in it, perhaps."""
    return [
        sheet.shown(i)
        for i in sheet.of(NUMBER)
        if i and sheet.items[i - 1].kind in {PATIENT, DURATION} and sheet.word_after(i) not in COUNTED
    ]


def miss_patient(sheet: LineSheet) -> None:
    """Note that no patient was named, naming the word that comes closest."""
    for i in sheet.of(WORD):
        if _MRN_ALONE.fullmatch(sheet.plain(i)):
            word = quoted(sheet.shown(i))
            sheet.find(ProblemCode.NO_PATIENT, sentences.NO_PATIENT_MRN.format(word=word), i)
            sheet.take(i)
            return
    for i in sheet.of(WORD):
        if _ALMOST_MRN.fullmatch(sheet.plain(i)):
            digits = "".join(_DIGITS.findall(sheet.plain(i).partition(".0")[0]))
            _say_not_read(sheet, i, digits, sentences.NO_PATIENT_WORD)
            return
    numbers = [
        i
        for i in sheet.of(NUMBER)
        if _digits(sheet, i) and sheet.is_slot(i) and sheet.word_before(i) not in NOT_MINUTES_AFTER
    ]
    likely = next((i for i in numbers if sheet.word_after(i) not in COUNTED), None)
    if likely is None:
        sheet.find(ProblemCode.NO_PATIENT, sentences.NO_PATIENT)
        return
    _say_not_read(sheet, likely, _digits(sheet, likely), sentences.NO_PATIENT_NUMBER)


def _say_not_read(sheet: LineSheet, index: int, digits: str, sentence: str) -> None:
    fixed = f"MRN{digits}"
    word = quoted(sheet.shown(index))
    sheet.find(ProblemCode.NO_PATIENT, sentence.format(word=word, fixed=fixed), index)
    sheet.take(index)
    sheet.patient_hint = fixed
