"""`split e-36 10m MRN123 / 5m MRN124`: share an entry's time out between patients."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.grammar.call.command import Call, Command, Section
from bot.grammar.call.entry import EXAMPLE, checked_reason, named, need_entry
from bot.grammar.call.leftovers import refuse_leftovers
from bot.grammar.call.line import CallLine
from bot.grammar.log.patients import patient_ref
from bot.grammar.parsed import Arguments, Parsed
from bot.grammar.problems import ProblemCode
from bot.grammar.text.blanks import Blank
from bot.grammar.text.scan import CLOCK, DURATION, PATIENT, scan
from bot.grammar.when.durations import duration_of
from services.entries.changes import EntrySplit, SplitPart

_REASON = re.compile(r"(?<!\w)(?:because|bc|reason)\b[:,]?\s+([^|]*)")
#: One receipt holds so many.
MOST_PARTS = 20
_FILLERS = re.compile(r"(?<!\w)(?:between|among|into|evenly|equally)(?!\w)")
_PARTS = "10m MRN123 / 5m MRN124"
_TOO_MANY_PARTS = "That makes {count} parts; an entry is split into {most} at most."
_NEEDS_PARTS = (
    "split needs the time and the patient of each part, with a slash between them, or patients alone."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitArguments(Arguments):
    """`split e-36 10m MRN123 / 5m MRN124`."""

    split: EntrySplit


def read(call: Call) -> Parsed:
    """One entry and at least two parts."""
    line = CallLine(call)
    if more := line.refuse_more_lines():
        return more
    entry_id = need_entry(line)
    said = line.take(_REASON)
    reason = checked_reason(line, said.shown_group) if said else ""
    parts = _parts(line)
    line.take_all(_FILLERS)
    refuse_leftovers(line)
    if entry_id is None or line.problems:
        return line.refused((named(entry_id), Blank("___ MRN___ / ___ MRN___", _PARTS)))
    return Parsed(
        command=call.command.name,
        arguments=SplitArguments(split=EntrySplit(entry_id=entry_id, parts=parts, reason=reason)),
    )


def _parts(line: CallLine) -> tuple[SplitPart, ...]:
    pattern = line.call.context.mrn_pattern
    items = scan(line.plain, pattern)
    found = [(item.kind, line.take_item(item)) for item in items if item.kind in {PATIENT, DURATION, CLOCK}]
    patients = [patient_ref(one.plain, one.shown, pattern) for kind, one in found if kind == PATIENT]
    lengths = [duration_of(one.plain).seconds for kind, one in found if kind != PATIENT]
    if len(patients) < 2 or len(lengths) not in {0, len(patients)} or not all(lengths):  # noqa: PLR2004 - a split makes two
        line.find(ProblemCode.NO_CHANGE, _NEEDS_PARTS)
        return ()
    if len(patients) > MOST_PARTS:
        message = _TOO_MANY_PARTS.format(count=len(patients), most=MOST_PARTS)
        line.find(ProblemCode.NO_CHANGE, message)
        return ()
    each: Sequence[int | None] = lengths or [None] * len(patients)
    return tuple(
        SplitPart(patient=patient, seconds=seconds) for patient, seconds in zip(patients, each, strict=True)
    )


COMMAND = Command(
    name="split",
    section=Section.ENTRIES,
    place=50,
    usage="split <entry> <time> <patient> / <time> <patient>",
    summary="Share an entry's time out between patients",
    example=f"split {EXAMPLE} {_PARTS}",
    topic=(
        "The parts must add up to the entry's time. Patients alone share it out evenly: split e-36 MRN123, MRN124. "
        "The entry becomes void and a new one stands for each part; history shows both."
    ),
    read=read,
)
