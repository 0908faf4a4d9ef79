"""Usual names of services that are billed by themselves, and of clerical work, as notes use them (R-203, R-204, R-214).

A name tells what was done unless the words around it speak of it: `therapy session, week two` is a session, `referred
to therapy`, `pt's therapy session went well` and `after office visit` are care management.
"""

import re

from billing.activities import Activity
from billing.uncounted_codes import Uncounted

#: The service of words that only say that something is billed.
SEPARATE_SERVICE = "a service billed separately"
_CALL = (
    r"(?:calls?|time|min(?:ute)?s?|visits?|outreach|services?|work|check-?ins?|contacts?|encounters?|sessions?|f/u"
    r"|follow-?ups?|monthly|review|touch ?point)"
)
_TREATMENT = r"(?:sess(?:ions?)?|visits?|hours?|groups?|appointments?|appts?|time|calls?|encounters?)"
_COUNSELING = (
    r"(?:counsel\w*|sessions?|visits?|calls?|treatment|interventions?|coaching|education|class|group)"
)
_THERAPY_KIND = r"(?:individual|ind|group|family|couples?|marital|marriage|play|trauma|talk)"
#: Kind of work, what it is, and its names wherever they stand.
_NAMES = (
    (
        Activity.CRISIS,
        "psychotherapy for crisis",
        r"crisis (?:psycho)?therapy(?: sessions?)?|(?:psycho)?therapy for (?:a )?crisis",
    ),
    (
        Activity.PSYCHOTHERAPY,
        "psychotherapy",
        (
            rf"{_THERAPY_KIND}[ -](?:psycho)?(?:therapy|tx)(?: {_TREATMENT})?|psycho-?therapy(?: {_TREATMENT})?"
            rf"|{_THERAPY_KIND}/{_THERAPY_KIND} therapy(?: {_TREATMENT})?"
            rf"|(?<!physical )(?<!speech )(?<!occupational )(?<!massage )(?<!aqua )(?<!radiation )(?<!infusion )"
            rf"therapy (?:sess(?:ions?)?|visits?|hours?)|tx sess(?:ions?)?"
            r"|(?:individual|ind|couples?|marital) sess(?:ions?)?(?: therapy)?"
            rf"|(?:couples?|marital|marriage) counseling(?: {_TREATMENT})?"
            r"|(?:emdr|ipt|dbt)[ -](?:skills )?(?:sess(?:ions?)?|group)|process group|therapy groups?"
        ),
    ),
    (
        Activity.BILLED_SEPARATELY,
        "a psychiatric evaluation",
        (
            r"psych(?:iatric|iatry|ological)? (?:diagnostic )?(?:eval(?:uation)?s?|intakes?)|psychiatric assessments?"
            r"|(?:psych\w* )?(?:diagnostic|dx) (?:eval(?:uation)?s?|interviews?|assessments?)"
            r"|biopsychosocial (?:eval(?:uation)?|intake)|comprehensive psych\w* (?:eval(?:uation)?|assessment)"
        ),
    ),
    (
        Activity.BILLED_SEPARATELY,
        "a medication visit",
        (
            r"(?:meds?|medication)[ -](?:management|mgmt|mgt|mngmt|check|follow-?up)[ -](?:visits?"
            r"|appointments?|appts?"
            r"|sessions?|encounters?)"
        ),
    ),
    (
        Activity.BILLED_SEPARATELY,
        "chronic care management",
        rf"ccm[ -]{_CALL}|chronic care (?:management|mgmt)(?: {_CALL})?",
    ),
    (
        Activity.BILLED_SEPARATELY,
        "principal care management",
        rf"pcm[ -]{_CALL}|principal care (?:management|mgmt)(?: {_CALL})?",
    ),
    (
        Activity.BILLED_SEPARATELY,
        "advanced primary care management",
        rf"apcm[ -]{_CALL}|advanced primary care (?:management|mgmt)(?: {_CALL})?",
    ),
    (
        Activity.BILLED_SEPARATELY,
        "transitional care management",
        rf"tcm[ -]{_CALL}|transition(?:al|s)?(?: of)? care (?:management|mgmt|{_CALL})(?: {_CALL})?",
    ),
    (
        Activity.BILLED_SEPARATELY,
        "targeted case management",
        rf"targeted case management(?: {_CALL})?",
    ),
    (
        Activity.BILLED_SEPARATELY,
        "remote monitoring",
        (
            rf"(?:rpm|rtm)[ -](?:{_CALL}|data|readings?|monitoring|set-?up)"
            rf"|remote (?:patient|physiologic\w*|therapeutic) monitoring(?: {_CALL})?"
        ),
    ),
    (
        Activity.BILLED_SEPARATELY,
        "tobacco cessation counseling",
        (
            rf"(?:tobacco|smoking|nicotine|vap(?:e|ing)|cigarettes?)(?: use)? cessation(?: {_COUNSELING})*"
            rf"|(?:tobacco|smoking|nicotine)(?: use)? {_COUNSELING}|quit[ -](?:smoking|tobacco) {_COUNSELING}"
        ),
    ),
    (
        Activity.BILLED_SEPARATELY,
        "a substance use service",
        (
            r"sbirt(?: (?:screen\w*|session|visit|intervention|done|completed))?"
            r"|(?:sud|oud|aud|aod|substance(?: use| abuse)?(?: disorder)?|alcohol|drug|addictions?|opioid|etoh)"
            r"(?: (?:use|abuse|misuse))? (?:counsel\w*|(?:treatment )?(?:sessions?|groups?)|brief interventions?)"
        ),
    ),
    (
        Activity.BILLED_SEPARATELY,
        "a health behavior service",
        (
            r"health(?: and| &|/)? ?behaviou?r(?:al)? (?:assessments?|interventions?|eval(?:uation)?s?"
            r"|reassessments?)"
            r"|hbai?(?: (?:assessment|intervention|session|visit))?"
        ),
    ),
    (
        Activity.BILLED_SEPARATELY,
        "psychological testing",
        r"neuro-?psych\w* (?:test(?:ing|s)?|eval(?:uation)?s?|assessments?|battery)|psych(?:ological)? testing",
    ),
    (
        Activity.BILLED_SEPARATELY,
        "an office visit",
        (
            r"office visits?|e ?[/&] ?m(?: (?:visits?|codes?|services?|encounters?))?|e and m visits?"
            r"|evaluation (?:and|&) management(?: visits?)?|(?:(?:annual|medicare) )?wellness visits?|awv"
        ),
    ),
    (
        Activity.BILLED_SEPARATELY,
        "advance care planning",
        rf"advanced? care planning(?: {_CALL})?|acp (?:{_CALL}|discussions?|conversations?|meetings?)",
    ),
    (
        Activity.BILLED_SEPARATELY,
        SEPARATE_SERVICE,
        (
            r"billed (?:separately|under|as|to (?:insurance|medicare|medicaid|payer))|(?:separately"
            r"|already) bill(?:ed|able)"
            r"|(?:visits?|sessions?|eval(?:uation)?|intake|interview|assessment|calls?|services?"
            r"|encounters?) (?:was |were )?"
            r"(?:billed|bill separately)|billable (?:visits?|sessions?|services?|encounters?)"
        ),
    ),
)
#: Short names that tell what was done only where they stand first of a note or a clause.
_SHORT = (
    (Activity.BILLED_SEPARATELY, "chronic care management", "ccm"),
    (Activity.BILLED_SEPARATELY, "transitional care management", "tcm|transitional care"),
    (Activity.BILLED_SEPARATELY, "principal care management", "pcm"),
    (Activity.BILLED_SEPARATELY, "advanced primary care management", "apcm"),
    (Activity.BILLED_SEPARATELY, "remote monitoring", "rpm|rtm"),
    (Activity.BILLED_SEPARATELY, "advance care planning", "acp"),
    (Activity.PSYCHOTHERAPY, "psychotherapy", "therapy"),
)
_OBJECT = r"(?:(?:the|an?|pt's|pt|patient|some|new|next|their|his|her|all|up|in|and|signed|completed|old) )"
_APPOINTMENT = r"(?:appts?|appointments?|visits?|intakes?|sessions?)"
_PAPERS = (
    r"(?:cop(?:y|ies)|roi|releases?|records?|forms?|docs?|documents?|papers?|packets?|consents?|results?|notes?"
    r"|scans?|charts?)"
)
#: Clerical work wherever it stands.
_CLERICAL_WORDS = (
    r"data[ -]entry|enter(?:ed|ing) data|paper ?work|fax to|(?:fmla|disability|leave|insurance) (?:forms"
    r"|papers)|clerical(?: (?:work|time|tasks?|duties))?"
    r"|admin(?:istrative)? (?:work|time|tasks?|duties|stuff)"
    rf"|(?:sent |re-?)?fax(?:ing|ed)(?: {_OBJECT}{{0,2}}{_PAPERS})?|sent (?:\w+ ){{0,2}}fax"
    rf"|(?:(?:re-?)?sched(?:ul(?:ing|ed|e))?|r/s|book(?:ed|ing)) "
    rf"(?:(?!activit|pleasant)[\w/'-]+ ){{0,3}}?{_APPOINTMENT}(?! (?:note|went))"
    r"|(?:re-?)?scheduling (?:(?!activit|pleasant)[\w/'-]+ ){0,2}?(?:f/u|follow-?ups?|calls?|pt|patient)"
    rf"|{_APPOINTMENT} (?:re-?)?scheduling"
    r"|(?:billing|copay|co-pay|invoice|statement|claims?) (?:questions?|issues?|inquir(?:y|ies)|calls?|disputes?"
    r"|problems?|errors?)|questions? (?:about|re|on) (?:\w+ )?(?:bill|billing|copay|invoice|statement)"
    r"|travel(?:ing|ed|led|ling)? time|drive time|mileage|(?:travel(?:ing|ed|led|ling)?|dr(?:ove|iving)) "
    r"(?:to|from|back(?: to| from)?|for) (?:and from )?(?:the |pt's |pt |patient's |patient |client's |her "
    r"|his |their )?"
    r"(?:pt|patient|client|home|homes|house|clinic|office|site|visit|appt|appointment|school|hospital|facility)"
    rf"|fill(?:ed|ing)[ -](?:out |in )?(?:[\w/'-]+ ){{0,3}}?(?:forms?|fmla|papers|applications?|questionnaires?)"
    r"|(?:complet(?:ed|ing)|did|doing|signed|prepar(?:ed|ing)|process(?:ed|ing)) (?:[\w'-]+ ){0,2}?"
    r"(?:fmla|disability|leave|employer|school|insurance|work|ssdi|ssi)(?: (?:forms?|papers?|docs?|documents?"
    r"|letters?))"
    r"|(?:left|leaving|sent|emailed|mailed|dropped off|dropping off|gave|brought) (?:[\w'-]+ ){0,4}?(?:at"
    r"|with|to) (?:the )?"
    r"(?:front desk|reception)"
    rf"|(?:made|making) (?:\w+ )?copies|(?:print(?:ed|ing)|scann(?:ed|ing)|upload(?:ed|ing)|photocop(?:ied|ying)"
    rf"|copied|copying|filed|filing|shredd(?:ed|ing)) (?:[\w'-]+ ){{0,3}}?{_PAPERS}"
    r"|mail(?:ed|ing) (?:[\w'-]+ ){0,2}?(?:roi|releases?|records|forms?|documents?|packets?)"
    r"|(?:insurance|benefits?|eligibility) verification|verif(?:ied|ying) (?:\w+ )?(?:insurance|benefits|eligibility)"
    r"|updat(?:ed|ing) (?:[\w']+ ){0,2}?(?:demographics|mailing address)|sorting mail"
)
#: Clerical work that is told by a word alone, where that is a clause of its own.
_CLERICAL_ALONE = (
    r"(?:re-?)?scheduling|travel(?:ing|ed|led|ling)?|filing|scanning|printing|copying|typing|mailing|billing|faxes"
    r"|fax|admin"
)
#: Words before a name, within its clause, by which it is spoken of and not done.
_SPOKEN_OF = re.compile(
    r"\b(?:refer\w*|discuss\w*|about|re|regarding|remind\w*|(?:re)?schedul\w*|coordinat\w*|prior|before|after|since"
    r"|follow(?:ing|ed|s|-?up)|from|next|upcoming|missed|last|recent|previous|past|his|her|their|my|your|attend\w*"
    r"|declin\w*|interest\w*|wants?|wanted|need\w*|start(?:s|ed|ing)?|sees|seeing|continu\w*|enroll\w*|wait\w*|no|not"
    r"|non|never|options?|recommend\w*|encourag\w*|educat\w*|explain\w*|info\w*|resources?|barriers?"
    r"|review(?:ed|ing)?"
    r"|plan(?:s|ned|ning)?|consider\w*|link\w*|connect\w*|find(?:ing)?|found|locat\w*|set ?-?up|setting up|arrang\w*"
    r"|book\w*|confirm\w*|cancel\w*|engag\w*|if|when|whether|why|how|ask\w*|offer\w*|suggest\w*|help\w*|prepar\w*"
    r"|prep(?:ped)?|motivat\w*|homework|between|until|transport\w*|rides?|rescheduled|current(?:ly)?|already|has|have"
    r"|having|goes|going|went|due|reports?|reported|states?|stated|said|says|waiting|copays?|costs?|pay\w*|outside"
    r"|external|request\w*|ordered|order|appointment|appt|in(?! for\b)|than|auth\w*|goals?|look\w*|instead"
    r"|versus|vs|rather|does|did not|didn't|without"
    r"|establish\w*|during|await\w*|pending|den(?:y|ies|ied|ying)|access\w*|inquir\w*|assist\w*|support\w*"
    r"|agree\w*|accept\w*|receiv\w*|getting|get|gets"
    r"|[a-z]+'s|pts|of)\b|\bto (?!(?:provide|do|complete|conduct|deliver|perform|hold|have|finish)\b)"
)
#: Words that say that what follows was done, whatever stood before.
_DONE = re.compile(
    r"\b(?:provid(?:ed|ing)|conduct(?:ed|ing)|complet(?:ed|ing)|deliver(?:ed|ing)|facilitat(?:ed|ing)"
    r"|perform(?:ed|ing)|did|had|held|led|billed|ran)\b"
)
#: Words behind a name by which it is spoken of.
_SPOKEN_OF_BEHIND = re.compile(
    r"(?:'s|s')?\s+(?:options?|referrals?|resources?|lists?|info\w*|goals?|homework|progress|notes?|records?|reports?"
    r"|results?|attendance|barriers?|wait ?-?lists?|went|was|is|has|have|will|would|may|might|helps?|helping|helped"
    r"|scheduled|sched|next|tomorrow|again|set ?up|resum\w*|starts?|starting|appointments?|appts?|intakes?|providers?"
    r"|offices?|clinics?|needs?|needed|concerns?|copays?|costs?|coverage|techniques?|worksheets?|readiness"
    r"|engagement|pending|ordered|attended|missed|cancel\w*|declined|requested|recommended|suggested"
    r"|discussed|reminders?|plans?"
    r"|history|hx|requests?|status|elsewhere|letters?|auth\w*|nurses?|team|programs?|coordinators?|staff|managers?|rn"
    r"|enrollment|consents?|dept|department|summary|documentation|materials?|handouts?|goes|going|by (?:dr"
    r"|pcp|np|psych)"
    r"|w/ (?:dr|pcp|outside|psych)|with (?:dr|pcp|her|his|their|outside|psych|pcp)|scheduling|date|time)\b"
)
#: Ends a clause.
_CLAUSE = re.compile(r"[,;:.()|&+\n]|(?<=\s)-+(?=\s)|\s-+(?=\w)|\b(?:then|plus)\b")
_MAY_BE_NAMED = re.compile(
    r"therap|counsel|psych|diagnos|\bdx\b|\btx\b|group|session|visit|eval|m(?:ana)?ge?m|mgt|\b(?:a?p|c|t)cm\b|transition|monitor"
    r"|\br[pt]m\b|cessation|smok|tobacco|nicotine|sbirt|brief int|behavio|\bhbai?\b|e ?[/&] ?m\b|\bawv\b|care plan"
    r"|\bacp\b|bill|crisis|targeted|\bnmngmt\b|med"
)
_MAY_BE_CLERICAL = re.compile(
    r"entry|data|paper|clerical|admin|fax|sched|r/s|book|bill|copay|co-pay|invoice|statement|claim|travel|drive|drov"
    r"|driving|mileage"
    r"|fill|form|fmla|front desk|reception|cop(?:y|ie)|print|scan|upload|fil(?:ed|ing)|shred|mail|verif|updat|typing"
)


def _compiled(names: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w/-])(?:{names})(?![\w-])")


_NAMED = tuple((activity, service, _compiled(names)) for activity, service, names in _NAMES)
_FIRST = tuple((activity, service, _compiled(names)) for activity, service, names in _SHORT)
_CLERICAL = _compiled(_CLERICAL_WORDS)
_ALONE = _compiled(_CLERICAL_ALONE)
_MANNER = re.compile(
    r"(?:\s|\b(?:phone|telephone|video|zoom|virtual|tele-?health|in[ -]person|home|brief|(?:bi-?)?weekly|monthly|call"
    r"|visit|did|had|held|provided|conducted|completed|pt|patient|the|an?|[0-9]+ ?(?:m|min|mins|minutes|hr|hour)?"
    r"|cbt|dbt|support(?:ive)?|individual|regular|routine)\b)*"
)
_FOR = re.compile(r"\bfor (?:an? |monthly |her |his )?$")
#: What may follow a short name.
_ENDS = re.compile(
    r"\s*(?:$|[,;:.()|/&+-]|(?:w/|with|for|re|on|at|by|via|today|about|and|x ?[0-9]|[0-9]|done|completed"
    r"|provided)(?!\w))"
)


def named_service(note: str) -> Uncounted | None:
    """The first separately billed service that a note names as done.

    Args:
        note: The note in plain form.
    """
    if not _MAY_BE_NAMED.search(note):
        return None
    for activity, service, names in _NAMED:
        for match in names.finditer(note):
            if _is_done(note, match):
                return Uncounted(activity=activity, said=match[0], service=service)
    for activity, service, names in _FIRST:
        for match in names.finditer(note):
            before = note[_clause_start(note, match.start()) : match.start()]
            led = _MANNER.fullmatch(before) or (
                activity is not Activity.PSYCHOTHERAPY and _FOR.search(before)
            )
            if led and _ENDS.match(note, match.end()) and _is_done(note, match):
                return Uncounted(activity=activity, said=match[0], service=service)
    return None


def clerical_work(note: str) -> Uncounted | None:
    """The first clerical work that a note names beside other work.

    Args:
        note: The note in plain form.
    """
    if not _MAY_BE_CLERICAL.search(note):
        return None
    for match in _CLERICAL.finditer(note):
        if not _worries(note, match.start()) and not _is_the_patients(note, match):
            return Uncounted(activity=Activity.ADMIN, said=match[0], service="clerical work")
    for match in _ALONE.finditer(note):
        ended = _CLAUSE.match(note, match.end()) or not note[match.end() :].strip()
        if ended and not note[_clause_start(note, match.start()) : match.start()].strip():
            return Uncounted(activity=Activity.ADMIN, said=match[0], service="clerical work")
    return None


def _is_done(note: str, match: re.Match[str]) -> bool:
    """Whether a name says what was done, and is not only spoken of."""
    before = note[_clause_start(note, match.start()) : match.start()]
    done = max((told.end() for told in _DONE.finditer(before)), default=0)
    before = before[done:]
    return not _SPOKEN_OF.search(before) and not _SPOKEN_OF_BEHIND.match(note, match.end())


def _clause_start(note: str, end: int) -> int:
    start = 0
    for mark in _CLAUSE.finditer(note, 0, end):
        start = mark.end()
    return start


_WORRY = re.compile(
    r"\b(?:about|re|regarding|over|anxi\w*|stress\w*|worr\w*|afraid|fear\w*|remind\w*|confirm\w*|(?:her|his"
    r"|their)(?: own)?|can(?:not|'?t)|unable|refus\w*"
    r"|pt's|patient's|before|after|prior to|missed|no|not|attend\w*|review(?:ed|ing)?)(?:\s+[\w'-]+){0,2}\s+$"
)


#: Who did it, first in a clause, and a verb of the past: `pt faxed the form`, which is told and was not done.
_PATIENT = re.compile(
    r"\s*(?:the |her |his |their )?(?:pt|patient|client|she|he|they|mom|mother|dad|father|parents?|spouse|wife|husband"
    r"|daughter|son)(?: (?:has|had|already|also|just))?\s+"
)
_DID = re.compile(r"\w+ed\b|drove\b|sent\b|made\b|brought\b|gave\b|left\b|did\b")


def _is_the_patients(note: str, match: re.Match[str]) -> bool:
    """Whether clerical words are what the patient did."""
    before = note[_clause_start(note, match.start()) : match.start()]
    return bool(_PATIENT.fullmatch(before)) and bool(_DID.match(match[0]))


def _worries(note: str, start: int) -> bool:
    """Whether clerical words are what the patient worries about or is reminded of."""
    return _WORRY.search(note, _clause_start(note, start), start) is not None
