"""Settles clock times of one person that overlap: an entry begins where the other ends, or ends where it begins."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from billing.entries import TimeEntry
from billing.overlaps import Overlap, clock, find_overlaps
from billing.people import Member
from services.context import Context
from services.entries import amend
from services.entries.changes import EntryEdit
from services.entries.receipts import Receipt
from services.errors import CannotCorrect
from services.people.rights import Action, needs

_TRIMMED = "overlapped another entry"
_OTHERWISE = (
    "That entry's times have changed meanwhile, so nothing was changed. Look at it again, or correct it: "
    "`/cocm edit e-36 2pm-2:25pm`."
)
_SETTLED = (
    "That time overlaps no other entry any more, so all of it counts and nothing was changed. To correct the entry all "
    "the same: `/cocm edit e-36 2pm-2:25pm`."
)
_DAY = timedelta(days=1)


class Edge(StrEnum):
    """Which end of an entry is moved."""

    START = "start"
    END = "end"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trim:
    """How an entry gets out of the way of another: the rest of its own clock time stays as it is."""

    edge: Edge
    #: Aware instant (UTC).
    at: datetime


def trim_of(entry: TimeEntry, overlaps: Iterable[Overlap]) -> Trim | None:
    """The one move that ends an entry's overlaps; None where nothing of it would be left, or it would be cut in two."""
    span = clock(entry)
    found = sorted(overlaps, key=lambda one: one.started_at)
    if span is None or not found:
        return None
    start, end = span
    before = after = start
    for one in found:
        # What two entries share with it may lie side by side, and is one stretch then.
        if before != after and one.started_at > after:
            return None
        before = one.started_at if before == after else before
        after = max(after, one.ended_at)
    if before <= start and after < end:
        return Trim(edge=Edge.START, at=after)
    if before > start and after >= end:
        return Trim(edge=Edge.END, at=before)
    return None


@needs(Action.CORRECT_OWN, Action.CORRECT_ANY)
def trim(context: Context, actor: Member, entry_id: int, wanted: Trim) -> Receipt:
    """Move one end of an entry; what it holds gets shorter by the time that counted once anyway.

    Raises:
        UnknownEntry: when there is none, or it was undone.
        NotAllowed: when it is another person's.
        ReasonNeeded: when it is another person's, and a supervisor's word needs a reason.
        CannotCorrect: when its times have changed, so that the move would not be what was shown, or when what it
            would take off counts by now.
    """
    entry = amend.standing_entry(context, actor, entry_id)
    span = clock(entry)
    if span is None or not span[0] < wanted.at < span[1]:
        raise CannotCorrect(_OTHERWISE)
    taken_off = (span[0], wanted.at) if wanted.edge is Edge.START else (wanted.at, span[1])
    if not _is_shared(context, entry, *taken_off):
        # The other entry was corrected or undone since, or trimmed by the button that stood beside this one.
        raise CannotCorrect(_SETTLED)
    start, end = (wanted.at, span[1]) if wanted.edge is Edge.START else (span[0], wanted.at)
    performer = context.uow.members.by_id(entry.performed_by) or actor
    zone = context.zone_of(performer)
    times = (start.astimezone(zone).time(), end.astimezone(zone).time())
    return amend.edit(context, actor, EntryEdit(entry_id=entry_id, clock=times, reason=_TRIMMED))


def _is_shared(context: Context, entry: TimeEntry, begin: datetime, end: datetime) -> bool:
    """Whether all of a stretch of an entry counts for others' entries of the people who were there."""
    day = entry.service_date
    near = context.uow.ledger.clocked_with({entry.performed_by, *entry.participants}, day - _DAY, day + _DAY)
    for one in sorted(find_overlaps(near), key=lambda one: one.started_at):
        if one.entry_id == entry.entry_id and one.started_at <= begin:
            begin = max(begin, one.ended_at)
    return begin >= end
