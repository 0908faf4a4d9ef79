"""Estimates what a line may pay, by its date of service."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from billing.charges import Charge

CENT = Decimal("0.01")
_NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """US dollars for one unit of a code between two local dates, both included."""

    code: str
    first_day: date
    #: None means until a newer rate.
    last_day: date | None
    amount: Decimal
    #: How the figure came about, and how sure it is.
    basis: str = ""
    confidence: str = ""

    def holds_on(self, day: date) -> bool:
        """Whether the rate is that of a date of service."""
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeSchedule:
    """Rates under one name: Medicare's, or a practice's own for a payer."""

    name: str
    rates: tuple[Rate, ...]
    source: str = ""

    def rate(self, code: str, day: date) -> Rate | None:
        """The rate of a code on a date of service; of several that hold, the one that began last."""
        holding = (rate for rate in self.rates if rate.code == code and rate.holds_on(day))
        return max(holding, key=lambda rate: rate.first_day, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """US dollars expected for some charges."""

    amount: Decimal
    #: Codes without a rate on the date of service: the amount lacks them.
    without_rate: tuple[str, ...] = ()


_NO_ESTIMATE = Estimate(amount=_NOTHING)


def estimate(charges: Sequence[Charge], day: date, schedule: FeeSchedule) -> Estimate:
    """Price charges by their date of service (R-602)."""
    if not charges:
        return _NO_ESTIMATE
    amount = _NOTHING
    missing: list[str] = []
    for charge in charges:
        rate = schedule.rate(charge.code, day)
        if rate is None:
            missing.append(charge.code)
        else:
            amount += rate.amount * charge.units
    return Estimate(amount=amount, without_rate=tuple(missing))


@dataclass(frozen=True, slots=True, kw_only=True)
class RateProblem:
    """A row of a fee schedule that cannot be read; rows count from 1."""

    row: int
    field: str
    message: str


def parse_rates(rows: Iterable[Mapping[str, str]]) -> tuple[Rate, ...] | tuple[RateProblem, ...]:
    """Read rates from rows with `code, from, to, usd` (`to` may be empty), or say all that is wrong."""
    rates: list[Rate] = []
    problems: list[RateProblem] = []
    for number, row in enumerate(rows, start=1):
        try:
            rates.append(_rate(row))
        except _FieldError as error:
            problems.append(RateProblem(row=number, field=error.field, message=str(error)))
    return tuple(problems) or tuple(rates)


class _FieldError(ValueError):
    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def _rate(row: Mapping[str, str]) -> Rate:
    code = row.get("code", "").strip().upper()
    if not code:
        raise _FieldError("code", "A rate needs its code, such as 99492.")
    last = row.get("to", "").strip()
    first_day = _day(row, "from")
    last_day = _day(row, "to") if last else None
    if last_day is not None and last_day < first_day:
        raise _FieldError("to", f"{last} is before the first day {first_day.isoformat()}.")
    return Rate(
        code=code,
        first_day=first_day,
        last_day=last_day,
        amount=_dollars(row.get("usd", "").strip()),
        basis=row.get("basis", "").strip(),
        confidence=row.get("confidence", "").strip(),
    )


def _day(row: Mapping[str, str], field: str) -> date:
    text = row.get(field, "").strip()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _FieldError(field, f"{text!r} is not a date. Write 2026-11-22.") from None


def _dollars(text: str) -> Decimal:
    try:
        amount = Decimal(text.removeprefix("$"))
    except InvalidOperation:
        raise _FieldError("usd", f"{text!r} is not an amount. Write 153.12.") from None
    if not amount.is_finite() or amount < 0 or amount != amount.quantize(CENT):
        raise _FieldError("usd", f"{text!r} is not an amount in dollars and cents. Write 153.12.")
    return amount.quantize(CENT)


def split(amount: Decimal, weights: Sequence[int]) -> tuple[Decimal, ...]:
    """Divide an amount by weights so that the cents add up; odd cents go to the largest remainders.

    Nothing to weigh, or to divide, gives shares of nothing.
    """
    total = sum(weights)
    if not total or not amount:
        return (_NOTHING,) * len(weights)
    cents = int(amount / CENT)
    shares = [cents * weight // total for weight in weights]
    remainders = [cents * weight % total for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda place: (-remainders[place], place))
    for place in by_remainder[: cents - sum(shares)]:
        shares[place] += 1
    return tuple(share * CENT for share in shares)
