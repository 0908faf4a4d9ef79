"""Payers with rules on file, and what each rule says."""

from collections.abc import Iterator
from datetime import date

from billing.payer import Grade
from bot import kit
from bot.replies import Reply
from bot.screens.lines import fitting, sections
from bot.screens.phrases import count, full_day, more
from services.months.payer_list import ListedPayer, ListedRule, PayerList

PUSH = "Payers' rules."
_FOOT = (
    "A payer that is not listed is judged by the practice's own rules. `/cocm payers Medicare` shows one payer, also "
    "with the rules of other times."
)
_GRADES = {
    Grade.OFFICIAL: "official text",
    Grade.SECONDARY: "reported by others",
    Grade.DERIVED: "follows from official texts",
    Grade.DISPUTED: "sources disagree",
}


def payers(found: PayerList, *, one: bool) -> Reply:
    """The rules, a line each: of one payer all that there are, of all payers those that hold today."""
    lines = [line for payer in found.payers for line in _payer(payer, one=one)]
    shown = fitting(lines)
    blocks = sections(shown)
    left = len(lines) - len(shown)
    if left:
        blocks.append(kit.context(more(left, "line")))
    return Reply(text=PUSH, blocks=(*blocks, kit.context(_FOOT)))


def _payer(payer: ListedPayer, *, one: bool) -> Iterator[str]:
    rules = [rule for rule in payer.rules if one or rule.holds]
    names = f" ({kit.escape(', '.join(payer.aliases))})" if one and payer.aliases else ""
    yield f"*{kit.escape(payer.name)}*{names} · {count(len(rules), 'rule')}"
    yield from map(_rule, rules)


def _rule(one: ListedRule) -> str:
    rule = one.rule
    parts = [
        kit.escape(rule.words),
        days(rule.first_day, rule.last_day),
        f"*{one.standing}*" if one.standing else "",
        _source(one),
    ]
    return f"• {' · '.join(part for part in parts if part)}"


def days(first: date, last: date | None) -> str:
    """`Jan 1, 2021 to Dec 31, 2025`; empty for what has always held."""
    if first == date.min:
        return "" if last is None else f"until {full_day(last)}"
    return f"from {full_day(first)}" if last is None else f"{full_day(first)} to {full_day(last)}"


def _source(one: ListedRule) -> str:
    """`CMS CY 2021 PFS final rule (P: official text; built in; verified Nov 27, 2026)`."""
    rule = one.rule
    said = [] if rule.grade is None else [f"{rule.grade.value}: {_GRADES[rule.grade]}"]
    said.append("the practice's own" if rule.is_own else "built in")
    if rule.verified_on is not None:
        said.append(f"verified {full_day(rule.verified_on)}")
    return f"{kit.escape(rule.source)} ({'; '.join(said)})".lstrip()
