"""A care manager's part of Home: the day, what waits for a word of theirs, and their patients, worst first."""

from collections.abc import Iterator

from billing.charges import codes_of
from billing.durations import minutes_up, spoken, whole_minutes
from billing.evaluate import MonthResult
from billing.findings.finding import Finding, Severity
from billing.findings.registry import row_of, title_of
from billing.findings.row import About
from bot import kit
from bot.ids import ActionId, listed
from bot.replies import Block
from bot.screens.fact_buttons import FactForm, open_form_button
from bot.screens.finding_lines import titles
from bot.screens.home.frame import Frame, Row, show_button, table
from bot.screens.home.waiting import waiting_blocks
from bot.screens.morning_rows import SEEN, reasons
from bot.screens.own_time import day_heading
from bot.screens.phrases import count, day_name, full_month
from bot.screens.standings import progress
from bot.screens.timers import timer_blocks
from services.home.care import CareHome, CareNeed, CarePatient

TITLE = "Your day"
CASELOAD = "Your patients, most pressing first"
LOG_TIME = "Log time"
NO_PATIENTS = (
    "*No patients yet.* Patients assigned to you, and those you log time for, are listed here. "
    "Start with one: `/cocm enroll MRN123`, or just log what you did: `/cocm 15m MRN123 phone check-in`."
)
FOOT = "Reach out only if clinically appropriate; a month below the threshold is a valid month."
CAPTION = "Your patients in {month}, most pressing first"
_HEADER = ("Patient", "Why", "Minutes", "Next", "Last contact")
#: Patients with a button of their own; all of them are in the table.
_PRESSING_LISTED = 10
#: What the table says of why somebody comes first.
_WHY = {
    CareNeed.SAFETY: "safety signal",
    CareNeed.WORSE: "score worse",
    CareNeed.CONTACT_DUE: "contact due",
    CareNeed.REVIEW_DUE: "review due",
    CareNeed.NEAR: "near",
    CareNeed.HELD: "entry held",
    CareNeed.UNTOUCHED: "nothing logged",
    CareNeed.NOTHING: "",
}
#: The form that fixes what is missing.
_FORMS = {
    About.CONSENT: FactForm.CONSENT,
    About.ASSESSMENT: FactForm.ASSESS,
    About.REVIEW: FactForm.REVIEW,
    About.ENROLLMENT: FactForm.ENROLL,
}


def care_blocks(frame: Frame, home: CareHome) -> Iterator[Block]:
    """The whole part."""
    yield kit.header(TITLE)
    yield kit.section(day_heading(home.day))
    yield kit.actions(
        [
            kit.button(LOG_TIME, ActionId.OPEN_FORM, "home", style="primary"),
            show_button(frame, 2, "Today's entries", "today"),
            show_button(frame, 3, "This week", "week"),
        ]
    )
    yield from timer_blocks(home.timer, frame.now, frame.zone, frame.settings)
    yield from waiting_blocks(frame, home.waiting)
    yield kit.header(CASELOAD)
    if not home.patients:
        yield kit.section(NO_PATIENTS)
        return
    yield kit.section(_summary(home))
    pressing = [one for one in home.listed if one.need < CareNeed.NOTHING][:_PRESSING_LISTED]
    for number, one in enumerate(pressing):
        yield from _pressing(frame, one, number)
    if len(home.listed) > len(pressing):
        caption = CAPTION.format(month=full_month(home.month))
        rows = home.listed if frame.takes_tables else home.listed[len(pressing) :]
        yield from table(frame, caption, _HEADER, [_row(frame, one) for one in rows], "patient")
    if home.not_listed:
        yield kit.context(f"And {count(home.not_listed, 'more patient')}: `/cocm caseload` has them all.")
    yield kit.actions(
        [
            show_button(frame, 4, "Whole caseload", "caseload"),
            show_button(frame, 5, "Near the next code", "near"),
        ]
    )
    yield kit.context(FOOT)


def _summary(home: CareHome) -> str:
    """`*58 patients in November 2026*` and how they stand, with what a person's own pace says."""
    parts = [f"{home.reached} reached a code"]
    parts += [f"{home.blocked} of them blocked"] if home.blocked else []
    parts.append(f"{home.near} within {spoken(home.near_seconds)} of the next")
    parts += [f"{home.untouched} without time"] if home.untouched else []
    parts.append(f"{count(home.working_days_left, 'working day')} left")
    lines = [f"*{count(home.patients, 'patient')} in {full_month(home.month)}*", " · ".join(parts)]
    pace = home.pace
    if pace is not None and pace.patients:
        lines.append(f"At this pace: {pace.will_reach} of {pace.patients} will reach their code.")
    return "\n".join(lines)


def _line(frame: Frame, one: CarePatient) -> str:
    """`P-7F3K · PHQ-9 went from 9 to 14 · 51 of 60 min · 9 to 99493 · last contact Tue Nov 17`."""
    parts = [f"*{frame.name(one.patient)}*", *_reasons(frame, one)]
    if one.result is not None:
        parts.append(progress(one.result.threshold, one.result.payer))
    parts += titles(one.news.told) if one.news is not None else []
    parts.append(_last(frame, one))
    return " · ".join(parts)


def _reasons(frame: Frame, one: CarePatient) -> list[str]:
    """Why somebody comes first, as the morning message says it."""
    news = one.news
    found = [] if news is None else [*reasons(news, frame.today)]
    if one.need is CareNeed.UNTOUCHED:
        found.append("nothing logged this month")
    if news is not None and news.held:
        found.append(f"{count(news.held, 'entry')} held")
    return found


def _pressing(frame: Frame, one: CarePatient, number: int) -> Iterator[Block]:
    """A patient with what is likely to be done next; a safety signal can be marked as seen besides."""
    named, handle = frame.name(one.patient), one.patient.handle
    form = _form(one)
    button = kit.acting_on(open_form_button(form, handle, place=frame.place(number)), named)
    signal = one.news.signal if one.news is not None else None
    if one.need is not CareNeed.SAFETY or signal is None:
        yield kit.section(_line(frame, one), accessory=button)
        return
    action, value = listed(ActionId.SEEN, frame.place(number)), f"{signal.score_id}:"
    seen = kit.button(SEEN, action, value, about=named, style="primary")
    yield kit.section(_line(frame, one))
    yield kit.actions([seen, button])


def _form(one: CarePatient) -> FactForm:
    if one.need is CareNeed.REVIEW_DUE:
        return FactForm.REVIEW
    if one.need is CareNeed.MISSING:
        fixes = (_FORMS[about] for about in map(_about, _blockers(one)) if about in _FORMS)
        return next(fixes, FactForm.LOG)
    return FactForm.LOG


def _blockers(one: CarePatient) -> list[Finding]:
    told = one.news.told if one.news is not None else ()
    return [finding for finding in told if finding.severity is Severity.BLOCKER]


def _about(finding: Finding) -> About:
    return row_of(finding).about


def _row(frame: Frame, one: CarePatient) -> Row:
    last = "" if one.last_contact_on is None else day_name(one.last_contact_on, frame.today)
    cells = (frame.name(one.patient), _why(one), *_stands(one.result), last)
    return Row(cells=cells, line=_line(frame, one))


def _stands(result: MonthResult | None) -> tuple[tuple[int, str], str]:
    """`51 of 60` and `9 to 99493`; of a month without time `0` and nothing."""
    if result is None:
        return (0, "0"), ""
    threshold = result.threshold
    counted, target = whole_minutes(threshold.counted_seconds), threshold.target_seconds
    if target is None:
        return (counted, f"{counted}"), f"{codes_of(threshold.reached)} reached" if threshold.reached else ""
    needed = minutes_up(threshold.remaining_seconds)
    return (counted, f"{counted} of {whole_minutes(target)}"), f"{needed} to {threshold.next_code}"


def _why(one: CarePatient) -> str:
    if one.need is CareNeed.MISSING and one.news is not None:
        return ", ".join(title_of(finding) for finding in one.news.told)
    return _WHY.get(one.need, "")


def _last(frame: Frame, one: CarePatient) -> str:
    if one.last_contact_on is None:
        return "no contact yet"
    return f"last contact {day_name(one.last_contact_on, frame.today)}"
