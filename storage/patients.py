"""Stores the practice's patients; what names them is kept apart from what is counted."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import bindparam, delete, func, select, update

from billing.people import Patient
from storage import damage
from storage.compiled import Values
from storage.errors import NotFound
from storage.expressions import among
from storage.facts import PATIENT_FACTS, Facts
from storage.import_contents import PATIENT_CONTENT
from storage.import_log import ImportLog
from storage.patient_handles import new_handle, new_handles
from storage.spelling import is_one_typo_apart, spellings
from storage.statements import PreparedStatement, Wire, inserting
from storage.tables import PatientIdentityRow, PatientRow, PatientSpellingRow, table_of

T = TypeVar("T")

_PATIENT = table_of(PatientRow)
_IDENTITY = table_of(PatientIdentityRow)
_SPELLING = table_of(PatientSpellingRow)

_IN_TENANT = (
    select(
        _PATIENT.c.patient_id,
        _PATIENT.c.handle,
        _IDENTITY.c.mrn,
        _IDENTITY.c.identity,
        _PATIENT.c.on_roster,
        _IDENTITY.c.first_name,
        _IDENTITY.c.last_name,
        _PATIENT.c.referring_npi,
        _IDENTITY.c.problems,
        _IDENTITY.c.birth_date,
    )
    .join_from(_PATIENT, _IDENTITY, _PATIENT.c.patient_id == _IDENTITY.c.patient_id)
    .where(_PATIENT.c.tenant_id == bindparam("tenant_id"))
)
#: Whom an import added that was taken back is found by number alone, for the history.
_STANDING = _IN_TENANT.where(_PATIENT.c.taken_back.is_(None))
_WITH_ALIAS = _STANDING.add_columns(_PATIENT.c.merged_into)
_BY_IDENTITY = PreparedStatement(
    _WITH_ALIAS.where(
        _IDENTITY.c.tenant_id == bindparam("tenant_id"), _IDENTITY.c.identity == bindparam("identity")
    )
)
_BY_HANDLE = PreparedStatement(_WITH_ALIAS.where(_PATIENT.c.handle == bindparam("handle")))
_BY_ID = PreparedStatement(_IN_TENANT.where(_PATIENT.c.patient_id == bindparam("patient_id")))
_ALL = PreparedStatement(_STANDING.where(_PATIENT.c.merged_into.is_(None)).order_by(_PATIENT.c.patient_id))
_ALIASES = PreparedStatement(
    select(_IDENTITY.c.identity, _PATIENT.c.merged_into)
    .join_from(_PATIENT, _IDENTITY, _PATIENT.c.patient_id == _IDENTITY.c.patient_id)
    .where(_PATIENT.c.tenant_id == bindparam("tenant_id"), _PATIENT.c.merged_into.is_not(None))
    .order_by(_PATIENT.c.patient_id)
)
_MANY = PreparedStatement(_IN_TENANT.where(among(_PATIENT.c.patient_id, "ids")))
_MRNS = PreparedStatement(
    select(_IDENTITY.c.patient_id, _IDENTITY.c.mrn).where(
        _IDENTITY.c.tenant_id == bindparam("tenant_id"), among(_IDENTITY.c.patient_id, "ids")
    )
)
_KNOWN = PreparedStatement(
    select(_IDENTITY.c.identity)
    .join_from(_IDENTITY, _PATIENT, _PATIENT.c.patient_id == _IDENTITY.c.patient_id)
    .where(
        _IDENTITY.c.tenant_id == bindparam("tenant_id"),
        among(_IDENTITY.c.identity, "candidates"),
        _PATIENT.c.on_roster | _PATIENT.c.merged_into.is_not(None),
    )
)
_NEAR = PreparedStatement(
    _IN_TENANT.where(
        _PATIENT.c.on_roster,
        _PATIENT.c.patient_id.in_(
            select(_SPELLING.c.patient_id).where(
                _SPELLING.c.tenant_id == bindparam("tenant_id"),
                among(_SPELLING.c.spelling, "near"),
            )
        ),
    ).order_by(_IDENTITY.c.identity)
)
_OF_IDENTITIES = PreparedStatement(
    _STANDING.where(
        _IDENTITY.c.tenant_id == bindparam("tenant_id"),
        among(_IDENTITY.c.identity, "identities"),
    ).order_by(_IDENTITY.c.identity)
)
_NUMBERS = PreparedStatement(
    select(_PATIENT.c.handle, _PATIENT.c.patient_id).where(
        _PATIENT.c.tenant_id == bindparam("tenant_id"), among(_PATIENT.c.handle, "handles")
    )
)
_LAST_NUMBER = PreparedStatement(select(func.coalesce(func.max(_PATIENT.c.patient_id), 0)))
_NEW = inserting(PatientRow, without=("patient_id", "merged_into", "taken_back"))
_ADD = PreparedStatement(_NEW.returning(_PATIENT.c.patient_id))
_ADD_MANY = PreparedStatement(_NEW)
_ADD_IDENTITY = PreparedStatement(inserting(PatientIdentityRow))
_ADD_SPELLING = PreparedStatement(inserting(PatientSpellingRow))
_TAKEN_BACK = PreparedStatement(
    select(_IDENTITY.c.identity, _PATIENT.c.patient_id, _PATIENT.c.handle)
    .join_from(_PATIENT, _IDENTITY, _PATIENT.c.patient_id == _IDENTITY.c.patient_id)
    .where(_PATIENT.c.tenant_id == bindparam("tenant_id"), _PATIENT.c.taken_back.is_not(None))
)
_RETURN = PreparedStatement(
    update(_PATIENT)
    .where(_PATIENT.c.tenant_id == bindparam("tenant"), _PATIENT.c.patient_id == bindparam("patient"))
    .values(taken_back=None)
)
_DROP_SPELLINGS = PreparedStatement(
    delete(_SPELLING).where(
        _SPELLING.c.tenant_id == bindparam("tenant_id"), _SPELLING.c.patient_id == bindparam("patient_id")
    )
)
_UPDATE = PreparedStatement(
    update(_PATIENT)
    .where(_PATIENT.c.tenant_id == bindparam("tenant"), _PATIENT.c.patient_id == bindparam("patient"))
    .values(on_roster=bindparam("on_roster"), referring_npi=bindparam("referring_npi"))
)
_UPDATE_IDENTITY = PreparedStatement(
    update(_IDENTITY)
    .where(_IDENTITY.c.tenant_id == bindparam("tenant"), _IDENTITY.c.patient_id == bindparam("patient"))
    .values(
        {
            name: bindparam(name, type_=_IDENTITY.c[name].type)
            for name in ("mrn", "identity", "first_name", "last_name", "problems", "birth_date")
        }
    )
)

#: Fields of a new patient that lie in the table of patients, which names nobody.
_COUNTED = ("handle", "on_roster", "referring_npi")
#: Fields of a patient that lie in the table of identities.
_IDENTIFIED = ("patient_id", "identity", "mrn", "first_name", "last_name", "problems", "birth_date")
#: Well under the number of parameters that either database takes in one statement.
_CHUNK = 500


class Patients:
    """The patients of one tenant."""

    def __init__(self, wire: Wire, tenant_id: int, facts: Facts, import_log: ImportLog) -> None:
        self._wire = wire
        self._tenant_id = tenant_id
        self._facts = facts
        self._import_log = import_log
        # A use case asks for the same patient several times over; in one unit of work it is the same patient.
        self._known: dict[int, Patient] = {}
        self._known_by_identity: dict[str, Patient] = {}
        #: Numbers of the patients whose names were read.
        self.met: set[int] = set()

    def by_identity(self, identity: str) -> Patient | None:
        """The patient of that identity (casefolded text after the MRN prefix); of an alias, whom it names now."""
        known = self._known_by_identity.get(identity)
        return known or self._followed(
            self._wire.row(_BY_IDENTITY, tenant_id=self._tenant_id, identity=identity)
        )

    def by_handle(self, handle: str) -> Patient | None:
        """The patient of that handle, `P-7F3K`; of one that was merged, the patient who has everything."""
        return self._followed(self._wire.row(_BY_HANDLE, tenant_id=self._tenant_id, handle=handle))

    def as_written(self, identity: str) -> Patient | None:
        """The patient first kept under that identity, though it is an alias of another's now."""
        row = self._wire.row(_BY_IDENTITY, tenant_id=self._tenant_id, identity=identity)
        return None if row is None else self._read(row[:-1])

    def aliases(self) -> dict[str, Patient]:
        """Identities that were merged, and the patients whom they name now."""
        rows = self._wire.rows(_ALIASES, tenant_id=self._tenant_id)
        kept = self.many({into for _, into in rows}) if rows else {}
        return {identity: kept[into] for identity, into in rows}

    def by_id(self, patient_id: int) -> Patient | None:
        """The patient of that number."""
        known = self._known.get(patient_id)
        return known or self._met(self._wire.row(_BY_ID, tenant_id=self._tenant_id, patient_id=patient_id))

    def all(self) -> tuple[Patient, ...]:
        """Every patient but those merged into another, on the roster or not, in the order they became known."""
        return tuple(damage.each(self._read, self._wire.rows(_ALL, tenant_id=self._tenant_id), "patient"))

    def many(self, ids: Collection[int]) -> dict[int, Patient]:
        """The patients of those numbers, by number; unknown ones are left out."""
        if len(ids) == 1:
            one = self.by_id(*ids)
            return {} if one is None else {one.patient_id: one}
        found = {}
        for chunk in _chunks(sorted(set(ids))):
            for row in self._wire.rows(_MANY, tenant_id=self._tenant_id, ids=chunk):
                found[row[0]] = self._read(row)
        return found

    def by_mrn(self, ids: Collection[int]) -> list[int]:
        """The numbers of those patients in the order of their MRNs, whatever the case of the letters."""
        rows = self._wire.rows(_MRNS, tenant_id=self._tenant_id, ids=ids)
        return [
            patient_id for _, patient_id in sorted((mrn.casefold(), patient_id) for patient_id, mrn in rows)
        ]

    def known_identities(self, candidates: Collection[str]) -> frozenset[str]:
        """Those of the candidates that are identities of patients on the roster."""
        return frozenset(
            row[0]
            for chunk in _chunks(sorted(set(candidates)))
            for row in self._wire.rows(_KNOWN, tenant_id=self._tenant_id, candidates=chunk)
        )

    def one_typo_away(self, identity: str) -> tuple[Patient, ...]:
        """Patients on the roster whose identity differs by exactly one typo."""
        rows = self._wire.rows(_NEAR, tenant_id=self._tenant_id, near=sorted(spellings(identity)))
        patients = (self._read(row) for row in rows)
        return tuple(patient for patient in patients if is_one_typo_apart(patient.identity, identity))

    def of_identities(self, identities: Collection[str]) -> tuple[Patient, ...]:
        """The patients of those identities, on the roster or not; unknown ones are left out."""
        return tuple(
            self._read(row)
            for chunk in _chunks(sorted(set(identities)))
            for row in self._wire.rows(_OF_IDENTITIES, tenant_id=self._tenant_id, identities=chunk)
        )

    def next_number(self) -> int:
        """The number that the next patient will have on SQLite, if nobody adds one before."""
        return int(self._wire.one(_LAST_NUMBER)[0]) + 1

    def add(  # noqa: PLR0913 - the facts of a patient, by name
        self,
        *,
        mrn: str,
        identity: str,
        on_roster: bool,
        first_name: str = "",
        last_name: str = "",
        referring_npi: str = "",
        problems: str = "",
        birth_date: date | None = None,
    ) -> Patient:
        """Add a patient under a new handle; one whose import was taken back has their old number and handle again.

        Raises:
            AlreadyExists: when a patient of that identity is known.
        """
        patient = Patient(
            patient_id=0,
            handle="",
            mrn=mrn,
            identity=identity,
            on_roster=on_roster,
            first_name=first_name,
            last_name=last_name,
            referring_npi=referring_npi,
            problems=problems,
            birth_date=birth_date,
        )
        if returned := self._returned([patient]):
            return self._meet(returned[identity])
        key = {"tenant_id": self._tenant_id}
        patient = replace(patient, handle=new_handle(self._wire, self._tenant_id))
        (patient_id,) = self._wire.one(_ADD, **key, **_fields(patient, _COUNTED))
        self._import_log.added(PATIENT_CONTENT, (patient_id,))
        added = replace(patient, patient_id=patient_id)
        self._wire.run(_ADD_IDENTITY, **key, **_fields(added, _IDENTIFIED))
        self._add_spellings(patient_id, identity)
        return self._meet(added)

    def add_many(self, patients: Sequence[Patient]) -> tuple[Patient, ...]:
        """Add thousands of patients; returns them with the numbers and handles they were given.

        Those that they came with say nothing. Those whose import was taken back have their old ones again.

        Raises:
            AlreadyExists: when a patient of one of those identities is known.
        """
        returned = self._returned(patients)
        new = [patient for patient in patients if patient.identity not in returned]
        added = {patient.identity: patient for patient in self._add_new(new)} if new else {}
        return tuple((returned | added)[patient.identity] for patient in patients)

    def _add_new(self, patients: Sequence[Patient]) -> tuple[Patient, ...]:
        key = {"tenant_id": self._tenant_id}
        named = [
            replace(patient, handle=handle)
            for patient, handle in zip(
                patients, new_handles(self._wire, self._tenant_id, len(patients)), strict=True
            )
        ]
        self._wire.load(_ADD_MANY, (key | _fields(patient, _COUNTED) for patient in named))
        numbers: dict[str, int] = dict(
            self._wire.rows(_NUMBERS, **key, handles=[patient.handle for patient in named])
        )
        added = tuple(replace(patient, patient_id=numbers[patient.handle]) for patient in named)
        self._wire.load(_ADD_IDENTITY, (key | _fields(patient, _IDENTIFIED) for patient in added))
        self._wire.load(
            _ADD_SPELLING,
            (
                key | {"spelling": spelling, "patient_id": patient.patient_id}
                for patient in added
                for spelling in sorted(spellings(patient.identity))
            ),
        )
        self._import_log.added(PATIENT_CONTENT, (patient.patient_id for patient in added))
        return added

    def _returned(self, patients: Sequence[Patient]) -> dict[str, Patient]:
        """Those who were on file once, until the import that added them was taken back: on file again."""
        gone = {
            identity: (patient_id, handle)
            for identity, patient_id, handle in self._wire.rows(_TAKEN_BACK, tenant_id=self._tenant_id)
        }
        returned: dict[str, Patient] = {}
        for patient in patients if gone else ():
            if patient.identity in gone and patient.identity not in returned:
                patient_id, handle = gone[patient.identity]
                one = replace(patient, patient_id=patient_id, handle=handle)
                self._wire.run(_RETURN, tenant=self._tenant_id, patient=patient_id)
                self.forget()
                self._store(one)
                returned[patient.identity] = one
        self._import_log.added(PATIENT_CONTENT, (patient.patient_id for patient in returned.values()))
        return returned

    def update(self, patient: Patient) -> None:
        """Store a patient's facts as given; the handle never changes.

        Raises:
            NotFound: when this tenant has no such patient.
            AlreadyExists: when its identity is another patient's.
        """
        before = self.by_id(patient.patient_id)
        if before is None:
            raise NotFound
        self._import_log.touches(PATIENT_CONTENT, patient.patient_id)
        self._store(patient)
        if before.identity != patient.identity:
            self._wire.run(_DROP_SPELLINGS, tenant_id=self._tenant_id, patient_id=patient.patient_id)
            self._add_spellings(patient.patient_id, patient.identity)
            self._known_by_identity.pop(before.identity, None)
        self._facts.chosen(PATIENT_FACTS, _standing(before), _standing(patient))
        self._meet(replace(patient, handle=before.handle))

    def _store(self, patient: Patient) -> None:
        key = {"tenant": self._tenant_id, "patient": patient.patient_id}
        self._wire.run(_UPDATE, **key, on_roster=patient.on_roster, referring_npi=patient.referring_npi)
        self._wire.run(
            _UPDATE_IDENTITY,
            **key,
            mrn=patient.mrn,
            identity=patient.identity,
            first_name=patient.first_name,
            last_name=patient.last_name,
            problems=patient.problems,
            birth_date=patient.birth_date,
        )

    def _met(self, row: Values | None) -> Patient | None:
        return None if row is None else self._meet(self._read(row))

    def _followed(self, row: Values | None) -> Patient | None:
        """A row with its alias: the patient, or the one it was merged into."""
        if row is None:
            return None
        *own, merged_into = row
        return self._meet(self._read(own)) if merged_into is None else self.by_id(merged_into)

    def _read(self, row: Sequence[Any]) -> Patient:
        patient = _patient(row)
        self.met.add(patient.patient_id)
        return patient

    def forget(self) -> None:
        """Read patients again when next asked for: what is on file, or what an identity names, has changed."""
        self._known.clear()
        self._known_by_identity.clear()

    def _meet(self, patient: Patient) -> Patient:
        self._known[patient.patient_id] = self._known_by_identity[patient.identity] = patient
        return patient

    def _add_spellings(self, patient_id: int, identity: str) -> None:
        self._wire.run_many(
            _ADD_SPELLING,
            [
                {"tenant_id": self._tenant_id, "spelling": spelling, "patient_id": patient_id}
                for spelling in sorted(spellings(identity))
            ],
        )


def _standing(patient: Patient) -> dict[str, Any]:
    return _fields(patient, ("patient_id", "on_roster", "referring_npi"))


def _fields(patient: Patient, names: Sequence[str]) -> dict[str, Any]:
    return {name: getattr(patient, name) for name in names}


def _chunks(items: list[T]) -> list[list[T]]:
    return [items[start : start + _CHUNK] for start in range(0, len(items), _CHUNK)]


def _patient(row: Sequence[Any]) -> Patient:
    (
        *(patient_id, handle, mrn, identity, on_roster, first_name, last_name, referring_npi, problems),
        birth_date,
    ) = row
    return Patient(
        patient_id=patient_id,
        handle=handle,
        mrn=mrn,
        identity=identity,
        on_roster=on_roster,
        first_name=first_name,
        last_name=last_name,
        referring_npi=referring_npi,
        problems=problems,
        birth_date=birth_date,
    )
