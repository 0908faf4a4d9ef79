"""Refusals: what a person asked cannot be done as asked, and how to fix it.

A refusal's text is the sentence that the person reads. It may name the patient in the person's own
words, so it goes to their screen only and never to a log; `code` is what logs and metrics see.
"""

from storage import EntryChanges
from storage.errors import StorageError

__all__ = ["Refusal", "StorageError"]


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not a fault of the program
    """Not done. Nothing was changed."""

    #: Stable word for logs, metrics and tests.
    code = "refused"

    def __init__(self, sentence: str | None = None) -> None:
        super().__init__(sentence or " ".join((type(self).__doc__ or "").split()))

    @property
    def sentence(self) -> str:
        """What to show the person."""
        return str(self)


class UnknownMember(Refusal):
    """You are not on this practice's list of members yet. Ask an administrator to add you."""

    code = "unknown_member"


class AwaitingApproval(UnknownMember):
    """I have asked your administrators to approve you, and they have not decided yet. Nothing was stored."""

    code = "awaiting_approval"


class AccountNotKnown(UnknownMember):
    """Slack does not say just now whose account yours is, so nothing was stored. Send it again in a minute."""

    code = "account_not_known"


class NotApproved(UnknownMember):
    """An administrator decided that you do not take part here. Ask them if that is a mistake. Nothing was stored."""

    code = "not_approved"


class NoAdministrator(UnknownMember):
    """You are not a member of this practice, and no administrator is named who could approve you."""

    code = "no_administrator"


class UnfitAccount(Refusal):
    """Your Slack account cannot take part here. Nothing was stored."""

    code = "unfit_account"


class GuestAccount(UnfitAccount):
    """Your Slack account is a guest's, and guests take no part here. Nothing was stored. Ask for a full account."""

    code = "guest_account"


class BotAccount(UnfitAccount):
    """This is the account of an app or a bot, and only people take part here. Nothing was stored."""

    code = "bot_account"


class OutsideAccount(UnfitAccount):
    """Your Slack account belongs to another workspace, and only people of this one take part. Nothing was stored."""

    code = "outside_account"


class ClosedAccount(UnfitAccount):
    """Your Slack account was deactivated, so it does not take part here. Nothing was stored."""

    code = "closed_account"


class InactiveMember(Refusal):
    """Your membership of this practice was ended. Ask an administrator if that is a mistake."""

    code = "inactive_member"


class DamagedMember(Refusal):
    """Your own record here is damaged and cannot be read. Nothing was stored. Administrators are told of it."""

    code = "damaged_member"


class WrongWorkspace(Refusal):
    """This bot belongs to another workspace. Nothing was stored."""

    code = "wrong_workspace"


class UnknownPatient(Refusal):
    """No patient is known by that name."""

    code = "unknown_patient"


class UnknownEntry(Refusal):
    """That entry was undone, or there is none by that reference. Look at `/cocm today`."""

    code = "unknown_entry"


class UnknownPerson(Refusal):
    """No member is known by that name."""

    code = "unknown_person"


class NotAllowed(Refusal):
    """Your role does not allow that. Ask a supervisor or an administrator."""

    code = "not_allowed"


class DayTooLong(Refusal):
    """That is more hours than a working day can hold."""

    code = "day_too_long"


class NothingToUndo(Refusal):
    """You have done nothing in the last 24 hours that could be undone. What is older: `/cocm void`, with a reason."""

    code = "nothing_to_undo"


class AlreadyUndone(Refusal):
    """Already undone. It counts nowhere, and its history is kept."""

    code = "already_undone"


class TooLateToUndo(Refusal):
    """What you did can be undone for 24 hours. This is older: `/cocm void` with its reference and a reason."""

    code = "too_late_to_undo"


class CannotTakeBack(Refusal):
    """That is on file and is not taken back by undo. Nothing was changed."""

    code = "cannot_take_back"


class NoSuchAnswer(Refusal):
    """That is none of the answers. Nothing was stored, and the question still waits for one of them."""

    code = "no_such_answer"


class QuestionExpired(Refusal):
    """That question has expired or was answered already. Nothing was stored by it; send the line again."""

    code = "question_expired"


class CannotChangeMonth(Refusal):
    """The month cannot be closed or opened again like this. Nothing was changed."""

    code = "cannot_change_month"


class CannotCorrect(Refusal):
    """The entry cannot be changed like that. Nothing was changed."""

    code = "cannot_correct"


class ReasonNeeded(CannotCorrect):
    """That needs a reason. Nothing was changed."""

    code = "reason_needed"

    def __init__(self, sentence: str, changes: EntryChanges) -> None:
        super().__init__(sentence)
        #: What would change.
        self.changes = changes
