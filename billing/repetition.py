"""Fingerprints of notes, to find the same words written for many patients."""

from collections.abc import Iterable

from billing.entries import TimeEntry

#: What an entry says of a review without a recommendation: undocumented time does not stand up to an audit.
PLAIN_REVIEW = "psychiatric case review"
#: Words that the program writes where nobody typed any; they repeat, and clone no record.
OUR_OWN_WORDS = (PLAIN_REVIEW,)


def repeated_words(entries: Iterable[TimeEntry], patients: int) -> frozenset[str]:
    """Fingerprints that one person used for at least so many different patients.

    Args:
        entries: All entries of a practice's month; those without words are passed over.
        patients: How many patients make a repetition.
    """
    used: dict[tuple[int, str], set[int]] = {}
    for entry in entries:
        if entry.note_digest:
            used.setdefault((entry.performed_by, entry.note_digest), set()).add(entry.patient_id)
    return frozenset(digest for (_, digest), seen in used.items() if len(seen) >= patients)
