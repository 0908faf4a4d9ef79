"""Reads one person's patients together: their entries of a month, and when they were last seen."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Table, bindparam, case, exists, func, or_, select

from billing.activities import HELD_SOURCES, Activity, ActivitySource
from billing.episodes import Program
from billing.people import Role
from storage.entry_columns import CURRENT, VERSION
from storage.expressions import among
from storage.statements import PreparedStatement, Wire
from storage.tables import CaseReviewRow, EpisodeRow, ScoreRow, table_of

_EPISODE = table_of(EpisodeRow)

_IN_DAYS = CURRENT.c.service_date.between(bindparam("first_day"), bindparam("last_day"))
#: Kinds of work that do not count.
_NOT_BILLABLE = or_(*(CURRENT.c.activity == activity.value for activity in Activity if not activity.billable))
#: They are held until somebody confirms them; see `TimeEntry.is_held`.
HELD = or_(*(CURRENT.c.activity_source == source.value for source in sorted(HELD_SOURCES))) | (
    (CURRENT.c.activity_source == ActivitySource.INFERRED.value) & _NOT_BILLABLE
)
_SUMS = PreparedStatement(
    select(
        CURRENT.c.patient_id,
        func.sum(CURRENT.c.seconds).label("seconds"),
        func.sum(case((HELD, 1), else_=0)).label("held"),
        func.max(CURRENT.c.service_date, type_=CURRENT.c.service_date.type).label("last_day"),
    )
    .where(CURRENT.c.tenant_id == bindparam("tenant_id"), among(CURRENT.c.patient_id, "ids"), _IN_DAYS)
    .group_by(CURRENT.c.patient_id)
)
_LAST_DAYS = PreparedStatement(
    select(CURRENT.c.patient_id, func.max(CURRENT.c.service_date, type_=CURRENT.c.service_date.type))
    .where(
        CURRENT.c.tenant_id == bindparam("tenant_id"),
        among(CURRENT.c.patient_id, "ids"),
        CURRENT.c.service_date <= bindparam("last_day"),
    )
    .group_by(CURRENT.c.patient_id)
)
# From the versions' own index of planned contacts; only what the last version says still stands.
_NEXT_CONTACTS = PreparedStatement(
    select(VERSION.c.patient_id, VERSION.c.next_contact)
    .join_from(
        VERSION, CURRENT, (CURRENT.c.entry_id == VERSION.c.entry_id) & (CURRENT.c.version == VERSION.c.n)
    )
    .where(
        VERSION.c.tenant_id == bindparam("tenant_id"),
        among(VERSION.c.patient_id, "ids"),
        VERSION.c.service_date >= bindparam("first_day"),
        VERSION.c.next_contact.is_not(None),
    )
    .order_by(VERSION.c.patient_id, VERSION.c.service_date, VERSION.c.entry_id)
)


def _latest(table: Table, day: str) -> PreparedStatement:
    """The last day on which each patient has a fact that stands."""
    return PreparedStatement(
        select(table.c.patient_id, func.max(table.c[day], type_=table.c[day].type))
        .where(
            table.c.tenant_id == bindparam("tenant_id"),
            table.c.withdrawn_at.is_(None),
            among(table.c.patient_id, "ids"),
            table.c[day] <= bindparam("last_day"),
        )
        .group_by(table.c.patient_id)
    )


#: Entries that may be a consultant's review, see `billing.case_reviews`.
_CONSULTED = PreparedStatement(
    select(CURRENT.c.patient_id, CURRENT.c.service_date, CURRENT.c.role, CURRENT.c.participants)
    .where(
        CURRENT.c.tenant_id == bindparam("tenant_id"),
        among(CURRENT.c.patient_id, "ids"),
        _IN_DAYS,
        CURRENT.c.activity == Activity.CASE_REVIEW.value,
    )
    .order_by(CURRENT.c.service_date)
)
_REVIEWED = _latest(table_of(CaseReviewRow), "reviewed_on")
_SCORED = _latest(table_of(ScoreRow), "measured_on")
_EPISODES = select(
    _EPISODE.c.patient_id,
    _EPISODE.c.payer,
    _EPISODE.c.program,
    (_EPISODE.c.consent_given_on.is_not(None) | (_EPISODE.c.earlier_consents != "[]")).label("consent"),
    _EPISODE.c.initial_assessment_on.is_not(None).label("assessed"),
    func.coalesce(
        _EPISODE.c.enrolled_on, _EPISODE.c.initial_assessment_on, type_=_EPISODE.c.enrolled_on.type
    ),
    _EPISODE.c.discharged_on,
).where(
    _EPISODE.c.tenant_id == bindparam("tenant_id"),
    _EPISODE.c.withdrawn_at.is_(None),
    _EPISODE.c.discharged_on.is_(None) | (_EPISODE.c.discharged_on >= bindparam("first_day")),
)
# Not ordered: SQLite would read every episode in that order rather than look these few up.
_LOOKED_AFTER = PreparedStatement(_EPISODES.where(_EPISODE.c.care_manager == bindparam("care_manager")))
_EPISODES_OF = PreparedStatement(_EPISODES.where(among(_EPISODE.c.patient_id, "ids")))
_REVIEW = table_of(CaseReviewRow)
_REVIEWS = (_REVIEW.c.tenant_id == _EPISODE.c.tenant_id) & (
    (_REVIEW.c.patient_id == _EPISODE.c.patient_id) & _REVIEW.c.withdrawn_at.is_(None)
)
#: Whom a consultant has reviewed before, and whom nobody has.
_OF_CONSULTANT = PreparedStatement(
    select(_EPISODE.c.patient_id)
    .where(
        _EPISODE.c.tenant_id == bindparam("tenant_id"),
        _EPISODE.c.withdrawn_at.is_(None),
        _EPISODE.c.program == Program.COCM.value,
        _EPISODE.c.discharged_on.is_(None) | (_EPISODE.c.discharged_on >= bindparam("today")),
        exists().where(_REVIEWS, _REVIEW.c.consultant == bindparam("consultant")) | ~exists().where(_REVIEWS),
    )
    .distinct()
)
_WORKED_FOR = PreparedStatement(
    select(CURRENT.c.patient_id)
    .where(
        CURRENT.c.tenant_id == bindparam("tenant_id"),
        CURRENT.c.performed_by == bindparam("performed_by"),
        _IN_DAYS,
    )
    .distinct()
)

_BEGUN = func.coalesce(
    _EPISODE.c.enrolled_on, _EPISODE.c.initial_assessment_on, type_=_EPISODE.c.enrolled_on.type
)
# Not ordered either; of two open episodes the later one is met last, being the higher number.
_IN_CARE = PreparedStatement(
    select(_EPISODE.c.patient_id, _EPISODE.c.care_manager, _BEGUN).where(
        _EPISODE.c.tenant_id == bindparam("tenant_id"),
        _EPISODE.c.withdrawn_at.is_(None),
        _EPISODE.c.program == Program.COCM.value,
        func.coalesce(_BEGUN, bindparam("today")) <= bindparam("today"),
        _EPISODE.c.discharged_on.is_(None) | (_EPISODE.c.discharged_on >= bindparam("today")),
    )
)
_REVIEW = table_of(CaseReviewRow)
_REVIEWERS = PreparedStatement(
    select(
        _REVIEW.c.patient_id,
        _REVIEW.c.consultant,
        func.max(_REVIEW.c.reviewed_on, type_=_REVIEW.c.reviewed_on.type),
    )
    .where(
        _REVIEW.c.tenant_id == bindparam("tenant_id"),
        _REVIEW.c.withdrawn_at.is_(None),
        among(_REVIEW.c.patient_id, "ids"),
        _REVIEW.c.reviewed_on <= bindparam("last_day"),
    )
    .group_by(_REVIEW.c.patient_id, _REVIEW.c.consultant)
)


class LookedAfter(NamedTuple):
    """A patient of somebody's caseload, as far as their episode tells who deserves a closer look."""

    patient_id: int
    payer: str
    program: str
    #: Whether a consent, and an initial assessment, are on file.
    consent: bool
    assessed: bool
    #: The first local date of the episode, and the last; None where nobody said.
    since: date | None
    discharged_on: date | None

    def is_in_care(self, today: date) -> bool:
        """Whether the episode has begun, and has not ended before that date."""
        has_begun = self.since is None or self.since <= today
        return has_begun and (self.discharged_on is None or self.discharged_on >= today)


class InCare(NamedTuple):
    """A patient in Collaborative Care."""

    patient_id: int
    care_manager: int | None
    #: Local date on which the episode began; None where it is not on file.
    begun: date | None


class MonthSum(NamedTuple):
    """One patient's time on some days, as written."""

    #: Whole seconds, counted or not.
    seconds: int
    #: How many entries are held until their activity is confirmed.
    held: int
    #: The last of the days worked on.
    last_day: date


def _by_patient(rows: Iterable[Sequence[Any]]) -> tuple[LookedAfter, ...]:
    found = (LookedAfter(*row) for row in rows)
    return tuple(sorted(found, key=lambda one: (one.patient_id, one.since or date.min)))


class Caseloads:
    """What the ledger of one tenant says of some patients; one statement a question, however many they are."""

    def __init__(self, wire: Wire, tenant_id: int) -> None:
        self._wire = wire
        self._tenant_id = tenant_id

    def sums(self, ids: Collection[int], first_day: date, last_day: date) -> dict[int, MonthSum]:
        """The time of each on those dates; those without entries are left out."""
        rows = self._wire.rows(
            _SUMS, tenant_id=self._tenant_id, ids=ids, first_day=first_day, last_day=last_day
        )
        return {
            patient_id: MonthSum(int(seconds), int(held), last_day)
            for patient_id, seconds, held, last_day in rows
        }

    def looked_after(self, care_manager: int, first_day: date) -> tuple[LookedAfter, ...]:
        """The patients whom a member looks after from a local date on, by number; one of two episodes twice."""
        rows = self._wire.rows(
            _LOOKED_AFTER, tenant_id=self._tenant_id, care_manager=care_manager, first_day=first_day
        )
        return _by_patient(rows)

    def episodes_of(self, ids: Collection[int], first_day: date) -> tuple[LookedAfter, ...]:
        """The same of some patients, whoever looks after them."""
        rows = self._wire.rows(_EPISODES_OF, tenant_id=self._tenant_id, ids=ids, first_day=first_day)
        return _by_patient(rows)

    def of_consultant(self, consultant: int, today: date) -> tuple[int, ...]:
        """The patients in care whom a consultant has reviewed before, or nobody has."""
        rows = self._wire.rows(_OF_CONSULTANT, tenant_id=self._tenant_id, consultant=consultant, today=today)
        return tuple(sorted(patient_id for (patient_id,) in rows))

    def worked_for(self, member_id: int, first_day: date, last_day: date) -> frozenset[int]:
        """The patients of whom a member has entries on those dates."""
        rows = self._wire.rows(
            _WORKED_FOR,
            tenant_id=self._tenant_id,
            performed_by=member_id,
            first_day=first_day,
            last_day=last_day,
        )
        # Of a damaged row nobody knows whose it is.
        return frozenset(patient_id for (patient_id,) in rows if isinstance(patient_id, int))

    def in_care(self, today: date) -> tuple[InCare, ...]:
        """Every patient in Collaborative Care on a local date, by number; one of two episodes twice."""
        rows = self._wire.rows(_IN_CARE, tenant_id=self._tenant_id, today=today)
        return tuple(sorted((InCare(*row) for row in rows), key=lambda one: one.patient_id))

    def reviewers(self, ids: Collection[int], last_day: date) -> dict[int, dict[int, date]]:
        """Who has reviewed each up to `last_day`, with the local date of their last review."""
        found: dict[int, dict[int, date]] = {}
        for patient_id, consultant, day in self._wire.rows(
            _REVIEWERS, tenant_id=self._tenant_id, ids=ids, last_day=last_day
        ):
            found.setdefault(patient_id, {})[consultant] = day
        return found

    def last_days(self, ids: Collection[int], last_day: date) -> dict[int, date]:
        """The last local date up to `last_day` on which each was worked for; others are left out."""
        return self._days(_LAST_DAYS, ids, last_day=last_day)

    def next_contacts(self, ids: Collection[int], first_day: date) -> dict[int, date]:
        """The next contact that each one's newest entry with such a date names, of entries from `first_day` on."""
        return self._days(_NEXT_CONTACTS, ids, first_day=first_day)

    def reviewed(self, ids: Collection[int], last_day: date) -> dict[int, date]:
        """The local date of each one's last case review up to `last_day`; others are left out."""
        return self._days(_REVIEWED, ids, last_day=last_day)

    def consulted(
        self, ids: Collection[int], first_day: date, last_day: date, consultants: Collection[int]
    ) -> dict[int, date]:
        """The local date of each one's last entry for a case review by or with a consultant; others are left out."""
        rows = self._wire.rows(
            _CONSULTED, tenant_id=self._tenant_id, ids=ids, first_day=first_day, last_day=last_day
        )
        return {
            patient_id: day
            for patient_id, day, role, with_whom in rows
            if role == Role.CONSULTANT.value or not set(consultants).isdisjoint(with_whom)
        }

    def scored(self, ids: Collection[int], last_day: date) -> dict[int, date]:
        """The local date of each one's last score up to `last_day`; others are left out."""
        return self._days(_SCORED, ids, last_day=last_day)

    def _days(self, statement: PreparedStatement, ids: Collection[int], **days: date) -> dict[int, date]:
        return dict(self._wire.rows(statement, tenant_id=self._tenant_id, ids=ids, **days))
