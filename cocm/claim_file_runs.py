"""Carries out the commands about claims as files, and prints what they did; no claim's words reach the terminal."""

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict

from billing.claim_gaps import ClaimForm
from billing.claim_parties import ClaimPayer, Practitioner
from billing.months import BillingMonth
from billing.service_lines import Frequency
from bot.screens.phrases import count
from cocm.errors import CommandRefused
from cocm.offline import offline_practice
from cocm.output_files import STANDARD, chosen, written
from cocm.terminal import draw, err, out
from services.claims import practice_record as records
from services.claims.writing import (
    ClaimOrder,
    ClaimsMade,
    MissingOf,
    file_name,
    made,
    missing_of,
    record,
)
from services.people.members import acting
from services.people.mrns import identity_of_mrn
from services.people.patient_ref import PatientRef

#: MRNs named in one row.
_NAMED = 10
_WORDS = {Frequency.REPLACEMENT: "in place of earlier ones", Frequency.VOID: "voiding earlier ones"}


def write_claims(
    month: BillingMonth,
    form: ClaimForm,
    mrns: Sequence[str],
    *,
    output: str,
    overwrite: bool,
    is_test: bool,
    by: str,
) -> None:
    """Write a file of claims, and say what is in it and what is not.

    Raises:
        CommandRefused: when nothing can be written, or a file exists and nobody says that it may go.
        EnvironmentFault: when it cannot be written.
    """
    order = ClaimOrder(month=month, form=form, patients=tuple(map(_ref, mrns)), is_test=is_test)
    with offline_practice() as practice:
        found = practice.read(made, order)
        file = chosen(output, lambda: file_name(found.file), overwrite=overwrite)
        with written(file) as target:
            practice.write(lambda context: record(context, acting(context, by), found.file))
            target.write(found.data)
    where = err if file is None or output == STANDARD else out
    for sentence in _said(found):
        where.print(sentence, markup=False)
    if file is not None:
        out.print(f"Written to {file}.", markup=False)
    _say_missing(found.missing, where.print)


def _said(found: ClaimsMade) -> list[str]:
    file = found.file
    kind = "Test file" if file.is_test else "File"
    sums = f"{count(file.claims, 'claim')} with {count(file.lines, 'line')}, {file.total:,.2f} USD charged"
    said = [f"{kind} {file.number} of claims: {file.month}, revision {file.revision}, {sums}."]
    said += [
        f"{count(found.by_frequency[one], 'claim')} {words}."
        for one, words in _WORDS.items()
        if found.by_frequency[one]
    ]
    if found.submitted:
        said.append(
            f"{count(found.submitted, 'claim')} went out before and stands, so it is not in the file."
        )
    if found.left_out:
        said.append(f"{count(found.left_out, 'claim')} left out, because something is missing:")
    elif found.missing:
        said.append("In the file, but not complete:")
    return said


def check_claims(month: BillingMonth, form: ClaimForm, mrns: Sequence[str]) -> None:
    """Print what claims lack.

    Raises:
        CommandRefused: when the month is not closed.
    """
    order = ClaimOrder(month=month, form=form, patients=tuple(map(_ref, mrns)))
    with offline_practice(migrates=False) as practice:
        missing, due = practice.read(missing_of, order)
    if not missing:
        out.print(f"{count(due, 'claim')} of {month} due, and nothing is missing.", markup=False)
        return
    out.print(f"{count(due, 'claim')} of {month} due. Missing for --format {form}:", markup=False)
    _say_missing(missing, out.print)


def _say_missing(missing: Sequence[MissingOf], say: Callable[..., object]) -> None:
    if not missing:
        return
    if say == out.print:
        draw(("Of", "Missing", "Claims", "MRNs", "What to do"), [_row(one) for one in missing])
        return
    for one in missing:
        say(" · ".join(filter(None, _row(one))), markup=False)


def _row(one: MissingOf) -> tuple[str, ...]:
    gap = one.gap
    named = ", ".join(one.mrns[:_NAMED]) + (
        f" and {len(one.mrns) - _NAMED:,} more" if len(one.mrns) > _NAMED else ""
    )
    claims = f"{len(one.mrns):,}" if one.mrns else "all"
    return f"{gap.about} {gap.whose}".strip(), gap.words, claims, named, gap.to_do


def keep_number(month: BillingMonth, mrn: str, number: str, by: str) -> None:
    """Keep the payer's number of a claim."""
    with offline_practice() as practice:
        practice.write(
            lambda context: records.put_payer_number(context, acting(context, by), month, _ref(mrn), number)
        )
    done = "kept" if number.strip() else "removed"
    out.print(f"The payer's number of the claim of {month} is {done}.", markup=False)


def show_parties(*, as_json: bool) -> None:
    """Print whom claims name."""
    with offline_practice(migrates=False) as practice:
        found = practice.read(records.on_file)
    if as_json:
        said = {
            "practice": dict(found.practice),
            "practitioners": [asdict(one) for one in found.practitioners],
            "payers": [asdict(one) for one in found.payers],
        }
        sys.stdout.write(f"{json.dumps(said, indent=2, ensure_ascii=False)}\n")
        return
    draw(
        ("Practice", "Value", "What it is"),
        [
            (name, value or "not on file", records.FIELDS[name].words)
            for name, value in found.practice.items()
        ],
    )
    if found.practitioners:
        draw(
            ("NPI", "Last name", "First name", "Taxonomy"),
            [(one.npi, one.last_name, one.first_name, one.taxonomy) for one in found.practitioners],
        )
    if found.payers:
        draw(
            ("Payer", "Payer id", "Filing code"),
            [(one.name, one.payer_id, one.filing_code) for one in found.payers],
        )
    out.print('To set one: cocm practice set name "Lakeside Family Medicine"', markup=False)


def set_practice(name: str, value: str, by: str) -> None:
    """Set one thing that claims say of the practice."""
    with offline_practice() as practice:
        kept = practice.write(lambda context: records.set_practice(context, acting(context, by), name, value))
    out.print(f"{name} is {kept} now." if kept else f"{name} is no longer on file.", markup=False)


def keep_practitioner(npi: str, first: str, last: str, taxonomy: str, by: str) -> None:
    """Keep who has an NPI."""
    wanted = Practitioner(npi=npi, first_name=first, last_name=last, taxonomy=taxonomy)
    with offline_practice() as practice:
        kept = practice.write(lambda context: records.put_practitioner(context, acting(context, by), wanted))
    out.print(f"{kept.npi} is {kept.first_name} {kept.last_name} on claims now.", markup=False)


def keep_payer(name: str, payer_id: str, filing_code: str, by: str) -> None:
    """Keep how claims are addressed to a payer."""
    wanted = ClaimPayer(name=name, payer_id=payer_id, filing_code=filing_code)
    with offline_practice() as practice:
        kept = practice.write(lambda context: records.put_payer(context, acting(context, by), wanted))
    out.print(
        f"Claims to {kept.name} go to payer id {kept.payer_id} with filing code {kept.filing_code} now.",
        markup=False,
    )


def _ref(mrn: str) -> PatientRef:
    if not mrn.strip():
        raise CommandRefused("--mrn names nobody. Write an MRN, or leave it out.")
    return PatientRef(text=mrn, identity=identity_of_mrn(mrn))
