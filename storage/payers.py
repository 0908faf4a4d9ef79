"""Stores payers' own rules and the practice's fee schedules, both by name."""

from collections import defaultdict
from dataclasses import fields
from datetime import date
from functools import lru_cache

from sqlalchemy import bindparam, delete, select

from billing.money import FeeSchedule, Rate
from billing.payer import DatedRule, Payer
from billing.payer_fields import FIELDS
from billing.payer_names import payer_key
from billing.places import Site
from billing.rules import ConversionFactor
from storage import damage
from storage.compiled import Values
from storage.import_contents import FEE_CONTENT, PAYER_CONTENT
from storage.import_log import ImportLog
from storage.statements import PreparedStatement, Wire, inserting
from storage.tables import FeeRateRow, FeeScheduleRow, PayerNameRow, PayerRuleRow, table_of

_NAME = table_of(PayerNameRow)
_RULE = table_of(PayerRuleRow)
_NAMES = PreparedStatement(
    select(_NAME.c.name_key, _NAME.c.name, _NAME.c.aliases)
    .where(_NAME.c.tenant_id == bindparam("tenant_id"))
    .order_by(_NAME.c.name_key)
)
_RULES = PreparedStatement(
    select(
        *(_RULE.c.name_key, _RULE.c.field, _RULE.c.value, _RULE.c.first_day, _RULE.c.last_day),
        *(_RULE.c.source, _RULE.c.verified_on),
    )
    .where(_RULE.c.tenant_id == bindparam("tenant_id"))
    .order_by(_RULE.c.name_key, _RULE.c.place)
)
_ADD_NAME = PreparedStatement(inserting(PayerNameRow))
_ADD_RULE = PreparedStatement(inserting(PayerRuleRow))
# Rules go with their payer (ON DELETE CASCADE).
_DROP_NAME = PreparedStatement(
    delete(_NAME).where(
        _NAME.c.tenant_id == bindparam("tenant_id"), _NAME.c.name_key == bindparam("name_key")
    )
)

_SCHEDULE = table_of(FeeScheduleRow)
_RATE = table_of(FeeRateRow)
_RATE_NAMES = tuple(field.name for field in fields(Rate))
_SCHEDULES = PreparedStatement(
    select(_SCHEDULE.c.name_key, _SCHEDULE.c.name, _SCHEDULE.c.source)
    .where(_SCHEDULE.c.tenant_id == bindparam("tenant_id"))
    .order_by(_SCHEDULE.c.name_key)
)
_SCHEDULE_NAMED = PreparedStatement(
    select(_SCHEDULE.c.name, _SCHEDULE.c.source).where(
        _SCHEDULE.c.tenant_id == bindparam("tenant_id"), _SCHEDULE.c.name_key == bindparam("name_key")
    )
)
_RATES = PreparedStatement(
    select(*(_RATE.c[name] for name in _RATE_NAMES))
    .where(_RATE.c.tenant_id == bindparam("tenant_id"), _RATE.c.name_key == bindparam("name_key"))
    .order_by(_RATE.c.place)
)
_ADD_SCHEDULE = PreparedStatement(inserting(FeeScheduleRow))
_ADD_RATE = PreparedStatement(inserting(FeeRateRow))
# Rates go with their schedule (ON DELETE CASCADE).
_DROP_SCHEDULE = PreparedStatement(
    delete(_SCHEDULE).where(
        _SCHEDULE.c.tenant_id == bindparam("tenant_id"), _SCHEDULE.c.name_key == bindparam("name_key")
    )
)


def _key(name: str) -> str:
    return name.strip().casefold()


class Payers:
    """The payers of one tenant."""

    def __init__(self, wire: Wire, tenant_id: int, import_log: ImportLog) -> None:
        self._wire = wire
        self._tenant_id = tenant_id
        self._import_log = import_log

    def put(self, payer: Payer) -> None:
        """Keep a payer with its rules, in place of those it had under that name, if any."""
        key = {"tenant_id": self._tenant_id, "name_key": payer_key(payer.name)}
        self._import_log.touches(PAYER_CONTENT, key["name_key"])
        self._wire.run(_DROP_NAME, **key)
        self._wire.run(_ADD_NAME, **key, name=payer.name, aliases=payer.aliases)
        self._wire.run_many(
            _ADD_RULE,
            [
                {
                    **key,
                    "place": place,
                    "field": rule.field,
                    "value": rule.text,
                    "first_day": rule.first_day,
                    "last_day": rule.last_day,
                    "source": rule.source,
                    "verified_on": rule.verified_on,
                }
                for place, rule in enumerate(payer.rules, start=1)
            ],
        )

    def drop(self, name: str) -> None:
        """Forget a payer and its rules."""
        self._import_log.touches(PAYER_CONTENT, payer_key(name))
        self._wire.run(_DROP_NAME, tenant_id=self._tenant_id, name_key=payer_key(name))

    def all(self) -> tuple[Payer, ...]:
        """Every payer that the practice imported, by name, each rule marked as the practice's own."""
        names = self._wire.rows(_NAMES, tenant_id=self._tenant_id)
        if not names:
            return ()
        rules: dict[str, list[DatedRule]] = defaultdict(list)
        rows = self._wire.rows(_RULES, tenant_id=self._tenant_id)
        for name_key, rule in damage.each(lambda row: (row[0], _rule(*row[1:])), rows, "payer_rule"):
            rules[name_key].append(rule)
        return tuple(
            Payer(name=name, aliases=aliases, rules=tuple(rules[name_key]))
            for name_key, name, aliases in names
        )


class FeeSchedules:
    """One tenant's own fee schedules; Medicare's is in `billing`."""

    def __init__(self, wire: Wire, tenant_id: int, import_log: ImportLog) -> None:
        self._wire = wire
        self._tenant_id = tenant_id
        self._import_log = import_log

    def put(self, schedule: FeeSchedule) -> None:
        """Keep a schedule in place of the one of that name, if any.

        Raises:
            ValueError: when an amount has parts of a cent.
        """
        key = {"tenant_id": self._tenant_id, "name_key": _key(schedule.name)}
        self._import_log.touches(FEE_CONTENT, key["name_key"])
        self._wire.run(_DROP_SCHEDULE, **key)
        self._wire.run(_ADD_SCHEDULE, **key, name=schedule.name, source=schedule.source)
        self._wire.run_many(
            _ADD_RATE,
            [
                key | {"place": place} | {field.name: getattr(rate, field.name) for field in fields(Rate)}
                for place, rate in enumerate(schedule.rates, start=1)
            ],
        )

    def by_name(self, name: str) -> FeeSchedule | None:
        """The schedule of that name, whatever its case and outer spaces; rates in the order given."""
        row = self._wire.row(_SCHEDULE_NAMED, tenant_id=self._tenant_id, name_key=_key(name))
        return None if row is None else self._schedule(_key(name), *row)

    def all(self) -> tuple[FeeSchedule, ...]:
        """Every schedule, by name."""
        rows = self._wire.rows(_SCHEDULES, tenant_id=self._tenant_id)
        return tuple(self._schedule(*row) for row in rows)

    def _schedule(self, name_key: str, name: str, source: str) -> FeeSchedule:
        rows = self._wire.rows(_RATES, tenant_id=self._tenant_id, name_key=name_key)
        return FeeSchedule(name=name, rates=tuple(damage.each(_rate, rows, "fee_rate")), source=source)


#: Every receipt reads the payers anew, and they are nearly always the same.
@lru_cache(maxsize=4096)
def _rule(
    name: str, value: str, first_day: date, last_day: date | None, source: str, verified_on: date | None
) -> DatedRule:
    return DatedRule(
        field=name,
        value=FIELDS[name].read(value) if name else None,
        first_day=first_day,
        last_day=last_day,
        source=source,
        verified_on=verified_on,
        is_own=True,
    )


def _rate(row: Values) -> Rate:
    named = dict(zip(_RATE_NAMES, row, strict=True))
    named["site"] = named["site"] and Site(named["site"])
    named["conversion"] = named["conversion"] and ConversionFactor(named["conversion"])
    return Rate(**named)
