"""A practice to try use cases on: a real database, a clock that tests set, one care manager."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Concatenate, ParamSpec, TypeVar
from zoneinfo import ZoneInfo

from billing.activities import Activity, ActivitySource
from billing.episodes import Consent, ConsentKind, Episode
from billing.people import Member, MemberRole, Patient
from services.context import Context, Practice, PracticeSettings
from services.entries.requests import DraftLine, LogDraft, LogRequest
from services.people.patient_ref import PatientRef
from storage import Database, UnitOfWork

P = ParamSpec("P")
T = TypeVar("T")

NEW_YORK = ZoneInfo("America/New_York")
#: Wednesday 2026-11-18, 10:00 in New York.
NOW = datetime(2026, 11, 18, 15, 0, tzinfo=UTC)


@dataclass
class SetClock:
    """A clock that stands where the test puts it."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at

    def pass_(self, **span: float) -> None:
        """Let time pass: `clock.pass_(minutes=3)`."""
        self.at += timedelta(**span)


class TryPractice:
    """Runs use cases as the program does, waiting for each."""

    def __init__(self, database: Database, settings: PracticeSettings | None = None) -> None:
        self.database = database
        self.clock = SetClock()
        self.settings = settings or PracticeSettings(zone=NEW_YORK, unknown_member="welcome")
        self.tenant_id = self._of_default_tenant(lambda uow: uow.tenants.default().tenant_id)

    def set(self, **changes: object) -> None:
        """Change a setting of the practice."""
        self.settings = replace(self.settings, **changes)  # type: ignore[arg-type]

    @property
    def practice(self) -> Practice:
        """The same for use cases that run in more than one unit of work."""
        return Practice(self.database, self.clock, self.settings, self.tenant_id)

    def do(self, use_case: Callable[Concatenate[Context, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a use case that may write."""
        return self.database.write(
            lambda uow: use_case(self._context(uow), *args, **kwargs), tenant_id=self.tenant_id
        ).result()

    def see(self, use_case: Callable[Concatenate[Context, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a use case that only reads."""
        return self.database.read(
            lambda uow: use_case(self._context(uow), *args, **kwargs), tenant_id=self.tenant_id
        ).result()

    def member(self, name: str = "Ana Flores", *roles: MemberRole, slack: str | None = None) -> Member:
        """Add a member; a care manager when nothing else is said."""

        def add(context: Context) -> Member:
            member = context.uow.members.add(
                slack_user_id=slack or f"U{abs(hash(name)) % 10**8}",
                display_name=name,
                roles=frozenset(roles or {MemberRole.CARE_MANAGER}),
            )
            context.uow.commit()
            return member

        return self.do(add)

    def patient(self, identity: str = "123", *, assessed_on: date | None = date(2026, 10, 5)) -> Patient:
        """Add a roster patient, enrolled with consent and assessed on a date, or not enrolled when None."""

        def add(context: Context) -> Patient:
            patient = context.uow.patients.add(mrn=f"MRN{identity}", identity=identity, on_roster=True)
            if assessed_on is not None:
                context.uow.episodes.add(
                    Episode(
                        episode_id=0,
                        patient_id=patient.patient_id,
                        enrolled_on=assessed_on,
                        initial_assessment_on=assessed_on,
                        consent=Consent(given_on=assessed_on, kind=ConsentKind.VERBAL),
                    )
                )
            context.uow.commit()
            return patient

        return self.do(add)

    def _context(self, uow: UnitOfWork) -> Context:
        return Context(uow=uow, now=self.clock.now(), settings=self.settings)

    def _of_default_tenant(self, work: Callable[[UnitOfWork], int]) -> int:
        def commit(uow: UnitOfWork) -> int:
            found = work(uow)
            uow.commit()
            return found

        return self.database.write(commit, tenant_id=0).result()


def asked(
    identity: str = "123", minutes: int = 15, note: str = "phone check-in", **more: object
) -> LogRequest:
    """One entry asked for, today by phone when nothing else is said."""
    request = LogRequest(
        patient=PatientRef(text=f"MRN{identity}", identity=identity),
        seconds=minutes * 60,
        service_date=date(2026, 11, 18),
        activity=Activity.PHONE,
        activity_source=ActivitySource.INFERRED,
        note=note,
    )
    return replace(request, **more)  # type: ignore[arg-type]


def draft(*requests: LogRequest) -> LogDraft:
    """A draft of one line for each entry."""
    return LogDraft(lines=tuple(DraftLine(requests=(request,)) for request in requests))
