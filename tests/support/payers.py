"""Payers for tests, written field by field."""

from datetime import date

from billing.payer import DatedRule, Payer
from billing.payer_fields import FIELDS

#: Day on which somebody checked a payer's rules.
CHECKED = date(2026, 1, 2)
_BY_ATTRIBUTE = {one.attribute: one.name for one in FIELDS.values()}


def a_payer(
    name: str,
    *,
    aliases: tuple[str, ...] = (),
    verified_on: date | None = None,
    source: str = "",
    first_day: date = date.min,
    last_day: date | None = None,
    **terms: object,
) -> Payer:
    """A payer as a practice imports it with one row.

    Args:
        name: its name.
        aliases: other names.
        verified_on: None warns on each line.
        source: where the rules stand.
        first_day: from which on they hold.
        last_day: up to which they hold.
        **terms: fields of `billing.payer.PayerTerms`; without any the payer is on file without rules.
    """
    named = {_BY_ATTRIBUTE[attribute]: value for attribute, value in terms.items()} or {"": None}
    return Payer(
        name=name,
        aliases=aliases,
        rules=tuple(
            DatedRule(
                field=field,
                value=value,
                first_day=first_day,
                last_day=last_day,
                source=source,
                verified_on=verified_on,
                is_own=True,
            )
            for field, value in named.items()
        ),
    )


def lakeside(*, verified_on: date | None = CHECKED, **terms: object) -> Payer:
    """The payer of most tests, with rules of its own where they are given."""
    return a_payer("Lakeside Health", verified_on=verified_on, **terms)
