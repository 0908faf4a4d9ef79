"""A patient's month explained entry by entry: what counts or not and why, the codes, what is missing."""

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from billing.apcm import ApcmChoice
from billing.charges import codes_of
from billing.counting import Excluded
from billing.durations import spoken
from billing.evaluate import LineStatus
from billing.explain import ExplainedEntry
from billing.findings.finding import Finding, Severity
from billing.findings.registry import row_of
from billing.money import Estimate
from billing.months import BillingMonth
from billing.people import Patient
from billing.references import entry_reference
from bot import kit
from bot.ids import ActionId
from bot.replies import Block, Reply
from bot.screens.finding_lines import SEVERITIES
from bot.screens.fixes import buttons, settled_blocks, shown_of, who_can
from bot.screens.lines import fitting, sections
from bot.screens.phrases import count, full_month, month_state
from bot.screens.standings import progress
from services.fixing.fixes import Fixable
from services.months.addenda import Addendum, AddendumKind
from services.months.why import Why
from services.people.patients import shown_mrn

PUSH = "A patient's month, explained."
BUTTON = "Why"
NO_ENTRIES = "Nothing is logged in this month."
_STANDS_AT = "Not in the closed month. If the month were closed again: "
#: Of which each act that settled something takes some.
_SETTLED_TEXT = 400
#: Lines that have buttons; the others are too many to settle from one message.
_FIXED = 12
#: Characters of the entries, and of what is missing and worth knowing.
_ENTRIES_TEXT, _FINDINGS_TEXT = 6_500, 3_000


def why(found: Fixable, zone: ZoneInfo) -> Reply:
    """What counts, what does not, what is missing and settled by which tap, and what the reader has settled."""
    told = found.why
    addenda = [_addendum_line(one) for one in told.addenda]
    lines = [_finding_line(found, one) for one in _findings(told)]
    shown = fitting([*lines, *addenda], _FINDINGS_TEXT)
    settled = list(settled_blocks(found))
    blocks = [
        kit.section(heading(told)),
        *settled,
        *_line_blocks(found, shown, zone),
        *_left_out(len(lines) + len(addenda) - len(shown), "finding"),
        *_entries(told, _ENTRIES_TEXT - len(settled) * _SETTLED_TEXT),
        kit.context(_judged_by(told)),
    ]
    return Reply(text=PUSH, blocks=tuple(blocks))


def _findings(told: Why) -> list[Finding]:
    """What blocks first, and what is only worth knowing last."""
    remarks = told.explanation.remarks
    found = [*told.explanation.missing, *(one for one in remarks if one.severity is not Severity.NOTE)]
    return [*found, *(one for one in remarks if one.severity is Severity.NOTE)]


def _line_blocks(found: Fixable, shown: Sequence[str], zone: ZoneInfo) -> Iterator[Block]:
    """Each line that a tap settles with its buttons, the others in between as they come."""
    message, plain = shown_of(found), list[str]()
    findings = _findings(found.why)
    for place, line in enumerate(shown):
        made = buttons(found, findings[place], place, zone) if place < min(len(findings), _FIXED) else []
        if not made:
            plain.append(line)
            continue
        yield from sections(plain)
        plain = []
        block_id = message.block_id(place)
        if len(made) == 1:
            yield {**kit.section(line, accessory=made[0]), "block_id": block_id}
        else:
            yield kit.section(line)
            yield kit.actions(made, block_id)
    yield from sections(plain)


def why_button(patient: Patient, month: BillingMonth) -> Block:
    """Asks for the explanation of a month; names the patient by handle, as what Slack keeps must."""
    return kit.button(BUTTON, ActionId.WHY, f"{patient.handle}:{month}", about=shown_mrn(patient.mrn))


def heading(why: Why) -> str:
    """The patient, the month and where it stands, the minutes and the codes."""
    told = why.explanation
    patient = why.patient
    lines = [
        (
            f"*{kit.escape(shown_mrn(patient.mrn))}* · {patient.handle} · "
            f"{full_month(why.month)}, {month_state(why.state)}"
        ),
        f"{_STANDS_AT if why.all_since_close else ''}*{progress(told.threshold, told.payer)}*",
        _read(why),
        _codes(why),
        _choice(why.apcm_choice) if why.apcm_choice else "",
    ]
    return "\n".join(line for line in lines if line)


def _entries(told: Why, room: int) -> list[Block]:
    entries = told.explanation.entries
    lines = [_entry_line(one, told) for one in entries]
    shown = fitting(lines, room)
    if len(shown) == len(lines):
        return sections(shown)
    lines = list(_telling(told))
    shown = fitting(lines, room)
    return [*sections(shown), *_left_out(len(lines) - len(shown), "line")]


def _left_out(lines: int, thing: str) -> list[Block]:
    return [kit.context(_left_out_sentence(lines, thing))] if lines else []


def _telling(told: Why) -> Iterator[str]:
    """The entries that explain something, and how many plain ones lie between them."""
    plain: list[ExplainedEntry] = []
    for one in told.explanation.entries:
        if not (one.excluded or one.reached):
            plain.append(one)
            continue
        if plain:
            yield _skipped(len(plain), sum(each.seconds for each in plain))
            plain = []
        yield _entry_line(one, told)
    if plain:
        yield _skipped(len(plain), sum(each.seconds for each in plain))


def _read(why: Why) -> str:
    told = why.explanation
    if why.all_since_close:
        said = f"{count(len(told.entries), 'entry')}, {spoken(told.read_seconds)} logged since the close"
        return f"{said}: in no total until the month is closed again."
    lost = told.read_seconds - told.counted_seconds
    if not told.entries:
        return NO_ENTRIES
    not_counted = f"{spoken(lost)} not counted" if lost else "all counted"
    return f"{count(len(told.entries), 'entry')}, {spoken(told.read_seconds)} logged: {not_counted}."


def _codes(why: Why) -> str:
    told = why.explanation
    if why.all_since_close:
        return ""
    if told.status is LineStatus.BILLABLE:
        held = f" Held until the consultant's time is attested: {codes_of(told.held)}." if told.held else ""
        return f"Billable: {codes_of(told.billable)}.{held}"
    if told.earned:
        return f"{codes_of(told.earned)} earned by minutes, not billable yet."
    if told.status is LineStatus.BLOCKED:
        return "Enough minutes, but this month bills nothing as it stands."
    return "No code reached: a month below the threshold is a valid month."


def _choice(choice: ApcmChoice) -> str:
    """Both sets of codes for a patient in APCM, and what each may pay."""
    valued = f" (Medicare values it as {choice.valued_as})" if choice.valued_as else ""
    return (
        f"In APCM, held for a biller: either {codes_of(choice.codes)}, {_estimated(choice.codes_estimate)}, or "
        f"{choice.instead.code}, {_estimated(choice.instead_estimate)}{valued}."
    )


def _estimated(estimate: Estimate) -> str:
    if estimate.without_rate:
        return f"no rate on file for {', '.join(estimate.without_rate)}"
    return f"estimated ${estimate.amount:,.2f}"


def _judged_by(why: Why) -> str:
    """The rules in force."""
    return f"Judged by the rule set {kit.escape(why.explanation.rule_set)}."


def _entry_line(one: ExplainedEntry, why: Why) -> str:
    """`Tue Nov 3 · 15 min · phone · Ana Flores · e-36 · sum 52 min`."""
    who = why.members.get(one.performed_by)
    parts = [
        f"{one.service_date:%a %b} {one.service_date.day}",
        f"{spoken(one.seconds)} {one.activity.label}",
        kit.escape(who.display_name) if who else "",
        f"`{entry_reference(one.entry_id)}`",
        *(_excluded(part, one) for part in one.excluded),
        f"sum {spoken(one.running_seconds)}",
        f"*{codes_of(one.reached)} reached*" if one.reached else "",
    ]
    return " · ".join(part for part in parts if part)


def _excluded(part: Excluded, one: ExplainedEntry) -> str:
    how_much = "*not counted*" if part.seconds == one.seconds else f"*{spoken(part.seconds)} not counted*"
    kept = f"; see `{entry_reference(part.kept_by)}`" if part.kept_by else ""
    return f"{how_much}: {part.reason.label}{kept}"


def _skipped(entries: int, seconds: int) -> str:
    """A run of entries that are as they should be and did not fit."""
    return f"_… {count(entries, 'entry')} more, {spoken(seconds)}, all counted_"


def _left_out_sentence(lines: int, thing: str) -> str:
    """Lines beyond those shown."""
    return f"And {lines:,} more {thing if lines == 1 else thing + 's'} that do not fit here."


def _finding_line(shown: Fixable, found: Finding) -> str:
    """A blocker or a remark, what to do or who can, and the rule it comes from."""
    row, told = row_of(found), shown.why
    said = (
        SEVERITIES[found.severity],
        kit.escape(row.message(found)),
        who_can(shown, found) or kit.escape(row.to_do_for(shown_mrn(told.patient.mrn), told.month)),
        f"({row.rule})",
    )
    return " ".join(part for part in said if part)


def _addendum_line(one: Addendum) -> str:
    """An entry that stands otherwise than in the closed month."""
    reference = f"`{entry_reference(one.entry_id)}`"
    before, after = spoken(one.seconds_before), spoken(one.seconds_after)
    changes = {
        AddendumKind.ADDED: f"{after} added",
        AddendumKind.CORRECTED: f"corrected, {before} before and {after} now",
        AddendumKind.WITHDRAWN: f"{before} withdrawn",
    }
    return f"*After the close:* {reference} {changes[one.kind]}; not billed until the month is closed again."
