"""A patient as a person named them, before the look-up."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientRef:
    """How a person named a patient."""

    #: The words as typed: `MRN123`, `mrn #0042`, `P-7F3K`.
    text: str = field(repr=False)
    #: What follows the MRN prefix, casefolded, leading zeros kept; None when only a handle was given.
    identity: str | None = field(default=None, repr=False)
    #: Canonical handle `P-7F3K`, when that is what was typed.
    handle: str | None = None

    def is_same(self, other: "PatientRef") -> bool:
        """True when both name the same MRN, or the same handle."""
        return (self.identity, self.handle) == (other.identity, other.handle)
