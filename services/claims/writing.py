"""Writes the claims of a closed month as a file: what is complete goes in, what is not is named.

The file's bytes are made in a read, and its number, size and SHA-256 are in the audit chain before it appears.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from billing.claim_gaps import About, ClaimForm, ClaimGap, claim_gaps, practice_gaps
from billing.months import BillingMonth
from billing.people import Member
from billing.service_lines import ClaimDraft, Frequency
from services.claims.csv_form import csv_claims
from services.claims.drafts import CannotWriteClaims, Drafts, due_claims
from services.claims.x12_elements import Place, Unfit, segments
from services.claims.x12_file import Interchange, x12_parts
from services.claims.x12_table import CLAIM, LINE, PROVIDER
from services.context import Context
from services.months.state import month_state
from services.people.patient_ref import PatientRef
from services.people.patients import shown_mrn
from services.people.rights import Action, needs
from storage import ClaimFile

_NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimOrder:
    """Which claims are to be written, and how."""

    month: BillingMonth
    form: ClaimForm
    #: Only of these patients; of all where there are none.
    patients: tuple[PatientRef, ...] = field(default=(), repr=False)
    #: For a clearinghouse's tests: nothing of it is paid.
    is_test: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingOf:
    """Something that claims lack, and of whose."""

    gap: ClaimGap
    #: MRNs, as they are shown; empty for what the practice lacks.
    mrns: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimsMade:
    """A file of claims as it was made."""

    #: What the audit chain will keep of it.
    file: ClaimFile
    data: bytes = field(repr=False)
    #: How many of its claims are original, replace one, and void one.
    by_frequency: dict[Frequency, int]
    #: Claims left out for what they lack; CSV has them with what it is.
    left_out: int
    missing: tuple[MissingOf, ...] = field(repr=False)
    #: Lines whose claims went out before, as they stand.
    submitted: int


def missing_of(context: Context, order: ClaimOrder) -> tuple[tuple[MissingOf, ...], int]:
    """What the claims that are due lack in a form, and how many are due.

    Raises:
        CannotWriteClaims: when the month is not closed.
    """
    due = due_claims(context, order.month, order.patients)
    claims = list(Drafts(context).of(due))
    return _judged(claims, order.form).named(), len(claims)


def made(context: Context, order: ClaimOrder) -> ClaimsMade:
    """The file of the claims that are due; nothing is stored.

    Raises:
        CannotWriteClaims: when the month is not closed, nothing is due, or nothing that is due is complete.
    """
    due = due_claims(context, order.month, order.patients)
    if not due.due:
        raise CannotWriteClaims(_nothing_due(order.month, due.submitted))
    claims = list(Drafts(context).of(due))
    found = _judged(claims, order.form)
    written = [claim for claim in claims if order.form is ClaimForm.CSV or not found.lacks(claim)]
    if not written:
        raise CannotWriteClaims(
            f"No claim of {order.month} is complete, so no file was written. What each lacks: "
            f"cocm claims check {order.month} --format {order.form}"
        )
    number = context.uow.claim_files.next_number()
    data = b"".join(_parts(context, order, written, number))
    by_frequency = {one: sum(claim.frequency is one for claim in written) for one in Frequency}
    return ClaimsMade(
        file=ClaimFile(
            number=number,
            month=order.month,
            revision=due.revision,
            form=order.form.value,
            claims=len(written),
            lines=sum(len(claim.lines) for claim in written),
            total=sum((claim.total for claim in written), _NOTHING),
            sha256=hashlib.sha256(data).hexdigest(),
            is_test=order.is_test,
            written_at=context.now,
        ),
        data=data,
        by_frequency=by_frequency,
        left_out=len(claims) - len(written),
        missing=found.named(),
        submitted=due.submitted,
    )


@needs(Action.SUBMIT)
def record(context: Context, actor: Member, file: ClaimFile) -> None:
    """Keep in the audit chain that a file is written; before it appears under its name.

    Raises:
        NotAllowed: for anybody but a biller or an administrator.
        CannotWriteClaims: when another file was written, or the month changed, since this one was made.
    """
    state = month_state(context, file.month)
    if context.uow.claim_files.next_number() != file.number or state.revision != file.revision:
        raise CannotWriteClaims(
            "Another file of claims was written meanwhile. Nothing was written; try once more."
        )
    context.uow.claim_files.add(file)
    context.uow.audit.record(
        at=context.now,
        actor=actor.member_id,
        action="claims.written",
        subject=f"month:{file.month}",
        details={
            "file": file.number,
            "form": file.form,
            "revision": file.revision,
            "claims": file.claims,
            "lines": file.lines,
            "total": str(file.total),
            "file_sha256": file.sha256,
            "test": file.is_test,
        },
    )
    context.uow.commit()


def file_name(file: ClaimFile) -> str:
    """A file's own name, which says nothing of any patient: `cocm-claims-2026-11-revision-1-file-4.x12`."""
    return f"cocm-claims-{file.month}-revision-{file.revision}-file-{file.number}.{file.form}"


def _parts(context: Context, order: ClaimOrder, claims: Sequence[ClaimDraft], number: int) -> Iterator[bytes]:
    if order.form is ClaimForm.CSV:
        return csv_claims(claims)
    around = Interchange(
        practice=claims[0].practice,
        number=number,
        made_at=context.now.astimezone(context.settings.zone),
        is_test=order.is_test,
    )
    return x12_parts(claims, around)


def _unfit(claim: ClaimDraft, form: ClaimForm) -> tuple[ClaimGap, ...]:
    """What of a claim that lacks nothing has no room in an 837P: found by writing it."""
    if form is not ClaimForm.X12:
        return ()
    try:
        segments((*PROVIDER, *CLAIM), Place(claim=claim))
        for line in claim.lines:
            segments(LINE, Place(claim=claim, line=line, line_number=1))
    except Unfit as error:
        words = f"words that fit ({error})"
        return (ClaimGap(about=About.CLAIM, code="unfit", words=words, to_do="cocm import insurance FILE"),)
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    """What some claims lack."""

    #: What all of them do, since their practice does.
    own: tuple[ClaimGap, ...]
    #: Whose claims lack a thing.
    whose: Mapping[ClaimGap, Sequence[ClaimDraft]] = field(repr=False)
    #: The numbers of claims that lack anything besides.
    incomplete: frozenset[str]

    def lacks(self, claim: ClaimDraft) -> bool:
        """Whether a claim lacks anything."""
        return bool(self.own) or claim.number in self.incomplete

    def named(self) -> tuple[MissingOf, ...]:
        """Each thing once: the practice's first, and of the others what most claims lack."""
        order = list(About)
        found = [MissingOf(gap=gap, mrns=()) for gap in self.own]
        found += [
            MissingOf(gap=gap, mrns=tuple(shown_mrn(claim.mrn) for claim in claims))
            for gap, claims in self.whose.items()
        ]
        return tuple(sorted(found, key=lambda one: (order.index(one.gap.about), -len(one.mrns))))


def _judged(claims: Sequence[ClaimDraft], form: ClaimForm) -> _Judged:
    own = practice_gaps(claims[0], form) if claims else ()
    whose: dict[ClaimGap, list[ClaimDraft]] = defaultdict(list)
    incomplete: set[str] = set()
    for claim in claims:
        gaps = claim_gaps(claim, form) or (() if own else _unfit(claim, form))
        for gap in gaps:
            whose[gap].append(claim)
            incomplete.add(claim.number)
    return _Judged(own=own, whose=whose, incomplete=frozenset(incomplete))


def _nothing_due(month: BillingMonth, submitted: int) -> str:
    if submitted:
        return (
            f"Every claim of {month} went out as it stands, so nothing is due and no file was written. A claim that "
            f"is to go out again is named: --mrn MRN."
        )
    return f"Nothing of {month} can be billed, so there is no claim and no file was written."
