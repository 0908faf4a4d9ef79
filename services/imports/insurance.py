"""`insurance`: imports what claims say of patients, each row a patient's insurance with one payer."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from billing.claim_parties import Address, Authorization, Insurance, PatientDetails, Relationship, Sex
from billing.payer_names import payer_key
from services.context import Context
from services.imports.cells import Cells
from services.imports.file_payers import PAYER, FilePayers
from services.imports.outcome import ImportOutcome, Preview, RowProblem
from services.imports.questions import settle
from services.imports.request import ImportRequest
from services.imports.roster import FileRoster
from services.imports.sheet import read_sheet
from services.imports.storing import PlannedImport, by_line
from services.imports.values import insured

COLUMNS = (
    *("mrn", "payer", "member_id", "relationship", "group_number"),
    *("subscriber_first_name", "subscriber_last_name", "sex"),
    *("address_line", "address_line_2", "city", "state", "zip"),
    *("authorization", "authorization_from", "authorization_to"),
)
NEEDED = COLUMNS[:4]
#: Columns in which `none` says that nothing is on file any more.
_CLEARED = ("group_number", "address_line_2")
#: Of which a patient has one, whatever the payer.
_OWN = ("sex", "address_line", "address_line_2", "city", "state", "zip")
_PREVIEWED = 10
_STREET, _CITY, _FIRST, _LAST, _NUMBER = 55, 30, 35, 60, 50


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """A row as it was read; what it leaves empty is empty, or not there."""

    line: int
    identity: str = field(repr=False)
    insurance: Insurance = field(repr=False)
    sex: Sex | None = field(repr=False)
    address: Address = field(repr=False)
    authorization: Authorization | None = field(repr=False)
    cleared: frozenset[str] = frozenset()


def load(context: Context, request: ImportRequest) -> PlannedImport:
    """Say how payers know patients, and where these live; empty cells keep what is on file.

    Nothing of it is shown anywhere but in claims: the outcome says how many rows change something, and whose.
    """
    sheet = read_sheet(request, COLUMNS, NEEDED)
    problems = list(sheet.problems)
    roster, payers = FileRoster(context, request.answers), FilePayers(context, request.answers)
    rows = [one for cells in sheet.cells(problems) if (one := _read(cells, roster, payers)) is not None]
    problems += _strangers(rows, roster)
    problems += _twice(rows)
    known = [row for row in rows if row.identity not in roster.newcomers]
    ids = {row.identity: roster.patient(row.identity).patient_id for row in known}
    before = context.uow.claim_details.of_patients(set(ids.values()))
    after = dict(before)
    became: list[str] = []
    for row in known:
        patient_id = ids[row.identity]
        stood = after.get(patient_id)
        after[patient_id] = _brought_up_to_date(stood or PatientDetails(patient_id=patient_id), row)
        became.append("as it is" if after[patient_id] == stood else "changed" if stood else "new")
    changed = [one for patient_id, one in after.items() if one != before.get(patient_id)]
    outcome = ImportOutcome(
        rows=len(sheet.rows),
        readings=sheet.reading.said,
        added=became.count("new"),
        changed=became.count("changed"),
        unchanged=became.count("as it is"),
        problems=tuple(sorted(problems, key=by_line)),
        remarks=sheet.remarks,
        preview=Preview(
            columns=("MRN", "Payer", "Becomes"),
            rows=tuple(
                (row.identity, row.insurance.payer, word)
                for row, word in zip(known[:_PREVIEWED], became, strict=False)
            ),
        ),
    )
    steps = [partial(_store, details=one) for one in changed]
    return PlannedImport(
        kind="insurance", outcome=settle(outcome, roster.inquiry, payers.inquiry), steps=steps
    )


def _store(context: Context, *, details: PatientDetails) -> None:
    context.uow.claim_details.put(details)


def _read(cells: Cells, roster: FileRoster, payers: FilePayers) -> _Said | None:
    cleared = cells.clear(_CLEARED)
    identity = cells.need("mrn", partial(roster.expect, line=cells.line))
    payer = cells.need(PAYER, partial(payers.read, line=cells.line))
    member = cells.need("member_id", insured.member_id)
    relationship = cells.need("relationship", insured.relationship)
    first = cells.read("subscriber_first_name", insured.words_of(_FIRST)) or ""
    last = cells.read("subscriber_last_name", insured.words_of(_LAST)) or ""
    group = cells.read("group_number", insured.words_of(_NUMBER)) or ""
    sex, address = cells.read("sex", insured.sex), _address(cells)
    if relationship not in {None, Relationship.SELF} and not (first and last):
        cells.refuse(
            "subscriber_last_name",
            "Somebody else holds this insurance: write their first and last name, or self as the relationship.",
        )
    if identity is None or payer is None or member is None or relationship is None:
        return None
    own = relationship is Relationship.SELF
    return _Said(
        line=cells.line,
        identity=identity,
        insurance=Insurance(
            payer=payer,
            member_id=member,
            group_number=group,
            relationship=relationship,
            subscriber_first_name="" if own else first,
            subscriber_last_name="" if own else last,
        ),
        sex=sex,
        address=address,
        authorization=_authorization(cells, payer),
        cleared=cleared,
    )


def _address(cells: Cells) -> Address:
    return Address(
        line=cells.read("address_line", insured.words_of(_STREET)) or "",
        line_2=cells.read("address_line_2", insured.words_of(_STREET)) or "",
        city=cells.read("city", insured.words_of(_CITY)) or "",
        state=cells.read("state", insured.state) or "",
        zip=cells.read("zip", insured.zip_code) or "",
    )


def _authorization(cells: Cells, payer: str) -> Authorization | None:
    number = cells.read("authorization", insured.words_of(_NUMBER))
    first, last = cells.day("authorization_from"), cells.day("authorization_to")
    if not number:
        if first is not None or last is not None:
            cells.refuse(
                "authorization", "Days without the number that they are about. Fill it in, or leave them out."
            )
        return None
    if not cells.text("authorization_from"):
        cells.refuse("authorization_from", "An authorization needs the first day on which it holds.")
    if first is None:
        return None
    if last is not None and last < first:
        cells.refuse("authorization_to", f"{last} is before authorization_from {first}. Correct one of them.")
    return Authorization(payer=payer, number=number, first_day=first, last_day=last)


def _strangers(rows: Sequence[_Said], roster: FileRoster) -> Iterator[RowProblem]:
    for row in rows:
        if row.identity in roster.newcomers:
            message = "This patient is not on file. Import the patients first."
            yield RowProblem(line=row.line, column="mrn", message=message)


def _twice(rows: Sequence[_Said]) -> Iterator[RowProblem]:
    """Rows that say two things of one patient: of one payer, or of where they live."""
    by_payer: dict[tuple[str, str], _Said] = {}
    own: dict[tuple[str, str], tuple[int, str]] = {}
    for row in rows:
        key = row.identity, payer_key(row.insurance.payer)
        other = by_payer.setdefault(key, row)
        if other is not row and other.insurance != row.insurance:
            message = f"Line {other.line} says something else of this patient and payer. Keep one of the two."
            yield RowProblem(line=row.line, column="payer", message=message)
        for name, value in _own(row).items():
            line, said = own.setdefault((row.identity, name), (row.line, value))
            if said != value:
                message = f"Line {line} says something else of this patient. Correct one of the two."
                yield RowProblem(line=row.line, column=name, message=message)


def _own(row: _Said) -> Mapping[str, str]:
    """What a row says of a patient whatever the payer, by column; what it leaves empty is not there."""
    address = row.address
    values = (row.sex or "", address.line, address.line_2, address.city, address.state, address.zip)
    return {name: str(value) for name, value in zip(_OWN, values, strict=True) if value}


def _brought_up_to_date(details: PatientDetails, row: _Said) -> PatientDetails:
    address, said = details.address, row.address
    key = payer_key(row.insurance.payer)
    held = {payer_key(one.payer): one for one in details.insurances}
    stood = held.get(key)
    group = row.insurance.group_number
    if not group and stood is not None and "group_number" not in row.cleared:
        group = stood.group_number
    held[key] = replace(row.insurance, group_number=group)
    authorizations = {(payer_key(one.payer), one.first_day): one for one in details.authorizations}
    if row.authorization is not None:
        authorizations[key, row.authorization.first_day] = row.authorization
    return PatientDetails(
        patient_id=details.patient_id,
        sex=row.sex or details.sex,
        address=Address(
            line=said.line or address.line,
            # A new street has its own second line, or none.
            line_2=said.line_2 if said.line or "address_line_2" in row.cleared else address.line_2,
            city=said.city or address.city,
            state=said.state or address.state,
            zip=said.zip or address.zip,
        ),
        insurances=tuple(held[name] for name in sorted(held)),
        authorizations=tuple(authorizations[name] for name in sorted(authorizations)),
    )
