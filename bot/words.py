"""Every sentence of the bot's messages: the point first, then what follows from it, then what to do."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from billing.activities import Activity
from billing.charges import Charge
from billing.durations import minutes_up, spoken, whole_minutes
from billing.findings.finding import Severity
from billing.months import BillingMonth
from billing.references import entry_reference
from billing.thresholds import Threshold
from bot.kit import escape
from services.entries.overviews import DayView, PatientStatus
from services.entries.receipts import EntryView
from services.months.standing import Standing
from services.people.patients import shown_mrn

# Top-level texts become push notifications: they name no patient.
NOT_DONE = "Not done."
NOTHING_LOGGED = "Nothing was logged."
UNDONE_PUSH = "Undone."
QUESTION_PUSH = "One question before this is logged."

NOT_LOGGED = "*Not logged.* Nothing was stored."
NOT_UNDERSTOOD = "*Not understood.* Nothing was changed."
QUESTION_EXPIRES = "Nothing is stored until you answer. The question expires in 15 minutes."
REPEATED = "Slack delivered this twice; it was logged once."
ACTIVITY_MENU = "Activity"
MENTIONED = (
    "Let's talk in private: patients are not named in channels. Send me a direct message, or type `/cocm help` "
    "anywhere; only you see the answer. Nothing of your message was stored."
)


def logged_push(count: int) -> str:
    """The notification for a receipt."""
    return "Logged." if count == 1 else f"Logged {count} entries."


def logged(view: EntryView, today: date) -> str:
    """`Logged 15 min for MRN123 · phone · today`."""
    return f"*Logged {_entry(view)}* · {_about(view, today)}"


def undone(view: EntryView) -> str:
    """`Undone: 15 min for MRN123`."""
    return f"*Undone: {_entry(view)}.* It counts nowhere; its history is kept."


def entry_line(view: EntryView, today: date) -> str:
    """One entry in a list: `15 min · MRN123 · phone · today · e-k7f`."""
    return f"*{spoken(view.entry.seconds)}* · {escape(shown_mrn(view.patient.mrn))} · {_about(view, today)}"


def _entry(view: EntryView) -> str:
    return f"{spoken(view.entry.seconds)} for {escape(shown_mrn(view.patient.mrn))}"


def _about(view: EntryView, today: date) -> str:
    entry = view.entry
    parts = [entry.activity.label, day_name(entry.service_date, today)]
    if entry.performed_by != entry.recorded_by:
        parts.append(f"by {escape(view.performer.display_name)}")
    if view.partners:
        parts.append(f"with {', '.join(escape(one.display_name) for one in view.partners)}")
    parts.append(f"`{entry_reference(entry.entry_id)}`")
    return " · ".join(parts)


def day_name(day: date, today: date) -> str:
    """`today`, `yesterday`, `Tue Nov 17`; with the year when it is another."""
    ago = (today - day).days
    if ago in {0, 1}:
        return ("today", "yesterday")[ago]
    year = "" if day.year == today.year else f", {day.year}"
    return f"{day:%a %b} {day.day}{year}"


def confirm_activity(activity: Activity) -> str:
    """The button that settles work which was only inferred not to count."""
    return f"Yes, {activity.label}: not counted"


def other_date(day: date, today: date) -> str:
    """The button that takes the other reading of a date."""
    return f"It was {day_name(day, today)}"


def month_name(month: BillingMonth, today: date) -> str:
    """`November`; with the year when it is another."""
    return month.name if month.year == today.year else f"{month.name} {month.year}"


def clock(instant: datetime, zone: ZoneInfo) -> str:
    """`2:05 pm`."""
    return f"{instant.astimezone(zone):%I:%M %p}".lstrip("0").lower()


def standings(all_of_them: Sequence[Standing], today: date) -> str:
    """A line for each patient and month, naming the patient where there is more than one."""
    return "\n".join(f"{_whose(one, all_of_them)}{standing(one, today)}" for one in all_of_them)


def _whose(one: Standing, all_of_them: Sequence[Standing]) -> str:
    several = len({standing.patient.patient_id for standing in all_of_them}) > 1
    return f"{escape(shown_mrn(one.patient.mrn))} · " if several else ""


def standing(standing: Standing, today: date) -> str:
    """`November: 52 of 60 min, 8 more reach 99493`."""
    said = progress(standing.result.threshold)
    return f"{month_name(standing.month, today)}: {said}{_not_counted(standing)}"


def progress(threshold: Threshold) -> str:
    """`52 of 60 min, 8 more reach 99493`."""
    counted = whole_minutes(threshold.counted_seconds)
    reached = codes_of(threshold.reached)
    said = f"{counted}"
    if threshold.target_seconds is None:
        said += " min" + (f", {reached} reached" if reached else "")
    else:
        said += f" of {whole_minutes(threshold.target_seconds)} min"
        said += f", {reached} reached" if reached else ""
        more = minutes_up(threshold.remaining_seconds)
        said += f", {more} more {'reach' if more != 1 else 'reaches'} {_next(threshold)}"
    return said


def _next(threshold: Threshold) -> str:
    again = any(charge.code == threshold.next_code for charge in threshold.reached)
    return f"another {threshold.next_code}" if again else f"{threshold.next_code}"


def _not_counted(standing: Standing) -> str:
    seconds = standing.result.excluded_seconds
    return f" ({spoken(seconds)} not counted)" if seconds else ""


def codes_of(reached: Sequence[Charge]) -> str:
    """`99493 + 2×99494`."""
    return " + ".join(
        charge.code if charge.units == 1 else f"{charge.units}×{charge.code}" for charge in reached
    )


#: Findings a care manager can mend, in the few words of a receipt; billing's own are in the report.
_SHORT = {
    "consent_missing": "consent missing",
    "assessment_missing": "initial assessment missing",
    "review_missing": "case review missing",
    "before_assessment": "the initial assessment came in a later month",
    "after_discharge": "the patient was discharged before this month",
    "psychotherapy_same_manager": "psychotherapy by the same care manager this month",
}
#: Said before the threshold is reached too: each day without them may cost minutes that cannot be had back.
_EARLY = frozenset({"consent_missing", "assessment_missing", "before_assessment", "after_discharge"})
#: True of the time itself, whatever the sum.
_ABOUT_TIME = frozenset({"held_activity", "time_without_consent", "overlapping_time"})


def missing(standing: Standing) -> tuple[str, ...]:
    """What stands between this month and a bill, as far as the person can mend it; one short line each."""
    result = standing.result
    codes = {finding.code for finding in result.findings}
    lines = [NOT_ENROLLED] if "not_enrolled" in codes else []
    wanted = wanting(standing)
    if wanted:
        reached = (
            f"{codes_of(result.threshold.reached)} reached by minutes; not"
            if result.threshold.reached
            else "Not"
        )
        lines.append(f"{reached} billable yet: {', '.join(wanted)}.")
    lines += [finding.message for finding in result.findings if finding.code in _ABOUT_TIME]
    return tuple(escape(line) for line in lines)


def wanting(standing: Standing) -> tuple[str, ...]:
    """What a care manager can mend of a month, in the fewest words: `consent missing`."""
    result = standing.result
    codes = {finding.code for finding in result.findings}
    return tuple(
        words
        for code, words in _SHORT.items()
        if code in codes and (result.threshold.reached or code in _EARLY)
    )


def all_missing(all_of_them: Sequence[Standing]) -> list[str]:
    """What is missing for each patient, naming the patient where there is more than one."""
    return [f"{_whose(one, all_of_them)}{line}" for one in all_of_them for line in missing(one)]


def all_findings(standing: Standing) -> tuple[str, ...]:
    """Every finding that the month has for whoever asks about the patient."""
    return tuple(
        f"{_SEVERITY[finding.severity]} {escape(finding.message)}"
        for finding in standing.result.findings
        if not finding.supervisors_only and finding.severity is not Severity.NOTE
    )


_SEVERITY = {Severity.BLOCKER: "*Stops the bill:*", Severity.WARNING: "*Look at:*"}
NOT_ENROLLED = (
    "Not enrolled yet: the minutes are kept, and nothing can be billed until the patient is enrolled."
)


def day_heading(day: DayView) -> str:
    """`Today: 2 h 5 min in 7 entries`."""
    count = len(day.entries)
    if not count:
        return "*Today: nothing logged yet.* Type it as you would say it: `/cocm 15m MRN123 phone check-in`."
    return f"*Today: {spoken(day.total_seconds)}* in {count} {'entry' if count == 1 else 'entries'}"


def storage_error(sentence: str, reference: str) -> str:
    """The database refused."""
    return f"{escape(sentence)}\nIf it goes on, give your administrator this reference: `{reference}`."


def unexpected(reference: str) -> str:
    """A fault of the program."""
    return (
        "That did not work, and it is not your doing. Check with `/cocm today` whether it was kept before you "
        f"send it again, and give your administrator this reference: `{reference}`."
    )


def more_problems(count: int) -> str:
    """Problems beyond those shown."""
    return f"And {count} more {'problem' if count == 1 else 'problems'} below."


DAY_PUSH = "Your day."
STATUS_PUSH = "A patient's month."


def status_heading(view: PatientStatus) -> str:
    """The patient, their month, and when they were last worked for."""
    patient = view.standing.patient
    name = f"*{escape(shown_mrn(patient.mrn))}* · {patient.handle}"
    roster = "" if patient.on_roster else " · not on the roster"
    last = max((entry.entry.service_date for entry in view.entries), default=None)
    seen = f"Last entry {day_name(last, view.today)}." if last else "Nothing logged this month."
    return f"{name}{roster}\n{standing(view.standing, view.today)}\n{seen}"


def more_entries(count: int) -> str:
    """Entries beyond those shown."""
    return f"And {count} earlier {'entry' if count == 1 else 'entries'} this month."


HELP_PUSH = "How to log minutes."
HELP_START = (
    "*Type it as you would say it:* a duration, the patient, and what you did, in any order.\n"
    "`/cocm 15m MRN123 phone check-in` · `/cocm 2-2:25pm MRN123 chart review yesterday`\n"
    "One line for each entry. Send me the same words as a direct message, without the slash."
)
HELP_MORE = "More on one of them: `/cocm help log`. Only you see these answers."

HOME_TITLE = "Your day"
NEAR_TITLE = "Near the next code"
OPEN_FORM = "Log time"
NOBODY_NEAR = (
    "None of your patients is within reach of the next code. A month below the threshold is a valid month."
)
HOME_FOOT = (
    "Reach out only if clinically appropriate. Sums are of this calendar month; every receipt is current."
)


def more_near(count: int) -> str:
    """Patients near a threshold beyond those listed."""
    return f"And {count} more."


FORM_TITLE = "Log time"
FORM_SUBMIT = "Log"
FORM_OPENING = "Opening the form. You can also type it: `/cocm 15m MRN123 phone check-in`."
FORM_OPENING_PUSH = "Opening the form."
FORM_FAILED = "Slack did not open the form in time. Type `/cocm` again, or one line: `/cocm 15m MRN123 call`."
NOTE_EXAMPLE = "phone check-in, PHQ-9 reviewed"
EDIT_TITLE = "Correct an entry"
EDIT_SUBMIT = "Correct"
NOTE_HIDDEN = "Leave it empty to keep the note as it is."
REASON_EXAMPLE = "typed 15 instead of 25"
