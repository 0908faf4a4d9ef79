"""Stores what claims alone say of patients: sex, address, insurances, authorizations; encrypted where keys are."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any, TypeVar

from sqlalchemy import Select, bindparam, delete, func, select

from billing.claim_parties import Address, Authorization, Insurance, PatientDetails, Relationship, Sex
from billing.payer_names import payer_key
from storage import damage
from storage.audit import Audit
from storage.compiled import Parameters, Values
from storage.expressions import among
from storage.import_contents import CLAIM_CONTENT
from storage.import_log import ImportLog
from storage.statements import PreparedStatement, Wire, inserting
from storage.tables import (
    ClaimAuthorizationRow,
    ClaimInsuranceRow,
    ClaimPersonRow,
    PatientRow,
    TableRow,
    table_of,
)

T = TypeVar("T")

_PATIENT = table_of(PatientRow)
_PERSON = table_of(ClaimPersonRow)
_PERSON_NAMES = ("sex", "address_line", "address_line_2", "city", "state", "zip")
_INSURANCE_NAMES = (
    *("payer", "member_id", "group_number", "relationship"),
    *("subscriber_first_name", "subscriber_last_name"),
)
_AUTHORIZATION_NAMES = ("payer", "number", "first_day", "last_day")


def _reading(row: type[TableRow], names: Collection[str], *order: str) -> PreparedStatement:
    """Rows of some patients and of those merged into them, whose they are first; a patient's own come last."""
    table = table_of(row)
    merged = select(_PATIENT.c.patient_id).where(
        _PATIENT.c.tenant_id == bindparam("tenant_id"), among(_PATIENT.c.merged_into, "ids")
    )
    found: Select[Any] = (
        select(
            func.coalesce(_PATIENT.c.merged_into, _PATIENT.c.patient_id).label("whose"),
            *(table.c[name] for name in names),
        )
        .join_from(table, _PATIENT, table.c.patient_id == _PATIENT.c.patient_id)
        .where(
            table.c.tenant_id == bindparam("tenant_id"),
            among(table.c.patient_id, "ids") | table.c.patient_id.in_(merged),
        )
        .order_by(
            "whose",
            _PATIENT.c.merged_into.is_(None),
            table.c.patient_id,
            *(table.c[name] for name in order),
        )
    )
    return PreparedStatement(found)


_PERSONS = _reading(ClaimPersonRow, _PERSON_NAMES)
_INSURANCES = _reading(ClaimInsuranceRow, _INSURANCE_NAMES, "payer_key")
_AUTHORIZATIONS = _reading(ClaimAuthorizationRow, _AUTHORIZATION_NAMES, "payer_key", "first_day")
_ADD_PERSON = PreparedStatement(inserting(ClaimPersonRow))
_ADD_INSURANCE = PreparedStatement(inserting(ClaimInsuranceRow))
_ADD_AUTHORIZATION = PreparedStatement(inserting(ClaimAuthorizationRow))
# Insurances and authorizations go with their patient's row (ON DELETE CASCADE).
_DROP = PreparedStatement(
    delete(_PERSON).where(
        _PERSON.c.tenant_id == bindparam("tenant_id"), _PERSON.c.patient_id == bindparam("patient_id")
    )
)


class ClaimDetails:
    """What claims say of one tenant's patients, as it now stands."""

    def __init__(self, wire: Wire, tenant_id: int, audit: Audit, import_log: ImportLog) -> None:
        self._wire = wire
        self._tenant_id = tenant_id
        self._audit = audit
        self._import_log = import_log

    def put(self, details: PatientDetails) -> None:
        """Keep what is said of a patient, in place of what was."""
        key: Parameters = {"tenant_id": self._tenant_id, "patient_id": details.patient_id}
        self._import_log.touches(CLAIM_CONTENT, details.patient_id)
        self._wire.run(_DROP, **key)
        address = details.address
        self._wire.run(
            _ADD_PERSON,
            **key,
            sex=str(details.sex or ""),
            address_line=address.line,
            address_line_2=address.line_2,
            city=address.city,
            state=address.state,
            zip=address.zip,
        )
        if details.insurances:
            self._wire.run_many(_ADD_INSURANCE, [key | _insurance_row(one) for one in details.insurances])
        if details.authorizations:
            self._wire.run_many(
                _ADD_AUTHORIZATION, [key | _authorization_row(one) for one in details.authorizations]
            )

    def of_patients(self, ids: Collection[int]) -> dict[int, PatientDetails]:
        """What is said of some patients, and of those merged into them; nothing of whom nothing is said."""
        given: Parameters = {"tenant_id": self._tenant_id, "ids": ids}
        persons = self._wire.rows(_PERSONS, **given)
        if not persons:
            return {}
        insurances = _gathered(
            damage.each(_insurance, self._wire.rows(_INSURANCES, **given), "claim_insurance")
        )
        authorizations = _gathered(
            damage.each(_authorization, self._wire.rows(_AUTHORIZATIONS, **given), "claim_authorization")
        )
        found: dict[int, PatientDetails] = {}
        for one in damage.each(_person, persons, "claim_person"):
            # Of one merged into the patient, what the patient's own row leaves open.
            before = found.get(one.patient_id)
            found[one.patient_id] = PatientDetails(
                patient_id=one.patient_id,
                sex=one.sex or (before.sex if before else None),
                address=one.address if one.address.line or before is None else before.address,
                insurances=tuple(insurances.get(one.patient_id, {}).values()),
                authorizations=tuple(authorizations.get(one.patient_id, {}).values()),
            )
        return found


def _gathered(rows: Collection[tuple[int, object, T]]) -> dict[int, dict[object, T]]:
    """By patient and key; the later of one key, which is the patient's own."""
    found: dict[int, dict[object, T]] = defaultdict(dict)
    for whose, key, value in rows:
        found[whose][key] = value
    return found


def _person(row: Values) -> PatientDetails:
    patient_id, sex, line, line_2, city, state, zip_code = row
    address = Address(line=line, line_2=line_2, city=city, state=state, zip=zip_code)
    return PatientDetails(patient_id=patient_id, sex=Sex(sex) if sex else None, address=address)


def _insurance(row: Values) -> tuple[int, object, Insurance]:
    whose, *values = row
    said = dict(zip(_INSURANCE_NAMES, values, strict=True))
    held = Insurance(**{**said, "relationship": Relationship(said["relationship"])})
    return whose, payer_key(held.payer), held


def _authorization(row: Values) -> tuple[int, object, Authorization]:
    whose, *values = row
    said = Authorization(**dict(zip(_AUTHORIZATION_NAMES, values, strict=True)))
    return whose, (payer_key(said.payer), said.first_day), said


def _insurance_row(held: Insurance) -> Parameters:
    said = {name: getattr(held, name) for name in _INSURANCE_NAMES}
    return said | {"payer_key": payer_key(held.payer), "relationship": held.relationship.value}


def _authorization_row(said: Authorization) -> Parameters:
    return {name: getattr(said, name) for name in _AUTHORIZATION_NAMES} | {"payer_key": payer_key(said.payer)}
