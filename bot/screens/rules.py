"""Which rules change between two months."""

from billing.rule_changes import About, RuleChange
from bot import kit
from bot.replies import Reply
from bot.screens.lines import fitting, sections
from bot.screens.phrases import count, more
from services.practice.rules_diff import MonthRules

RULES_PUSH = "Which rules change."
_ABOUT = {
    About.CODES: "All payers",
    About.SETTING: "The practice's settings",
}
_FOOT = (
    "Which of the practice's lines would change: `cocm rules diff {first} {second} --practice` on the server."
)


def rules(found: MonthRules) -> Reply:
    """Each change with both values, its day and its source."""
    first, second = (f"{month.name} {month.year}" for month in (found.first, found.second))
    number = len(found.changes)
    head = f"*{first} to {second}: {count(number, 'change') if number else 'no changes'}*"
    lines = fitting([head, *map(_line, found.changes)])
    left = len(found.changes) + 1 - len(lines)
    foot = _FOOT.format(first=found.first, second=found.second)
    blocks = [*sections(lines), *([kit.context(more(left, "change"))] if left else []), kit.context(foot)]
    return Reply(text=RULES_PUSH, blocks=tuple(blocks))


def whose(change: RuleChange) -> str:
    """Whose rule it is, for a reader."""
    if change.about is About.RATES:
        return f"{change.whose} rates"
    return _ABOUT.get(change.about, change.whose)


def _line(change: RuleChange) -> str:
    day = change.day
    said = f"• {whose(change)}, {change.what}: {change.new} from {day:%b} {day.day}, {day.year} (before: {change.old})"
    return kit.escape(f"{said}. Source: {change.source}" if change.source else said)
