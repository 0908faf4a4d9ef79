"""What is said of case reviews just recorded: whose, by whom, how long, and who was left as they were."""

from collections.abc import Iterator, Sequence
from datetime import date

from billing.durations import spoken
from billing.people import Member, Patient
from billing.references import entry_reference
from bot import kit
from bot.replies import Block
from bot.screens.entry_lines import entry_line
from bot.screens.lines import fitting, sections
from bot.screens.phrases import count, day_name, more
from services.acts.references import FactReference
from services.care.receipts import AdviceSent, LeftOut, Reviewed, ReviewedLine, ReviewedLines
from services.people.patients import shown_mrn

#: Characters of the lines of a message, and of those that were left as they were.
_LINES, _LEFT = 5_500, 1_500
_REVIEW = "case_review"


def reviewed(done: Reviewed, who: str, today: date) -> str:
    """The review of one line: by whom, when, and whether the advice went out."""
    minutes = "" if done.time else " No minutes were recorded."
    sent = (
        f" Sent to the treating provider {day_name(done.sent_on, today)}."
        if done.sent_on
        else " Not sent to the treating provider yet."
        if done.recommendation
        else ""
    )
    return f"*{who}: case review by {_by(done)}, {day_name(done.on, today)}.*{minutes}{sent}"


def several_reviewed(done: ReviewedLines) -> str:
    """Says `3 case reviews recorded, 1 h in all`."""
    recorded = sum(len(one.patients) for one in done.lines if isinstance(one.outcome, Reviewed))
    seconds = sum(view.entry.seconds for view in done.time.entries) if done.time else 0
    if not recorded:
        return "*Recorded: the recommendations were sent to the treating provider.*"
    time = f", {spoken(seconds)} in all" if seconds else ", no minutes"
    return f"*{count(recorded, 'case review')} recorded{time}.*"


def review_words(done: Reviewed | ReviewedLines, today: date, most: int) -> Iterator[Block]:
    """The words and the time of each line, and who was left as they were; at most so many entries of one line."""
    if isinstance(done, ReviewedLines):
        yield from _listed([_line(one, today) for one in done.lines], _LINES, "line")
    elif done.recommendation:
        yield kit.plain_context(done.recommendation)
    if isinstance(done, Reviewed) and done.time is not None:
        yield kit.section("\n".join(entry_line(view, today) for view in done.time.entries[:most]))
    if done.left:
        yield from _listed(["*Left as it was*", *(_left(one, today) for one in done.left)], _LEFT, "patient")


def _listed(lines: list[str], most: int, thing: str) -> Iterator[Block]:
    shown = fitting(lines, most)
    yield from sections(shown)
    if len(shown) < len(lines):
        yield kit.context(more(len(lines) - len(shown), thing))


def _line(one: ReviewedLine, today: date) -> str:
    """`MRN123: by Dr. Raman with Ana Flores, today · 20 min e-48 · “continue sertraline” · sent today`."""
    who = _names(one.patients)
    match one.outcome:
        case AdviceSent(reviewed_on=reviewed_on, sent_on=sent_on):
            return (
                f"*{who}*: recommendation of {day_name(reviewed_on, today)} sent to the treating provider, "
                f"{day_name(sent_on, today)}"
            )
        case Reviewed() as done:
            parts = [
                f"*{who}*: by {_by(done, *_keepers(done))}, {day_name(done.on, today)}",
                _minutes(one, done),
            ]
            if done.recommendation:
                parts.append(f"“{kit.escape(done.recommendation)}”")
                parts.append(f"sent {day_name(done.sent_on, today)}" if done.sent_on else "not sent yet")
            return " · ".join(parts)


def _minutes(one: ReviewedLine, done: Reviewed) -> str:
    """Of several patients, each one's own."""
    if done.time is None:
        return "no minutes"
    views = done.time.entries
    several = len(one.patients) > 1
    return ", ".join(
        f"{f'{kit.escape(shown_mrn(view.patient.mrn))} ' if several else ''}{spoken(view.entry.seconds)} "
        f"`{entry_reference(view.entry.entry_id)}`"
        for view in views
    )


def _left(one: LeftOut, today: date) -> str:
    """What was typed of somebody who was reviewed already, and the way to correct it."""
    mrn = kit.escape(shown_mrn(one.patient.mrn))
    reference = FactReference.shown(_REVIEW, one.review.review_id)
    void = entry_reference(one.review.entry_id) if one.review.entry_id is not None else reference
    whose = f"{kit.escape(one.consultant.display_name)}'s review of {day_name(one.review.reviewed_on, today)}"
    said = [f"{mrn}: {whose} is already on file, `{reference}`."]
    if one.seconds:
        time = f"`/cocm log {_typed(one.seconds)} {mrn} case review`"
        said.append(f"The {spoken(one.seconds)} were not stored; to add them: {time}.")
    if one.recommendation:
        words = kit.escape(kit.clip(one.recommendation, 120))
        said.append(
            f"The words “{words}” were not stored; to put them in the place of those on file: `/cocm void {void} wrong "
            "words`, then record it again."
        )
    return " ".join(said)


def _typed(seconds: int) -> str:
    """A duration as the grammar takes it."""
    minutes, rest = divmod(seconds, 60)
    return f"{minutes}m" if not rest else f"{minutes}m {rest}s"


def _keepers(done: Reviewed) -> tuple[Member, ...]:
    """Whose entries hold the time."""
    return tuple(dict.fromkeys(view.performer for view in done.time.entries)) if done.time else ()


def _by(done: Reviewed, *keepers: Member) -> str:
    """The consultant, with whoever was there too."""
    there = {one.member_id: one.display_name for one in (*done.participants, *keepers)}
    there.pop(done.consultant.member_id, None)
    joint = ", ".join(map(kit.escape, there.values()))
    return kit.escape(done.consultant.display_name) + (f" with {joint}" if joint else "")


def _names(patients: Sequence[Patient]) -> str:
    """`MRN123, MRN124 and MRN125`."""
    shown = [kit.escape(shown_mrn(patient.mrn)) for patient in patients]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
