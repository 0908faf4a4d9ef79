"""`consent MRN123 verbal on 11/3`, and `consent MRN123 revoked on 11/20`."""

import re
from enum import StrEnum

from billing.episodes import ConsentKind
from bot.grammar.call import sentences
from bot.grammar.call.command import Call, Command, Section
from bot.grammar.call.leftovers import refuse_leftovers, refuse_other_commands
from bot.grammar.call.line import CallLine
from bot.grammar.parsed import Parsed
from bot.grammar.problems import ProblemCode
from bot.grammar.text import blanks
from bot.grammar.text.phrases import all_quoted
from bot.grammar.text.wordlists import words
from services.care.requests import GiveConsent, RevokeConsent

_EXAMPLE = "consent MRN123 verbal on 11/3"
_REVOKED = re.compile(r"\b(?:revoked?|revokes|withdrawn|withdrew|withdraws?|taken back)\b")
_VERBAL = re.compile(r"\b(?:verbal|verbally|oral|orally)\b")
_WRITTEN = re.compile(r"\b(?:written|signed|in writing)\b")
_NO_COST_SHARING = re.compile(
    r"\b(?:no|without)\s+cost[ -]?sharing\b(?:\s+(?:disclosed|explained|discussed))?"
    r"|\bcost[ -]?sharing\s+(?:was\s+)?not\s+(?:disclosed|explained|discussed)\b"
)
_COST_SHARING = re.compile(
    r"\b(?:disclosed\s+|explained\s+|discussed\s+)?(?:the\s+)?cost[ -]?sharing\b"
    r"(?:\s+(?:was\s+|were\s+)?(?:disclosed|explained|discussed))?"
)
_REFUSED = re.compile(
    r"\b(?:refus\w+|declin\w+|den(?:ied|ies)|withheld|(?:not|never|n't|didn't|hasn't|has not|did not|won't"
    r"|will not)\b(?!\s+(?:disclosed|explained|discussed))(?:\s+\w+)?|no consent|pending|needed|unsure|undecided)\b"
)
_NOT_GIVEN = (
    "That says that consent was not given, so nothing was recorded. Record it once it is given; when a consent on "
    "file was taken back, write revoked."
)
_CORRECTS = re.compile(r"\b(?:corrected|correction|corrects)\b")
_NO_KIND = "How was consent given? Add verbal or written; or revoked, when it was taken back."


class ConsentProblem(StrEnum):
    """What can be wrong with a consent besides `ProblemCode`."""

    CONSENT_KIND = "consent_kind"
    NOT_GIVEN = "not_given"


def read(call: Call) -> Parsed:
    """How consent was given and when, or when it was taken back."""
    line = CallLine(call)
    if more := line.refuse_more_lines():
        return more
    refuse_other_commands(line)
    if line.take(_REFUSED):
        line.says_otherwise = True
        line.find(ConsentProblem.NOT_GIVEN, _NOT_GIVEN)
    revoked = line.take(_REVOKED) is not None
    verbal, written = line.take(_VERBAL) is not None, line.take(_WRITTEN) is not None
    cost_sharing = _cost_sharing(line)
    corrects = line.take(_CORRECTS) is not None
    on = line.day()
    patient = line.patient()
    if verbal and written and not revoked:
        message = sentences.TWO_KINDS.format(words=all_quoted(("verbal", "written")))
        line.find(ProblemCode.TWO_KINDS, message)
    if not (verbal or written or revoked):
        line.find(ConsentProblem.CONSENT_KIND, _NO_KIND)
    refuse_leftovers(line)
    kind = ConsentKind.WRITTEN if written else ConsentKind.VERBAL
    if line.problems or patient is None or on is None:
        how = kind.value if verbal != written else blanks.Blank("___", "verbal")
        when = f"on {on.month}/{on.day}/{on.year}" if on and on != line.today else ""
        return line.refused(
            (patient.text if patient else blanks.PATIENT, "revoked" if revoked else how, when)
        )
    said = tuple(line.remarks)
    if revoked:
        return line.understood(RevokeConsent(patient=patient, on=on, remarks=said))
    return line.understood(
        GiveConsent(
            patient=patient, on=on, kind=kind, cost_sharing=cost_sharing, corrects=corrects, remarks=said
        )
    )


def _cost_sharing(line: CallLine) -> bool | None:
    if line.take(_NO_COST_SHARING):
        return False
    return True if line.take(_COST_SHARING) else None


COMMAND = Command(
    name="consent",
    section=Section.CARE,
    place=20,
    usage="consent <patient> verbal|written|revoked [on <date>] [cost-sharing]",
    summary="Record a patient's consent, or that it was taken back",
    example=_EXAMPLE,
    keywords=words("verbal written revoked cost-sharing"),
    topic=(
        "Records how and when the patient agreed to Collaborative Care, and that you recorded it. "
        "cost-sharing says that cost-sharing was disclosed.\n"
        "Time before the first consent does not count, nor does time after consent MRN123 revoked on 11/20.\n"
        "A further consent is kept beside the first. To correct a typing error, send it again with corrected: "
        "consent MRN123 verbal on 11/13 corrected."
    ),
    read=read,
)
