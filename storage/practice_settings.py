"""Stores the practice's settings, each from the day on which it came into force."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select

from billing.practice_settings import SETTINGS, SettingChange, plain
from storage import damage
from storage.audit import Audit
from storage.compiled import Values
from storage.facts import SETTING_FACTS, Facts
from storage.hashes import PRACTICE_SETTINGS
from storage.statements import PreparedStatement, Wire, inserting
from storage.tables import PracticeSettingRow, table_of

_SETTING = table_of(PracticeSettingRow)
_NAMES = ("setting_id", "name", "value", "from_day", "set_by", "set_at")
_ALL = PreparedStatement(
    select(*(_SETTING.c[name] for name in _NAMES))
    .where(_SETTING.c.tenant_id == bindparam("tenant_id"), _SETTING.c.withdrawn_at.is_(None))
    .order_by(_SETTING.c.setting_id)
)
_ADD = PreparedStatement(
    inserting(PracticeSettingRow, without=("setting_id", "withdrawn_by", "withdrawn_at")).returning(
        *PRACTICE_SETTINGS.raw()
    )
)


class SettingChanges:
    """What one tenant has set, and from when on; nothing is deleted, what was taken back is withdrawn."""

    def __init__(self, wire: Wire, tenant_id: int, audit: Audit, facts: Facts) -> None:
        self._wire = wire
        self._tenant_id = tenant_id
        self._audit = audit
        self._facts = facts
        self._known: tuple[SettingChange, ...] | None = None

    def all(self) -> tuple[SettingChange, ...]:
        """Every setting that counts, in the order in which they were set; read once in a unit of work."""
        if self._known is None:
            rows = self._wire.rows(_ALL, tenant_id=self._tenant_id)
            self._known = tuple(damage.each(_change, rows, "practice_setting"))
        return self._known

    def add(self, *, name: str, value: str, from_day: date, by: int | None, at: datetime) -> SettingChange:
        """Keep a setting from a local date on.

        Args:
            name: Of `billing.practice_settings.SETTINGS`.
            value: As it is written.
            from_day: Its first day.
            by: The member who sets it; None for the command line without a name.
            at: Aware instant of now.
        """
        given: dict[str, Any] = {
            "name": name,
            "value": value,
            "from_day": from_day,
            "set_by": by,
            "set_at": at,
        }
        row = PRACTICE_SETTINGS.named(self._wire.one(_ADD, tenant_id=self._tenant_id, **given))
        self._audit.keep_hash(PRACTICE_SETTINGS, row)
        self._facts.added(SETTING_FACTS, row)
        self.forget()
        return SettingChange(setting_id=row["setting_id"], **given)

    def forget(self) -> None:
        """Read them again when next asked for."""
        self._known = None


def _change(row: Values) -> SettingChange:
    """A row as the value, once its setting takes what stands there."""
    change = SettingChange(**dict(zip(_NAMES, row, strict=True)))
    SETTINGS[change.name].read(plain(change.value))
    return change
