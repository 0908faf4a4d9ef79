"""Finds the lesser slots: whose time it was, the next contact, a stated kind of work, each or split."""

import re
from dataclasses import dataclass
from datetime import date

from billing.activities import Activity
from bot.grammar.log import sentences
from bot.grammar.log.sheet import LineSheet
from bot.grammar.problems import ProblemCode
from bot.grammar.text.lexicon import NOT_PERFORMED_AFTER, PLAN_WORDS
from bot.grammar.text.patterns import PERSON, WEEKDAY
from bot.grammar.text.phrases import full_day, listed, quoted
from bot.grammar.text.scan import DURATION, MEMBER, NEXT, PARTNER, SHARE, TAG
from bot.grammar.when.dates import upcoming

#: A contact planned further ahead is more likely a date of the past, or a slip.
MOST_DAYS_AHEAD = 200

_TAGS = {activity.value: activity for activity in Activity} | {
    activity.value.replace("_", "-"): activity for activity in Activity
}
_NEXT_DAY = re.compile(rf"(?:{WEEKDAY}|tomorrow)$")
_PLAN_REACH = 2
_PERSON = re.compile(PERSON)
#: Words in front of `with @dr` that say of a case review who was there, whatever follows.
_REVIEWED = frozenset(
    {
        "case",
        "caseload",
        "conference",
        "consult",
        "consultation",
        "consulted",
        "discussed",
        "review",
        "reviewed",
    }
    | {"staffed", "staffing"}
)
#: Words in front of `with @dr` that make it no time spent together.
_APART_AFTER = frozenset({"discuss", "left", "message", "msg", "share", "vm", "voicemail"})


@dataclass(slots=True, kw_only=True)
class SideSlots:
    """What the lesser slots hold."""

    performed_by: str | None = None
    #: Who worked on it at the same time, and the items that say so.
    partners: tuple[str, ...] = ()
    partner_items: tuple[int, ...] = ()
    next_contact: date | None = None
    activity: Activity | None = None
    #: `each` or `split`, when said.
    share: str | None = None


def take_side_slots(sheet: LineSheet, *, several_patients: bool) -> SideSlots:
    """Claim the lesser slots; nothing in the middle of a note is one."""
    if not sheet.has(MEMBER, PARTNER, NEXT, TAG, SHARE):
        return SideSlots()
    together, said = _partners(sheet)
    return SideSlots(
        performed_by=_member(sheet),
        partners=tuple(dict.fromkeys(who for i in (*together, *said) for who in _all_of(sheet, i))),
        partner_items=together,
        next_contact=_next_contact(sheet),
        activity=_activity(sheet),
        share=_share(sheet, several_patients=several_patients),
    )


def _member(sheet: LineSheet) -> str | None:
    named: dict[str, int] = {}
    for i in sheet.of(MEMBER):
        if not sheet.is_slot(i) or sheet.word_before(i) in NOT_PERFORMED_AFTER:
            sheet.remark(sentences.member_stays(sheet.shown(i)))
            continue
        sheet.take(i)
        named.setdefault(_who(sheet, i), i)
    if len(named) > 1:
        words = listed([quoted(sheet.shown(i)) for i in named.values()])
        sheet.find(ProblemCode.TWO_MEMBERS, sentences.TWO_MEMBERS.format(words=words), *named.values())
        return None
    for i in named.values():
        sheet.remark(sentences.performed_by(sheet.shown(i).split(maxsplit=1)[1]))
    return next(iter(named), None)


def _partners(sheet: LineSheet) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The items that say with whom the time was spent, and those of them that stay among the words of the note.

    Those of a plan or a message only stay in the note.
    """
    taken: list[int] = []
    said: list[int] = []
    for i in sheet.of(PARTNER):
        before = sheet.words_before(i, _PLAN_REACH)
        if sheet.plain(i).startswith("w/") and sheet.word_before(i) not in _REVIEWED:
            continue
        apart = sheet.word_before(i) in _APART_AFTER or not PLAN_WORDS.isdisjoint(before)
        if not apart and sheet.word_before(i) in _REVIEWED and not sheet.is_slot(i):
            said.append(i)
            continue
        if apart or not sheet.is_slot(i):
            sheet.remark(sentences.member_stays(sheet.shown(i)))
            continue
        sheet.take(i)
        taken.append(i)
    return tuple(taken), tuple(said)


def _who(sheet: LineSheet, index: int) -> str:
    return _all_of(sheet, index)[0]


def _all_of(sheet: LineSheet, index: int) -> list[str]:
    """Everyone whom an item names with `@`."""
    item = sheet.items[index]
    return [
        sheet.line.mentions[found.start()][1]
        if found.start() in sheet.line.mentions
        else sheet.line.shown[found.start() + 1 : found.end()].strip().rstrip(".")
        for found in _PERSON.finditer(sheet.line.plain, item.start, item.end)
    ]


def _next_contact(sheet: LineSheet) -> date | None:
    found: list[tuple[int, date]] = []
    today = sheet.now.date()
    for i in sheet.of(NEXT):
        planned = not PLAN_WORDS.isdisjoint(sheet.words_before(i, _PLAN_REACH))
        if not sheet.is_slot(i) or (planned and _NEXT_DAY.search(sheet.plain(i))):
            continue
        sheet.take(i)
        word, day = sheet.shown(i), upcoming(sheet.plain(i), sheet.now)
        if day is None:
            sheet.find(ProblemCode.NO_SUCH_DATE, sentences.NO_SUCH_DATE.format(word=quoted(word)), i)
        elif day < today:
            sheet.find(ProblemCode.NEXT_CONTACT, sentences.NEXT_PAST.format(word=quoted(word)), i)
        elif (day - today).days > MOST_DAYS_AHEAD:
            far = sentences.NEXT_FAR.format(word=quoted(word), day=full_day(day), most=MOST_DAYS_AHEAD)
            sheet.find(ProblemCode.NEXT_CONTACT, far, i)
        else:
            found.append((i, day))
    if len({day for _, day in found}) > 1:
        words = listed([quoted(sheet.shown(i)) for i, _ in found])
        sheet.find(ProblemCode.NEXT_CONTACT, sentences.TWO_NEXT.format(words=words), *(i for i, _ in found))
        return None
    if not found:
        return None
    sheet.remark(sentences.next_contact(found[0][1]))
    return found[0][1]


def _activity(sheet: LineSheet) -> Activity | None:
    stated: dict[Activity, int] = {}
    for i in sheet.of(TAG):
        activity = _TAGS.get(sheet.plain(i)[1:])
        if activity is not None:  # any other tag is the person's own
            sheet.take(i)
            stated.setdefault(activity, i)
    if len(stated) > 1:
        words = listed([quoted(sheet.shown(i)) for i in stated.values()])
        sheet.find(ProblemCode.TWO_ACTIVITIES, sentences.TWO_ACTIVITIES.format(words=words), *stated.values())
    return next(iter(stated), None)


def _share(sheet: LineSheet, *, several_patients: bool) -> str | None:
    for i in sheet.of(SHARE):
        each = sheet.plain(i).split()[0] in {"each", "apiece", "per"}
        if several_patients and sheet.is_anchored(i):
            sheet.take(i)
            return "each" if each else "split"
        if each and i and sheet.items[i - 1].kind == DURATION and i - 1 in sheet.taken:
            # `3 calls 10 min each`: the sum is not said.
            word = quoted(f"{sheet.shown(i - 1)} {sheet.shown(i)}")
            sheet.find(ProblemCode.UNCLEAR_DURATION, sentences.SEVERAL_TIMES.format(word=word), i - 1, i)
            sheet.take(i)
    return None
