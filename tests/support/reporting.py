"""A practice whose month can be reported: people, a patient whose November is ready to bill, and small steps."""

from datetime import date, datetime, timedelta
from typing import Any

from billing.activities import Activity, ActivitySource
from billing.clinical import Attestation, AttestationKind, CaseReview, OtherService, Scale, Score
from billing.entries import TimeEntry
from billing.episodes import Consent, ConsentKind, Episode
from billing.months import BillingMonth
from billing.people import MemberRole, Patient, Role
from services.context import Context
from services.months.report import MonthReport, month_report
from storage import Database, NewEntry
from tests.support.bot import ANA, SAM
from tests.support.months import GOOD_NPI
from tests.support.payers import a_payer
from tests.support.practice import TryPractice

OCTOBER = BillingMonth(2026, 10)
NOVEMBER = BillingMonth(2026, 11)
#: Rules that a person checked with the payer, so that no line warns of them.
LAKESIDE = a_payer("Lakeside", verified_on=date(2026, 1, 2))


class ReportedPractice(TryPractice):
    """Ana manages care, Dr. Cho consults, Sam bills. October is over, November runs."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.ana = self.member("Ana Flores", slack=ANA)
        self.cho = self.member("Dr. Cho", MemberRole.CONSULTANT)
        self.sam = self.member("Sam Whitfield", MemberRole.BILLER, slack=SAM)
        self._do(lambda context: context.uow.payers.put(LAKESIDE))

    def enrolled(self, identity: str = "123", **changes: Any) -> Patient:
        """A patient in care since August, with everything that a subsequent month needs."""
        since = date(2026, 8, 3)

        def add(context: Context) -> Patient:
            patient = context.uow.patients.add(
                mrn=f"MRN{identity}",
                identity=identity,
                on_roster=True,
                first_name="Bo",
                last_name=f"Reyes {identity}",
                referring_npi=GOOD_NPI,
                problems="depression",
            )
            episode = {
                "episode_id": 0,
                "patient_id": patient.patient_id,
                "enrolled_on": since,
                "initial_assessment_on": since,
                "consent": Consent(given_on=since, kind=ConsentKind.VERBAL, cost_sharing_disclosed=True),
                "payer": "Lakeside",
                "care_manager": self.ana.member_id,
                "initiating_visit_on": since,
                "diagnosis_codes": ("F32.1",),
            }
            context.uow.episodes.add(Episode(**(episode | changes)))
            return patient

        return self._do(add)

    def works(self, patient: Patient, minutes: float, day: date, **changes: Any) -> TimeEntry:
        """Time by Ana on the phone, written down that day."""
        entry = {
            "patient_id": patient.patient_id,
            "seconds": round(minutes * 60),
            "service_date": day,
            "activity": Activity.PHONE,
            "activity_source": ActivitySource.STATED,
            "role": Role.CARE_MANAGER,
            "performed_by": self.ana.member_id,
            "recorded_on": day,
            "note": f"call of {day} with {patient.identity}",
        }

        def append(context: Context) -> TimeEntry:
            receipt = context.uow.ledger.append(
                [NewEntry(**(entry | changes))], by=self.ana.member_id, at=context.now, source="chat"
            )
            return receipt.entries[0]

        return self._do(append)

    def reviews(self, patient: Patient, day: date) -> None:
        """Dr. Cho reviews the case."""
        self._do(
            lambda context: context.uow.reviews.add(
                CaseReview(
                    review_id=0,
                    patient_id=patient.patient_id,
                    reviewed_on=day,
                    consultant=self.cho.member_id,
                    recorded_by=self.ana.member_id,
                    recorded_at=context.now,
                )
            )
        )

    def scores(self, patient: Patient, day: date, value: int = 14) -> None:
        """A PHQ-9."""
        self._do(
            lambda context: context.uow.scores.add(
                Score(
                    score_id=0,
                    patient_id=patient.patient_id,
                    scale=Scale.PHQ9,
                    value=value,
                    measured_on=day,
                )
            )
        )

    def attests(self, patient: Patient, month: BillingMonth, kind: AttestationKind) -> None:
        """Somebody vouches for a patient's month."""
        self._do(
            lambda context: context.uow.attestations.add(
                patient.patient_id,
                month,
                Attestation(kind=kind, attested_by=self.sam.member_id, attested_at=context.now),
            )
        )

    def is_billed_for(self, patient: Patient, code: str, day: date) -> None:
        """Another service stands on the patient's claims."""
        self._do(
            lambda context: context.uow.other_services.add(
                patient.patient_id, OtherService(code=code, service_on=day)
            )
        )

    def billable(self, identity: str = "123", minutes: float = 62, month: BillingMonth = OCTOBER) -> Patient:
        """A patient whose month is ready to bill."""
        patient = self.enrolled(identity)
        first = month.first_day
        self.works(patient, minutes / 2, first + timedelta(days=5))
        self.works(patient, minutes / 2, first + timedelta(days=12))
        self.reviews(patient, first + timedelta(days=14))
        return patient

    def report(self, first: BillingMonth = OCTOBER, last: BillingMonth | None = None) -> MonthReport:
        """The report of some months."""
        return self.see(month_report, first, last)

    def at(self, instant: datetime) -> None:
        """Let it be that instant."""
        self.clock.at = instant

    def _do(self, work: Any) -> Any:
        def keep(context: Context) -> Any:
            value = work(context)
            context.uow.commit()
            return value

        return self.do(keep)
