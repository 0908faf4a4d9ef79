"""People whom files name: matched to members, asked about, or held."""

import pytest

from billing.activities import ActivitySource
from billing.people import Member, MemberRole, Role
from services.context import Context
from services.imports.role_words import read_roles, read_working_role
from storage import Database
from tests.support.files import csv_of, entries_csv, load, loaded, patients_csv
from tests.support.practice import TryPractice

MEMBERS = csv_of(
    ("display_name", "roles", "email", "slack_user_id"),
    [
        {"display_name": "Ana Flores", "roles": "care_manager", "email": "Ana.Flores@clinic.org"},
        {"display_name": "Ben Okoye", "roles": "care_manager", "slack_user_id": "U0BEN1"},
        {"display_name": "Grace Cho", "roles": "consultant"},
        {"display_name": "Grace Moss", "roles": "biller"},
    ],
)


@pytest.fixture
def practice(database: Database) -> TryPractice:
    """A practice with four members, which asks about people whom it does not know."""
    practice = TryPractice(database)
    loaded(practice, "members", MEMBERS)
    practice.set(unknown_member="ask")
    return practice


def members(context: Context) -> list[Member]:
    """Who there is, but for the importer."""
    return [one for one in context.uow.members.all() if one.active]


def performers(practice: TryPractice) -> list[str]:
    """Whose work is on file, in the order in which it came."""

    def of(context: Context) -> list[str]:
        names = {one.member_id: one.display_name for one in context.uow.members.all()}
        entries = sorted(context.uow.ledger.month(context.today.replace(day=1), context.today), key=_number)
        return [names[one.performed_by] for one in entries]

    return practice.see(of)


def _number(entry: object) -> int:
    return entry.entry_id  # type: ignore[attr-defined,no-any-return]


def by(*names: str, **more: str) -> bytes:
    """Entries by these people, one a day."""
    rows = [
        {"performed_by": name, "service_date": f"2026-11-{day:02}", "role": "", **more}
        for day, name in enumerate(names, 2)
    ]
    return entries_csv(*rows)


def test_every_spelling_finds_its_member(practice: TryPractice) -> None:
    """E-mail, name in either order, degrees, accents, one name, Slack id: nobody new comes of it."""
    names = (
        "ana.flores@CLINIC.org",
        "Flores, Ana, LCSW",
        "ÁNA  FLORES",
        "ana",
        "Ana Flores <ana.flores@clinic.org>",
        "U0BEN1",
        "@ben",
        "okoye",
    )
    outcome = loaded(practice, "entries", by(*names))
    assert performers(practice) == ["Ana Flores"] * 5 + ["Ben Okoye"] * 3
    assert len(practice.see(members)) == 4
    assert outcome.questions == ()


def test_who_may_be_two_or_nobody_is_asked_about_once(practice: TryPractice) -> None:
    """Each name with its rows and the lines that settle it; nothing is stored, also of the rows that are plain."""
    names = ("Grace", "A. Flores", "Kim Lee", "Lee, Kim", "Ana Flores", "ana.flores@gmail.com", "N/A")
    outcome = load(practice, "entries", by(*names))
    assert [(one.name, one.lines) for one in outcome.questions] == [
        ("Grace", (2,)),
        ("A. Flores", (3,)),
        ("Kim Lee", (4, 5)),
        ("ana.flores@gmail.com", (7,)),
        ("N/A", (8,)),
    ]
    grace, flores, kim, mail, _ = (one.message for one in outcome.problems)
    assert "Grace may be Grace Cho or Grace Moss." in grace
    assert 'person "A. Flores" = ana.flores@clinic.org (Ana Flores)' in flores
    assert kim.startswith("2 rows (lines 4, 5): Kim Lee is not a member here.")
    assert 'person "Kim Lee" = care_manager (joins as a care manager)' in kim
    assert "is much like Ana Flores" in mail
    assert (outcome.stored, len(practice.see(members))) == (False, 4)
    assert load(practice, "patients", patients_csv({"mrn": "5", "care_manager": "Grace"})).questions


def test_answers_settle_who_is_meant(practice: TryPractice) -> None:
    """A role makes a member, a name is taken as another's; the file of answers can be used again."""
    answers = """
    person Grace = "Grace Cho"
    person "A. Flores" = @ana
    person "Kim Lee" = care_manager
    """
    data = by("Grace", "A. Flores", "Kim Lee", "Lee, Kim, RN")
    outcome = loaded(practice, "entries", data, answers=answers)
    assert outcome.remarks[0] == "New member: Kim Lee, a care manager (line 4, 2 rows)."
    assert performers(practice) == ["Grace Cho", "Ana Flores", "Kim Lee", "Kim Lee"]
    (kim,) = (one for one in practice.see(members) if one.display_name == "Kim Lee")
    assert kim.roles == {MemberRole.CARE_MANAGER}
    again = load(practice, "entries", data, answers=answers)
    assert (again.problems, again.unchanged) == ((), 4)
    other = load(practice, "entries", by("Ana Flores"), answers='person "Kim Leee" = new')
    assert other.remarks[-1] == 'No row of the file is about this answer: person "Kim Leee" = new.'
    nobody = load(practice, "entries", by("Grace"), answers="person Grace = @gracie")
    assert "says that Grace is @gracie, and no member goes by that" in nobody.problems[0].message


@pytest.mark.parametrize("role", ["", "care_manager"])
def test_time_of_somebody_without_a_role_is_held(practice: TryPractice, role: str) -> None:
    """Stored because somebody said so, and not counted, whatever the row gives as the role (R-217)."""
    outcome = loaded(practice, "entries", by("Kim Lee", role=role), answers='person "Kim Lee" = new')
    assert "without a role (line 2, 1 row)" in " ".join(outcome.remarks)
    assert [one.message for one in outcome.warnings] == ["Held, not counted: Kim Lee has no role here."]

    def sources(context: Context) -> list[ActivitySource]:
        found = context.uow.ledger.month(context.today.replace(day=1), context.today)
        return [one.activity_source for one in found]

    assert practice.see(sources) == [ActivitySource.WITHOUT_ROLE]
    again = load(practice, "entries", by("Kim Lee", role=role), answers='person "Kim Lee" = new')
    assert (again.problems, again.unchanged) == ((), 1)


def test_where_everybody_is_welcome_a_role_comes_from_the_file_alone(practice: TryPractice) -> None:
    """Without one a newcomer has none; a name much like a member's is asked about all the same."""
    practice.set(unknown_member="welcome")
    loaded(practice, "entries", by("Kim Lee"))
    loaded(
        practice, "entries", entries_csv({"performed_by": "Di Young", "entry_key": "z", "role": "consultant"})
    )
    roles = {one.display_name: one.roles for one in practice.see(members)}
    assert roles["Kim Lee"] == frozenset()
    assert roles["Di Young"] == frozenset({MemberRole.CONSULTANT})
    assert [one.name for one in load(practice, "entries", by("Anna Flores")).questions] == ["Anna Flores"]
    practice.set(unknown_member="refuse")
    refused = load(practice, "entries", by("Anna Flores"))
    assert refused.problems[0].message == (
        "No member goes by Anna Flores. Import the members first. Did you mean Ana Flores (ana.flores@clinic.org)?"
    )


def test_a_members_file_knows_its_people_by_id_e_mail_and_name(practice: TryPractice) -> None:
    """Another spelling renames nobody; e-mail and Slack id belong to one person."""
    header = "display_name,roles,email,slack_user_id\n"
    same = loaded(
        practice,
        "members",
        f'{header}"FLORES, Ana, LCSW",care_manager biller,,\nGrace Cho,consultant,cho@x.org,'.encode(),
    )
    assert (same.added, same.changed) == (0, 2)
    changes = (
        "Changes (2): Ana Flores (line 2): roles care_manager -> biller care_manager; "
        "Grace Cho (line 3): e-mail none -> cho@x.org."
    )
    assert same.news == (changes,)
    by_mail = loaded(practice, "members", f"{header}G. Cho,consultant,CHO@x.org,".encode())
    assert (by_mail.added, by_mail.changed) == (0, 1)
    wrong = load(
        practice,
        "members",
        (
            f"{header}Anna Flores,biller,,\nX Y,biller,ana.flores@clinic.org,U0BEN1\nQ R,biller,none at all,ana\n"
            "Kim Lee,biller,,\nLee Kim,biller,,\nKim lee,biller,,\nDi Young,biller,cho@x.org,U0DI99\n"
            "E F,biller,e@x.org,\nG H,biller,e@x.org,\n"
        ).encode(),
    )
    assert [(one.line, one.column) for one in wrong.problems] == [
        (2, "display_name"),
        (3, "email"),
        (4, "email"),
        (4, "slack_user_id"),
        (6, "display_name"),
        (7, "display_name"),
        (8, "email"),
        (10, "display_name"),
    ]


def test_two_rows_of_a_members_file_never_give_two_members_the_same_address(practice: TryPractice) -> None:
    """Whoever has none on file yet is no exception: the second row is refused, not the storing."""
    practice.member("Ben Ito")
    header = "display_name,roles,email,slack_user_id\n"
    data = f"{header}Ben Ito,biller,new@x.org,\nI J,biller,new@x.org,U0NEW1234\n"
    refused = load(practice, "members", data.encode())
    assert [(one.line, one.column, one.message) for one in refused.problems] == [
        (3, "email", "new@x.org is Ben Ito's, on line 2. Correct one of the two.")
    ]


@pytest.mark.parametrize(
    ("cell", "roles"),
    [
        ("Care Manager", {"care_manager"}),
        ("care_manager biller", {"care_manager", "biller"}),
        ("Behavioral Health Care Manager, Supervisor", {"care_manager", "supervisor"}),
        ("BHCM/Admin", {"care_manager", "admin"}),
        ("Psychiatric Consultant", {"consultant"}),
        ("PCP and Biller", {"treating_provider", "biller"}),
        ("Care Coordinator", None),
        ("Care", None),
        (";", None),
    ],
)
def test_roles_are_read_as_staff_lists_write_them(cell: str, roles: set[str] | None) -> None:
    """In words or as we spell them; what may be another job is refused whole."""
    if roles is not None:
        assert read_roles(cell) == roles
        return
    with pytest.raises(ValueError, match=f"{cell!r} is not known"):
        read_roles(cell)


@pytest.mark.parametrize("cell", ["biller", "care manager, consultant", "boss"])
def test_work_is_done_in_one_role_of_those_who_work(cell: str) -> None:
    """A row's time counts in one role."""
    assert read_working_role("Psychiatrist") is Role.CONSULTANT
    with pytest.raises(ValueError, match="Write one of: care_manager, consultant, treating_provider"):
        read_working_role(cell)


@pytest.mark.parametrize(
    "words", ["12", "4711", "N/A", "Unknown", "TOTAL", "--", "unassigned", "(none)", "1/2"]
)
def test_words_for_nobody_make_no_member(database: Database, words: str) -> None:
    """Where everybody is welcome, too: a number of another system, or a word for nobody, is no new care manager."""
    practice = TryPractice(database)
    outcome = load(practice, "entries", entries_csv({"performed_by": words}))
    assert not outcome.stored
    assert [problem.column for problem in outcome.problems] == ["performed_by"]
    assert "is not a member" in outcome.problems[0].message or "names nobody" in outcome.problems[0].message
    row = {"display_name": words, "roles": "care_manager"}
    outcome = load(practice, "members", csv_of(("display_name", "roles"), [row]))
    assert not outcome.stored


def test_a_members_row_with_another_address_is_asked_about(database: Database) -> None:
    """The same whole name with another e-mail is more often a changed address than a second person."""
    practice = TryPractice(database)
    columns = ("display_name", "roles", "email")
    row = {"display_name": "Ana Flores", "roles": "care_manager", "email": "ana@clinic.org"}
    loaded(practice, "members", csv_of(columns, [row]))
    asked = load(practice, "members", csv_of(columns, [row | {"email": "flores@clinic.org"}]))
    assert not asked.stored
    assert "Ana Flores is on file with another e-mail, ana@clinic.org." in asked.problems[0].message
    data = csv_of(columns, [row | {"email": "flores@clinic.org"}])
    assert loaded(practice, "members", data, answers='person "Ana Flores" = ana@clinic.org').changed == 1
    data = csv_of(columns, [row | {"email": "other@clinic.org"}])
    assert loaded(practice, "members", data, answers='person "Ana Flores" = new').added == 1
