"""Lists payers with rules on file: each rule with its days, its source, whose it is and whether it judges."""

from dataclasses import dataclass, replace
from datetime import date

from billing.months import BillingMonth
from billing.payer import DatedRule, Payer
from billing.payer_names import payer_key
from billing.people import Member
from services.context import Context
from services.errors import Refusal
from services.months.payer_likeness import alike
from services.months.rule_book import RuleBook
from services.people.rights import Action, allowed, needs

#: Payers named in one sentence.
_NAMED = 20


class NoSuchPayer(Refusal):
    """No payer of that name has rules on file."""

    code = "no_such_payer"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedRule:
    """A rule as it stands on the day asked about."""

    rule: DatedRule
    #: Whether it is within its days.
    holds: bool
    #: Whether lines of that day are judged by it.
    in_force: bool

    @property
    def standing(self) -> str:
        """In a few words, what to make of it; empty for one that judges and was verified."""
        if self.rule.verified_on is None:
            return "UNVERIFIED, in use" if self.rule.is_own else "UNVERIFIED, not in use"
        return "replaced by the practice's own" if self.holds and not self.in_force else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPayer:
    """A payer and its rules: by field, the oldest first."""

    name: str
    aliases: tuple[str, ...]
    rules: tuple[ListedRule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PayerList:
    """Payers by name, as they stand on a day."""

    day: date
    #: The month asked about; without one all rules are listed, whatever their days.
    month: BillingMonth | None
    payers: tuple[ListedPayer, ...]
    #: Whether whoever looks may change them.
    may_change: bool = False


@needs(Action.SEE_PAYERS)
def shown(context: Context, actor: Member, name: str = "") -> PayerList:
    """What `listed` finds, on the person's own day.

    Raises:
        NoSuchPayer: when nobody of that name has rules on file.
    """
    found = listed(context, name, day=context.today_of(actor))
    return replace(found, may_change=allowed(context, actor, Action.SET_SETTINGS))


def listed(
    context: Context, name: str = "", month: BillingMonth | None = None, day: date | None = None
) -> PayerList:
    """Payers with rules on file.

    Args:
        context: Where the use case works.
        name: Of one payer, whatever it goes by; empty for all.
        month: Only rules that hold on some day of it.
        day: On which what is in force is told; the month's last day, or today, where none is given.

    Raises:
        NoSuchPayer: when nobody of that name has rules on file.
    """
    book = RuleBook(context)
    on_file = sorted(book.payers.by_name.values(), key=lambda payer: payer.name.casefold())
    if name:
        found = book.payer(name)
        if found is None:
            raise NoSuchPayer(_unknown(book, name, on_file))
        on_file = [found]
    day = day or (month.last_day if month is not None else context.today)
    return PayerList(day=day, month=month, payers=tuple(_listed(payer, month, day) for payer in on_file))


def _listed(payer: Payer, month: BillingMonth | None, day: date) -> ListedPayer:
    judging = payer.in_force(day)
    rules = [rule for rule in payer.rules if month is None or _meets(rule, month)]
    order = {name: place for place, name in enumerate(dict.fromkeys(rule.field for rule in payer.rules))}
    rules.sort(key=lambda rule: (order[rule.field], not rule.is_own, not rule.judges, rule.first_day))
    names = dict.fromkeys(name for name in payer.aliases if name != payer.name)
    return ListedPayer(
        name=payer.name,
        aliases=tuple(names),
        rules=tuple(
            ListedRule(rule=rule, holds=rule.holds_on(day), in_force=judging.get(rule.field) is rule)
            for rule in rules
        ),
    )


def _meets(rule: DatedRule, month: BillingMonth) -> bool:
    return rule.first_day <= month.last_day and (rule.last_day is None or rule.last_day >= month.first_day)


def _unknown(book: RuleBook, name: str, on_file: list[Payer]) -> str:
    usual = book.name_of(name)
    key, known = payer_key(name), book.payers.names.known
    near = (*alike(name, known), *(other for other in known if key in other))
    meant = sorted({found.name for one in near if (found := book.payer(one)) is not None})
    hint = f" Did you mean {' or '.join(meant)}?" if meant else ""
    names = ", ".join(payer.name for payer in on_file[:_NAMED])
    return (
        f"No rules for {usual} are on file, so its lines are judged by the practice's own rules.{hint} "
        f"Rules are on file for: {names}."
    )
