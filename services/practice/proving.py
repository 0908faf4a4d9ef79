"""Proves what a removed note said: a text from outside of the database is compared with the digest in the chain.

The digest tells nothing to whoever does not have the text; to whoever does, whether it is this one, to the letter.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from billing.people import Patient
from billing.references import entry_reference
from services.context import Context
from services.errors import Refusal
from services.people.patient_ref import PatientRef
from services.people.patients import need
from storage import NoteDigest, NotePlace, NoteRemoval, NoteTrail, Walked

_MARK: Final = "\ufeff"


class CannotProve(Refusal):
    """There is no note of which that could be said."""

    code = "cannot_prove"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofAsked:
    """A text that somebody holds, and where it is supposed to have stood."""

    text: str = field(repr=False)
    #: An entry's number, or a patient and the day of the work or the review.
    where: int | tuple[PatientRef, date] = field(repr=False)
    #: Why the entry was corrected, where that stood beside the note.
    reason: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """A place where exactly that text stood."""

    place: NotePlace
    handle: str
    #: The event that wrote it.
    written: NoteDigest
    #: The event after which it did not stand there, and under what; None where it stands.
    removed: NoteDigest | None
    removal: NoteRemoval | None
    #: False where line ends or blanks had to be taken out of the text, as printing puts them in.
    is_to_the_letter: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What the chain says of a text."""

    proven: tuple[Proven, ...]
    #: Where the text was looked for.
    looked_at: tuple[NotePlace, ...]
    #: Of these, those with a reason beside the note, where none was given.
    without_reason: tuple[NotePlace, ...]
    #: Audit keys that are not at hand, of digests that the text could have.
    missing_keys: tuple[str, ...]
    walked: Walked
    is_keyed: bool


def prove(context: Context, asked: ProofAsked) -> Proof:
    """Say whether exactly this text stood somewhere, and whether the chain that says so holds.

    Raises:
        CannotProve: when there is no text, or no note that it could be.
        UnknownPatient: when nobody has that MRN.
    """
    texts = tuple(_spellings(asked.text))
    if not texts:
        raise CannotProve(
            "There is no text to compare. Give the note's own words, in a file or on standard input."
        )
    places = _places(context, asked)
    trail = context.uow.digests.trail(places)
    reasons = tuple(_spellings(asked.reason))
    patients = context.uow.patients.many({place.patient_id for place in places})
    found = [_proven(context, place, trail, texts, reasons, patients) for place in places]
    proven = tuple(one for one in found if one is not None)
    known = {one.place for one in proven}
    keys = context.uow.audit.keys
    return Proof(
        proven=proven,
        looked_at=places,
        without_reason=tuple(one for one in places if one.has_reason and not reasons and one not in known),
        missing_keys=tuple(
            sorted(
                {
                    digest.key_id
                    for place in places
                    for digest in trail.digests[place]
                    if place not in known and digest.key_id and not keys.knows(digest.digest)
                }
            )
        ),
        walked=trail.walked,
        is_keyed=bool(keys),
    )


def place_name(place: NotePlace) -> str:
    """A place in words: `e-k7f, version 1`, or `the advice of review 3`."""
    if place.entry_id is None:
        return f"the advice of review {place.n}"
    return f"{entry_reference(place.entry_id)}, version {place.n}"


def _places(context: Context, asked: ProofAsked) -> tuple[NotePlace, ...]:
    """Where the text could have stood.

    Raises:
        CannotProve: nowhere.
    """
    if isinstance(asked.where, int):
        if not context.uow.ledger.versions(asked.where):
            raise CannotProve(
                f"There is no entry {entry_reference(asked.where)} in this practice. Look for its reference on the "
                "receipt, or name the patient and the day: cocm retention prove MRN --on 2026-10-15"
            )
        places = context.uow.digests.of_entry(asked.where)
        where = f"{entry_reference(asked.where)} never had a note"
    else:
        ref, day = asked.where
        patient = need(context, ref)
        everybody = context.uow.retention.with_merged([patient.patient_id])
        places = context.uow.digests.of_day(everybody, day)
        where = f"There never was a note for {patient.handle} on that day"
    if not places:
        raise CannotProve(f"{where}, so there is nothing to compare the text with.")
    return places


def _proven(
    context: Context,
    place: NotePlace,
    trail: NoteTrail,
    texts: tuple[str, ...],
    reasons: tuple[str, ...],
    patients: dict[int, Patient],
) -> Proven | None:
    """The event that wrote exactly that text, and the one that took it away."""
    digests = trail.digests[place]
    for text in texts:
        matching = [
            digest
            for digest in digests
            for reason in (reasons if place.has_reason else ("",))
            if context.uow.digests.matches(place, digest, text, reason)
        ]
        if matching:
            removed = next((one for one in digests if one.seq > matching[-1].seq), None)
            return Proven(
                place=place,
                handle=patients[place.patient_id].handle,
                written=matching[0],
                removed=removed,
                removal=_removal(context, place) if removed is not None else None,
                is_to_the_letter=text == texts[0],
            )
    return None


def _removal(context: Context, place: NotePlace) -> NoteRemoval | None:
    found = (one for one in context.uow.retention.removals() if one.removal_id == place.removed_by)
    return next(found, None)


def _spellings(text: str) -> Iterator[str]:
    """A text as it may have been stored, the likeliest first; none of an empty one.

    Files end with a line end, and paper and some exports break lines: neither was typed.
    """
    # What an editor of Windows puts before, and between lines.
    plain = text.removeprefix(_MARK).replace("\r\n", "\n")
    yield from _distinct((plain.removesuffix("\n"), plain, plain.strip(), " ".join(plain.split())))


def _distinct(texts: Iterable[str]) -> Iterator[str]:
    return iter(dict.fromkeys(text for text in texts if text.strip()))
