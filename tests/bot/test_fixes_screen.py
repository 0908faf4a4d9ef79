"""Whatever a month lacks, and however much was settled: the explanation keeps to Slack's limits."""

from dataclasses import replace
from datetime import date

from billing.findings.finding import Finding
from billing.findings.registry import ROWS
from billing.findings.row import Fix
from bot.screens.why import why as why_screen
from sandbox.blocks import message_problems
from services.care.statements import RIGHTS
from services.entries import log
from services.entries.receipts import views
from services.fixing.fixes import EntryFix, LineFix, explained
from services.messages.rows import Done
from services.people.patient_ref import PatientRef
from storage import Database
from tests.support.caseloads import in_care
from tests.support.practice import NEW_YORK, TryPractice, asked, draft

MRN = PatientRef(text="MRN123", identity="123")


def test_every_finding_at_once_with_all_that_was_settled_fits_one_message(database: Database) -> None:
    """Sixty entries, every finding there is, and many acts: within Slack's blocks and characters, ids told apart."""
    practice = TryPractice(database)
    ana = practice.member(slack="U0ANA")
    in_care(practice, ana, "123")
    for number in range(60):
        request = asked(
            minutes=5 + number % 7,
            note=f"phone, topic {number}",
            service_date=date(2026, 11, 1 + number % 17),
        )
        practice.do(log.log, ana, draft(request))
    found = practice.see(explained, ana, MRN)
    entry = practice.see(
        lambda context: views(
            context,
            context.uow.ledger.patient_month(
                found.why.patient.patient_id, date(2026, 11, 1), date(2026, 11, 30)
            )[:3],
            {},
        )
    )
    findings = tuple(Finding(code=row.code, severity=row.severities[0]) for row in ROWS)
    fixes = {
        finding: LineFix(
            fix=row.fix,
            may=True,
            entries=tuple(EntryFix(view=one) for one in entry),
            attests=row.answered_by,
            states=row.states,
        )
        for finding, row in zip(findings, ROWS, strict=True)
        if row.fix is not Fix.ELSEWHERE
    }
    done = tuple(Done(act_id=number, name="the correction", is_undo=False, went=()) for number in range(9))
    for settled, order in (((), findings), (done, findings), (done, findings[::-1]), (done, findings[25:])):
        explanation = replace(found.why.explanation, missing=order, remarks=())
        full = replace(found, why=replace(found.why, explanation=explanation), fixes=fixes, settled=settled)
        shown = list(why_screen(full, NEW_YORK).blocks)
        assert message_problems(shown) == []
        assert any("open_fact_form" in str(block) or "fix_here" in str(block) for block in shown)
    assert set(RIGHTS) >= {row.answered_by for row in ROWS if row.answered_by is not None}
