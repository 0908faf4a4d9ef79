"""Reads the field in which a form's patient was chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from billing.people import Member
from bot.context import BotContext
from bot.ids import BlockId
from bot.screens.patient_menu import FORGOTTEN
from bot.typed_mrns import TypedMrns
from services.entries import typed_mrns
from services.people import patients
from services.people.patient_ref import PatientRef

#: What stands in a form for an MRN that it may not show.
_THAT_MRN = "the MRN as typed"
_WHICH = "The MRN that you typed is not on file, but a very similar one is. Which patient do you mean?"
_NO_MRN = (
    "What you typed could be no MRN. Choose the patient again, or type the MRN as it stands in the chart."
)
_NOBODY = "Choose the patient: type an MRN or a handle, and pick from the list."


@dataclass(frozen=True, slots=True)
class PatientNotRead:
    """The field's content names nobody."""

    sentence: str


async def shown_question(
    bot: BotContext, patient: PatientRef, message: str, choices: Sequence[str]
) -> tuple[str, tuple[str, ...]]:
    """A question and its answers as a form may show them: with handles, unless the practice decided otherwise."""
    if bot.views.phi_in_views:
        if patient.handle is None:
            return message, tuple(choices)
        # Whoever chose a patient by the MRN is asked about that MRN.
        mrn = await bot.practice.read(patients.mrn_of, patient.handle)
        return message.replace(patient.handle, mrn), tuple(
            one.replace(patient.handle, mrn) for one in choices
        )
    if patient.handle is not None:
        return message, tuple(choices)
    handles = await bot.practice.read(patients.handles_of, tuple(choices))
    shown = tuple(handles.get(one, one).replace(patient.text, _THAT_MRN) for one in choices)
    return (_WHICH if handles else message.replace(patient.text, _THAT_MRN)), shown


def stands_for(bot: BotContext, member: Member, mrn: str) -> str:
    """The opaque value that stands for an MRN as typed; other nodes know it, too, once the answer is on its way."""
    found = bot.typed_mrns.value_of(member.member_id, mrn)
    if found.is_new:
        bot.background.keep(bot.practice.write(typed_mrns.keep, member, found.value, mrn))
    return found.value


async def read_patient(
    bot: BotContext, member: Member, fields: Mapping[str, str]
) -> PatientRef | PatientNotRead:
    """The patient who was chosen; an MRN that was typed there is read as one in a line would be."""
    value = fields.get(BlockId.PATIENT, "")
    if not value:
        return PatientNotRead(_NOBODY)
    if not TypedMrns.is_one(value):
        return PatientRef(text=value, handle=value)
    text = bot.typed_mrns.text_of(member.member_id, value)
    if text is None:
        text = await bot.practice.read(typed_mrns.find, member, value)
    if text is None:
        return PatientNotRead(FORGOTTEN)
    for written in (text, f"MRN{text}"):
        parsed = await bot.understand(f"log 15m {written}", member)
        if not parsed.ok or parsed.draft is None or len(parsed.draft.requests) != 1:
            continue
        asked = parsed.draft.requests[0]
        if not asked.note and asked.seconds == 15 * 60:
            return asked.patient
    return PatientNotRead(_NO_MRN)
