"""Writes the month report as JSON, for scripts."""

import json
from collections.abc import Iterator
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from billing.apcm import ApcmChoice
from billing.charges import Charge
from billing.durations import minutes_of
from billing.findings.registry import message_of, row_of
from billing.money import Estimate
from billing.references import entry_reference
from services.exports.columns import FileReaders
from services.months.addenda import Addendum
from services.months.lines import ReportLine
from services.months.pace_record import PaceRecord
from services.months.report import MonthReport, ReportStream
from services.months.state import MonthState
from services.months.totals import Completeness, Totals, Transfer

#: How many lines are held at a time.
_PART = 500


def json_file(report: MonthReport | ReportStream, audience: FileReaders) -> bytes:
    """The whole report: lines, totals and completeness; figures as numbers, days as ISO dates."""
    return b"".join(json_parts(report, audience))


def json_parts(report: MonthReport | ReportStream, audience: FileReaders) -> Iterator[bytes]:
    """The same, a part at a time, as lines are made: one object, in which each patient's line is a line of text."""
    head = {
        "month": str(report.first),
        "to": str(report.last),
        "made_at": report.made_at,
        "time_rule": report.time_rule.value,
        "months": [_month(state) for state in report.months],
        "audit_head": None if report.head is None else {"seq": report.head.seq, "hash": report.head.hash},
    }
    yield (_json(head).removesuffix("}") + ', "lines": [').encode()
    before = "\n"
    lines = iter(report.lines)
    while some := list(islice(lines, _PART)):
        yield (before + ",\n".join(_json(_line(line, audience)) for line in some)).encode()
        before = ",\n"
    yield ("\n], " + _json(_tail(report.ended(), audience)).removeprefix("{") + "\n").encode()


def _tail(report: MonthReport, audience: FileReaders) -> dict[str, Any]:
    """What is known once all lines are."""
    return {
        "completeness": _completeness(report.completeness),
        "totals": _totals(report.totals, audience),
        "care_managers": [
            {
                "member": one.member.display_name,
                "code": one.finding.code,
                "severity": one.finding.severity.value,
                "message": message_of(one.finding),
                "rule": row_of(one.finding).rule,
            }
            for one in audience.manager_findings(report)
        ],
        "transfers": [_transfer(transfer) for transfer in report.transfers],
        "addenda": [_addendum(addendum) for addendum in report.addenda],
        **({"pace": [_pace(record) for record in report.pace]} if report.pace else {}),
    }


def _pace(record: PaceRecord) -> dict[str, Any]:
    """How well a closed month was forecast."""
    figures = {one.name: getattr(record, one.name) for one in fields(record)}
    rounded = {name: round(each, 4) if isinstance(each, float) else each for name, each in figures.items()}
    return rounded | {"month": str(record.month)}


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a report")


#: Without an indent the encoder written in C does the work.
_json = json.JSONEncoder(default=_plain, ensure_ascii=False).encode


def _codes(charges: tuple[Charge, ...]) -> dict[str, int]:
    return {charge.code: charge.units for charge in charges}


def _month(state: MonthState) -> dict[str, Any]:
    close = state.last_close
    return {
        "month": str(state.month),
        "status": state.status.value,
        "revision": state.revision or None,
        "closed_at": close.closed_at if close else None,
    }


def _completeness(found: Completeness) -> dict[str, Any]:
    return {
        "patients": found.patients,
        "entries_read": found.entries_read,
        "entries_counted": found.entries_counted,
        "entries_excluded": dict(found.entries_excluded),
        "seconds_read": found.seconds_read,
        "seconds_counted": found.seconds_counted,
        "seconds_excluded": dict(found.seconds_excluded),
        "corrupt": [
            {
                "entry": entry_reference(entry.entry_id),
                "mrn": entry.patient.mrn if entry.patient else None,
                "month": str(entry.month) if entry.month else None,
                "message": entry.message,
            }
            for entry in found.corrupt
        ],
    }


# Longer than forty lines: one literal, a key a line.
def _line(line: ReportLine, audience: FileReaders) -> dict[str, Any]:
    result = line.result
    names = (
        {"first_name": line.patient.first_name, "last_name": line.patient.last_name} if audience.names else {}
    )
    return {
        "month": str(line.month),
        "mrn": line.patient.mrn,
        **names,
        "minutes": minutes_of(result.counted_seconds),
        "seconds": result.counted_seconds,
        "codes": _codes(result.earned),
        "billable_codes": _codes(result.billable),
        "held_codes": _codes(result.held),
        "status": result.status.value,
        "kind": result.kind.value,
        "findings": [
            {
                "code": finding.code,
                "severity": finding.severity.value,
                "message": message_of(finding),
                "rule": row_of(finding).rule,
                "entries": [entry_reference(entry_id) for entry_id in finding.entries],
            }
            for finding in audience.findings(line)
        ],
        "payer": line.payer,
        "initial_assessment_on": line.initial_assessment_on,
        "consent_on": line.consent_on,
        "last_review_on": line.last_review_on,
        "threshold_met_on": result.threshold_met_on,
        "date_of_service": result.date_of_service,
        "diagnosis_codes": list(line.claim.diagnosis_codes),
        "referring_npi": line.claim.referring_npi,
        "billing_npi": line.claim.billing_npi,
        "place_of_service": line.claim.place_of_service,
        "modifiers": [f"{one.code}:{one.modifier}" for one in line.modifiers],
        "problems": line.patient.problems,
        "care_manager_minutes": minutes_of(result.care_manager_seconds),
        "consultant_minutes": minutes_of(line.consultant_seconds),
        "not_counted_minutes": minutes_of(result.excluded_seconds),
        "not_counted_seconds": {reason.value: seconds for reason, seconds in result.excluded},
        "capped_99494": result.threshold.capped_units,
        "late_entries": line.late_entries,
        "estimated_usd": line.estimated_usd,
        "estimate_lacks": line.estimate_lacks,
        "rule_set": result.rule_set,
        "revision": line.revision,
        "apcm_choice": _choice(line.apcm_choice) if line.apcm_choice else None,
    }


def _choice(choice: ApcmChoice) -> dict[str, Any]:
    return {
        "codes": _codes(choice.codes),
        "estimated_usd": _usd(choice.codes_estimate),
        "instead": choice.instead.code,
        "instead_estimated_usd": _usd(choice.instead_estimate),
        "instead_valued_as": choice.valued_as or None,
    }


def _usd(estimate: Estimate) -> Decimal | None:
    """None where a code has no rate."""
    return None if estimate.without_rate else estimate.amount


def _totals(totals: Totals, audience: FileReaders) -> dict[str, Any]:
    return {
        "patients": totals.patients,
        "lines": totals.lines,
        "status": {status.value: count for status, count in totals.by_status.items()},
        "minutes": minutes_of(totals.counted_seconds),
        "seconds": totals.counted_seconds,
        "codes": dict(totals.earned),
        "billable_codes": dict(totals.billable),
        "held_codes": dict(totals.held),
        "estimated_usd": totals.estimated_usd,
        "codes_without_rate": list(totals.without_rate),
        "lines_without_rate": totals.unpriced.lines,
        "units_without_rate": totals.unpriced.units,
        "estimate_lacks": totals.unpriced.words,
        "late_entries": totals.late_entries,
        "payers": [
            {
                "payer": one.payer,
                "lines": one.lines,
                "billable_lines": one.billable_lines,
                "billable_codes": dict(one.units),
                "estimated_usd": one.estimated_usd,
                "lines_without_rate": one.unpriced.lines,
                "units_without_rate": one.unpriced.units,
                "estimate_lacks": one.unpriced.words,
            }
            for one in totals.payers
        ],
        "findings": [
            {"code": one.code, "severity": one.severity.value, "rule": one.rule, "lines": one.lines}
            for one in totals.findings
            if audience.supervisors or not one.supervisors_only
        ],
    }


def _transfer(transfer: Transfer) -> dict[str, Any]:
    return {
        "member": transfer.member.display_name,
        "department": transfer.member.department,
        "role": transfer.role.value,
        "minutes": minutes_of(transfer.seconds),
        "seconds": transfer.seconds,
        "estimated_usd": transfer.estimated_usd,
        "estimate_lacks": transfer.estimate_lacks,
    }


def _addendum(addendum: Addendum) -> dict[str, Any]:
    return {
        "month": str(addendum.month),
        "kind": addendum.kind.value,
        "entry": entry_reference(addendum.entry_id),
        "mrn": addendum.patient.mrn,
        "seconds_before": addendum.seconds_before,
        "seconds_after": addendum.seconds_after,
    }
