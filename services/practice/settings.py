"""Shows what the practice has set, and sets it from a day on; administrators only. Closed months never change."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from billing.months import BillingMonth
from billing.people import Member
from billing.practice_settings import (
    DEFAULT,
    ELSEWHERE,
    SETTINGS,
    Setting,
    SettingChange,
    read_value,
    rules_in_force,
    setting_and_value,
    standing,
    upcoming,
)
from billing.rules import PracticeRules
from services.context import Context
from services.errors import Refusal
from services.once.outcomes import by_name
from services.people.rights import Action, allowed, needs
from services.practice.judged_months import closed_of, judged_otherwise, named_months
from storage import ActKind

#: Before this day there were no codes of Collaborative Care to judge.
_FIRST_DAY = date(2018, 1, 1)
#: A setting dated later is a slip of the year.
_AHEAD_YEARS = 5
#: What those that the environment gives decide.
_ELSEWHERE_WORDS = {
    "days_off": "Days on which the practice is closed, besides weekends and holidays.",
    "near_minutes": "How many minutes from the next code count as near.",
    "backdate_days": "How many days back time can be logged in chat.",
    "max_entry_hours": "How long one entry can be in chat.",
    "max_day_hours": "How much time one person's day can hold in chat.",
    "timezone": "The practice's time zone.",
}
_DEFAULTS = PracticeRules()


class CannotSet(Refusal):
    """That cannot be set as asked. `/cocm settings` lists what can."""

    code = "cannot_set"


class Source(StrEnum):
    """Where a value comes from."""

    DEFAULT = "default"
    ENVIRONMENT = "environment"
    SET = "set"


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedValue:
    """A value from a day on, and who set it."""

    value: str
    from_day: date
    #: None for the command line without a name.
    by: Member | None
    #: Aware instant.
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingStanding:
    """One setting as it judges the present month."""

    setting: Setting
    value: str
    source: Source
    #: The program's own.
    default: str
    #: The environment variable that gives it where nothing is set; empty where none does.
    variable: str
    #: What set it; None where nothing did.
    since: DatedValue | None
    #: What is set for later already, the earliest first.
    later: tuple[DatedValue, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SetElsewhere:
    """A setting that the environment alone gives."""

    name: str
    value: str
    variable: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeStanding:
    """Every setting of the practice."""

    #: The present month, which these judge.
    month: BillingMonth
    today: date
    settings: tuple[SettingStanding, ...]
    elsewhere: tuple[SetElsewhere, ...]
    #: Whether whoever looks may change them.
    may_change: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingRequest:
    """A setting and its value as a person wrote them, and from when on."""

    #: `consultant minutes exclude`; a value `default` is what holds where nothing is set.
    text: str
    #: Local date; None for the first day of the present month.
    from_day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenBefore:
    """An earlier month that is open and is judged by a new value."""

    month: BillingMonth
    #: Patients with time in it.
    patients: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingDone:
    """A setting as it is now."""

    standing: SettingStanding
    #: What held before from that day on.
    before: str
    value: str
    from_day: date
    #: True where it was so already, and nothing was stored.
    unchanged: bool = False
    #: True where nobody said from when on.
    from_was_supplied: bool = False
    earlier: tuple[OpenBefore, ...] = ()
    #: What takes it back; None where nothing was stored, or by nobody's name.
    act_id: int | None = None
    today: date


by_name("settings", SETTINGS, lambda setting: setting.name)


@needs(Action.SEE_SETTINGS)
def shown(context: Context, actor: Member) -> PracticeStanding:
    """Every setting as it judges the present month."""
    return replace(listed(context), may_change=allowed(context, actor, Action.SET_SETTINGS))


def listed(context: Context) -> PracticeStanding:
    """The same, for the command line."""
    month = BillingMonth.of(context.today)
    return PracticeStanding(
        month=month,
        today=context.today,
        settings=tuple(_standing(context, setting) for setting in SETTINGS.values()),
        elsewhere=tuple(_elsewhere(context)),
    )


@needs(Action.SET_SETTINGS)
def carry_out(context: Context, actor: Member, request: SettingRequest) -> SettingDone:
    """Set a setting from a day on.

    Raises:
        NotAllowed: for anybody but an administrator.
        CannotSet: when there is no such setting or value, or a closed month would be judged otherwise.
    """
    context.uow.acts.begin(ActKind.SETTING, by=actor.member_id, at=context.now)
    return _set(context, actor, request)


def carry_out_unnamed(context: Context, request: SettingRequest) -> SettingDone:
    """The same, by whoever works at the command line and gives no name.

    Raises:
        CannotSet: as `carry_out`.
    """
    context.uow.facts.come_from("command line", context.now)
    return _set(context, None, request)


def _set(context: Context, actor: Member | None, request: SettingRequest) -> SettingDone:
    context.uow.months.share_care()
    setting, value = _wanted(context, request.text)
    from_day = _from_day(context, setting, request.from_day)
    month = BillingMonth.of(from_day)
    before = setting.of(context.rules_of(month))
    if before == value:
        return _done(context, setting, before, value, from_day, request, unchanged=True)
    wanted = SettingChange(
        setting_id=_NEWEST, name=setting.name, value=value, from_day=from_day, set_by=None, set_at=context.now
    )
    on_file = context.uow.setting_changes.all()
    otherwise = judged_otherwise(context, wanted, on_file, (*on_file, wanted))
    _refuse_closed(context, setting, otherwise)
    context.uow.setting_changes.add(
        name=setting.name,
        value=value,
        from_day=from_day,
        by=actor.member_id if actor else None,
        at=context.now,
    )
    context.uow.audit.record(
        at=context.now,
        actor=actor.member_id if actor else None,
        action="setting.set",
        subject=setting.name,
        details={"value": value, "before": before, "from": from_day.isoformat()},
    )
    done = _done(
        context,
        setting,
        before,
        value,
        from_day,
        request,
        earlier=_with_time(context, otherwise),
        act_id=context.uow.acts.number() if actor else None,
    )
    context.uow.commit()
    return done


#: Newer than every number that the database gives.
_NEWEST = 2**62


def _wanted(context: Context, text: str) -> tuple[Setting, str]:
    """The setting, and its value as it is kept.

    Raises:
        CannotSet: naming what there is.
    """
    try:
        setting, said = setting_and_value(text)
        value = read_value(setting, said)
    except ValueError as error:
        raise CannotSet(f"{error} Nothing was changed.") from error
    return setting, setting.of(context.settings.rules) if value == DEFAULT else value


def _from_day(context: Context, setting: Setting, wanted: date | None) -> date:
    """The first day, which is the present month's where nobody said one.

    Raises:
        CannotSet: for a day that is a slip, or that would change nothing.
    """
    if wanted is None:
        first = BillingMonth.of(context.today).first_day
        # A month is judged by its last day: what is set for later in it gives way to what is set now.
        return _later_in_month(context, setting, first) or first
    if (later := _later_in_month(context, setting, wanted)) is not None:
        raise CannotSet(
            f"{setting.name} is set from {later} on already, and a month is judged as a whole by the settings of its "
            f"last day. To set it otherwise, write from {later}, or a later day. Nothing was changed."
        )
    if wanted < _FIRST_DAY:
        raise CannotSet(
            f"{wanted} is before 2018, and there were no codes of Collaborative Care to judge. Write "
            f"{_FIRST_DAY} for a setting that always held. Nothing was changed."
        )
    if wanted.year > context.today.year + _AHEAD_YEARS:
        raise CannotSet(
            f"{wanted} is more than {_AHEAD_YEARS} years ahead. Check the year. Nothing was changed."
        )
    return wanted


def _later_in_month(context: Context, setting: Setting, from_day: date) -> date | None:
    """The day later in the same month from which another value of that setting holds already; None without one."""
    last = BillingMonth.of(from_day).last_day
    days = [
        one.from_day
        for one in context.uow.setting_changes.all()
        if one.name == setting.name and from_day < one.from_day <= last
    ]
    return max(days, default=None)


def _refuse_closed(context: Context, setting: Setting, months: Iterable[BillingMonth]) -> None:
    """Make sure that no closed month would be judged otherwise.

    Raises:
        CannotSet: naming them, and what can be done.
    """
    closed = closed_of(context, months)
    if not closed:
        return
    last = closed[-1]
    raise CannotSet(
        f"{named_months(closed)}. Nothing was changed. To set {setting.name} for later "
        f"months, add: from {last.plus(1).first_day}. To change a closed month, reopen it first: "
        f"`/cocm reopen {last}` and a reason."
    )


def _with_time(context: Context, months: Iterable[BillingMonth]) -> tuple[OpenBefore, ...]:
    """The earlier ones of some months in which there is time."""
    present = BillingMonth.of(context.today)
    ledger = context.uow.ledger
    found = (
        OpenBefore(month=month, patients=len(ledger.worked_for(month.first_day, month.last_day)))
        for month in months
        if month < present
    )
    return tuple(one for one in found if one.patients)


def _done(  # noqa: PLR0913 - the answer has these parts
    context: Context,
    setting: Setting,
    before: str,
    value: str,
    from_day: date,
    request: SettingRequest,
    *,
    unchanged: bool = False,
    earlier: tuple[OpenBefore, ...] = (),
    act_id: int | None = None,
) -> SettingDone:
    return SettingDone(
        standing=_standing(context, setting),
        before=before,
        value=value,
        from_day=from_day,
        unchanged=unchanged,
        from_was_supplied=request.from_day is None,
        earlier=earlier,
        act_id=act_id,
        today=context.today,
    )


def _standing(context: Context, setting: Setting) -> SettingStanding:
    base, on_file = context.settings.rules, context.uow.setting_changes.all()
    last = BillingMonth.of(context.today).last_day
    set_by = standing(on_file, setting.name, last)
    variable = context.settings.from_environment.get(setting.name, "")
    unset = Source.ENVIRONMENT if variable else Source.DEFAULT
    return SettingStanding(
        setting=setting,
        value=setting.of(rules_in_force(base, on_file, last)),
        source=unset if set_by is None else Source.SET,
        default=setting.of(_DEFAULTS),
        variable=variable,
        since=None if set_by is None else _dated(context, set_by),
        later=tuple(
            _dated(context, one) for one in upcoming(base, on_file, last) if one.name == setting.name
        ),
    )


def _dated(context: Context, change: SettingChange) -> DatedValue:
    by = context.uow.members.by_id(change.set_by) if change.set_by is not None else None
    return DatedValue(value=change.value, from_day=change.from_day, by=by, at=change.set_at)


def _elsewhere(context: Context) -> Iterable[SetElsewhere]:
    settings = context.settings
    days = [day for day in sorted(context.days_off) if day >= context.today]
    values = {
        "days_off": ", ".join(day.isoformat() for day in days) or "none to come",
        "near_minutes": str(settings.near_minutes),
        "backdate_days": str(settings.backdate_days),
        "max_entry_hours": str(settings.max_entry_hours),
        "max_day_hours": str(settings.max_day_hours),
        "timezone": str(settings.zone),
    }
    for name, variable in ELSEWHERE.items():
        yield SetElsewhere(name=name, value=values[name], variable=variable, words=_ELSEWHERE_WORDS[name])
