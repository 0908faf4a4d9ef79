"""Asks what stands before a request about care: which patient a mistyped MRN is, how minutes are meant."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, get_args

from pydantic import TypeAdapter

from billing.people import Member
from services.care.receipts import CareQuestion
from services.care.requests import CareRequest, Enroll, Review, Reviews
from services.context import Context
from services.entries.pending import QUESTION_LIFE, one_of
from services.errors import QuestionExpired
from services.people import patients
from services.people.lookalikes import Lookalike
from services.people.patient_ref import PatientRef

#: How each kind of request is kept while its question waits, by the kind's name.
_FORMS: Mapping[str, TypeAdapter[Any]] = {kind.__name__: TypeAdapter(kind) for kind in get_args(CareRequest)}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Doubt:
    """A patient named by an MRN that is much like others."""

    ref: PatientRef
    near: tuple[Lookalike, ...]


def ask_first(
    context: Context, actor: Member, asked: CareRequest, request_key: str | None
) -> CareQuestion | None:
    """The question that stands before a request, kept until it is answered; None when there is none."""
    if isinstance(asked, Reviews) and asked.asks:
        return _ask_how_long(context, actor, asked, request_key)
    doubt = next(_doubts(context, asked), None)
    if doubt is None:
        return None
    answers = [(label, _for_patient(asked, doubt.ref, label, identity)) for label, identity in _named(doubt)]
    choices: list[tuple[str, CareRequest | None]] = [*answers]
    if isinstance(asked, Enroll) and context.settings.unknown_patient == "accept":
        choices.append((f"{asked.patient.text} is new", replace(asked, sure_of_mrn=True)))
    choices.append(("Enroll nobody" if isinstance(asked, Enroll) else "Record nothing", None))
    return _kept(context, actor, choices, patients.which_is_meant(doubt.ref.text, doubt.near), request_key)


def _ask_how_long(context: Context, actor: Member, asked: Reviews, request_key: str | None) -> CareQuestion:
    """Whether the minutes over several reviews are one meeting's, or each one's."""
    choices: list[tuple[str, CareRequest | None]] = [
        (label, replace(asked, lines=lines, asks="", answers=())) for label, lines in asked.answers
    ]
    choices.append(("Record nothing", None))
    return _kept(context, actor, choices, asked.asks, request_key)


def _kept(
    context: Context,
    actor: Member,
    choices: list[tuple[str, CareRequest | None]],
    message: str,
    request_key: str | None,
) -> CareQuestion:
    """Keep what each answer stands for until one is given."""
    kinds = {type(one) for _, one in choices if one is not None}
    (kind,) = kinds
    form = _FORMS[kind.__name__]
    pending_id = context.uow.pending.ask(
        kind="care",
        payload={
            "request": kind.__name__,
            "answers": [None if one is None else form.dump_python(one, mode="json") for _, one in choices],
            "request_key": request_key,
            "message": message,
            "labels": [label for label, _ in choices],
        },
        member_id=actor.member_id,
        at=context.now,
        expires_at=context.now + QUESTION_LIFE,
    )
    return CareQuestion(
        pending_id=pending_id,
        message=message,
        choices=tuple(label for label, _ in choices),
    )


def take(
    context: Context, actor: Member, pending_id: str, choice: int
) -> tuple[CareRequest | None, str | None]:
    """The request that an answer stands for, and the key of the delivery that brought it.

    Raises:
        QuestionExpired: when it was answered before, has expired, or is another member's.
        NoSuchAnswer: when there are fewer answers; the question waits on.
    """
    waiting = context.uow.pending.take(pending_id, member_id=actor.member_id, at=context.now)
    if waiting is None:
        raise QuestionExpired
    kept = one_of(waiting["answers"], choice)
    asked: CareRequest | None = None if kept is None else _FORMS[waiting["request"]].validate_python(kept)
    return asked, waiting["request_key"]


def _doubts(context: Context, asked: CareRequest) -> Iterator[_Doubt]:
    if isinstance(asked, Enroll) and asked.sure_of_mrn:
        return
    for ref in asked.patients if isinstance(asked, Review | Reviews) else (asked.patient,):
        if near := patients.lookalikes(context, ref):
            yield _Doubt(ref=ref, near=near)


def _named(doubt: _Doubt) -> Iterator[tuple[str, str]]:
    for one in doubt.near:
        yield patients.shown_mrn(one.patient.mrn), one.patient.identity


def _for_patient(asked: CareRequest, ref: PatientRef, label: str, identity: str) -> CareRequest:
    """The same request about the patient who was meant."""
    meant = replace(ref, text=label, identity=identity)
    if isinstance(asked, Reviews):
        return replace(asked, lines=tuple(_of_patient(line, ref, meant) for line in asked.lines))
    if not isinstance(asked, Review):
        return replace(asked, patient=meant)
    return _of_patient(asked, ref, meant)


def _of_patient(asked: Review, ref: PatientRef, meant: PatientRef) -> Review:
    """A review with another patient in the place of one, if it is about that one."""
    everyone = dict.fromkeys(meant if one == ref else one for one in asked.patients)
    entries = tuple(replace(one, patient=meant) if one.patient == ref else one for one in asked.entries)
    return replace(asked, patients=tuple(everyone), entries=entries)
