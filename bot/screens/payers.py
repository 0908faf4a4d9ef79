"""Payers with rules on file, and what each rule says."""

from collections.abc import Iterator
from datetime import date

from billing.payer import Grade
from billing.payer_fields import FIELDS
from bot import kit
from bot.ids import ActionId, listed
from bot.replies import Block, Reply
from bot.screens.lines import LIST_TEXT, fitting, sections
from bot.screens.pages import Page
from bot.screens.phrases import count, full_day, more
from services.imports.outcome import ImportOutcome
from services.imports.payer_rule import PayerRuleRequest
from services.months.payer_list import ListedPayer, ListedRule, PayerList

PUSH = "Payers' rules."
#: Names the list in the buttons that turn its pages; and a payer that is yet to be named.
LIST = "payers"
ANY = "*"
#: Characters for each payer of a page.
_OF_EACH = 700
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


def payers(found: PayerList, *, one: bool, number: int = 0) -> Reply:
    """The rules, a line each: of one payer all that there are, of all payers those that hold today, a page of them."""
    page = Page.of_list(found.payers, number)
    blocks: list[Block] = []
    for place, payer in enumerate(page.here):
        lines = list(_payer(payer, one=one))
        shown = fitting(lines, LIST_TEXT if one else _OF_EACH)
        first, *rest = sections(shown)
        blocks += [{**first, "accessory": _change(payer.name, place)} if found.may_change else first, *rest]
        if left := len(lines) - len(shown):
            blocks.append(kit.context(more(left, "line")))
    blocks += page.turners(LIST, "payer")
    if found.may_change and not one:
        blocks.append(kit.actions([_change(ANY, len(page.here))]))
    return Reply(text=PUSH, blocks=(*blocks, kit.context(_FOOT)))


def rule_kept(asked: PayerRuleRequest, done: ImportOutcome) -> Reply:
    """A payer's rule as it is now, what that means, and the way back."""
    name, field = kit.escape(asked.name), FIELDS[asked.field]
    says = f"{name}: {kit.escape(field.words(field.read(asked.value.strip())))}"
    if done.number is None:
        said = f"*{says}* is on file already. Nothing was changed."
        return Reply(text=PUSH, blocks=(kit.section(said),))
    when = days(asked.first_day or date.min, asked.last_day) or "always"
    blocks = [kit.section(f"*Set:* {says}, {when}. Closed months stay as they are.")]
    if done.remarks:
        blocks.append(kit.context(*(kit.escape(one) for one in done.remarks)))
    undo = kit.button("Undo", ActionId.UNDO_IMPORT, f"{done.number}", style="danger")
    return Reply(text=PUSH, blocks=(*blocks, kit.actions([undo])))


def _change(name: str, place: int) -> Block:
    """Opens the form for a payer's rule."""
    action_id = listed(ActionId.CHANGE_PAYER, place)
    if name == ANY:
        return kit.button("Add a payer or a rule", action_id, name)
    return kit.button("Change", action_id, name, about=name)


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
