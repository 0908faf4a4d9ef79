"""Finds whom a row of a members file is about, and refuses rows that are two people's or one person's twice."""

from collections.abc import Callable, Iterable

from billing.people import Member
from services.imports.answers import Answer, Answers, Subject, quoted
from services.imports.cells import Cells
from services.imports.outcome import Choice, Question
from services.imports.questions import Inquiry
from services.imports.wording import lines_of
from services.people.names import may_be_one, read_name
from services.people.namesakes import Namesakes

#: Members who may have been meant, named in one question.
_NEAR_SHOWN = 5


class MemberMatch:
    """The members of a practice and of a file so far, each row of which is somebody else."""

    def __init__(self, known: Iterable[Member], answers: Answers) -> None:
        self.inquiry = Inquiry(answers, Subject.PERSON)
        self._known = tuple(known)
        self._namesakes = Namesakes(self._known)
        #: Lines by number of the member, and rows of newcomers.
        self._taken: dict[int, int] = {}
        self._new: list[tuple[int, Member]] = []

    def before(self, cells: Cells, row: Member) -> tuple[bool, Member | None]:
        """Whom a row is about.

        Args:
            cells: The row, where what is wrong with it is said.
            row: As the row alone has them.

        Returns:
            Whether the row can be taken, and the member on file; None for a new one.
        """
        twin = self._earlier(row)
        if twin is not None:
            cells.refuse(
                "slack_user_id" if row.slack_user_id else "display_name",
                f"The same member is already on line {twin}. Remove one of the rows.",
            )
            return False, None
        can_be_taken, found = self._found(cells, row)
        if not can_be_taken:
            return False, None
        if found is None:
            self._new.append((cells.line, row))
        elif found.member_id in self._taken:
            cells.refuse(
                "display_name",
                f"{found.display_name} is already on line {self._taken[found.member_id]}. Remove one of the rows.",
            )
            return False, None
        else:
            self._taken[found.member_id] = cells.line
        return True, found

    def _earlier(self, row: Member) -> int | None:
        """The line of a newcomer of the file who is the same."""
        for line, other in self._new:
            if row.slack_user_id is not None and row.slack_user_id == other.slack_user_id:
                return line
            if row.email is not None and row.email == other.email:
                return line
            if _is_same_name(row, other) and not _are_told_apart(row, other):
                return line
        return None

    def _found(self, cells: Cells, row: Member) -> tuple[bool, Member | None]:
        by_id = self._one(
            lambda one: row.slack_user_id is not None and one.slack_user_id == row.slack_user_id
        )
        by_email = self._one(lambda one: row.email is not None and one.email == row.email)
        if by_email is not None and (why := _whose_else(row, by_id, by_email)):
            cells.refuse("email", f"{row.email} is {by_email.display_name}'s, {why}. Correct one of the two.")
            return False, None
        sure = by_id or by_email
        return (True, sure) if sure is not None else self._by_name(cells, row)

    def _by_name(self, cells: Cells, row: Member) -> tuple[bool, Member | None]:
        answer = self.inquiry.answer(row.display_name)
        if answer is not None:
            return self._answered(cells, row, answer)
        named = [one for one in self._namesakes.of_name(row.display_name) if not _are_two_users(row, one)]
        if len(named) == 1 and not _are_told_apart(row, named[0]):
            return True, named[0]
        like = self._namesakes.like(row.display_name)
        near = named or [one for one in like if not _are_told_apart(row, one)]
        beside = [] if near else self._like_a_newcomer(row)
        if not (near or beside):
            return True, None
        question = _question(row, near, named=bool(named)) if near else _beside(row, beside)
        cells.refuse("display_name", self.inquiry.ask(question, cells.line))
        return False, None

    def _like_a_newcomer(self, row: Member) -> list[str]:
        """New members of the file whose names are much like a row's, each with its line."""
        name = read_name(row.display_name)
        return [
            f"{other.display_name} ({lines_of([line])})"
            for line, other in self._new
            if may_be_one(name, read_name(other.display_name)) and not _are_told_apart(row, other)
        ]

    def _answered(self, cells: Cells, row: Member, answer: Answer) -> tuple[bool, Member | None]:
        found = self._namesakes.named(answer.said).member
        if found is None and not answer.is_new:
            cells.refuse(
                "display_name",
                f"The answers say that {row.display_name} is {answer.said}, and that names no member, or more than one."
                " Write new, or a member's e-mail or Slack user id.",
            )
            return False, None
        return True, None if answer.is_new else found

    def _one(self, is_it: Callable[[Member], bool]) -> Member | None:
        return next((one for one in self._known if is_it(one)), None)


def _whose_else(row: Member, by_id: Member | None, by_email: Member) -> str:
    """Why a row's e-mail address is another member's than the one it is about; empty where it is not."""
    if by_id is not None:
        return "" if by_id == by_email else f"and {row.slack_user_id} is {by_id.display_name}"
    if _are_two_users(by_email, row):
        return "who is another Slack user"
    named, known = set(read_name(row.display_name).words), set(read_name(by_email.display_name).words)
    return "whose name is another" if named.isdisjoint(known) else ""


def _is_same_name(one: Member, other: Member) -> bool:
    first, second = read_name(one.display_name), read_name(other.display_name)
    if first.words and second.words:
        return first.words == second.words
    return one.display_name.casefold() == other.display_name.casefold()


def _are_two_users(one: Member, other: Member) -> bool:
    return None not in {one.slack_user_id, other.slack_user_id} and one.slack_user_id != other.slack_user_id


def _are_told_apart(one: Member, other: Member) -> bool:
    """Whether two of one name are two people for sure: two Slack users, or two e-mail addresses."""
    return _are_two_users(one, other) or (
        None not in {one.email, other.email}
        and one.email != other.email
        and None in {one.slack_user_id, other.slack_user_id}
    )


def _beside(row: Member, others: list[str]) -> Question:
    """Two newcomers of one file who may be one person."""
    return Question(
        about=Subject.PERSON,
        name=row.display_name,
        column="display_name",
        asks=f"{row.display_name} is much like {' or '.join(others[:_NEAR_SHOWN])}.",
        way="Remove one of the rows if they are one person.",
        choices=(Choice(label="another person", answer=f"person {quoted(row.display_name)} = new"),),
    )


def _question(row: Member, near: list[Member], *, named: bool) -> Question:
    who = " or ".join(one.display_name for one in near[:_NEAR_SHOWN])
    asks = f"{row.display_name} is new, and is much like {who}."
    if named:
        asks = f"More than one member goes by {row.display_name}."
        if len(near) == 1:
            asks = f"{who} is on file with another e-mail, {near[0].email}."
    choices = [
        Choice(
            label=f"the same person as {one.display_name}",
            answer=f"person {quoted(row.display_name)} = "
            f"{quoted(one.email or one.slack_user_id or one.display_name)}",
        )
        for one in near[:_NEAR_SHOWN]
    ]
    return Question(
        about=Subject.PERSON,
        name=row.display_name,
        column="display_name",
        asks=asks,
        way="Give the row the member's Slack user id or e-mail, or answer.",
        choices=(
            *choices,
            Choice(label="another person", answer=f"person {quoted(row.display_name)} = new"),
        ),
    )
