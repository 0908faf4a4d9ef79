"""The review hour: the agenda by need, a card for each patient, and what was reviewed today."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from billing.clinical import Trend
from billing.durations import spoken
from billing.review_need import Need
from bot import kit
from bot.ids import ActionId, listed
from bot.replies import Block, Reply
from bot.screens.acts import PUT_BACK, UNDO
from bot.screens.phrases import count
from bot.screens.safety import signal_line
from bot.screens.standings import progress
from services.care.review_cards import ReviewCard
from services.care.review_hour import NobodyReviews, ReviewedToday, ReviewHour, WhichConsultant
from services.people.patients import shown_mrn

PUSH = "The review hour."
RECORD_REVIEW = "Record review"
WHICH = "*Whose review hour is it?* Several psychiatric consultants review here."
NOBODY = (
    "*Nobody here is a psychiatric consultant yet, so no case review can be recorded.* Ask an administrator to give "
    "the consultant that role: `/cocm roles @dr consultant`."
)
NOBODY_WAITS = (
    "*No patient waits for a review.* Patients in Collaborative Care are listed here once they are enrolled."
)
ALL_DONE = "*Everybody on this list was reviewed today.*"
FOOT = (
    "Several at once: `/cocm review MRN1 20m continue sertraline`, a line for each patient, each with its own words. "
    "One meeting's minutes shared by several: `/cocm review hour 60m with @dr MRN1, MRN2, MRN3`."
)
#: What the agenda calls each need.
NEEDS: Final = {
    Need.SAFETY: "safety signal",
    Need.NEVER_REVIEWED: "never reviewed",
    Need.WORSE: "worse",
    Need.NOT_IMPROVING: "not improving",
    Need.OVERDUE: "overdue",
    Need.THIS_MONTH: "not reviewed this month",
    Need.REVIEWED: "reviewed this month",
}
#: Lines of one card, scores of a scale and scales of a card: a page stays within a message's 12,000 characters.
_LINE = 240
_SCORES = 5
_SCALES = 3
#: Reviews of today that are listed, the latest ones, and characters of each.
DONE_LISTED = 8
_DONE_LINE = 260
#: Consultants whose hour is offered: a row of buttons holds 25.
_OFFERED = 24


def review_hour(found: ReviewHour | WhichConsultant | NobodyReviews, *undone: Block) -> Reply:
    """The agenda, the question whose it is, or that there is nobody whose it could be."""
    match found:
        case WhichConsultant():
            return Reply(text=PUSH, blocks=(kit.section(WHICH), _whose(found)))
        case NobodyReviews():
            return Reply(text=PUSH, blocks=(kit.section(NOBODY),))
    return Reply(text=PUSH, blocks=(*_heading(found), *undone, *_cards(found), *_done(found), *_end(found)))


def undone_in_hour(names: Sequence[str], act_id: int, hour: ReviewHour) -> Block:
    """What was taken back in the list, and the button that puts it back."""
    undone = " and ".join(names)
    back = kit.button(PUT_BACK, ActionId.PUT_REVIEW_BACK, _place(hour, act_id), about=undone)
    return kit.section(f"*Undone: {undone}.*", accessory=back)


def remarks_in_hour(remarks: Sequence[str]) -> list[Block]:
    """What the receipt of a review would have said besides: that it was late, that the month is closed."""
    return [kit.context(*(kit.escape(remark) for remark in remarks))] if remarks else []


def card_lines(card: ReviewCard, name: str, today: date, *, with_words: bool) -> list[str]:
    """What is presented of one patient.

    Args:
        card: the patient's.
        name: how the screen names the patient.
        today: the reader's local date.
        with_words: whether the screen may hold a person's words.
    """
    lines = [
        f"*{kit.escape(name)}* · {_why(card, today)}",
        _month(card, today),
        _scores(card.trends),
        _about(card, with_words=with_words),
        _last_review(card, today, with_words=with_words),
    ]
    return [kit.clip(line, _LINE) for line in lines if line]


def _whose(found: WhichConsultant) -> Block:
    return kit.actions(
        [
            kit.button(one.display_name, listed(ActionId.REVIEW_PAGE, place), f"{one.member_id}.0")
            for place, one in enumerate(found.consultants[:_OFFERED])
        ]
    )


def _heading(hour: ReviewHour) -> Iterator[Block]:
    yield kit.header(f"Review hour · {hour.consultant.display_name}")
    parts = [f"{hour.counts[need]:,} {words}" for need, words in NEEDS.items() if hour.counts.get(need)]
    if parts:
        yield kit.context(" · ".join(parts))
    elif hour.done:
        yield kit.section(ALL_DONE)
    else:
        yield kit.section(NOBODY_WAITS)


def _cards(hour: ReviewHour) -> Iterator[Block]:
    for place, card in enumerate(hour.cards):
        yield kit.divider()
        lines = card_lines(card, shown_mrn(card.patient.mrn), hour.today, with_words=True)
        yield kit.section("\n".join(lines))
        value = f"review:{card.patient.handle}:hour.{hour.consultant.member_id}.{hour.offset}"
        mrn = shown_mrn(card.patient.mrn)
        record = kit.button(RECORD_REVIEW, listed(ActionId.OPEN_FACT_FORM, place), value, about=mrn)
        yield kit.actions([record])


def _done(hour: ReviewHour) -> Iterator[Block]:
    if not hour.done:
        return
    yield kit.divider()
    yield kit.section(f"*Reviewed today: {count(len(hour.done), 'patient')}*")
    shown = hour.done[-DONE_LISTED:]
    for place, one in enumerate(reversed(shown)):
        back = None
        if one.act_id is not None:
            label = UNDO if one.together == 1 else f"{UNDO} all {one.together}"
            value, mrn = _place(hour, one.act_id), shown_mrn(one.patient.mrn)
            back = kit.button(label, listed(ActionId.UNDO_REVIEW, place), value, about=mrn)
        yield kit.section(kit.clip(_reviewed(one), _DONE_LINE), accessory=back)
    if len(hour.done) > len(shown):
        yield kit.context(f"And {count(len(hour.done) - len(shown), 'patient')} earlier today.")


def _end(hour: ReviewHour) -> Iterator[Block]:
    later = hour.total - hour.offset - len(hour.cards)
    pages = []
    if later > 0:
        forward = f"{hour.consultant.member_id}.{hour.offset + len(hour.cards)}"
        pages.append(
            kit.button(f"{later:,} more", listed(ActionId.REVIEW_PAGE, 0), forward, about="patients")
        )
    if hour.offset:
        pages.append(
            kit.button("Back to the first", listed(ActionId.REVIEW_PAGE, 1), f"{hour.consultant.member_id}.0")
        )
    if pages:
        yield kit.divider()
        yield kit.actions(pages)
    yield kit.context(FOOT)


def _place(hour: ReviewHour, act_id: int) -> str:
    """What a button of the list carries: the act, and where the reader was."""
    return f"{act_id}.{hour.consultant.member_id}.{hour.offset}"


def _why(card: ReviewCard, today: date) -> str:
    """The first need that holds, in words."""
    match card.need:
        case Need.SAFETY if card.signal is not None:
            return f"*{signal_line(card.signal, today)}; not marked as seen*"
        case Need.NEVER_REVIEWED:
            since = f" since enrollment on {short_day(card.begun, today)}" if card.begun else ""
            return f"never reviewed{since}"
        case Need.WORSE if card.why.rise is not None:
            rise = card.why.rise
            on = short_day(rise.last.measured_on, today)
            return f"{rise.last.scale} up from {rise.before.value} to {rise.last.value} on {on}"
        case Need.NOT_IMPROVING if card.why.trend is not None:
            first, last = card.why.trend.scores[0], card.why.trend.scores[-1]
            weeks = (last.measured_on - first.measured_on).days // 7
            return f"not improving: {last.scale} {first.value}, then {last.value} after {weeks} weeks"
        case Need.OVERDUE if card.reviewed_on is not None:
            return f"review overdue, {count((today - card.reviewed_on).days, 'day')} since the last"
    return NEEDS[card.need]


def _month(card: ReviewCard, today: date) -> str:
    """`51 of 60 min · 9 to 99493 · last contact 3 days ago, Nov 15 · with Ana Flores`."""
    parts = [
        progress(card.standing.result.threshold, card.standing.result.payer),
        _contact(card.last_contact_on, today),
    ]
    if card.care_manager is not None:
        parts.append(f"care manager {kit.escape(card.care_manager.display_name)}")
    return " · ".join(parts)


def _contact(day: date | None, today: date) -> str:
    if day is None:
        return "no contact yet"
    days = (today - day).days
    if days <= 1:
        return "last contact today" if days < 1 else f"last contact yesterday, {short_day(day, today)}"
    return f"last contact {count(days, 'day')} ago, {short_day(day, today)}"


def _scores(found: Sequence[Trend]) -> str:
    """`PHQ-9: 18 Oct 5, 14 Nov 2 · GAD-7: 11 Oct 5`; the latest scores of the scales measured last."""
    said = []
    for trend in found[:_SCALES]:
        years = {score.measured_on.year for score in trend.scores[-_SCORES:]}
        latest = max(years)
        values = ", ".join(
            f"{score.value} on {score.measured_on:%b} {score.measured_on.day}"
            + (f", {score.measured_on.year}" if score.measured_on.year != latest else "")
            for score in trend.scores[-_SCORES:]
        )
        said.append(f"{trend.scale}: {values}")
    return " · ".join(said) if said else "No scores on file for this episode"


def _about(card: ReviewCard, *, with_words: bool) -> str:
    """`F33.1 · Major depressive disorder`."""
    parts = [", ".join(card.diagnosis_codes), card.problems if with_words else ""]
    return " · ".join(kit.escape(part) for part in parts if part)


def _last_review(card: ReviewCard, today: date, *, with_words: bool) -> str:
    """`Last review Oct 21 by Dr. Raman: “continue sertraline”, sent to the provider Oct 21`."""
    if card.reviewed_on is None:
        return ""
    by = f" by {kit.escape(card.reviewed_by.display_name)}" if card.reviewed_by else ""
    said = f"Last review {short_day(card.reviewed_on, today)}{by}"
    if not card.recommendation:
        return said
    sent = f"sent to the provider {short_day(card.sent_on, today)}" if card.sent_on else "not sent yet"
    words = f": “{kit.escape(kit.clip(card.recommendation, 140))}”" if with_words else ""
    return f"{said}{words} · {sent}"


def _reviewed(one: ReviewedToday) -> str:
    """`MRN123 · reviewed, 20 min · “continue sertraline” · sent to the provider`."""
    minutes = f"reviewed, {spoken(one.seconds)}" if one.seconds is not None else "reviewed, no minutes"
    parts = [f"*{kit.escape(shown_mrn(one.patient.mrn))}*", minutes]
    if one.recommendation:
        parts.append(f"“{kit.escape(kit.clip(one.recommendation, 140))}”")
        parts.append("sent to the provider" if one.review.sent_on else "not sent to the provider yet")
    return " · ".join(parts)


def short_day(day: date, today: date) -> str:
    """`Nov 3`; with the year when it is another."""
    year = "" if day.year == today.year else f", {day.year}"
    return f"{day:%b} {day.day}{year}"
