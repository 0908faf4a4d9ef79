"""A patient's month, explained entry by entry."""

from collections.abc import Iterator

from billing.explain import ExplainedEntry
from billing.findings.finding import Severity
from billing.months import BillingMonth
from billing.people import Patient
from bot import kit, why_words
from bot.blocks.lines import fitting, sections
from bot.ids import ActionId
from bot.replies import Block, Reply
from services.months.why import Why

#: Characters of the entries, and of what is missing and worth knowing.
_ENTRIES_TEXT, _FINDINGS_TEXT = 6_500, 3_000


def why(told: Why) -> Reply:
    """What counts, what does not, what is missing."""
    found = [*told.explanation.missing]
    found += [one for one in told.explanation.remarks if one.severity is not Severity.NOTE]
    noted = [one for one in told.explanation.remarks if one.severity is Severity.NOTE]
    lines = [why_words.finding(one) for one in (*found, *noted)]
    lines += [why_words.addendum(one) for one in told.addenda]
    shown = fitting(lines, _FINDINGS_TEXT)
    blocks = [
        kit.section(why_words.heading(told)),
        *sections(shown),
        *_left_out(len(lines) - len(shown), "finding"),
        *_entries(told),
        kit.context(why_words.judged_by(told)),
    ]
    return Reply(text=why_words.PUSH, blocks=tuple(blocks))


def why_button(patient: Patient, month: BillingMonth) -> Block:
    """Asks for the explanation of a month; names the patient by handle, as what Slack keeps must."""
    return kit.button(why_words.BUTTON, ActionId.WHY, f"{patient.handle}:{month}")


def _entries(told: Why) -> list[Block]:
    entries = told.explanation.entries
    lines = [why_words.entry(one, told) for one in entries]
    shown = fitting(lines, _ENTRIES_TEXT)
    if len(shown) == len(lines):
        return sections(shown)
    lines = list(_telling(told))
    shown = fitting(lines, _ENTRIES_TEXT)
    return [*sections(shown), *_left_out(len(lines) - len(shown), "line")]


def _left_out(lines: int, thing: str) -> list[Block]:
    return [kit.context(why_words.left_out(lines, thing))] if lines else []


def _telling(told: Why) -> Iterator[str]:
    """The entries that explain something, and how many plain ones lie between them."""
    plain: list[ExplainedEntry] = []
    for one in told.explanation.entries:
        if not (one.excluded or one.reached):
            plain.append(one)
            continue
        if plain:
            yield why_words.skipped(len(plain), sum(each.seconds for each in plain))
            plain = []
        yield why_words.entry(one, told)
    if plain:
        yield why_words.skipped(len(plain), sum(each.seconds for each in plain))
