"""The Home tab. Slack keeps it, so it names patients by handle unless the practice decided otherwise."""

from dataclasses import dataclass
from typing import Any

from billing.people import Patient
from bot import kit
from bot.ids import ActionId
from bot.replies import Block
from bot.screens.finding_lines import titles
from bot.screens.own_time import day_heading
from bot.screens.phrases import NOBODY_NEAR
from bot.screens.standings import standing_line
from services.entries.overviews import HomeView
from services.months.standing import Standing
from services.people.patients import shown_mrn

HOME_TITLE = "Your day"
NEAR_TITLE = "Near the next code"
HELD_UP_TITLE = "Reached, and something blocks billing"
OPEN_FORM = "Log time"
HOME_FOOT = (
    "Reach out only if clinically appropriate. Sums are of this calendar month; every receipt is current."
)
#: Patients listed; who has more near a threshold sees the count.
LISTED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewSettings:
    """How much of a patient's identity the screens that Slack keeps may show."""

    #: MRNs in App Home and modals; handles `P-7F3K` otherwise.
    phi_in_views: bool = False


def home_view(view: HomeView, settings: ViewSettings) -> dict[str, Any]:
    """The whole tab as Slack takes it."""
    blocks: list[Block] = [
        kit.header(HOME_TITLE),
        kit.section(day_heading(view.day)),
        kit.actions([kit.button(OPEN_FORM, ActionId.OPEN_FORM, "home", style="primary")]),
        kit.divider(),
        kit.header(NEAR_TITLE),
    ]
    if not view.near:
        blocks.append(kit.section(NOBODY_NEAR))
    blocks += [kit.section(_near(one, view, settings)) for one in view.near[:LISTED]]
    if len(view.near) > LISTED:
        blocks.append(kit.context(_more_near(len(view.near) - LISTED)))
    if view.held_up:
        blocks.append(kit.header(HELD_UP_TITLE))
    blocks += [kit.section(_near(one, view, settings)) for one in view.held_up[:LISTED]]
    if len(view.held_up) > LISTED:
        blocks.append(kit.context(_more_near(len(view.held_up) - LISTED)))
    blocks += [kit.divider(), kit.context(HOME_FOOT)]
    return {"type": "home", "blocks": blocks}


def named_in_views(patient: Patient, settings: ViewSettings) -> str:
    """How a screen that Slack keeps may name a patient."""
    return shown_mrn(patient.mrn) if settings.phi_in_views else patient.handle


def _near(one: Standing, view: HomeView, settings: ViewSettings) -> str:
    said = (standing_line(one, view.day.day), *titles(one.told))
    return f"*{kit.escape(named_in_views(one.patient, settings))}* · {' · '.join(said)}"


def _more_near(count: int) -> str:
    """Patients near a threshold beyond those listed."""
    return f"And {count} more."
