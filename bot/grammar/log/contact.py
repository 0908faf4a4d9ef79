"""Tells whether words name nothing but the kind of contact, with whom it was and how it went."""

import re
from collections.abc import Sequence

from bot.grammar.text.wordlists import words

#: Kinds of contact and of work, and how they went.
_KINDS = words(
    """
    phone telephone tel tele call calls called calling callback check checkin check-in check-ins checked telehealth
    tele-health video zoom virtual doxy facetime teams visit visits session sessions outreach voicemail voicemails
    vm vmail lvm lvmm lm lmtcb lmom lmovm msg mssg message messages messaged left text texts texted texting txt
    email emails emailed e-mail e-mailed letter letters portal mychart secure in-person person face f2f office
    clinic home walk-in met meeting spoke talked chat chatted contact contacted contacts reached reach unable utr
    answer answered response responded show no-show noshow dna attempt attempts attempted tried review reviewed
    chart charts charting charted case caseload systematic scr consult consultation consulted conference staffed
    staffing coordination coordinated coordinating collateral collaboration care treatment tx safety planning
    crisis intake assessment assessed screening screened screen counseling counseled counselling education
    psychoed psychoeducation support supportive psychotherapy therapy intervention behavioral activation ba
    problem solving problem-solving pst motivational interviewing mi cbt skills coping med meds medication
    medications management mgmt monitoring reconciliation refill referral referrals record records documentation
    documented documenting note notes progress completed complete done successful warm handoff hand-off hand off
    coaching relaxation mindfulness service svc outbound inbound incoming outgoing returned bedside onsite on-site
    updated update sent huddle occurred made faxed fax d/w held performed provided conducted
    """
)
#: Words that say nothing of their own beside those.
_SMALL = words(
    """
    with w w/ and of the a an to by via at in on for from no not did didn't picked pick up brief briefly quick
    short long detailed initial routine weekly biweekly monthly regular his her their pt's patient's mom's left
    plus then only today was were
    """
)
_PEOPLE = words(
    """
    pt patient client mom mother dad father parent parents guardian wife husband spouse partner son daughter
    sister brother family caregiver pcp provider psychiatrist psych psychiatry therapist counselor pharmacist
    school nurse rn md np doctor manager worker social cm sw consultant team staff insurance hospital specialist
    pharmacy
    """
)
#: With a person's kind before them these are somebody else's: `PCP visit`, `school meeting`.
_THEIRS = words("visit visits session sessions meeting appt appointment consult group intake conference")
_PLAN_KINDS = words(
    "care treatment tx safety crisis action wellness recovery prevention relapse coping goals updated"
)
#: Before `to` and a verb these tell of what was tried, not of what is planned.
_TRIED = words("attempt attempts attempted tried unable able called trying reached")
_VERBS = words(
    """
    call text email contact check review meet follow reach schedule complete bring start see return send talk
    speak try come attend go take get pick drop finish fill sign find
    """
)
#: `x2`, `2x`.
_TIMES = re.compile(r"x\d{1,2}|\d{1,2}x")
_TITLES = frozenset({"dr", "mr", "mrs", "ms"})
#: Somebody is `to` do something: a plan.
_ADDED = words("add adds adding added plan plans going needs need wants want asked agreed wait waiting")


def only_contact(said: Sequence[str]) -> bool:
    """True when every word speaks of the contact itself: `LVM`, `phone check-in with mom`.

    Args:
        said: words in plain form, in order.
    """
    for i, word in enumerate(said):
        before = said[i - 1] if i else ""
        after = said[i + 1] if i + 1 < len(said) else ""
        if before in _TITLES or word in _TITLES or _TIMES.fullmatch(word):
            continue
        if word == "out" and before.startswith("reach"):
            continue
        if word == "discussed" and after in {"with", "w/", "w"}:
            continue
        if word in _THEIRS and before in _PEOPLE:
            return False
        if word == "plan" and before in _PLAN_KINDS:
            continue
        if word == "to" and after in _VERBS and before not in _TRIED:
            return False
        if not (word in _KINDS or word in _SMALL or word in _PEOPLE):
            return False
    # `pt in school` tells of the patient, `with mom` of a contact.
    return not said or said[0] not in _PEOPLE or not _KINDS.isdisjoint(said)


def is_planned(said: Sequence[str]) -> bool:
    """True when the words tell of what somebody is to do: `pt to bring log`, `plan: call`, `add to caseload`.

    Args:
        said: words in plain form, in order.
    """
    for i, word in enumerate(said):
        before = said[i - 1] if i else ""
        after = said[i + 1] if i + 1 < len(said) else ""
        if word in {"plan", "plans"} and before not in _PLAN_KINDS:
            return True
        if word == "to" and before not in _TRIED:
            if before in _ADDED or (before in _PEOPLE and after not in _PEOPLE and after not in _SMALL):
                return True
            if after in _VERBS:
                return True
    return False
