"""Which right settles a finding with one tap: the same as typing it."""

from collections.abc import Mapping
from typing import Final

from billing.findings.row import Fix
from services.people.rights import Action

#: By what settles it; what is about entries follows from whose they are.
FIX_RIGHTS: Final[Mapping[Fix, Action]] = {
    Fix.ENROLL: Action.ENROLL,
    Fix.CONSENT: Action.CONSENT,
    Fix.ASSESS: Action.ASSESS,
    Fix.REVIEW: Action.REVIEW_CASE,
    Fix.DISCHARGE: Action.DISCHARGE,
    Fix.STATE: Action.STATE,
    Fix.SAME_REVIEW: Action.STATE,
}
