"""Checks that everything stored is as it was written, and lists what this program would judge otherwise."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from billing.closing import Aspect
from billing.months import BillingMonth
from billing.people import Patient
from billing.references import entry_reference
from services.context import Context
from services.errors import Refusal
from storage import NOT_WALKED, ChangedRow, NoteRemoval, ProjectionDifference, StorageError, Tampering, Walked

#: What became of a row, behind the program's back.
_TAMPERED = {
    Tampering.CHANGED: "is not as it was written",
    Tampering.MISSING: "is missing",
    Tampering.ADDED: "was put in without the program",
}


class LedgerChanged(Refusal):
    """The ledger itself is not as it was written, so nothing may be built from it."""

    code = "ledger_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedOtherwise:
    """A closed line that this program would judge otherwise; it stands as it was closed."""

    month: BillingMonth
    revision: int
    #: `P-7F3K`.
    handle: str
    #: In what; empty when this program cannot read what was judged.
    aspects: frozenset[Aspect]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What was looked at, and what is wrong with it."""

    #: Revisions of closed months, and their lines.
    revisions: int
    lines: int
    #: Sentences, each about one thing that was changed; they name no patient but by handle.
    changed: tuple[str, ...]
    #: Sentences, each about one entry that the table of totals has otherwise than the ledger.
    totals: tuple[str, ...]
    judged_otherwise: tuple[JudgedOtherwise, ...]
    #: The chain, as it was walked.
    chain: Walked = field(default=NOT_WALKED, compare=False)
    #: Rows that were compared with the chain.
    rows: int = field(default=0, compare=False)
    #: Whether there was a key to check MACs and seals by.
    is_keyed: bool = field(default=False, compare=False)
    #: What whoever runs the program ought to know, and is no fault.
    notes: tuple[str, ...] = field(default=(), compare=False)
    #: Words that could not be compared, since the key of their digest is not at hand.
    unchecked: int = field(default=0, compare=False)
    #: Rows that could not be compared, since their words are encrypted under a key that is not at hand.
    unread: int = field(default=0, compare=False)
    #: Removals of old notes that took some away.
    removals: tuple[NoteRemoval, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """The table of totals, made again from the ledger."""

    #: Entries that stand.
    entries: int
    #: Those that it had otherwise.
    differences: int


def verify(context: Context) -> Verified:
    """Follow the audit chain, compare every hash in it with its row, and judge closed months again."""
    fabric = context.uow.evidence.fabric()
    try:
        found = _compared(context)
    except StorageError:
        # As of a file with damaged pages: what could be told is better than nothing.
        said = "Database: it cannot be read to its end, so not everything was compared."
        return Verified(
            revisions=0, lines=0, changed=(*_ended(fabric.faults), said), totals=(), judged_otherwise=()
        )
    return replace(found, changed=(*_ended(fabric.faults), *found.changed), notes=fabric.notes)


def _ended(faults: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"{fault}." for fault in faults)


def _compared(context: Context) -> Verified:
    examined = context.uow.evidence.examine()
    rows = examined.rows
    changed = [f"Audit chain: {found.message}." for found in examined.chain.findings]
    changed += _sentences(context, rows)
    changed += [
        f"{count:,} more rows of {kind}: each {_TAMPERED[tampering]}."
        for (kind, tampering), count in examined.more.items()
    ]
    revisions = lines = 0
    judged: list[tuple[BillingMonth, int, int, frozenset[Aspect]]] = []
    suspect = {row.key for row in rows if row.kind == "frozen_line"}
    for month, revision in context.uow.closes.revisions():
        revisions += 1
        for patient_id, line in context.uow.closes.readable_lines(month, revision):
            lines += 1
            if (str(month.first_day), str(revision), str(patient_id)) in suspect:
                continue
            aspects = line.judged_otherwise() if line is not None else frozenset()
            if aspects or line is None:
                judged.append((month, revision, patient_id, aspects))
    patients = context.uow.patients.many({patient_id for _, _, patient_id, _ in judged})
    return Verified(
        revisions=revisions,
        lines=lines,
        changed=tuple(changed),
        totals=tuple(map(_of_totals, context.uow.ledger.projection_differences())),
        judged_otherwise=tuple(
            JudgedOtherwise(
                month=month, revision=revision, handle=patients[patient_id].handle, aspects=aspects
            )
            for month, revision, patient_id, aspects in judged
        ),
        rows=sum(examined.counts.values()),
        chain=examined.chain,
        unchecked=examined.unchecked,
        unread=examined.unread,
        removals=tuple(one for one in context.uow.retention.removals() if one.notes),
        is_keyed=bool(context.uow.audit.keys),
    )


def rebuild_totals(context: Context) -> Rebuilt:
    """Make the table that totals are read from again, from the ledger.

    Raises:
        LedgerChanged: when a version in the ledger is not as it was written; nothing is changed then.
    """
    if any(row.kind == "entry_version" for row in context.uow.evidence.changed_rows()):
        raise LedgerChanged(
            "The ledger itself was changed, and totals built from it would count that. Nothing was rebuilt. Run "
            "`cocm audit verify` to see which entries."
        )
    differences = len(context.uow.ledger.projection_differences())
    entries = context.uow.ledger.rebuild_projection()
    context.uow.audit.record(
        at=context.now,
        actor=None,
        action="totals.rebuilt",
        subject="ledger",
        details={"entries": entries, "differences": differences},
    )
    context.uow.commit()
    return Rebuilt(entries=entries, differences=differences)


def _sentences(context: Context, rows: Iterable[ChangedRow]) -> list[str]:
    found = [(row, _patient_id(row)) for row in rows]
    patients = context.uow.patients.many({patient_id for _, patient_id in found if patient_id is not None})
    return [
        f"{_name(row, patient_id, patients)} {_TAMPERED[row.tampering]}{_written(row, context)}."
        for row, patient_id in found
    ]


def _written(row: ChangedRow, context: Context) -> str:
    """When it was written last, by the chain."""
    if row.event is None:
        return ""
    if row.event_at is None:
        return f" (event {row.event:,})"
    at = row.event_at.astimezone(context.settings.zone)
    return f" (event {row.event:,}, {at:%b} {at.day}, {at:%Y}, {at:%-I:%M} {at:%p})".replace(
        " AM)", " am)"
    ).replace(" PM)", " pm)")


def _patient_id(row: ChangedRow) -> int | None:
    """The patient that a row is about: a line's and a service's stand in their keys too."""
    place = _PATIENT_AT.get(row.kind)
    if row.patient_id is None and place is not None and row.key[place].isdigit():
        return int(row.key[place])
    return row.patient_id


def _name(row: ChangedRow, patient_id: int | None, patients: Mapping[int, Patient]) -> str:
    """What a row is, in words: by the entry's reference, the month and the patient's handle."""
    patient = patients.get(patient_id) if patient_id is not None else None
    of = f" of patient {patient.handle}" if patient is not None else ""
    first, *rest = row.key
    match row.kind:
        case "entry_version":
            said = f"Ledger: entry {_reference(first)}, version {rest[0]}{of},"
        case "frozen_line":
            said = f"Closed month {first[:7]}, revision {rest[0]}: the line{of}"
        case "month_close" | "month_reopening" | "month_submission":
            said = f"Closed month {first[:7]}, revision {rest[0]}: the {_WORDS[row.kind]}"
        case "claim_event":
            said = f"Closed month {first[:7]}: word {rest[1]} of the claim{of}"
        case "other_service":
            said = f"Care: service {rest[1]} on {rest[0]}{of}"
        case "fact_version":
            said = f"Care: {_WORDS.get(first, first)} {rest[0]}, version {rest[1]}{of},"
        case "act" | "undone_act":
            said = f"Acts: {_WORDS[row.kind]} {first}"
        case "file_import" | "undone_import":
            said = f"Imports: {_WORDS[row.kind]} {first}"
        case kind if kind in _CLAIM_WORDS:
            said = f"Claims: {_CLAIM_WORDS[kind].format(first)}{of}"
        case _:
            said = f"Care: {_WORDS.get(row.kind, row.kind)} {first}{of}"
    return said


#: Where the patient's number stands in the key of a row that has one there.
_PATIENT_AT = {
    "frozen_line": 2,
    "other_service": 0,
    "claim_event": 1,
    "claim_person": 0,
    "claim_insurance": 0,
    "claim_authorization": 0,
    "payer_claim": 1,
}
_CLAIM_WORDS = {
    "claim_file": "file {}",
    "practice_detail": "the practice's {}",
    "practitioner": "practitioner {}",
    "claim_payer": "payer {}",
    "claim_person": "sex and address",
    "claim_insurance": "insurances",
    "claim_authorization": "authorizations",
    "payer_claim": "the payer's number for {:.7}",
}
_WORDS = {
    "month_close": "close itself",
    "month_reopening": "reopening",
    "month_submission": "submission",
    "case_review": "case review",
    "admission": "facility stay",
    "claim_fact": "fact of a claim",
    "act": "act",
    "undone_act": "the undoing of act",
    "file_import": "import",
    "undone_import": "the taking back of import",
}


def _reference(number: str) -> str:
    return entry_reference(int(number)) if number.isdigit() and int(number) else number


def _of_totals(found: ProjectionDifference) -> str:
    reference = _reference(str(found.entry_id))
    return f"Totals: entry {reference} is {found.difference.value} in the table that totals are read from."
