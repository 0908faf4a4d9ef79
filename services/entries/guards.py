"""Finds what to ask before anything is stored: an MRN much like another's, the same entry twice."""

from dataclasses import replace
from datetime import timedelta

from billing.durations import spoken
from billing.people import Member
from services.context import Context
from services.entries import timer_stops
from services.entries.requests import Choice, DraftLine, LogDraft, LogRequest, Question
from services.people import patients
from storage import note_digest

#: The same entry again within this time is asked about before it is stored again.
IDENTICAL_WITHIN = timedelta(minutes=2)

DID_YOU_MEAN = "did_you_mean"
IDENTICAL = "identical"


def with_questions(context: Context, actor: Member, draft: LogDraft) -> LogDraft:
    """The draft, with the first question that what is already stored raises put at its line."""
    if draft.timer is not None and (timed := timer_stops.with_question(draft)).open_question:
        return timed
    seen: set[tuple[object, ...]] = set()
    for number, line in enumerate(draft.lines):
        for position, request in enumerate(line.requests):
            question = _did_you_mean(context, line, position) or _identical(
                context, actor, line, position, seen
            )
            if question is not None:
                asked = replace(line, question=question)
                return replace(draft, lines=(*draft.lines[:number], asked, *draft.lines[number + 1 :]))
            seen.add(_sameness(request))
    return draft


def _did_you_mean(context: Context, line: DraftLine, position: int) -> Question | None:
    request = line.requests[position]
    near = () if DID_YOU_MEAN in request.settled else patients.lookalikes(context, request.patient)
    if not near:
        return None
    choices = [
        Choice(
            label=patients.shown_mrn(other.mrn),
            requests=_swap(
                line,
                position,
                replace(
                    request,
                    patient=replace(
                        request.patient, text=patients.shown_mrn(other.mrn), identity=other.identity
                    ),
                    settled=(*request.settled, DID_YOU_MEAN),
                ),
            ),
        )
        for other in (one.patient for one in near)
    ]
    if context.settings.unknown_patient == "accept":
        kept = replace(request, settled=(*request.settled, DID_YOU_MEAN))
        choices.append(Choice(label=f"Keep {request.patient.text}", requests=_swap(line, position, kept)))
    choices.append(Choice(label="Log nothing", requests=()))
    return Question(
        code=DID_YOU_MEAN,
        message=patients.which_is_meant(request.patient.text, near),
        choices=tuple(choices),
    )


def _identical(
    context: Context, actor: Member, line: DraftLine, position: int, seen: set[tuple[object, ...]]
) -> Question | None:
    request = line.requests[position]
    if IDENTICAL in request.settled:
        return None
    patient = patients.find(context, request.patient)
    twin = patient and context.uow.ledger.identical_since(
        actor.member_id,
        patient.patient_id,
        request.seconds,
        note_digest(request.note),
        context.now - IDENTICAL_WITHIN,
    )
    if twin and (twin.service_date, twin.started_at) == (request.service_date, request.started_at):
        ago = max(1, round((context.now - twin.recorded_at).total_seconds()))
        when = f"{ago} seconds ago" if ago > 1 else "a second ago"
    elif _sameness(request) in seen:
        when = "in a line above"
    else:
        return None
    again = replace(request, settled=(*request.settled, IDENTICAL))
    return Question(
        code=IDENTICAL,
        message=f"The same {spoken(request.seconds)} for {request.patient.text} was logged {when}. Log it again?",
        choices=(
            Choice(label="Log it again", requests=_swap(line, position, again)),
            Choice(label="Don't log it", requests=_swap(line, position, None)),
        ),
    )


def _swap(line: DraftLine, position: int, request: LogRequest | None) -> tuple[LogRequest, ...]:
    middle = () if request is None else (request,)
    return (*line.requests[:position], *middle, *line.requests[position + 1 :])


def _sameness(request: LogRequest) -> tuple[object, ...]:
    patient = request.patient.identity or request.patient.handle
    return (patient, request.seconds, request.service_date, request.started_at, note_digest(request.note))
