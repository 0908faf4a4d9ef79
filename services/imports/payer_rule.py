"""Keeps one rule of a payer from a day on: as an import of one row would, so that it is taken back like one."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from billing.payer import DatedRule, Payer
from billing.payer_fields import FIELDS
from billing.payer_names import payer_key
from billing.people import Member
from services.context import Context
from services.errors import Refusal
from services.imports.outcome import ImportOutcome
from services.imports.payer_remarks import remarks_on
from services.imports.payers import store_payer
from services.imports.request import ImportRequest
from services.imports.storing import PlannedImport, carry_out
from services.imports.values import codes
from services.months.rule_book import RuleBook, payers_of
from services.people.rights import Action, needs

_DAY = timedelta(days=1)


class CannotKeepRule(Refusal):
    """That rule cannot be kept like this. Nothing was changed."""

    code = "cannot_keep_rule"

    def __init__(self, sentence: str, at: str) -> None:
        super().__init__(f"{sentence} Nothing was changed.")
        #: What is wrong: `name`, `value`, `from`, `to` or `verified_on`.
        self.at = at


@dataclass(frozen=True, slots=True, kw_only=True)
class PayerRuleRequest:
    """What a payer says in one field, as somebody wrote it."""

    name: str
    field: str
    value: str
    #: Local dates; None for what has always held, and for what holds until further notice.
    first_day: date | None = None
    last_day: date | None = None
    source: str = ""
    verified_on: date | None = None


@needs(Action.SET_SETTINGS)
def may_change(context: Context, actor: Member) -> bool:  # noqa: ARG001 - whoever changes is checked
    """Whether a member may change payers' rules; refused otherwise."""
    return True


@needs(Action.SET_SETTINGS)
def keep_rule(context: Context, actor: Member, asked: PayerRuleRequest) -> ImportOutcome:
    """Keep a rule; what the payer's other rows say stays as it is.

    Raises:
        CannotKeepRule: when something of it cannot be taken, or another rule stands in the way.
    """
    context.uow.episodes.hold()
    wanted, name = _rule(context, asked), payers_of(()).names.name_of(_name(asked.name))
    stored = [one for one in context.uow.payers.all() if _same(one.name, name)]
    rules = tuple(_beside(wanted, [rule for one in stored for rule in one.rules]))
    aliases = tuple(dict.fromkeys(alias for one in stored for alias in one.aliases))
    payer = Payer(name=name, aliases=aliases, rules=rules)
    is_there = stored == [payer]
    outcome = ImportOutcome(
        rows=1,
        added=int(not stored),
        changed=int(bool(stored) and not is_there),
        unchanged=int(is_there),
        remarks=remarks_on(RuleBook(context), [payer], [stored]),
    )

    def store(context: Context) -> None:
        store_payer(context, before=stored, payer=payer)

    plan = PlannedImport(kind="payers", outcome=outcome, steps=() if is_there else (store,))
    request = ImportRequest(data=_line(name, wanted).encode(), by=actor.member_id)
    return carry_out(context, plan, request, _unseen)


def _unseen(_done: int, _of: int) -> None:
    """One step needs no bar."""


def _name(words: str) -> str:
    try:
        return codes.payer(words)
    except ValueError as error:
        raise CannotKeepRule(str(error), "name") from error


def _rule(context: Context, asked: PayerRuleRequest) -> DatedRule:
    if asked.field not in FIELDS:
        raise CannotKeepRule("Choose which of the payer's rules this is.", "field")
    try:
        value = FIELDS[asked.field].read(asked.value.strip())
    except ValueError as error:
        raise CannotKeepRule(str(error), "value") from error
    if asked.first_day and asked.last_day and asked.last_day < asked.first_day:
        raise CannotKeepRule("The last day is before the first. Check the two dates.", "to")
    if asked.verified_on is not None and asked.verified_on > context.today:
        raise CannotKeepRule(
            "That day has not come yet. Give the day on which the source was read.", "verified_on"
        )
    return DatedRule(
        field=asked.field,
        value=value,
        first_day=asked.first_day or date.min,
        last_day=asked.last_day,
        source=" ".join(asked.source.split()),
        verified_on=asked.verified_on,
        is_own=True,
    )


def _beside(wanted: DatedRule, rules: Iterable[DatedRule]) -> Iterable[DatedRule]:
    """A payer's own rules with one more: of its field, the one before it ends, and one of the same day gives way."""
    same = sorted((one for one in rules if one.field == wanted.field), key=lambda one: one.first_day)
    later = next((one for one in same if one.first_day > wanted.first_day), None)
    if later is not None and wanted.last_day is None:
        wanted = replace(wanted, last_day=later.first_day - _DAY)
    for one in rules:
        if one.field != wanted.field:
            # A payer that was on file without a rule has one now.
            if one.field:
                yield one
        elif one.first_day > wanted.first_day:
            if wanted.last_day is not None and wanted.last_day >= one.first_day:
                raise CannotKeepRule(
                    f"{wanted.field} is on file from {one.first_day} on: end this before that day.", "to"
                )
            yield one
        elif one.first_day < wanted.first_day:
            yield _ended(one, wanted)
    yield wanted


def _ended(one: DatedRule, wanted: DatedRule) -> DatedRule:
    """An earlier rule, which ends where a later one begins."""
    if one.last_day is not None and one.last_day < wanted.first_day:
        return one
    if wanted.last_day is not None and (one.last_day is None or one.last_day > wanted.last_day):
        raise CannotKeepRule(
            f"{wanted.field} is on file from before that day and holds longer than this one. Leave the last day "
            "empty, and then give what holds afterwards.",
            "to",
        )
    return replace(one, last_day=wanted.first_day - _DAY)


def _same(one: str, other: str) -> bool:
    return payer_key(payers_of(()).names.name_of(one)) == payer_key(other)


def _line(name: str, rule: DatedRule) -> str:
    """The row of a file that says the same, for the import's hash."""
    cells = (name, rule.field, rule.text, rule.first_day, rule.last_day, rule.source, rule.verified_on)
    return ",".join(map(str, cells))
