"""Makes the handles by which patients are named where an MRN may not appear: `P-7F3K`."""

import secrets

from sqlalchemy import bindparam, select

from storage.errors import NotSaved
from storage.statements import PreparedStatement, Wire
from storage.tables import PatientRow, table_of

_PATIENT = table_of(PatientRow)
_TAKEN = PreparedStatement(
    select(_PATIENT.c.patient_id).where(
        _PATIENT.c.tenant_id == bindparam("tenant_id"), _PATIENT.c.handle == bindparam("handle")
    )
)
_ALL = PreparedStatement(select(_PATIENT.c.handle).where(_PATIENT.c.tenant_id == bindparam("tenant_id")))

#: Without 0/O, 1/I/L and U, which look or sound alike.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 4
#: Even with half of all handles taken, so many tries fail once in 10^19.
_TRIES = 64
_NONE_LEFT = "Not saved, nothing changed: this practice has no free patient handles left."


def new_handle(wire: Wire, tenant_id: int) -> str:
    """A handle that no patient of a tenant has.

    Raises:
        NotSaved: when none is left.
    """
    for _ in range(_TRIES):
        handle = _any_handle()
        if wire.row(_TAKEN, tenant_id=tenant_id, handle=handle) is None:
            return handle
    raise NotSaved(_NONE_LEFT)


def new_handles(wire: Wire, tenant_id: int, count: int) -> list[str]:
    """So many handles that no patient of a tenant has.

    Raises:
        NotSaved: when not so many are left.
    """
    taken = {handle for (handle,) in wire.rows(_ALL, tenant_id=tenant_id)}
    handles: list[str] = []
    tries = count * _TRIES
    while len(handles) < count and tries:
        tries -= 1
        handle = _any_handle()
        if handle not in taken:
            taken.add(handle)
            handles.append(handle)
    if len(handles) < count:
        raise NotSaved(_NONE_LEFT)
    return handles


def _any_handle() -> str:
    return "P-" + "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
