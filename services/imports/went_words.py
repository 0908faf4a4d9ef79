"""Says in words what went with an import that was taken back."""

from services.imports.undo import ImportTakenBack
from services.imports.wording import counted

#: What one thing of a kind is called, in the order in which they are named.
_WORDS = {
    "entry": "entry",
    "roster_patient": "patient",
    "team_member": "member",
    "membership_request": "join request",
    "payer": "payer",
    "fee_schedule": "fee schedule",
    "claim_details": "patient's insurance",
    "other_service": "service",
    "episode": "enrollment",
    "claim_fact": "dated claim fact",
    "score": "score",
    "case_review": "case review",
    "statement": "statement",
    "admission": "facility stay",
    "attestation": "attestation",
    "practice_setting": "setting",
}


def listed_went(taken: ImportTakenBack, which: str) -> str:
    """`3 entries, 1 patient`: what is `gone`, or `put_back`; empty where there is nothing."""
    counts = ((kind, getattr(taken.went[kind], which)) for kind in _WORDS if kind in taken.went)
    return ", ".join(counted(count, _WORDS[kind]) for kind, count in counts if count)
