"""The Home tab. Slack keeps it, so it names patients by handle unless the practice decided otherwise."""

from typing import Any

from billing.people import Patient
from bot import kit, words
from bot.context import ViewSettings
from bot.ids import ActionId
from bot.replies import Block
from services.entries.overviews import HomeView
from services.months.standing import Standing
from services.people.patients import shown_mrn

#: Patients listed; who has more near a threshold sees the count.
LISTED = 20


def home_view(view: HomeView, settings: ViewSettings) -> dict[str, Any]:
    """The whole tab as Slack takes it."""
    blocks: list[Block] = [
        kit.header(words.HOME_TITLE),
        kit.section(words.day_heading(view.day)),
        kit.actions([kit.button(words.OPEN_FORM, ActionId.OPEN_FORM, "home", style="primary")]),
        kit.divider(),
        kit.header(words.NEAR_TITLE),
    ]
    if not view.near:
        blocks.append(kit.section(words.NOBODY_NEAR))
    blocks += [kit.section(_near(one, view, settings)) for one in view.near[:LISTED]]
    if len(view.near) > LISTED:
        blocks.append(kit.context(words.more_near(len(view.near) - LISTED)))
    blocks += [kit.divider(), kit.context(words.HOME_FOOT)]
    return {"type": "home", "blocks": blocks}


def named_in_views(patient: Patient, settings: ViewSettings) -> str:
    """How a screen that Slack keeps may name a patient."""
    return shown_mrn(patient.mrn) if settings.phi_in_views else patient.handle


def _near(one: Standing, view: HomeView, settings: ViewSettings) -> str:
    return f"*{kit.escape(named_in_views(one.patient, settings))}* · {words.standing(one, view.day.day)}"
