"""Finds the months that a setting judges otherwise, and those of them that are closed and must stay as they are."""

from collections.abc import Iterable, Sequence

from billing.closing import MonthStatus
from billing.months import BillingMonth
from billing.practice_settings import SETTINGS, SettingChange, rules_in_force
from services.context import Context
from services.errors import CannotTakeBack
from services.months.state import month_state
from storage import Change

_KIND = "practice_setting"
#: So many closed months are named in a sentence.
_NAMED = 2


def judged_otherwise(
    context: Context,
    change: SettingChange,
    before: tuple[SettingChange, ...],
    after: tuple[SettingChange, ...],
) -> list[BillingMonth]:
    """The months up to the present one whose value of a setting is another, by two states of what is on file."""
    setting, base = SETTINGS[change.name], context.settings.rules
    if not setting.judges:
        return []
    first, present = BillingMonth.of(change.from_day), BillingMonth.of(context.today)
    months = (first.plus(step) for step in range(present.months_since(first) + 1))
    return [
        month
        for month in months
        if setting.of(rules_in_force(base, before, month.last_day))
        != setting.of(rules_in_force(base, after, month.last_day))
    ]


def closed_of(context: Context, months: Iterable[BillingMonth]) -> list[BillingMonth]:
    """Those of some months that are closed."""
    ever = {month for month, _ in context.uow.closes.revisions()}
    return [
        month
        for month in months
        if month in ever and month_state(context, month).status is MonthStatus.CLOSED
    ]


def named_months(closed: Sequence[BillingMonth]) -> str:
    """`October 2026 is closed and keeps the settings that judged it`, the latest ones by name."""
    named = " and ".join(f"{month.name} {month.year}" for month in closed[-_NAMED:])
    earlier = f" and {len(closed) - _NAMED} earlier" if len(closed) > _NAMED else ""
    if len(closed) == 1:
        return f"{named} is closed and keeps the settings that judged it"
    return f"{named}{earlier} are closed and keep the settings that judged them"


def keep_closed_months(context: Context, changes: Iterable[Change]) -> None:
    """Check that the settings which the act in progress took back, or put back, judge no closed month otherwise.

    Raises:
        CannotTakeBack: naming the closed months.
    """
    now = context.uow.setting_changes.all()
    for one in changes:
        if one.kind != _KIND:
            continue
        values = context.uow.facts.versions(_KIND, one.fact_id)[-1].values
        change = SettingChange(setting_id=one.fact_id, **values)
        others = tuple(each for each in now if each.setting_id != one.fact_id)
        was = others if others != now else (*now, change)
        if closed := closed_of(context, judged_otherwise(context, change, was, now)):
            raise CannotTakeBack(
                f"{named_months(closed)}. Nothing was changed. To go back to the earlier "
                f"value for later months: `/cocm settings set {change.name}` with that value."
            )
