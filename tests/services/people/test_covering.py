"""A caseload in a colleague's hands for some days."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest

from billing.people import Member, MemberRole, Patient
from services.acts import undo
from services.context import Context
from services.errors import NotAllowed, Refusal, UnknownPerson
from services.messages.nearness import caseload_of
from services.months import caseload
from services.months.rule_book import RuleBook
from services.people import covering, search
from services.people.covering import CannotCover, CoverRequest
from services.people.memberships import NothingToChange
from storage import Database
from tests.support.caseloads import in_care, worked
from tests.support.practice import TryPractice

DAY = timedelta(days=1)
TODAY = date(2026, 11, 18)


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """Three care managers, a supervisor and a biller; Ana has two patients, Ben one."""

    practice: TryPractice
    ana: Member
    ben: Member
    cho: Member
    sue: Member
    bill: Member
    hers: tuple[Patient, ...]
    his: Patient

    def cover(self, by: Member, first: int, last: int, **more: str) -> covering.CoverDone:
        """Ana's patients in somebody's hands, from so many days from today."""
        asked = CoverRequest(
            covered_by=by.display_name, first_day=TODAY + DAY * first, last_day=TODAY + DAY * last, **more
        )
        return self.practice.do(covering.hand_over, self.ana, asked)

    def news(self, member: Member, day: date = TODAY) -> set[int]:
        """Whom a member's morning message is about."""
        found = self.practice.see(lambda context: caseload_of(context, member, day, RuleBook(context)))
        return {one.patient.patient_id for one in (*found.months, *found.untouched)}

    def near(self, member: Member) -> set[int]:
        """Whom `near` lists."""
        return {one.standing.patient.patient_id for one in self.practice.see(caseload.caseload, member).near}


@pytest.fixture
def office(database: Database) -> Office:
    practice = TryPractice(database)
    ana, ben, cho = (practice.member(name) for name in ("Ana Flores", "Ben Okoro", "Cho Park"))
    hers = tuple(in_care(practice, ana, str(number)) for number in (1, 2))
    his = in_care(practice, ben, "3")
    for patient, who in ((hers[0], ana), (hers[1], ana), (his, ben)):
        worked(practice, who, patient, 52, date(2026, 11, 3))
    return Office(
        practice=practice,
        ana=ana,
        ben=ben,
        cho=cho,
        sue=practice.member("Sue Lee", MemberRole.SUPERVISOR),
        bill=practice.member("Bill Ray", MemberRole.BILLER),
        hers=hers,
        his=his,
    )


def ids(*patients: Patient) -> set[int]:
    return {one.patient_id for one in patients}


def test_patients_are_in_a_colleagues_hands_those_days_and_come_back_by_themselves(office: Office) -> None:
    """The morning message and the lists follow; the care manager on file does not change."""
    done = office.cover(office.ben, 0, 7)
    assert done.patients == 2
    assert office.news(office.ben) == ids(*office.hers, office.his)
    assert office.news(office.ana) == set()
    assert office.near(office.ben) == ids(*office.hers, office.his)
    assert office.near(office.ana) == ids(*office.hers), "who asks sees their own all the same"
    assert office.news(office.ana, TODAY + DAY * 8) == ids(*office.hers)
    assert office.news(office.ben, TODAY + DAY * 8) == ids(office.his)
    found = office.practice.see(search.search, office.ben, "", 10)
    assert {one.patient.patient_id for one in found.patients} >= ids(*office.hers)


def test_a_cover_that_begins_later_changes_nothing_before(office: Office) -> None:
    """Today everything is as it was."""
    office.cover(office.ben, 3, 5)
    assert office.news(office.ana) == ids(*office.hers)
    assert office.news(office.ben) == ids(office.his)


def test_whoever_covers_and_is_away_hands_on_what_they_cover(office: Office) -> None:
    """Ana's patients and Ben's own are in Cho's hands while Ben is away; a circle leaves everybody their own."""
    office.cover(office.ben, 0, 7)
    office.practice.do(
        covering.hand_over,
        office.ben,
        CoverRequest(covered_by="Cho Park", first_day=TODAY, last_day=TODAY + DAY),
    )
    assert office.news(office.cho) == ids(*office.hers, office.his)
    office.practice.do(
        covering.hand_over,
        office.cho,
        CoverRequest(covered_by="Ana Flores", first_day=TODAY, last_day=TODAY),
    )
    assert office.news(office.ana) == ids(*office.hers)
    assert office.news(office.ben) == ids(office.his)


def test_ending_gives_them_back_at_once_and_undo_takes_either_back(office: Office) -> None:
    """Nothing is left of a cover that was ended or undone; an ended one is put back by undo."""
    office.cover(office.ben, -2, 7)
    office.practice.do(covering.end, office.ana, None)
    assert office.news(office.ana) == ids(*office.hers)
    office.practice.do(undo.undo_last, office.ana)
    assert office.news(office.ana) == set()
    office.practice.do(covering.end, office.ana, None)
    with pytest.raises(NothingToChange):
        office.practice.do(covering.end, office.ana, None)
    done = office.cover(office.cho, 0, 1)
    assert done.act_id is not None
    office.practice.do(undo.undo_act, office.ana, done.act_id)
    assert office.practice.see(covering.listed, office.ana).views == ()


@pytest.mark.parametrize(
    ("first", "last", "more", "said"),
    [
        (-9, -1, {}, "Those days are over"),
        (0, 90, {}, "90 days at most"),
        (348, 355, {}, "begin within six months"),
        (0, 1, {"covered_by": "Ana Flores"}, "Nobody covers for themselves"),
        (0, 1, {"covered_by": "Bill Ray"}, "not a care manager"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    office: Office, first: int, last: int, more: dict[str, str], said: str
) -> None:
    """Days that are over or too many, oneself, and people without a caseload; nothing is stored."""
    asked = CoverRequest(
        **{
            "covered_by": "Ben Okoro",
            "first_day": TODAY + DAY * first,
            "last_day": TODAY + DAY * last,
            **more,
        }
    )
    with pytest.raises(CannotCover, match=said):
        office.practice.do(covering.hand_over, office.ana, asked)
    assert office.practice.see(covering.listed, office.ana).views == ()


def test_days_that_are_covered_already_are_refused_with_the_way(office: Office) -> None:
    """One colleague at a time."""
    office.cover(office.ben, 0, 3)
    with pytest.raises(CannotCover, match="Ben Okoro covers for Ana Flores already, Nov 18 to Nov 21"):
        office.cover(office.cho, 3, 5)
    office.cover(office.cho, 4, 5)


def test_supervisors_hand_over_for_others_and_care_managers_do_not(office: Office) -> None:
    """Both of those whom it is about are sent word, but not whoever said it."""
    asked = CoverRequest(away="Ana Flores", covered_by="Cho Park", first_day=TODAY, last_day=TODAY)
    with pytest.raises(NotAllowed):
        office.practice.do(covering.hand_over, office.ben, asked)
    with pytest.raises(NotAllowed):
        office.practice.do(covering.hand_over, office.bill, asked)
    office.practice.do(covering.hand_over, office.sue, asked)
    since = office.practice.clock.now() - DAY
    told = office.practice.see(lambda context: context.uow.notices.since(since))
    assert {member_id for member_id, _ in told} == {office.ana.member_id, office.cho.member_id}
    with pytest.raises(UnknownPerson):
        office.practice.do(
            covering.hand_over,
            office.sue,
            CoverRequest(away="Nobody Here", covered_by="Cho Park", first_day=TODAY, last_day=TODAY),
        )
    assert issubclass(CannotCover, Refusal)


def test_whoever_can_look_after_nobody_any_more_holds_no_patients(office: Office) -> None:
    """The membership of whoever covers ends meanwhile: the patients are back with whoever is away."""
    office.cover(office.ben, 0, 5)

    def leave(context: Context) -> None:
        context.uow.members.update(replace(office.ben, active=False))
        context.uow.commit()

    office.practice.do(leave)
    assert office.news(office.ana) == ids(*office.hers)
    assert office.practice.see(covering.stand_in, office.ana.member_id, TODAY) == office.ana.member_id
    assert office.practice.see(covering.away_until, office.ana, TODAY) is None
    assert office.practice.see(covering.listed, office.ana).views == (), "it ends with the membership"
    with pytest.raises(NothingToChange):
        office.practice.do(covering.end, office.ana, None)


def test_a_cover_that_ended_with_a_membership_is_in_nobodys_way_and_does_not_come_back(
    office: Office,
) -> None:
    """Somebody else covers the same days; whoever left and returns covers no more. Undo has all as it was."""
    office.cover(office.ben, 0, 5)

    def standing(*, active: bool) -> None:
        def change(context: Context) -> None:
            context.uow.members.update(replace(office.ben, active=active))
            context.uow.commit()

        office.practice.do(change)

    standing(active=False)
    done = office.cover(office.cho, 0, 5)
    standing(active=True)
    assert office.news(office.cho) == ids(*office.hers)
    assert office.news(office.ben) == ids(office.his)
    assert done.act_id is not None
    office.practice.do(undo.undo_act, office.ana, done.act_id)
    assert office.news(office.ben) == ids(*office.hers, office.his)


def test_whoever_is_away_and_leaves_does_not_leave_the_patients_in_nobodys_hands(office: Office) -> None:
    """The colleague goes on looking after them until the last day, and the list says that they have to be assigned."""
    office.cover(office.ben, 0, 5)

    def leave(context: Context) -> None:
        context.uow.members.update(replace(office.ana, active=False))
        context.uow.commit()

    office.practice.do(leave)
    assert office.news(office.ben) == ids(*office.hers, office.his)
    (view,) = office.practice.see(covering.listed, office.sue).views
    assert not view.away.active
