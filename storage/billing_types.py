"""Column types for months and money."""

from datetime import date
from decimal import Decimal

from sqlalchemy import Date, Dialect, Integer
from sqlalchemy.types import TypeDecorator

from billing.months import BillingMonth


class Month(TypeDecorator[BillingMonth]):
    """A calendar month, kept as its first day."""

    impl = Date
    cache_ok = True

    def process_bind_param(self, value: BillingMonth | None, dialect: Dialect) -> date | None:  # noqa: ARG002 - the base class's signature
        """To the first day."""
        return None if value is None else value.first_day

    def process_result_value(self, value: date | None, dialect: Dialect) -> BillingMonth | None:  # noqa: ARG002 - the base class's signature
        """Back to the month."""
        return None if value is None else BillingMonth.of(value)


class Dollars(TypeDecorator[Decimal]):
    """US dollars, kept as whole cents: SQLite has no exact decimal type."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - the base class's signature
        """To cents; parts of a cent are refused rather than lost."""
        if value is None:
            return None
        cents = value.scaleb(2)
        if cents != int(cents):
            raise ValueError("an amount is in whole cents")
        return int(cents)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:  # noqa: ARG002 - the base class's signature
        """Back to dollars with two places."""
        return None if value is None else Decimal(value).scaleb(-2)
