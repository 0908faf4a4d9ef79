"""The forms with which an administrator changes a setting of the practice, and a payer's rule."""

from datetime import date
from typing import Any

from billing.payer_fields import FIELDS
from bot import kit
from bot.ids import BlockId, CallbackId
from bot.screens.form_fields import choice_field, day_field, modal, words_field
from services.practice.setting_forms import SettingToChange

_MONTH = "A month is judged as a whole by the settings of its last day. Closed months stay as they are."


def setting_form(found: SettingToChange, metadata: str) -> dict[str, Any]:
    """The setting in words, its value, and the day from which it is to hold."""
    setting, value = found.standing.setting, found.standing.value
    if found.choices:
        options = [kit.option(one, one) for one in found.choices]
        what = choice_field(BlockId.VALUE, "Value", options, chosen=value)
    else:
        what = words_field(BlockId.VALUE, "Value", initial=value, hint=setting.values.capitalize() + ".")
    return modal(
        CallbackId.SETTING_FORM,
        "Change a setting",
        "Save",
        [
            kit.section(f"`{setting.name}` is `{kit.escape(value)}` now. {kit.escape(setting.words)}"),
            what,
            day_field("From", found.month.first_day, BlockId.FROM, hint=_MONTH),
        ],
        metadata,
    )


def payer_form(name: str, today: date, metadata: str) -> dict[str, Any]:
    """A payer's name, what it says, from when on, and where that is written."""
    options = [kit.option(one.replace("_", " "), one) for one in FIELDS]
    return modal(
        CallbackId.PAYER_FORM,
        "Change a payer's rule",
        "Save",
        [
            words_field(BlockId.PAYER, "Payer", initial=name),
            choice_field(BlockId.FIELD, "What it says", options, placeholder="Choose a rule"),
            words_field(BlockId.VALUE, "Value", placeholder="midpoint, 36, yes, 99492 99493"),
            day_field(
                "From", today.replace(day=1), BlockId.FROM, hint="Empty: it has always held.", optional=True
            ),
            day_field("To", None, BlockId.TO, hint="Empty: until further notice.", optional=True),
            words_field(BlockId.SOURCE, "Source", placeholder="Provider manual 2026, page 12", optional=True),
            day_field(
                "Verified on",
                None,
                BlockId.VERIFIED,
                hint="The day on which you read the source. Without it each line of the payer carries a warning.",
                optional=True,
            ),
        ],
        metadata,
    )
