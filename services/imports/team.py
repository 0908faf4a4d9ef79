"""Finds the member a cell names; whoever is nobody yet is asked about, or added with the file."""

from dataclasses import dataclass, field, replace

from billing.people import Member, MemberRole
from services.context import Context
from services.imports.answers import NO_ANSWERS, Answer, Answers, Subject, quoted
from services.imports.outcome import Choice, Question
from services.imports.questions import Inquiry
from services.imports.values.persons import names_nobody
from services.imports.wording import counted, joined, lines_of
from services.people.names import read_name
from services.people.namesakes import Named, Namesakes
from services.people.rights import spoken_roles
from storage import PlanOutdated

#: Writes down what comes in files when nobody in particular is named.
IMPORTER = "Import"
#: Columns in which a file names people of the practice.
PERFORMED_BY, CARE_MANAGER = "performed_by", "care_manager"
#: Members who may have been meant, named in one question.
_NEAR_SHOWN = 5
#: Roles in which somebody can do what files tell of.
_WORKING = (MemberRole.CARE_MANAGER, MemberRole.CONSULTANT, MemberRole.TREATING_PROVIDER)
_ROLES = {role.value: role for role in MemberRole}


@dataclass(slots=True, kw_only=True)
class _Newcomer:
    """Somebody whom the file is the first to name."""

    #: Under a number below zero until they are added.
    member: Member
    #: With the number that they will have if nobody is added before; None until that is asked for.
    foreseen: Member | None = None
    #: As they were added.
    added: Member | None = None
    lines: list[int] = field(default_factory=list)


class Team:
    """The practice's members as a file names them: by Slack id, e-mail or name, in any order and spelling."""

    def __init__(self, context: Context, answers: Answers = NO_ANSWERS) -> None:
        self._context = context
        self.inquiry = Inquiry(answers, Subject.PERSON)
        everyone = context.uow.members.all()
        self._importer = next((one for one in everyone if _is_importer(one)), None)
        self._namesakes = Namesakes(one for one in everyone if not _is_importer(one))
        #: Members on file by the words that name them: each text is read once, however many rows have it.
        self._known: dict[str, Member] = {}
        self._new: dict[int, _Newcomer] = {}

    def find(self, words: str) -> Member | None:
        """The member known by those words, or answered to be meant by them.

        None where nobody, or more than one, is, and for who will be added with the file but is not yet.
        """
        known = self._known.get(words)
        if known is not None:
            return known
        found = self._look_up(words, self.inquiry.answer(words)).member
        newcomer = self._new.get(found.member_id) if found is not None else None
        if newcomer is not None:
            found = newcomer.added
        if found is not None:
            self._known[words] = found
        return found

    def expect(
        self, words: str, role: MemberRole | None, line: int = 0, column: str = PERFORMED_BY
    ) -> Member:
        """The member known by those words, or who will be added under them.

        Args:
            words: As the file has them.
            role: In which the file says that they work; None where it does not say.
            line: Of the row.
            column: Of the cell.

        Raises:
            ValueError: when somebody has to say first who is meant, or the practice takes only people it knows.
        """
        known = self.find(words)
        if known is not None:
            return known
        if (asked := self.inquiry.ask_again(words, line)) is not None:
            raise ValueError(asked)
        answer = self.inquiry.answer(words)
        found = self._look_up(words, answer)
        roles = frozenset[MemberRole]() if role is None else frozenset({role})
        if found.member is None:
            roles = self._roles_or_ask(words, found, answer, roles, line, column)
        return self._newcomer(found.member, words, roles, line)

    def unknown(self, words: str) -> str:
        """Why words name no member, with those who may have been meant."""
        found = self._look_up(words, self.inquiry.answer(words))
        if found.several:
            return f"{words} may be {_people(found.several)}."
        return f"No member goes by {words}.{_did_you_mean(found)}"

    @property
    def introductions(self) -> tuple[str, ...]:
        """Sentences that name those who will be added, if any."""
        return tuple(_introduced(one) for one in self._new.values() if one.added is None)

    def foresee(self, context: Context) -> Member:
        """Give the newcomers the numbers that they will have if nobody is added before; returns the importer."""
        first = context.uow.members.next_number()
        for number, newcomer in enumerate(self._new.values(), first):
            newcomer.foreseen = replace(newcomer.member, member_id=number)
        return self._importer or Member(
            member_id=first + len(self._new), display_name=IMPORTER, roles=frozenset(), active=False
        )

    def meant(self, words: str) -> Member:
        """The member known by those words, or who will be added under them, with the number that is foreseen."""
        known = self.find(words)
        if known is not None:
            return known
        found = self._look_up(words, self.inquiry.answer(words)).member
        assert found is not None, "whoever the file names was expected before"
        foreseen = self._new[found.member_id].foreseen
        assert foreseen is not None, "newcomers are foreseen before their entries are made"
        return foreseen

    def welcome(self, context: Context) -> None:
        """Add the newcomers, in the unit of work that stores; from now on they are found.

        Raises:
            PlanOutdated: when one of them got another number than the one foreseen.
        """
        for newcomer in self._new.values():
            member = newcomer.member
            newcomer.added = context.uow.members.add(
                display_name=member.display_name,
                roles=member.roles,
                slack_user_id=member.slack_user_id,
                email=member.email,
            )
            if newcomer.foreseen is not None and newcomer.foreseen.member_id != newcomer.added.member_id:
                raise PlanOutdated

    def importer(self, context: Context) -> Member:
        """The member who stands for the import itself; not one of the people, so inactive."""
        if self._importer is None:
            self._importer = context.uow.members.add(display_name=IMPORTER, roles=frozenset(), active=False)
        return self._importer

    def _look_up(self, words: str, answer: Answer | None) -> Named:
        if answer is not None and _roles_of(answer) is None:
            words = answer.said
        return self._namesakes.named(words)

    def _roles_or_ask(
        self,
        words: str,
        found: Named,
        answer: Answer | None,
        roles: frozenset[MemberRole],
        line: int,
        column: str,
    ) -> frozenset[MemberRole]:
        """The roles in which somebody unknown joins; asked, unless everybody is welcome and nobody else was meant."""
        name = read_name(words)
        if not (name.words or name.email or name.slack_user_id):
            raise ValueError(f"{words!r} names nobody. Write the person's name, e-mail or Slack user id.")
        if answer is not None:
            joins = _roles_of(answer)
            if joins is None:
                raise ValueError(_names_nobody(answer, found))
            return joins
        setting = self._context.settings.unknown_member
        if setting == "refuse" and not found.several:
            raise ValueError(f"No member goes by {words}. Import the members first.{_did_you_mean(found)}")
        if setting == "welcome" and not (found.several or found.near or names_nobody(words)):
            return roles
        raise ValueError(self.inquiry.ask(_question(words, found, column), line))

    def _newcomer(self, known: Member | None, words: str, roles: frozenset[MemberRole], line: int) -> Member:
        newcomer = self._new.get(known.member_id) if known is not None else None
        if newcomer is None:
            newcomer = _Newcomer(member=_new_member(-1 - len(self._new), words))
            self._new[newcomer.member.member_id] = newcomer
            self._namesakes.add(newcomer.member)
        if roles - newcomer.member.roles:
            newcomer.member = replace(newcomer.member, roles=newcomer.member.roles | roles)
        newcomer.lines.append(line)
        return newcomer.member


def _new_member(number: int, words: str) -> Member:
    name = read_name(words)
    return Member(
        member_id=number,
        display_name=" ".join(words.removeprefix("@").split()),
        roles=frozenset(),
        slack_user_id=name.slack_user_id or None,
        email=name.email or None,
    )


def _question(words: str, found: Named, column: str) -> Question:
    """Who is meant by words that are no member's, or of more than one."""
    near = found.near[:_NEAR_SHOWN]
    choices = [_is_member(words, one) for one in found.several or near]
    if found.several:
        asks = f"{words} may be {_people(found.several)}."
    elif near:
        asks = f"{words} is not a member's name, and is much like {_people(near)}."
    else:
        asks = f"{words} is not a member here."
    if not found.several:
        choices += _joins(words)
    way = "" if near or found.several else "Correct the name, or say who it is."
    return Question(
        about=Subject.PERSON, name=words, column=column, asks=asks, choices=tuple(choices), way=way
    )


def _names_nobody(answer: Answer, found: Named) -> str:
    why = "more than one member goes by that" if found.several else "no member goes by that"
    return (
        f"{_whence(answer)} says that {answer.name} is {answer.said}, and {why}. Write a member's whole name, e-mail "
        "or Slack user id, or a role in which a new member joins."
    )


def _is_importer(member: Member) -> bool:
    return member.display_name == IMPORTER and not (member.roles or member.active or member.slack_user_id)


def _roles_of(answer: Answer) -> frozenset[MemberRole] | None:
    """The roles in which an answer lets a person join, none of them for `new`; None where it names a member."""
    if answer.is_new:
        return frozenset()
    words = answer.said.casefold().replace(",", " ").split()
    if all(word in _ROLES for word in words):
        return frozenset(_ROLES[word] for word in words)
    return None


def _whence(answer: Answer) -> str:
    return f"Line {answer.line} of the answers" if answer.line else "The answer"


def _people(members: tuple[Member, ...]) -> str:
    return joined([_told(one) for one in members], "or")


def _told(member: Member) -> str:
    """A member as they are told from others: name, and e-mail or Slack id."""
    apart = member.email or member.slack_user_id
    ended = "" if member.active else ", membership ended"
    return f"{member.display_name} ({apart}{ended})" if apart else f"{member.display_name}{ended}"


def _did_you_mean(found: Named) -> str:
    return f" Did you mean {_people(found.near[:_NEAR_SHOWN])}?" if found.near else ""


def _is_member(words: str, member: Member) -> Choice:
    return Choice(
        label=member.display_name,
        answer=f"person {quoted(words)} = {quoted(member.email or member.slack_user_id or member.display_name)}",
    )


def _joins(words: str) -> list[Choice]:
    named = [
        Choice(
            label=f"joins as {spoken_roles(frozenset({role}))}",
            answer=f"person {quoted(words)} = {role.value}",
        )
        for role in _WORKING
    ]
    without = Choice(
        label="joins without a role: their time is held and not counted",
        answer=f"person {quoted(words)} = new",
    )
    return [*named, without]


def _introduced(one: _Newcomer) -> str:
    member = one.member
    rows = counted(len(one.lines), "row")
    where = f"{lines_of(one.lines[:1])}, {rows}" if one.lines[0] else rows
    roles = spoken_roles(member.roles)
    if roles:
        return f"New member: {member.display_name}, {roles} ({where})."
    return (
        f"New member: {member.display_name}, without a role ({where}). Their time is held and not counted until an "
        f"administrator gives them a role (/cocm roles @{member.display_name} care_manager) and the entries are "
        "confirmed (/cocm confirm)."
    )
