"""Reads the rows of a roster by patient, and asks whose an MRN is that may be a slip."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial

from billing.people import Member, MemberRole, Patient
from services.imports import care
from services.imports.care import Care, read_care
from services.imports.cells import Cells
from services.imports.claim_columns import read_days
from services.imports.file_payers import PAYER, FilePayers
from services.imports.outcome import RowProblem
from services.imports.plans import Row
from services.imports.roster import MRN, Newcomers, meant_by, much_like
from services.imports.team import CARE_MANAGER, Team
from services.imports.values import codes, names
from services.imports.values.mrns import read_mrn
from services.people.lookalikes import Likeness, PersonIndex
from services.people.rights import spoken_roles

_NO_DAY = date.min
#: Columns in which `none` takes away what is on file.
CLEARABLE = care.CLEARABLE | {"referring_npi", "problems"}

#: The rows of a roster by identity, each patient's oldest stretch of care first.
RowsByPatient = dict[str, list[Row]]


@dataclass(frozen=True, slots=True, kw_only=True)
class OnFile:
    """The patients whom the practice knows, by identity."""

    known: Mapping[str, Patient] = field(repr=False)
    #: MRNs that were merged, with the patients whom they name now.
    aliases: Mapping[str, Patient] = field(repr=False)
    #: The practice's own form of an MRN; None for the usual ones.
    mrn_pattern: str | None = None


def read_rows(
    rows: Iterable[Cells], on_file: OnFile, team: Team, newcomers: Newcomers, payers: FilePayers
) -> RowsByPatient:
    """Read a roster; an MRN that was merged is refused, one that the answers say is another's is taken as that."""
    found: RowsByPatient = {}
    for cells in rows:
        cleared = cells.clear(CLEARABLE)
        mrn, identity = cells.text(MRN), cells.need(MRN, partial(read_mrn, pattern=on_file.mrn_pattern))
        care, days = read_care(cells, cleared), read_days(cells, cleared)
        if care is not None and care.care_manager:
            _look_at_manager(cells, cells.read(CARE_MANAGER, partial(_expected, team, cells.line)))
        if care is not None and care.payer:
            care = replace(care, payer=cells.read(PAYER, partial(payers.read, line=cells.line)) or "")
        patient = _patient(cells, mrn, identity) if identity is not None else None
        if patient is None:
            continue
        _look_at_birth(cells, patient, care)
        meant = _meant(cells, patient, on_file, found, newcomers)
        if meant is None:
            continue
        row = Row(line=cells.line, patient=meant, care=care, days=days, cleared=cleared)
        earlier = found.setdefault(meant.identity, [])
        twin = next((one for one in earlier if _enrollment(one.care) == _enrollment(care)), None)
        if twin is not None:
            cells.refuse(
                MRN,
                f"{mrn} is already on line {twin.line}, with the same enrolled_on. Remove one of the rows.",
            )
            continue
        earlier.append(row)
    for own in found.values():
        own.sort(key=lambda row: _enrollment(row.care))
    return found


def _expected(team: Team, line: int, words: str) -> Member:
    return team.expect(words, MemberRole.CARE_MANAGER, line, CARE_MANAGER)


def _look_at_manager(cells: Cells, member: Member | None) -> None:
    """Say of a member who looks after no patients that the row says otherwise."""
    if member is None:
        return
    if not member.active:
        said = f"{member.display_name} takes no part any more. Name who looks after the patient now."
        cells.warn(CARE_MANAGER, said)
    elif member.roles and MemberRole.CARE_MANAGER not in member.roles:
        cells.warn(
            CARE_MANAGER, f"{member.display_name} is {spoken_roles(member.roles)} here, not a care manager."
        )


def _look_at_birth(cells: Cells, patient: Patient, care: Care | None) -> None:
    """Refuse care before the birth."""
    begins = (care.enrolled_on or care.initial_assessment_on) if care is not None else None
    if begins is not None and patient.birth_date is not None and patient.birth_date >= begins:
        cells.refuse("birth_date", f"The care begins on {begins}, before the birth. Correct one of the two.")


def slips(rows: RowsByPatient, on_file: OnFile, newcomers: Newcomers) -> Iterator[RowProblem]:
    """New MRNs that may be a slip for a patient's: much like it, or of somebody of that name and birth date.

    Typos are told from neighbors by what else the file says: it names the other patient as well, or another name.
    """
    people = PersonIndex(on_file.known.values())
    for identity, own in rows.items():
        row = own[0]
        said = _said_of(own)
        if identity not in on_file.known and not newcomers.is_sure(row.patient.mrn):
            question = _asked(said, row, rows, newcomers, people)
            if question is not None:
                yield RowProblem(line=row.line, column=MRN, message=question)
                continue
        people.add(said)


def _asked(
    said: Patient, row: Row, rows: RowsByPatient, newcomers: Newcomers, people: PersonIndex
) -> str | None:
    near = next(
        (
            one
            for one in newcomers.near(said.mrn, said.identity)
            if one.differs_by is not Likeness.TYPO
            or not (one.patient.identity in rows or _is_named_otherwise(said, one.patient))
        ),
        None,
    )
    if near is not None:
        return newcomers.ask(said.mrn, near.patient, much_like(said.mrn, near), row.line)
    same = people.same_person(said)
    if same is None:
        return None
    other = rows.get(same.identity)
    where = f" (line {other[0].line})" if same.patient_id == 0 and other else " on file"
    asks = f"{said.mrn} is new, and {same.mrn}{where} has the same name and birth date."
    return newcomers.ask(said.mrn, same, asks, row.line)


def _said_of(rows: Sequence[Row]) -> Patient:
    """A patient as their rows have them together; a later stretch of care goes before an earlier one."""
    said = rows[0].patient
    for row in rows[1:]:
        said = replace(
            said,
            first_name=row.patient.first_name or said.first_name,
            last_name=row.patient.last_name or said.last_name,
            birth_date=row.patient.birth_date or said.birth_date,
        )
    return said


def _meant(
    cells: Cells, patient: Patient, on_file: OnFile, earlier: RowsByPatient, newcomers: Newcomers
) -> Patient | None:
    """The patient whom a row is about, under their own MRN; None where it cannot be taken, which is then said."""
    answer = newcomers.meant(patient.mrn)
    if answer is not None:
        in_file = {identity: rows[0].patient for identity, rows in earlier.items()}
        try:
            other = meant_by(answer, {**in_file, **on_file.known})
        except ValueError as error:
            cells.refuse(MRN, str(error))
            return None
        return replace(patient, mrn=other.mrn, identity=other.identity)
    merged = on_file.aliases.get(patient.identity)
    if merged is not None:
        cells.refuse(
            MRN, f"{patient.mrn} was merged into {merged.mrn}. Use that MRN, or take the merge apart."
        )
        return None
    return patient


def _patient(cells: Cells, mrn: str, identity: str) -> Patient:
    referring_npi = codes.npi(cells.text("referring_npi"))
    if referring_npi and (why := codes.why_no_npi(referring_npi)):
        cells.warn("referring_npi", why)
    return Patient(
        patient_id=0,
        handle="",
        mrn=mrn,
        identity=identity,
        first_name=cells.read("first_name", names.name) or "",
        last_name=cells.read("last_name", names.name) or "",
        referring_npi=referring_npi,
        problems=cells.text("problems"),
        birth_date=cells.birth_date("birth_date"),
    )


def _enrollment(care: Care | None) -> date:
    return (care and care.enrolled_on) or _NO_DAY


def _is_named_otherwise(one: Patient, other: Patient) -> bool:
    names = [
        (one.first_name.casefold(), other.first_name.casefold()),
        (one.last_name.casefold(), other.last_name.casefold()),
    ]
    return any(first and second and first != second for first, second in names)
