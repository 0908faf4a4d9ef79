"""Checks a payer's file: what was read of it becomes a payer, or a sentence that says what is wrong where."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from billing.payer import DatedRule, Grade, Payer
from billing.payer_fields import FIELDS

_KEYS = frozenset({"name", "aliases", "rule"})
_RULE_KEYS = frozenset({"field", "value", "from", "to", "source", "grade", "verified_on"})


class PayerFileError(ValueError):
    """A file that is no payer: the file, the rule and what to do, in a sentence."""


def payer_of(file: str, held: Mapping[str, Any]) -> Payer:
    """The payer that a file holds.

    Args:
        file: Its name, for the sentence.
        held: What a TOML reader found: `name`, `aliases`, and a table `rule` for each rule.

    Raises:
        PayerFileError: naming the file, the rule (counted from 1, with its field) and what is wrong with it.
    """
    _known(held, _KEYS, file)
    rules = [_rule(file, number, one) for number, one in enumerate(held.get("rule", ()), start=1)]
    if not rules:
        raise PayerFileError(f"{file}: there is no rule. Add a [[rule]].")
    for name in {rule.field for rule in rules}:
        _refuse_overlaps(file, [rule for rule in rules if rule.field == name and rule.judges])
    return Payer(name=_text(held, "name", file), aliases=aliases_of(file, held), rules=tuple(rules))


def aliases_of(file: str, held: Mapping[str, Any]) -> tuple[str, ...]:
    """The other names that an entry of a file gives.

    Raises:
        PayerFileError: when they are no list of texts.
    """
    aliases = held.get("aliases", [])
    if not isinstance(aliases, list) or not all(isinstance(one, str) and one.strip() for one in aliases):
        raise PayerFileError(f'{file}: aliases are a list of names. Write ["MCR B", "Medicare Part B"].')
    return tuple(aliases)


def _rule(file: str, number: int, held: Mapping[str, Any]) -> DatedRule:
    name = held.get("field")
    where = f"{file}, rule {number} ({name})"
    _known(held, _RULE_KEYS, where)
    field = FIELDS.get(name) if isinstance(name, str) else None
    if field is None:
        raise PayerFileError(f"{where}: there is no such field. Fields: {', '.join(FIELDS)}.")
    if "value" not in held:
        raise PayerFileError(f"{where}: the value is missing.")
    first_day, last_day = _day(held, "from", where), _day(held, "to", where)
    if first_day is not None and last_day is not None and last_day < first_day:
        raise PayerFileError(f"{where}: it ends on {last_day} before it begins on {first_day}.")
    return DatedRule(
        field=field.name,
        value=_checked(lambda: field.read(_as_text(held["value"])), where),
        first_day=first_day or date.min,
        last_day=last_day,
        source=_text(held, "source", where),
        grade=_checked(lambda: Grade(_text(held, "grade", where)), where),
        verified_on=_day(held, "verified_on", where),
    )


def _refuse_overlaps(file: str, rules: Sequence[DatedRule]) -> None:
    for one, other in pairwise(sorted(rules, key=lambda rule: rule.first_day)):
        if one.last_day is None or other.first_day <= one.last_day:
            raise PayerFileError(
                f"{file}: two rules of {one.field} hold on {other.first_day}. End the first the day before."
            )


def _as_text(value: object) -> str:
    """A TOML value as files of other kinds have it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)


def _checked(read: Callable[[], Any], where: str) -> Any:
    try:
        return read()
    except PayerFileError:
        raise
    except ValueError as error:
        raise PayerFileError(f"{where}: {error}") from None


def _known(held: Mapping[str, Any], keys: frozenset[str], where: str) -> None:
    unknown = sorted(held.keys() - keys)
    if unknown:
        raise PayerFileError(f"{where}: {', '.join(unknown)} is not known. Known: {', '.join(sorted(keys))}.")


def _text(held: Mapping[str, Any], key: str, where: str) -> str:
    text = held.get(key)
    if not isinstance(text, str) or not text.strip():
        raise PayerFileError(f"{where}: {key} is missing.")
    return text


def _day(held: Mapping[str, Any], key: str, where: str) -> date | None:
    day = held.get(key)
    if day is not None and (not isinstance(day, date) or isinstance(day, datetime)):
        raise PayerFileError(f"{where}: {key} is not a date. Write {key} = 2026-11-22, without quotes.")
    return day
