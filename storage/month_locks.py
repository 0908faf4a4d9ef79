"""Keeps what decides a month's lines still while the month is frozen, and tells whoever would write meanwhile.

On PostgreSQL many write at once, so a close that reads patient after patient could freeze a month that never was. Each
write that can change a month's lines therefore takes a share of a lock until it is committed: of the month that an
entry is dated in, or of care as a whole, which is of no one month. A close takes both alone before it reads, and the
months before its own, whose time decides whether a month is a first one. What was committed before is in its figures;
what comes after finds the month closed, and says so.

A share is tried for and never waited for with anything in hand, so that nobody can wait in a circle: the write begins
again once the close has ended. SQLite has one writer, and nothing to lock.
"""

from collections.abc import Iterable

from sqlalchemy import BigInteger, ColumnElement, bindparam, func, select

from billing.months import BillingMonth
from storage.errors import MonthFreezing
from storage.statements import PreparedStatement, Wire

#: Tells these locks from others that programs take in the same database.
_SPACE = 0x636F << 48
_TENANT_BITS = 20
_MONTHS_A_YEAR = 12
#: So many months before it are frozen with a month: which code a line takes hangs on what came before.
EARLIER = 24
#: Stands for care, practice settings and roles: no month has the number.
_CARE = 0


def share_of(name: str) -> ColumnElement[bool]:
    """A column that takes a share of the lock of that parameter, for a statement that is sent anyway."""
    return func.pg_try_advisory_xact_lock_shared(bindparam(name, type_=BigInteger))


_SHARE = PreparedStatement(select(share_of("key")))
_FREEZE_CARE = PreparedStatement(select(func.pg_advisory_xact_lock(bindparam("care", type_=BigInteger))))
#: Keys of months follow one another.
_KEYS = func.generate_series(
    bindparam("first", type_=BigInteger), bindparam("last", type_=BigInteger)
).column_valued("key")
_FREEZE_MONTHS = PreparedStatement(select(func.pg_advisory_xact_lock(_KEYS)))


class MonthLocks:
    """The locks of one tenant's months, as one unit of work holds them until it ends."""

    def __init__(self, wire: Wire, tenant_id: int) -> None:
        self._wire = wire
        self._space = _SPACE | tenant_id << _TENANT_BITS
        self._held: set[int] = set()

    @property
    def care_key(self) -> int:
        """The key of the lock of care, of which a statement takes a share on the way; see `took`."""
        return self._space | _CARE

    def key_of(self, month: BillingMonth) -> int:
        """The key of a month's lock, of which a statement takes a share on the way; see `took`."""
        return self._space | month.year * _MONTHS_A_YEAR + month.month

    def took(self, key: int, *, got: bool) -> None:
        """Note what a statement on the way said of a share that it tried for.

        Raises:
            MonthFreezing: when it did not get it.
        """
        if not got:
            raise MonthFreezing(key)
        self._held.add(key)

    def share(self, months: Iterable[BillingMonth]) -> None:
        """Keep months from being frozen until this unit of work ends; to be asked before it looks whether they are.

        Raises:
            MonthFreezing: while one of them is being frozen; the unit of work is to begin again.
        """
        for month in dict.fromkeys(months):
            self._share(self.key_of(month))

    def share_care(self) -> None:
        """The same for what is of no one month: settings, roles, whatever is on file of a patient."""
        self._share(self.care_key)

    def freeze(self, month: BillingMonth) -> None:
        """Wait for whoever is writing what the month is made of, and keep others from it until this unit of work ends.

        To be asked for before anything else is. Later months go on.
        """
        if self._wire.is_sqlite:
            return
        # Two that freeze wait here for one another, and nobody else waits with anything in hand.
        self._wire.rows(_FREEZE_CARE, care=self.care_key)
        last = self.key_of(month)
        self._wire.rows(_FREEZE_MONTHS, first=last - EARLIER, last=last)
        self._held.update((self.care_key, *range(last - EARLIER, last + 1)))

    def _share(self, key: int) -> None:
        if self._wire.is_sqlite or key in self._held:
            return
        (got,) = self._wire.one(_SHARE, key=key)
        self.took(key, got=got)
