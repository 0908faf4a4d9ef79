"""Records consent to Collaborative Care: given, corrected, revoked."""

from dataclasses import replace
from typing import Any

from billing.episodes import Consent, Episode
from billing.months import BillingMonth
from billing.people import Member
from services.care.episodes import DatesOutOfOrder, NotEnrolled, need_open, spoken_day
from services.care.receipts import Consented, Done, Revoked
from services.care.requests import GiveConsent, RevokeConsent
from services.context import Context
from services.people import patients
from services.people.rights import Action, needs


@needs(Action.CONSENT)
def give(context: Context, actor: Member, asked: GiveConsent) -> Done:
    """Record a consent in the open episode. What is on file stays beside it, unless this corrects it.

    Raises:
        NotEnrolled: when the patient has no open episode.
    """
    patient = patients.need(context, asked.patient)
    episode = need_open(context, patient)
    present = episode.consent
    consent = Consent(
        given_on=asked.on,
        kind=asked.kind,
        recorded_by=actor.member_id,
        cost_sharing_disclosed=asked.cost_sharing,
        recorded_on=context.today_of(actor),
    )
    same = next((one for one in episode.consents if _is_same(one, consent)), None)
    if same is not None and not asked.corrects:
        return Done(patients=(patient,), outcome=Consented(consent=same, already=True))
    if asked.corrects and present is not None and consent.cost_sharing_disclosed is None:
        consent = replace(consent, cost_sharing_disclosed=present.cost_sharing_disclosed)
    if present is not None and _was_on_file(present, consent, corrects=asked.corrects):
        consent = replace(consent, recorded_on=present.recorded_on)
    corrected = present if asked.corrects else None
    after = _with(episode, consent, keeps_present=not asked.corrects)
    context.uow.episodes.update(after)
    _audit(
        context,
        actor,
        episode,
        "consent.corrected" if corrected else "consent.given",
        _plain(consent, corrected),
    )
    first = min(asked.on, corrected.given_on) if corrected else asked.on
    return Done(
        patients=(patient,),
        outcome=Consented(consent=consent, corrected=corrected),
        months=(BillingMonth.of(first),),
    )


def _is_same(known: Consent, new: Consent) -> bool:
    """The same consent said again: it tells nothing that is not on file."""
    told = new.cost_sharing_disclosed
    return (
        (known.given_on, known.kind) == (new.given_on, new.kind)
        and known.revoked_on is None
        and told in {None, known.cost_sharing_disclosed}
    )


def _was_on_file(present: Consent, new: Consent, *, corrects: bool) -> bool:
    """Whether the days of a consent were covered by what it takes the place of: then it is not written down anew."""
    if corrects:
        return present.given_on <= new.given_on
    return (present.given_on, present.kind, present.revoked_on) == (new.given_on, new.kind, None)


def _with(episode: Episode, consent: Consent, *, keeps_present: bool) -> Episode:
    present, earlier = episode.consent, episode.earlier_consents
    if not keeps_present or present is None:
        return replace(episode, consent=consent)
    if (present.given_on, present.kind, present.revoked_on) == (consent.given_on, consent.kind, None):
        # The same consent, with cost-sharing told now.
        return replace(episode, consent=consent)
    return replace(episode, consent=consent, earlier_consents=(present, *earlier))


@needs(Action.CONSENT)
def revoke(context: Context, actor: Member, asked: RevokeConsent) -> Done:
    """Record that the patient took their consent back; time after that day does not count.

    Raises:
        NotEnrolled: when there is no open episode, or no consent in it.
        DatesOutOfOrder: when consent was given after the date given.
    """
    patient = patients.need(context, asked.patient)
    episode = need_open(context, patient)
    mrn = patients.shown_mrn(patient.mrn)
    if episode.consent is None:
        raise NotEnrolled(f"{mrn} has no consent on file, so there is none to revoke. Nothing was changed.")
    standing = [consent for consent in episode.consents if consent.revoked_on is None]
    if not standing:
        last = max(consent.revoked_on for consent in episode.consents if consent.revoked_on)
        return Done(patients=(patient,), outcome=Revoked(on=last, already=True))
    given = max(consent.given_on for consent in standing)
    if asked.on < given:
        raise DatesOutOfOrder(
            f"{mrn} consented on {spoken_day(given)}, after the {spoken_day(asked.on)} given. Nothing was changed. "
            "Check the date."
        )
    present, *earlier = (
        replace(consent, revoked_on=consent.revoked_on or asked.on) for consent in episode.consents
    )
    context.uow.episodes.update(replace(episode, consent=present, earlier_consents=tuple(earlier)))
    _audit(context, actor, episode, "consent.revoked", {"revoked_on": asked.on.isoformat()})
    return Done(patients=(patient,), outcome=Revoked(on=asked.on), months=(BillingMonth.of(asked.on),))


def _plain(consent: Consent, corrected: Consent | None) -> dict[str, Any]:
    before = (
        {"was": [str(corrected.given_on), corrected.kind, str(corrected.revoked_on)]} if corrected else {}
    )
    return {
        "given_on": consent.given_on.isoformat(),
        "kind": consent.kind,
        "cost_sharing_disclosed": consent.cost_sharing_disclosed,
        **before,
    }


def _audit(context: Context, actor: Member, episode: Episode, action: str, details: dict[str, Any]) -> None:
    context.uow.audit.record(
        at=context.now,
        actor=actor.member_id,
        action=action,
        subject=f"episode:{episode.episode_id}",
        details=details,
    )
