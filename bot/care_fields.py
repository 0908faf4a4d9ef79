"""Reads the fields of the forms for care with the same grammar as their commands, each problem at its field."""

from collections.abc import Mapping
from dataclasses import replace

from billing.clinical import Scale
from billing.people import Member
from bot.context import BotContext
from bot.grammar import Parsed
from bot.grammar.call.line import CareArguments
from bot.grammar.log.notes import warnings
from bot.ids import BlockId
from bot.patient_fields import PatientNotRead, read_patient
from bot.screens.care_forms import (
    FIRST_SCALES,
    ITEM_9,
    NEGATIVE,
    NO,
    OTHER_SCALE,
    OTHER_SCORE,
    REVOKED,
    SUICIDE_SCREEN,
    YES,
    score_block,
    value_of,
)
from bot.screens.fact_buttons import FactForm
from services.care.on_file import CareOnFile, on_file
from services.care.requests import Assess, Discharge, Enroll, GiveConsent, RevokeConsent
from services.people.patient_ref import PatientRef

#: Stand for what the grammar need not read: the form knows the patient, and a reason is a person's own words.
_SOMEBODY = "MRN1"
_SOME_REASON = "goals met"
_NO_SCORE = "Fill in at least one score."
_NO_SCALE = "Choose the scale that this is the score of."
_SCALE_ALONE = "Add the score."
_NO_TOTAL = "Item 9 belongs to a PHQ-9: add its total above, or choose PHQ-A below."
_NOTHING = "That was not understood. Nothing was recorded."

#: What the forms ask for.
FormRequest = Enroll | GiveConsent | RevokeConsent | Assess | Discharge
Fields = Mapping[str, str]
#: What a field adds to the command's line, by its block.
Parts = list[tuple[str, str]]


async def read_care(
    bot: BotContext, member: Member, kind: FactForm, fields: Fields
) -> FormRequest | dict[str, str]:
    """What a form asks for; or for each field that cannot be taken the sentence that says why."""
    patient = await read_patient(bot, member, fields)
    errors = {BlockId.PATIENT.value: patient.sentence} if isinstance(patient, PatientNotRead) else {}
    known = None
    if isinstance(patient, PatientRef):
        known = await bot.practice.read(on_file, member, kind.value, patient)
    parts = _parts(kind, fields, known)
    if isinstance(parts, dict):
        return errors | parts
    line, spans = _line(kind, parts)
    parsed = await bot.understand(line, member)
    errors |= _errors(parsed, spans)
    if isinstance(patient, PatientNotRead) or errors:
        return errors
    asked = parsed.arguments.request if isinstance(parsed.arguments, CareArguments) else None
    if not isinstance(asked, FormRequest):
        return {BlockId.PATIENT: _NOTHING}
    return _finished(asked, patient, fields, known)


def _parts(kind: FactForm, fields: Fields, known: CareOnFile | None) -> Parts | dict[str, str]:
    day = fields.get(BlockId.DAY, "")
    on = [(BlockId.DAY.value, f"on {day}")] if day else []
    if kind is FactForm.CONSENT:
        return [*_consent(fields), *on]
    if kind is FactForm.ASSESS:
        scores = _scores(fields)
        return scores if isinstance(scores, dict) else [*scores, *on]
    if kind is FactForm.DISCHARGE:
        # The day stands before the reason, as the command reads it.
        return [*on, (BlockId.REASON.value, _SOME_REASON)]
    return _enrollment(fields, known)


def _consent(fields: Fields) -> Parts:
    said = fields.get(BlockId.COST_SHARING, "")
    sharing = {YES: "cost-sharing", NO: "no cost-sharing"}.get(said, "")
    kind = fields.get(BlockId.KIND, "")
    if kind == REVOKED:
        # What is said of a consent given is nothing of one taken back.
        return [(BlockId.KIND.value, kind)]
    corrects = "corrected" if fields.get(BlockId.CORRECTS) else ""
    parts = [(BlockId.KIND, kind), (BlockId.COST_SHARING, sharing), (BlockId.CORRECTS, corrects)]
    return [(block.value, words) for block, words in parts if words]


def _scores(fields: Fields) -> Parts | dict[str, str]:
    parts: Parts = []
    for scale in FIRST_SCALES:
        if score := fields.get(score_block(scale), ""):
            parts.append((score_block(scale), f"{scale} {score}"))
    other, score = fields.get(OTHER_SCALE, ""), fields.get(OTHER_SCORE, "")
    if bool(other) != bool(score):
        return {OTHER_SCORE: _SCALE_ALONE if other else _NO_SCALE}
    if other:
        parts.append((OTHER_SCORE, f"{other} {score}"))
    item = fields.get(ITEM_9, "")
    if item and not (fields.get(score_block(Scale.PHQ9)) or other == Scale.PHQA):
        return {ITEM_9: _NO_TOTAL}
    if item:
        parts.append((ITEM_9, f"item9 {item}"))
    if screen := fields.get(SUICIDE_SCREEN, ""):
        parts.append((SUICIDE_SCREEN, f"{Scale.CSSRS} {'negative' if screen == NEGATIVE else screen}"))
    return parts or {score_block(Scale.PHQ9): _NO_SCORE}


def _enrollment(fields: Fields, known: CareOnFile | None) -> Parts:
    """What is new: a form that was opened to add one thing says nothing about the rest."""
    episode = known.episode if known is not None else None
    npi = known.patient.referring_npi if known is not None and known.patient is not None else ""
    words = {
        BlockId.PROGRAM: ("program {}", episode.program.value if episode else ""),
        BlockId.PAYER: ('payer "{}"', episode.payer if episode else ""),
        BlockId.BILLING_NPI: ("billing npi {}", episode.billing_npi if episode else ""),
        BlockId.NPI: ("npi {}", npi),
        BlockId.DIAGNOSES: ("dx {}", " ".join(episode.diagnosis_codes) if episode else ""),
        BlockId.PLACE: ("pos {}", episode.place_of_service if episode else ""),
        BlockId.APCM: ("apcm {}", (YES if episode.apcm else NO) if episode else ""),
        BlockId.DAY: ("on {}", episode.enrolled_on.isoformat() if episode and episode.enrolled_on else ""),
        BlockId.FROM: ("from {}", ""),
    }
    parts: Parts = []
    for block, (form, before) in words.items():
        given = fields.get(block, "").replace('"', "")
        if given and given != before:
            parts.append((block.value, form.format(given.lower() if block is BlockId.PROGRAM else given)))
    return parts


def _line(kind: FactForm, parts: Parts) -> tuple[str, list[tuple[int, str]]]:
    """The command's line, and where each field's part of it begins."""
    line, spans = f"{kind} {_SOMEBODY}", [(0, BlockId.PATIENT.value)]
    for block, words in parts:
        spans.append((len(line) + 1, block))
        line = f"{line} {words}"
    return line, spans


def _errors(parsed: Parsed, spans: list[tuple[int, str]]) -> dict[str, str]:
    errors: dict[str, str] = {}
    for problem in parsed.problems:
        block = next(block for start, block in reversed(spans) if start <= problem.start)
        errors.setdefault(block, problem.message)
    return errors


def _finished(
    asked: FormRequest, patient: PatientRef, fields: Fields, known: CareOnFile | None
) -> FormRequest:
    """With the form's own patient, and what a person wrote in their own words or chose from people."""
    if isinstance(asked, Enroll):
        chosen = fields.get(BlockId.CARE_MANAGER, "")
        is_new = chosen and chosen != value_of(known.care_manager if known is not None else None)
        return replace(asked, patient=patient, care_manager=chosen if is_new else None)
    if isinstance(asked, Discharge):
        reason = fields.get(BlockId.REASON, "")
        return replace(asked, patient=patient, reason=reason, remarks=tuple(warnings(reason)))
    return replace(asked, patient=patient)
