"""Finds patients while somebody types: their own first, then whoever's MRN or handle fits."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from billing.people import Member, Patient
from services.context import Context
from services.people.covering import looked_after
from services.people.mrns import identity_of_mrn
from services.people.rights import Action, needs

#: So many patients at most in one answer, where nothing else is asked for; more are found by typing more.
USUAL = 25
#: Entries that are looked at for whom somebody worked for last.
_RECENT_ENTRIES = 60
_RECENT = timedelta(days=45)
#: Recent patients offered before anything is typed.
_RECENT_SHOWN = 10
#: Letters from which on those in the middle of an MRN are looked at.
_INSIDE = 2
#: `P-7F3K`, with its mark or without, as far as it is typed.
_HANDLES = (re.compile(r"p-?([a-z0-9]{1,4})"), re.compile(r"([a-z0-9]{1,4})"))
_WHOLE_HANDLE = len("P-7F3K")
_MARKED = re.compile(r"p-?")
_NO_MRN_YET = re.compile(r"m?r?n?[#:.\s-]*")


class Fit(StrEnum):
    """Why a patient is offered."""

    RECENT = "recent"
    CASELOAD = "caseload"
    #: The MRN, or the handle, is what was typed.
    EXACT = "exact"
    #: It begins so.
    BEGINS = "begins"
    #: It has that within.
    CONTAINS = "contains"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPatient:
    """One patient who may be meant."""

    patient: Patient
    fit: Fit
    #: One of those whom the person looks after, or worked for of late.
    is_own: bool
    #: Local date of the last entry by anybody; None without one.
    last_seen: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The likeliest first: exact ones, the person's own, then the others."""

    patients: tuple[FoundPatient, ...] = field(repr=False)
    #: There are others that fit as well.
    is_more: bool
    #: The person's local date.
    today: date
    #: What was typed as an MRN that is nobody's; empty where it is somebody's, or could be no MRN.
    unknown_mrn: str = field(default="", repr=False)


@needs(Action.SEE_PATIENTS)
def search(context: Context, actor: Member, text: str, limit: int = USUAL) -> Found:
    """The patients whom somebody may mean who has typed so much.

    Before anything is typed: those they worked for last, then their caseload. Names are not searched: nobody's name
    is to be typed into Slack.

    Args:
        context: where the use case works.
        actor: the member who types.
        text: as typed so far, in any form in which an MRN or a handle is written.
        limit: patients at most.
    """
    plain = identity_of_mrn(text)
    recent, looked_after = _recent(context, actor), _looked_after(context, actor)
    own = dict.fromkeys((*recent, *looked_after))
    if _NO_MRN_YET.fullmatch(plain):
        fits = [(one, Fit.RECENT) for one in recent[:_RECENT_SHOWN]]
        rest = [one for one in own if one not in recent[:_RECENT_SHOWN]]
        fits += [(one, Fit.CASELOAD if one in looked_after else Fit.RECENT) for one in rest]
    else:
        fits = _fitting(context, plain, own, limit)
    return _shown(context, actor, fits, own, limit, plain)


def _recent(context: Context, actor: Member) -> list[int]:
    """The patients for whom somebody wrote down time of late, the last first."""
    since = context.now - _RECENT
    entries = context.uow.ledger.recent_of(actor.member_id, since, _RECENT_ENTRIES)
    return list(dict.fromkeys(entry.patient_id for entry in entries))


def _looked_after(context: Context, actor: Member) -> frozenset[int]:
    loads = looked_after(context, actor, context.today_of(actor), own_always=True)
    return frozenset(one.patient_id for one in loads)


def _fitting(context: Context, plain: str, own: Iterable[int], limit: int) -> list[tuple[int, Fit]]:
    """Numbers of patients who fit what was typed, the likeliest first, one more than asked for where there are more."""
    found: dict[int, Fit] = {}
    stored, most = context.uow.patient_search, limit + 1
    exact = context.uow.patients.by_identity(plain)
    if exact is not None:
        found[exact.patient_id] = Fit.EXACT
    mine = context.uow.patients.many(tuple(own)).values()
    handles = _handles(plain)
    for fit in (Fit.BEGINS, Fit.CONTAINS):
        for one in mine:
            if _fits(one, plain, handles, fit):
                found.setdefault(one.patient_id, Fit.EXACT if one.handle in handles else fit)
    for letters in handles:
        whole = Fit.EXACT if len(letters) == _WHOLE_HANDLE else Fit.BEGINS
        for number in stored.by_handle(letters, most):
            found.setdefault(number, whole)
    for number in stored.beginning(plain, most):
        found.setdefault(number, Fit.BEGINS)
    if len(found) <= limit and len(plain) >= _INSIDE:
        for number in stored.containing(plain, most):
            found.setdefault(number, Fit.CONTAINS)
    return sorted(found.items(), key=lambda one: one[1] is not Fit.EXACT)


def _handles(plain: str) -> tuple[str, ...]:
    """The handles that are being typed: a first `p` may be the mark of all of them, or this one's own first letter."""
    if _MARKED.fullmatch(plain):
        return ()
    return tuple(f"P-{found[1].upper()}" for one in _HANDLES if (found := one.fullmatch(plain)))


def _fits(patient: Patient, plain: str, handles: tuple[str, ...], fit: Fit) -> bool:
    if fit is Fit.BEGINS:
        return patient.identity.startswith(plain) or patient.handle.startswith(handles)
    return len(plain) >= _INSIDE and plain in patient.identity


def _shown(
    context: Context,
    actor: Member,
    fits: list[tuple[int, Fit]],
    own: Iterable[int],
    limit: int,
    plain: str,
) -> Found:
    shown, mine, today = fits[:limit], frozenset(own), context.today_of(actor)
    ids = [number for number, _ in shown]
    people = context.uow.patients.many(ids) if ids else {}
    seen = context.uow.caseloads.last_days(ids, today) if ids else {}
    is_known = any(fit is Fit.EXACT for _, fit in shown)
    could_be_mrn = any(char.isdigit() for char in plain) and not is_known
    return Found(
        patients=tuple(
            FoundPatient(patient=people[number], fit=fit, is_own=number in mine, last_seen=seen.get(number))
            for number, fit in shown
            if number in people
        ),
        is_more=len(fits) > limit,
        today=today,
        unknown_mrn=plain if could_be_mrn and context.settings.unknown_patient == "accept" else "",
    )
