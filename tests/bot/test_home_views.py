"""Every Home is within Slack's limits, whatever the practice's size, with tables and without."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from billing.activities import Activity, ActivitySource
from billing.people import Member, MemberRole, Role
from billing.practice_settings import SettingChange
from bot.screens.home.charts import charts
from bot.screens.home.frame import TABLE
from bot.screens.home.naming import ViewSettings
from bot.screens.home.view import PART_NAMES, Shown, home_view
from sandbox.blocks import message_problems, view_problems
from services.context import Context
from services.home.administration import AdministrationHome, Asking, ChangedSetting
from services.home.home import Home, figures, home
from services.home.parts import Part, parts_of, shown_of
from services.messages.kinds import KINDS
from services.messages.trouble import Stuck
from storage import Database, NewEntry
from tests.support.accessible import unclear
from tests.support.crowd import add_crowd, add_member
from tests.support.practice import NEW_YORK, NOW, TryPractice
from tests.support.storing import import_entries

SIZES = (0, 1, 50, 400, 5_000)
EVERYTHING = frozenset(MemberRole)
#: Each role by itself, two that stand beside each other, and all of them.
ROLES = (
    *(frozenset({role}) for role in MemberRole),
    frozenset({MemberRole.CARE_MANAGER, MemberRole.SUPERVISOR}),
    frozenset({MemberRole.BILLER, MemberRole.SUPERVISOR}),
    EVERYTHING,
)
LONG = "Dr. Maximiliane-Theodora von und zu Hohenstein-Württemberg"


#: Who sees each part.
WHOSE = {
    Part.CARE: MemberRole.CARE_MANAGER,
    Part.REVIEWS: MemberRole.CONSULTANT,
    Part.BILLING: MemberRole.BILLER,
    Part.SUPERVISION: MemberRole.SUPERVISOR,
    Part.PRACTICE: MemberRole.ADMIN,
}


@dataclass
class Crowded:
    """A practice of so many patients, and somebody of every role who looks after all of them."""

    practice: TryPractice
    ana: Member
    #: Each part as it was read, once: thousands of patients are judged for some.
    read: dict[Part, Any] = field(default_factory=dict)

    def view(self, roles: frozenset[MemberRole], *, tables: bool, chosen: str = "") -> dict[str, Any]:
        """Home of Ana, if she had these roles and had chosen a part."""
        parts = self.practice.see(parts_of, replace(self.ana, roles=roles))
        found = Home(
            member=self.ana,
            today=NOW.date(),
            zone=NEW_YORK,
            parts=parts,
            shown=tuple((part, self._content(part)) for part in shown_of(parts, chosen)),
            not_taken=frozenset(),
        )
        return home_view(found, shown(tables=tables))

    def _content(self, part: Part) -> Any:
        if part not in self.read:
            alone = replace(self.ana, roles=frozenset({WHOSE[part]}))
            ((_, self.read[part]),) = self.practice.see(home, alone).shown
        return self.read[part]


def shown(*, tables: bool) -> Shown:
    return Shown(settings=ViewSettings(), now=NOW, zone=NEW_YORK, takes_tables=tables)


@pytest.fixture(scope="module", params=SIZES)
def crowded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crowded]:
    size: int = request.param
    database = Database.open(f"sqlite:///{tmp_path_factory.mktemp('home')}/cocm.db")
    database.migrate()
    practice = TryPractice(database)
    ana = practice.do(add_member, "U0ANA", LONG, *MemberRole)
    for number in range(min(size, 60)):
        practice.do(add_member, f"U0B{number:04}", f"{LONG} {number}", MemberRole.CARE_MANAGER)
    if size:
        practice.do(add_crowd, ana, size, 52, NOW.date())
        practice.do(add_what_waits, ana, min(size, 50))
    yield Crowded(practice, ana)
    database.close()


def add_what_waits(context: Context, worker: Member, number: int) -> None:
    """Entries that are held, and others whose clock times overlap, of as many patients."""
    patients = [context.uow.patients.by_identity(f"c{one:04d}") for one in range(1, number + 1)]
    start = datetime(2026, 11, 17, 15, tzinfo=UTC)
    entries = []
    for place, patient in enumerate(patients):
        assert patient is not None
        begun = start + timedelta(minutes=5 * place)
        common = {
            "patient_id": patient.patient_id,
            "service_date": date(2026, 11, 17),
            "role": Role.CARE_MANAGER,
            "performed_by": worker.member_id,
            "recorded_on": date(2026, 11, 17),
        }
        held = {"activity": Activity.ADMIN, "activity_source": ActivitySource.INFERRED}
        entries.append(NewEntry(seconds=900, note="faxed records to the desk", **common, **held))
        clocked = {"activity": Activity.PHONE, "activity_source": ActivitySource.STATED}
        times = {"started_at": begun, "ended_at": begun + timedelta(minutes=10)}
        entries.append(NewEntry(seconds=600, note=f"call {place}", **common, **clocked, **times))
    import_entries(context.uow, entries, by=worker.member_id, at=context.now)
    context.uow.commit()


@pytest.mark.parametrize("tables", [True, False], ids=["tables", "blocks"])
def test_every_home_is_within_slacks_limits(crowded: Crowded, tables: bool) -> None:  # noqa: FBT001 - a parameter
    """Of every role and of several, as Slack judges it, and with its foot: nothing was cut off."""
    for roles in ROLES:
        view = crowded.view(roles, tables=tables)
        assert view_problems(view) == [], roles
        assert "As of" in json.dumps(view["blocks"][-1])
        assert len(view["blocks"]) < 100
        assert tables or not any(block["type"] == TABLE for block in view["blocks"])


def test_every_part_can_be_brought_to_the_front(crowded: Crowded) -> None:
    """Who has every role sees two parts at once, the chosen one first, and a button for each."""
    for part in Part:
        view = crowded.view(EVERYTHING, tables=True, chosen=part)
        assert view_problems(view) == []
        buttons = view["blocks"][0]["elements"]
        assert [one["text"]["text"] for one in buttons] == list(PART_NAMES.values())
        assert [one["value"] for one in buttons if one.get("style") == "primary"] == [part]


def test_home_names_no_patient(crowded: Crowded) -> None:
    """Handles alone, in words, values and ids alike, unless the practice decided otherwise."""
    told = json.dumps(crowded.view(EVERYTHING, tables=True)) + json.dumps(
        crowded.view(frozenset({MemberRole.CONSULTANT}), tables=False)
    )
    assert "C0001" not in told
    assert "faxed records" not in told


def test_buttons_of_one_word_are_told_apart(crowded: Crowded) -> None:
    """Where several buttons of Home say the same and do different things, a screen reader says of whom."""
    for roles in ROLES:
        view = crowded.view(roles, tables=True)
        assert unclear(view["blocks"]) == [], roles


def test_charts_are_within_slacks_limits(crowded: Crowded) -> None:
    """At most two in a message, each after the sentence that says the same; without them the sentences stay."""
    for part in (Part.BILLING, Part.SUPERVISION):
        content = crowded.practice.see(figures, crowded.ana, part).content
        drawn, plain = charts(content, drawn=True), charts(content, drawn=False)
        assert message_problems(list(drawn.blocks)) == []
        assert message_problems(list(plain.blocks)) == []
        sentences = [block for block in drawn.blocks if block["type"] == "section"]
        assert sentences == list(plain.blocks)


def test_a_crowded_administration_fits(database: Database) -> None:
    """Dozens who ask, every reason for not delivering, long names: what has no room is counted."""
    ana = TryPractice(database).member(LONG, MemberRole.ADMIN)
    many = AdministrationHome(
        roles=dict.fromkeys(MemberRole, 900),
        members=900,
        without_role=tuple(f"{LONG} {number}" for number in range(90)),
        requests=tuple(
            Asking(
                request_id=number,
                slack_user_id=f"U{number:010}",
                display_name=f"{LONG} {number}",
                asked_at=NOW,
            )
            for number in range(40)
        ),
        unverified=tuple(f"{LONG} Health {number}" for number in range(90)),
        payers=400,
        settings=tuple(
            ChangedSetting(
                change=SettingChange(
                    setting_id=number,
                    name="time_rule",
                    value="x" * 300,
                    from_day=NOW.date(),
                    set_by=None,
                    set_at=NOW,
                ),
                by=ana,
            )
            for number in range(5)
        ),
        trouble=tuple(
            Stuck(code=f"code_{number}", kinds=tuple((name, 10_000) for name in KINDS))
            for number in range(30)
        ),
        has_billing_channel=False,
    )
    found = Home(
        member=ana,
        today=NOW.date(),
        zone=NEW_YORK,
        parts=(Part.PRACTICE,),
        shown=((Part.PRACTICE, many),),
        not_taken=frozenset(),
    )
    view = home_view(found, shown(tables=True))
    assert view_problems(view) == []
    assert "And 35 more requests" in json.dumps(view)
