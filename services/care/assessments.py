"""Records scores of validated scales, and which of them are the episode's initial assessment."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from billing.clinical import Assessment, Scale, Score, initial_assessment, trends
from billing.episodes import Episode
from billing.months import BillingMonth
from billing.people import Member, Patient
from billing.safety import ITEMS, POSITIVE, is_positive, range_of_total
from services.care.episodes import on_day, open_episode
from services.care.receipts import Assessed, Done, Initial
from services.care.requests import Assess, Measured
from services.care.safety import circle
from services.context import Context
from services.errors import Refusal
from services.people import patients
from services.people.rights import Action, needs
from storage import StoredAnswer


class AnswerBeyondTotal(Refusal):
    """That answer does not go with the total. Nothing was changed."""

    code = "answer_beyond_total"


@needs(Action.ASSESS)
def assess(context: Context, actor: Member, asked: Assess) -> Done:
    """Keep the scores; the earliest assessment of an episode is its initial one, and a later one never moves it.

    Raises:
        UnknownPatient: when nobody is known by that name; near ones are named.
    """
    patient = patients.need(context, asked.patient)
    on_file = context.uow.scores.of_patients((patient.patient_id,), date.min, date.max)
    earlier = on_file.get(patient.patient_id, ())
    answers = context.uow.signals.answers([score.score_id for score in earlier])
    asked = _with_answers_on_file(asked, earlier, answers)
    corrected = tuple(score for score in earlier if _is_put_right(score, asked, answers))
    for score in corrected:
        context.uow.scores.withdraw(score.score_id, by=actor.member_id, at=context.now)
    standing = [score for score in earlier if score not in corrected]
    scores = _scores(context, actor, patient, asked, standing, corrected)
    said = {
        score.score_id: one.answer
        for score, one in zip(scores, asked.scores, strict=True)
        if one.answer is not None
    }
    known = {(score.scale, _answer_of(score, answers)) for score in corrected}
    news = any(
        is_positive(said.get(score.score_id))
        and score not in standing
        and (score.scale, said[score.score_id]) not in known
        for score in scores
    )
    episodes = context.uow.episodes.of_patient(patient.patient_id)
    episode = on_day(episodes, asked.on)
    initial, initial_on = _initial(context, actor, episode, asked.on)
    if episode is None and open_episode(context, patient) is not None:
        initial = Initial.BEFORE_CARE
    _audit(context, actor, patient, asked, corrected, initial)
    measured = {one.scale for one in asked.scores}
    series = [score for score in (*standing, *scores) if score.scale in measured]
    return Done(
        patients=(patient,),
        outcome=Assessed(
            on=asked.on,
            scores=scores,
            trends=tuple(trends({score.score_id: score for score in series}.values())),
            corrected=corrected,
            initial=initial,
            initial_on=initial_on,
            answers=said
            | {one.score_id: answers[one.score_id].answer for one in corrected if one.score_id in answers},
            takes_back=any(
                is_positive(_answer_of(score, answers)) and not _is_positive_now(score, scores, said)
                for score in corrected
            ),
            circle=circle(context, patient.patient_id) if news else None,
            explains=any(_wants_explaining(one, earlier, answers) for one in asked.scores),
        ),
        months=(BillingMonth.of(asked.on),),
    )


def _with_answers_on_file(
    asked: Assess, earlier: Sequence[Score], answers: Mapping[int, StoredAnswer]
) -> Assess:
    """What was asked; a total that is put right keeps the answer to its item, where none was said with it.

    Raises:
        AnswerBeyondTotal: when the answer on file does not go with the total.
    """
    on_file = {
        score.scale: answers[score.score_id].answer
        for score in earlier
        if score.measured_on == asked.on and score.score_id in answers
    }
    scores = tuple(
        replace(one, answer=on_file[one.scale]) if one.answer is None and one.scale in on_file else one
        for one in asked.scores
    )
    for one in scores:
        if one.scale in ITEMS and one.answer is not None and one.answer != POSITIVE:
            least, most = range_of_total(one.scale, one.answer)
            if not least <= one.value <= most:
                raise AnswerBeyondTotal(
                    f"{one.scale.value} {one.value} does not go with item {ITEMS[one.scale]}: {one.answer}, which is "
                    f"on file for that day. Nothing was changed. Write both: `{one.scale.value} {one.value} "
                    f"item{ITEMS[one.scale]} ___`."
                )
    return replace(asked, scores=scores)


def _is_put_right(score: Score, asked: Assess, answers: Mapping[int, StoredAnswer]) -> bool:
    """True for a score of the same scale and day with another value, or another answer about suicide."""
    if score.measured_on != asked.on:
        return False
    known = _answer_of(score, answers)
    return any(
        one.scale == score.scale and (one.value != score.value or one.answer not in {None, known})
        for one in asked.scores
    )


def _answer_of(score: Score, answers: Mapping[int, StoredAnswer]) -> int | None:
    return answers[score.score_id].answer if score.score_id in answers else None


def _is_positive_now(gone: Score, scores: Sequence[Score], said: Mapping[int, int]) -> bool:
    return any(score.scale == gone.scale and is_positive(said.get(score.score_id)) for score in scores)


def _wants_explaining(asked: Measured, earlier: Sequence[Score], answers: Mapping[int, StoredAnswer]) -> bool:
    """Whether it is worth saying how an item is answered: with a patient's first score, or after one that said it."""
    if asked.scale not in ITEMS or asked.answer is not None:
        return False
    own = [score for score in earlier if score.scale == asked.scale]
    return not own or own[-1].score_id in answers


def _scores(
    context: Context,
    actor: Member,
    patient: Patient,
    asked: Assess,
    standing: list[Score],
    corrected: tuple[Score, ...],
) -> tuple[Score, ...]:
    """The scores as stored. What puts an earlier one right was on file since that was written down."""
    today = context.today_of(actor)
    written = {score.scale: score.recorded_on for score in corrected}
    seen = _seen_of(context, corrected)
    return tuple(
        _kept(
            context,
            Score(
                score_id=0,
                patient_id=patient.patient_id,
                scale=Scale(one.scale),
                value=one.value,
                measured_on=asked.on,
                recorded_by=actor.member_id,
                recorded_on=written.get(one.scale, today),
            ),
            one.answer,
            standing,
            seen.get((one.scale, one.answer)),
        )
        for one in asked.scores
    )


def _seen_of(context: Context, corrected: tuple[Score, ...]) -> dict[tuple[Scale, int | None], StoredAnswer]:
    """Of scores that are put right, the answers that somebody has seen: the same answer need not be seen again."""
    answers = context.uow.signals.answers([score.score_id for score in corrected])
    return {
        (score.scale, one.answer): one
        for score in corrected
        if (one := answers.get(score.score_id)) is not None and one.seen_by is not None
    }


def _kept(
    context: Context, score: Score, answer: int | None, standing: list[Score], seen: StoredAnswer | None
) -> Score:
    """The score as stored; one that is there already is not doubled."""
    for one in standing:
        if (one.scale, one.value, one.measured_on) == (score.scale, score.value, score.measured_on):
            return one
    if seen is None:
        return context.uow.scores.add(score, answer)
    return context.uow.scores.add(score, answer, seen_by=seen.seen_by, seen_at=seen.seen_at)


def _initial(
    context: Context, actor: Member, episode: Episode | None, on: date
) -> tuple[Initial, date | None]:
    if episode is None:
        return Initial.NOT_ENROLLED, None
    known = episode.initial_assessment_on
    days = [day for day in (known, on) if day is not None]
    first = initial_assessment(Assessment(assessed_on=day, assessed_by=actor.member_id) for day in days)
    if first == known:
        return Initial.STANDS, known
    written: date | None = context.today_of(actor)
    if known is not None and BillingMonth.of(known) == BillingMonth.of(on):
        # Another day of the same month decides nothing that was not on file.
        written = episode.assessment_recorded_on
    context.uow.episodes.update(replace(episode, initial_assessment_on=first, assessment_recorded_on=written))
    return (Initial.SET if known is None else Initial.MOVED_BACK), first


def _audit(
    context: Context,
    actor: Member,
    patient: Patient,
    asked: Assess,
    corrected: tuple[Score, ...],
    initial: Initial,
) -> None:
    context.uow.audit.record(
        at=context.now,
        actor=actor.member_id,
        action="assessment.recorded",
        subject=f"patient:{patient.patient_id}",
        details={
            "on": asked.on.isoformat(),
            "scores": {one.scale.value: one.value for one in asked.scores},
            "answers": {one.scale.value: one.answer for one in asked.scores if one.answer is not None},
            "withdrawn": [score.score_id for score in corrected],
            "initial_assessment": initial.value,
        },
    )
