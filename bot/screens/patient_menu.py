"""The menu in which a patient is found by typing: who stands in it, and in what words."""

from datetime import date
from typing import Any

from billing.people import Patient
from bot import kit
from bot.ids import BlockId
from bot.replies import Block
from bot.screens.form_fields import plain, searched_field
from bot.screens.home import ViewSettings, named_in_views
from bot.screens.phrases import day_name
from services.people.patients import shown_mrn
from services.people.search import Fit, Found, FoundPatient

PATIENT = "Patient"
PLACEHOLDER = "Type an MRN or a handle, such as P-7F3K"
HINT = "Type as much of the MRN or the handle as you know. Your own patients come first."
AS_TYPED = "As you typed it: not on file yet"
FORGOTTEN = (
    "Choose the patient again: I no longer have the MRN that you typed. Everything else is still here."
)
_MORE = "{label} (type more to see the others)"
#: Slack cuts a group's label there.
_LABEL = 75
#: Handles alone say nothing of what was typed, so each group says why its patients are in it.
_LABELS = {
    Fit.RECENT: "You logged time for lately",
    Fit.CASELOAD: "Your caseload",
    Fit.EXACT: "Exactly what you typed",
    Fit.BEGINS: "Begins with what you typed",
    Fit.CONTAINS: "Has what you typed in the MRN",
}
_NOBODY = "Nobody on file has this MRN"


def patient_field(chosen: Block | None = None, *, label: str = PATIENT, hint: str = HINT) -> Block:
    """The field of every form that is about one patient."""
    return searched_field(BlockId.PATIENT, label, chosen=chosen, placeholder=PLACEHOLDER, hint=hint)


def patient_option(patient: Patient, views: ViewSettings, seen: str = "") -> Block:
    """One patient in the menu, under the handle as value."""
    name = named_in_views(patient, views)
    return kit.option(f"{name} · {seen}" if seen else name, patient.handle)


def typed_option(text: str, value: str, views: ViewSettings) -> Block:
    """What was typed, as a patient who is not on file; `value` stands for it."""
    return kit.option(
        f"{shown_mrn(text.upper())}: not on file yet" if views.phi_in_views else AS_TYPED, value
    )


def answer(found: Found, views: ViewSettings, typed: Block | None) -> dict[str, Any]:
    """The menu's options in groups, as Slack takes them in the acknowledgment; `typed` closes it."""
    groups: list[Block] = []
    for fit in Fit:
        options = [_option(one, views, found.today) for one in found.patients if one.fit is fit]
        if options:
            groups.append({"label": plain(_LABELS[fit]), "options": options})
    if groups and found.is_more:
        label = _MORE.format(label=groups[-1]["label"]["text"])
        groups[-1]["label"] = plain(kit.clip(label, _LABEL))
    if typed is not None:
        groups.append({"label": plain(_NOBODY), "options": [typed]})
    return {"option_groups": groups} if groups else {"options": []}


def _option(one: FoundPatient, views: ViewSettings, today: date) -> Block:
    """`P-7F3K · last seen Thu Nov 12`."""
    seen = "no time logged yet" if one.last_seen is None else f"last seen {day_name(one.last_seen, today)}"
    return patient_option(one.patient, views, seen)
