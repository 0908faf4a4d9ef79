"""Consent: given, corrected and revoked."""

from datetime import date
from typing import Any

import pytest

from billing.counting import Exclusion
from billing.episodes import ConsentKind, Episode
from services.care.episodes import DatesOutOfOrder, NotEnrolled
from services.care.receipts import Consented, Revoked
from services.care.requests import GiveConsent, RevokeConsent
from services.entries import log
from services.errors import UnknownPatient
from storage import Database
from tests.support.care import audited, done, enrolled, episodes, record, ref
from tests.support.practice import TryPractice, asked, draft

NOV_3, NOV_10, NOV_16 = date(2026, 11, 3), date(2026, 11, 10), date(2026, 11, 16)


@pytest.fixture
def practice(database: Database) -> TryPractice:
    return TryPractice(database)


def verbal(on: date = NOV_3, **more: Any) -> GiveConsent:
    return GiveConsent(patient=ref(), on=on, kind=ConsentKind.VERBAL, **more)


def episode_of(practice: TryPractice, patient: object) -> Episode:
    (episode,) = episodes(practice, patient)  # type: ignore[arg-type]
    return episode


def test_consent_is_kept_with_kind_date_recorder_and_cost_sharing(practice: TryPractice) -> None:
    """The finding that asked for it is gone from the standing."""
    ana = practice.member()
    patient = enrolled(practice, ana)
    before = record(practice, ana, verbal(date(2026, 11, 2)))
    assert not {"consent_missing"} & {finding.code for finding in before.standings[0].result.findings}
    record(practice, ana, verbal(date(2026, 11, 2), cost_sharing=True))
    consent = episode_of(practice, patient).consent
    assert consent is not None
    assert (consent.given_on, consent.kind) == (date(2026, 11, 2), ConsentKind.VERBAL)
    assert (consent.recorded_by, consent.cost_sharing_disclosed) == (ana.member_id, True)
    assert episode_of(practice, patient).earlier_consents == ()
    assert audited(practice)[1:] == ["consent.given", "consent.given"]


def test_the_same_consent_again_is_said_and_not_doubled(practice: TryPractice) -> None:
    """Nothing is written a second time."""
    ana = practice.member()
    enrolled(practice, ana)
    record(practice, ana, verbal(cost_sharing=True))
    assert done(practice, ana, verbal(), Consented).already
    assert audited(practice) == ["episode.begun", "consent.given"]


def test_a_further_consent_never_takes_time_away(practice: TryPractice) -> None:
    """Written after verbal: time between the two goes on counting."""
    ana = practice.member()
    patient = enrolled(practice, ana)
    record(practice, ana, verbal())
    practice.do(log.log, ana, draft(asked(service_date=NOV_10)))
    written = GiveConsent(patient=ref(), on=NOV_16, kind=ConsentKind.WRITTEN)
    receipt = record(practice, ana, written)
    assert receipt.standings[0].result.counted_seconds == 900
    assert [one.kind for one in episode_of(practice, patient).consents] == [
        ConsentKind.WRITTEN,
        ConsentKind.VERBAL,
    ]


def test_corrected_replaces_what_was_typed_wrong(practice: TryPractice) -> None:
    """Time before the right date no longer counts; what was on file is in the answer and the trail."""
    ana = practice.member()
    patient = enrolled(practice, ana)
    record(practice, ana, verbal(cost_sharing=True))
    practice.do(log.log, ana, draft(asked(service_date=NOV_10)))
    receipt = record(practice, ana, verbal(NOV_16, corrects=True))
    assert isinstance(receipt.outcome, Consented)
    assert receipt.outcome.corrected is not None
    assert receipt.outcome.corrected.given_on == NOV_3
    assert receipt.outcome.consent.cost_sharing_disclosed is True
    assert dict(receipt.standings[0].result.excluded) == {Exclusion.BEFORE_CONSENT: 900}
    assert len(episode_of(practice, patient).consents) == 1
    assert audited(practice)[-1] == "consent.corrected"


def test_after_revocation_time_does_not_count(practice: TryPractice) -> None:
    """Every consent that stands ends on that day; the day itself still counts."""
    ana = practice.member()
    patient = enrolled(practice, ana)
    record(practice, ana, verbal())
    record(practice, ana, GiveConsent(patient=ref(), on=date(2026, 11, 4), kind=ConsentKind.WRITTEN))
    practice.do(log.log, ana, draft(asked(service_date=NOV_10), asked(service_date=NOV_16)))
    receipt = record(practice, ana, RevokeConsent(patient=ref(), on=NOV_10))
    assert receipt.standings[0].result.counted_seconds == 900
    assert dict(receipt.standings[0].result.excluded) == {Exclusion.CONSENT_REVOKED: 900}
    assert {one.revoked_on for one in episode_of(practice, patient).consents} == {NOV_10}
    again = done(practice, ana, RevokeConsent(patient=ref(), on=NOV_16), Revoked)
    assert (again.already, again.on) == (True, NOV_10)


def test_consent_after_revocation_counts_again(practice: TryPractice) -> None:
    """The gap between the two stays uncounted."""
    ana = practice.member()
    enrolled(practice, ana)
    record(practice, ana, verbal())
    record(practice, ana, RevokeConsent(patient=ref(), on=date(2026, 11, 5)))
    record(practice, ana, verbal(NOV_16))
    practice.do(
        log.log,
        ana,
        draft(asked(service_date=date(2026, 11, 4)), asked(service_date=NOV_10), asked(service_date=NOV_16)),
    )
    receipt = record(practice, ana, verbal(NOV_16))
    assert receipt.standings[0].result.counted_seconds == 1800


def test_a_revocation_needs_a_consent_before_it(practice: TryPractice) -> None:
    """None on file, or given later than the date: refused."""
    ana = practice.member()
    enrolled(practice, ana)
    with pytest.raises(NotEnrolled, match="no consent on file"):
        record(practice, ana, RevokeConsent(patient=ref(), on=NOV_10))
    record(practice, ana, verbal(NOV_16))
    with pytest.raises(DatesOutOfOrder, match="consented on Nov 16, 2026"):
        record(practice, ana, RevokeConsent(patient=ref(), on=NOV_10))


def test_consent_of_somebody_not_known_or_not_enrolled_says_what_to_do(practice: TryPractice) -> None:
    """An MRN near nobody's is refused, a patient without episode is to be enrolled first."""
    ana = practice.member()
    practice.patient("123", assessed_on=None)
    with pytest.raises(UnknownPatient, match="not on the roster"):
        record(practice, ana, GiveConsent(patient=ref("999"), on=NOV_3, kind=ConsentKind.VERBAL))
    with pytest.raises(NotEnrolled, match="/cocm enroll MRN123"):
        record(practice, ana, verbal())
