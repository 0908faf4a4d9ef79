"""Reads on which days there was time that can count, for rules about gaps in care."""

from collections.abc import Collection
from datetime import date
from itertools import groupby
from operator import itemgetter

from sqlalchemy import and_, bindparam, or_, select

from billing.activities import NOT_BILLABLE, Activity, ActivitySource, is_held
from billing.overlaps import LONGEST_SECONDS
from storage.clocks import Clocks
from storage.entry_columns import CURRENT
from storage.expressions import among
from storage.soundness import undated
from storage.statements import PreparedStatement
from storage.tables import PatientRow, table_of

_PATIENT = table_of(PatientRow)
_IN_DAYS = CURRENT.c.service_date.between(bindparam("first_day"), bindparam("last_day"))
#: How the activity of an entry came about that is not held, where its kind of work counts.
_SETTLED = [source for source in ActivitySource if not is_held(Activity.OTHER, source)]
#: Time that counts by its length, its kind and whose it is; the rest is for `billing.counting` to say.
CAN_COUNT = and_(
    CURRENT.c.seconds > 0,
    CURRENT.c.seconds <= LONGEST_SECONDS,
    *(CURRENT.c.activity != activity.value for activity in NOT_BILLABLE),
    or_(*(CURRENT.c.activity_source == source.value for source in _SETTLED)),
    CURRENT.c.role != bindparam("without"),
    ~undated(),
)
_COUNTING_DAYS = PreparedStatement(
    select(CURRENT.c.patient_id, CURRENT.c.service_date)
    .where(
        CURRENT.c.tenant_id == bindparam("tenant_id"),
        among(CURRENT.c.patient_id, "ids"),
        _IN_DAYS,
        CAN_COUNT,
    )
    .distinct()
    .order_by(CURRENT.c.patient_id, CURRENT.c.service_date)
)
# A few steps in the index a patient, however much there is of them.
_LAST_COUNTING_DAYS = PreparedStatement(
    select(
        _PATIENT.c.patient_id,
        select(CURRENT.c.service_date)
        .where(
            CURRENT.c.tenant_id == bindparam("tenant_id"),
            CURRENT.c.patient_id == _PATIENT.c.patient_id,
            CURRENT.c.service_date < bindparam("day"),
            CAN_COUNT,
        )
        .order_by(CURRENT.c.service_date.desc())
        .limit(1)
        .scalar_subquery(),
    ).where(_PATIENT.c.tenant_id == bindparam("tenant_id"), among(_PATIENT.c.patient_id, "ids"))
)


class CountingDays(Clocks):
    """The questions to one tenant's ledger that are about days with care."""

    def counting_days(
        self, patient_ids: Collection[int], first_day: date, last_day: date, *, without: str = ""
    ) -> dict[int, tuple[date, ...]]:
        """The local dates, of those, on which each patient has time that can count, in order; others are left out.

        Args:
            patient_ids: Whose.
            first_day: The first date.
            last_day: The last, included.
            without: A role whose time is left out.
        """
        rows = self._wire.rows(
            _COUNTING_DAYS,
            tenant_id=self._tenant_id,
            ids=patient_ids,
            first_day=first_day,
            last_day=last_day,
            without=without,
        )
        return {
            patient_id: tuple(day for _, day in of_patient)
            for patient_id, of_patient in groupby(rows, key=itemgetter(0))
        }

    def last_counting_days(
        self, patient_ids: Collection[int], day: date, *, without: str = ""
    ) -> dict[int, date]:
        """The last local date before a day on which each patient has time that can count; others are left out."""
        rows = self._wire.rows(
            _LAST_COUNTING_DAYS, tenant_id=self._tenant_id, ids=patient_ids, day=day, without=without
        )
        return {patient_id: last for patient_id, last in rows if last is not None}
