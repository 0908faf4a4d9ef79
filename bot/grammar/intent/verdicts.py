"""Looks at the grammar of a line: does it say that work was done, or does it ask, correct, deny or plan?

Every pattern is over the form that `skeleton` writes, where capitals are slots: `T` the time spent, `U` another length
of time, `P` a patient, `D` a day, `W` a weekday by itself, `F` a day ahead, `N` a number, `M` a person, `Q` what was
quoted. The evidence is where a word stands: at the head of the line, or behind nothing but slots. The same word inside
a note says nothing: `15m MRN123 phone, pt needs refill` is work done.
"""

from enum import StrEnum

from billing.kinds_of_work import outcome_of
from bot.grammar.intent.skeleton import skeleton
from bot.grammar.intent.triggers import may_be_none
from bot.grammar.log.line import LogLine
from bot.grammar.parsed import Intent
from bot.grammar.text.later import later


class Verdict(StrEnum):
    """Why a line is no log."""

    QUESTION = "question"
    #: Where a patient stands: `MRN123 needs 8 min`.
    STANDING = "standing"
    CORRECTION = "correction"
    NEGATION = "negation"
    PLAN = "plan"
    TEST = "test"
    #: A length of time that is told and not spent: `phone, 6h sleep`.
    REMARK = "remark"

    @property
    def intent(self) -> Intent:
        """The word for it that `cocm parse --json` promises."""
        return _INTENTS.get(self, Intent.OTHER)


_INTENTS = {
    Verdict.QUESTION: Intent.QUESTION,
    Verdict.STANDING: Intent.QUESTION,
    Verdict.CORRECTION: Intent.CORRECTION,
    Verdict.PLAN: Intent.PLAN,
}

_POLITE = (
    r"(?:(?:please|pls|plz|hey|hi|hello|ok|okay|so|and|also|just|kindly|um|well|quick question|question|good "
    r"morning|good afternoon|thanks|thank you|bot|team|all)(?: [,!.:;-])* ){0,6}"
)
_ASKED = (
    r"(?:(?:can|could|would|will) (?:you|u|we|i|someone|somebody) (?:please |pls |kindly |just |help me )*"
    r"|(?:i|we) (?:really |just |also )?(?:need|want|have|had|would like|wanted|meant|forgot) (?:you )?to "
    r"(?:please )?"
    r"|(?:i'd|we'd|id) like (?:you )?to |(?:let's|lets|let me|help me|need to|have to|want to|wanted to|trying to"
    r"|try to) |how (?:do|can|would|should) (?:i|we|you) )?"
)
_SLOT = r"[TUPDWFN]"
#: Nothing but slots and what joins them.
_ONLY_SLOTS = (
    rf"^(?:(?:{_SLOT}|the|my|that|this|a|an|for|with|on|to|of|at|from|in|patient|pt|entry|entries|log|note|time"
    rf"|total"
    r"|minutes|mins|today's|yesterday's|last|first|second|latest|other|one|[-,:;/|()\"=>])(?: |$)){0,14}"
)
_WORKED = (
    r"(?:phone|call|session|visit|chart|review|voicemail|vm|video|telehealth|zoom|check-in|outreach|intake)"
)
#: Slots, and a kind of contact beside them.
_SLOTS_AND_KIND = _ONLY_SLOTS + rf"(?:{_WORKED} ){{0,2}}(?:(?:{_SLOT}|for|with|on|from|of|[-,:;]) ){{0,6}}"
_SUBJECT = (
    r"(?:i|we|you|u|he|she|they|it|this|that|these|those|there|my|our|your|his|their|the|any\w*|some(?:one|body)"
    r"|every\w*|all|ana|pt|patient|patients|mom|dad|[TUPNM])"
)
_ENDS = r"(?: [.!?)]| ?$)"
_CLAUSE = r"(?:^|(?:[-,;:.(!|]) )"

_LOG_VERBS = r"(?:log|add|record|put|enter|track|note(?! to self)|document|save|write|jot|chart|post)"
_REQUEST = later(rf"^{_POLITE}{_ASKED}{_LOG_VERBS} (?!.*\b(?:instead of|rather than)\b)")
#: `can you log 15m?` is a request, its question mark politeness.
_ASKED_OF_YOU = later(rf"^{_POLITE}(?:can|could|would|will) (?:you|u) ")
#: `how do I log 15m?`, `can I log 15m`: whoever asks that wants an answer first.
_ASKS_FIRST = later(rf"^{_POLITE}(?:how|(?:can|could|would|will|should|do|did) (?:i|we) )")

_QUESTION_HEAD = later(
    rf"^{_POLITE}(?:(?:who|whom|whose|who's|whos|what|what's|whats|when|when's|where|where's|which|why|why's|how"
    rf"|how's|hows"
    r"|is|isn't|isnt|are|aren't|am|does|doesn't|doesnt|should|shouldn't)(?! be (?:T|N|D|P)\b)(?: |$)"
    rf"|(?:did|didn't|didnt|do|don't|was|wasn't|were|can|could|couldn't|has|hasn't|have|haven't|will|would|may"
    rf"|might|shall|had) {_SUBJECT}(?: |$)"
    r"|(?:please )?(?:(?:can|could|would|will) (?:you|u) (?:please )?)?(?:tell|show|give|let) (?:me|us)(?: |$)"
    r"|(?:i|we) (?:wonder|need to know|want to know|don't know|dont know|can't find|cannot find|can't see|was "
    r"wondering"
    r"|am wondering|thought i)|i'm (?:wondering|not sure|unsure)|any idea|not sure (?:if|whether|how)|wondering"
    r"|(?:please )?(?:check|see|confirm|verify) (?:if|whether|that P|how many)|curious|need to know|want to know"
    r"|(?:status|total|minutes|time|balance|standing)(?: so far)?(?: (?:for|of|on))? P$|P (?:status|total|balance"
    r"|standing)$)"
)
#: Whoever begins like that asks, even of a mistake.
_ASKS_PLAINLY = later(
    rf"^{_POLITE}(?:who|what|when|where|why|which|did|does|do|is|are|was|were|has|have)(?:'s|n't)? "
)
_QUESTION_MARK = later(r"(?<=\S) \?")
#: A question that somebody asked: `pt asked is it ok to stop zoloft?`.
_REPORTED = later(
    r"\b(?:asked|asks|asking|wonders|wondered|wondering|wants? to know|wanted to know|inquired|inquiring|questioned"
    r"|questioning)\b[^.;?]*\?"
)

_STANDING = later(
    rf"^{_POLITE}(?:(?:{_SLOT}|for|patient|pt|my patient|the patient|i|we|,|:) ){{0,4}}(?:still |only |just |also |now "
    rf"|already )*"
    r"(?:needs?|needing|requires?|lacks?|owes?|owed|short|missing|lacking|needed) (?:(?:for )?P )?"
    r"(?:another |only |just |about |at least |some |exactly |around |still |more )*(?:T|U|N)(?: |$)"
    r"|^(?:patient |pt )?P (?:(?:only|already|now|currently|still|just|probably) )*(?:has|have|is at|is|at|hit"
    r"|hits|reached|got to"
    r"|stands at|sits at|totals|passed|crossed|exceeded|over|under|near|close to) (?:(?:only|already|now|about"
    r"|almost|reached|hit|over|under|total|a total of|at|used|logged) )*[TU](?: |$)"
    rf"|\b[TU] (?:left|remaining|remain|to go|short|so far|left to go|still needed|more needed|needed|needed for P"
    rf"|already|logged already|logged so far|done so far|away|this month|mtd)(?: (?:(?:for|with|of) )?P{_ENDS}| "
    rf"(?:to|until|till|before|this|in|from)\b.*|{_ENDS}| ,)"
    r"|\bN (?:more |additional )?(?:minutes|mins|min) (?:left|needed|to go|short|remaining|away|so far)(?: |$)"
    r"|^(?:(?:my|our|the|monthly|daily) )*(?:goal|target|quota|threshold|minimum|maximum|limit|average|avg)"
    r"(?: (?:for|of|is|at|:|=|per|this|the|month|with|on|P|D))* T(?: |$)"
    r"|^(?:so far|currently|month to date|mtd|running total)(?: (?:is|for|of|:))* (?:P|T) "
)
#: `MRN123 needs a call`: nothing but a need.
_NEED_OF = later(
    rf"^{_POLITE}(?:(?:P|D|,|:|for) ){{0,3}}(?:pt |patient )?(?:still |also |really )?(?:needs?|needing|requires?)"
    r" (?!assess\w*\b|met\b|identified|addressed|eval\w*\b|screen\w*\b|list\b|based\b)"
)

_VERBS = r"(?:delete|remove|erase|fix|correct|change|move|cancel)"
_SOFT_VERBS = (
    r"(?:deleting|removing|fixing|correcting|changing|moving|cancell?ing|drop|edit|amend|adjust|update|modify"
    r"|transfer|switch|shift|reassign|void|undo|revert|reverse|retract|scratch|strike"
    r"|discard|scrap|trash|nix|unlog|replace|swap|redo|reduce|increase|lower|raise|subtract|deduct|confirm|make|set|clear|wipe"
    r"|backdate|split|get rid of|take (?:back|out|off|away))"
)
_THING = (
    r"(?:(?:the|my|that|this|those|these|both|all|all of|last|latest|previous|extra|wrong|duplicate|first|second"
    r"|other|of) )*"
    r"(?:T|U|P|D|W|N|it|entry|entries|log|logs|time|minutes|mins|duration|date|one|ones|duplicate|mistake|it's"
    r"|today's|yesterday's|e-?\s?[0-9a-z]{1,5}|that|this)(?: |$)"
)
#: `change in meds`, `move to a new home`, `correct dose given`: no order to the bot.
_NOUN_AFTER = (
    r"(?! (?:in|of|over|management|mgmt|plan|talk|goals?|dose|dosage|meds?|techniques?"
    r"|address|process|agents?)(?: |$))"
)
_CORRECTION = (
    later(
        rf"^{_POLITE}{_ASKED}(?:{_VERBS}{_NOUN_AFTER}(?: |$)|{_SOFT_VERBS} {_THING}|take (?:T|the T|N|that|it|P) "
        rf"(?:off|back|out|away)\b)"
    ),
    later(
        rf"{_SLOTS_AND_KIND}(?:and )?(?:was|were|is|are|wasn't|isn't|got|has been|had been) (?:all |just |really "
        rf"|actually |probably )?"
        r"(?:a |an |my |the )?(?:mistake|mistaken\w*|error|wrong\w*|incorrect\w*|duplicate\w*|dupe|typo"
        r"|accident\w*|not right|not mine"
        r"|not me|not correct|not for P|for P|meant|supposed|entered|double|twice|logged|in error|by mistake|too "
        r"(?:long|much|short|many)"
        r"|invalid|bogus|canceled|cancelled|actually|really|only T|T|not T|for someone else|somebody else\w*)(?: "
        r"|$)"
    ),
    later(
        rf"{_SLOTS_AND_KIND}(?:it )?(?:should|shouldn't|ought to|supposed to|meant to|needs to|has to|must) (?:not "
        rf")?"
        r"(?:be|have been|read|say|have said|show|go)(?: (?:for|on|about|only|to|logged|at|under|the|a))* (?:T|U|N"
        r"|P|D|W|M|voided|deleted|removed"
        rf"|corrected|changed|fixed|split|{_WORKED})(?: |$)"
    ),
    later(
        rf"(?:{_CLAUSE}|^(?:(?:{_SLOT}|{_WORKED}|[-,:;]) ){{1,5}})(?:(?:fix|correct|i|we|no|and|but|oops|sorry"
        rf"|actually) (?:, )?){{0,3}}"
        r"(?:it|that) (?:was|is|'s|were|should)(?: (?:actually|really|only|for|on|just|closer to|more like|be|not"
        r"|have been))* (?:T|P|D)(?: |$)"
    ),
    later(
        r"(?:^|[-,;:.(] |[TPD] )(?:i |we )?(?:meant|mean|intended)(?: to (?:say|log|put|write|type|enter|add|be))?"
        r"(?: (?:for|on|it|that|the))* (?:T|P|D|N)(?: |$)"
    ),
    later(
        r"(?:T|U|N|P|D|W) (?:(?:for|with|on) )*(?:instead of|rather than|in place of|, not|not|vs what i)(?: "
        r"(?:the|for|with|on))* (?:T|U|P|D|W)(?: |$)|(?:change|changed) from T to [TU]|from [TU] to [TU]"
    ),
    later(
        rf"^{_POLITE}(?:oops|whoops|oh no|my bad|my mistake|correction|typo|mistake|error|ignore|disregard|scratch "
        rf"that|never ?mind|nvm"
        r"|no wait|duplicate|double entry|wrong (?:time|patient|mrn|pt|date|day|entry|minutes|month|one|[TPDUW])"
        r"|incorrect|accidentally|accidental|by mistake|(?:should|would|could|might) have been"
        r"|should be|should've been|forget(?= (?:the|that|about|it|[TPU]) )|less T(?= P| for P| $|$)|make it|make "
        r"that|i (?:entered|put|typed|logged"
        r"|said|wrote|accidentally|mistakenly|forgot to change) (?:.* )?(?:wrong|twice|by mistake|accident\w*"
        r"|instead)|logged (?:twice|wrong)"
        r"|(?:wait|actually|sorry|apologies)(?: [,.-])? (?:[TPDUNW]|it|that|the|i|this|my|make|should|was|wrong|no)"
        r"|(?:you|it|bot|cocm) (?:logged|added|stored|saved|counted|recorded|put) .*\b(?:twice|wrong|double"
        r"|instead|mistake))(?: |$)"
    ),
    later(
        r"(?:[-,;.:(] |[TPD] )(?:(?:that(?:'s| is| was)|it(?:'s| is| was)|this is|is|was|the|a|entered|my) )?"
        r"(?:wrong (?:patient|pt|time|date|mrn|day|minutes|entry|one)|my mistake|by mistake|in error|entered in "
        r"error|a duplicate|duplicate(?: entry)?"
        r"|duplicated|typo|(?:please )?ignore(?: this| that| it)?|dupe?"
        r"|disregard(?: this| that)?|(?:please )?(?:delete|remove"
        r"|cancel|void|undo|fix|correct)"
        r"(?: this| that| it)?(?: please)?|scratch that|never ?mind|nvm|mistake|cancel(?:l)?ed)"
        rf"{_ENDS}"
    ),
    later(r"(?:^|P )(?:T|N) (?:too (?:much|many|long)|extra by mistake|over ?stated|too few)(?: |$)"),
)

_OUTCOME_NEGATION = (
    r"(?:no (?:answer|ans\b|show|shows|showed|response|reply|contact|voicemail|vm|pick ?up|call ?back|return call"
    r"|luck|one (?:home|answered|there)"
    r"|(?:further |new |acute |safety |active |current |other |medication |med |side |major |immediate |s?i\b|hi\b"
    r"|avh|si/hi))"
    r"|not (?:home|available|avail|reached|reachable|in\b|there|able|answering|picking|at home|feeling|sleeping"
    r"|taking|able)|unable|non[- ])"
)
_NOT_DO = (
    r"(?:do not|don't|dont|did not|didn't|didnt|does not|doesn't|doesnt|never|shouldn't|should not|won't|will not"
    r"|wouldn't|haven't|have not|hasn't|has not|not)"
)
_KEEP_VERBS = (
    r"(?:billable|log|logged|logging|count|counted|bill|billed|billing|record|recorded|store|stored|save|saved|enter"
    r"|entered|include"
    r"|charge|charged|submit|add|added|track|tracked|yet|to be (?:logged|billed|counted)|be (?:logged|billed"
    r"|counted))"
)
_HAPPEN_VERBS = (
    r"(?:happen|happened|occur|occurred|take place|took place|done|complete|completed|meet|met|do|work|worked"
    r"|spend|spent|exist|did"
    r"|need|needed|have time|have a|get to|started|start|see|seen|have|call|called|speak|spoken|spoke|talk|talked"
    r"|connect)"
)
_NEGATION_KEPT = later(
    rf"(?:{_CLAUSE}|{_SLOTS_AND_KIND}){_POLITE}(?:(?:i|we|please|pls|but|so|you) )*(?<!pt )(?<!patient ){_NOT_DO} "
    rf"(?:(?:please|yet|ever|actually|been|want to|need to|to) )*{_KEEP_VERBS}(?: |$)"
    rf"|^{_POLITE}(?:i |we |it |bot )?(?:cannot|can't|cant|couldn't|could not|unable to|wouldn't let me|won't let me)"
    rf" (?:{_KEEP_VERBS}|do(?= [TPU]))(?: |$)"
)
_NEGATION_HEAD = later(
    rf"^{_POLITE}(?!{_OUTCOME_NEGATION})(?:no|not|never|none|nothing|no longer|without|zero)(?: (?:for|with|a|an"
    rf"|the|my|today|this|that|more|any|enough|"
    r"real|need to|need for))* (?:[TUPDWFN]|time|minutes|mins|log|logs|logging|entry|entries|contact made|work"
    r"|work done|longer)(?: |$)"
    rf"|^{_POLITE}(?:stop|avoid|quit) (?:logging|counting|billing|recording)\b|^no , "
)
_NEGATION_HAPPENED = later(
    rf"(?:^{_POLITE}|{_SLOTS_AND_KIND})(?:(?:i|we|but|it|that|this|patient|pt|P) )*{_NOT_DO} (?:(?:been|yet|even"
    rf"|actually|get to|have to|able to) )*{_HAPPEN_VERBS}(?: |$)"
)
#: `pt did not complete homework` tells of the patient, and of work that was done.
_PATIENTS_OWN = later(
    rf"\b(?:pt|patient|he|she|they) {_NOT_DO} (?:(?:yet|even|have to|able to) )*(?:complete|completed|do|start|started"
    r"|need|have|finish|work) (?!(?:it|the|a|an|any)? ?(?:call|visit|session|intake|assessment|screen\w*|phq\S*"
    r"|gad\S*)\b)"
    r"[a-z]"
)
_WORK_DONE = later(
    r"\b(?:lvm|lm|vm|voicemail|left (?:a )?(?:message|msg|vm|voicemail)|texted|called|spoke|talked|reviewed"
    r"|discussed|attempted|attempts?|messaged"
    r"|emailed|sent|updated|completed|met with|coordinated|reached out|outreach|phone|chart|no answer|no show)\b"
)

_PLAN_VERBS = (
    r"(?:call|meet|see|visit|review|contact|reach|do|schedule|talk|speak|check|follow|f/u|discuss|complete|finish"
    r"|have|send|set|work|start|try|need|text|get|go|come|be|assess|screen|coordinate|outreach|book|return|log)"
)
_PLAN_HEAD = later(
    rf"^{_POLITE}(?:(?:i|we|i'll|we'll|i'm|im|i am|we're|we are|you) )?(?:"
    rf"plan(?:s|ned)? (?:to|on|for (?:T|P|D|W|F)|T|P|a|an|another|D|W|F|N|with|call|next)(?: |$)|planning (?:to|on"
    rf"|T|P|a|for (?:T|D|W|F))(?: |$)"
    r"|schedule(?:s)? |will |won't |going to |gonna |intend(?:s|ing)? to |hop(?:e|ing) to |want to |need to |needs "
    r"to |have to |must "
    rf"|let's |lets |(?:don't|do not) (?:let me )?forget |about to "
    rf"|supposed to |note to self |reschedule (?:(?:for|on|to|with) )*[TPDWFN] "
    r"|waiting to |P (?:wants?|wanted|requests?|requested|asked for|prefers) (?:an? )?T "
    r"|(?:i |we )(?:might|may) |(?:if|once|whenever|as soon as) (?:P|pt|patient|he|she|they|mom|i|we) |remind "
    r"|reminder (?:to|:|-|[TPDWF]) |remember (?:to |[TPDWF] )|todo |to do |to-do "
    rf"|book (?:[TP]|a|an|the|for)"
    r"|arrange (?:[TP]|a|for) |upcoming |tentative|F (?!.*\b(?:appt|reminder) (?:confirmed|reminder))|later "
    r"(?:today )?|next (?:T|P|W) )|(?:i'll|we'll|ill call|i will|we will|i'm going|we're going) "
)
_PLAN_BEHIND = (
    later(
        # `pt will start lexapro` tells what the patient does.
        rf"{_ONLY_SLOTS}(?:(?:i|we|and) )?(?<!pt )(?<!patient )(?:will|won't|going to|gonna|plans? to|planning to|"
        rf"needs? to|have to|has to|must|i'll|hope to|want to) "
        rf"(?:(?:also|then|just|need to) )?{_PLAN_VERBS}(?: |$)"
    ),
    later(
        rf"{_ONLY_SLOTS}(?:{_WORKED} |appt |appointment |meeting )?(?:is |was )?(?:planned|scheduled|booked|set"
        rf"|set up|due)(?: (?:for|on|at|in|to|next|this))* (?:[DWFTN]|next|later)(?: |$)"
    ),
    later(
        rf"{_ONLY_SLOTS}(?:(?:don't|do not) forget|upcoming|tomorrow|later today|"
        rf"tbd|todo|to do|pending|planned|scheduled|tentative|to be "
        rf"(?:done|scheduled|completed|logged))(?:{_ENDS}| [-,;])"
    ),
    later(
        rf"{_ONLY_SLOTS}(?:appt|appts|appointment|appointments)(?: (?:is|on|at|for|this|coming|set|scheduled|next"
        rf"|,))* [WF]{_ENDS}"
    ),
    later(rf"{_ONLY_SLOTS}(?:{_WORKED}|appt|appointment|meeting)(?: (?:is|on|at|for))* F{_ENDS}"),
)

_TEST = later(
    rf"^{_POLITE}(?:(?:this is|just|only|it's|its) )*(?:a |an )?(?:test|tests|testing|tester|example|sample|demo"
    rf"|dummy|asdf)(?: N| entry| log| message| only"
    r"| run| please| this| ignore| line| [-,:.!;]| (?:1 2 3|N N N))* (?:[TUPDWFN]|of (?:the|this)|$)"
    rf"|(?:^|[-,;:.(] |[TPD] )(?:(?:this is|just|only|it's) )?(?:a )?(?:test|testing|test entry|dummy entry"
    rf"|example)(?: only| entry| please ignore)?{_ENDS}"
)

_HABIT = (
    r"(?:sleep|slept|asleep|naps?|walks?|walking|runs?|running|jog|jogging|exercise|exercising|workouts?|gym|yoga"
    r"|swim|swimming|bike|biking"
    r"|screen time|tv|gaming|commute|drive|driving|fast|fasting|shift|shifts|in bed|of rest|rest|outside|of sun)"
)
_REMARK = (
    later(
        rf"(?:[a-z\"] |[a-z\"] [-,;:(] )T (?:of |hrs? of )?(?:good |poor |broken |total |daily |more )?{_HABIT}"
        rf"(?: (?:last|per|a|each|every|at|in|nightly|daily|night|this|x|on avg|average|D|W)\b[^,;.]*)?(?:{_ENDS}| "
        rf"[,;.])"
    ),
    later(
        r"(?:assign|assigned|prescribed|recommended|encouraged|advised|suggested|instructed|homework(?: of| :)"
        r"|goal(?: of| is| :)?|practiced|practices|practicing"
        r"|sleeps|sleeping|slept|averages|averaging|averaged|gets|getting|exercises|exercised|walks|walked|works"
        r"|meditates|meditated|journals|usually takes?|typically takes?|normally takes?|always takes?)"
        r"(?: (?:pt|patient|to|of|about|only|a|do|daily|for|her|him|them))* T(?: |$)"
    ),
    later(rf"^(?:pt |patient )?P (?:pt |patient )?(?:has |had )?(?:waited|cried|waits)(?: for)? T{_ENDS}"),
)


_QUOTE = later(r"\bQ\b")


def verdict(reading: LogLine) -> Verdict | None:
    """Why a line is no log; None when it says that work was done.

    Args:
        reading: The line as it would be logged.
    """
    if reading.plain or not may_be_none(reading.sheet.line.plain):
        return None
    return weighed(reading)


def weighed(reading: LogLine) -> Verdict | None:
    """As `verdict`, of a line that holds a word which may make it none."""
    return verdict_of(skeleton(reading))


def verdict_of(text: str) -> Verdict | None:
    """The same of a line's skeleton."""
    asked = bool(_QUESTION_MARK.search(_REPORTED.sub("", text)))
    if _REQUEST.match(text) and not _ASKS_FIRST.match(text) and (not asked or _ASKED_OF_YOU.match(text)):
        return None
    if _ASKS_PLAINLY.match(text) and _QUESTION_HEAD.match(text):
        return Verdict.QUESTION
    if any(pattern.search(text) for pattern in _CORRECTION):
        return Verdict.CORRECTION
    return _otherwise(text, asked=asked)


def _otherwise(text: str, *, asked: bool) -> Verdict | None:
    if asked or _QUESTION_HEAD.match(text):
        return Verdict.QUESTION
    if _is_denied(text):
        return Verdict.NEGATION
    return Verdict.STANDING if _STANDING.search(text) else _told_ahead(text)


def _is_denied(text: str) -> bool:
    if _NEGATION_KEPT.search(text) or _NEGATION_HEAD.match(text):
        return True
    told = _WORK_DONE.search(text) or _PATIENTS_OWN.search(text)
    return bool(_NEGATION_HAPPENED.match(text)) and not told and outcome_of(text) is None


def _told_ahead(text: str) -> Verdict | None:
    if _TEST.search(text):
        return Verdict.TEST
    if _PLAN_HEAD.match(text) or (
        any(one.match(text) for one in _PLAN_BEHIND) and not _WORK_DONE.search(text)
    ):
        return Verdict.PLAN
    if _NEED_OF.match(text) and not _WORK_DONE.search(text):
        return Verdict.PLAN
    if text.count("T") == 1 and any(pattern.search(text) for pattern in _REMARK):
        return Verdict.REMARK
    return None
