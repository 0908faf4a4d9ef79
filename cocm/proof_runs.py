"""Carries out `cocm retention prove`, and prints what the audit chain says of a text."""

import sys
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from billing.references import entry_id_of
from bot.screens.phrases import count
from bot.screens.settings import full_day
from cocm.errors import CommandFault, CommandRefused, EnvironmentFault
from cocm.offline import offline_practice
from cocm.practice_runs import print_json
from cocm.terminal import err, out
from services.anchors import short_head
from services.people.mrns import identity_of_mrn
from services.people.patient_ref import PatientRef
from services.practice.proving import Proof, ProofAsked, Proven, place_name, prove
from storage import BASELINE, NoteDigest

#: Longer than any note.
_LONGEST = 1_000_000


def prove_note(
    where: str, on: date | None, file: Path | None, reason_file: Path | None, *, as_json: bool
) -> None:
    """Print whether a text stood somewhere, and how far the chain proves it.

    Raises:
        CommandRefused: when it did not, or the chain does not hold.
        EnvironmentFault: when an audit key that is needed is not at hand.
    """
    asked = _asked(where, on, file, reason_file)
    with offline_practice(migrates=False) as practice:
        zone = practice.settings.timezone
        found = practice.read(prove, asked)
    fault = _fault(found)
    if as_json:
        print_json(_as_json(found))
    else:
        for one in found.proven:
            for sentence in _sentences(one, zone):
                out.print(sentence, markup=False)
        if found.proven:
            for sentence in _reach(found, zone):
                out.print(sentence, markup=False)
    if fault is not None:
        raise fault


def _asked(where: str, on: date | None, file: Path | None, reason_file: Path | None) -> ProofAsked:
    place = _place(where, on)
    reason = "" if reason_file is None else _text_of(reason_file)
    return ProofAsked(text=_text_of(file), where=place, reason=reason)


def _place(where: str, on: date | None) -> int | tuple[PatientRef, date]:
    if on is not None:
        return PatientRef(text=where, identity=identity_of_mrn(where)), on
    entry_id = entry_id_of(where)
    if entry_id is None:
        raise CommandRefused(
            f"{where} is not an entry's reference. Give one, as e-k7f, or an MRN with the day of the work: "
            "cocm retention prove MRN214 --on 2026-10-15"
        )
    return entry_id


def _text_of(file: Path | None) -> str:
    """The text itself: never among the words of the command, which shells keep and other users of the machine see."""
    try:
        if file is None:
            if sys.stdin.isatty():
                err.print("Paste the text, and end it with Ctrl-D on a line of its own.", markup=False)
            read = sys.stdin.buffer.read(_LONGEST + 1)
        else:
            with file.open("rb") as opened:
                read = opened.read(_LONGEST + 1)
        text = read.decode()
    except OSError as error:
        raise EnvironmentFault(f"{file} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError:
        raise CommandRefused(
            "The text is not UTF-8. Save it as plain text in UTF-8, and give that."
        ) from None
    if len(read) > _LONGEST:
        raise CommandRefused("The text is longer than any note. Give the words of the note alone.")
    return text


def _sentences(one: Proven, zone: ZoneInfo) -> list[str]:
    """What stood where, since when, and until when."""
    how = (
        "Exactly this text"
        if one.is_to_the_letter
        else "This text, without the line ends and blanks around its words,"
    )
    wrote = "was found there and vouched for by" if one.written.action == BASELINE else "was written by"
    where = f"{place_name(one.place)}, of patient {one.handle}, {full_day(one.place.day)}"
    said = [f"{how} stood in {where}. It {wrote} {_event(one.written, zone)}."]
    if one.removed is None:
        said.append("It stands there still.")
    elif one.removal is not None:
        said.append(
            f"It was removed by {_event(one.removed, zone)}, under the practice's retention of "
            f"{one.removal.years} years (note_removal:{one.removal.removal_id})."
        )
    else:
        said.append(f"It was replaced by {_event(one.removed, zone)}.")
    return said


def _reach(found: Proof, zone: ZoneInfo) -> list[str]:
    """How far the chain proves it."""
    walked = found.walked
    if walked.findings:
        return []
    head = walked.head
    said = [
        f"The audit chain holds from its first event to its last, {head.seq:,}. In short: {short_head(head.hash)}"
    ]
    last = max(_events(found))
    if walked.keyed is None and walked.seal is None:
        said.append(
            "It has no key: whoever can write to the database and knows this program could have made all of it again. "
            "A head that was noted elsewhere shows that they did not: cocm audit verify --expect HEAD"
        )
    elif not found.is_keyed:
        said.append("No key is set here (COCM_AUDIT_KEY), so MACs and seals were not checked.")
    elif walked.seal is not None and walked.seal.seq >= last:
        said.append(f"Seal {walked.seal.n:,} of {_when(walked.seal.at, zone)} covers that.")
    else:
        said.append(f"Event {last:,} is not sealed yet; its MAC is right.")
    return said


def _fault(found: Proof) -> CommandFault | None:
    """Why the command does not end well; None when the text is proven."""
    if found.proven and found.walked.findings:
        return CommandRefused(
            "The text matches, and the audit chain does not hold, so that proves little: "
            f"{count(len(found.walked.findings), 'fault')} in it. See which: cocm audit verify"
        )
    if found.proven:
        return None
    places = ", ".join(map(place_name, found.looked_at))
    if found.missing_keys:
        return EnvironmentFault(
            f"Of {places} it cannot be said: the digest is under audit key {', '.join(found.missing_keys)}, which is "
            "not at hand. Name that key behind today's in COCM_AUDIT_KEY, and ask again."
        )
    beside = (
        f" Beside the note of {', '.join(map(place_name, found.without_reason))} stood a reason, which the digest "
        "covers as well: give it with --reason-file FILE."
        if found.without_reason
        else ""
    )
    return CommandRefused(
        f"This is not the text that stood in {places}: the chain has the digest of another. One letter more or less "
        f"makes another digest, so compare spelling and blanks with your source.{beside}"
    )


def _events(found: Proof) -> list[int]:
    return [event.seq for one in found.proven for event in (one.written, one.removed) if event is not None]


def _event(event: NoteDigest, zone: ZoneInfo) -> str:
    return f"event {event.seq:,}, {_when(event.at, zone)}"


def _when(at: datetime | None, zone: ZoneInfo) -> str:
    if at is None:
        return "at a time that cannot be read"
    local = at.astimezone(zone)
    return f"{full_day(local.date())}, {local:%-I:%M} {'am' if local.hour < 12 else 'pm'}"  # noqa: PLR2004 - noon


def _as_json(found: Proof) -> dict[str, object]:
    walked = found.walked
    return {
        "matches": bool(found.proven),
        "found": [
            {
                "where": place_name(one.place),
                "patient": one.handle,
                "day": one.place.day.isoformat(),
                "to_the_letter": one.is_to_the_letter,
                "written": _event_json(one.written),
                "removed": None if one.removed is None else _event_json(one.removed),
                "keep_notes_years": None if one.removal is None else one.removal.years,
            }
            for one in found.proven
        ],
        "looked_at": [place_name(one) for one in found.looked_at],
        "chain": {
            "holds": not walked.findings,
            "events": walked.head.seq,
            "head": walked.head.hash,
            "sealed_to": walked.seal.seq if walked.seal is not None and found.is_keyed else None,
        },
    }


def _event_json(event: NoteDigest) -> dict[str, object]:
    return {"event": event.seq, "at": None if event.at is None else event.at.isoformat()}
