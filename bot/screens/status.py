"""One patient's month: where it stands, what was found, and its entries."""

from billing.findings.registry import message_of, row_of
from billing.telling import worth_showing
from bot import kit
from bot.replies import Reply
from bot.screens.entry_lines import newest_first
from bot.screens.finding_lines import SEVERITIES
from bot.screens.phrases import day_name
from bot.screens.standings import standing_line
from bot.screens.why import why_button
from services.entries.overviews import PatientStatus
from services.months.standing import Standing
from services.people.patients import shown_mrn

STATUS_PUSH = "A patient's month."


def patient_status(view: PatientStatus, page: int = 0) -> Reply:
    """Where one patient stands, and what their month is made of, a screen of entries at a time."""
    blocks = [kit.section(_heading(view))]
    findings = all_findings(view.standing)
    if findings:
        blocks.append(kit.context(*findings))
    blocks += newest_first(view.entries, view.today, page, f"status:{view.standing.patient.handle}")
    asked = kit.actions([why_button(view.standing.patient, view.standing.month)])
    return Reply(text=STATUS_PUSH, blocks=(*blocks, asked))


def _heading(view: PatientStatus) -> str:
    """The patient, their month, and when they were last worked for."""
    patient = view.standing.patient
    name = f"*{kit.escape(shown_mrn(patient.mrn))}* · {patient.handle}"
    roster = "" if patient.on_roster else " · not on the roster"
    last = max((entry.entry.service_date for entry in view.entries), default=None)
    seen = f"Last entry {day_name(last, view.today)}." if last else "Nothing logged this month."
    return f"{name}{roster}\n{standing_line(view.standing, view.today)}\n{seen}"


def all_findings(standing: Standing) -> tuple[str, ...]:
    """Every finding that the month has for whoever asks about the patient, and what to do about it."""
    mrn = shown_mrn(standing.patient.mrn)
    return tuple(
        " ".join(
            (
                SEVERITIES[finding.severity],
                kit.escape(message_of(finding)),
                kit.escape(row_of(finding).to_do_for(mrn, standing.month)),
            )
        ).rstrip()
        for finding in worth_showing(standing.result.findings)
    )
