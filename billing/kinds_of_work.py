"""Infers the kind of work from the note; the receipt shows it, and one tap changes it."""

import re
from dataclasses import dataclass

from billing.activities import Activity, ActivitySource
from billing.uncounted_codes import Uncounted, coded_service
from billing.uncounted_words import SEPARATE_SERVICE, clerical_work, named_service

#: Words that may stand before the name of such work: how, with whom and how often it was done.
_MANNER = (
    r"(?:(?:phone|telephone|video|zoom|virtual|tele-?health|in[ -]person|office|home|clinic|individual|ind|family"
    r"|couples?|brief|(?:bi-?)?weekly|monthly|regular|routine|initial|first|second|final|ongoing|extended|full|long"
    r"|short|did|had|held|provided|conducted|completed|delivered|facilitated|pt|patient|adult|child|teen|outpatient"
    r"|acute|urgent|emergency|all[ -]day|today's|scheduled|billable|the|an?|1:1|45|50|60|emdr|cbt|dbt|ipt|talk|trauma"
    r"|play|art|behaviou?ral?|cognitive|support(?:ive)?|some|more)[ ,:-]+){0,6}"
)
#: Clerical work, and what it is done to.
_CLERICAL = (
    r"(?!(?:pt|patient) travel|travel\w* (?:plans?|stress|anxiety|worr\w+|fears?|barriers?"
    r"|concerns?))(?:(?:fmla|disability|intake|consent|insurance|sent|did|some|office|misc"
    r"|appointment|appt|pt|patient|school)"
    r" ){0,3}"
    r"(?:(?:admin|administrative|clerical)(?: (?:work|time|tasks?|duties|stuff))?|data entry|paper ?work|photocopying"
    r"|(?:re-?)?schedul(?:ing|ed|e)(?! (?:[a-z]+ )?activit)|fax(?:ing|ed|es)?|filing|filed|copying|copied"
    r"|scann(?:ing|ed)|print(?:ing|ed)"
    r"|mailing|upload(?:ing|ed)|typing|form completion|(?:completed|filled out|filling out"
    r"|completing) (?:the )?forms?"
    r"|(?:insurance|benefits?|eligibility) verification|billing|travel(?:ing|ed|ling)?(?: time)?|drive time)"
    r"(?: (?:(?:the|an?|pt's|pt|patient|some|new|next|their|his|her|f/u|follow-?up|fmla|disability|intake|consent)"
    r" ){0,3}(?:records?|forms?|documents?|docs|papers|paper ?work|release|roi|appts?|appointments?|visits?|sessions?"
    r"|calls?|time|work|only|tasks?|stuff))?"
)
#: Work that does not count is inferred only from a note that begins by naming it, and then says only how it went:
#: `psychotherapy session, week one`. `crisis plan reviewed` and `referred to psychotherapy` are care management.
#: Words alone never take minutes away: what is inferred here is asked about, and held until it is answered.
_WHOLE_NOTE = (
    (
        Activity.PSYCHOTHERAPY,
        (
            rf"(?!(?:re)?scheduled (?:\w+ )?(?:psycho)?therapy (?:appt|appointment))"
            rf"{_MANNER}(?:(?:group )?(?:psycho)?therapy(?: (?:session|visit|appointment|appt|hour|group|time)s?)?"
            r"|(?:emdr|dbt|ipt) session)"
        ),
    ),
    (
        Activity.CRISIS,
        (
            rf"{_MANNER}(?:mobile )?crisis(?: (?:intervention|call|response|session|visit|psychotherapy"
            rf"|services?|care"
            r"|support|management|stabili[sz]ation|de-?escalation|work|counseling|contact|evaluation|eval"
            r"|assessment))?"
            r"(?: (?:by phone|session|visit|call))?"
        ),
    ),
    (Activity.ADMIN, rf"{_CLERICAL}(?:(?:,? and|,? then| ?[,;/&+])+ ?{_CLERICAL}){{0,5}}"),
)
#: Crisis work named within a note that otherwise says only how it was done: `video visit, pt in crisis`.
_WITHIN = (
    (
        Activity.CRISIS,
        (
            r"(?<!not )(?<!call )(?<!do )(?<!if )(?<!when )(?<!use )in (?:acute |a )?crisis"
            r"|crisis (?:intervention|response|de-?escalation|call)"
            r"|(?<!text )(?<!after )(?<!post )(?<!past )(?<!prior )(?<!last )(?<!recent )(?<!no )"
            r"(?<!denies )(?<!denied )(?<!denying )"
            r"(?<!financial )(?<!housing )(?<!money )(?<!food )(?<!midlife )(?<!mid-life )(?<!identity )(?<!opioid )"
            r"(?<!in )(?<!in a )(?<!in acute )crisis"
            r"(?! (?:line|text|number|hot ?line|resources?|contacts?|card|info|plan\w*|center|prevention|safety))"
        ),
    ),
)
#: What the work was about outranks the way it was done: a call to the pharmacy is coordination.
_ABOUT = (
    (
        Activity.CASE_REVIEW,
        (
            r"case[ -]?(?:load)?[ -]?(?:review|consult\w*|conference)|caseload|systematic review|scr\b"
            r"|psych(?:iatr\w*)? (?:consult\w*|review)|(?:reviewed|discussed|staffed|consult\w*"
            r"|review) (?:case )?with"
            r" (?:the )?(?:psych\w*|consultant|dr)\b|staffed (?:the )?case|case (?:was )?(?:discussed|staffed)"
        ),
    ),
    (
        Activity.TREATMENT_PLANNING,
        (
            r"(?:treatment|tx|care|safety|crisis|relapse[ -]prevention|action|recovery|wellness) ?plan\w*"
            r"|goal[ -]setting|(?:set|reviewed|updated) goals|relapse prevention"
            r"|(?:who to (?:call|contact|turn to|text)|what to do|where to go) (?:if |when |while |during |for )?"
            r"(?:in )?(?:a )?crisis"
            r"|crisis (?:prevention|safety|response plan\w*|card|contacts?|numbers?|info\w*)"
            r"|crisis (?:text )?(?:line|hot ?line) (?:number|info\w*|card|given|provided|reviewed|shared)"
            r"|(?:gave|provided|reviewed|shared) (?:\w+ ){0,3}crisis (?:text )?(?:line|hot ?line)"
        ),
    ),
    (
        Activity.CARE_COORDINATION,
        (
            r"coordinat\w*|pcp\b|primary care|pharmac\w*|referr\w*|resource\w*|housing|transport\w*|insurance"
            r"|medicaid"
            r"|social work\w*|case ?worker"
            r"|(?:collateral|school counsell?or|probation|dcf|cps|home health|specialist|therapist)"
            r"\b|prior auth\w*|community|linkage|warm hand-?off"
        ),
    ),
)
_MODES = (
    (
        Activity.TELEHEALTH,
        r"tele-?health|video\w*|zoom|virtual\w*|doxy\S*|face ?time|webex|telepsych\w*|teams (?:call|visit)",
    ),
    (
        Activity.IN_PERSON,
        (
            r"in[ -]person|face[ -]to[ -]face|f2f|(?:office|clinic|home) visit|in (?:the )?(?:clinic|office)|on-?site"
            r"|walk-?in"
            r"|met with|met (?:pt|patient)|bedside"
        ),
    ),
    (
        Activity.OUTREACH,
        (
            r"out-?reach\w*|reach(?:ed)?[ -]out|attempt\w*|unable to reach|no[ -]?show|letters?|text(?:ed|s"
            r"| message)?"
            r"|portal|voice ?-?mail|vm\b|my-?chart|secure message|e-?mail\w*"
        ),
    ),
    (Activity.PHONE, r"(?:tele)?phone\w*|call\w*|t/?c\b|spoke|talked|rang"),
    (
        Activity.CHART_REVIEW,
        (
            r"charts?\b|record\w* review|review\w* (?:of )?(?:the )?(?:chart|record|lab|note|result|history|hx)\w*"
            r"|pre-?visit"
            r"|lab review|labs reviewed"
        ),
    ),
    (
        Activity.ASSESSMENT,
        (
            r"assess\w*|intake|screen\w*|phq\S*|gad-?\d\S*|c-?ssrs|columbia|pcl\S*|mdq|moca|epds|audit-?c|dast\S*"
            r"|(?:initial|diagnostic) (?:eval\w*|interview)|eval(?:uation)?\b"
        ),
    ),
    (
        Activity.MEDICATION,
        (
            r"med(?:s|ication\w*)?\b|refill\w*|titrat\w*|side[ -]effects?|adherence|dos(?:e|es|age|ing)\b|rx\b"
            r"|prescription\w*"
            r"|ssri\w*|snri\w*|sertraline|fluoxetine|escitalopram|citalopram|bupropion|venlafaxine|duloxetine"
            r"|trazodone"
            r"|mirtazapine|lithium|lamotrigine|quetiapine|aripiprazole|buspirone|lexapro|zoloft|prozac|wellbutrin"
        ),
    ),
    (
        Activity.COUNSELING,
        (
            r"counsel(?:l?ing|l?ed)?\b|behaviou?ral activation|activation|motivational|problem[ -]solving"
            r"|pst\b|coping"
            r"|psycho-?ed\w*|educat\w*|support\w*|brief intervention|relaxation|mindful\w*|breathing"
            r"|sleep hygiene|cbt\b"
            r"|skills?\b|encourag\w*|grounding|exposure"
        ),
    ),
)


def _compiled(rows: tuple[tuple[Activity, str], ...]) -> re.Pattern[str]:
    return re.compile(
        r"(?<![\w-])(?:" + "|".join(f"(?P<{kind.value}>{words})" for kind, words in rows) + r")(?!\w)"
    )


_KINDS = {kind.value: kind for kind in Activity}
_WHOLE_NOTES = _compiled(_WHOLE_NOTE)
_WITHIN_WORDS = _compiled(_WITHIN)
#: Without any of these a note names no such work.
_MAY_NOT_COUNT = re.compile(
    r"therap|crisis|\b(?:emdr|dbt|ipt)\b|\b90[78]|admin|clerical|entry|paper|copy|copied|schedul|fax|fil[ei]"
    r"|scan|print|mailing|upload|typ"
    r"|form|verif|billing|travel|drive"
)
#: What may follow: a mark, a person, a length, a number, a code.
_ON_HOW_IT_WENT = re.compile(
    r"\s*[,;:.(/–—-]|\s+(?:w/|#?\d|(?:with|for|re|on|at|by|via|in|today|about|around|and)\b)"
)
_ABOUT_WORDS = _compiled(_ABOUT)
_MODE_WORDS = _compiled(_MODES)
_OUTCOMES = (
    (
        "left voicemail",
        re.compile(
            r"\bleft (?:a |detailed |brief |hipaa[ -]compliant )*(?:voice ?-?mail|vm|v/m|vmail)\b"
            r"|\b(?:lvm|lvmm|lmovm)\b"
        ),
    ),
    (
        "left message",
        re.compile(r"\bleft (?:a |detailed |brief )*(?:message|msg|mess)\b|\blm\b|\blmtcb\b|\blmom\b"),
    ),
    (
        "no answer",
        re.compile(
            r"\b(?:no|didn't|did not|doesn't) (?:answer|pick ?up)(?! (?:to|for|on|about|from|yet)\b)|\bno response\b"
        ),
    ),
    (
        "unable to reach",
        re.compile(
            r"\b(?:unable|couldn't|could not|not able) to (?:reach|contact)\b|\butr\b|\bnot reached\b"
        ),
    ),
    ("no show", re.compile(r"\bno[ -]?show(?:ed)?\b|\bdna\b|\bdid not attend\b")),
)
_SPEAKS_OF_OUTCOME = re.compile(r"\b(?:left|l[vm]|no|not|did|didn't|doesn't|could|couldn't|unable|utr|dna)")
_EDGES = " .,;:!?-"


@dataclass(frozen=True, slots=True, kw_only=True)
class KindOfWork:
    """What an entry is taken for, and how that came about."""

    activity: Activity
    source: ActivitySource


def kind_of_work(note: str, *, stated: Activity | None = None) -> KindOfWork:
    """What an entry with that note is taken for.

    A stated kind stands, but for one that counts beside a code of a service billed separately (R-214): what the code
    names is then asked about, and held until somebody answers.

    Args:
        note: The note in plain form.
        stated: The kind that the person, or the file, named.
    """
    if stated is None:
        return KindOfWork(activity=inferred_activity(note), source=ActivitySource.INFERRED)
    coded = coded_service(note) if stated.billable else None
    if coded is not None:
        return KindOfWork(activity=coded.activity, source=ActivitySource.INFERRED)
    return KindOfWork(activity=stated, source=ActivitySource.STATED)


def inferred_activity(note: str) -> Activity:
    """The kind of work a note speaks of; `other` when it does not say.

    Args:
        note: The note in plain form.
    """
    separate = _separate_service(note)
    if separate is not None:
        return separate.activity
    uncounted = _MAY_NOT_COUNT.search(note) is not None
    whole = _named_first(note.strip(_EDGES)) if uncounted else None
    if whole is None and (clerical := clerical_work(note)) is not None:
        return clerical.activity
    about = whole or _ABOUT_WORDS.search(note)
    within = _WITHIN_WORDS.search(note) if uncounted and about is None else None
    match = about or within or _MODE_WORDS.search(note)
    if match is None and uncounted:
        begun = _WHOLE_NOTES.match(note.strip(_EDGES))
        match = begun if begun is not None and begun.lastgroup == Activity.ADMIN else None
    return _kind(match) if match is not None else _by_outcome(note)


def care_management_kind(note: str) -> Activity:
    """The kind of care management that a note speaks of, once somebody has said that it was care management.

    Args:
        note: The note in plain form.
    """
    match = _ABOUT_WORDS.search(note) or _MODE_WORDS.search(note)
    if match is not None:
        return _kind(match)
    return Activity.CARE_COORDINATION if clerical_work(note) is not None else _by_outcome(note)


def why_held(note: str, activity: Activity) -> str:
    """Why an entry held for that kind of work waits: `90837 is psychotherapy, which is billed separately`.

    Args:
        note: The note as written.
        activity: The kind of work that its words were taken for.
    """
    words = plain_form(note)
    found = _separate_service(words)
    if found is None and activity is Activity.ADMIN:
        found = clerical_work(words)
    if found is None or found.activity is not activity:
        return _WHY[activity]
    typed = re.search(re.escape(found.said), note, re.IGNORECASE)
    said = typed[0] if typed else found.said
    if activity is Activity.ADMIN:
        return f"“{said}” is {found.service}, which does not count"
    if found.said.islower() and not found.said[0].isdigit():
        return f"“{said}” reads like {_billed_separately(found.service)}"
    return f"{found.said} is {_billed_separately(found.service)}"


def _billed_separately(service: str) -> str:
    return service if service == SEPARATE_SERVICE else f"{service}, which is billed separately"


def plain_form(note: str) -> str:
    """A note as the words of this file are looked for in it: small letters, one kind of blank, dash and quote."""
    return " ".join(note.casefold().translate(_ALIKE).split())


_ALIKE = str.maketrans(
    {**dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"), **dict.fromkeys("\u2018\u2019\u02bc", "'")}
)
_WHY = {
    Activity.PSYCHOTHERAPY: "this reads like psychotherapy, which is billed separately",
    Activity.CRISIS: "this reads like crisis care, which is billed separately",
    Activity.BILLED_SEPARATELY: f"this reads like {SEPARATE_SERVICE}",
    Activity.ADMIN: "this reads like clerical work, which does not count",
}


def _separate_service(note: str) -> Uncounted | None:
    return coded_service(note) or named_service(note)


def _kind(match: re.Match[str]) -> Activity:
    assert match.lastgroup is not None, "every kind of work is a named group"
    return _KINDS[match.lastgroup]


def _by_outcome(note: str) -> Activity:
    return Activity.OUTREACH if outcome_of(note) else Activity.OTHER


def _named_first(note: str) -> re.Match[str] | None:
    """The kind of work that a note names before anything else; clerical work only where it names nothing else."""
    match = _WHOLE_NOTES.match(note)
    if match is None or match.end() == len(note):
        return match
    if match.lastgroup == Activity.ADMIN or not _ON_HOW_IT_WENT.match(note, match.end()):
        return None
    # `crisis call, safety plan made`: what else it was may well count.
    return None if match.lastgroup == Activity.CRISIS and _ABOUT_WORDS.search(note, match.end()) else match


def outcome_of(note: str) -> str | None:
    """How an attempt went, when the note says so: `no answer`, `left voicemail` ...

    Args:
        note: The note in plain form.
    """
    if not _SPEAKS_OF_OUTCOME.search(note):
        return None
    for outcome, pattern in _OUTCOMES:
        if pattern.search(note):
            return outcome
    return None
