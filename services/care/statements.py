"""Records statements that findings ask for, and attestations of single months."""

from collections.abc import Mapping

from billing.clinical import Attestation, AttestationKind, Statement
from billing.findings.registry import answered_by, row_of
from billing.months import BillingMonth
from billing.people import Member
from services.care.receipts import Attested, Done, Stated
from services.care.requests import Attest, MakeStatement
from services.context import Context
from services.errors import Refusal
from services.months.judge import judge_month
from services.people import patients
from services.people.rights import Action, check, needs

#: Who may vouch for what.
RIGHTS: Mapping[AttestationKind, Action] = {
    AttestationKind.CONSULTANT_TIME: Action.ATTEST_CONSULTANT_TIME,
    AttestationKind.LATE_TIME: Action.ATTEST_TIME,
    AttestationKind.CORRECTED_TIME: Action.ATTEST_TIME,
    AttestationKind.LAST_DAY_TIME: Action.ATTEST_TIME,
    AttestationKind.COVERAGE: Action.ATTEST_CLAIM,
    AttestationKind.LATE_RECORD: Action.ATTEST_TIME,
    AttestationKind.OTHER_CLAIM: Action.ATTEST_CLAIM,
    AttestationKind.APCM: Action.ATTEST_CLAIM,
}
#: What a month may hang on, where that is no time.
_NAMES = {
    AttestationKind.LATE_RECORD: "anything that was recorded late",
    AttestationKind.OTHER_CLAIM: "another claim",
    AttestationKind.APCM: "a choice beside APCM",
}


class NothingToAttest(Refusal):
    """Nothing in that month waits for such a word."""

    code = "nothing_to_attest"


@needs(Action.STATE)
def state(context: Context, actor: Member, asked: MakeStatement) -> Done:
    """Record a statement under the actor's name.

    Raises:
        UnknownPatient: when nobody is known by that name; near ones are named.
    """
    patient = patients.need(context, asked.patient)
    statement = context.uow.statements.add(
        Statement(
            statement_id=0,
            patient_id=patient.patient_id,
            kind=asked.kind,
            made_on=asked.on,
            made_by=actor.member_id,
            valid_until=asked.until,
        )
    )
    context.uow.audit.record(
        at=context.now,
        actor=actor.member_id,
        action="statement.made",
        subject=f"statement:{statement.statement_id}",
        details={
            "patient": patient.patient_id,
            "kind": asked.kind.value,
            "made_on": asked.on.isoformat(),
            "valid_until": asked.until.isoformat() if asked.until else None,
        },
    )
    return Done(patients=(patient,), outcome=Stated(statement=statement), months=(BillingMonth.of(asked.on),))


def attest(context: Context, actor: Member, asked: Attest) -> Done:
    """Vouch for what decides a patient's month.

    Raises:
        NotAllowed: when the actor's role cannot attest that.
        NothingToAttest: when the month does not hang on such time, or it was attested before.
    """
    name = _NAMES.get(asked.kind, asked.kind.value.replace("_", " "))
    answered = answered_by(asked.kind)
    check(context, actor, RIGHTS[asked.kind])
    patient = patients.need(context, asked.patient)
    result = judge_month(context, patient, asked.month).result
    if not any(row_of(finding) is answered for finding in result.findings):
        raise NothingToAttest(
            f"{patients.shown_mrn(patient.mrn)}'s {asked.month.name} {asked.month.year} does not depend on "
            f"{name}, or that was already attested. Nothing was changed."
        )
    context.uow.attestations.add(
        patient.patient_id,
        asked.month,
        Attestation(kind=asked.kind, attested_by=actor.member_id, attested_at=context.now),
    )
    context.uow.audit.record(
        at=context.now,
        actor=actor.member_id,
        action="month.attested",
        subject=f"patient:{patient.patient_id}",
        details={"month": str(asked.month), "kind": asked.kind.value},
    )
    return Done(
        patients=(patient,), outcome=Attested(month=asked.month, kind=asked.kind), months=(asked.month,)
    )
