"""Finds what belongs to one change of a claim: the facts that say from when on it holds, and the latest's column."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from billing.claim_facts import ClaimFactKind
from services.acts.inverses import TakingBack
from services.context import Context
from storage import CLAIM_FACT, Change, FactVersion

#: Where the latest value of each kind lies.
_COLUMNS = {
    kind.value: "patient" if kind is ClaimFactKind.REFERRING_NPI else "episode" for kind in ClaimFactKind
}


def claims_with(context: Context, one: FactVersion, changed: Change) -> tuple[Change, ...]:
    """The other changes of facts of claims that came with a version, the last first.

    Args:
        context: Where the use case works.
        one: A version of an enrollment, of a patient, or of a fact of a claim.
        changed: The change that it is.
    """
    if one.kind == CLAIM_FACT:
        kinds = {one.values["kind"]}
    else:
        before = _before(context, one)
        kinds = {name for name, kind in _COLUMNS.items() if kind == one.kind and _differs(one, before, name)}
    found = (
        Change(kind=CLAIM_FACT, fact_id=other.fact_id, before=other.n - 1 or None, after=other.n)
        for other in _beside(context, one)
        if other.kind == CLAIM_FACT and other.values["kind"] in kinds
    )
    return tuple(reversed([change for change in found if change != changed]))


def put_columns_back(taking: TakingBack, one: FactVersion) -> None:
    """Let a column say again what it said before a fact of a claim was changed, unless it was changed since."""
    if one.kind != CLAIM_FACT:
        return
    context, name = taking.context, one.values["kind"]
    beside = _beside(context, one)
    if _COLUMNS[name] == "patient" and not any(other.kind == "patient" for other in beside):
        _put_npi_back(context, one, [other for other in beside if other.kind == CLAIM_FACT])
    for other in beside:
        before = _before(context, other)
        if other.kind != _COLUMNS[name] or before is None or not _differs(other, before, name):
            continue
        present = context.uow.facts.versions(other.kind, other.fact_id)[-1]
        if present.void or present.values[name] != other.values[name]:
            continue
        context.uow.facts.restore(
            other.kind,
            other.fact_id,
            {**present.values, name: before[name]},
            void=False,
            by=taking.actor.member_id,
            at=context.now,
            reason=taking.reason,
        )
        context.uow.patients.forget()


def _put_npi_back(context: Context, one: FactVersion, beside: Sequence[FactVersion]) -> None:
    """What an import changed of a patient is kept in no version: the first of its facts says what held before."""
    assert one.patient_id is not None, "a fact of a claim is about a patient"
    patient = context.uow.patients.many({one.patient_id})[one.patient_id]
    own = sorted(
        (other for other in beside if other.values["kind"] == one.values["kind"]),
        key=lambda other: other.values["from_day"],
    )
    if len(own) > 1 and own[-1].values["value"] == patient.referring_npi:
        context.uow.patients.update(replace(patient, referring_npi=own[0].values["value"]))


def _beside(context: Context, one: FactVersion) -> tuple[FactVersion, ...]:
    """What the same act, or the same import, wrote of the same patient."""
    if one.patient_id is None or one.at is None:
        return ()
    return tuple(
        other
        for other in context.uow.facts.of_patient(one.patient_id)
        if (other.act, other.by, other.at) == (one.act, one.by, one.at)
    )


def _before(context: Context, one: FactVersion) -> Mapping[str, Any] | None:
    return context.uow.facts.versions(one.kind, one.fact_id)[one.n - 2].values if one.n > 1 else None


def _differs(one: FactVersion, before: Mapping[str, Any] | None, name: str) -> bool:
    return before is None or one.values[name] != before[name]
