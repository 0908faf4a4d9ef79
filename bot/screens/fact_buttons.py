"""Buttons that open a filled-in form: log time, or record one fact of a patient's care."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal, Self

from bot import kit, pressed
from bot.ids import ActionId, listed
from bot.replies import Block


class FactForm(StrEnum):
    """The forms that a button can open for a patient."""

    LOG = "log"
    ENROLL = "enroll"
    CONSENT = "consent"
    ASSESS = "assess"
    REVIEW = "review"
    DISCHARGE = "discharge"


#: What a button says where its place says nothing better.
LABELS: Final = {
    FactForm.LOG: "Log time",
    FactForm.ENROLL: "Enroll",
    FactForm.CONSENT: "Record consent",
    FactForm.ASSESS: "Record a score",
    FactForm.REVIEW: "Record review",
    FactForm.DISCHARGE: "Discharge",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Which form a button opens, and with what in it."""

    kind: FactForm
    #: The patient's; empty where the form asks for the patient.
    handle: str = ""
    #: What else is filled in: a day (`2026-11-03`), a month that is over, in which the day is to be chosen
    #: (`2026-10`), a scale (`PHQ-9`), or the entry to correct (`e-k7f`).
    reference: str = ""

    @property
    def value(self) -> str:
        """As the button carries it: opaque, and short."""
        return f"{self.kind}:{self.handle}:{self.reference}".rstrip(":")

    @classmethod
    def of(cls, held: pressed.Held) -> Self:
        """What a button opens, or the option picked from a menu.

        Raises:
            OldButton: for a kind of form that there is not.
        """
        kind, handle, reference = pressed.parts(held, 3, least=1)
        return cls(kind=pressed.choice(FactForm, kind), handle=handle, reference=reference)


def open_form_button(
    kind: FactForm | str,
    handle: str,
    label: str = "",
    place: int | None = None,
    *,
    reference: str = "",
    style: Literal["primary", "danger"] | None = None,
) -> Block:
    """A button that opens a form filled in for a patient.

    Args:
        kind: which form.
        handle: the patient's handle; empty where the form is to ask for the patient.
        label: what the button says; the form's own words where it is empty.
        place: its number, where a message or view has several such buttons.
        reference: what else is filled in, see `Opening`.
        style: as Slack knows them.
    """
    opening = Opening(kind=FactForm(kind), handle=handle, reference=reference)
    action = str(ActionId.OPEN_FACT_FORM) if place is None else listed(ActionId.OPEN_FACT_FORM, place)
    about = " ".join(filter(None, (handle, reference)))
    return kit.button(label or LABELS[opening.kind], action, opening.value, about=about, style=style)
