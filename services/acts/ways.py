"""The one table of what people can do, and of how each of it is taken back."""

from dataclasses import dataclass

from services.people.rights import Action
from storage import ActKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How people call an act, and the way back from it."""

    #: `the discharge`, as in `Undone: the discharge`.
    name: str
    #: Why it is not taken back by undo, and what does that instead; empty where undo takes it back.
    refusal: str = ""
    #: Of these one must be the person's still: whoever may do it no more, takes it back no more either.
    rights: tuple[Action, ...] = (Action.CORRECT_OWN,)


#: Every kind of act: what is not refused is taken back by putting back each fact that it changed.
WAYS = {
    ActKind.LOG: Way(name="the time logged"),
    ActKind.EDIT: Way(name="the correction"),
    ActKind.VOID: Way(name="the voiding"),
    ActKind.SPLIT: Way(name="the split"),
    ActKind.ENROLL: Way(name="the enrollment", rights=(Action.ENROLL,)),
    ActKind.CONSENT: Way(name="the consent", rights=(Action.CONSENT,)),
    ActKind.REVOKE: Way(name="the revoked consent", rights=(Action.CONSENT,)),
    ActKind.ASSESS: Way(name="the assessment", rights=(Action.ASSESS,)),
    ActKind.REVIEW: Way(name="the case review", rights=(Action.REVIEW_CASE,)),
    ActKind.REVIEW_SENT: Way(name="the word that the recommendation was sent", rights=(Action.REVIEW_CASE,)),
    ActKind.DISCHARGE: Way(name="the discharge", rights=(Action.DISCHARGE,)),
    ActKind.ASSIGN: Way(name="the assignment", rights=(Action.ASSIGN,)),
    ActKind.ADMIT: Way(name="the facility stay", rights=(Action.RECORD_STAY,)),
    ActKind.STATE: Way(name="the statement", rights=(Action.STATE,)),
    ActKind.ATTEST: Way(
        name="the attestation",
        rights=(Action.ATTEST_TIME, Action.ATTEST_CONSULTANT_TIME, Action.ATTEST_CLAIM),
    ),
    ActKind.REMIND: Way(name="the change of your reminders", rights=(Action.REMIND_SELF,)),
    ActKind.START: Way(name="the start of your timer", rights=(Action.RUN_TIMER,)),
    ActKind.CANCEL: Way(name="the canceling of your timer", rights=(Action.RUN_TIMER,)),
    ActKind.STOP: Way(name="the time logged by your timer"),
    ActKind.SWITCH: Way(name="the switch of your timer"),
    ActKind.SET_ASIDE: Way(name="the choice of whom the digest names", rights=(Action.SET_ASIDE,)),
    ActKind.SEEN: Way(name="the mark that somebody has seen it", rights=(Action.MARK_SEEN,)),
    ActKind.COVER: Way(name="the change of a cover", rights=(Action.COVER, Action.COVER_ANYONE)),
    ActKind.SETTING: Way(name="the setting", rights=(Action.SET_SETTINGS,)),
    ActKind.CLOSE: Way(
        name="the close",
        refusal=(
            "The last thing you did was to close a month, and undo does not take that back: a close is on file. "
            "Nothing was changed. To open the month again: `/cocm reopen` with the month and a reason."
        ),
    ),
    ActKind.REOPEN: Way(
        name="the reopening",
        refusal=(
            "The last thing you did was to reopen a month, and undo does not take that back. Nothing was changed. To "
            "close the month again: `/cocm close` with the month."
        ),
    ),
    ActKind.SUBMIT: Way(
        name="the word that claims were submitted",
        refusal=(
            "The last thing you did was to mark lines as submitted, and undo does not take that back. Nothing was "
            "changed. To take it back: `/cocm unsubmitted` with the month, and with the MRNs if it was some of them."
        ),
    ),
    ActKind.UNSUBMIT: Way(
        name="taking back that claims were submitted",
        refusal=(
            "The last thing you did was to take back that lines were submitted, and undo does not take that back. "
            "Nothing was changed. To mark them again: `/cocm submitted` with the month."
        ),
    ),
    ActKind.OVERPAID: Way(
        name="what was recorded of an overpayment",
        refusal=(
            "The last thing you did was to record something of an overpayment, and undo does not take that back. "
            "Nothing was changed. The right word takes the wrong one's place: `/cocm overpaid` with the patient, the "
            "month, and `identified`, `investigating`, `investigated`, `returned` or `none`."
        ),
    ),
    ActKind.MERGE: Way(
        name="the merge of two patients",
        refusal=(
            "The last thing you did was to merge two MRNs, and undo does not take that back. Nothing was changed. To "
            "take them apart: `/cocm unmerge` with the MRN that was merged."
        ),
    ),
    ActKind.UNMERGE: Way(
        name="taking two patients apart",
        refusal=(
            "The last thing you did was to take two merged MRNs apart, and undo does not take that back. Nothing was "
            "changed. To make them one again: `/cocm merge` with both MRNs."
        ),
    ),
    ActKind.MEMBERSHIP: Way(
        name="the change of a membership",
        refusal=(
            "The last thing you did was to say who takes part and in which roles, and undo does not take that back. "
            "Nothing was changed. To give other roles: `/cocm roles` with the person and the roles; to end or renew a "
            "membership: `/cocm members` with the person and `ends` or `returns`."
        ),
    ),
    ActKind.IMPORT: Way(
        name="the import of a file",
        refusal=(
            "The last thing you did was to import a file, and the word undo does not take back so much at once. "
            "Nothing was changed. To take it back: Undo the import, below its answer, or `/cocm imports`."
        ),
    ),
    ActKind.IMPORT_UNDO: Way(
        name="taking an import back",
        refusal=(
            "The last thing you did was to take an import back, and undo does not take that back. Nothing was changed. "
            "To have it on file again: send the file again, or import it on the server with `cocm import`."
        ),
    ),
    # Taking back itself is put back by its button; the word undo goes on to the act before.
    ActKind.UNDO: Way(name="the undo"),
    ActKind.PUT_BACK: Way(name="putting back"),
}
