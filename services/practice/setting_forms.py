"""What an administrator can choose for a setting in a form."""

import re
from dataclasses import dataclass

from billing.months import BillingMonth
from billing.people import Member
from billing.practice_settings import SETTINGS, Setting, read_value
from services.context import Context
from services.people.rights import Action, needs
from services.practice.settings import CannotSet, SettingStanding, listed

_BETWEEN = re.compile(r", | or ")


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingToChange:
    """A setting as it stands, its values where there are a few, and the first day of the present month."""

    standing: SettingStanding
    #: Empty where a value is written.
    choices: tuple[str, ...]
    month: BillingMonth


@needs(Action.SET_SETTINGS)
def to_change(context: Context, actor: Member, name: str) -> SettingToChange:  # noqa: ARG001 - whoever changes is checked
    """A setting, to be changed.

    Raises:
        CannotSet: when there is no such setting.
    """
    setting = SETTINGS.get(name)
    if setting is None:
        raise CannotSet(f"There is no setting {name}. Nothing was changed.")
    found = listed(context)
    standing = next(one for one in found.settings if one.setting.name == name)
    return SettingToChange(standing=standing, choices=_choices(setting), month=found.month)


def _choices(setting: Setting) -> tuple[str, ...]:
    """The values of a setting that has only a few."""
    named = _BETWEEN.split(setting.values)
    try:
        return tuple(read_value(setting, one) for one in named)
    except ValueError:
        return ()
