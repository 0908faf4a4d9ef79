"""The forms for facts of a patient's care: enroll, consent, assess, discharge."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from billing.clinical import Scale
from billing.episodes import Consent, ConsentKind, Episode, Program
from billing.months import BillingMonth
from billing.people import Member
from bot import kit
from bot.ids import BlockId, CallbackId
from bot.replies import Block
from bot.screens.fact_buttons import FactForm
from bot.screens.form_fields import (
    choice_field,
    day_field,
    modal,
    number_field,
    plain,
    radio_field,
    searched_field,
    tick_field,
    words_field,
)
from bot.screens.home import ViewSettings, named_in_views
from bot.screens.patient_menu import patient_field, patient_option
from bot.screens.phrases import full_day, full_month
from services.care.on_file import CareOnFile
from services.care.requests import Measured

#: Slack's limit.
_OPTION_VALUE = 150
_MONTH = re.compile(r"\d{4}-\d{2}")
RECORD = "Record"
YES, NO, REVOKED = "yes", "no", "revoked"
#: Scales that have a field of their own; the others are chosen from a menu.
FIRST_SCALES = (Scale.PHQ9, Scale.GAD7)
OTHER_SCALE, OTHER_SCORE = "other_scale", "other_score"
ITEM_9, SUICIDE_SCREEN = "item_9", "suicide_screen"
NEGATIVE = "negative"
_TITLES = {
    FactForm.ENROLL: (CallbackId.ENROLL_FORM, "Enroll a patient", "Enroll"),
    FactForm.CONSENT: (CallbackId.CONSENT_FORM, "Record consent", RECORD),
    FactForm.ASSESS: (CallbackId.ASSESS_FORM, "Record scores", RECORD),
    FactForm.DISCHARGE: (CallbackId.DISCHARGE_FORM, "Discharge a patient", "Discharge"),
}
_KEEPS = "Leave it empty to keep what is on file."
_FROM_HINT = "For somebody already enrolled: the day from which the changes below hold. Empty is today."
_NPI_HINT = "Ten digits."
_PAYER_HINT = "Type to search. A payer without rules of its own on file is judged by the practice's rules."
_ITEM_9_HINT = (
    "About suicide, 0 to 3. A positive answer goes at once to the patient's own care team, by direct message."
)
_SCREEN_HINT = "The highest question that was answered with yes."
_REASON_HINT = "In a few words. Time after that day does not count."
_CORRECTS = "This corrects the consent on file, rather than adding one"
_WHEN_FIRST = "The first assessment of an episode is its initial one."


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledScores:
    """What a message stated, to stand in the form for scores."""

    day: date
    scores: tuple[Measured, ...]
    #: The menu's option for the patient; None where nobody was named.
    patient: Block | None = field(default=None, repr=False)


def care_form(
    kind: FactForm,
    on_file: CareOnFile,
    views: ViewSettings,
    metadata: str,
    reference: str,
    *,
    filled: FilledScores | None = None,
) -> dict[str, Any]:
    """A form with what is on file in it; a patient is named by the handle, unless the practice decided otherwise.

    Args:
        kind: which; not that for time, and not that for reviews.
        on_file: about the patient, if there is one yet.
        views: how much a form may hold of who somebody is.
        metadata: where the answer goes.
        reference: a day, a scale, or the month in which the day is to be chosen; may be empty.
        filled: scores that stand in it.
    """
    callback, title, submit = _TITLES[kind]
    month = _month(reference)
    day = filled.day if filled is not None else None if month else _day(reference) or on_file.today
    chosen = None if on_file.patient is None else patient_option(on_file.patient, views)
    if filled is not None:
        chosen = filled.patient
    fields = {
        FactForm.ENROLL: _enroll,
        FactForm.CONSENT: _consent,
        FactForm.ASSESS: _assess,
        FactForm.DISCHARGE: _discharge,
    }[kind]
    about = _about(kind, on_file, views)
    opened = _Opened(
        on_file=on_file,
        day=day,
        month=month,
        reference=reference,
        views=views,
        scores={one.scale: one for one in filled.scores} if filled is not None else {},
    )
    blocks = [*about, patient_field(chosen), *fields(opened)]
    return modal(callback, title, submit, blocks, metadata)


def payer_options(found: Sequence[str], typed: str) -> list[Block]:
    """Payers with rules on file, and what was typed as one without."""
    names = list(found)
    if typed and typed.casefold() not in {name.casefold() for name in names}:
        names.append(typed)
    return [kit.option(name, name[:_OPTION_VALUE]) for name in names]


def score_block(scale: Scale) -> str:
    """The field of a scale."""
    return f"score_{scale.name.lower()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    """What a form is opened with."""

    on_file: CareOnFile
    #: None where it is to be chosen, because the line that the form is for is about a month that is over.
    day: date | None
    month: BillingMonth | None
    #: A scale that is chosen from the start; may be empty.
    reference: str
    views: ViewSettings
    scores: Mapping[Scale, Measured]

    @property
    def day_hint(self) -> str:
        """Which month the day is to be in; empty where it is any."""
        return f"Choose the day: the line is about {full_month(self.month)}." if self.month else ""


def _enroll(opened: _Opened) -> Iterator[Block]:
    episode = opened.on_file.episode
    begun = episode.enrolled_on if episode is not None else opened.day
    programs = [kit.option(one.value, one.value) for one in Program]
    program = episode.program if episode is not None else Program.COCM
    yield choice_field(BlockId.PROGRAM, "Program", programs, chosen=program.value)
    yield day_field("Enrolled on", begun, optional=True)
    payer = kit.option(episode.payer, episode.payer) if episode is not None and episode.payer else None
    yield searched_field(
        BlockId.PAYER,
        "Payer",
        chosen=payer,
        placeholder="Type a payer's name",
        hint=_PAYER_HINT,
        optional=True,
    )
    managers = [
        kit.option(one.display_name, one.slack_user_id or one.display_name)
        for one in opened.on_file.care_managers
    ]
    if managers:
        yield choice_field(
            BlockId.CARE_MANAGER,
            "Care manager",
            managers[:100],
            chosen=value_of(opened.on_file.care_manager),
            placeholder="You, if you are one",
            optional=True,
        )
    npi = opened.on_file.patient.referring_npi if opened.on_file.patient is not None else ""
    yield words_field(BlockId.NPI, "Treating or referring NPI", initial=npi, hint=_NPI_HINT, optional=True)
    yield words_field(
        BlockId.DIAGNOSES,
        "Diagnosis codes",
        placeholder="F32.1, F41.1",
        initial=" ".join(episode.diagnosis_codes)
        if episode is not None and opened.views.phi_in_views
        else "",
        hint=_KEEPS
        if episode is not None and episode.diagnosis_codes and not opened.views.phi_in_views
        else "",
        optional=True,
    )
    yield from _claim(episode)


def _claim(episode: Episode | None) -> Iterator[Block]:
    yield words_field(
        BlockId.BILLING_NPI,
        "Billing NPI",
        initial=episode.billing_npi if episode is not None else "",
        hint=_NPI_HINT,
        optional=True,
    )
    yield words_field(
        BlockId.PLACE,
        "Place of service",
        placeholder="11",
        initial=episode.place_of_service if episode is not None else "",
        hint="Two digits: 11 for an office, 10 for telehealth at home.",
        optional=True,
    )
    answers = [kit.option("Yes", YES), kit.option("No", NO)]
    apcm = (YES if episode.apcm else NO) if episode is not None else ""
    yield choice_field(
        BlockId.APCM, "Enrolled in Advanced Primary Care Management", answers, chosen=apcm, optional=True
    )
    if episode is not None:
        yield day_field("Changes hold from", None, BlockId.FROM, hint=_FROM_HINT, optional=True)


def _consent(opened: _Opened) -> Iterator[Block]:
    kinds = [
        kit.option("Verbal", ConsentKind.VERBAL),
        kit.option("Written", ConsentKind.WRITTEN),
        kit.option("Revoked: the patient took it back", REVOKED),
    ]
    yield radio_field(BlockId.KIND, "Consent", kinds)
    yield day_field("Given, or taken back, on", opened.day, hint=opened.day_hint)
    answers = [kit.option("Disclosed", YES), kit.option("Not disclosed", NO)]
    yield radio_field(BlockId.COST_SHARING, "Cost-sharing", answers, optional=True)
    if opened.on_file.episode is not None and opened.on_file.episode.consent is not None:
        yield tick_field(BlockId.CORRECTS, "Correction", _CORRECTS)


def _assess(opened: _Opened) -> Iterator[Block]:
    yield day_field("Assessed on", opened.day, hint=opened.day_hint or _WHEN_FIRST)
    yield _score_field(opened, Scale.PHQ9)
    answers = (one.answer for scale, one in opened.scores.items() if scale is not Scale.CSSRS)
    item = next((str(one) for one in answers if one is not None), "")
    yield choice_field(
        ITEM_9,
        "PHQ-9 item 9",
        [kit.option(words, str(number)) for number, words in enumerate(_ITEM_9)],
        chosen=item,
        placeholder="Not answered",
        hint=_ITEM_9_HINT,
        optional=True,
    )
    yield _score_field(opened, Scale.GAD7)
    screens = [kit.option("Negative", NEGATIVE)] + [kit.option(f"Question {n}", str(n)) for n in range(1, 7)]
    screen = opened.scores.get(Scale.CSSRS)
    yield choice_field(
        SUICIDE_SCREEN,
        Scale.CSSRS,
        screens,
        chosen="" if screen is None else str(screen.answer) if screen.answer else NEGATIVE,
        placeholder="Not done",
        hint=_SCREEN_HINT,
        optional=True,
    )
    others = [kit.option(one.value, one.value) for one in Scale if one not in {*FIRST_SCALES, Scale.CSSRS}]
    other = next((one for scale, one in opened.scores.items() if scale.value in _values(others)), None)
    yield choice_field(
        OTHER_SCALE,
        "Another scale",
        others,
        chosen=other.scale.value if other is not None else opened.reference,
        placeholder="Choose a scale",
        optional=True,
    )
    score = str(other.value) if other is not None else ""
    yield number_field(OTHER_SCORE, "Its score", highest=None, initial=score)


def _score_field(opened: _Opened, scale: Scale) -> Block:
    stated = opened.scores.get(scale)
    initial = "" if stated is None else str(stated.value)
    return number_field(score_block(scale), scale, highest=scale.highest, initial=initial)


def _values(options: Sequence[Block]) -> set[str]:
    return {option["value"] for option in options}


#: The answers of a PHQ's items.
_ITEM_9 = ("0 · not at all", "1 · several days", "2 · more than half the days", "3 · nearly every day")


def _discharge(opened: _Opened) -> Iterator[Block]:
    yield day_field("Care ended on", opened.day, hint=opened.day_hint)
    yield words_field(BlockId.REASON, "Reason", placeholder="goals met", hint=_REASON_HINT, multiline=True)


def _about(kind: FactForm, on_file: CareOnFile, views: ViewSettings) -> list[Block]:
    """What is on file, in a line above the fields."""
    if on_file.patient is None:
        return []
    name = named_in_views(on_file.patient, views)
    episode = on_file.episode
    if episode is None:
        said = f"{name} is not enrolled."
    elif kind is FactForm.CONSENT:
        said = f"{name}: {_consent_on_file(episode.consent)}"
    elif kind is FactForm.ASSESS:
        first = episode.initial_assessment_on
        said = f"{name}: " + (
            f"initial assessment on {full_day(first)}." if first else "no initial assessment yet."
        )
    else:
        since = f" since {full_day(episode.enrolled_on)}" if episode.enrolled_on else ""
        said = f"{name} is enrolled in {episode.program}{since}."
    return [{"type": "context", "elements": [plain(said)]}]


def _consent_on_file(consent: Consent | None) -> str:
    if consent is None:
        return "no consent on file."
    kind = f"{consent.kind} consent" if consent.kind else "consent"
    revoked = f", taken back on {full_day(consent.revoked_on)}" if consent.revoked_on else ""
    return f"{kind} of {full_day(consent.given_on)} on file{revoked}."


def value_of(member: Member | None) -> str:
    """What stands for a member in a menu; empty for none."""
    return "" if member is None else member.slack_user_id or member.display_name


def _month(reference: str) -> BillingMonth | None:
    return BillingMonth.parse(reference) if _MONTH.fullmatch(reference) else None


def _day(reference: str) -> date | None:
    try:
        return date.fromisoformat(reference)
    except ValueError:
        return None
