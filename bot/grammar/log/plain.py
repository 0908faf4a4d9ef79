"""Tells at a glance that a line is work done: a patient, a length of time, and words for the contact and its topics."""

from bot.grammar.log.sheet import LineSheet
from bot.grammar.text.scan import DURATION, PATIENT, SEPARATOR, WORD
from bot.grammar.text.wordlists import words

#: In whatever order they stand beside a patient and one length of time, none of these asks, denies, corrects or plans.
PLAIN_WORDS = words(
    """
    phone telephone call calls called callback check-in checkin telehealth video zoom visit visits session sessions
    outreach voicemail vm lvm lm msg text texts texted email emails emailed letter portal in-person face office home met
    meeting spoke talked chatted contact attempted reviewed review chart charts charting case caseload consult
    consultation staffed coordination collateral collaboration care treatment crisis intake assessment assessed
    screening counseling psychoed psychoeducation support supportive psychotherapy therapy intervention behavioral
    activation ba solving pst motivational interviewing mi cbt skills coping med meds medication management mgmt
    monitoring refill referral records documentation documented note notes progress coaching mindfulness check mom
    mother dad father parent wife husband pcp provider psychiatrist therapist pharmacist school nurse rn md doctor
    manager worker social team staff insurance hospital pharmacy w/ and with re pt patient the a in brief weekly initial
    routine client mood anxiety depression symptoms side effects adherence safety discussed discussing answer sent faxed
    message voice mail follow-up f/u followup
    """
)
PLAIN_MARKS = frozenset(",-.;:()/&!")
#: Behind one of these sleep is the topic, and not what the patient had.
_TOPIC = frozenset({"re", "about", "and", "discussed"})


def is_plain(sheet: LineSheet) -> bool:
    """True for `15m MRN123 phone check-in`; False says nothing."""
    figures = 0
    for index, item in enumerate(sheet.items):
        kind = item.kind
        if kind == WORD:
            word = sheet.plain(index)
            if word not in PLAIN_WORDS and not (word == "sleep" and sheet.word_before(index) in _TOPIC):
                return False
        elif kind == SEPARATOR:
            if sheet.plain(index) not in PLAIN_MARKS:
                return False
        elif index not in sheet.taken or kind not in {DURATION, PATIENT}:
            return False
        else:
            figures += 1
    return figures == 2  # noqa: PLR2004 - one patient, one length of time
