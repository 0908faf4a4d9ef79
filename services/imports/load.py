"""Lists the kinds of files that can be imported, by their command-line names."""

from collections.abc import Collection, Mapping
from typing import Protocol

from services.context import Context
from services.imports import coverage, entries, facts, fees, members, patients, payers
from services.imports.outcome import ImportOutcome, Progress


class Loader(Protocol):
    """Reads a file of one kind, and stores all of it or nothing."""

    def __call__(self, context: Context, data: bytes, *, dry_run: bool, progress: Progress) -> ImportOutcome:
        """Take a file in.

        Args:
            context: Where the import works; for a dry run it may be one that only reads.
            data: The file.
            dry_run: True to look only.
            progress: Told how far the storing is.
        """
        ...


class PatientLoader(Protocol):
    """Reads a file whose rows name patients, and stores all of it or nothing."""

    def __call__(
        self,
        context: Context,
        data: bytes,
        *,
        dry_run: bool,
        progress: Progress,
        new_patients: Collection[str] = (),
    ) -> ImportOutcome:
        """Take a file in.

        Args:
            context: Where the import works; for a dry run it may be one that only reads.
            data: The file.
            dry_run: True to look only.
            progress: Told how far the storing is.
            new_patients: MRNs that are patients of their own although they are much like others; `all` for each.
        """
        ...


PATIENT_LOADERS: Mapping[str, PatientLoader] = {
    "patients": patients.load,
    "entries": entries.load,
    "scores": facts.load_scores,
    "services": facts.load_services,
    "coverage": coverage.load,
}
LOADERS: Mapping[str, Loader] = {
    **PATIENT_LOADERS,
    "members": members.load,
    "payers": payers.load,
    "fees": fees.load,
}
