"""Records scores of validated scales, and which of them are the episode's initial assessment."""

from dataclasses import replace
from datetime import date

from billing.clinical import Assessment, Scale, Score, initial_assessment, trends
from billing.episodes import Episode
from billing.months import BillingMonth
from billing.people import Member, Patient
from services.care.episodes import on_day, open_episode
from services.care.receipts import Assessed, Done, Initial
from services.care.requests import Assess
from services.context import Context
from services.people import patients
from services.people.rights import Action, needs


@needs(Action.ASSESS)
def assess(context: Context, actor: Member, asked: Assess) -> Done:
    """Keep the scores; the earliest assessment of an episode is its initial one, and a later one never moves it.

    Raises:
        UnknownPatient: when nobody is known by that name; near ones are named.
    """
    patient = patients.need(context, asked.patient)
    known = context.uow.scores.of_patients((patient.patient_id,), date.min, date.max)
    earlier = known.get(patient.patient_id, ())
    corrected = tuple(score for score in earlier if _is_put_right(score, asked))
    for score in corrected:
        context.uow.scores.withdraw(score.score_id, by=actor.member_id, at=context.now)
    standing = [score for score in earlier if score not in corrected]
    scores = _scores(context, actor, patient, asked, standing, corrected)
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
        ),
        months=(BillingMonth.of(asked.on),),
    )


def _is_put_right(score: Score, asked: Assess) -> bool:
    """True for a score of the same scale and day with another value."""
    now = {one.scale: one.value for one in asked.scores}
    return score.measured_on == asked.on and now.get(score.scale, score.value) != score.value


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
            standing,
        )
        for one in asked.scores
    )


def _kept(context: Context, score: Score, standing: list[Score]) -> Score:
    """The score as stored; one that is there already is not doubled."""
    for one in standing:
        if (one.scale, one.value, one.measured_on) == (score.scale, score.value, score.measured_on):
            return one
    return context.uow.scores.add(score)


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
            "withdrawn": [score.score_id for score in corrected],
            "initial_assessment": initial.value,
        },
    )
