"""The answer to a command about care: what was recorded, what follows from it, and where each patient stands."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import assert_never

from billing.claim_facts import ClaimFactKind
from billing.clinical import AttestationKind, Direction, Score, StatementKind, Trend
from billing.episodes import Consent
from billing.people import Patient
from bot import kit
from bot.ids import ActionId
from bot.replies import Block, Reply
from bot.screens.acts import undo_button
from bot.screens.case_reviews import review_words, reviewed, several_reviewed
from bot.screens.phrases import QUESTION_EXPIRES, count, day_name, full_day, month_name
from bot.screens.safety import corrected_lines, receipt_blocks, score_words
from bot.screens.standings import all_to_dos, missing, standing_lines
from services.care.claims import ClaimChange
from services.care.receipts import (
    AdviceSent,
    Assessed,
    Assigned,
    Attested,
    CareQuestion,
    CareReceipt,
    Consented,
    Detail,
    Discharged,
    Enrolled,
    Initial,
    Outcome,
    Reviewed,
    ReviewedLines,
    ReviewsSettled,
    Revoked,
    Stated,
    Stayed,
)
from services.months.standing import Standing
from services.people.patients import shown_mrn

PUSH = "Recorded."
QUESTION_PUSH = "One question before this is recorded."
NOTHING_PUSH = "Nothing was recorded."
NOTHING = "Nothing was recorded."
REPEATED = "*Recorded.* Slack delivered this twice; it was done once."
_STATEMENTS = {
    StatementKind.NECESSITY: "continued care is medically necessary",
    StatementKind.NON_DUPLICATION: "care management does not duplicate an outside therapist's work",
    StatementKind.PRIOR_AUTHORIZATION: "the payer authorized further months",
}
_ATTESTED = {
    AttestationKind.CONSULTANT_TIME: "the consultant's time",
    AttestationKind.LATE_TIME: "late time",
    AttestationKind.CORRECTED_TIME: "corrected time",
    AttestationKind.LAST_DAY_TIME: "time of the last day",
    AttestationKind.COVERAGE: "the payer",
    AttestationKind.LATE_RECORD: "what was recorded late",
}
#: What is attested of no time, whole.
_ATTESTED_OF = {
    AttestationKind.OTHER_CLAIM: "you attest that the other claim of {month} is this line's own or was withdrawn",
    AttestationKind.APCM: "you chose this line's codes for {month}, and no APCM add-on beside them",
}
_DIRECTIONS = {Direction.BETTER: "better", Direction.WORSE: "worse", Direction.SAME: "no change"}
#: Scores of a scale that are shown, the latest ones.
_SCORES_SHOWN = 6
#: Patients whose standing is shown; a consultant reviews a whole caseload at once.
SHOWN = 10


def care_answer(outcome: CareReceipt | CareQuestion | None) -> Reply:
    """A receipt, the question that stands before it, or word that nothing was recorded."""
    if outcome is None:
        return Reply(text=NOTHING_PUSH, blocks=(kit.section(NOTHING),))
    return _question(outcome) if isinstance(outcome, CareQuestion) else _receipt(outcome)


def _question(asked: CareQuestion) -> Reply:
    buttons = [
        kit.button(label, f"{ActionId.ANSWER_CARE}_{number}", f"{asked.pending_id}:{number}")
        for number, label in enumerate(asked.choices)
    ]
    return Reply(
        text=QUESTION_PUSH,
        blocks=(
            kit.section(kit.escape(asked.message)),
            kit.actions(buttons),
            kit.context(QUESTION_EXPIRES),
        ),
    )


def _receipt(made: CareReceipt) -> Reply:
    return Reply(text=PUSH, blocks=tuple(_blocks(made)))


def _blocks(made: CareReceipt) -> Iterator[Block]:
    review = made.outcome if isinstance(made.outcome, Reviewed | ReviewedLines) else None
    entries = review.time.entries if review and review.time else ()
    yield kit.section(_headline(made))
    if isinstance(made.outcome, Assessed):
        yield from receipt_blocks(made.outcome)
    if review is not None:
        yield from review_words(review, made.today, SHOWN)
    remarks = dict.fromkeys((*made.remarks, *(remark for view in entries for remark in view.remarks)))
    if remarks:
        yield kit.context(*(kit.escape(remark) for remark in remarks))
    if made.standings:
        yield kit.section(standing_lines(made.standings[:SHOWN], made.today))
    missing = _missing_lines(made.standings[:SHOWN], made.today)
    if missing:
        yield kit.context(*missing)
    to_dos = all_to_dos(made.standings[:SHOWN])
    if to_dos:
        yield kit.context(*to_dos)
    if isinstance(review, Reviewed) and review.time is not None:
        undo = kit.button("Undo", ActionId.UNDO, str(review.time.receipt_id), about=_whose(made.patients))
        yield kit.actions([undo])
    elif made.act_id is not None:
        yield kit.actions([undo_button(made.act_id, _whose(made.patients))])


def _whose(patients: Sequence[Patient]) -> str:
    """Whose facts an undo takes back: `MRN123`, `12 patients`."""
    if len(patients) == 1:
        return shown_mrn(patients[0].mrn)
    return count(len(patients), "patient") if patients else ""


def _headline(receipt: CareReceipt) -> str:
    """What is now true, in bold, and what belongs to it."""
    if receipt.outcome is None:
        return REPEATED
    return _said(receipt.outcome, _names(receipt.patients), receipt.today)


def _names(patients: Sequence[Patient]) -> str:
    """`MRN123, MRN124 and MRN125`."""
    shown = [kit.escape(shown_mrn(patient.mrn)) for patient in patients]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def _missing_lines(standings: Sequence[Standing], today: date) -> tuple[str, ...]:
    """What stands between each month and a bill; patient and month are named where there is more than one."""
    patients = len({one.patient.patient_id for one in standings})
    months = len({one.month for one in standings})
    lines = []
    for one in standings:
        about = [kit.escape(shown_mrn(one.patient.mrn))] if patients > 1 else []
        about += [month_name(one.month, today)] if months > 1 else []
        lines += [" · ".join((*about, line)) for line in missing(one)]
    return tuple(lines)


def _said(outcome: Outcome, who: str, today: date) -> str:  # noqa: C901, PLR0911, PLR0912 - a table: mypy sees one left out
    match outcome:
        case Enrolled():
            return _enrolled(outcome, who, today)
        case Consented():
            return _consented(outcome, who, today)
        case Revoked(on=on, already=already):
            since = "was revoked already" if already else "revoked"
            return f"*{who}: consent {since}, {day_name(on, today)}.* Time after that day does not count."
        case Assessed():
            return _assessed(outcome, who, today)
        case Reviewed():
            return reviewed(outcome, who, today)
        case ReviewedLines():
            return several_reviewed(outcome)
        case AdviceSent(reviewed_on=reviewed_on, sent_on=sent_on):
            return (
                f"*{who}: recommendation sent to the treating provider, {day_name(sent_on, today)}.* "
                f"Reviewed {day_name(reviewed_on, today)}."
            )
        case Discharged():
            return _discharged(outcome, who, today)
        case Assigned():
            return _assigned(outcome, who, today)
        case Stayed():
            return _stayed(outcome, who, today)
        case Stated(statement=statement):
            until = f", until {full_day(statement.valid_until)}" if statement.valid_until else ""
            return (
                f"*{who}: stated that {_STATEMENTS[statement.kind]}{until}.* "
                f"Recorded under your name, {day_name(statement.made_on, today)}."
            )
        case ReviewsSettled(on=on, is_one=True):
            return f"*{who}: the case reviews of {day_name(on, today)} are the same review.* Its time counts once."
        case ReviewsSettled(on=on):
            return f"*{who}: the case reviews of {day_name(on, today)} are two reviews.* Both count."
        case Attested(month=month, kind=kind):
            return f"*{who}: {_attested(kind, month_name(month, today))}.*"
        case _:
            assert_never(outcome)


def _attested(kind: AttestationKind, month: str) -> str:
    """What somebody vouches for, and of which month."""
    if kind in _ATTESTED_OF:
        return _ATTESTED_OF[kind].format(month=month)
    return f"you attest {_ATTESTED[kind]} of {month}"


def _enrolled(done: Enrolled, who: str, today: date) -> str:
    episode, begun = done.episode, done.episode.enrolled_on
    since = f" {_since(begun, today)}" if begun else ""
    if done.before is None:
        head = f"*{who} enrolled{' again' if done.again else ''} in {episode.program}{since}.*"
    elif done.details:
        head = f"*{who} is enrolled in {episode.program}{since}; updated.*"
    else:
        head = f"*{who} is enrolled in {episode.program} already{since}.* Nothing was changed."
    facts = []
    if Detail.BEGIN in done.details and done.before is not None and done.before.enrolled_on:
        facts.append(f"Before: since {day_name(done.before.enrolled_on, today)}")
    said = {change.kind for change in done.claims}
    if Detail.PAYER in done.details and ClaimFactKind.PAYER not in said:
        facts.append(f"Payer {kit.escape(episode.payer)}{_unknown_payer(done)}")
    if (
        Detail.CARE_MANAGER in done.details
        and ClaimFactKind.CARE_MANAGER not in said
        and done.care_manager is not None
    ):
        facts.append(f"Care manager {kit.escape(done.care_manager.display_name)}")
    shown = [one for one in done.claims if one.is_new or done.before is None]
    # With an enrollment nothing was on file before.
    shown = shown if done.before is not None else [replace(one, fills=False) for one in shown]
    dated = [_claim(one, today, _unknown_payer(done)) for one in shown]
    if any(one.since or one.until or one.asked for one in shown):
        # Each of them is a sentence of its own once days are said.
        return "\n".join(part for part in (head, " · ".join(facts), *dated, *_already(done, today)) if part)
    facts += dated
    return "\n".join(part for part in (head, " · ".join(facts), *_already(done, today)) if part)


def _unknown_payer(done: Enrolled) -> str:
    return "" if done.payer_known else " (no rules of its own on file: the practice's apply)"


#: What each fact of a claim is called.
_CLAIMS = {
    ClaimFactKind.PAYER: "Payer",
    ClaimFactKind.REFERRING_NPI: "Referring NPI",
    ClaimFactKind.BILLING_NPI: "Billing NPI",
    ClaimFactKind.DIAGNOSIS_CODES: "Diagnosis codes",
    ClaimFactKind.PLACE_OF_SERVICE: "Place of service",
    ClaimFactKind.APCM: "Advanced Primary Care Management",
    ClaimFactKind.CARE_MANAGER: "Care manager",
}


def _claim(change: ClaimChange, today: date, unknown_payer: str = "") -> str:
    """`Payer Medicare from Nov 3; BCBS ND before`."""
    value = kit.escape(change.value) or "none"
    note = unknown_payer if change.kind is ClaimFactKind.PAYER and value != "none" else ""
    parts = [f"{_CLAIMS[change.kind]} {value}{_from(change, today)}{note}"]
    if change.since is not None:
        parts.append(f"{kit.escape(change.before) or 'none'} before")
    if change.until is not None:
        parts.append(f"{kit.escape(change.after) or 'none'} from {day_name(change.until, today)}")
    if change.asked is not None:
        parts.append(f"care had not begun on {day_name(change.asked, today)}")
    return "; ".join(parts)


def _from(change: ClaimChange, today: date) -> str:
    if change.since is not None:
        return f" from {'today' if change.since == today else day_name(change.since, today)}"
    if change.until is not None or change.asked is not None:
        return " from the start of care"
    return " from the start of care; none was on file" if change.fills else ""


def _already(done: Enrolled, today: date) -> list[str]:
    """What was said and stands on file already, where something else has changed or a day was given."""
    if done.before is None:
        return []
    return [f"Already on file: {_claim(one, today)}" for one in done.claims if not one.is_new]


def _assigned(done: Assigned, who: str, today: date) -> str:
    manager = kit.escape(done.care_manager.display_name)
    change = done.change
    if not change.is_new:
        since = f" since {day_name(change.since, today)}" if change.since else ""
        return f"*{who} is already with {manager}{since}.* Nothing was changed."
    since = ""
    if change.since is not None and change.since != today:
        since = f" from {day_name(change.since, today)} on"
    was = f" Before: {kit.escape(change.before)}." if change.before else ""
    then = (
        f" From {day_name(change.until, today)} on: {kit.escape(change.after) or 'nobody'}."
        if change.until
        else ""
    )
    return f"*{who} is {'now ' if not since else ''}with {manager}{since}.*{was}{then}"


def _since(day: date, today: date) -> str:
    return "since today" if day == today else f"since {day_name(day, today)}"


def _consented(done: Consented, who: str, today: date) -> str:
    given = _consent(done.consent, today)
    if done.already:
        return f"*{who}: {given} is already on file.* Nothing was changed."
    told = done.consent.cost_sharing_disclosed
    sharing = {True: " Cost-sharing was disclosed.", False: " Cost-sharing was not disclosed.", None: ""}[
        told
    ]
    was = f" Before: {_consent(done.corrected, today)}." if done.corrected else ""
    return f"*{who}: {given} recorded.*{sharing}{was}"


def _consent(consent: Consent, today: date) -> str:
    kind = f"{consent.kind} " if consent.kind else ""
    revoked = f", revoked {day_name(consent.revoked_on, today)}" if consent.revoked_on else ""
    return f"{kind}consent of {day_name(consent.given_on, today)}{revoked}"


def _assessed(done: Assessed, who: str, today: date) -> str:
    lines = [f"*{who}: {score_words(done)}, {day_name(done.on, today)}.* {_initial(done, today)}"]
    lines += [_trend(trend, today) for trend in done.trends if len(trend.scores) > 1]
    lines += dict.fromkeys(corrected_lines(done))
    return "\n".join(lines)


def _initial(done: Assessed, today: date) -> str:
    on = day_name(done.initial_on, today) if done.initial_on else ""
    return {
        Initial.SET: "This is the initial assessment.",
        Initial.MOVED_BACK: "This is now the initial assessment: it came before the one on file.",
        Initial.STANDS: f"The initial assessment is still the one from {on}.",
        Initial.BEFORE_CARE: (
            "This score is from before care began, so it is not the initial assessment. If care began earlier, "
            "enroll with that date."
        ),
        Initial.NOT_ENROLLED: (
            "Kept as a score: it becomes the initial assessment once the patient is enrolled on or before that "
            "day."
        ),
    }[done.initial]


def _trend(trend: Trend, today: date) -> str:
    """`PHQ-9: 18, 16, 14. Since Mon Oct 5: 4 lower; last step: better`."""
    shown: Sequence[Score] = trend.scores[-_SCORES_SHOWN:]
    values = ", ".join(str(score.value) for score in shown)
    first = day_name(trend.scores[0].measured_on, today)
    change = (
        f"{abs(trend.change)} {'lower' if trend.change < 0 else 'higher'}" if trend.change else "the same"
    )
    return f"{trend.scale}: {values}. Since {first}: {change}; last step: {_DIRECTIONS[trend.latest]}."


def _discharged(done: Discharged, who: str, today: date) -> str:
    if done.already:
        return f"*{who} was already discharged, {day_name(done.on, today)}.* Nothing was changed."
    reason = kit.escape(done.reason)
    return f"*{who} discharged, {day_name(done.on, today)}: {reason}.* Time after that day does not count."


def _stayed(done: Stayed, who: str, today: date) -> str:
    stay = done.admission
    already = " That is already on file; nothing was changed." if done.already else ""
    since = day_name(stay.admitted_on, today)
    if stay.left_on is None:
        return f"*{who}: inpatient since {since}.*{already} When they leave: `/cocm admit {who} left on ...`"
    return f"*{who}: inpatient from {since} to {day_name(stay.left_on, today)}.*{already}"
