"""Infers the kind of work from the note; the receipt shows it, and one tap changes it."""

import re

from billing.activities import Activity

#: Work that does not count is inferred only from a note that begins by naming it, and then says only how it went:
#: `psychotherapy session, week one`. `crisis plan reviewed` and `referred to psychotherapy` are care management.
#: Words alone never take minutes away: what is inferred here is asked about, and held until it is answered.
_WHOLE_NOTE = (
    (
        Activity.PSYCHOTHERAPY,
        r"(?:individual |group |family |ind )?psychotherapy(?: (?:session|visit|appointment|appt|hour))?",
    ),
    (
        Activity.CRISIS,
        (
            r"(?:mobile )?crisis (?:intervention|call|response|session|visit|psychotherapy|services?|care)"
            r"(?: (?:by phone|session|visit|call))?"
        ),
    ),
    (
        Activity.ADMIN,
        (
            r"(?:admin|administrative|clerical)(?: (?:work|time|tasks?|duties|stuff))?"
            r"|(?:scheduling|filing|faxing|copying|data entry|paperwork)(?: (?:only|work|time))?"
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


_WHOLE_NOTES = _compiled(_WHOLE_NOTE)
#: What may follow: a mark, a person, a length, a number, a code.
_ON_HOW_IT_WENT = re.compile(r"\s*[,;:.(/–—-]|\s+(?:w/|#?\d|(?:with|for|re|on|at|by|via|in|today)\b)")
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
    whole = _named_first(note.strip(_EDGES))
    if whole is not None:
        assert whole.lastgroup is not None, "every kind of work is a named group"
        return Activity(whole.lastgroup)
    for pattern in (_ABOUT_WORDS, _MODE_WORDS):
        match = pattern.search(note)
        if match is not None:
            assert match.lastgroup is not None, "every kind of work is a named group"
            return Activity(match.lastgroup)
    return Activity.OUTREACH if outcome else Activity.OTHER


def _named_first(note: str) -> re.Match[str] | None:
    """The kind of work that a note names before anything else; clerical work only where it names nothing else."""
    match = _WHOLE_NOTES.match(note)
    if match is None or match.end() == len(note):
        return match
    if match.lastgroup == Activity.ADMIN or not _ON_HOW_IT_WENT.match(note, match.end()):
        return None
    # `crisis call, safety plan made`: what else it was may well count.
    return None if _ABOUT_WORDS.search(note, match.end()) else match


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
