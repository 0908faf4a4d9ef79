"""Infers the kind of work from the note; the receipt shows it, and one tap changes it."""

import re

from billing.activities import Activity

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
    r"(?:(?:fmla|disability|intake|consent|insurance|sent|did|some|office|misc|appointment|appt|pt|patient|school)"
    r" ){0,3}"
    r"(?:(?:admin|administrative|clerical)(?: (?:work|time|tasks?|duties|stuff))?|data entry|paper ?work|photocopying"
    r"|(?:re-?)?schedul(?:ing|ed|e)|fax(?:ing|ed|es)?|filing|filed|copying|copied|scann(?:ing|ed)|print(?:ing|ed)"
    r"|mailing|upload(?:ing|ed)|typing|form completion|(?:completed|filled out|filling out|completing) (?:the )?forms?"
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
            rf"{_MANNER}(?:mobile )?crisis(?: (?:intervention|call|response|session|visit|psychotherapy|services?|care"
            r"|support|management|stabili[sz]ation|de-?escalation|work|counseling|contact|evaluation|eval|assessment))?"
            r"(?: (?:by phone|session|visit|call))?"
        ),
    ),
    (Activity.ADMIN, rf"{_CLERICAL}(?:(?:,? and|,? then| ?[,;/&+])+ ?{_CLERICAL}){{0,5}}"),
)
#: Such work named within a note that otherwise says only how it was done: `video visit, therapy session`.
_WITHIN = (
    (
        Activity.PSYCHOTHERAPY,
        (
            r"(?<!for )(?<!to )(?<!from )(?<!re )(?<!about )(?<!next )(?<!missed )(?<!her )(?<!his )(?<!their )"
            r"(?:individual|group|family|couples|psycho)?(?:psycho)?therapy session|90(?:83[2-8]|84[5-79]|853)"
        ),
    ),
    (
        Activity.CRISIS,
        (
            r"90(?:839|840)|(?<!not )(?<!call )(?<!do )(?<!if )(?<!when )(?<!use )in (?:acute |a )?crisis"
            r"|crisis (?:intervention|response|de-?escalation|call)"
            r"|(?<!text )(?<!after )(?<!post )(?<!past )(?<!prior )(?<!last )(?<!recent )(?<!no )"
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
            r"|psych(?:iatr\w*)? (?:consult\w*|review)|(?:reviewed|discussed|staffed|consult\w*|review) (?:case )?with"
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
            r"coordinat\w*|pcp\b|primary care|pharmac\w*|referr\w*|resource\w*|housing|transport\w*|insurance|medicaid"
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
            r"out-?reach\w*|reach(?:ed)?[ -]out|attempt\w*|unable to reach|no[ -]?show|letters?|text(?:ed|s| message)?"
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
            r"|ssri\w*|snri\w*|sertraline|fluoxetine|escitalopram|citalopram|bupropion|venlafaxine|duloxetine|trazodone"
            r"|mirtazapine|lithium|lamotrigine|quetiapine|aripiprazole|buspirone|lexapro|zoloft|prozac|wellbutrin"
        ),
    ),
    (
        Activity.COUNSELING,
        (
            r"counsel(?:l?ing|l?ed)?\b|behaviou?ral activation|activation|motivational|problem[ -]solving|pst\b|coping"
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
    r"therap|crisis|\b(?:emdr|dbt|ipt)\b|\b90[78]|admin|clerical|entry|paper|copy|copied|schedul|fax|fil[ei]|scan|print|mailing|upload|typ"
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


def inferred_activity(note: str, outcome: str | None) -> Activity:
    """The kind of work a note speaks of; `other` when it does not say.

    Args:
        note: The note in plain form.
        outcome: What `outcome_of` found in it.
    """
    uncounted = _MAY_NOT_COUNT.search(note) is not None
    whole = _named_first(note.strip(_EDGES)) if uncounted else None
    about = whole or _ABOUT_WORDS.search(note)
    within = _WITHIN_WORDS.search(note) if uncounted and about is None else None
    match = about or within or _MODE_WORDS.search(note)
    if match is None:
        begun = _WHOLE_NOTES.match(note.strip(_EDGES)) if uncounted else None
        if begun is None or begun.lastgroup != Activity.ADMIN:
            return Activity.OUTREACH if outcome else Activity.OTHER
        match = begun
    assert match.lastgroup is not None, "every kind of work is a named group"
    return _KINDS[match.lastgroup]


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
