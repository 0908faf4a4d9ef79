"""Reports time that is held until somebody says what kind of work it was."""

from billing.activities import Activity
from billing.counting import Exclusion
from billing.durations import spoken
from billing.findings.finding import Finding, Has, MonthCase, Severity
from billing.findings.row import WHOEVER_LOGS, About, Fix, Row, When
from billing.uncounted_words import SEPARATE_SERVICE


def held_activity(case: MonthCase) -> Finding | None:
    """Warns about time held because its activity was only inferred from words, and says what they read like."""
    entries = case.entries_excluded(Exclusion.HELD)
    if not entries:
        return None
    held = [entry for entry in case.facts.entries if entry.entry_id in entries]
    seconds = {
        activity: sum(entry.seconds for entry in held if entry.activity is activity)
        for activity in _READ_LIKE
    }
    kinds = [(_READ_LIKE[activity], spent) for activity, spent in seconds.items() if spent]
    named = [name if len(kinds) == 1 else f"{name} ({spoken(spent)})" for name, spent in kinds]
    return ROW.finding(
        entries=entries,
        time=spoken(sum(seconds.values())),
        kinds=" and ".join((*([", ".join(named[:-1])] if named[1:] else []), named[-1])),
    )


_READ_LIKE = {
    Activity.PSYCHOTHERAPY: "psychotherapy",
    Activity.CRISIS: "crisis care",
    Activity.BILLED_SEPARATELY: SEPARATE_SERVICE,
    Activity.ADMIN: "clerical work",
}
ROW = Row(
    code="held_activity",
    rule="R-205",
    place=260,
    severities=(Severity.WARNING,),
    find=held_activity,
    needs=Has.EXCLUDED,
    title="time held",
    sentence="{time} held, not counted: the notes read like {kinds}.",
    parameters=("kinds", "time"),
    fixed_by=WHOEVER_LOGS,
    to_do="Say what it was: `/cocm confirm` lists what is held, with a button for each answer.",
    told=When.FROM_THE_START,
    fix=Fix.CONFIRM,
    about=About.TIME,
    entry_title="activity not confirmed",
)
