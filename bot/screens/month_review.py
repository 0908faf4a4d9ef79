"""The practice's month in chat: the report, what to fix, closing the month and reopening it."""

from collections.abc import Sequence

from billing.charges import Charge
from billing.closing import MonthStatus, Reopening
from billing.durations import spoken
from billing.evaluate import LineStatus
from billing.findings.registry import message_of
from billing.months import BillingMonth
from billing.people import Patient
from billing.references import entry_reference
from bot import kit
from bot.ids import ActionId, listed
from bot.replies import Block, Reply
from bot.screens.claims import overpaid_blocks
from bot.screens.fact_buttons import Opening
from bot.screens.finding_lines import to_dos
from bot.screens.fixes import FORMS, form_reference
from bot.screens.lines import fitting, sections
from bot.screens.month_figures import PAYERS, completeness, totals_lines, units
from bot.screens.phrases import count, full_day, full_month, month_state
from services.months.attested import Figures, MonthChanged
from services.months.close import ATTESTATION, Closed
from services.months.line_changes import LineChange
from services.months.review import MonthReview, ToFix
from services.months.time_keeping import ManagerFinding
from services.months.totals import PayerTotals
from services.people.patients import shown_mrn

REPORT_PUSH = "The month's report."
CLOSED_PUSH = "The month is closed."
REOPENED_PUSH = "The month is open again."
DENY = "Not yet"
OPEN = "Fix it"
WHAT_IS_LEFT = "Show what is left"
TO_FIX = "*To fix before these are billed*"
FOR_SUPERVISORS = "*For supervisors only*"
#: Kinds of blockers that have a button or a menu of their own.
_OPENED = 12
#: Patients in all their menus: Slack counts their words with the message's.
_PICKED = 60
#: Patients named of each kind of blocker.
NAMED = 25
#: Damaged entries named.
_DAMAGED = 10
#: Characters of the lists of payers, of blockers and of lines that differ; and of these where they stand alone.
_PAYERS_TEXT, _BLOCKERS_TEXT, _CHANGES_TEXT, _CHANGES_ALONE = 2_500, 4_500, 2_000, 8_000
#: Characters of what supervisors are told of care managers.
_MANAGERS_TEXT = 600
#: Characters of what to do about blockers.
_TO_DOS_TEXT = 1_200


def report(review: MonthReview) -> Reply:
    """The month; with the button that closes it, for whom may."""
    return Reply(text=REPORT_PUSH, blocks=tuple(_review(review)))


def closed(done: Closed, month: BillingMonth, changes: Sequence[LineChange]) -> Reply:
    """What was frozen, and which lines it changed since the revision before."""
    blocks = [kit.section(_closed_text(done, month)), *_changes(changes, _CHANGES_ALONE)]
    return Reply(text=CLOSED_PUSH, blocks=tuple(blocks))


def changed(refused: MonthChanged, review: MonthReview) -> Reply:
    """Word that the month is not what was confirmed any more: both figures, and the month as it is, with its button."""
    # In one block with the heading: the month may fill all others that a message holds.
    _, *rest = _review(review)
    said = kit.section(f"{_changed_text(refused)}\n\n{_heading(review)}")
    return Reply(text=REPORT_PUSH, blocks=(said, *rest))


def reopened(done: Reopening, changes: Sequence[LineChange]) -> Reply:
    """Word that the month is open again, and which lines closing it would change."""
    blocks = [kit.section(_reopened_text(done, len(changes))), *_changes(changes, _CHANGES_ALONE)]
    return Reply(text=REOPENED_PUSH, blocks=tuple(blocks))


def _changes(changes: Sequence[LineChange], most: int) -> list[Block]:
    lines = [_change_line(one) for one in changes]
    shown = fitting(lines, most)
    blocks = sections(shown)
    if len(shown) < len(lines):
        blocks.append(kit.context(_more_changes(len(lines) - len(shown))))
    return blocks


def _review(review: MonthReview) -> list[Block]:
    totals = review.report.totals
    blocks = [kit.section(_heading(review))]
    if len(totals.payers) > 1:
        blocks += _list(PAYERS, [_payer_line(one) for one in totals.payers], "payer", _PAYERS_TEXT)
    if review.to_fix:
        blocks += _to_fix(review)
        to_do = fitting(
            to_dos((one.row, patient, review.month) for one in review.to_fix for patient in one.patients),
            _TO_DOS_TEXT,
        )
        blocks += [kit.context("\n".join(to_do))] if to_do else []
    facts = [completeness(review.report.completeness), *_since_close(review)]
    blocks.append(kit.context(*facts))
    blocks += _changes(review.changes, _CHANGES_TEXT)
    blocks += overpaid_blocks(review.overpaid, _CHANGES_TEXT)
    if review.manager_findings:
        lines = [_manager_line(one) for one in review.manager_findings]
        blocks += _list(FOR_SUPERVISORS, lines, "care manager", _MANAGERS_TEXT)
    if review.may_close:
        blocks += [kit.section(_before_close(review)), kit.actions([_close_button(review)])]
    return blocks


def _to_fix(review: MonthReview) -> list[Block]:
    """Each kind of blocker with what leads to its patients, where one tap settles it."""
    lines = [_to_fix_line(one) for one in review.to_fix]
    shown = fitting(lines, _BLOCKERS_TEXT)
    blocks = [kit.section(TO_FIX)]
    picked = min(NAMED, _PICKED // min(len(review.to_fix), _OPENED))
    for place, (one, line) in enumerate(zip(review.to_fix[:_OPENED], shown, strict=False)):
        blocks.append(kit.section(line, accessory=_opens(one, review, place, picked)))
    blocks += sections(shown[_OPENED:])
    if len(shown) < len(lines):
        blocks.append(kit.context(_more(len(lines) - len(shown), "kind")))
    again = kit.button(WHAT_IS_LEFT, ActionId.REVIEW_AGAIN, str(review.month), about=full_month(review.month))
    return [*blocks, kit.actions([again])]


def _opens(one: ToFix, review: MonthReview, place: int, picked: int) -> Block:
    """Opens the form that settles it, or where none does the explanation of the month, whose lines have what does.

    Of several patients one is picked from a menu.
    """
    by_form = _by_form(one, review)
    action_id = listed(ActionId.OPEN_FACT_FORM if by_form else ActionId.WHY, place)
    if len(one.patients) == 1:
        (patient,) = one.patients
        about = f"{patient.handle}: {one.row.title}"
        return kit.button(OPEN, action_id, _opened(one, patient, review), about=about)
    return {
        "type": "static_select",
        "action_id": action_id,
        "placeholder": {"type": "plain_text", "text": OPEN},
        "options": [
            kit.option(shown_mrn(patient.mrn), _opened(one, patient, review))
            for patient in one.patients[:picked]
        ],
    }


def _by_form(one: ToFix, review: MonthReview) -> bool:
    """Whether a form settles it that the reader may fill in."""
    return one.row.fix in FORMS and one.row.fix in review.may_fix


def _opened(one: ToFix, patient: Patient, review: MonthReview) -> str:
    """What a button or an option opens: a form, its day to be chosen in a month that is over; or the explanation."""
    if not _by_form(one, review):
        return f"{patient.handle}:{review.month}"
    kind, _ = FORMS[one.row.fix]
    runs = review.state.status is MonthStatus.OPEN
    reference = "" if runs else form_reference(one.row.fix, review.month)
    return Opening(kind=kind, handle=patient.handle, reference=reference).value


def _list(title: str, lines: list[str], thing: str, most: int) -> list[Block]:
    shown = fitting(lines, most)
    blocks = sections([title, *shown])
    if len(shown) < len(lines):
        blocks.append(kit.context(_more(len(lines) - len(shown), thing)))
    return blocks


def _close_button(review: MonthReview) -> Block:
    """Asks once more, in the words of the attestation; its value names exactly what was shown."""
    label = _close_label(review.month)
    button = kit.button(label, ActionId.CLOSE_MONTH, f"{review.month}:{review.seen}", style="primary")
    confirm = {
        "title": {"type": "plain_text", "text": f"{label}?"},
        "text": {"type": "plain_text", "text": ATTESTATION},
        "confirm": {"type": "plain_text", "text": label},
        "deny": {"type": "plain_text", "text": DENY},
    }
    return {**button, "confirm": confirm}


def _heading(review: MonthReview) -> str:
    """The month, where it stands, and what its lines come to."""
    title = f"*{full_month(review.month)}* · {month_state(review.state)}"
    return f"{title}\n{totals_lines(review.report.totals)}"


def _payer_line(one: PayerTotals) -> str:
    """One payer's lines."""
    name = kit.escape(one.payer) or "_no payer recorded_"
    return (
        f"{name} · {count(one.lines, 'patient')}, {one.billable_lines:,} billable · {units(one.units)} · "
        f"{kit.escape(one.estimated)}"
    )


def _more(number: int, thing: str) -> str:
    """What a list left out."""
    return f"And {number:,} more {thing if number == 1 else thing + 's'}: the report's file has them all."


def _to_fix_line(one: ToFix) -> str:
    """A kind of blocker, and whose months it holds."""
    named = ", ".join(kit.escape(shown_mrn(patient.mrn)) for patient in one.patients[:NAMED])
    rest = len(one.patients) - NAMED
    more = f" and {rest:,} more" if rest > 0 else ""
    return f"*{one.row.title}* · {count(len(one.patients), 'patient')}: {named}{more}"


def _since_close(review: MonthReview) -> list[str]:
    """What was written after the month was closed, and what is damaged."""
    report, last = review.report, review.state.last_close
    said = []
    if last is not None and review.closed_by is not None and review.closed_on is not None:
        who = kit.escape(review.closed_by.display_name)
        said.append(
            f"Revision {last.revision} closed by {who} on {full_day(review.closed_on)}: "
            f"“{kit.escape(last.attestation)}”"
        )
    if review.submitted_lines:
        said.append(f"{count(review.submitted_lines, 'line')} marked as submitted.")
    filing = [line for line in report.lines if line.filing is not None]
    if filing:
        named = ", ".join(kit.escape(shown_mrn(line.patient.mrn)) for line in filing[:NAMED])
        said.append(
            f"*Last day to file* near or over for {count(len(filing), 'line')}: {named}. "
            f"Once submitted: `/cocm submitted {review.month}`."
        )
    if report.addenda:
        number = count(len(report.addenda), "entry")
        said.append(f"{number} written or changed since the close: addenda, not in these figures.")
    if review.state.status is MonthStatus.REOPENED:
        number = count(len(review.changes), "line")
        said.append(f"{number} would differ from revision {review.state.revision}.")
    if report.totals.late_entries:
        said.append(f"{count(report.totals.late_entries, 'late entry')}.")
    damaged = report.completeness.corrupt
    if damaged:
        named = ", ".join(f"`{entry_reference(entry.entry_id)}`" for entry in damaged[:_DAMAGED])
        said.append(
            f"*{count(len(damaged), 'damaged entry')}* not counted: {named}. "
            f"Void {'it and log it' if len(damaged) == 1 else 'them and log them'} again."
        )
    return said


def _verb(number: int, thing: str, verb: str) -> str:
    """`1 line differs`, `2 lines differ`."""
    return f"{count(number, thing)} {verb}{'s' if number == 1 else ''}"


def _close_label(month: BillingMonth) -> str:
    """The button that closes."""
    return f"Close {full_month(month)}"


def _before_close(review: MonthReview) -> str:
    """What closing means, and the sentence that the closer puts their name to."""
    blocked = review.blocked_lines
    held = f"{count(blocked, 'line')} stays unbilled: fix what can be fixed first.\n" if blocked == 1 else ""
    if blocked > 1:
        held = f"{count(blocked, 'line')} stay unbilled: fix what can be fixed first.\n"
    return (
        f"{held}*Closing freezes these lines.* Later entries become addenda, not billed until the month is "
        f"reopened and closed again.\nBy pressing the button you attest: “{ATTESTATION}”"
    )


def _changed_text(refused: MonthChanged) -> str:
    """What was confirmed, and what it is now."""
    now, seen = refused.now, refused.seen
    said = [f"*{full_month(refused.month)} has changed since you looked at it, so nothing was closed.*"]
    if seen is not None and seen.same_sums(now):
        said.append(
            f"You confirmed {_figures(seen)}. The sums are the same now, but the status, the codes or what blocks "
            "billing changed for at least one patient."
        )
    else:
        before = f"You confirmed {_figures(seen)}. " if seen is not None else ""
        said.append(f"{before}It is now {_figures(now)}.")
    said.append("Here is the month as it stands. Review it, and close it with the button below.")
    return "\n".join(said)


def _figures(figures: Figures) -> str:
    """`412 patients (377 billable), 303 h 20 min, 401 units`."""
    return (
        f"{count(figures.lines, 'patient')} ({figures.billable_lines:,} billable), {spoken(figures.seconds)}, "
        f"{count(figures.units, 'unit')}"
    )


def _closed_text(done: Closed, month: BillingMonth) -> str:
    """What was frozen, under whose word."""
    said = [
        f"*{full_month(month)} is closed.* Revision {done.close.revision}, {count(done.lines, 'line')}.",
        f"You attested: “{kit.escape(done.close.attestation)}”",
    ]
    if done.close.revision > 1:
        number = _verb(len(done.differences), "line", "differ")
        said.append(
            f"{number} from revision {done.close.revision - 1}. Reason: {kit.escape(done.close.reason)}"
        )
    if done.overpaid:
        number = _verb(len(done.overpaid), "line", "bill")
        said.append(
            f"*Overpayment:* {number} less than what was submitted, identified today. `/cocm overpaid` has "
            "the dates."
        )
    return "\n".join(said)


def _manager_line(one: ManagerFinding) -> str:
    """What one care manager's lines show."""
    return f"{kit.escape(one.member.display_name)}: {message_of(one.finding)}"


def _change_line(one: LineChange) -> str:
    """`MRN123 · 60 min → 1 h 5 min · billable · 99493`: what of a line differs, before and now."""
    found = one.difference
    parts = [
        kit.escape(shown_mrn(one.patient.mrn)),
        _from_to(spoken(found.seconds_before), spoken(found.seconds_after)),
        _from_to(_status(found.status_before), _status(found.status_after)),
        _from_to(_codes(found.billable_before), _codes(found.billable_after)),
    ]
    return " · ".join([*parts, *(["*overpayment*"] if one.overpaid else [])])


def _from_to(before: str, now: str) -> str:
    return now if before == now else f"{before} → {now}"


def _status(status: LineStatus | None) -> str:
    return "no line" if status is None else status.value


def _codes(charges: Sequence[Charge]) -> str:
    return units({charge.code: charge.units for charge in charges}) if charges else "nothing billable"


def _more_changes(number: int) -> str:
    """How many lines that differ were left out."""
    return f"And {count(number, 'more line')} that {'differs' if number == 1 else 'differ'}."


def _reopened_text(done: Reopening, changes: int) -> str:
    """That the month is open again, and how many lines the next revision changes as things stand."""
    differ = f"\nAs it stands {_verb(changes, 'line', 'differ')} from what was frozen:" if changes else ""
    return (
        f"*{full_month(done.month)} is open again.* What was frozen stays as it was; addenda count from now on.\n"
        f"Reason: {kit.escape(done.reason)}\n`/cocm close {done.month}` makes the next revision.{differ}"
    )
