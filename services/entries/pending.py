"""Keeps questions that wait for a person's answer, with their draft."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, TypeVar

from pydantic import TypeAdapter

from billing.people import Member
from services.context import Context
from services.entries.performers import WRITES, check
from services.entries.requests import Choice, DraftLine, LogDraft, Question
from services.errors import NoSuchAnswer, QuestionExpired
from services.people.rights import needs

#: A question left unanswered for this long expires; nothing was stored.
QUESTION_LIFE = timedelta(minutes=15)
#: The answer that gives one of several lines back, to be corrected and sent by itself.
LEAVE_OUT = "Leave this line out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Nothing is stored yet: this must be answered first."""

    #: Opaque id that the answer carries.
    pending_id: str
    question: Question
    #: Every line of the message as it was read, the one that is asked about with its question.
    lines: tuple[DraftLine, ...]
    #: The person's local date, so that "today" can be said.
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """Nothing is stored yet: some lines of a message are clear, and the person says whether to log those."""

    #: Opaque id that the answer carries: 0 logs the clear lines, 1 nothing.
    pending_id: str
    #: The person's local date, so that "today" can be said.
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NotLogged:
    """Nothing was stored, and lines wait to be corrected and sent again."""

    #: As typed.
    left: tuple[str, ...] = field(repr=False)
    #: True when it was a timer's time, which runs on.
    timer_runs: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingLog:
    """A draft that waits, and the key of the request that brought it."""

    draft: LogDraft
    request_key: str | None = None
    #: Lines that are left out, as typed; the answer gives them back to be corrected.
    left: tuple[str, ...] = field(default=(), repr=False)
    #: Where only some lines are clear, all of them as typed; empty for a question.
    offered: tuple[str, ...] = field(default=(), repr=False)


_FORM = TypeAdapter(PendingLog)
_T = TypeVar("_T")


def one_of(choices: Sequence[_T], number: int) -> _T:
    """What an answer by its number stands for.

    Raises:
        NoSuchAnswer: when there are not so many; the question waits on, for what raises is rolled back.
    """
    if not 0 <= number < len(choices):
        raise NoSuchAnswer
    return choices[number]


def ask(context: Context, actor: Member, waiting: PendingLog) -> Asked:
    """Keep the draft until its first open question is answered; one of several lines may be left out instead."""
    lines = waiting.draft.lines
    number = next(n for n, line in enumerate(lines) if line.question is not None)
    question = lines[number].question
    assert question is not None, "only a draft with a question waits"
    if len(lines) > 1 and lines[number].text:
        choices = (*question.choices, Choice(label=LEAVE_OUT, requests=()))
        question = replace(question, choices=choices)
        lines = (*lines[:number], replace(lines[number], question=question), *lines[number + 1 :])
        waiting = replace(waiting, draft=replace(waiting.draft, lines=lines))
    return Asked(
        pending_id=_keep(context, actor, waiting),
        question=question,
        lines=lines,
        today=context.today_of(actor),
    )


def offer(context: Context, actor: Member, waiting: PendingLog) -> Offered:
    """Keep the lines that are clear until the person says whether to log them."""
    return Offered(pending_id=_keep(context, actor, waiting), today=context.today_of(actor))


def _keep(context: Context, actor: Member, waiting: PendingLog) -> str:
    return context.uow.pending.ask(
        kind="log",
        payload=_FORM.dump_python(waiting, mode="json"),
        member_id=actor.member_id,
        at=context.now,
        expires_at=context.now + QUESTION_LIFE,
    )


@needs(*WRITES)
def hold(context: Context, actor: Member, draft: LogDraft, *, request_key: str | None = None) -> Asked:
    """Keep a draft that nobody asked to log, in case the person wants it logged after all.

    Raises:
        UnknownPerson: when nobody goes by a name behind `for`.
        NotAllowed: when the person may not write those minutes down, so that there is nothing to offer.
    """
    check(context, actor, draft)
    asked = ask(context, actor, PendingLog(draft=draft, request_key=request_key))
    context.uow.commit()
    return asked


def said(payload: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    """The question of a draft that is kept, and its answers in words."""
    waiting = _FORM.validate_python(payload)
    question = waiting.draft.open_question
    if waiting.offered or question is None:
        return "Some lines of your message are clear, others are not.", ("Log the clear lines", "Log nothing")
    return question.message, tuple(choice.label for choice in question.choices)


def take(context: Context, actor: Member, pending_id: str) -> PendingLog:
    """The draft behind a question, which is thereby answered: it can be taken once.

    Raises:
        QuestionExpired: when it was answered before, has expired, or is another member's.
    """
    payload = context.uow.pending.take(pending_id, member_id=actor.member_id, at=context.now)
    if payload is None:
        raise QuestionExpired
    return _FORM.validate_python(payload)
