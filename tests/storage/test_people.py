"""Tenants, members, patients and their episodes."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date, time
from typing import Any, TypeVar

import pytest

from billing.episodes import Consent, ConsentKind, Episode, Program
from billing.people import Member, MemberRole, Patient
from storage import NO_TENANT, AlreadyExists, Database, NotFound, Tenant, UnitOfWork
from tests.support.storing import SmallPractice

T = TypeVar("T")


def kept(database: Database, work: Callable[[UnitOfWork], T], tenant_id: int) -> T:
    """Run a use case and keep what it wrote."""

    def keep(uow: UnitOfWork) -> T:
        value = work(uow)
        uow.commit()
        return value

    return database.write(keep, tenant_id=tenant_id).result()


def test_the_first_tenant_is_made_on_first_use(database: Database) -> None:
    """Imports need no workspace: the default tenant is there when first asked for, and stays the same."""
    first = kept(database, lambda uow: uow.tenants.default(), NO_TENANT)

    assert first == Tenant(tenant_id=first.tenant_id, name="Practice")
    assert kept(database, lambda uow: uow.tenants.default(), NO_TENANT) == first
    assert kept(database, lambda uow: uow.tenants.of_workspace(None, "T1"), NO_TENANT) is None


def test_first_contact_binds_the_default_tenant(database: Database) -> None:
    """What was imported before Slack belongs to the workspace that says hello first; others are refused."""
    imported = kept(database, lambda uow: uow.tenants.default(), NO_TENANT)

    bound = kept(database, lambda uow: uow.tenants.bind("E1", "T1"), NO_TENANT)

    assert bound == replace(imported, enterprise_id="E1", team_id="T1")
    assert kept(database, lambda uow: uow.tenants.bind("E1", "T1"), NO_TENANT) == bound
    assert kept(database, lambda uow: uow.tenants.of_workspace("E1", "T1"), NO_TENANT) == bound
    assert kept(database, lambda uow: uow.tenants.of_workspace(None, "T1"), NO_TENANT) is None
    with pytest.raises(AlreadyExists, match="another Slack workspace"):
        kept(database, lambda uow: uow.tenants.bind(None, "T2"), NO_TENANT)


def test_a_member_is_kept_with_every_fact(database: Database, practice: SmallPractice) -> None:
    """A member added is read back the same, by number, Slack user and name; an update changes every fact."""
    facts: dict[str, Any] = {
        "display_name": "Dr. Ruß",
        "roles": frozenset({MemberRole.CONSULTANT, MemberRole.SUPERVISOR}),
        "time_zone": "America/Chicago",
        "slack_user_id": "U7",
        "digest_at": time(8, 30),
        "credential": "MD",
        "department": "Psychiatry",
        "email": "eva@clinic.org",
    }
    added = kept(database, lambda uow: uow.members.add(**facts), practice.tenant_id)

    assert added == Member(member_id=added.member_id, active=True, **facts)
    changed = Member(
        member_id=added.member_id,
        display_name="Eva Ruß",
        roles=frozenset({MemberRole.ADMIN}),
        active=False,
    )
    for standing in (added, changed):
        kept(database, lambda uow: uow.members.update(standing), practice.tenant_id)  # noqa: B023 - run at once

        def found(uow: UnitOfWork, it: Member = standing) -> list[Member | None]:
            return [uow.members.by_id(it.member_id), uow.members.by_name(f" {it.display_name.upper()} ")]

        assert database.read(found, tenant_id=practice.tenant_id).result() == [standing, standing]
    everyone = database.read(lambda uow: uow.members.all(), tenant_id=practice.tenant_id).result()
    assert everyone == (practice.ana, changed)


def test_a_name_that_two_share_names_nobody(database: Database, practice: SmallPractice) -> None:
    """`@ana` must mean one person; between two, nobody is guessed."""
    kept(
        database,
        lambda uow: uow.members.add(display_name="ANA REYES", roles=frozenset()),
        practice.tenant_id,
    )

    assert (
        database.read(lambda uow: uow.members.by_name("ana reyes"), tenant_id=practice.tenant_id).result()
        is None
    )


def test_an_address_is_one_members_whatever_its_case(database: Database, practice: SmallPractice) -> None:
    """Two members of a practice never share one; many have none."""

    def add(email: str | None) -> Callable[[UnitOfWork], Member]:
        return lambda uow: uow.members.add(display_name="Kim Lee", roles=frozenset(), email=email)

    kim = kept(database, add("Kim@Clinic.org"), practice.tenant_id)
    for email in (None, None):
        kept(database, add(email), practice.tenant_id)

    found = database.read(
        lambda uow: (uow.members.by_email(" KIM@clinic.org"), uow.members.by_email("lee@clinic.org")),
        tenant_id=practice.tenant_id,
    ).result()

    assert (kim.email, found) == ("kim@clinic.org", (kim, None))
    with pytest.raises(AlreadyExists):
        kept(database, add("kim@clinic.org"), practice.tenant_id)


def test_members_without_slack_may_be_many(database: Database, practice: SmallPractice) -> None:
    """Consultants who are not in Slack have no Slack user, and do not collide for it."""
    for name in ("One", "Two"):
        kept(
            database,
            lambda uow: uow.members.add(display_name=name, roles=frozenset()),  # noqa: B023 - run at once
            practice.tenant_id,
        )


def test_a_patient_is_kept_with_every_fact(database: Database, practice: SmallPractice) -> None:
    """A patient is read back the same by identity, handle and number; an update keeps the handle."""
    facts: dict[str, Any] = {
        "mrn": "MRN-00A7",
        "identity": "00a7",
        "first_name": "Ida",
        "last_name": "Ng",
        "referring_npi": "1234567893",
        "problems": "F33.1",
        "birth_date": date(1961, 5, 9),
    }
    added = kept(database, lambda uow: uow.patients.add(on_roster=False, **facts), practice.tenant_id)

    assert added == Patient(patient_id=added.patient_id, handle=added.handle, on_roster=False, **facts)
    changed = replace(added, mrn="mrn 00A8", identity="00a8", on_roster=True, problems="", first_name="Ada")
    for standing in (added, changed):
        kept(database, lambda uow: uow.patients.update(standing), practice.tenant_id)  # noqa: B023 - run at once

        def found(uow: UnitOfWork, it: Patient = standing) -> list[Patient | None]:
            return [
                uow.patients.by_identity(it.identity),
                uow.patients.by_handle(it.handle),
                uow.patients.by_id(it.patient_id),
            ]

        assert database.read(found, tenant_id=practice.tenant_id).result() == [standing] * 3
    everyone = database.read(lambda uow: uow.patients.all(), tenant_id=practice.tenant_id).result()
    assert everyone == (practice.patient, changed)


def test_many_patients_are_found_at_once(database: Database, practice: SmallPractice) -> None:
    """Any number of patients is looked up in a few statements; unknown numbers are left out."""

    def add_all(uow: UnitOfWork) -> list[Patient]:
        return [uow.patients.add(mrn=str(n), identity=str(n), on_roster=n % 2 == 0) for n in range(1200)]

    added = kept(database, add_all, practice.tenant_id)

    def find(uow: UnitOfWork) -> tuple[dict[int, Patient], dict[int, Patient], frozenset[str]]:
        ids = [patient.patient_id for patient in added]
        return (
            uow.patients.many([*ids, 999_999]),
            uow.patients.many([999_999]),
            uow.patients.known_identities([*(str(n) for n in range(2000)), "0042"]),
        )

    found, nobody, known = database.read(find, tenant_id=practice.tenant_id).result()
    assert found == {patient.patient_id: patient for patient in added}
    assert nobody == {}
    assert known == {"0042", *(str(n) for n in range(0, 1200, 2))}
    handles = [patient.handle for patient in added]
    assert len(set(handles)) == 1200
    assert not set("".join(handles).removeprefix("P-")) & set("01ILOU")


def test_a_roster_patient_one_typo_away_is_found(database: Database, practice: SmallPractice) -> None:
    """One slip away from a roster patient is told; the same text, two slips, and patients off the roster are not."""

    def add(uow: UnitOfWork) -> None:
        uow.patients.add(mrn="0143", identity="0143", on_roster=False)
        uow.patients.add(mrn="0742", identity="0742", on_roster=True)

    kept(database, add, practice.tenant_id)

    def near(*typed: str) -> list[list[str]]:
        def look(uow: UnitOfWork) -> list[list[str]]:
            return [[patient.identity for patient in uow.patients.one_typo_away(text)] for text in typed]

        return database.read(look, tenant_id=practice.tenant_id).result()

    assert near("0043", "042", "00442", "0402", "4002") == [
        ["0042"],
        ["0042", "0742"],
        ["0042"],
        ["0042"],
        [],
    ]
    assert near("0142") == [["0042", "0742"]]
    assert near("0042", "0144", "", "x") == [["0742"], [], [], []]


def test_a_changed_mrn_moves_its_typos_too(database: Database, practice: SmallPractice) -> None:
    """Once a roster has another MRN for a patient, slips of the old one no longer find them."""
    kept(
        database,
        lambda uow: uow.patients.update(replace(practice.patient, mrn="99", identity="9900")),
        practice.tenant_id,
    )

    def near(uow: UnitOfWork) -> list[int]:
        return [len(uow.patients.one_typo_away("0043")), len(uow.patients.one_typo_away("9901"))]

    assert database.read(near, tenant_id=practice.tenant_id).result() == [0, 1]


# Longer than forty lines: every fact of an episode is written and read.
def test_an_episode_is_kept_with_every_fact(database: Database, practice: SmallPractice) -> None:
    """Every field of an episode and its consents comes back; an update changes any of them."""
    consent = Consent(
        given_on=date(2026, 9, 2),
        kind=ConsentKind.WRITTEN,
        recorded_by=practice.ana.member_id,
        cost_sharing_disclosed=True,
        revoked_on=date(2026, 12, 1),
        recorded_on=date(2026, 9, 4),
    )
    full = Episode(
        episode_id=0,
        patient_id=practice.patient.patient_id,
        program=Program.BHI,
        enrolled_on=date(2026, 9, 1),
        initial_assessment_on=date(2026, 9, 3),
        consent=consent,
        discharged_on=date(2026, 12, 2),
        discharge_reason="goals met",
        payer="Acme Health",
        care_manager=practice.ana.member_id,
        referred_on=date(2026, 8, 30),
        initiating_visit_on=date(2026, 8, 31),
        initiating_visit_needed=False,
        diagnosis_codes=("F41.1", "F33.1"),
        billing_npi="1234567893",
        place_of_service="11",
        outside_therapist=True,
        apcm=True,
        part2_record=True,
        assessment_recorded_on=date(2026, 9, 5),
        earlier_consents=(Consent(given_on=date(2026, 8, 1), revoked_on=date(2026, 8, 9)), consent),
    )
    bare = Episode(episode_id=0, patient_id=practice.patient.patient_id)
    defaults = {field.name: getattr(bare, field.name) for field in fields(Episode)}
    same = [name for name, value in defaults.items() if getattr(full, name) == value]
    assert same == ["episode_id", "patient_id"], "every other field must differ, or a lost one would not show"

    added = kept(database, lambda uow: uow.episodes.add(full), practice.tenant_id)
    assert added == replace(full, episode_id=added.episode_id)
    for standing in (added, replace(bare, episode_id=added.episode_id)):
        kept(database, lambda uow: uow.episodes.update(standing), practice.tenant_id)  # noqa: B023 - run at once
        found = database.read(
            lambda uow: uow.episodes.of_patient(practice.patient.patient_id), tenant_id=practice.tenant_id
        ).result()
        assert found == (standing,)


def test_episodes_of_many_patients_come_in_order(database: Database, practice: SmallPractice) -> None:
    """Each patient's episodes are listed oldest first, one without a date before all; who has none is left out."""

    def add(uow: UnitOfWork) -> None:
        for day in (date(2026, 5, 1), None, date(2025, 5, 1)):
            uow.episodes.add(Episode(episode_id=0, patient_id=practice.patient.patient_id, enrolled_on=day))

    kept(database, add, practice.tenant_id)

    found = database.read(
        lambda uow: uow.episodes.of_patients([practice.patient.patient_id, 999]), tenant_id=practice.tenant_id
    ).result()

    assert list(found) == [practice.patient.patient_id]
    days = [episode.enrolled_on for episode in found[practice.patient.patient_id]]
    assert days == [None, date(2025, 5, 1), date(2026, 5, 1)]


def test_what_is_not_there_cannot_be_updated(database: Database, practice: SmallPractice) -> None:
    """Updating a member, patient or episode that the tenant does not have is told, and stores nothing."""
    nobody = [
        lambda uow: uow.members.update(replace(practice.ana, member_id=999)),
        lambda uow: uow.patients.update(replace(practice.patient, patient_id=999)),
        lambda uow: uow.episodes.update(Episode(episode_id=999, patient_id=practice.patient.patient_id)),
    ]
    for work in nobody:
        with pytest.raises(NotFound):
            kept(database, work, practice.tenant_id)
    strangers = [
        lambda uow: uow.members.update(practice.ana),
        lambda uow: uow.patients.update(practice.patient),
    ]
    for work in strangers:
        with pytest.raises(NotFound):
            kept(database, work, practice.tenant_id + 1)
