"""Finds patients by the first letters of an MRN or a handle, or by letters anywhere in an MRN."""

from sqlalchemy import Select, bindparam, select

from storage.expressions import begins
from storage.statements import PreparedStatement, Wire
from storage.tables import PatientIdentityRow, PatientRow, table_of

_PATIENT = table_of(PatientRow)
_IDENTITY = table_of(PatientIdentityRow)
_ESCAPE = "/"


def _found() -> Select[tuple[int, int | None]]:
    """Everybody on file, and whom an alias names; in the order of MRNs."""
    return (
        select(_PATIENT.c.patient_id, _PATIENT.c.merged_into)
        .join_from(_IDENTITY, _PATIENT, _PATIENT.c.patient_id == _IDENTITY.c.patient_id)
        .where(_IDENTITY.c.tenant_id == bindparam("tenant_id"), _PATIENT.c.taken_back.is_(None))
        .order_by(_IDENTITY.c.identity)
        .limit(bindparam("most"))
    )


_BEGINNING = PreparedStatement(_found().where(begins(_IDENTITY.c.identity, "first", "end")))
# Read from the index of identities alone as far as it does not match.
_CONTAINING = PreparedStatement(
    _found().where(_IDENTITY.c.identity.like(bindparam("pattern"), escape=_ESCAPE))
)
_BY_HANDLE = PreparedStatement(
    select(_PATIENT.c.patient_id, _PATIENT.c.merged_into)
    .where(
        _PATIENT.c.tenant_id == bindparam("tenant_id"),
        _PATIENT.c.taken_back.is_(None),
        begins(_PATIENT.c.handle, "first", "end"),
    )
    .order_by(_PATIENT.c.handle)
    .limit(bindparam("most"))
)
#: After every letter there is, so that it ends what begins with something.
_LAST = "\U0010ffff"


class PatientSearch:
    """Finds the patients of one tenant as somebody types; numbers only, `Patients.many` has the rest."""

    def __init__(self, wire: Wire, tenant_id: int) -> None:
        self._wire = wire
        self._tenant_id = tenant_id

    def beginning(self, identity: str, most: int) -> list[int]:
        """Patients whose identity begins with that, in the order of identities, so many at most."""
        return self._ids(_BEGINNING, most, first=identity, end=identity + _LAST)

    def containing(self, part: str, most: int) -> list[int]:
        """Patients in whose identity that stands anywhere, in the order of identities, so many at most."""
        plain = part.replace(_ESCAPE, 2 * _ESCAPE).replace("%", f"{_ESCAPE}%").replace("_", f"{_ESCAPE}_")
        return self._ids(_CONTAINING, most, pattern=f"%{plain}%")

    def by_handle(self, handle: str, most: int) -> list[int]:
        """Patients whose handle begins with that, `P-7F`, so many at most."""
        return self._ids(_BY_HANDLE, most, first=handle, end=handle + _LAST)

    def _ids(self, statement: PreparedStatement, most: int, **words: str) -> list[int]:
        rows = self._wire.rows(statement, tenant_id=self._tenant_id, most=most, **words)
        return list(dict.fromkeys(into or patient_id for patient_id, into in rows))
