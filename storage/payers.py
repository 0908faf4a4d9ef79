"""Stores payers' own rules and the practice's fee schedules, both by name."""

from dataclasses import fields

from sqlalchemy import bindparam, delete, select

from billing.money import FeeSchedule, Rate
from billing.payer import Payer
from billing.rules import ConsultantMinutes, InitialPolicy, Limit99492, Modifier, Psychotherapy, TimeRule
from storage.statements import Parameters, PreparedStatement, Values, Wire, inserting
from storage.tables import FeeRateRow, FeeScheduleRow, PayerRow, table_of

_PAYER = table_of(PayerRow)
_NAMES = tuple(field.name for field in fields(Payer))
_PAYERS = select(*(_PAYER.c[name] for name in _NAMES)).where(_PAYER.c.tenant_id == bindparam("tenant_id"))
_PAYER_NAMED = PreparedStatement(_PAYERS.where(_PAYER.c.name_key == bindparam("name_key")))
_ALL_PAYERS = PreparedStatement(_PAYERS.order_by(_PAYER.c.name_key))
_ADD_PAYER = PreparedStatement(inserting(PayerRow))
_DROP_PAYER = PreparedStatement(
    delete(_PAYER).where(
        _PAYER.c.tenant_id == bindparam("tenant_id"), _PAYER.c.name_key == bindparam("name_key")
    )
)
#: Columns that hold a word of an enumeration.
_WORDS = {
    "time_rule": TimeRule,
    "initial_policy": InitialPolicy,
    "limit_99492": Limit99492,
    "consultant_minutes": ConsultantMinutes,
    "psychotherapy": Psychotherapy,
}

_SCHEDULE = table_of(FeeScheduleRow)
_RATE = table_of(FeeRateRow)
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
    select(
        _RATE.c.code, _RATE.c.first_day, _RATE.c.last_day, _RATE.c.amount, _RATE.c.basis, _RATE.c.confidence
    )
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

    def __init__(self, wire: Wire, tenant_id: int) -> None:
        self._wire = wire
        self._tenant_id = tenant_id

    def put(self, payer: Payer) -> None:
        """Keep a payer's rules in place of those it had, if any."""
        key = {"tenant_id": self._tenant_id, "name_key": _key(payer.name)}
        self._wire.run(_DROP_PAYER, **key)
        self._wire.run(_ADD_PAYER, **key, **_payer_parameters(payer))

    def by_name(self, name: str) -> Payer | None:
        """The payer of that name, whatever its case and outer spaces."""
        row = self._wire.row(_PAYER_NAMED, tenant_id=self._tenant_id, name_key=_key(name))
        return None if row is None else _payer(row)

    def all(self) -> tuple[Payer, ...]:
        """Every payer, by name."""
        return tuple(map(_payer, self._wire.rows(_ALL_PAYERS, tenant_id=self._tenant_id)))


class FeeSchedules:
    """One tenant's own fee schedules; Medicare's is in `billing`."""

    def __init__(self, wire: Wire, tenant_id: int) -> None:
        self._wire = wire
        self._tenant_id = tenant_id

    def put(self, schedule: FeeSchedule) -> None:
        """Keep a schedule in place of the one of that name, if any.

        Raises:
            ValueError: when an amount has parts of a cent.
        """
        key = {"tenant_id": self._tenant_id, "name_key": _key(schedule.name)}
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
        return FeeSchedule(name=name, rates=tuple(map(_rate, rows)), source=source)


def _payer_parameters(payer: Payer) -> Parameters:
    plain = {name: getattr(payer, name) for name in _NAMES}
    words = {name: plain[name] and plain[name].value for name in _WORDS}
    modifiers = tuple(f"{one.code}:{one.modifier}" for one in payer.modifiers)
    return plain | words | {"covered_codes": tuple(sorted(payer.covered_codes)), "modifiers": modifiers}


def _payer(row: Values) -> Payer:
    named = dict(zip(_NAMES, row, strict=True))
    for name, word in _WORDS.items():
        named[name] = named[name] and word(named[name])
    named["covered_codes"] = frozenset(named["covered_codes"])
    pairs = (text.partition(":") for text in named["modifiers"])
    named["modifiers"] = tuple(Modifier(code=code, modifier=modifier) for code, _, modifier in pairs)
    return Payer(**named)


def _rate(row: Values) -> Rate:
    code, first_day, last_day, amount, basis, confidence = row
    return Rate(
        code=code,
        first_day=first_day,
        last_day=last_day,
        amount=amount,
        basis=basis,
        confidence=confidence,
    )
