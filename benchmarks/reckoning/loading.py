"""Puts a practice of plain data into a database, and has the program report its months."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from billing.activities import Activity, ActivitySource
from billing.claim_days import on_file
from billing.claim_facts import ClaimFact, ClaimFactKind, with_change
from billing.clinical import (
    Admission,
    Attestation,
    AttestationKind,
    CaseReview,
    OtherService,
    Scale,
    Score,
    Statement,
    StatementKind,
)
from billing.episodes import Consent, ConsentKind, Episode, Program
from billing.months import BillingMonth
from billing.people import MemberRole, Role
from billing.rules import PracticeRules
from services.context import Context, PracticeSettings
from services.exports.columns import FileReaders
from services.exports.json_file import json_file
from services.imports import payers
from services.imports.request import ImportRequest
from services.imports.storing import take_in
from services.months.report import month_report
from storage import Database, NewEntry, UnitOfWork
from storage.claim_facts import StoredClaimFact

T = TypeVar("T")

#: When the months are reported: long after the last of them.
NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)


def reported(practice: Mapping[str, Any], file: Path) -> dict[str, Any]:
    """What the program's report says of a practice's months.

    Args:
        practice: As `benchmarks.reckoning.practices.practice` makes it.
        file: SQLite file to make.

    Returns:
        The JSON report.
    """
    database = Database.open(f"sqlite:///{file}")
    try:
        database.migrate()
        loading = _Loading(practice, database)
        loading.load()
        months = [BillingMonth.of(date.fromisoformat(one)) for one in practice["months"]]
        return loading.read(lambda context: _report(context, months[0], months[-1]))
    finally:
        database.close()


def _report(context: Context, first: BillingMonth, last: BillingMonth) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(
        json_file(month_report(context, first, last), FileReaders(supervisors=True))
    )
    return made


class _Loading:
    """One practice on its way into a database."""

    def __init__(self, practice: Mapping[str, Any], database: Database) -> None:
        self._practice = practice
        self._database = database
        self._settings = PracticeSettings(zone=ZoneInfo(practice["zone"]), rules=_rules(practice["settings"]))
        self._tenant = database.write(_tenant, tenant_id=0).result()

    def read(self, work: Callable[[Context], T]) -> T:
        """Do something that only reads."""
        return self._database.read(lambda uow: work(self._context(uow)), tenant_id=self._tenant).result()

    def _write(self, work: Callable[[Context], None]) -> None:
        def committed(uow: UnitOfWork) -> None:
            work(self._context(uow))
            uow.commit()

        self._database.write(committed, tenant_id=self._tenant).result()

    def _context(self, uow: UnitOfWork) -> Context:
        return Context(uow=uow, now=NOW, settings=self._settings)

    def load(self) -> None:
        """Store everything."""
        outcome = self._database.write(
            lambda uow: take_in(
                self._context(uow),
                payers.load,
                ImportRequest(data=_table(self._practice["payers"])),
                _silent,
            ),
            tenant_id=self._tenant,
        ).result()
        assert outcome.stored, outcome.problems
        self._write(self._members)
        everybody = self._practice["patients"]
        for start in range(0, len(everybody), 100):
            some = everybody[start : start + 100]
            self._write(lambda context, some=some: self._patients(context, some))  # type: ignore[misc]

    def _members(self, context: Context) -> None:
        self._ids = {
            number: context.uow.members.add(
                slack_user_id=f"U{number:04}",
                display_name=f"Member {number}",
                roles=frozenset({MemberRole(role)}),
            ).member_id
            for role, numbers in self._practice["members"].items()
            for number in numbers
        }

    def _patients(self, context: Context, some: Iterable[Mapping[str, Any]]) -> None:
        for one in some:
            patient = context.uow.patients.add(
                mrn=one["mrn"],
                identity=one["mrn"].removeprefix("MRN"),
                on_roster=True,
                referring_npi=one["referring_npi"],
                problems="Depression" if one["problems_recorded"] else "",
            )
            self._care(context, patient.patient_id, one)
            for entry in one["entries"]:
                self._entry(context, patient.patient_id, entry)

    def _care(self, context: Context, patient_id: int, one: Mapping[str, Any]) -> None:
        uow = context.uow
        episodes = [uow.episodes.add(self._episode(patient_id, episode)) for episode in one["episodes"]]
        for fact in _claim_facts(episodes, one):
            uow.claim_facts.add(
                StoredClaimFact(
                    fact_id=0,
                    patient_id=patient_id,
                    kind=fact.kind,
                    value=fact.value,
                    from_day=fact.from_day,
                )
            )
        for score in one["scores"]:
            uow.scores.add(
                Score(
                    score_id=0,
                    patient_id=patient_id,
                    scale=Scale(score["scale"]),
                    value=score["value"],
                    measured_on=date.fromisoformat(score["on"]),
                    recorded_by=self._ids[1],
                    recorded_on=_day(score["recorded_on"]),
                )
            )
        for review in one["reviews"]:
            uow.reviews.add(
                CaseReview(
                    review_id=0,
                    patient_id=patient_id,
                    reviewed_on=date.fromisoformat(review["on"]),
                    consultant=self._ids[review["consultant"]],
                    recorded_by=self._ids[1],
                    recorded_at=_noon(review["recorded_on"]),
                    recorded_on=date.fromisoformat(review["recorded_on"]),
                )
            )
        for statement in one["statements"]:
            uow.statements.add(
                Statement(
                    statement_id=0,
                    patient_id=patient_id,
                    kind=StatementKind(statement["kind"]),
                    made_on=date.fromisoformat(statement["on"]),
                    made_by=self._ids[1],
                    valid_until=_day(statement["until"]),
                )
            )
        for stay in one["stays"]:
            uow.admissions.add(
                Admission(
                    admission_id=0,
                    patient_id=patient_id,
                    admitted_on=date.fromisoformat(stay["from"]),
                    left_on=_day(stay["to"]),
                )
            )
        for service in one["services"]:
            uow.other_services.add(
                patient_id,
                OtherService(
                    code=service["code"],
                    service_on=date.fromisoformat(service["on"]),
                    performed_by=self._ids.get(service["by"], service["by"]),
                ),
            )
        for attestation in one["attestations"]:
            uow.attestations.add(
                patient_id,
                BillingMonth.of(date.fromisoformat(attestation["month"])),
                Attestation(
                    kind=AttestationKind(attestation["kind"]), attested_by=self._ids[31], attested_at=NOW
                ),
            )

    def _episode(self, patient_id: int, one: Mapping[str, Any]) -> Episode:
        consents = [
            Consent(
                given_on=date.fromisoformat(consent["given_on"]),
                kind=ConsentKind(consent["kind"]) if consent["kind"] else None,
                cost_sharing_disclosed=consent["cost_sharing_disclosed"],
                revoked_on=_day(consent["revoked_on"]),
                recorded_on=_day(consent["recorded_on"]),
            )
            for consent in one["consents"]
        ]
        return Episode(
            episode_id=0,
            patient_id=patient_id,
            program=Program(one["program"]),
            enrolled_on=_day(one["enrolled_on"]),
            initial_assessment_on=_day(one["initial_assessment_on"]),
            assessment_recorded_on=_day(one["assessment_recorded_on"]),
            consent=consents[0] if consents else None,
            earlier_consents=tuple(consents[1:]),
            discharged_on=_day(one["discharged_on"]),
            payer=one["payer"],
            care_manager=self._ids[one["care_manager"]],
            referred_on=_day(one["referred_on"]),
            initiating_visit_on=_day(one["initiating_visit_on"]),
            initiating_visit_needed=one["initiating_visit_needed"],
            diagnosis_codes=tuple(one["diagnosis_codes"].split()),
            billing_npi=one["billing_npi"],
            place_of_service=one["place_of_service"],
            outside_therapist=one["outside_therapist"],
            apcm=one["apcm"],
            part2_record=one["part2_record"],
        )

    def _entry(self, context: Context, patient_id: int, one: Mapping[str, Any]) -> None:
        start = datetime.fromisoformat(one["start"]) if one["start"] else None
        made = NewEntry(
            patient_id=patient_id,
            seconds=one["first_seconds"] or one["seconds"],
            service_date=date.fromisoformat(one["on"]),
            activity=Activity(one["activity"]),
            activity_source=ActivitySource(one["source"]),
            role=Role(one["role"]),
            performed_by=self._ids[one["by"]],
            started_at=start,
            ended_at=start + timedelta(seconds=one["seconds"]) if start else None,
            participants=tuple(sorted(self._ids[other] for other in one["with"])),
            note=one["note"],
            recorded_on=date.fromisoformat(one["recorded_on"]),
        )
        by, at = self._ids[one["by"]], datetime.fromisoformat(one["recorded_at"])
        (entry,) = context.uow.ledger.append([made], by=by, at=at, source="chat").entries
        if one["first_seconds"]:
            context.uow.ledger.correct(
                entry.entry_id,
                entry.version,
                {"seconds": one["seconds"]},
                by=by,
                at=at + timedelta(hours=1),
                reason="longer",
            )


def _claim_facts(episodes: Sequence[Episode], one: Mapping[str, Any]) -> Iterator[ClaimFact]:
    """What is on file once every change was said: what held before has a row, too."""
    for kind in ClaimFactKind:
        changes = [change for change in one["claim_changes"] if change["kind"] == kind.value]
        if not changes:
            continue
        known = on_file(kind, episodes, one["referring_npi"], ())
        for change in changes:
            new = ClaimFact(kind=kind, value=change["value"], from_day=date.fromisoformat(change["from"]))
            known = with_change(known, new)
        yield from known


def _tenant(uow: UnitOfWork) -> int:
    found = uow.tenants.default().tenant_id
    uow.commit()
    return found


def _silent(done: int, total: int) -> None:
    """Nobody watches."""


def _table(rows: Iterable[Mapping[str, str]]) -> bytes:
    """Rows as a CSV file."""
    rows = list(rows)
    written = io.StringIO()
    writer = csv.DictWriter(written, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue().encode()


def _rules(settings: Mapping[str, str]) -> PracticeRules:
    """The practice's rules with its settings in their place; each is read as what it stands beside."""
    usual = PracticeRules()
    changes: dict[str, Any] = {}
    for name, text in settings.items():
        kind = type(getattr(usual, name))
        changes[name] = text == "yes" if kind is bool else kind(text)
    return replace(usual, **changes)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _noon(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC) + timedelta(hours=17)
