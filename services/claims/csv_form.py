"""Writes claims as CSV: a row for each service line, with everything that is on file and what is not."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from billing.claim_gaps import ClaimForm, claim_gaps, practice_gaps
from billing.service_lines import ClaimDraft, ServiceLine
from services.exports.guard import inert


@dataclass(frozen=True, slots=True, kw_only=True)
class _Column:
    name: str
    of: Callable[[ClaimDraft, ServiceLine], object] = field(repr=False)


def _missing(claim: ClaimDraft) -> str:
    gaps = (*practice_gaps(claim, ClaimForm.CSV), *claim_gaps(claim, ClaimForm.CSV))
    return "; ".join(f"{gap.about}: {gap.words}" for gap in gaps)


def _column(name: str, of: Callable[[ClaimDraft, ServiceLine], object]) -> _Column:
    return _Column(name=name, of=of)


COLUMNS = (
    _column("Claim", lambda claim, _: claim.number),
    _column("Frequency", lambda claim, _: claim.frequency.value),
    _column("Payer's number", lambda claim, _: claim.payer_number),
    _column("MRN", lambda claim, _: claim.mrn),
    _column("Last name", lambda claim, _: claim.last_name),
    _column("First name", lambda claim, _: claim.first_name),
    _column("Birth date", lambda claim, _: claim.birth_date or ""),
    _column("Sex", lambda claim, _: claim.details.sex or ""),
    _column("Address", lambda claim, _: claim.details.address.line),
    _column("Address 2", lambda claim, _: claim.details.address.line_2),
    _column("City", lambda claim, _: claim.details.address.city),
    _column("State", lambda claim, _: claim.details.address.state),
    _column("ZIP", lambda claim, _: claim.details.address.zip),
    _column("Payer", lambda claim, _: claim.payer.name),
    _column("Payer id", lambda claim, _: claim.payer.payer_id),
    _column("Filing code", lambda claim, _: claim.payer.filing_code),
    _column("Member id", lambda claim, _: claim.insurance.member_id if claim.insurance else ""),
    _column("Group number", lambda claim, _: claim.insurance.group_number if claim.insurance else ""),
    _column("Relationship", lambda claim, _: claim.insurance.relationship.value if claim.insurance else ""),
    _column(
        "Subscriber last name",
        lambda claim, _: claim.insurance.subscriber_last_name if claim.insurance else "",
    ),
    _column(
        "Subscriber first name",
        lambda claim, _: claim.insurance.subscriber_first_name if claim.insurance else "",
    ),
    _column("Authorization", lambda claim, _: claim.authorization),
    _column("Billing name", lambda claim, _: claim.practice.name),
    _column("Billing NPI", lambda claim, _: claim.practice.npi),
    _column("EIN", lambda claim, _: claim.practice.ein),
    _column("Referring NPI", lambda claim, _: claim.referring.npi if claim.referring else ""),
    _column("Rendering NPI", lambda claim, _: claim.rendering.npi if claim.rendering else ""),
    _column("Diagnoses", lambda claim, _: " ".join(claim.diagnoses)),
    _column("Date of service", lambda _, line: line.day),
    _column("Place of service", lambda _, line: line.place),
    _column("Code", lambda _, line: line.code),
    _column("Modifiers", lambda _, line: " ".join(line.modifiers)),
    _column("Pointers", lambda _, line: " ".join(map(str, line.pointers))),
    _column("Units", lambda _, line: line.units),
    _column("Charge", lambda _, line: "" if line.charge is None else f"{line.charge:.2f}"),
    _column("Claim total", lambda claim, _: f"{claim.total:.2f}"),
    _column("Missing", lambda claim, _: _missing(claim)),
)


def csv_claims(claims: Iterable[ClaimDraft]) -> Iterator[bytes]:
    """The claims, a header before them; days as ISO dates, dollars to the cent.

    An apostrophe stands before text that a spreadsheet would run as a formula.
    """
    yield _written([column.name for column in COLUMNS])
    for claim in claims:
        for line in claim.lines:
            yield _written([inert(str(column.of(claim, line))) for column in COLUMNS])


def _written(cells: Iterable[str]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerow(list(cells))
    return text.getvalue().encode()
